import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/check.ts";
import type { LogFacts } from "../../src/core/log-book.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import { fullIntervals } from "../../src/core/log-interval.ts";
import { evaluateKnown } from "../../src/core/partial.ts";
import { condition, conditions, givenLogCheck, MINUTE, SECOND, T0 } from "./given.ts";
import { bookOf, line, LIVE, platform, regex, shown, text, verbs } from "./log-given.ts";

/** `count: done, per: 1m` and `level: [error], per: minute`. */
const COUNT = verbs({ count: { pattern: text("done"), perMs: MINUTE } });
const RATE = verbs({ levels: ["error"], rate: { perMs: MINUTE } });

/** The first app line, so that intervals are counted from live. */
const START = line(0, "starting");
const done = (seconds: number, over: Partial<LogLine> = {}) => line(seconds, "job done", over);

describe("full intervals", () => {
  it.each<[string, number, number, readonly number[]]>([
    ["none yet", 59_999, -Infinity, []],
    ["before the first", -1, -Infinity, []],
    ["the first", 60_000, -Infinity, [0]],
    ["all that were not told", 185_000, -Infinity, [0, 60_000, 120_000]],
    ["but those that were", 185_000, 60_000, [60_000, 120_000]],
    ["one that was told in part, by another count, once more", 185_000, 70_000, [60_000, 120_000]],
    ["the last one again where all were told", 185_000, 180_000, [120_000]],
    ["the last one where more were told than there are now", 185_000, 240_000, [120_000]],
    ["none before anything is known", -Infinity, -Infinity, []],
  ])("%s", (_what, until, toldTo, expected) => {
    const intervals = fullIntervals(1_000, { perMs: 60_000, until: until + 1_000, toldTo: toldTo + 1_000 });
    expect(intervals.map(({ from }) => from - 1_000)).toEqual(expected);
    expect(intervals.every(({ from, to }) => to - from === 60_000)).toBe(true);
  });
  it("are not without end", () => {
    expect(fullIntervals(0, { perMs: 1, until: 1e9, toldTo: -Infinity })).toHaveLength(2_000);
  });
});

