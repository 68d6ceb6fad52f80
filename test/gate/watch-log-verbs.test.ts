import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import {
  checkOf,
  expectNoAct,
  expectTold,
  NEW,
  OLD,
  startWatch,
  type Watch,
  type WatchOptions,
} from "./watch-scene.ts";

// As main.ts does before anything else.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

interface Row {
  readonly what: string;
  readonly checks: string;
  readonly options?: WatchOptions;
  readonly set: (watch: Watch) => void;
  readonly verdict: string;
  readonly reason: RegExp;
}

const LONG: WatchOptions = { boot: "{ for: 3m, every: 10s }" };

const COUNT = "lines: { logs: { count: done, per: 30s }, pass: value >= 2 }";
const RATE = "lines: { logs: { level: [error], per: minute }, fail: rate > 3 }";
/** The runbook's worker, in small. */
const SPAN = `lines:
  logs:
    span: [Starting deep scan, Finished deep scan]
    inside: ["/Found (?<found>\\\\d+) Place items/", "/state (?<state>\\\\w+)/"]`;
const span = (...lines: readonly string[]) => [SPAN, ...lines.map((line) => `  ${line}`)].join("\n");

/** A line every so many seconds, from one moment to another (seconds after live). */
function every(seconds: number, [from, to]: readonly [number, number], say: (at: number) => void): void {
  for (let at = from; at < to; at += seconds) say(at * 1_000);
}

/** A cycle of so many seconds. */
function cycle(watch: Watch, at: number, seconds: number, instance = NEW): void {
  watch.say(at, "Starting deep scan queue processing cycle", { instance });
  watch.say(at + 500, "SCHEDULER_LOOP: Found 7 Place items with status Queued", { instance });
  watch.say(at + seconds * 1_000, "Finished deep scan queue processing cycle", { instance });
}

function started(watch: Watch): void {
  watch.say(-2_000, "INFO: starting");
}

