import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogFacts } from "../../src/core/log-book.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import { givenLogCheck, SECOND, T0 } from "./given.ts";
import { bookOf, line, LIVE, platform, regex, shown, text, verbs } from "./log-given.ts";

// As main.ts does before anything else.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const SCAN = { start: text("Starting deep scan"), end: text("Finished deep scan") };
const CHECK = verbs({
  span: SCAN,
  inside: [regex("Found (?<found>\\d+) Place items"), regex("queue is (?<state>\\w+)")],
});

const starts = (seconds: number, over: Partial<LogLine> = {}) => line(seconds, "Starting deep scan", over);
const ends = (seconds: number, over: Partial<LogLine> = {}) => line(seconds, "Finished deep scan", over);
const NEW2 = { instance: "new2" };

const ms = (of: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(of).map(([name, value]) => [
      name,
      name === "gap" || name === "duration" ? value * SECOND : value,
    ]),
  );

describe("a span", () => {
  // Now is 15 s before the moment of the sample: what was written since may still be on its way.
  const rows: readonly (readonly [string, readonly LogLine[], number, Readonly<Record<string, number>>])[] = [
    ["nothing started: the gap grows from live", [], 100, { gap: 85, overlap: 0, unfinished: 0 }],
    ["one start: the gap is since then", [starts(20)], 100, { gap: 65, overlap: 0, unfinished: 0 }],
    [
      "two starts: the larger of the two gaps, before",
      [starts(10), ends(12), starts(80), ends(81)],
      100,
      { gap: 70, duration: 1, overlap: 0, unfinished: 0 },
    ],
    [
      "two starts: the larger of the two gaps, since",
      [starts(10), ends(12), starts(20), ends(25)],
      100,
      { gap: 65, duration: 5, overlap: 0, unfinished: 0 },
    ],
    [
      "a gap long ago does not count any more",
      [starts(0), ends(1), starts(100), ends(101), starts(110), ends(111)],
      130,
      { gap: 10, duration: 1, overlap: 0, unfinished: 0 },
    ],
    [
      "a start before live counts",
      [starts(-30), ends(-20)],
      100,
      { gap: 115, duration: 10, overlap: 0, unfinished: 0 },
    ],
    ["the newest start may be under way", [starts(10)], 400, { gap: 375, overlap: 0, unfinished: 0 }],
    [
      "that overlaps itself",
      [starts(10), starts(20), ends(30), ends(40)],
      100,
      { gap: 65, duration: 30, overlap: 1, unfinished: 0 },
    ],
    [
      "every one that began while another was open overlaps",
      [starts(10), starts(20), starts(30), ends(31), ends(32), ends(33)],
      100,
      { gap: 55, duration: 23, overlap: 2, unfinished: 0 },
    ],
    [
      "that was never finished, and the next one was",
      [starts(10), starts(20), ends(25)],
      100,
      { gap: 65, duration: 5, overlap: 1, unfinished: 1 },
    ],
    [
      "of two instances at once overlaps, and each ends its own",
      [starts(10), starts(20, NEW2), ends(30), ends(60, NEW2)],
      100,
      { gap: 65, duration: 40, overlap: 1, unfinished: 0 },
    ],
    [
      "of two instances one after the other does not",
      [starts(10), ends(20), starts(20, NEW2), ends(30, NEW2)],
      100,
      { gap: 65, duration: 10, overlap: 0, unfinished: 0 },
    ],
    [
      "an end of another instance ends nothing",
      [starts(10), ends(20, NEW2)],
      100,
      { gap: 75, overlap: 0, unfinished: 0 },
    ],
    [
      "an end whose start was before the window ends nothing",
      [ends(5), starts(10), ends(12)],
      100,
      { gap: 75, duration: 2, overlap: 0, unfinished: 0 },
    ],
    [
      "old instances' lines do not count",
      [starts(10, { instance: "old1" })],
      100,
      { gap: 85, overlap: 0, unfinished: 0 },
    ],
    [
      "end and next start in the same instant: the end comes first",
      [starts(10), ends(20), starts(20), ends(30)],
      100,
      { gap: 65, duration: 10, overlap: 0, unfinished: 0 },
    ],
    [
      "start and end in the same instant",
      [starts(10), ends(10)],
      100,
      { gap: 75, duration: 0, overlap: 0, unfinished: 0 },
    ],
    [
      "what may still be followed by late lines does not count yet",
      [starts(10), starts(90)],
      100,
      { gap: 75, overlap: 0, unfinished: 0 },
    ],
    [
      "through colours",
      [line(10, "Starting \u001b[1mdeep\u001b[0m scan"), line(20, "\u001b[32mFinished deep\u001b[0m scan")],
      100,
      { gap: 75, duration: 10, overlap: 0, unfinished: 0 },
    ],
  ];
  it.each(rows)("%s", (_what, lines, at, expected) => {
    const { read, subjects } = bookOf(verbs({ span: SCAN }));
    read(platform(), ...lines);
    expect(subjects(at)).toEqual(ms(expected));
  });

  it("the order within a millisecond is read from the full time", () => {
    const at = LIVE + 10 * SECOND;
    const nano = (message: string, timestamp: string) => line(10, message, { at, timestamp });
    const { read, subjects } = bookOf(verbs({ span: SCAN }));
    read(
      nano("Starting deep scan", "2026-11-23T10:05:10.0005Z"),
      nano("Starting deep scan", "2026-11-23T10:05:10.0001Z"),
      nano("Finished deep scan", "2026-11-23T10:05:10.0006Z"),
      nano("Finished deep scan", "2026-11-23T10:05:10.00009Z"),
    );
    expect(subjects(100)).toMatchObject({ overlap: 1, unfinished: 1 });
  });
  it("one pattern for both: each line ends one and begins the next", () => {
    const { read, subjects } = bookOf(verbs({ span: { start: text("tick"), end: text("tick") } }));
    read(line(10, "tick"), line(30, "tick"), line(60, "tick"));
    expect(subjects(100)).toEqual(ms({ gap: 30, duration: 30, overlap: 0, unfinished: 0 }));
  });
  it("two workers' cycles in one stream are told apart", () => {
    const extraction = verbs({ span: { start: text("Starting domain"), end: text("Finished domain") } });
    const lines = [
      starts(0),
      line(5, "Starting domain extraction"),
      line(15, "Finished domain extraction"),
      ends(40),
      line(50, "Starting domain extraction"),
      line(58, "Finished domain extraction"),
    ];
    const both = [verbs({ span: SCAN }), extraction].map((check) => {
      const { read, subjects } = bookOf(check);
      read(...lines);
      return subjects(100);
    });
    expect(both).toEqual([
      ms({ gap: 85, duration: 40, overlap: 0, unfinished: 0 }),
      ms({ gap: 45, duration: 8, overlap: 0, unfinished: 0 }),
    ]);
  });
  it("there is no gap before live", () => {
    const { read, sample } = bookOf(verbs({ span: SCAN }));
    read(platform(-100));
    expect(sample(10)).toMatchObject({ open: ["gap", "duration"], subjects: { overlap: 0 } });
  });
  it("is told as so many finished and open", () => {
    const { read, sample } = bookOf(verbs({ span: SCAN }));
    read(starts(10), ends(20), starts(30));
    expect(sample(100)).toMatchObject({ note: "1 span finished, 1 open" });
  });
});