describe("count per interval", () => {
  const rows: readonly (readonly [string, readonly LogLine[], number, unknown])[] = [
    ["of the first interval", [done(1), done(59)], 75, { value: 2 }],
    ["begin belongs to it, end does not", [done(0), done(60)], 75, { value: 1 }],
    ["a line in the last ms belongs to it", [done(59.999), done(60)], 75, { value: 1 }],
    ["of the last full one only", [done(1), done(61), done(62), done(121)], 135, { value: 2 }],
    ["none is nought, once lines were read", [], 75, { value: 0 }],
    ["other lines do not count", [line(3, "job failed")], 75, { value: 0 }],
    ["of all new instances", [done(1), done(2, { instance: "new2" })], 75, { value: 2 }],
    ["not of old ones", [done(1), done(2, { instance: "old1" })], 75, { value: 1 }],
    ["not of builds", [done(1, { type: "build" })], 75, { value: 0 }],
    ["before one is full nothing", [done(1)], 59, {}],
    ["nor while lines of it may be on their way", [done(1)], 74.999, {}],
    ["colours inside of the pattern", [line(1, "job\u001b[32m do\u001b[0mne")], 75, { value: 1 }],
    ["64 KB", [line(1, `${"x".repeat(64_000)}done`)], 75, { value: 1 }],
  ];
  it.each(rows)("%s", (_what, lines, at, expected) => {
    const { read, subjects } = bookOf(COUNT);
    read(platform(), START, ...lines);
    expect(subjects(at)).toEqual(expected);
  });

  it("is open until an interval is full", () => {
    const { read, sample } = bookOf(COUNT);
    read(START);
    expect(sample(30)).toMatchObject({ kind: "ok", subjects: {}, open: ["value"] });
    expect(sample(75)).toMatchObject({ kind: "ok", subjects: { value: 0 } });
    expect(sample(75)).not.toHaveProperty("open");
  });
  it("is counted from the first app line, before live or after", () => {
    for (const first of [-40, 25]) {
      const { read, subjects } = bookOf(COUNT);
      read(line(first, "starting"), done(first + 59), done(first + 60));
      expect(subjects(first + 74)).toEqual({});
      expect(subjects(first + 75)).toEqual({ value: 1 });
    }
  });
  it("is counted from live where the app says nothing", () => {
    const { read, subjects } = bookOf(COUNT);
    read(platform(-3));
    expect(subjects(75)).toEqual({ value: 0 });
  });
  it("moves when an earlier first line comes late", () => {
    const { read, subjects } = bookOf(COUNT);
    read(START, done(55));
    expect(subjects(75)).toEqual({ value: 1 });
    read(line(-10, "booting"));
    expect(subjects(75)).toEqual({ value: 0 });
    expect(subjects(125)).toEqual({ value: 1 });
  });
  it("takes in what comes late", () => {
    const { read, subjects } = bookOf(COUNT);
    read(START, done(5));
    expect(subjects(80)).toEqual({ value: 1 });
    read(done(40));
    expect(subjects(100)).toEqual({ value: 2 });
  });
  it("waits as long as lines were seen to be late, a minute at most", () => {
    for (const [late, settled] of [
      [5, 75],
      [30, 90],
      [600, 120],
    ] as const) {
      const { book, read, subjects } = bookOf(COUNT);
      read(START);
      book.add(done(5), LIVE + (5 + late) * SECOND);
      expect([subjects(settled - 1), subjects(settled)]).toEqual([{}, { value: 1 }]);
    }
  });
  it("waits for what was not read yet", () => {
    let knownTo = LIVE + 40 * SECOND;
    const { read, subjects } = bookOf(COUNT, () => ({ knownTo }));
    read(START, done(5));
    expect(subjects(200)).toEqual({});
    knownTo = LIVE + 75 * SECOND;
    expect(subjects(200)).toEqual({ value: 1 });
  });
  it("of what is written at other levels is no count", () => {
    const { read, subjects } = bookOf(
      verbs({ levels: ["error"], count: { pattern: text("done"), perMs: MINUTE } }),
    );
    read(START, done(1), done(2, { level: "error" }));
    expect(subjects(75)).toEqual({ value: 1 });
  });
  it("of request lines begins when the old version has stopped", () => {
    const { read, subjects } = bookOf(
      verbs({ type: "request", count: { pattern: text("POST"), perMs: MINUTE } }),
    );
    const request = { type: "request" };
    read(
      line(89, "POST", request),
      line(90, "POST", request),
      line(149, "POST", request),
      line(150, "POST", request),
    );
    expect(subjects(164)).toEqual({});
    expect(subjects(165)).toEqual({ value: 2 });
  });
  it("shows its window and its lines, redacted", () => {
    const { read, sample } = bookOf(COUNT);
    read(START, done(70, { message: "hunter2 done" }), done(65), done(5));
    expect(sample(135)).toMatchObject({
      note: "value of the 1m from live + 1m",
      evidence: [
        { text: "job done", from: "new1" },
        { text: "*** done", at: LIVE + 70 * SECOND },
      ],
    });
  });
  it("shows twenty lines at most", () => {
    const { read, sample } = bookOf(COUNT);
    read(START, ...Array.from({ length: 90 }, (_, index) => done(index / 2)));
    expect(shown(sample(75)).length).toBeLessThanOrEqual(20);
    expect(shown(sample(75)).length).toBeGreaterThan(10);
  });
});

