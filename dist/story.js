export { t as story } from "./watch.js";
