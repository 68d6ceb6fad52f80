import { describe, expect, it } from "vitest";
import type { WatchEntry } from "../../src/core/watch-entry.ts";
import { expectLawful, startWatch } from "./watch-scene.ts";

const MINUTE = 60_000;
const LENIENT =
  "version: 1\nservice: shop-api\nstages: { boot: { for: 1m, every: 10s }, hour: { for: 10m, every: 5m } }\nchecks: { home: { http: / } }\n";

describe("an index entry that somebody else has written", () => {
  it.each<[string, Partial<WatchEntry>, string]>([
    [
      "of another service under our name: nothing is said of our commit",
      { service: "srv-other" },
      "success success",
    ],
    [
      "with another config file: the one of the gate is what judges",
      { config: "lenient.yml" },
      "failure failure",
    ],
  ])("%s", async (_what, over, told) => {
    await using watch = await startWatch("health: { http: /health, fail_after: 1 }", {
      boot: "{ for: 1m, every: 10s }, hour: { for: 10m, every: 5m }",
      files: { "lenient.yml": LENIENT },
    });
    watch.answer(({ path }, at) =>
      path === "/health" && at > 5 * MINUTE ? { status: 500 } : { body: "ok" },
    );
    await watch.run();
    const [own] = watch.github.deployments;
    const payload = { ...(own?.payload as WatchEntry), ...over };
    const description = "Watching";
    const at = 12 * MINUTE;
    await watch.clock.advance(watch.liveAt + at - watch.clock.now());
    await watch.gate({
      commit: watch.bad,
      event: { name: "schedule", payload: {} },
      runNumber: 2,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async watches() {
            await edges.forge.setWatch(own?.id ?? 0, { state: "inactive", description });
            await edges.forge.openWatch({ sha: watch.bad, payload, description });
            return edges.forge.watches();
          },
        },
      }),
    });
    const conclusion = watch.github.checkRuns[0]?.conclusion;
    expect(`${conclusion} ${watch.github.statuses.at(-1)?.state}`).toBe(told);
    expectLawful(watch);
  });
});
