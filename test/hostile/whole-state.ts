import type { GateState } from "../../src/core/gate-state.ts";

const SHA = "4f2d1a9b0c8e7d6f5a4b3c2d1e0f9a8b7c6d5e4f";
/** A state with something in every part of it but the watch. */
export const WHOLE_STATE: GateState = {
  version: 1,
  service: "srv-abcd0123456789efghij",
  commit: SHA,
  deploy: "dep-abcd0123456789efghij",
  verdict: "fail",
  measured: {
    commit: "b".repeat(40),
    at: 1_790_000_000_000,
    values: { depth: { value: 3, "p.95": 0.5 } },
    rows: { twins: ["a|1"] },
    earlier: [{ commit: "c".repeat(40), at: 1_780_000_000_000, values: { depth: { value: 2 } } }],
  },
  remedy: {
    name: "rollback",
    at: 1_790_000_001_000,
    by: "https://github.com/acme/shop/actions/runs/1",
    busyUntil: 1_790_000_301_000,
    reason: '"errors" failed: 1 line matched "ünïcode 🎉"',
    failed: [
      {
        name: "errors",
        source: "logs",
        reason: "matches 1 > 0",
        hint: "look",
        onFail: "rollback",
        samples: 2,
        errors: 0,
      },
    ],
    evidence: [{ at: 1_790_000_000_900, text: "Traceback: boom", from: "x7k2p" }, { text: "a row" }],
    deploy: "dep-abcd0123456789efghij",
    liveAt: 1_790_000_000_500,
    previousCommit: SHA.replace("4", "5"),
    preDeployFailed: false,
    approvedBy: "ada",
    passedOnOld: ["health"],
    steps: [
      {
        kind: "render_rollback",
        state: "done",
        deploy: "dep-b",
        target: "dep-a",
        actions: [{ kind: "freeze", state: "done", reason: "off", url: "https://x.test/" }],
      },
      { kind: "recheck", state: "begun", actions: [] },
      { kind: "revert_pr", pull: 7, actions: [] },
    ],
    finished: false,
  },
  freeze: {
    by: "https://github.com/acme/shop/actions/runs/1",
    at: 1_790_000_001_500,
    commit: SHA,
    former: "checksPass",
    lifted: { at: 1_790_000_009_000, why: "the revert passed" },
  },
};
