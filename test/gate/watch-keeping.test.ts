import { describe, expect, it } from "vitest";
import type { KeptStage, WatchState } from "../../src/core/watch-state.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { withoutPast } from "../../src/gate/watch-keeping.ts";
import { givenCheck, givenDeploy, HOUR, MINUTE, T0 } from "../core/given.ts";

const stage = (name: string, hours: number) => ({
  name,
  forMs: hours * HOUR,
  everyMs: 30 * MINUTE,
  acrossDeploys: false,
});
const run = {
  plan: {
    stages: [stage("hour", 1), stage("day", 24), stage("week", 168)],
    checks: [givenCheck(), givenCheck({ name: "depth" })],
  },
} as unknown as ServiceRun;

describe("a watch whose commit was deployed once more", () => {
  const seen = { rows: { count: 4, late: 0 } };
  const day: KeptStage = { name: "day", standings: { rows: { due: 4 } }, seen, gaps: [] };
  const after = (lookedAt: number, liveAt: number, open: readonly KeptStage[]) => {
    const ended = [{ name: "hour", from: T0, to: T0 + HOUR, verdict: "pass", reason: "" }];
    const state = { anchor: T0, at: T0 + lookedAt, ended, open, judgedTo: { rows: T0 + lookedAt } };
    const facts = {
      deploy: givenDeploy("C"),
      liveAt: T0 + liveAt,
      instances: { seen: new Map() },
      rereadTo: undefined,
    };
    return withoutPast(run, state as unknown as WatchState, facts);
  };
  it.each<[string, number, number, readonly KeptStage[], readonly unknown[]]>([
    [
      "begins anew in the stage under way",
      3 * HOUR,
      3 * HOUR + MINUTE,
      [day],
      [{ name: "day", standings: {}, seen, gaps: [] }],
    ],
  ])("%s", (_rule, lookedAt, liveAt, before, open) => {
    expect(after(lookedAt, liveAt, before)).toMatchObject({
      open,
      judgedTo: { rows: T0 + liveAt, depth: T0 + liveAt },
    });
    expect(after(lookedAt, liveAt, before).open).toHaveLength(open.length);
  });
});
