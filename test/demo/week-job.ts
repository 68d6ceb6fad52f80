import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRunner } from "../../src/io/runner.ts";
import type { GateResult } from "../gate/scene.ts";
import { startRunbook } from "../runbook/world.ts";
import { startPostgres } from "../stand-ins/postgres.ts";
import { startWebhook } from "../stand-ins/webhook.ts";
import { checklistLines, foundText, isUpdate, messageLines, plain, timeText } from "./week-lines.ts";
import { weekStories, type WakeUp, type WeekStory } from "./week-story.ts";
import { worldLeft } from "./world-left.ts";

// Like a step of a job, but with its world and all the runs of a week inside: their clock is the world's.
const { DEMO_STORY = "good", RUNNER_TEMP = "" } = process.env;
const story: WeekStory = weekStories[DEMO_STORY as keyof typeof weekStories];
const postgres = await startPostgres();
const world = await startRunbook(postgres, story.variant);
story.happens?.(world);
const { clock, github, render } = world;
const startedAt = clock.now();
const people = await startWebhook({ now: () => clock.now() });
const env = { SLACK_URL: people.slackUrl, OPS_URL: people.hookUrl };

const say = (line = ""): void => console.log(line);
const updates: string[] = [];

/** What so many runs of one kind have cost. */
interface Cost {
  runs: number;
  github: number;
  render: number;
  logs: number;
  /** Of a runner, waiting included. */
  ms: number;
  longestMs: number;
}
const costs: Record<"gate" | "looks", Cost> = {
  gate: { runs: 0, github: 0, render: 0, logs: 0, ms: 0, longestMs: 0 },
  looks: { runs: 0, github: 0, render: 0, logs: 0, ms: 0, longestMs: 0 },
};

async function counted(cost: Cost, run: () => Promise<GateResult>): Promise<GateResult> {
  const from = { github: github.requests.length, render: render.requests.length };
  const since = { simulated: clock.now(), real: performance.now() };
  const result = await run();
  const reads = render.requests.slice(from.render);
  const ms = clock.now() - since.simulated + performance.now() - since.real;
  cost.runs += 1;
  cost.github += github.requests.length - from.github;
  cost.render += reads.length;
  cost.logs += reads.filter(({ path }) => path.includes("/logs")).length;
  cost.ms += ms;
  cost.longestMs = Math.max(cost.longestMs, ms);
  return result;
}

let heard = 0;
/** Shows what people were told since. The first daily update is shown whole. */
function showMessages(): void {
  for (const message of people.messages.slice(heard)) {
    const { text, to } = message;
    const isOwn = to === "slack" && isUpdate(text);
    if (isOwn) updates.push(text);
    const isWhole = isOwn && /Day 2$/m.test(text);
    const lines = isWhole ? text.split("\n").slice(0, -1) : messageLines(message);
    for (const [nth, line] of lines.entries())
      say(
        `${" ".repeat(14)}${(nth === 0 ? `→ ${to === "slack" ? "Slack" : "webhook"}` : "").padEnd(11)}${line}`.trimEnd(),
      );
  }
  heard = people.messages.length;
}

let quiet: { runs: number; from: number; to: number; text: string } | undefined;
function showQuiet(): void {
  if (quiet === undefined) return;
  const { runs, from, to, text } = quiet;
  say(
    `  ${timeText(from)}   ${runs === 1 ? "a look" : `${String(runs)} looks until ${timeText(to)}`}: ${text}`,
  );
  quiet = undefined;
}

/** One line for a run that found or met something; those between are one. */
function showLook(wakeUp: WakeUp, result: GateResult, ended: readonly string[]): void {
  const now = world.liveAt + wakeUp.at;
  const text = foundText(result, ended);
  const isNews = wakeUp.note !== undefined || heard < people.messages.length;
  if (isNews || (quiet !== undefined && quiet.text !== text)) showQuiet();
  if (!isNews) {
    quiet = { runs: (quiet?.runs ?? 0) + 1, from: quiet?.from ?? now, to: now, text };
    return;
  }
  say(`  ${timeText(now)}   a look${wakeUp.note === undefined ? "" : ` (${wakeUp.note})`}: ${text}`);
  showMessages();
}

