import { randomUUID } from "node:crypto";
import { database } from "./database.js";

/** Each import brings a few new places into the queue. */
export async function processSitemapImports() {
  for (let count = 0; count < 4; count += 1) {
    await database.query("insert into place (place_id) values ($1)", [`place-${randomUUID().slice(0, 8)}`]);
  }
}

export async function nothingPending() {}
