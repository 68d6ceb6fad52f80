export { i as readConfig } from "./config.js";
