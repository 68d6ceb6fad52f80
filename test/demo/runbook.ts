import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { standInRunner } from "../stand-ins/runner.ts";
import { showEnding } from "./ending.ts";
import { jobLog } from "./job-log.ts";
import { runbookStories } from "./runbook-story.ts";
import type { WorldLeft } from "./world-left.ts";

const say = (line = ""): void => console.log(line);

/** Plays a deploy of WO-004 under the whole runbook, in simulated time; gives what did not go as it should. */
export async function playRunbook(name: "bad" | "good", out: string): Promise<readonly string[]> {
  const story = runbookStories[name];
  say(`Render Deploy Gate, the demo: the runbook WO-004, ${story.title}`);
  say();
  say("  runbook    examples/wo-004/deploy-gate.yml as it is; docs/wo-004.md says what stands where");
  say("  world      a real PostgreSQL and git repository, stand-ins for Render and GitHub, simulated time");
  say('  merged     "Merge WO-004 (#4)" of hgroman/scrapersky-backend');
  say("  watched    the stages boot and hour; day and week are left to later runs");
  say();

  const startedAt = performance.now();
  const log = jobLog();
  const job = await standInRunner({
    inputs: {},
    env: { DEMO_STORY: name },
    event: { name: "push", payload: {} },
    onLine: (line) => {
      for (const shown of log.shown(line)) say(`  │ ${shown}`);
    },
  });
  try {
    const gate = await job.run(join(import.meta.dirname, "runbook-job.ts"));
    const left = await readFile(join(job.temp, "world.json"), "utf8").catch(() => undefined);
    if (left === undefined) return ["the step above broke off"];
    const { simulatedMs, revert, violations } = JSON.parse(left) as WorldLeft;
    const minutes = Math.round(simulatedMs / 60_000);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    say();
    say(`${String(minutes)} minutes of simulated time, in ${String(seconds)} s`);
    return await showEnding({ gate, revert, violations }, { expected: story, out });
  } finally {
    await rm(resolve(job.temp, ".."), { recursive: true, force: true });
  }
}
