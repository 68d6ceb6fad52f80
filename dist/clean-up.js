export { t as cleanUp } from "./remedy.js";