const ROWS: readonly Row[] = [
  {
    what: "enough lines in every interval",
    checks: COUNT,
    set: (watch) => every(10, [-2, 120], (at) => watch.say(at, "job done")),
    verdict: "pass",
    reason: /^value of the 30s from live \+ \d+s \(value >= 2 \(3\)\)/,
  },
  {
    what: "too few lines in the last interval",
    checks: COUNT,
    set(watch) {
      every(10, [-2, 20], (at) => watch.say(at, "job done"));
      watch.say(31_000, "job done");
    },
    verdict: "fail",
    reason: /wanted value >= 2, got [01]/,
  },
  {
    what: "lines of the old version make no count",
    checks: COUNT,
    set(watch) {
      started(watch);
      every(5, [-2, 120], (at) => watch.say(at, "job done", { instance: OLD }));
    },
    verdict: "fail",
    reason: /wanted value >= 2, got 0/,
  },
  {
    what: "lines that come a minute late, the stream included",
    checks: COUNT,
    options: { boot: "{ for: 3m, every: 10s }" },
    set(watch) {
      every(10, [-2, 30], (at) => watch.say(at, "job done", { lateMs: 60_000 }));
      every(10, [28, 240], (at) => watch.say(at, "job done", { lateMs: 12_000 }));
    },
    verdict: "pass",
    reason: /value >= 2 \(3\)/,
  },
  {
    what: "an interval that cannot be over before the stage is",
    checks: "lines: { logs: { count: done, per: 1m }, pass: value >= 2 }",
    options: { boot: "{ for: 1m, every: 5s }" },
    set: (watch) => every(10, [0, 120], (at) => watch.say(at, "job done")),
    verdict: "pass",
    reason: /value >= 2 \(6\)/,
  },
  {
    what: "a wave of errors",
    checks: RATE,
    options: LONG,
    set(watch) {
      started(watch);
      every(10, [60, 120], (at) => watch.say(at, "Traceback", { level: "error" }));
    },
    verdict: "fail",
    reason: /rate of the 1m from live \+ \d+s \(fails on rate > 3, got \d\)/,
  },
  {
    what: "much of what is no error",
    checks: RATE,
    options: LONG,
    set: (watch) => every(2, [-2, 180], (at) => watch.say(at, "hello")),
    verdict: "pass",
    reason: /rate > 3 does not hold \(0\)/,
  },
  {
    what: "cycles in time",
    checks: span("fail: [gap > 30s, overlap > 0, unfinished > 0]"),
    set: (watch) => every(20, [-2, 110], (at) => cycle(watch, at, 5)),
    verdict: "pass",
    reason:
      /\d spans? finished, \d open \(gap > 30s does not hold \([\d.]+s\); overlap > 0 does not hold \(0\)/,
  },
  {
    what: "cycles that stop",
    checks: span("fail: gap > 30s"),
    set: (watch) => every(20, [-2, 30], (at) => cycle(watch, at, 5)),
    verdict: "fail",
    reason: /fails on gap > 30s, got \d+/,
  },
  {
    what: "a worker that never starts a cycle",
    checks: span("fail: gap > 30s"),
    set: started,
    verdict: "fail",
    reason: /0 spans finished, 0 open \(fails on gap > 30s, got [\dm .]+s\)/,
  },
  {
    what: "a cycle that overlaps itself",
    checks: span("fail: overlap > 0"),
    set(watch) {
      cycle(watch, 5_000, 30);
      cycle(watch, 25_000, 5);
    },
    verdict: "fail",
    reason: /fails on overlap > 0, got 1/,
  },
  {
    what: "a cycle whose end comes late is none that overlaps",
    checks: span("fail: [overlap > 0, unfinished > 0]"),
    set(watch) {
      watch.say(5_000, "Starting deep scan");
      watch.say(19_000, "Finished deep scan", { lateMs: 14_000 });
      cycle(watch, 20_000, 5);
    },
    verdict: "pass",
    reason: /2 spans finished, 0 open/,
  },
  {
    what: "what a cycle found, and how long it took",
    checks: span("pass: [found >= 5, duration < 10s]"),
    set: (watch) => every(20, [0, 60], (at) => cycle(watch, at, 4)),
    verdict: "pass",
    reason: /found >= 5 \(7\); duration < 10s \(4s\)/,
  },
  {
    what: "a text that a cycle printed",
    checks: span(`fail: state == "broken"`),
    set(watch) {
      cycle(watch, 1_000, 9);
      watch.say(3_000, "state broken");
    },
    verdict: "fail",
    reason: /fails on state == "broken"/,
  },
  {
    what: "a cycle that did not print what is asked for",
    checks: span(`pass: state == "idle"`),
    set: (watch) => cycle(watch, 1_000, 9),
    verdict: "unknown",
    reason: /state is missing/,
  },
  {
    what: "a duration, and no cycle ended",
    checks: span("pass: duration < 10s"),
    set: (watch) => watch.say(1_000, "Starting deep scan"),
    verdict: "unknown",
    reason: /0 spans finished, 1 open \(duration < 10s not judged yet/,
  },
  {
    what: "two workers in one stream",
    checks: `lines: { logs: { span: [Starting deep scan, Finished deep scan] }, fail: duration > 20s }
extraction: { logs: { span: [Starting domain, Finished domain] }, fail: duration > 20s }`,
    set(watch) {
      cycle(watch, 1_000, 30);
      watch.say(2_000, "Starting domain extraction");
      watch.say(4_000, "Finished domain extraction");
    },
    verdict: "fail",
    reason: /fails on duration > 20s, got 30s/,
  },
  {
    what: "together with required and forbidden lines, all well",
    checks: span("pass: [matches == 0, missing == 0, overlap == 0]").replace(
      "logs:",
      "logs:\n    require: [ready]\n    forbid: [FATAL]\n    within: 30s",
    ),
    set(watch) {
      watch.say(1_000, "ready");
      cycle(watch, 2_000, 3);
    },
    verdict: "pass",
    reason: /1\/1 lines found; 1 span finished, 0 open/,
  },
  {
    what: "together with required and forbidden lines, one forbidden",
    checks: span("fail: [matches > 0, missing > 0, overlap > 0]").replace(
      "logs:",
      "logs:\n    require: [ready]\n    forbid: [FATAL]\n    within: 30s",
    ),
    set(watch) {
      watch.say(1_000, "ready");
      watch.say(3_000, "FATAL: out of cheese");
    },
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "no line of the deploy",
    checks: span("fail: gap > 30s"),
    options: { story: { platformLines: false } },
    set: () => undefined,
    verdict: "unknown",
    reason: /no log line of this deploy was read/,
  },
  {
    what: "logs that cannot be read",
    checks: COUNT,
    set(watch) {
      watch.render.refuseSockets(503);
      watch.render.fault({ route: /^GET \/logs$/, kind: "status", status: 503, from: watch.liveAt });
      every(10, [-2, 20], (at) => watch.say(at, "job done"));
    },
    verdict: "unknown",
    reason: /could not be read|503/,
  },
];

describe("the verbs of a logs check", () => {
  it.each(ROWS)("$what: $verdict", async (row) => {
    const watch = await startWatch(row.checks, row.options);
    await using _watch = watch;
    row.set(watch);
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({
      verdict: row.verdict,
      reason: expect.stringMatching(row.reason),
    });
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("two workers' cycles are told apart", async () => {
    const row = ROWS.find(({ what }) => what === "two workers in one stream")!;
    const watch = await startWatch(row.checks);
    await using _watch = watch;
    row.set(watch);
    expect(checkOf(await watch.run(), "extraction")).toMatchObject({ verdict: "pass" });
  });

  it("a cycle that a crash cut off is unfinished, and overlaps none of its successor's", async () => {
    const watch = await startWatch(
      `${span("fail: overlap > 0")}\ncut:\n${SPAN.split("\n").slice(1).join("\n")}\n  fail: unfinished > 0`,
      { boot: "{ for: 4m, every: 10s }" },
    );
    await using _watch = watch;
    started(watch);
    cycle(watch, -1_000, 3);
    watch.say(5_000, "Starting deep scan");
    watch.after(20_000, () => {
      watch.render.crash(watch.service.id, NEW);
      const { suffix } = watch.render.instances(watch.service.id).at(-1)!;
      watch.say(25_000, "INFO: starting", { instance: suffix });
      every(20, [30, 230], (at) => cycle(watch, at, 5, suffix));
    });
    const result = await watch.run();
    expect(checkOf(result, "cut")).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("fails on unfinished > 0, got 1"),
    });
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("a redeploy of the commit begins anew", async () => {
    const watch = await startWatch(span("fail: [overlap > 0, unfinished > 0]"), LONG);
    await using _watch = watch;
    watch.say(-1_000, "Starting deep scan");
    watch.after(12_000, () => {
      const again = watch.render.story(watch.service.id, watch.bad, {
        createdMs: 0,
        buildMs: 0,
        updateMs: 3_000,
        trigger: "service_updated",
        instances: ["ddddd"],
      });
      every(20, [0, 150], (at) => cycle(watch, again.updateAt! - watch.liveAt + 1_000 + at, 5, "ddddd"));
    });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
    expectTold(watch, result);
    expectNoAct(watch);
  });
});

describe("without the stream", () => {
  function chatter(watch: Watch, seconds: number): void {
    for (let at = -2_000; at < seconds * 1_000; at += 50) watch.say(at, `GET /orders/${at} 200`);
  }

  it("counts by pattern and rates by level are exact in a busy service", async () => {
    const watch = await startWatch(
      `lines: { logs: { count: done, per: 30s }, pass: value between 3 and 3 }
errors: { logs: { level: [error], per: minute }, pass: rate between 6 and 6 }`,
      LONG,
    );
    await using _watch = watch;
    watch.render.refuseSockets(403);
    chatter(watch, 260);
    every(10, [-2, 260], (at) => watch.say(at, "job done"));
    every(10, [-1, 260], (at) => watch.say(at, "Traceback", { level: "error" }));
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
    expect(checkOf(result, "errors")).toMatchObject({ verdict: "pass" });
    expectNoAct(watch);
  });
  it.each([
    ["it can be past the limit already", "fail: rate > 20", "fail", /fails on rate > 20/],
    ["what was not read may decide", "fail: rate > 2000", "unknown", /only a part of rate was read/],
  ])("a rate of info lines is a lower bound: %s", async (_what, line, verdict, reason) => {
    const watch = await startWatch(`lines: { logs: { level: [info], per: minute }, ${line} }`, LONG);
    await using _watch = watch;
    watch.render.refuseSockets(403);
    chatter(watch, 260);
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    expectTold(watch, result);
    expectNoAct(watch);
  });
  it("spans are paired", async () => {
    const watch = await startWatch(span("fail: [overlap > 0, gap > 50s]", "warn: found < 5"), LONG);
    await using _watch = watch;
    watch.render.refuseSockets(403);
    chatter(watch, 260);
    every(20, [-2, 260], (at) => cycle(watch, at, 5));
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
    expectNoAct(watch);
  });
});

describe("new_matches", () => {
  const CHECKS = "lines: { logs: { forbid: [ERROR] }, fail: new_matches > 0 }";
  const old = (watch: Watch, minutes: number, message: string): void =>
    watch.render.log(watch.service.id, { message, instance: OLD, at: watch.liveAt - minutes * 60_000 });

  const rows: readonly (readonly [string, (watch: Watch) => void, string, RegExp])[] = [
    [
      "what the old version printed, too",
      (watch) => {
        old(watch, 600, "ERROR: job 17 of 'shop' failed");
        watch.say(5_000, "ERROR: job 4711 of 'bank' failed");
      },
      "pass",
      /new_matches > 0 does not hold \(0\)/,
    ],
    [
      "what it did not print",
      (watch) => {
        old(watch, 600, "ERROR: job 17 failed");
        watch.say(5_000, "ERROR: job 18 failed");
        watch.say(6_000, "ERROR: disk full");
      },
      "fail",
      /fails on new_matches > 0, got 1/,
    ],
    ["nothing forbidden", started, "pass", /new_matches > 0 does not hold \(0\)/],
    [
      "what it printed since the build began is the old version's, too, and not asked for",
      (watch) => {
        watch.render.log(watch.service.id, { message: "ERROR: a", instance: OLD, at: watch.liveAt + 3_000 });
        watch.say(5_000, "INFO");
      },
      "pass",
      /does not hold/,
    ],
    [
      "more than is read, all of it known",
      (watch) => {
        for (let index = 0; index < 2_500; index += 1)
          old(watch, 1 + index / 10, `ERROR: job ${index} failed`);
        watch.say(5_000, "ERROR: job 1 failed");
      },
      "pass",
      /new_matches > 0 does not hold \(0\)/,
    ],
    [
      "more than is read, and something else now",
      (watch) => {
        for (let index = 0; index < 2_500; index += 1)
          old(watch, 1 + index / 10, `ERROR: job ${index} failed`);
        watch.say(5_000, "ERROR: disk full");
      },
      "unknown",
      /new_matches is not known: the previous deploy printed more such lines than are read/,
    ],
  ];
  it.each(rows)("%s", async (_what, set, verdict, reason) => {
    const watch = await startWatch(CHECKS, { boot: "{ for: 6m, every: 15s }", story: { buildMs: 40_000 } });
    await using _watch = watch;
    set(watch);
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    if (verdict === "fail")
      expect(checkOf(result, "lines").evidence).toContainEqual(
        expect.objectContaining({ text: "new: ERROR: disk full" }),
      );
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("are not known where nothing is kept of the previous deploy's start", async () => {
    const watch = await startWatch(CHECKS, { boot: "{ for: 3m, every: 15s }", story: { buildMs: 40_000 } });
    await using _watch = watch;
    watch.say(5_000, "ERROR: disk full");
    const result = await watch.run({
      edges: (edges) => ({
        ...edges,
        logs: {
          ...edges.logs,
          read: async (query) => {
            const read = await edges.logs.read(query);
            return { ...read, lines: read.lines.filter(({ at }) => at > watch.liveAt - 60_000) };
          },
        },
      }),
    });
    expect(checkOf(result, "lines")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("the lines of the previous deploy's start are not kept any more"),
    });
    expectNoAct(watch);
  });
  it("cost no first sample its time, and are not read where nobody asks", async () => {
    for (const [checks, reads] of [
      [CHECKS, true],
      ["lines: { logs: { forbid: [ERROR] } }", false],
    ] as const) {
      const watch = await startWatch(`${checks}\nhealth: { http: /health }`, { lateMs: 60_000 });
      await using _watch = watch;
      old(watch, 600, "ERROR: job 17 failed");
      watch.say(5_000, "ERROR: job 4711 failed");
      const startedAt = watch.clock.now();
      await watch.run();
      const isOld = ({ path, query }: { path: string; query: URLSearchParams }): boolean =>
        path === "/logs" && Date.parse(query.get("startTime") ?? "") < watch.liveAt - 3_600_000;
      const asked = watch.render.requests.filter(isOld);
      expect(asked.length > 0).toBe(reads);
      const first = watch.web.requests.find(({ at }) => at >= startedAt);
      expect(first!.at - startedAt).toBeLessThanOrEqual(3_000);
      if (reads) expect(asked[0]!.at).toBeGreaterThan(first!.at);
      expectNoAct(watch);
    }
  });
});