describe("a line that comes late", () => {
  it("changes the result to the true one", () => {
    const { read, subjects } = bookOf(verbs({ span: SCAN }));
    read(starts(10), starts(30));
    expect(subjects(50)).toMatchObject({ overlap: 1, unfinished: 1 });
    read(ends(20));
    expect(subjects(60)).toEqual(ms({ gap: 20, duration: 10, overlap: 0, unfinished: 0 }));
  });
  it("does not make a gap while it may be on its way", () => {
    let knownTo = LIVE + 60 * SECOND;
    const { read, subjects } = bookOf(verbs({ span: SCAN }), () => ({ knownTo }));
    read(starts(40));
    expect(subjects(500)).toMatchObject({ gap: 5 * SECOND });
    knownTo = LIVE + 500 * SECOND;
    expect(subjects(500)).toMatchObject({ gap: 445 * SECOND });
  });
});

describe("an instance that is gone", () => {
  const CRASH = [line(1, "booting"), starts(10), line(15, "Processing"), line(40, "booting", NEW2)];
  const lives = (isGone: boolean, to?: number): Partial<LogFacts> => ({
    lifeOf: (suffix, last) => ({ to: to ?? last, isGone: isGone && suffix === "new1" }),
  });
  const gone = lives(true);

  it("left its last span unfinished, and overlaps nothing", () => {
    const { read, sample, subjects } = bookOf(verbs({ span: SCAN }), gone);
    read(...CRASH, starts(50, NEW2), ends(55, NEW2));
    expect(subjects(100)).toEqual(ms({ gap: 40, duration: 5, overlap: 0, unfinished: 1 }));
    expect(sample(100)).toMatchObject({ evidence: [{ text: "Starting deep scan", from: "new1" }, {}, {}] });
  });
  it("overlapped what began before its last line", () => {
    const { read, subjects } = bookOf(verbs({ span: SCAN }), gone);
    read(...CRASH, starts(12, NEW2), ends(14, NEW2));
    expect(subjects(100)).toMatchObject({ overlap: 1, unfinished: 1 });
  });
  it("or may be, overlaps nothing while that is not known", () => {
    const { read, subjects } = bookOf(verbs({ span: SCAN }), lives(false));
    read(...CRASH, starts(50, NEW2), ends(55, NEW2));
    expect(subjects(100)).toMatchObject({ overlap: 0, unfinished: 0 });
  });
  it("was there after all: what began meanwhile overlapped", () => {
    const { read, subjects } = bookOf(verbs({ span: SCAN }), lives(false, LIVE + 60 * SECOND));
    read(...CRASH, starts(50, NEW2), ends(55, NEW2));
    expect(subjects(100)).toMatchObject({ overlap: 1, unfinished: 0 });
  });
  it("is not gone where nobody looks", () => {
    const { read, subjects } = bookOf(verbs({ span: SCAN }));
    read(...CRASH, starts(50, NEW2), ends(55, NEW2));
    expect(subjects(100)).toMatchObject({ overlap: 1, unfinished: 0 });
  });
  it("replaced by a redeploy's is forgotten", () => {
    let facts: Partial<LogFacts> = {};
    const { read, subjects } = bookOf(CHECK, () => facts);
    read(starts(5), line(6, "Found 4 Place items"), ends(7), starts(10), starts(12));
    expect(subjects(50)).toMatchObject({ overlap: 1, unfinished: 1, found: 4 });
    facts = {
      startedAt: LIVE + 60 * SECOND,
      liveAt: LIVE + 90 * SECOND,
      isNew: (suffix) => suffix === "new2",
    };
    read(line(70, "booting", NEW2));
    expect(subjects(130)).toEqual(ms({ gap: 25, overlap: 0, unfinished: 0 }));
  });
});