describe("no interval is passed over", () => {
  const wanted = (over: Partial<Check>) => verbs({ count: { pattern: text("done"), perMs: MINUTE } }, over);
  /** 3, 1, 2 and 3 lines in the first four minutes. */
  const LINES = [3, 1, 2, 3].flatMap((count, minute) =>
    Array.from({ length: count }, (_, index) => done(minute * 60 + index)),
  );
  const rows: readonly (readonly [string, Partial<Check>, number, number])[] = [
    ["the last one, where all are well", { pass: conditions("value >= 1") }, 3, 3],
    ["one that does not pass", { pass: conditions("value >= 2") }, 1, 1],
    ["the last of several that do not", { pass: conditions("value >= 3") }, 2, 2],
    ["one that fails", { fail: conditions("value < 2") }, 1, 1],
    [
      "one that fails before one that warns",
      { fail: conditions("value < 2"), warn: conditions("value >= 2") },
      1,
      1,
    ],
    ["one that warns", { warn: conditions("value == 2") }, 2, 2],
    ["too many", { pass: conditions("value < 3") }, 3, 3],
    ["lines about something else do not matter", { pass: conditions("matches == 5", "value >= 2") }, 1, 1],
    ["the last one without any line", {}, 3, 3],
  ];
  it.each(rows)("%s is told", (_what, over, minute, value) => {
    const { read, sample, subjects } = bookOf(wanted(over));
    read(START, ...LINES);
    expect(sample(255)).toMatchObject({
      subjects: { value },
      note: `value of the 1m from live + ${minute === 0 ? "0s" : `${minute}m`}`,
    });
    // What was told once is over.
    expect(subjects(256)).toEqual({ value: 3 });
  });
  it("by a sample that could not be taken either", () => {
    let gap: string | undefined = "the log API answered 500";
    const { read, sample, subjects } = bookOf(wanted({ pass: conditions("value >= 2") }), () =>
      gap === undefined ? {} : { gap },
    );
    read(START, ...LINES);
    expect(sample(255).kind).toBe("error");
    gap = undefined;
    expect(subjects(256)).toEqual({ value: 1 });
  });
  it("those of which nothing is kept are said", () => {
    const { read, sample } = bookOf(COUNT);
    read(START);
    for (let index = 0; index < 150_000; index += 1) read(done(index / 250, { id: `d${index}` }));
    const taken = sample(600);
    expect(taken).toMatchObject({
      subjects: { value: 15_000 },
      note: expect.stringMatching(/; \d intervals before held more lines than are kept/),
    });
  });
});

describe("rate by level", () => {
  const rows: readonly (readonly [string, string, number])[] = [
    ["error", "error", 1],
    ["in capitals", "ERROR", 1],
    ["warning is another", "warning", 0],
    ["an unknown level is info", "verbose", 0],
    ["none is info", "", 0],
  ];
  it.each(rows)("%s", (_what, level, rate) => {
    const { read, subjects } = bookOf(RATE);
    read(START, line(3, "INFO: from stderr", { level }));
    expect(subjects(75)).toEqual({ rate });
  });
  it("unknown levels count where info does", () => {
    const { read, subjects } = bookOf(verbs({ levels: ["info"], rate: { perMs: MINUTE } }));
    read(START, line(3, "a", { level: "verbose" }), line(4, "b", { level: "error" }));
    expect(subjects(75)).toEqual({ rate: 2 });
  });
  it("all lines without levels", () => {
    const { read, subjects } = bookOf(verbs({ rate: { perMs: MINUTE } }));
    read(START, line(3, "a", { level: "debug" }), line(4, "b", { level: "error" }));
    expect(subjects(75)).toEqual({ rate: 3 });
  });
  it.each<[string, ReturnType<typeof verbs>, unknown]>([
    ["a count by pattern", COUNT, { patterns: [text("done")], levels: [], backMs: 4 * MINUTE }],
    ["a rate of levels", RATE, { patterns: [], levels: ["error"], backMs: 4 * MINUTE }],
    [
      "a rate of all lines",
      verbs({ rate: { perMs: 5 * MINUTE } }),
      { patterns: [], levels: undefined, backMs: 16 * MINUTE },
    ],
    [
      "a rate of info, which unknown levels are, too",
      verbs({ levels: ["error", "info"], rate: { perMs: MINUTE } }),
      { patterns: [], levels: undefined, backMs: 4 * MINUTE },
    ],
    ["nothing", givenLogCheck(), undefined],
  ])("what has to be read for %s", (_what, check, expected) => {
    expect(bookOf(check).book.counted()).toEqual(expected);
    expect(bookOf(check).book.wanted()).toHaveLength(expected === undefined ? 1 : 0);
  });
});

