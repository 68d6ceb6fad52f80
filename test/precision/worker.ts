import { runJob, type Job } from "./job.ts";

// What this process is asked for it plays, one deploy after the other.
process.on("message", (job: Job) => {
  runJob(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ broken: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
