import { copyFile, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { standInRunner } from "../stand-ins/runner.ts";
import { showEnding } from "./ending.ts";
import { jobLog } from "./job-log.ts";
import { weekStories } from "./week-story.ts";
import type { WorldLeft } from "./world-left.ts";

const say = (line = ""): void => console.log(line);

const KEPT = [
  ["status-updates.md", "every status update"],
  ["tracking-issue.md", "the tracking issue"],
  ["clean-up.md", "the clean-up"],
] as const;

/** Plays a week's watch over WO-004, in simulated time; gives what did not go as it should. */
export async function playWeek(name: keyof typeof weekStories, out: string): Promise<readonly string[]> {
  const story = weekStories[name];
  say(`Render Deploy Gate, the demo: a week's watch, ${story.title}`);
  say();
  say(
    "A deploy can look fine for five minutes and go bad on the third day. So the merge's own job watches the first",
  );
  say(
    "minutes only, and leaves the hour, the day and the week to short scheduled runs: each finds the open watch, judges",
  );
  say("everything since the run before, tells people what is new, and leaves.");
  say();
  say("  runbook    examples/wo-004/deploy-gate.yml, with a Slack channel and a webhook under notify");
  say(
    "  world      a real PostgreSQL and git repository, stand-ins for Render, GitHub and Slack, simulated time",
  );
  say(`  runs       ${story.comes}`);
  say();

  const startedAt = performance.now();
  const log = jobLog();
  const job = await standInRunner({
    inputs: {},
    env: { DEMO_STORY: name },
    event: { name: "schedule", payload: {} },
    onLine: (line) => {
      for (const shown of log.shown(line)) say(shown);
    },
  });
  try {
    const gate = await job.run(join(import.meta.dirname, "week-job.ts"));
    const left = await readFile(join(job.temp, "world.json"), "utf8").catch(() => undefined);
    if (left === undefined) return ["the week above broke off"];
    const { simulatedMs, revert, violations } = JSON.parse(left) as WorldLeft;
    const days = (simulatedMs / 86_400_000).toFixed(1);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    say();
    say(`${days} days of simulated time, in ${String(seconds)} s`);
    const kept: (readonly [string, string])[] = [];
    for (const [file, what] of KEPT) {
      const isThere = await copyFile(join(job.temp, file), join(out, file)).then(
        () => true,
        () => false,
      );
      if (isThere) kept.push([file, what]);
    }
    return await showEnding({ gate, revert, violations }, { expected: story, out, kept });
  } finally {
    await rm(resolve(job.temp, ".."), { recursive: true, force: true });
  }
}