let last = await counted(costs.gate, () => world.run({ env }));
let ended = last.report.stages.map(({ name }) => name);
say(`  ${timeText(world.liveAt)}   live; the merge's own job watches on until ${timeText(clock.now())}`);
say(`  ${timeText(clock.now())}   the job ends: ${foundText(last, [])}`);
showMessages();
for (const wakeUp of story.wakeUps(world.liveAt)) {
  await clock.advance(Math.max(0, world.liveAt + wakeUp.at - clock.now()));
  const look = await counted(costs.looks, () => world.look(wakeUp.at, { env }));
  showLook(wakeUp, look, ended);
  if (look.report.stages === undefined) continue;
  last = look;
  ended = look.report.stages.map(({ name }) => name);
  if (look.report.watch === null) break;
}
showQuiet();

const tracking = github.issues.find(({ title }) => title.startsWith("Deploy "));
if (tracking !== undefined) {
  const body = tracking.body ?? "";
  say();
  say(`the tracking issue #${String(tracking.number)} "${tracking.title}", ${tracking.state}`);
  for (const line of checklistLines(body)) say(`  ${line}`);
  const [, seen = ""] = /### How much was seen\n\n((?:- .*\n)*)/.exec(body) ?? [];
  for (const line of seen.trim().split("\n")) say(`  ${plain(line.slice(2))}`);
  await writeFile(join(RUNNER_TEMP, "tracking-issue.md"), `# ${tracking.title}\n\n${body}\n`);
}
const cleanUp = github.pulls.find(({ title }) => title.startsWith("cleanup"));
if (cleanUp !== undefined) {
  const body = cleanUp.body ?? "";
  const main = Object.keys(await github.tree("main"));
  const left = new Set(Object.keys(await github.tree(cleanUp.headSha)));
  say();
  say(`the clean-up pull request #${String(cleanUp.number)} "${cleanUp.title}"`);
  for (const path of main.filter((one) => !left.has(one))) say(`  deletes ${path}`);
  for (const line of checklistLines(body)) say(`  ${line}`);
  await writeFile(join(RUNNER_TEMP, "clean-up.md"), `# ${cleanUp.title}\n\n${body}\n`);
}
await writeFile(join(RUNNER_TEMP, "status-updates.md"), `${updates.join("\n\n---\n\n")}\n`);

say();
say("what it took         runs   GitHub   Render   of them logs   runner time   longest run");
for (const [name, cost] of [
  ["the merge's own job", costs.gate],
  ["all looks", costs.looks],
] as const) {
  const numbers = [cost.runs, cost.github, cost.render, cost.logs].map(String);
  const [runs = "", calls = "", reads = "", logs = ""] = numbers;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  say(
    `  ${name.padEnd(19)}${runs.padStart(4)}${calls.padStart(9)}${reads.padStart(9)}${logs.padStart(15)}${seconds(cost.ms).padStart(14)}${seconds(cost.longestMs).padStart(14)}`,
  );
}
say("  Runner time holds what was waited for the platforms' limits; the stand-ins answer at once.");

const runner = createRunner({ redact: (text) => text });
const paths = await Promise.all(
  Object.entries(last.files).map(
    async ([name, content]) => [name, await runner.file(name, content)] as const,
  ),
);
const outputs: Record<string, string> = { ...last.outputs, report: new Map(paths).get("report.json") ?? "" };
for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
await runner.summary(last.summary);
const left = await worldLeft(world, { startedAt, revert: outputs["revert-pr-number"] });
await writeFile(
  join(RUNNER_TEMP, "world.json"),
  JSON.stringify({ ...left, violations: [...left.violations, ...people.violations] }),
);
await people.close();
await world[Symbol.asyncDispose]();
await postgres.stop();
process.exit(last.ending.exitCode);
