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