describe("captures", () => {
  const found = (seconds: number, count: string, over: Partial<LogLine> = {}) =>
    line(seconds, `SCHEDULER_LOOP: Found ${count} Place items with status Queued`, over);
  const rows: readonly (readonly [string, readonly LogLine[], Readonly<Record<string, unknown>>])[] = [
    ["a number", [starts(1), found(2, "17"), ends(3)], { found: 17 }],
    ["a text", [starts(1), line(2, "queue is empty"), ends(3)], { state: "empty" }],
    ["both", [starts(1), found(2, "0"), line(2, "queue is empty"), ends(3)], { found: 0, state: "empty" }],
    ["the last line counts", [starts(1), found(2, "1"), found(2.5, "2"), ends(3)], { found: 2 }],
    [
      "of the last finished span",
      [starts(1), found(2, "1"), ends(3), starts(4), found(5, "2"), ends(6)],
      { found: 2 },
    ],
    ["not of the open one", [starts(1), found(2, "1"), ends(3), starts(4), found(5, "2")], { found: 1 }],
    ["not from between two spans", [starts(1), found(2, "1"), ends(3), found(3.5, "9")], { found: 1 }],
    ["not of another instance", [starts(1), found(2, "1"), found(2.5, "9", NEW2), ends(3)], { found: 1 }],
    [
      "missing in the last span: none from before",
      [starts(1), found(2, "1"), ends(3), starts(4), ends(6)],
      {},
    ],
    ["redacted", [starts(1), line(2, "queue is hunter2"), ends(3)], { state: "***" }],
  ];
  it.each(rows)("%s", (_what, lines, expected) => {
    const { read, sample } = bookOf(CHECK);
    read(...lines.toReversed());
    const taken = sample(60);
    const { gap, duration, overlap, unfinished, ...captured } = taken.kind === "ok" ? taken.subjects : {};
    expect(captured).toEqual(expected);
    expect([gap, duration, overlap, unfinished].every((one) => typeof one === "number")).toBe(true);
    expect(taken).not.toHaveProperty("open");
  });
  it("are open until a span has finished", () => {
    const { read, sample } = bookOf(CHECK);
    read(starts(1), found(2, "17"));
    expect(sample(60)).toMatchObject({ open: ["duration", "found", "state"] });
    expect(sample(60)).not.toMatchObject({ subjects: { found: 17 } });
  });
  it("from the two lines themselves", () => {
    const check = verbs({
      span: SCAN,
      inside: [regex("Finished deep scan: (?<ok>\\d+) ok, (?<took>[\\d.e+-]+)s"), regex("scan (?<id>#\\d+)")],
    });
    const { read, subjects } = bookOf(check);
    read(line(1, "Starting deep scan #7"), line(5, "Finished deep scan: 12 ok, 4.25s"));
    expect(subjects(60)).toMatchObject({ id: "#7", ok: 12, took: 4.25 });
  });
  it.each([
    ["12", 12],
    ["-3.50", -3.5],
    ["1e3", 1_000],
    ["007", 7],
    ["1,234", "1,234"],
    ["0x1f", "0x1f"],
    ["Infinity", "Infinity"],
    ["1e999", "1e999"],
    ["1.2.3", "1.2.3"],
  ])("%j is %j", (raw, value) => {
    const check = verbs({ span: SCAN, inside: [regex("n=(?<n>\\S+)")] });
    const { read, subjects } = bookOf(check);
    read(starts(1), line(2, `n=${raw}`), ends(3));
    expect(subjects(60)).toMatchObject({ n: value });
  });
  it("never take the place of what the span itself has", () => {
    const check = verbs({ span: SCAN, inside: [regex("overlap=(?<overlap>\\d+)")] });
    const { read, subjects } = bookOf(check);
    read(starts(1), line(2, "overlap=9"), ends(3));
    expect(subjects(60)).toMatchObject({ overlap: 0 });
  });
});

