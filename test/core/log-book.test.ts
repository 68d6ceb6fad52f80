import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/check.ts";
import type { LogsSource, PatternGroup } from "../../src/core/source.ts";
import { findingOf } from "../../src/core/finding.ts";
import { createLogBook, patternText, plainText, type LogFacts } from "../../src/core/log-book.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import { conditions, givenCheck, givenContext, givenLogCheck, HOUR, MINUTE, SECOND, T0 } from "./given.ts";

/** The deploy started at T0 and was live five minutes later. */
const LIVE = T0 + 5 * MINUTE;
const REQUESTS = LIVE + 90 * SECOND;
const END = LIVE + 5 * MINUTE;

const FACTS: LogFacts = {
  startedAt: T0,
  liveAt: LIVE,
  shutdownDelayMs: 30 * SECOND,
  isNew: (suffix) => (suffix.startsWith("new") ? true : suffix.startsWith("old") ? false : undefined),
  hasInstances: true,
  knowsNewInstances: true,
};

let ids = 0;
function line(message: string, over: Partial<LogLine> = {}): LogLine {
  const at = over.at ?? LIVE + 10 * SECOND;
  return {
    id: `log-${(ids += 1)}`,
    at,
    timestamp: `t${at}`,
    message,
    type: "app",
    level: "info",
    instance: "new1",
    ...over,
  };
}
/** The platform's own line, which carries no instance. */
function platform(message = "==> Your service is live", over: Partial<LogLine> = {}): LogLine {
  const { instance: _none, ...rest } = line(message, over);
  return rest;
}
const build = (message: string, over: Partial<LogLine> = {}) =>
  platform(message, { type: "build", at: T0 + MINUTE, ...over });
const request = (message: string, over: Partial<LogLine> = {}) =>
  platform(message, { type: "request", at: REQUESTS, ...over });

function groups(...texts: readonly string[]): readonly PatternGroup[] {
  return [{ name: "", patterns: texts.map((text) => ({ kind: "text", text })) }];
}
const regex = (source: string, flags = ""): readonly PatternGroup[] => [
  { name: "", patterns: [{ kind: "pattern", source, flags }] },
];

function bookOf(check: Check, about: Partial<LogFacts> | (() => Partial<LogFacts>) = {}) {
  const facts = () => ({ ...FACTS, ...(typeof about === "function" ? about() : about) });
  const book = createLogBook({ checks: [check], facts, keep: (text) => text.replaceAll("hunter2", "***") });
  return {
    book,
    read: (...lines: readonly LogLine[]) => {
      for (const one of lines) book.add(one, one.at);
    },
    finding: (at = END) =>
      findingOf(check, book.sample(check, at), givenContext({ liveAt: LIVE, since: LIVE })),
    sample: (at = END) => book.sample(check, at),
  };
}
const matchesIn = (check: Check, lines: readonly LogLine[], facts: Partial<LogFacts> = {}): unknown => {
  const { read, sample } = bookOf(check, facts);
  read(platform("==> Build successful", { type: "build", at: T0 + MINUTE }), ...lines);
  const taken = sample();
  return taken.kind === "ok" ? taken.subjects["matches"] : taken.reason;
};