describe("what cannot be counted", () => {
  const rows: readonly (readonly [string, readonly LogLine[], Partial<LogFacts>, RegExp])[] = [
    ["nothing of the deploy was read", [], {}, /no log line of this deploy/],
    ["the new instances are not known", [START], { knowsNewInstances: false }, /instances are not known/],
    ["part of the window could not be read", [START, done(1)], { gap: "the log API answered 500" }, /500/],
    [
      "a line of an instance nobody knows",
      [START, done(1, { instance: "x" })],
      {},
      /x wrote a line that counts/,
    ],
  ];
  it.each(rows)("%s: an error", (_what, lines, facts, reason) => {
    const { read, sample } = bookOf(COUNT, facts);
    read(...lines);
    expect(sample(75)).toMatchObject({ kind: "error", reason: expect.stringMatching(reason) });
  });
  it("a line of an instance nobody knows does not matter where it is not counted", () => {
    const { read, subjects } = bookOf(COUNT);
    read(START, line(1, "hello", { instance: "x" }));
    expect(subjects(75)).toEqual({ value: 0 });
  });

  const part = [{ from: LIVE + 70 * SECOND, to: LIVE + 90 * SECOND }];
  const thinned = { value: [], rate: part };
  it("a rate of which not all lines were read is a lower bound, and says so", () => {
    const { read, sample } = bookOf(RATE, { thinned });
    read(START, ...[75, 76].map((at) => line(at, "boom", { level: "error" })));
    expect(sample(75)).not.toHaveProperty("partial");
    const taken = sample(135);
    expect(taken).toMatchObject({
      subjects: { rate: 2 },
      partial: ["rate"],
      note: expect.stringContaining("more lines were written then than are read"),
    });
    const judged = (wanted: string) =>
      evaluateKnown(condition(wanted), "pass", {
        at: 0,
        since: 0,
        subjects: { rate: 2 },
        series: () => [],
        partial: ["rate"],
        sha: "",
      }).holds;
    expect([judged("rate < 5"), judged("rate < 1")]).toEqual([null, false]);
  });
  it("a count by pattern may have been read whole all the same, or not", () => {
    for (const [value, partial] of [
      [[], undefined],
      [part, ["value"]],
    ] as const) {
      const { read, sample } = bookOf(COUNT, { thinned: { value, rate: part } });
      read(START, done(75));
      const taken = sample(135);
      expect(taken.kind === "ok" && taken.partial).toEqual(partial);
    }
  });
  it("more lines than are kept are a lower bound", () => {
    const { read, sample } = bookOf(RATE);
    read(START);
    for (let index = 0; index < 100_500; index += 1) read(line(1, "e", { id: `e${index}`, level: "error" }));
    expect(sample(75)).toMatchObject({ subjects: { rate: 100_000 }, partial: ["rate"] });
    expect(sample(135)).toMatchObject({ subjects: { rate: 0 } });
    expect(sample(135)).not.toHaveProperty("partial");
  });
  it("a count that can be past whatever else fails with the forbidden lines alone", () => {
    const check = givenLogCheck({ count: { pattern: text("done"), perMs: MINUTE } });
    const { read, sample } = bookOf(check, { gap: "down" });
    read(START, line(1, "FATAL"));
    expect(sample(75)).toMatchObject({ kind: "ok", subjects: { matches: 1 } });
    expect(sample(75)).not.toMatchObject({ subjects: { value: 0 } });
  });
});