describe("evidence of a span", () => {
  it("is the two starts of an overlap, and the longest", () => {
    const { read, sample } = bookOf(verbs({ span: { start: text("S"), end: text("E") } }));
    read(line(1, "S1"), line(2, "E1"), line(10, "S2"), line(12, "S3"), line(14, "E3"), line(15, "E2"));
    expect(shown(sample(60))).toEqual(["S2", "S3", "E2"]);
  });
  it("is the longest, the last, what it held and what is open", () => {
    const check = verbs({ span: { start: text("S"), end: text("E") }, inside: [regex("n=(?<n>\\d)")] });
    const { read, sample } = bookOf(check);
    const span = (from: number, to: number, name: string) => [
      line(from, `S ${name}`),
      line(from, `n=1 of ${name}`),
      line(to, `E ${name}`),
    ];
    read(
      ...span(0, 20, "long"),
      ...span(30, 31, "short"),
      ...span(40, 42, "last"),
      line(44, "S open hunter2"),
    );
    expect(shown(sample(70))).toEqual(["S long", "E long", "S last", "n=1 of last", "E last", "S open ***"]);
  });
  it("is twenty lines at most", () => {
    const { read, sample } = bookOf(givenLogCheck({ span: SCAN }));
    read(...Array.from({ length: 50 }, (_, index) => starts(index)));
    read(...Array.from({ length: 50 }, (_, index) => line(index, "FATAL")));
    expect(shown(sample(100)).length).toBe(20);
    expect(shown(sample(100)).filter((one) => one.includes("FATAL")).length).toBeGreaterThan(5);
  });
});

describe("what cannot be said of spans", () => {
  const rows: readonly (readonly [string, readonly LogLine[], Partial<LogFacts>, RegExp])[] = [
    ["nothing of the deploy was read", [], {}, /no log line of this deploy/],
    ["the new instances are not known", [starts(1)], { knowsNewInstances: false }, /instances are not known/],
    ["part of the window could not be read", [starts(1)], { gap: "the log API answered 500" }, /500/],
    [
      "an instance nobody knows began one",
      [starts(1, { instance: "x" }), platform()],
      {},
      /x wrote a line that counts/,
    ],
    [
      "more lines match than are kept",
      Array.from({ length: 40_001 }, (_, index) => starts(index / 1000)),
      {},
      /narrow/,
    ],
  ];
  it.each(rows)("%s: an error", (_what, lines, facts, reason) => {
    const { read, sample } = bookOf(CHECK, facts);
    read(...lines);
    expect(sample(100)).toMatchObject({ kind: "error", reason: expect.stringMatching(reason) });
  });
  it("its patterns are wanted, those inside too", () => {
    expect(bookOf(CHECK).book.wanted()).toEqual([SCAN.start, SCAN.end, ...CHECK_INSIDE]);
  });
  const CHECK_INSIDE = [regex("Found (?<found>\\d+) Place items"), regex("queue is (?<state>\\w+)")];
});

