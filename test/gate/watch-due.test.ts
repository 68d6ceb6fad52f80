import { describe, expect, it } from "vitest";
import { planOf } from "../../src/config/plan.ts";
import { fileSchema } from "../../src/config/schema.ts";
import type { WatchState } from "../../src/core/watch-state.ts";
import type { Told } from "../../src/gate/publish.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { dueAt } from "../../src/gate/watch-due.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const run = runWith("");
const told = { book: {} } as Told;

/** Live at 0: boot to 5m, day to 24h, week across deploys. */
function runWith(report: "daily" | ""): ServiceRun {
  const plan = planOf(
    fileSchema.parse({
      version: 1,
      stages: {
        boot: { for: "5m", every: "15s" },
        day: { for: "24h", every: "1h" },
        week: { for: "7d", every: "12h", across_deploys: true },
      },
      checks: {
        errors: { logs: { forbid: ["FATAL"] } },
        ping: { http: "/ping", stage: ["day"] },
        often: { events: ["server_failed"], every: "30m", stage: ["week"] },
      },
      ...(report === "" ? {} : { report: { issue: true, at: ["daily"] } }),
    }),
    { env: () => undefined, path: "deploy-gate.yml", lineOf: () => 1 },
  );
  return { plan, edges: { clock: { now: () => 0 } } } as unknown as ServiceRun;
}

function state(kept: Partial<WatchState>): WatchState {
  return { anchor: 0, liveAt: 0, ended: [{ name: "boot" }], open: [], judgedTo: {}, ...kept } as WatchState;
}

const seen = (lastAt: number): WatchState["open"] => [
  { name: "day", standings: {}, seen: { ping: { count: 1, lastAt, late: 0 } }, gaps: [] },
];
const weekOnly = [{ name: "boot" }, { name: "day" }] as unknown as WatchState["ended"];

describe("the next look is due", () => {
  it.each([
    { name: "when the next stage begins, unless it was looked at", kept: {}, at: 5 * MINUTE },
    {
      name: "at the next beat of what only a look can see",
      kept: { judgedTo: { errors: 66 * MINUTE }, open: seen(8 * MINUTE) },
      at: 65 * MINUTE,
    },
    {
      name: "two minutes after the next beat of what is kept",
      kept: { judgedTo: { errors: 6 * MINUTE }, open: seen(66 * MINUTE) },
      at: 67 * MINUTE,
    },
    {
      name: "at once for what could not be read at the last look",
      kept: { judgedTo: { errors: 4 * MINUTE }, open: seen(66 * MINUTE) },
      at: 7 * MINUTE,
    },
    {
      name: "at the stage's end, two minutes later",
      kept: { judgedTo: { errors: 24 * HOUR }, open: seen(24 * HOUR - MINUTE) },
      at: 24 * HOUR + 2 * MINUTE,
    },
    {
      name: "by a check's own beat, where it has one",
      kept: { judgedTo: { errors: 25 * HOUR, often: 25 * HOUR }, ended: weekOnly },
      at: 25.5 * HOUR + 2 * MINUTE,
    },
  ])("$name", ({ kept, at }) => {
    expect(dueAt(run, state(kept), told)).toBe(at);
  });

  it.each([
    {
      name: "a status update is to be told",
      report: "daily" as const,
      kept: {},
      isAtOnce: true,
    },
    {
      name: "no stage is left",
      kept: { ended: [...weekOnly, { name: "week" }] as WatchState["ended"] },
      isAtOnce: true,
    },
    { name: "something is owed to people", kept: { isOwed: true as const }, isAtOnce: true },
    { name: "not where nothing of that is so", kept: {}, isAtOnce: false },
  ])("at once: $name ($isAtOnce)", ({ report, kept, isAtOnce }) => {
    const due = dueAt(runWith(report ?? ""), state(kept), told);
    expect(due === -Infinity).toBe(isAtOnce);
  });
});
