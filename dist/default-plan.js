export { t as crashCheck, n as defaultPlan, r as healthCheck } from "./config.js";