describe("any order, any number of times", () => {
  const some = fc.array(
    fc.record({
      id: fc.integer({ min: 0, max: 25 }).map(String),
      message: fc.constantFrom("S", "E", "S", "E", "S and E", "n=1", "n=2", "n=x"),
      instance: fc.constantFrom("new1", "new2", "new3", "old1"),
      seconds: fc.integer({ min: -10, max: 40 }),
    }),
    { maxLength: 40 },
  );
  const check = verbs({ span: { start: text("S"), end: text("E") }, inside: [regex("n=(?<n>\\w)")] });
  const linesOf = (given: readonly { id: string; message: string; instance: string; seconds: number }[]) =>
    [...new Map(given.map((one) => [one.id, one])).values()].map(({ seconds, message, ...over }) =>
      line(seconds, message, over),
    );
  const sampleOf = (lines: readonly LogLine[], at = 60) => {
    const { read, sample } = bookOf(check, { lifeOf: (suffix, to) => ({ to, isGone: suffix === "new3" }) });
    read(platform(), ...lines);
    return sample(at);
  };
  it("gives the same sample", () => {
    fc.assert(
      fc.property(some, fc.func(fc.nat()), fc.integer({ min: 0, max: 60 }), (given, key, at) => {
        const lines = linesOf(given);
        const shuffled = [...lines, ...lines].toSorted((a, b) => key(a.id) - key(b.id));
        expect(sampleOf(shuffled, at)).toEqual(sampleOf(lines, at));
      }),
    );
  });
  it("is the same whether sampled in between or not", () => {
    fc.assert(
      fc.property(some, (given) => {
        const lines = linesOf(given);
        const { read, sample } = bookOf(check, {
          lifeOf: (suffix, to) => ({ to, isGone: suffix === "new3" }),
        });
        read(platform());
        for (const [index, one] of lines.entries()) {
          read(one);
          sample(index);
        }
        expect(sample(60)).toEqual(sampleOf(lines));
      }),
    );
  });
  it("no more overlaps than starts, no more unfinished than are open", () => {
    fc.assert(
      fc.property(some, (given) => {
        const lines = linesOf(given).filter(({ instance }) => instance !== "old1");
        const taken = sampleOf(lines);
        if (taken.kind !== "ok") return;
        const began = lines.filter(({ message }) => message.includes("S")).length;
        const ended = lines.filter(({ message }) => message.includes("E")).length;
        const [finished, open] = /(\d+) spans? finished, (\d+) open/.exec(taken.note!)!.slice(1).map(Number);
        expect(finished! + open!).toBe(began);
        expect(finished).toBeLessThanOrEqual(ended);
        expect(taken.subjects["overlap"]).toBeLessThanOrEqual(Math.max(0, began - 1));
        expect(taken.subjects["unfinished"]).toBeLessThanOrEqual(open!);
      }),
    );
  });
});

describe("hostile lines", () => {
  it("cost no more than long ones", () => {
    const check = verbs({
      span: { start: regex("(a+)+b$"), end: regex("^(\\w+\\s?)*!$") },
      inside: [regex("(?<x>(b+)+)c")],
    });
    const { read, subjects } = bookOf(check);
    read(platform());
    for (const message of ["a".repeat(65_000) + "\u0001", "b".repeat(65_000), "\u001b[".repeat(30_000)])
      for (let index = 0; index < 20; index += 1) read(line(index, message));
    expect(subjects(100)).toMatchObject({ overlap: 0 });
  });
  it("are cut where they are kept", () => {
    const { read, sample } = bookOf(CHECK);
    read(starts(1, { message: `Starting deep scan hunter2 ${"x".repeat(60_000)}` }));
    const [only] = shown(sample(60));
    expect(only).toMatch(/^Starting deep scan \*\*\* x+$/);
    expect(only!.length).toBeLessThanOrEqual(2_000);
  });
  it("of 64 KB keep no more in memory than is shown of them", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { read, subjects } = bookOf(CHECK);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 2_000; index += 1) {
      read(line(index, `Starting deep scan ${index} ${"x".repeat(60_000)}`));
      read(line(index, `queue is abcdefghijklmnopqrstuvw ${"x".repeat(60_000)}`));
      read(line(index + 0.5, `Finished deep scan ${index} ${"x".repeat(60_000)}`));
    }
    collect();
    expect(subjects(2_100)).toMatchObject({ state: "abcdefghijklmnopqrstuvw" });
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(20);
  });
  it("by the hundred thousand leave little in memory", () => {
    const { read, subjects } = bookOf(CHECK);
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200_000; index += 1) {
      const message =
        index % 20 === 0
          ? "Starting deep scan"
          : index % 20 === 19
            ? "Finished deep scan"
            : `Found ${index} Place items ${"x".repeat(300)}`;
      read(line(index / 100, message, { id: `id-${T0}-${index}` }));
    }
    expect(subjects(2_100)).toMatchObject({ overlap: 0, duration: 190, found: 199_998 });
    collect();
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(30);
  });
});
