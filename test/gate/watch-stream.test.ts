import { describe, expect, it } from "vitest";
import {
  checkOf,
  expectNoAct,
  expectTold,
  startWatch,
  type Watch,
  type WatchOptions,
} from "./watch-scene.ts";

const FORBID = "lines: { logs: { forbid: [FATAL, disk full] } }";
const LONG: WatchOptions = { boot: "{ for: 5m, every: 15s }" };

/** The most calls of the log API in any sliding minute; the socket is one. */
function mostCalls({ render }: Pick<Watch, "render">): number {
  const times = render.requests.filter(({ group }) => group === "logs").map(({ at }) => at);
  return Math.max(
    0,
    ...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length),
  );
}

/** How long after live the gate ended, ms. */
function tookMs(watch: Watch): number {
  return watch.clock.now() - watch.liveAt;
}

/** A busy service: so many lines in each second of the span (seconds after live). */
function chatter(
  watch: Watch,
  { from, to, perSecond }: { from: number; to: number; perSecond: number },
): void {
  for (let at = from * 1_000; at < to * 1_000; at += 1_000 / perSecond)
    watch.say(Math.round(at), `INFO: GET /orders/${at} 200`);
}

function stopsAtOnce(checks: string): string {
  return checks.replace(/ \}$/, ", on_fail: revert }");
}

