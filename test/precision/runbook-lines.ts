import type { Platform } from "./platform.ts";
import type { Random } from "./random.ts";
import { busyness, moments } from "./traffic.ts";
import { SECOND } from "./world.ts";

/** What a scraper complains of every day, before the deploy and after it. */
export function complain(
  random: Random,
  platform: Platform,
  about: { readonly from: number; readonly to: number; readonly isMute: (at: number) => boolean },
): void {
  const { from, to, isMute } = about;
  const say = (at: number, message: string, level = "error"): void => {
    const one = platform.instanceAt(at);
    if (one !== undefined && !isMute(at))
      for (const line of message.split("\n")) platform.say(at, line, { instance: one.suffix, level });
  };
  const often = (perHour: number, message: () => string): void => {
    for (const at of moments(random, {
      from,
      to,
      perHour: (time) => perHour * (0.15 + 0.85 * busyness(time)),
      most: perHour,
    }))
      say(at, message());
  };
  often(
    70,
    () =>
      `ERROR could not fetch https://site-${String(random.whole(1, 997))}.example: status ${String(random.pick([403, 404, 500]))}`,
  );
  often(
    1,
    () =>
      'Traceback (most recent call last):\n  File "/app/src/scraper.py", line 211, in fetch\nasyncio.exceptions.CancelledError: client went away',
  );
  often(0.4, () => `WARNING: pool checkout took ${String(random.whole(2, 9))} s`);
  for (let at = from; at < to; at += random.between(45, 90) * SECOND)
    say(at, 'INFO: Running job "Process Pending Domains"', "info");
}

/** The start-up lines of the runbook, in its order. */
export const START_UP = [
  "INFO:     Started server process [7]",
  "INFO:     Waiting for application startup.",
  "INFO: Starting up the ScraperSky API - Lifespan Start",
  "INFO: Scheduler started",
  "INFO: Shared APScheduler started",
  "INFO: Adding jobs to the shared scheduler...",
  "INFO: Setting up Domain scheduler job (Interval: 1m, Batch: 50, Max Instances: 3)",
  'INFO: Added job "Process Pending Domains" to job store "default"',
  "INFO: Setting up deep scan scheduler (interval=5m, batch=10, max_instances=1)",
  'INFO: Added job "WF2 - Deep Scan Queue Processor" to job store "default"',
  "INFO: Deep scan scheduler job 'process_deep_scan_queue' added to shared scheduler",
  "INFO: Setting up domain extraction scheduler (interval=2m, batch=20, max_instances=1)",
  'INFO: Added job "WF3 - Domain Extraction Queue Processor" to job store "default"',
  "INFO: Domain extraction scheduler job 'process_domain_extraction_queue' added to shared scheduler",
  "INFO: Setting up domain sitemap submission scheduler (runs every 1 minute)",
  'INFO: Added job "Domain Sitemap Submission Scheduler" to job store "default"',
  "INFO: Setting up scheduler job: process_sitemap_imports",
  'INFO: Added job "Process Pending Sitemap Imports" to job store "default"',
  'INFO: Added job "process_page_curation_queue" to job store "default"',
  "INFO: Page curation scheduler job added",
  "INFO:     Application startup complete.",
];

/** What is set at Render. */
export const ENVIRONMENT = {
  DEEP_SCAN_SCHEDULER_INTERVAL_MINUTES: "5",
  DEEP_SCAN_SCHEDULER_BATCH_SIZE: "10",
  DEEP_SCAN_SCHEDULER_MAX_INSTANCES: "1",
  DOMAIN_EXTRACTION_SCHEDULER_INTERVAL_MINUTES: "2",
  DOMAIN_EXTRACTION_SCHEDULER_BATCH_SIZE: "20",
  DOMAIN_EXTRACTION_SCHEDULER_MAX_INSTANCES: "1",
};