describe("which lines count", () => {
  const rows: readonly (readonly [string, Partial<LogsSource>, LogLine, number])[] = [
    ["app: of the new version's instances", {}, line("FATAL"), 1],
    ["app: from their first, before live", {}, line("FATAL", { at: LIVE - MINUTE }), 1],
    ["app: of another new instance", {}, line("FATAL", { instance: "new2" }), 1],
    ["app: not of old instances, after live either", {}, line("FATAL", { instance: "old1" }), 0],
    ["app: not the platform's own", {}, platform("FATAL"), 0],
    [
      "app: an instance not in the list, once old ones have stopped",
      {},
      line("FATAL", { instance: "x", at: REQUESTS }),
      1,
    ],
    ["app: not a build line", {}, build("FATAL"), 0],
    ["build: from the deploy's start", { type: "build" }, build("FATAL", { at: T0 }), 1],
    ["build: not from before", { type: "build" }, build("FATAL", { at: T0 - 2 * SECOND }), 0],
    ["build: to its end", { type: "build" }, build("FATAL", { at: LIVE }), 1],
    ["build: not after it", { type: "build" }, build("FATAL", { at: LIVE + 1 }), 0],
    ["request: from live + 60 s + shutdown delay", { type: "request" }, request("FATAL"), 1],
    ["a type of tomorrow", {}, line("FATAL", { type: "audit" }), 0],
    ["level: only these", { levels: ["error"] }, line("FATAL", { level: "error" }), 1],
    ["level: not others", { levels: ["error"] }, line("FATAL", { level: "warning" }), 0],
    [
      "level: none named, stderr's false error level does not matter",
      {},
      line("started", { level: "error" }),
      0,
    ],
    ["level: unknown ones count as info", { levels: ["info"] }, line("FATAL", { level: "verbose" }), 1],
    ["level: without one is info", { levels: ["info"] }, line("FATAL", { level: "" }), 1],
    ["level: in capitals", { levels: ["error"] }, line("FATAL", { level: "ERROR" }), 1],
    ["pattern: plain text is a substring", {}, line("[x] FATALITY"), 1],
    ["pattern: case counts", {}, line("fatal"), 0],
    ["pattern: plain text is no expression", { forbid: groups("a.c") }, line("abc"), 0],
    ["pattern: /…/ is an expression", { forbid: regex("a.c") }, line("xabcx"), 1],
    ["pattern: with flags", { forbid: regex("fatal", "i") }, line("FATAL"), 1],
    [
      "pattern: through ANSI colours",
      { forbid: groups("FATAL: boom") },
      line("\u001b[1;31mFATAL\u001b[0m: boom"),
      1,
    ],
    ["pattern: far down a long line", {}, line(`${"x".repeat(20_000)}FATAL`), 1],
    ["pattern: an expression that cannot be used finds nothing", { forbid: regex("(") }, line("("), 0],
  ];
  it.each(rows)("%s", (_rule, source, one, expected) => {
    // One more line of the type, so that something was read.
    const harmless = { ...one, id: "other", message: "hello" };
    const isRequest = source.type === "request";
    expect(matchesIn(givenLogCheck(source), isRequest ? [harmless, one] : [one])).toBe(expected);
  });

  it("request lines from before that moment are left out", () => {
    const early = request("FATAL", { at: REQUESTS - 1 });
    expect(matchesIn(givenLogCheck({ type: "request" }), [request("hello"), early])).toBe(0);
  });
  it("cron jobs have no lasting instances: every line since the deploy", () => {
    const facts = { hasInstances: false, knowsNewInstances: false };
    const lines = [line("FATAL", { instance: "run1" }), line("FATAL", { at: T0 - HOUR })];
    expect(matchesIn(givenLogCheck(), lines, facts)).toBe(1);
  });
  it("a redeploy of the commit starts anew", () => {
    let startedAt = T0;
    const { read, sample } = bookOf(givenLogCheck(), () => ({ startedAt }));
    read(line("FATAL"));
    startedAt = LIVE + MINUTE;
    read(line("hello", { at: LIVE + 2 * MINUTE }));
    expect(sample()).toMatchObject({ subjects: { matches: 0 } });
  });
  it("while a deploy is queued another one builds: its lines are forgotten once ours starts", () => {
    let startedAt = T0;
    const check = givenLogCheck({ type: "build", require: groups("done") });
    const { read, sample, book } = bookOf(check, () => ({ startedAt }));
    read(build("FATAL of another", { at: T0 + MINUTE }), build("done", { at: T0 + MINUTE }));
    expect(sample()).toMatchObject({ subjects: { matches: 1, found: 1 } });
    startedAt = T0 + 2 * MINUTE;
    expect(sample()).toMatchObject({ kind: "error", reason: "no log line of this deploy was read" });
    read(build("done", { at: T0 + 3 * MINUTE }));
    expect(sample()).toMatchObject({ subjects: { matches: 0, found: 1, missing: 0 } });
    expect(book.firstMatch(check.name)).toBeUndefined();
  });
});

