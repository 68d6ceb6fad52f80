import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import {
  checkOf,
  expectLawful,
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

const FORBID = "lines: { logs: { forbid: [Traceback, FATAL] } }";
const REQUIRE = `lines:
  logs:
    within: 30s
    require:
      schedulers: [Added job deep_scan, "/Added job domain_\\\\w+/"]
      web: [Application startup complete]`;

function started(watch: Watch): void {
  watch.say(-2_000, "INFO: starting");
}

const ROWS: readonly Row[] = [
  {
    what: "no forbidden line",
    checks: FORBID,
    set: started,
    verdict: "pass",
    reason: /matches > 0 does not hold \(0\)/,
  },
  {
    what: "a forbidden line",
    checks: FORBID,
    set(watch) {
      started(watch);
      watch.say(25_000, "FATAL: out of cheese");
    },
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "a forbidden line before live, of the new instance",
    checks: FORBID,
    set: (watch) => watch.say(-2_000, "FATAL: out of cheese"),
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "the old version's errors 90 s after live",
    checks: FORBID,
    options: { boot: "{ for: 2m, every: 10s }" },
    set(watch) {
      started(watch);
      for (const after of [1_000, 40_000, 85_000]) watch.say(after, "FATAL: closing", { instance: OLD });
    },
    verdict: "pass",
    reason: /matches > 0 does not hold \(0\)/,
  },
  {
    what: "colours inside of what is forbidden",
    checks: `lines: { logs: { forbid: ["FATAL: disk full"] } }`,
    set(watch) {
      started(watch);
      watch.say(5_000, "\u001b[31mFATAL\u001b[0m: disk full");
    },
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "stderr's level error alone",
    checks: FORBID,
    set: (watch) => watch.say(1_000, "INFO: listening on 10000", { level: "error" }),
    verdict: "pass",
    reason: /does not hold/,
  },
  {
    what: "a forbidden text at another level than asked for",
    checks: "lines: { logs: { level: [critical], forbid: [FATAL] } }",
    set: (watch) => watch.say(1_000, "FATAL: maybe", { level: "error" }),
    verdict: "pass",
    reason: /does not hold/,
  },
  {
    what: "a forbidden text at the level asked for",
    checks: "lines: { logs: { level: [critical], forbid: [FATAL] } }",
    set: (watch) => watch.say(1_000, "FATAL: maybe", { level: "critical" }),
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "a line delivered twice, counted once",
    checks: "lines: { logs: { forbid: [WARN] }, fail: matches > 1 }",
    set: (watch) => watch.say(3_000, "WARN: slow", { twice: true }),
    verdict: "pass",
    reason: /matches > 1 does not hold \(1\)/,
  },
  {
    what: "a line that comes 30 s late, after the end",
    checks: FORBID,
    options: { boot: "{ for: 1m, every: 30s }" },
    set(watch) {
      started(watch);
      watch.say(55_000, "FATAL: late", { lateMs: 30_000 });
    },
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "all required lines",
    checks: REQUIRE,
    set(watch) {
      watch.say(-1_000, "Added job deep_scan");
      watch.say(2_000, "Added job domain_extraction");
      watch.say(3_000, "INFO: Application startup complete.");
    },
    verdict: "pass",
    reason: /3\/3 lines found/,
  },
  {
    what: "one of three required lines missing",
    checks: REQUIRE,
    set(watch) {
      watch.say(-1_000, "Added job deep_scan");
      watch.say(3_000, "INFO: Application startup complete.");
    },
    verdict: "fail",
    reason: /^2\/3 lines found; missing: schedulers: \/Added job domain_\S+ \(fails on missing > 0, got 1\)/,
  },
  {
    what: "a required line after its time",
    checks: REQUIRE,
    set(watch) {
      watch.say(-1_000, "Added job deep_scan");
      watch.say(2_000, "Added job domain_extraction");
      watch.say(40_000, "INFO: Application startup complete.");
    },
    verdict: "fail",
    reason: /web: Application startup complete \(came 10s late\)/,
  },
  {
    what: "a required line in time that arrives late",
    checks: REQUIRE,
    set(watch) {
      watch.say(-1_000, "Added job deep_scan");
      watch.say(2_000, "Added job domain_extraction");
      watch.say(3_000, "INFO: warming up", { lateMs: 10_000 });
      watch.say(28_000, "INFO: Application startup complete.", { lateMs: 15_000 });
    },
    verdict: "pass",
    reason: /3\/3 lines found/,
  },
  {
    what: "required lines of the old instance only",
    checks: "lines: { logs: { within: 30s, require: [ready] } }",
    set(watch) {
      watch.say(1_000, "ready", { instance: OLD });
      watch.say(1_000, "starting");
    },
    verdict: "fail",
    reason: /0\/1 lines found; missing: ready/,
  },
  {
    what: "a required line, and no app line at all",
    checks: "lines: { logs: { within: 30s, require: [ready] } }",
    set: () => undefined,
    verdict: "unknown",
    reason: /no other app line of the new instances was read/,
  },
  {
    what: "no line at all",
    checks: FORBID,
    options: { story: { platformLines: false } },
    set: () => undefined,
    verdict: "unknown",
    reason: /no log line of this deploy was read/,
  },
  {
    what: "nothing but the platform's own lines",
    checks: FORBID,
    set: () => undefined,
    verdict: "pass",
    reason: /does not hold/,
  },
  {
    what: "a forbidden line of the build",
    checks: "lines: { logs: { type: build, forbid: [deprecated] } }",
    set: (watch) => watch.say(-5_000, "npm WARN deprecated left-pad", { type: "build" }),
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "a forbidden line of a later build",
    checks: "lines: { logs: { type: build, forbid: [deprecated] } }",
    set: (watch) => watch.say(20_000, "npm WARN deprecated left-pad", { type: "build" }),
    verdict: "pass",
    reason: /does not hold/,
  },
  {
    what: "request lines while old and new are mixed",
    checks: "lines: { logs: { type: request, forbid: [POST] } }",
    options: { boot: "{ for: 3m, every: 15s }" },
    set(watch) {
      watch.say(50_000, "POST /orders 500", { type: "request", statusCode: 500 });
      watch.say(120_000, "GET /orders 200", { type: "request" });
    },
    verdict: "pass",
    reason: /does not hold/,
  },
  {
    what: "request lines once the old version has stopped",
    checks: "lines: { logs: { type: request, forbid: [POST] } }",
    options: { boot: "{ for: 3m, every: 15s }" },
    set: (watch) => watch.say(100_000, "POST /orders 500", { type: "request", statusCode: 500 }),
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
  {
    what: "request lines where there are none",
    checks: "lines: { logs: { type: request, forbid: [POST] } }",
    options: { boot: "{ for: 3m, every: 15s }" },
    set: () => undefined,
    verdict: "unknown",
    reason: /no request line was read/,
  },
  {
    what: "an instance that came later by scaling",
    checks: FORBID,
    set(watch) {
      started(watch);
      watch.after(20_000, () => {
        watch.render.serviceState(watch.service.id);
        watch.render.crash(watch.service.id, NEW);
        const suffix = watch.render.instances(watch.service.id).at(-1)!.suffix;
        watch.say(30_000, "FATAL: again", { instance: suffix });
      });
    },
    verdict: "fail",
    reason: /fails on matches > 0, got 1/,
  },
];

describe("a check of the logs", () => {
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
});

describe("the new version's instances", () => {
  it("of a newer deploy's are not ours: its errors do not fail this one", async () => {
    const watch = await startWatch("lines: { logs: { forbid: [FATAL] }, on_fail: revert }");
    await using _watch = watch;
    started(watch);
    const next = await watch.push({ "app.py": "print('three')\n" }, "Third (#3)");
    watch.after(5_000, () => {
      const story = watch.render.story(watch.service.id, next, {
        createdMs: 0,
        buildMs: 10_000,
        updateMs: 80_000,
        instances: ["ccccc"],
      });
      watch.render.log(watch.service.id, {
        message: "FATAL: no such table",
        instance: "ccccc",
        at: story.updateAt! + 15_000,
      });
    });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({ verdict: "pass" });
    expect(watch.github.pulls).toEqual([]);
    expectLawful(watch);
  });

  describe("when the gate came late", () => {
    const LATE = { lateMs: 20 * 60_000 } as const;

    it.each([
      ["a forbidden line of the new one, long ago", NEW, 30_000, "fail"],
      ["a line of an old one that has stopped since", OLD, 30_000, "pass"],
    ])("%s", async (_what, instance, after, verdict) => {
      const watch = await startWatch(FORBID, LATE);
      await using _watch = watch;
      watch.render.log(watch.service.id, {
        message: "INFO: old business",
        instance: OLD,
        at: watch.liveAt - 3_600_000,
      });
      started(watch);
      watch.say(after, "FATAL: out of cheese", { instance });
      const result = await watch.run();
      expect(checkOf(result, "lines")).toMatchObject({ verdict });
      expectTold(watch, result);
      expectNoAct(watch);
    });

    it("a forbidden line of an instance nobody knows is no green and no failure", async () => {
      const watch = await startWatch(FORBID, LATE);
      await using _watch = watch;
      started(watch);
      watch.say(30_000, "FATAL: out of cheese", { instance: "zzzzz" });
      const result = await watch.run();
      expect(checkOf(result, "lines")).toMatchObject({
        verdict: "unknown",
        reason: expect.stringMatching(/zzzzz wrote a forbidden line.*cannot be said/),
      });
      expectTold(watch, result);
      expectNoAct(watch);
    });
  });

  it("of a redeploy of the commit have to print what is required, too", async () => {
    const watch = await startWatch("lines: { logs: { within: 20s, require: [ready] } }", {
      boot: "{ for: 2m, every: 10s }",
    });
    await using _watch = watch;
    watch.say(1_000, "ready");
    watch.after(15_000, () => {
      const again = watch.render.story(watch.service.id, watch.bad, {
        createdMs: 0,
        buildMs: 0,
        updateMs: 5_000,
        trigger: "service_updated",
        instances: ["ddddd"],
      });
      watch.render.log(watch.service.id, {
        message: "starting",
        instance: "ddddd",
        at: again.updateAt! + 1_000,
      });
    });
    const result = await watch.run();
    expect(checkOf(result, "lines")).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("0/1 lines found; missing: ready"),
    });
    expectTold(watch, result);
    expectNoAct(watch);
  });
});

describe("hostile lines", () => {
  it("do not hang an expression that backtracks", async () => {
    const watch = await startWatch(`lines: { logs: { forbid: ["/(a+)+$/", "/^(\\\\w+\\\\s?)*!$/"] } }`);
    await using _watch = watch;
    for (let index = 0; index < 50; index += 1) watch.say(1_000 + index, `${"a".repeat(5_000)}\u0001`);
    const result = await watch.run();
    expect(checkOf(result, "lines").verdict).toBe("pass");
    expectNoAct(watch);
  });
});
