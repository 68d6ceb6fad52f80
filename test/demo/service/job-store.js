/** Lets a demo run its minutes faster than the clock on the wall. */
const minuteMs = Number(process.env.MINUTE_MS ?? 60_000);

const jobs = new Map();

/** Starts a job every so many minutes. An id that is already taken keeps its first job. */
export function addJob(id, { name, everyMinutes, maxInstances = 1, run }) {
  if (jobs.has(id)) return;
  const cycle = () => {
    for (let instance = 0; instance < maxInstances; instance += 1) {
      run().catch((error) => console.error(`ERROR: job "${name}" failed: ${error.message}`));
    }
  };
  jobs.set(id, setInterval(cycle, everyMinutes * minuteMs));
  console.log(`INFO: Added job "${name}" to job store "default"`);
}

export function stopJobs() {
  for (const timer of jobs.values()) clearInterval(timer);
}