describe("lines come late, twice, out of order", () => {
  it("a line read twice counts once", () => {
    const one = line("FATAL");
    expect(matchesIn(givenLogCheck(), [one, one, { ...one }])).toBe(1);
  });
  it("two lines with the same time and text are two", () => {
    const at = LIVE + SECOND;
    expect(matchesIn(givenLogCheck(), [line("FATAL", { at }), line("FATAL", { at })])).toBe(2);
  });
  it("lines without an id are known by time, instance and text", () => {
    const one = line("FATAL", { id: "" });
    const lines = [one, { ...one }, { ...one, instance: "new2" }, { ...one, timestamp: "t2" }];
    expect(matchesIn(givenLogCheck(), lines)).toBe(3);
  });
  it("build lines without an id have no instance to be known by", () => {
    const one = build("FATAL", { id: "" });
    expect(matchesIn(givenLogCheck({ type: "build" }), [one, { ...one }])).toBe(1);
  });
  it("a line with several forbidden patterns counts once", () => {
    expect(matchesIn(givenLogCheck({ forbid: groups("FATAL", "boom") }), [line("FATAL boom")])).toBe(1);
  });

  const some = fc.array(
    fc.record({
      id: fc.integer({ min: 0, max: 12 }).map(String),
      text: fc.constantFrom("FATAL", "ready", "hello", "FATAL ready"),
      instance: fc.constantFrom("new1", "new2", "old1", "unlisted"),
      seconds: fc.integer({ min: 0, max: 60 }),
    }),
    { maxLength: 30 },
  );
  const check = givenLogCheck({ require: groups("ready", "hello"), withinMs: 30 * SECOND });
  const counts = (lines: readonly LogLine[]) => {
    const { read, sample } = bookOf(check, { rereadTo: END });
    read(platform(), ...lines);
    const taken = sample();
    return taken.kind === "ok" ? taken.subjects : taken.kind;
  };
  const linesOf = (given: readonly { id: string; text: string; instance: string; seconds: number }[]) => {
    const byId = new Map(given.map((one) => [one.id, one]));
    return [...byId.values()].map(({ id, text, instance, seconds }) =>
      line(text, { id, instance, at: LIVE + seconds * SECOND }),
    );
  };
  it("the order of lines does not matter for counts", () => {
    fc.assert(
      fc.property(some, fc.func(fc.nat()), (given, key) => {
        const lines = linesOf(given);
        const shuffled = lines.toSorted((a, b) => key(a.id) - key(b.id));
        expect(counts(shuffled)).toEqual(counts(lines));
      }),
    );
  });
  it("lines added twice count once", () => {
    fc.assert(
      fc.property(some, (given) => {
        const lines = linesOf(given);
        expect(counts([...lines, ...lines.toReversed()])).toEqual(counts(lines));
      }),
    );
  });
  it("old instances' lines never change anything", () => {
    fc.assert(
      fc.property(some, some, (given, noise) => {
        const lines = linesOf(given);
        const old = noise.map(({ text, seconds }) =>
          line(text, { instance: "old2", at: LIVE + seconds * SECOND }),
        );
        expect(counts([...old, ...lines])).toEqual(counts(lines));
      }),
    );
  });

  it("the largest delay of arrival is known", () => {
    const { book } = bookOf(givenLogCheck());
    expect(book.lagMs()).toBeUndefined();
    book.add(line("read later"));
    expect(book.lagMs()).toBeUndefined();
    book.add(line("a", { at: LIVE }), LIVE + 8 * SECOND);
    book.add(line("b", { at: LIVE }), LIVE + 2 * SECOND);
    expect(book.lagMs()).toBe(8 * SECOND);
  });
});

