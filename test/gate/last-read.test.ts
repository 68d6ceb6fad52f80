import { expect, it } from "vitest";
import { checkOf, expectLawful, expectNoAct, startWatch } from "./watch-scene.ts";

const MINUTE = 60_000;

const FORBID = "lines: { logs: { forbid: [slow] }, fail: matches > 5000 }";

it("a long stage is read once more in parts: more lines than can be read at once are no doubt", async () => {
  await using watch = await startWatch(FORBID, { boot: "{ for: 70m, every: 10m }" });
  for (let at = 0; at < 75 * MINUTE; at += 2_000) watch.say(at, "a slow answer");
  const result = await watch.run();
  expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
  expect(result.ending.verdict).toBe("pass");
  // The end waits for late lines and reads the last part, not the whole.
  expect(watch.clock.now() - watch.liveAt).toBeLessThan(73 * MINUTE);
  expectNoAct(watch);
});

it("lines that come late in a part are found by the next reading", async () => {
  await using watch = await startWatch('lines: { logs: { forbid: ["Traceback"] }, on_fail: revert }', {
    boot: "{ for: 65m, every: 10m }",
  });
  for (let at = 10_000; at < 65 * MINUTE; at += 30_000) watch.say(at, "INFO: still here");
  // The log API has it after the first part was read, and the stream never brings it.
  watch.say(29 * MINUTE, "Traceback (most recent call last):", { lateMs: 2.5 * MINUTE });
  watch.after(31.5 * MINUTE - 5_000, () => watch.render.muteSockets(true));
  watch.after(31.5 * MINUTE + 5_000, () => watch.render.muteSockets(false));
  const result = await watch.run();
  expect(result.ending.verdict).toBe("fail");
  expectLawful(watch);
});

it("a part that cannot be read takes nothing from what the stream brings, and is read later", async () => {
  await using watch = await startWatch(
    "lines: { logs: { span: [begin, end] }, fail: gap > 10m, on_fail: revert }",
    { boot: "{ for: 1h, every: 1m }" },
  );
  for (let at = 0; at < 45 * MINUTE; at += 5 * MINUTE) {
    watch.say(at, "begin");
    watch.say(at + 1_000, "end");
  }
  for (let at = 0; at < 60 * MINUTE; at += 30_000) watch.say(at, "INFO: still here");
  watch.render.fault({ route: /^GET \/logs$/, kind: "forbidden", from: watch.liveAt + 25 * MINUTE });
  const result = await watch.run();
  expect(result.ending.verdict).toBe("fail");
  expect(watch.clock.now() - watch.liveAt).toBeLessThan(55 * MINUTE);
  expectLawful(watch);
});
