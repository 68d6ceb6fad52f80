export { n as act } from "./remedy.js";