describe("lines of instances not told yet", () => {
  it("wait until the instances are known", () => {
    const known = new Set<string>();
    const check = givenLogCheck();
    const { book, read, sample } = bookOf(check, () => ({
      isNew: (suffix) => (known.has(suffix) ? suffix === "abc" : undefined),
    }));
    read(
      platform(),
      line("FATAL", { instance: "abc" }),
      line("FATAL", { instance: "def" }),
      line("FATAL", { instance: "ghi" }),
    );
    expect(sample()).toMatchObject({ kind: "error", reason: expect.stringContaining("cannot be said") });
    expect(book.unsure()).toEqual(["abc", "def", "ghi"]);
    known.add("abc").add("def");
    book.reclassify();
    expect(book.unsure()).toEqual(["ghi"]);
    expect(sample()).toMatchObject({ kind: "ok", subjects: { matches: 1 } });
    known.add("ghi");
    book.reclassify();
    book.reclassify();
    expect(book.unsure()).toEqual([]);
    expect(sample()).toMatchObject({ kind: "ok", subjects: { matches: 1 } });
  });
  it("that may be old ones' are never held against the new version, nor called clean", () => {
    const one = line("FATAL", { instance: "x", at: REQUESTS - 1 });
    const { read, finding } = bookOf(givenLogCheck());
    read(platform(), one);
    expect(finding()).toMatchObject({
      outcome: "error",
      reason: expect.stringContaining("instance x wrote"),
    });
  });
  it("wait while nothing is live yet", () => {
    const check = givenLogCheck();
    const { liveAt: _none, ...facts } = FACTS;
    const book = createLogBook({ checks: [check], facts: () => facts, keep: (text) => text });
    book.add(line("FATAL", { instance: "x", at: END }));
    expect(book.unsure()).toEqual(["x"]);
  });
  it("do not matter when nothing in them is forbidden, or not at that level", () => {
    const outcome = (over: Partial<LogsSource>) => {
      const { read, finding } = bookOf(givenLogCheck(over));
      read(platform(), line("FATAL", { instance: "x" }));
      return finding().outcome;
    };
    expect([
      outcome({ forbid: groups("other") }),
      outcome({ levels: ["error"] }),
      outcome({ type: "build" }),
    ]).toEqual(["pass", "pass", "pass"]);
  });
  it("that waited and were read again count once", () => {
    let isKnown = false;
    const { book, read, sample } = bookOf(givenLogCheck(), () => ({
      isNew: () => (isKnown ? true : undefined),
    }));
    const one = line("FATAL", { instance: "abc" });
    read(platform(), one, one);
    isKnown = true;
    book.reclassify();
    read(one);
    expect(sample()).toMatchObject({ subjects: { matches: 1 } });
  });
});

describe("measured or not", () => {
  const rows: readonly (readonly [
    string,
    Partial<LogsSource>,
    readonly LogLine[],
    Partial<LogFacts>,
    string,
  ])[] = [
    ["a clean window", {}, [line("hello")], {}, "pass"],
    ["the platform's own line is enough", {}, [platform()], {}, "pass"],
    ["no line of this deploy was read", {}, [], {}, "error"],
    ["only lines from before the deploy", {}, [platform("x", { at: T0 - MINUTE })], {}, "error"],
    ["only lines of old instances", {}, [line("hello", { instance: "old1" })], {}, "error"],
    ["only request lines of the old version", {}, [request("GET /", { at: T0 + MINUTE })], {}, "error"],
    ["app: the new instances are not known", {}, [platform()], { knowsNewInstances: false }, "error"],
    ["build: no instances needed", { type: "build" }, [build("ok")], { knowsNewInstances: false }, "pass"],
    ["part of the window could not be read", {}, [line("hello")], { gap: "the stream is down" }, "error"],
    [
      "part of the window could not be read, and what was read fails already",
      {},
      [line("FATAL")],
      { gap: "more lines than are read" },
      "fail",
    ],
    [
      "request: workspaces without request lines measure nothing",
      { type: "request" },
      [platform()],
      {},
      "error",
    ],
    ["request: none forbidden", { type: "request" }, [request("GET /")], {}, "pass"],
    [
      "cron: a line of a run is enough",
      {},
      [line("hello", { instance: "run1" })],
      { hasInstances: false },
      "pass",
    ],
  ];
  it.each(rows)("%s", (_rule, source, lines, facts, outcome) => {
    const { read, finding } = bookOf(givenLogCheck(source), facts);
    read(...lines);
    expect(finding().outcome).toBe(outcome);
  });

  it("request lines are no finding before the old version has stopped", () => {
    const { read, finding } = bookOf(givenLogCheck({ type: "request" }));
    read(request("GET /"));
    expect([finding(REQUESTS - 1).outcome, finding(REQUESTS).outcome]).toEqual(["open", "pass"]);
  });
  it("request lines are no finding before live", () => {
    const check = givenLogCheck({ type: "request" });
    const { liveAt: _none, ...facts } = FACTS;
    const book = createLogBook({ checks: [check], facts: () => facts, keep: (text) => text });
    book.add(request("FATAL"), LIVE);
    expect(book.sample(check, END).kind).toBe("none");
  });
  it("lines not read can only raise the count: a gap decides nothing that more lines could change", () => {
    const outcome = (over: Partial<Check>, lines: readonly LogLine[]) => {
      const { read, finding } = bookOf(givenLogCheck({}, over), { gap: "down" });
      read(platform(), ...lines);
      return finding().outcome;
    };
    expect(outcome({ fail: conditions("matches > 1") }, [line("FATAL")])).toBe("error");
    expect(outcome({ fail: conditions("matches > 1") }, [line("FATAL"), line("FATAL")])).toBe("fail");
    expect(outcome({ fail: [], pass: conditions("matches >= 2") }, [line("FATAL")])).toBe("error");
    expect(outcome({ fail: [], pass: conditions("matches == 0") }, [line("FATAL")])).toBe("fail");
    expect(outcome({ fail: conditions("matches < 5") }, [line("FATAL")])).toBe("error");
  });
  it("a check that is not in the book is an error", () => {
    const { book } = bookOf(givenLogCheck());
    expect(book.sample(givenLogCheck({}, { name: "other" }), END)).toMatchObject({ kind: "error" });
    const sql = createLogBook({ checks: [givenCheck()], facts: () => FACTS, keep: (text) => text });
    expect(sql.sample(givenCheck(), END).kind).toBe("error");
  });
  it("the lines read of this deploy are counted", () => {
    const { book, read } = bookOf(givenLogCheck());
    read(
      platform(),
      build("x"),
      line("a"),
      line("b", { instance: "old1" }),
      platform("y", { at: T0 - HOUR }),
    );
    expect(book.linesRead()).toBe(3);
  });
});

