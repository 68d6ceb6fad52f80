import { describe, expect, it } from "vitest";
import { startWatch, type Watch } from "./watch-scene.ts";
import type { GateOptions, GateResult } from "./scene.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

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
const ERRORS = "errors: { logs: { forbid: [FATAL] }, on_fail: revert }";

describe("instances of a newer deploy that never served", () => {
  it.each(["update_failed", "canceled"] as const)("%s: are not ours", async (end) => {
    await using watch = await startWatch(ERRORS, {
      boot: "{ for: 1m, every: 10s }, hour: { for: 1h, every: 10m }",
    });
    watch.say(1_000, "starting");
    await watch.run();
    const third = await watch.push({ "app.py": "print('three')\n" }, "Third (#3)");
    watch.render.story(watch.service.id, third, {
      at: watch.liveAt + 11 * MINUTE,
      createdMs: SECOND,
      buildMs: 10 * SECOND,
      updateMs: MINUTE,
      instances: ["ccccc"],
      boot: ["FATAL: no such table"],
      end,
      ...(end === "canceled" ? { cancelAfterMs: 40 * SECOND } : {}),
    });
    watch.say(11 * MINUTE + 30 * SECOND, "FATAL: no such column", { instance: "ccccc" });
    const { ending } = await lookAt(watch, 24 * MINUTE);
    expect(ending.verdict).toBe("pass");
    // Our own, scaled out later.
    watch.say(25 * MINUTE, "FATAL: out of luck", { instance: "ddddd" });
    const later = await lookAt(watch, 34 * MINUTE);
    expect(later.ending.verdict).toBe("fail");
  });
});

describe("a deploy that a person takes out of production", () => {
  it.each([
    ["before the next stage with a check has begun", "stage: [boot, day]", [] as number[], 20, 40],
    ["just before the end of a stage that was looked at until then", "stage: [boot, hour]", [59], 59.5, 65],
  ])("%s is no success", async (_when, stage, looks, outAt, lookedAt) => {
    await using watch = await startWatch(`health: { http: /health, ${stage} }`, {
      boot: "{ for: 1m, every: 10s }, hour: { for: 1h, every: 10m }, day: { for: 6h, every: 30m }",
    });
    await watch.run();
    watch.render.story(watch.service.id, watch.good, {
      at: watch.liveAt + outAt * MINUTE,
      trigger: "rollback",
      createdMs: 0,
      buildMs: 0,
      updateMs: 5 * SECOND,
    });
    for (const at of looks) expect((await lookAt(watch, at * MINUTE)).ending.verdict).toBe("pass");
    const { report } = await lookAt(watch, lookedAt * MINUTE);
    expect(report).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("taken out of production"),
    });
  });
});

describe("a redeploy of the commit after its first stage", () => {
  it("brings no code that could be taken back: its failure is told, and nothing is done", async () => {
    await using watch = await startWatch(ERRORS, {
      boot: "{ for: 1m, every: 10s }, hour: { for: 1h, every: 10m }",
    });
    watch.say(1_000, "starting");
    await watch.run();
    watch.render.story(watch.service.id, watch.bad, {
      at: watch.liveAt + 20 * MINUTE,
      buildMs: 10 * SECOND,
      instances: ["eeeee"],
      boot: ["starting"],
    });
    watch.say(25 * MINUTE, "FATAL: DATABASE_URL is not set", { instance: "eeeee" });
    const { report } = await lookAt(watch, 34 * MINUTE);
    expect(report).toMatchObject({
      verdict: "fail",
      actions: [{ kind: "revert_pr", state: "held", reason: expect.stringContaining("brought no new code") }],
    });
    expect(watch.github.pulls).toEqual([]);
  });
});
