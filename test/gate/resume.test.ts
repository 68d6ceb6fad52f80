import { describe, expect, it } from "vitest";
import { expectLawful, startWatch, type Watch } from "./watch-scene.ts";
import type { GateOptions, GateResult } from "./scene.ts";

const MINUTE = 60_000;

const STAGES = "{ for: 1m, every: 10s }, hour: { for: 1h, every: 10m }, day: { for: 6h, every: 30m }";

/** A watch whose first stage the push gate has judged. */
async function leftWatch(checks: string, more = ""): Promise<Watch> {
  const watch = await startWatch(checks, { boot: STAGES, more });
  return watch;
}

/** A scheduled run so long after live. */
async function lookAt(
  watch: Watch,
  afterLiveMs: number,
  options: Partial<GateOptions> = {},
): Promise<GateResult> {
  await watch.clock.advance(watch.liveAt + afterLiveMs - watch.clock.now());
  return watch.gate({
    commit: watch.bad,
    event: { name: "schedule", payload: { schedule: "7,37 * * * *" } },
    runNumber: 2 + Math.round(afterLiveMs / MINUTE),
    ...options,
  });
}

describe("a watch that is resumed", () => {
  it("passes stage by stage, as looks come", async () => {
    await using watch = await leftWatch("health: { http: /health }");
    await watch.run();
    const titles: string[] = [];
    for (const minutes of [
      10,
      20,
      30,
      40,
      50,
      60,
      70,
      ...Array.from({ length: 11 }, (_, at) => 90 + 30 * at),
    ]) {
      const { ending } = await lookAt(watch, minutes * MINUTE);
      expect(ending.exitCode).toBe(0);
      const title = watch.github.checkRuns[0]?.title?.replace(/:.*/, "") ?? "";
      if (title !== titles.at(-1)) titles.push(title);
    }
    expect(titles).toEqual(["Passed so far (boot)", "Passed so far (boot, hour)", "Passed"]);
    expect(watch.github.checkRuns).toHaveLength(1);
    expect(watch.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(["success"]);
    expectLawful(watch);
  });
});
