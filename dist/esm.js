export { t as Client } from "./pg.js";
