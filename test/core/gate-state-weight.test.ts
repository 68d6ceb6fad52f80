import { describe, expect, it } from "vitest";
import { decodeState, encodeState } from "../../src/core/gate-state-text.ts";
import type { GateState } from "../../src/core/gate-state.ts";
import { lighterStates } from "../../src/core/gate-state-weight.ts";
import type { WatchState } from "../../src/core/watch-state.ts";
import { HOUR, MINUTE, T0 } from "./given.ts";

const LINES = [{ tier: "fail", condition: "status >= 500", subject: "status", holds: true }] as const;
const FAILED = { at: T0 + HOUR, outcome: "fail", reason: "status 502", lines: LINES } as const;
const seen = { count: 9, lastAt: T0 + HOUR, late: 0 };

function stateOf(watch: Partial<WatchState>): GateState {
  return {
    version: 1,
    service: "srv-1",
    commit: "4f2d1a9b0c8e7d6f5a4b3c2d1e0f9a8b7c6d5e4f",
    verdict: "fail",
    watch: {
      deploy: { id: "dep-1", createdAt: T0 },
      liveAt: T0,
      anchor: T0,
      startedAt: T0,
      committedAt: T0,
      mode: "enforce",
      at: T0 + HOUR,
      looks: 3,
      by: "https://github.com/acme/shop/actions/runs/1",
      judgedTo: { memory: T0 + HOUR },
      ended: [
        { name: "boot", from: T0, to: T0 + MINUTE, verdict: "pass", reason: "1 check measured and passed" },
      ],
      results: {},
      coverage: [],
      open: [
        {
          name: "day",
          standings: {
            health: { due: 9, failingRun: 1, failingSamples: 1, failed: FAILED },
            home: { due: 9 },
          },
          seen: { health: seen, home: seen },
          gaps: [],
        },
      ],
      checks: {},
      baselines: {},
      failedBefore: { home: { reason: "status 500", lines: [{ tier: "fail", condition: "status >= 500" }] } },
      passedBefore: ["health"],
      instances: { seen: {} },
      counted: { memory: T0 + HOUR },
      moments: [],
      ...watch,
    },
  };
}

describe("a watch that is written down lighter", () => {
  const lighter = [...lighterStates(stateOf({}))].map(({ watch }) => watch);

  it("knows to the last what has failed in a stage that is open", () => {
    for (const watch of lighter)
      expect(watch?.open[0]?.standings["health"]).toMatchObject({
        failingRun: 1,
        failed: { at: FAILED.at, outcome: "fail", reason: "status 502" },
      });
  });
  it("knows what had failed before the deploy as long as it acts", () => {
    expect(lighter.at(-2)).toMatchObject({
      mode: "enforce",
      open: [{ standings: { health: { failed: FAILED } } }],
    });
    for (const watch of lighter)
      if (watch?.mode === "enforce") expect(watch.failedBefore["home"]?.lines).toHaveLength(1);
    expect(lighter.at(-1)).toMatchObject({ mode: "advise", failedBefore: {} });
  });
  it("counts no data point twice: what was counted goes with what was judged", () => {
    for (const watch of lighter)
      expect(Object.keys(watch?.counted ?? {})).toEqual(Object.keys(watch?.judgedTo ?? {}));
  });
  it("begins no stage anew as if its end had been seen", () => {
    for (const watch of lighter)
      if (watch?.open[0]?.standings["home"] === undefined) expect(watch?.open[0]?.seen).toEqual({});
  });
  it("fits, however many checks have failed", () => {
    const names = Array.from({ length: 60 }, (_, index) => `check_${index}`);
    const many = { ...FAILED, reason: "r".repeat(160), evidence: [{ text: "e".repeat(160) }] };
    const state = stateOf({
      open: ["day", "week"].map((name) => ({
        name,
        standings: Object.fromEntries(names.map((one) => [one, { due: 9, failingSamples: 1, failed: many }])),
        seen: {},
        gaps: [],
      })),
    });
    const decoded = decodeState(encodeState(state));
    expect(decoded.kind).toBe("state");
    if (decoded.kind === "state")
      expect(Object.keys(decoded.state.watch?.open[1]?.standings ?? {})).toEqual(names);
  });
});
