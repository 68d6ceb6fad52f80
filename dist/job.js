export { t as runJob } from "./start.js";
