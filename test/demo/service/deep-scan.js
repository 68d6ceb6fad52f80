import { setTimeout as sleep } from "node:timers/promises";
import { database } from "./database.js";

const batch = 10;

/** Takes places off the queue; rows that another worker holds are left to it. */
async function claimPlaces() {
  const claimed = await database.query(
    `update place set deep_scan_status = 'Processing', updated_at = now()
      where id in (
        select id from place where deep_scan_status = 'Queued'
         order by id limit $1 for update skip locked)
      returning place_id`,
    [batch],
  );
  return claimed.rows;
}

export async function processDeepScanQueue() {
  console.log("INFO: Starting deep scan queue processing cycle");
  const places = await claimPlaces();
  console.log(`INFO: SCHEDULER_LOOP: Found ${places.length} Place items with status Queued`);
  for (const place of places) {
    await sleep(5); // the scan itself
    await database.query("insert into local_business (place_id, name) values ($1, $2)", [
      place.place_id,
      `Business at ${place.place_id}`,
    ]);
    await database.query(
      "update place set deep_scan_status = 'Completed', updated_at = now() where place_id = $1",
      [place.place_id],
    );
  }
  console.log("INFO: Finished deep scan queue processing cycle");
}
