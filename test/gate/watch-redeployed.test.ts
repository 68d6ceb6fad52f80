import { describe, expect, it } from "vitest";
import { startWatch } from "./watch-scene.ts";

const BOOT = { boot: "{ for: 2m, every: 10s }" };
const REDEPLOY = { createdMs: 1_000, trigger: "service_updated", instances: ["ccccc"] } as const;

describe("a redeploy of the same commit is judged by what it does itself", () => {
  it("a forbidden line of the replaced deploy, seen only after the redeploy is live, reverts nothing", async () => {
    await using watch = await startWatch(`errors: { logs: { forbid: [FATAL] }, on_fail: revert }`, BOOT);
    const again = watch.render.story(watch.service.id, watch.bad, {
      ...REDEPLOY,
      at: watch.liveAt + 10_000,
      buildMs: 15_000,
      updateMs: 7_000,
    });
    watch.say(again.liveAt! - watch.liveAt - 500, "FATAL missing env");
    const result = await watch.run();
    expect(result.report.verdict).not.toBe("fail");
    expect(result.report.deploy?.id).toBe(again.deployId);
    expect(watch.github.pulls).toEqual([]);
  });

  it("failing samples of the replaced deploy do not count towards fail_after", async () => {
    await using watch = await startWatch(`health: { http: /health, fail_after: 3, on_fail: revert }`, BOOT);
    watch.render.story(watch.service.id, watch.bad, {
      ...REDEPLOY,
      at: watch.liveAt + 1_000,
      buildMs: 10_000,
      updateMs: 7_000,
    });
    watch.answer((_request, ms) => ({ status: ms < 25_000 ? 500 : 200 }));
    const result = await watch.run();
    expect(["pass", "warn"]).toContain(result.report.verdict);
    expect(watch.github.pulls).toEqual([]);
  });

  it.each([
    ["just before the stage ends", "health: { http: /health }", 40_000],
    ["with a grace that outlasts the stage", "health: { http: /health, grace: 30s }", 25_000],
    [
      "with a grace that outlasts the stage, beside a check that passes",
      "health: { http: /health, grace: 50s }\ncrash: { events: [server_failed] }",
      5_000,
    ],
  ])("%s: what it never passed is no pass", async (_when, check, startMs) => {
    await using watch = await startWatch(check, { boot: "{ for: 1m, every: 10s }" });
    const again = watch.render.story(watch.service.id, watch.bad, {
      ...REDEPLOY,
      at: watch.liveAt + startMs,
      buildMs: 9_000,
      updateMs: 7_000,
    });
    watch.answer(() => ({ status: watch.clock.now() < again.liveAt! ? 200 : 500 }));
    const result = await watch.run();
    expect(["unknown", "fail"]).toContain(result.report.verdict);
    expect(result.ending.exitCode).toBe(1);
  });
});

it.each([0, 3_000, 6_000, 9_000])(
  "a newer deploy's instance that comes up %i ms off the beat is not held against ours",
  async (offMs) => {
    await using watch = await startWatch(
      `errors: { logs: { forbid: [FATAL] }, every: 2s, on_fail: revert }`,
      BOOT,
    );
    const next = await watch.push({ "app.py": "print('three')\n" }, "Third");
    watch.render.story(watch.service.id, next, {
      at: watch.liveAt + 5_000,
      createdMs: 1_000,
      buildMs: 10_000 + offMs,
      updateMs: 40_000,
      instances: ["ccccc"],
      boot: ["hello", "FATAL third is broken"],
    });
    const result = await watch.run();
    expect(result.report).toMatchObject({ verdict: "superseded", actions: [] });
    expect(watch.github.pulls).toEqual([]);
  },
);
