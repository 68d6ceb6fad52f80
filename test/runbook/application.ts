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

/** The two jobs that work on queues: their beat and an item's time (ms), and what they print. */
export const JOBS = {
  wf2: {
    everyMs: 5 * 60_000,
    batch: 10,
    itemMs: 3_000,
    starts: "Starting deep scan queue processing cycle",
    ends: "Finished deep scan queue processing cycle",
    model: "Place",
    doing: "Processing deep scan for Place",
  },
  wf3: {
    everyMs: 2 * 60_000,
    batch: 20,
    itemMs: 1_500,
    starts: "Starting domain extraction queue processing cycle",
    ends: "Finished domain extraction queue processing cycle",
    model: "LocalBusiness",
    doing: "Processing domain extraction for LocalBusiness",
  },
} as const;
