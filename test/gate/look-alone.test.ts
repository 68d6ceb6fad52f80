import { describe, expect, it } from "vitest";
import { decodeState, encodeState, withState } from "../../src/core/gate-state-text.ts";
import type { GateState } from "../../src/core/gate-state.ts";
import type { Edges } from "../../src/ports.ts";
import { expectLawful, startWatch, type Watch } from "./watch-scene.ts";

const MINUTE = 60_000;

function stateOf({ github }: Watch): GateState {
  const decoded = decodeState(github.checkRuns[0]?.text ?? "");
  if (decoded.kind !== "state") throw new Error(decoded.kind);
  return decoded.state;
}

describe("a look that has something to tell", () => {
  it("is left to the next run where another gate has written since: what that one keeps is not lost", async () => {
    await using watch = await startWatch("health: { http: /health }", {
      boot: "{ for: 1m, every: 10s }, hour: { for: 10m, every: 5m }",
    });
    await watch.run();
    const freeze = {
      by: "https://github.com/acme/shop/actions/runs/9",
      at: 1,
      commit: watch.bad,
      former: "yes",
    } as const;
    const look = async (minutes: number, between: (edges: Edges) => Promise<void>): Promise<string> => {
      await watch.clock.advance(watch.liveAt + minutes * MINUTE - watch.clock.now());
      const { summary } = await watch.gate({
        commit: watch.bad,
        event: { name: "schedule", payload: {} },
        runNumber: minutes,
        edges: (edges) => ({
          ...edges,
          forge: {
            ...edges.forge,
            async watchStatuses(id) {
              await between(edges);
              return edges.forge.watchStatuses(id);
            },
          },
        }),
      });
      return summary;
    };
    await look(9, () => Promise.resolve());
    const summary = await look(12, async ({ forge }) => {
      const text = withState("", encodeState({ ...stateOf(watch), freeze }));
      const output = { title: "Passed so far", summary: "One stage.", text };
      await forge.updateCheckRun(watch.github.checkRuns[0]?.id ?? 0, { conclusion: "success", output });
    });
    expect(summary).toContain("another run has written meanwhile");
    expect(stateOf(watch)).toMatchObject({ freeze, watch: { looks: 1 } });
    await look(16, () => Promise.resolve());
    expect(stateOf(watch)).toMatchObject({ verdict: "pass", freeze });
    expect(stateOf(watch).watch).toBeUndefined();
    expectLawful(watch);
  });
});
