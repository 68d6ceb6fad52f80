import { processDeepScanQueue } from "./deep-scan.js";
import { processDomainExtractionQueue } from "./domain-extraction.js";
import { addJob } from "./job-store.js";
import { nothingPending, processSitemapImports } from "./sitemaps.js";

export function setupSchedulers() {
  console.log("INFO: Setting up Domain scheduler job (Interval: 1m, Batch: 50, Max Instances: 3)");
  addJob("process_pending_domains", {
    name: "Process Pending Domains",
    everyMinutes: 1,
    run: nothingPending,
  });

  console.log("INFO: Setting up deep scan scheduler (interval=5m, batch=10, max_instances=2)");
  addJob("process_deep_scan_queue", {
    name: "WF2 - Deep Scan Queue Processor",
    everyMinutes: 5,
    maxInstances: 2,
    run: processDeepScanQueue,
  });

  console.log("INFO: Setting up domain extraction scheduler (interval=2m, batch=20, max_instances=1)");
  addJob("process_deep_scan_queue", {
    name: "WF3 - Domain Extraction Queue Processor",
    everyMinutes: 2,
    run: processDomainExtractionQueue,
  });

  console.log("INFO: Setting up domain sitemap submission scheduler (runs every 1 minute)");
  addJob("submit_domain_sitemaps", {
    name: "Domain Sitemap Submission Scheduler",
    everyMinutes: 1,
    run: nothingPending,
  });

  console.log("INFO: Setting up scheduler job: process_sitemap_imports");
  addJob("process_sitemap_imports", {
    name: "Process Pending Sitemap Imports",
    everyMinutes: 3,
    run: processSitemapImports,
  });

  addJob("process_page_curation_queue", {
    name: "process_page_curation_queue",
    everyMinutes: 4,
    run: nothingPending,
  });
}