describe("require", () => {
  const DEADLINE = LIVE + 2 * MINUTE;
  const required = (over: Partial<LogsSource> = {}) =>
    givenLogCheck({ forbid: [], require: groups("ready", "listening"), ...over });
  const outcomes = (check: Check, lines: readonly LogLine[], facts: Partial<LogFacts> = {}) => {
    const { read, finding } = bookOf(check, facts);
    read(platform(), ...lines);
    return (at: number) => finding(at);
  };

  it("all there: passes at once", () => {
    const at = outcomes(required(), [line("ready"), line("listening")]);
    expect(at(LIVE + 20 * SECOND)).toMatchObject({
      outcome: "pass",
      reason: expect.stringContaining("2/2 lines found"),
    });
  });
  it("pending until live + within", () => {
    const at = outcomes(required(), [line("ready")], { rereadTo: END });
    expect(at(DEADLINE - 1)).toMatchObject({
      outcome: "open",
      reason: "1/2 lines found, waiting until live + 120s",
    });
    expect(at(DEADLINE)).toMatchObject({
      outcome: "fail",
      reason: expect.stringContaining("missing: listening"),
    });
  });
  it("pending until the window was read again", () => {
    const reread = (rereadTo?: number) =>
      outcomes(required(), [line("ready")], rereadTo === undefined ? {} : { rereadTo })(END);
    expect(reread()).toMatchObject({
      outcome: "none",
      reason: "1/2 lines found, the window is being read once more",
    });
    expect(reread(DEADLINE - 1).outcome).toBe("none");
    expect(reread(DEADLINE).outcome).toBe("fail");
  });
  it("pending before it is known when it went live", () => {
    const check = required();
    const { liveAt: _none, ...facts } = FACTS;
    const book = createLogBook({ checks: [check], facts: () => facts, keep: (text) => text });
    book.add(platform(), LIVE);
    expect(book.sample(check, END)).toMatchObject({ kind: "ok", pending: expect.stringContaining("0/2") });
  });
  it("a line that came after live + within is missing, and said to be late", () => {
    const late = line("listening", { at: DEADLINE + 5 * SECOND });
    const at = outcomes(required(), [line("ready"), late], { rereadTo: END });
    expect(at(END)).toMatchObject({
      outcome: "fail",
      reason: expect.stringContaining("missing: listening (came 5s late)"),
    });
  });
  it("a late line does not hide the one in time that arrives after it", () => {
    const at = outcomes(
      required(),
      [line("ready"), line("listening", { at: DEADLINE + SECOND }), line("listening")],
      { rereadTo: END },
    );
    expect(at(END).outcome).toBe("pass");
  });
  it("no other app line of the new instances was read: an error, not a failure", () => {
    const at = outcomes(required(), [line("ready", { instance: "old1" })], { rereadTo: END });
    expect(at(END)).toMatchObject({ outcome: "error", reason: expect.stringContaining("no other app line") });
  });
  it("a cron job's own lines are other lines", () => {
    const at = outcomes(required(), [line("hello", { instance: "run1" })], {
      rereadTo: END,
      hasInstances: false,
    });
    expect(at(END).outcome).toBe("fail");
  });
  it("build: no build line was read", () => {
    const check = required({ type: "build" });
    const { read, finding } = bookOf(check, { rereadTo: END });
    read(platform());
    expect(finding()).toMatchObject({
      outcome: "error",
      reason: expect.stringContaining("no other build line"),
    });
  });
  it("named groups are reported as N/M, each line with its group", () => {
    const named = required({
      require: [
        { name: "web", patterns: [{ kind: "text", text: "ready" }] },
        { name: "jobs", patterns: [{ kind: "pattern", source: "job \\d+", flags: "i" }] },
      ],
    });
    const { read, sample } = bookOf(named, { rereadTo: END });
    read(platform(), line("ready"));
    expect(sample()).toMatchObject({
      note: "1/2 lines found; missing: jobs: /job \\d+/i",
      subjects: { found: 1, missing: 1, groups: "1/2" },
      evidence: [{ text: "missing: jobs: /job \\d+/i" }],
    });
  });
  it("the same pattern twice is no trap", () => {
    const twice = required({ require: groups("ready", "ready") });
    const { read, sample } = bookOf(twice, { rereadTo: END });
    read(platform(), line("ready"));
    expect(sample()).toMatchObject({ subjects: { found: 2, missing: 0 } });
  });
  it("a failure does not wait for required lines", () => {
    const check = givenLogCheck({ require: groups("ready") });
    const { read, finding } = bookOf(check);
    read(platform(), line("FATAL"));
    expect(finding(LIVE + 20 * SECOND).outcome).toBe("fail");
  });
  it("forbidden lines count although the required ones could not be measured", () => {
    const check = givenLogCheck(
      { type: "build", require: groups("ready") },
      { fail: conditions("matches > 0", "missing > 0") },
    );
    const { read, finding } = bookOf(check, { rereadTo: END, gap: "down" });
    read(build("FATAL"));
    expect(finding().outcome).toBe("fail");
  });
  it("what is still wanted: the forbidden, and the required that did not come in time", () => {
    const { book, read } = bookOf(required({ forbid: groups("FATAL") }));
    const texts = () => book.wanted().map(patternText);
    expect(texts()).toEqual(["FATAL", "ready", "listening"]);
    read(line("ready"), line("listening", { at: DEADLINE + 1 }));
    expect(texts()).toEqual(["FATAL", "listening"]);
  });
  it("what was found is evidence once all is there", () => {
    const { read, sample } = bookOf(required());
    read(platform(), line("ready hunter2"), line("listening"));
    expect(sample()).toMatchObject({
      evidence: [{ text: "ready ***", from: "new1" }, { text: "listening" }],
    });
  });
});