describe("together with other verbs", () => {
  it("all subjects are in one sample", () => {
    const check = givenLogCheck({
      require: [{ name: "", patterns: [text("ready")] }],
      count: { pattern: regex("done|ready"), perMs: MINUTE },
      rate: { perMs: 2 * MINUTE },
    });
    const { read, sample } = bookOf(check);
    read(START, line(1, "ready"), done(3));
    expect(sample(80)).toMatchObject({
      kind: "ok",
      subjects: { matches: 0, found: 1, missing: 0, value: 2 },
      open: ["rate"],
      note: "1/1 lines found; value of the 1m from live + 0s",
    });
  });
});

describe("a redeploy of the commit", () => {
  it("forgets what the instances before it wrote", () => {
    let startedAt = T0;
    let isOld = false;
    const { read, subjects } = bookOf(COUNT, () => ({
      startedAt,
      isNew: (suffix) => suffix === (isOld ? "new2" : "new1"),
    }));
    read(START, done(1), done(2));
    expect(subjects(75)).toEqual({ value: 2 });
    startedAt = LIVE + 80 * SECOND;
    isOld = true;
    read(line(81, "starting", { instance: "new2" }), done(90, { instance: "new2" }), done(91));
    expect(subjects(100)).toEqual({});
    expect(subjects(81 + 75)).toEqual({ value: 1 });
  });
});

describe("any order, any number of times", () => {
  const some = fc.array(
    fc.record({
      id: fc.integer({ min: 0, max: 20 }).map(String),
      message: fc.constantFrom("job done", "hello", "boom"),
      level: fc.constantFrom("info", "error"),
      instance: fc.constantFrom("new1", "new2", "old1"),
      seconds: fc.integer({ min: -60, max: 200 }),
    }),
    { maxLength: 40 },
  );
  const check = verbs({
    count: { pattern: text("done"), perMs: MINUTE },
    rate: { perMs: 30 * SECOND },
  });
  const linesOf = (given: readonly ({ id: string; seconds: number } & Partial<LogLine>)[]) =>
    [...new Map(given.map((one) => [one.id, one])).values()].map(({ seconds, message = "", ...over }) =>
      line(seconds, message, over),
    );
  it("gives the same sample", () => {
    fc.assert(
      fc.property(some, fc.func(fc.nat()), fc.integer({ min: 60, max: 300 }), (given, key, at) => {
        const lines = linesOf(given);
        const shuffled = [...lines, ...lines].toSorted((a, b) => key(a.id) - key(b.id));
        const samples = [lines, shuffled].map((order) => {
          const { read, sample } = bookOf(check);
          read(platform(), ...order);
          return sample(at);
        });
        expect(samples[1]).toEqual(samples[0]);
      }),
    );
  });
  it("gives what counting by hand gives, however often it is sampled", () => {
    fc.assert(
      fc.property(some, (given) => {
        const lines = linesOf(given).filter(({ instance }) => instance !== "old1");
        const { read, subjects } = bookOf(check);
        read(platform());
        const first = Math.min(LIVE + 1e9, ...lines.map(({ at }) => at));
        const left = lines.toSorted((a, b) => a.at - b.at);
        for (let seconds = -60; seconds <= 300; seconds += 10) {
          const now = LIVE + seconds * SECOND;
          while (left.length > 0 && left[0]!.at <= now) read(left.shift()!);
          if (first > now) continue;
          const start = first + (Math.floor((now - 15 * SECOND - first) / MINUTE) - 1) * MINUTE;
          const value = lines.filter(
            ({ message, at }) => message.includes("done") && at >= start && at < start + MINUTE,
          ).length;
          expect((subjects(seconds) as { value?: number }).value).toBe(start < first ? undefined : value);
        }
      }),
    );
  });
});

describe("two hundred thousand lines", () => {
  it("leave little in memory", () => {
    const { read, sample } = bookOf(RATE);
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200_000; index += 1) {
      read(line(index / 100, `${index} ${"x".repeat(300)}`, { level: "error" }));
      if (index % 1_500 === 0) sample(index / 100);
    }
    expect(sample(2_015)).toMatchObject({ subjects: { rate: 6_000 } });
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(100);
  });
});