describe("the live stream", () => {
  it("brings the lines in one call, with the key in a header", async () => {
    const watch = await startWatch(FORBID, LONG);
    await using _watch = watch;
    chatter(watch, { from: 0, to: 290, perSecond: 2 });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass", errors: 0 });
    const sockets = watch.render.requests.filter(({ path }) => path === "/logs/subscribe");
    expect(sockets).toMatchObject([{ status: 101 }]);
    expect(sockets[0]!.query.has("text")).toBe(false);
    expect(mostCalls(watch)).toBeLessThanOrEqual(10);
    expect(watch.render.sockets()).toBe(0);
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("that says every line twice counts each once", async () => {
    const watch = await startWatch("lines: { logs: { forbid: [WARN] }, fail: matches > 1 }");
    await using _watch = watch;
    watch.render.duplicateSocketLines(true);
    watch.say(5_000, "WARN: slow");
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({
      verdict: "pass",
      reason: expect.stringContaining("(1)"),
    });
    expectNoAct(watch);
  });

  it("lets a forbidden line fail the check on the next beat", async () => {
    const watch = await startWatch(stopsAtOnce(FORBID), LONG);
    await using _watch = watch;
    watch.say(101_000, "FATAL: out of cheese");
    const result = await watch.run();
    expect(result.ending.verdict).toBe("fail");
    expect(tookMs(watch)).toBeLessThanOrEqual(101_000 + 15_000 + 1_000);
    expect(watch.render.violations).toEqual([]);
  });
});

describe("a stream that breaks", () => {
  interface Row {
    readonly what: string;
    readonly set: (watch: Watch) => void;
  }
  const ROWS: readonly Row[] = [
    { what: "refused from the start", set: (watch) => watch.render.refuseSockets(403) },
    {
      what: "dropped, and then refused",
      set: (watch) =>
        watch.after(60_000, () => {
          watch.render.refuseSockets(503);
          watch.render.dropSockets();
        }),
    },
    { what: "open but silent from the start", set: (watch) => watch.render.muteSockets(true) },
    {
      what: "open but silent later",
      set: (watch) => watch.after(30_000, () => watch.render.muteSockets(true)),
    },
    {
      what: "silent for the one line that matters",
      set(watch) {
        watch.after(100_500, () => watch.render.muteSockets(true));
        watch.after(101_500, () => watch.render.muteSockets(false));
      },
    },
    {
      what: "dropped for the one line that matters",
      set(watch) {
        watch.after(100_500, () => {
          watch.render.refuseSockets(503);
          watch.render.dropSockets();
        });
        watch.after(102_000, () => watch.render.refuseSockets());
      },
    },
  ];

  it.each(ROWS)("$what: a forbidden line is found", async ({ set }) => {
    const watch = await startWatch(stopsAtOnce(FORBID), LONG);
    await using _watch = watch;
    set(watch);
    chatter(watch, { from: -2, to: 290, perSecond: 2 });
    watch.say(101_000, "\u001b[1;31mFATAL\u001b[0m: out of cheese");
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "fail" });
    expect(mostCalls(watch)).toBeLessThanOrEqual(10);
    expect(watch.render.violations).toEqual([]);
  });

  it.each(ROWS)("$what: quiet lines are called clean", async ({ set }) => {
    const watch = await startWatch(FORBID, LONG);
    await using _watch = watch;
    set(watch);
    chatter(watch, { from: -2, to: 290, perSecond: 2 });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
    expect(mostCalls(watch)).toBeLessThanOrEqual(10);
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("and is silent is found out within a minute or so, long before the end", async () => {
    const watch = await startWatch(stopsAtOnce(FORBID), LONG);
    await using _watch = watch;
    watch.render.muteSockets(true);
    watch.say(20_000, "INFO: hello");
    watch.say(101_000, "FATAL: out of cheese");
    const result = await watch.run();
    expect(result.ending.verdict).toBe("fail");
    expect(tookMs(watch)).toBeLessThanOrEqual(130_000);
    expect(result.lines.join("\n")).toContain("Log stream is open but silent; polling instead");
  });

  it("and never says anything gives no green without the log API", async () => {
    const watch = await startWatch(FORBID);
    await using _watch = watch;
    watch.render.muteSockets(true);
    watch.say(20_000, "FATAL: out of cheese");
    watch.render.fault({ route: /^GET \/logs$/, kind: "status", status: 503, from: watch.liveAt + 10_000 });
    const result = await watch.run();
    expect(checkOf(result, "lines").verdict).toBe("unknown");
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("is opened again, and polling ends", async () => {
    const watch = await startWatch(FORBID, LONG);
    await using _watch = watch;
    chatter(watch, { from: -2, to: 290, perSecond: 1 });
    watch.after(60_000, () => watch.render.dropSockets());
    await watch.run();
    const reads = watch.render.requests.filter(
      ({ path, at }) => path === "/logs" && at > watch.liveAt + 100_000 && at < watch.liveAt + 290_000,
    );
    // One look a minute at what the stream may keep quiet about.
    expect(reads.length).toBeLessThanOrEqual(4);
    expectNoAct(watch);
  });
});

describe("polling", () => {
  it("filters on the server's side where there is much to read", async () => {
    const watch = await startWatch(
      `${FORBID}\nready: { logs: { within: 1m, require: ["/ready in \\\\d+ ms/i"] } }`,
      LONG,
    );
    await using _watch = watch;
    watch.render.refuseSockets(403);
    chatter(watch, { from: -2, to: 290, perSecond: 20 });
    watch.say(50_000, "Ready in 52 ms");
    watch.say(101_000, "\u001b[1;31mdisk \u001b[0mfull");
    const result = await watch.run();
    expect(checkOf(result, "lines").verdict).toBe("fail");
    expect(checkOf(result, "ready").verdict).toBe("pass");
    const filtered = watch.render.requests.filter(({ query }) => query.has("text"));
    expect(filtered.length).toBeGreaterThan(3);
    expect(mostCalls(watch)).toBeLessThanOrEqual(10);
    expectNoAct(watch);
  });

  it.each([
    ["a forbidden line", true, "fail"],
    ["nothing", false, "pass"],
  ])("works on two calls a minute, and holds nobody up: %s", async (_what, isBad, verdict) => {
    const watch = await startWatch(`${FORBID}\nhealth: { http: /health }`, LONG);
    await using _watch = watch;
    watch.render.limits.logs = 2;
    watch.render.refuseSockets(403);
    chatter(watch, { from: -2, to: 290, perSecond: 2 });
    if (isBad) watch.say(101_000, "FATAL: out of cheese");
    const result = await watch.run();
    expect(checkOf(result, "lines").verdict).toBe(verdict);
    expect(checkOf(result, "health")).toMatchObject({ verdict: "pass", samples: 20 });
    expectNoAct(watch);
  });

  it("reads every line of one instant that a page edge cuts", async () => {
    const watch = await startWatch(FORBID);
    await using _watch = watch;
    watch.render.refuseSockets(403);
    for (let index = 0; index < 250; index += 1)
      watch.say(20_000, index === 120 ? "FATAL: out of cheese" : `INFO: ${index}`, {
        nanos: index < 90 ? 0 : 1,
      });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("got 1"),
    });
    expectNoAct(watch);
  });
});

describe("the window is read once more before it is called clean", () => {
  it.each([
    ["503", { kind: "status", status: 503 }],
    ["garbled", { kind: "not-json" }],
    ["403", { kind: "forbidden" }],
  ] as const)("%s: unknown, never pass", async (_what, fault) => {
    const watch = await startWatch(FORBID);
    await using _watch = watch;
    watch.say(1_000, "INFO: started");
    watch.render.fault({ route: /^GET \/logs$/, ...fault, from: watch.liveAt + 55_000 });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/could not be read/),
    });
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("whatever if_unknown says, the reader is told", async () => {
    const watch = await startWatch(
      FORBID.replace(" }}", " }, if_unknown: warn }").replace("] } }", "] }, if_unknown: warn }") +
        "\nhealth: { http: /health }",
    );
    await using _watch = watch;
    watch.say(1_000, "INFO: started");
    watch.render.fault({ route: /^GET \/logs$/, kind: "forbidden", from: watch.liveAt + 55_000 });
    const result = await watch.run();
    expect(result.ending.verdict).toBe("warn");
    expect(result.summary).toContain("could not be read");
    expectNoAct(watch);
  });
});