describe("evidence", () => {
  it("is made safe, cut, and in the order of time", () => {
    const { read, sample } = bookOf(givenLogCheck());
    read(line(`FATAL 2 ${"x".repeat(5_000)}`, { at: LIVE + 2 }), line("FATAL 1 hunter2", { at: LIVE + 1 }));
    const taken = sample();
    const evidence = taken.kind === "ok" ? taken.evidence : [];
    expect(evidence.map((one) => [one.at, one.text.length])).toEqual([
      [LIVE + 1, "FATAL 1 ***".length],
      [LIVE + 2, 2_000],
    ]);
  });
  it("is twenty lines at most, while all are counted", () => {
    const { read, sample } = bookOf(givenLogCheck());
    read(...Array.from({ length: 50 }, () => line("FATAL")));
    const taken = sample();
    expect(taken.kind === "ok" && [taken.subjects["matches"], taken.evidence.length]).toEqual([50, 20]);
  });
  it("says how many long lines were not searched whole", () => {
    const { read, sample } = bookOf(givenLogCheck({ forbid: regex("FAT[A]L") }));
    read(line(`${"x".repeat(40_000)}FATAL`), line(`FATAL${"x".repeat(200_000)}`));
    expect(sample()).toMatchObject({
      subjects: { matches: 1 },
      note: "1 long lines were searched in their beginning only",
    });
  });
  it("the first match is the earliest, whenever it came", () => {
    const check = givenLogCheck();
    const { book, read } = bookOf(check);
    read(
      line("FATAL b", { at: LIVE + 2 }),
      line("FATAL a", { at: LIVE + 1 }),
      line("FATAL c", { at: LIVE + 3 }),
    );
    expect(book.firstMatch(check.name)).toEqual({ at: LIVE + 1, type: "app", instance: "new1" });
    expect(book.firstMatch("other")).toBeUndefined();
  });
});

