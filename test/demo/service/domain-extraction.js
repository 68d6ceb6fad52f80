import { database } from "./database.js";

export async function processDomainExtractionQueue() {
  console.log("INFO: Starting domain extraction queue processing cycle");
  const claimed = await database.query(
    `update local_business set domain_extraction_status = 'Completed'
      where id in (
        select id from local_business where domain_extraction_status = 'Queued'
         order by id limit 20 for update skip locked)
      returning place_id`,
  );
  console.log(`INFO: SCHEDULER_LOOP: Found ${claimed.rows.length} LocalBusiness items with status Queued`);
  for (const business of claimed.rows) {
    await database.query("insert into domain (name) values ($1)", [`${business.place_id}.example`]);
  }
  console.log("INFO: Finished domain extraction queue processing cycle");
}