describe("traces", () => {
  const check = givenLogCheck({ forbid: groups("Traceback") });
  it("hold the match and what followed from the same instance", () => {
    const { book, read } = bookOf(check);
    const at = (ms: number) => ({ at: LIVE + ms });
    const trace = [line("Traceback", at(1)), line('  File "app.py"', at(2)), line("KeyError", at(3))];
    read(
      line("before", at(0)),
      trace[0]!,
      line("other", { ...at(1), instance: "new2" }),
      trace[1]!,
      trace[2]!,
    );
    expect(book.traceOf(check.name)).toEqual(["Traceback", '  File "app.py"', "KeyError"]);
    expect(book.traceOf("other")).toEqual([]);
    read(line("before", at(0)));
    expect(book.traceOf(check.name)).toHaveLength(3);
  });
  it("end after forty lines, and hold two hundred at most", () => {
    const { book, read } = bookOf(check);
    read(line("Traceback"), ...Array.from({ length: 100 }, (_, index) => line(`frame ${index}`)));
    expect(book.traceOf(check.name)).toHaveLength(41);
    for (let crash = 0; crash < 20; crash += 1)
      read(line("Traceback"), ...Array.from({ length: 30 }, (_, index) => line(`frame ${crash}.${index}`)));
    expect(book.traceOf(check.name)).toHaveLength(200);
  });
});

describe("text", () => {
  it.each<[string, string, string]>([
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["colours with colons", "\u001b[38:2::1:2:3mred\u001b[m", "red"],
    ["one-character CSI", "\u009b31mred", "red"],
    ["a title", "\u001b]0;title\u0007text", "text"],
    ["a link", "\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["a title that is never closed hides nothing", "\u001b]0;FATAL error", "0;FATAL error"],
    ["a character set", "\u001b(Btext", "text"],
    ["save and restore", "\u001b7text\u001b8", "text"],
    ["nothing", "plain [0m text", "plain [0m text"],
  ])("%s are taken out", (_what, raw, text) => expect(plainText(raw)).toBe(text));

  it("patterns are shown as they were written", () => {
    expect(patternText({ kind: "text", text: "a/b" })).toBe("a/b");
    expect(patternText({ kind: "pattern", source: "a+", flags: "i" })).toBe("/a+/i");
  });
  it("hostile lines cost no more than long ones", () => {
    const { read, sample } = bookOf(givenLogCheck({ forbid: regex("(?=a*a*b)x") }));
    read(line("a".repeat(60_000)), line("\u001b]".repeat(30_000)), line("\u001b[".repeat(30_000)));
    expect(sample()).toMatchObject({ subjects: { matches: 0 } });
  });
});

describe("two hundred thousand lines", () => {
  it("are counted without being kept", () => {
    const check = givenLogCheck();
    const { book, sample } = bookOf(check);
    const text = "x".repeat(300);
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200_000; index += 1) {
      const at = LIVE + index;
      const message = index % 1_000 === 0 ? `FATAL ${index}` : `${index} ${text}`;
      book.add(
        {
          id: `id-${index}`,
          at,
          timestamp: String(at),
          message,
          type: "app",
          level: "info",
          instance: "new1",
        },
        at,
      );
    }
    expect(sample()).toMatchObject({ subjects: { matches: 200 } });
    expect((process.memoryUsage().heapUsed - before) / 1_048_576).toBeLessThan(150);
  });
  it("that all match are a lower bound", () => {
    const { book, sample } = bookOf(givenLogCheck());
    for (let index = 0; index < 120_000; index += 1) book.add(line("FATAL", { id: `id-${index}` }), LIVE);
    expect(sample()).toMatchObject({ subjects: { matches: 100_000 } });
  });
});
