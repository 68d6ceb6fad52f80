import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, Sample } from "../../src/core/check.ts";
import { keptBookOf, keptLogOf, type KeptLogs } from "../../src/core/kept-log.ts";
import type { Thinned } from "../../src/core/log-facts.ts";
import { createLogBook, type LogBook, type LogFacts } from "../../src/core/log-book.ts";
import { shapeOf } from "../../src/core/log-shape.ts";
import { record } from "../../src/core/shape.ts";
import { conditions, givenLogCheck, MINUTE, SECOND, T0 } from "./given.ts";
import { line, LIVE, platform, regex, text, verbs } from "./log-given.ts";

const FORBID = givenLogCheck({}, { name: "forbid", fail: conditions("matches > 0") });
const NEWS = givenLogCheck({}, { name: "news", fail: conditions("new_matches > 3") });
const REQUIRE = verbs(
  { require: [{ name: "", patterns: [text("starting"), text("ready")] }] },
  { name: "require", fail: conditions("missing > 0") },
);
const COUNT = verbs(
  { count: { pattern: text("done"), perMs: MINUTE } },
  { name: "count", fail: conditions("value > 2") },
);
const RATE = verbs({ rate: { perMs: 2 * MINUTE } }, { name: "rate", warn: conditions("rate < 3") });
const SPAN = verbs(
  {
    span: { start: text("begin"), end: text("end") },
    inside: [regex("found (?<found>\\d+)"), regex("as (?<state>\\w+)")],
  },
  { name: "span", fail: conditions("overlap > 5") },
);
const CHECKS = [FORBID, NEWS, REQUIRE, COUNT, RATE, SPAN];

const MESSAGES = [
  "FATAL disk 7",
  "FATAL memory 12",
  "FATAL net",
  "starting",
  "ready",
  "done",
  "done",
  "begin",
  "begin",
  "end",
  "end of one, begin of the next",
  "found 3",
  "found 4 as idle",
  "as busy",
];
const OLD = { shapes: new Set([shapeOf("FATAL disk 1")]) };

/** What a later run reads. */
function writtenDown({ book, checks }: KeptLogs): KeptLogs {
  const parsed = JSON.parse(JSON.stringify({ book, checks })) as KeptLogs;
  return { book: keptBookOf(parsed.book, "book"), checks: record(parsed.checks, "checks", keptLogOf) };
}

interface World {
  now: number;
  /** When new2 was gone. */
  readonly goneAt: number;
  /** When it was known of whom "uns" is. */
  readonly toldAt: number;
  readonly startedAt?: number;
  readonly knownTo?: number;
  readonly thinned?: Thinned;
}

const bookIn = (world: World, checks: readonly Check[], kept?: KeptLogs): LogBook =>
  createLogBook({
    checks,
    keep: (of) => of,
    facts: (): LogFacts => ({
      startedAt: world.startedAt ?? T0,
      ...(world.knownTo === undefined ? {} : { knownTo: world.knownTo }),
      ...(world.thinned === undefined ? {} : { thinned: world.thinned }),
      liveAt: LIVE,
      shutdownDelayMs: 30 * SECOND,
      isNew: (suffix) =>
        suffix.startsWith("new") ||
        (suffix === "uns" && world.now >= world.toldAt ? true : suffix === "uns" ? undefined : false),
      hasInstances: true,
      knowsNewInstances: true,
      rereadTo: world.now,
      lifeOf: (suffix, at) => {
        const isGone = suffix === "new2" && world.now >= world.goneAt;
        const seenAt = (isGone ? world.goneAt : world.now) - 20 * SECOND;
        return { to: suffix === "new3" ? at : Math.max(at, seenAt), isGone };
      },
    }),
    kept,
  });

const withoutEvidence = (sample: Sample): unknown => ({ ...sample, evidence: [] });

describe("a log book that goes on from what was written down", () => {
  const lines = fc.array(
    fc.record({
      seconds: fc.integer({ min: -60, max: 900 }),
      ms: fc.constantFrom(0, 0, 1, 999),
      nanos: fc.constantFrom("", "000001", "900000"),
      message: fc.constantFrom(...MESSAGES),
      instance: fc.constantFrom("new1", "new1", "new2", "new3", "old1", "uns"),
      lagS: fc.integer({ min: 0, max: 50 }),
    }),
    { maxLength: 60 },
  );
  const looks = fc.array(fc.tuple(fc.integer({ min: 5, max: 300 }), fc.boolean()), { maxLength: 8 });

  it("judges as one that has read everything", () => {
    fc.assert(
      fc.property(
        lines,
        looks,
        fc.record({ goneS: fc.integer({ min: 0, max: 900 }), toldS: fc.integer({ min: 0, max: 900 }) }),
        (of, at, { goneS, toldS }) => {
          const world: World = { now: LIVE, goneAt: LIVE + goneS * SECOND, toldAt: LIVE + toldS * SECOND };
          const isAlive = (one: (typeof of)[number]): boolean =>
            one.instance !== "new2" || one.seconds < goneS;
          const all = of.filter(isAlive).map(({ seconds, ms, nanos, message, instance, lagS }) => {
            const one = line(seconds, message, { instance, at: LIVE + seconds * SECOND + ms });
            const timestamp = `2026-11-23T10:00:00.${String(one.at % 1000).padStart(3, "0")}${nanos}Z`;
            return { line: { ...one, timestamp }, arrivedAt: one.at + lagS * SECOND };
          });
          const [whole, first] = [bookIn(world, CHECKS), bookIn(world, CHECKS)];
          let cut = first;
          // Every line that can be read by now: those read before come again.
          const read = (book: LogBook): void => {
            for (const { line, arrivedAt } of all) if (arrivedAt <= world.now) book.add(line);
            book.reclassify();
          };
          for (const book of [whole, cut]) book.add(platform());
          for (const book of [whole, cut]) read(book);
          for (const [seconds, isCut] of at) {
            if (isCut) cut = bookIn(world, CHECKS, writtenDown(cut.kept(world.now)));
            world.now += seconds * SECOND;
            for (const book of [whole, cut]) {
              read(book);
              if (seconds % 3 !== 0) for (const check of book.asksNew()) book.setOldShapes(check.name, OLD);
            }
            for (const check of CHECKS)
              expect([check.name, withoutEvidence(cut.sample(check, world.now))]).toEqual([
                check.name,
                withoutEvidence(whole.sample(check, world.now)),
              ]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("what was written down of the logs", () => {
  const world = (): World => ({ now: LIVE + 10 * MINUTE, goneAt: Infinity, toldAt: Infinity });
  const at = (seconds: number): number => LIVE + seconds * SECOND;
  /** Another book of the same checks that goes on from these lines, so many seconds after live. */
  function later(
    checks: readonly Check[],
    lines: readonly ReturnType<typeof line>[],
    change = (of: KeptLogs) => of,
  ) {
    const here = world();
    const book = bookIn(here, checks);
    for (const one of [platform(), ...lines]) book.add(one);
    for (const check of book.asksNew()) book.setOldShapes(check.name, OLD);
    const kept = change(writtenDown(book.kept(here.now)));
    return { kept, book: bookIn(here, checks, kept), world: here };
  }
  const shownBy = (sample: Sample): readonly string[] =>
    sample.kind === "ok" ? sample.evidence.map(({ text }) => text) : [sample.reason];

  it("shows a few lines of each kind, cut, and the first one", () => {
    const long = "x".repeat(500);
    const lines = Array.from({ length: 9 }, (_, index) =>
      line(index, `FATAL ${"abcdefghi"[index] ?? ""} ${long}`),
    );
    const { book, kept } = later([FORBID], lines);
    const shown = shownBy(book.sample(FORBID, at(600)));
    expect(shown).toEqual(["a", "b", "c"].map((one) => `FATAL ${one} ${"x".repeat(151)}…`));
    expect(book.sample(FORBID, at(600))).toMatchObject({ subjects: { matches: 9 } });
    expect(book.firstMatch(FORBID.name)).toEqual({ at: at(0), type: "app", instance: "new1" });
    expect(JSON.stringify(kept).length).toBeLessThan(1_000);
  });
  it("shows new lines once, and what overlapped", () => {
    const news = later([NEWS], [line(0, "FATAL disk 1"), line(1, "FATAL net"), line(2, "FATAL net")]);
    expect(shownBy(news.book.sample(NEWS, at(600)))).toEqual(["FATAL disk 1", "new: FATAL net", "FATAL net"]);
    const spans = later([SPAN], [line(0, "begin 1"), line(1, "begin 2"), line(2, "end"), line(3, "end")]);
    expect(shownBy(spans.book.sample(SPAN, at(600)))).toEqual(["begin 1", "begin 2", "end"]);
  });
  it("what is required was found, and is shown as it is configured", () => {
    const { book } = later([REQUIRE], [line(0, "now starting"), line(1, "is ready")]);
    expect(book.sample(REQUIRE, at(600))).toMatchObject({ subjects: { found: 2, missing: 0 } });
    expect(shownBy(book.sample(REQUIRE, at(600)))).toEqual(["starting", "ready"]);
  });

  it.each<[string, Check, (log: KeptLogs["checks"]) => KeptLogs["checks"]]>([
    ["nothing at all", FORBID, () => ({})],
    ["not what is required", REQUIRE, () => ({ require: {} })],
    ["what another configuration required", REQUIRE, () => ({ require: { found: [1] } })],
    ["no intervals", COUNT, () => ({ count: { matches: 1 } })],
    ["no spans", SPAN, () => ({ span: {} })],
    ["no shapes", NEWS, () => ({ news: { matches: 1 } })],
  ])("%s: the check is not measured, nor is it at a later look", (_what, check, change) => {
    const { book, world: here } = later([check], [line(0, "hello")], (kept) => ({
      ...kept,
      checks: change(kept.checks),
    }));
    const lost = { kind: "error", reason: "what it had seen by the last look was not kept" };
    expect(book.sample(check, at(600))).toMatchObject(lost);
    const again = bookIn(here, [check], writtenDown(book.kept(here.now)));
    expect(again.sample(check, at(600))).toMatchObject(lost);
  });
  it("what fails whatever was lost fails", () => {
    const { book, world: here } = later([FORBID], [], ({ book }) => ({ book, checks: {} }));
    book.add(line(590, "FATAL"));
    expect(book.sample(FORBID, at(600))).toMatchObject({ kind: "ok", subjects: { matches: 1 } });
    here.now += 5 * MINUTE;
    const again = bookIn(here, [FORBID], writtenDown(book.kept(here.now)));
    expect(again.sample(FORBID, at(900))).toMatchObject({ kind: "ok", subjects: { matches: 1 } });
  });

  it("lines up to a minute ago are counted, later ones are read again", () => {
    const lines = [line(500, "FATAL a"), line(550, "FATAL b")];
    const { book } = later([FORBID], lines);
    expect(book.keptTo()).toBe(at(540));
    for (const one of lines) book.add(one);
    expect(book.sample(FORBID, at(600))).toMatchObject({ subjects: { matches: 2 } });
  });
  it("a line that could not be placed is read again, one that does not matter is not", () => {
    const unsure = { instance: "uns" };
    const plain = later([FORBID], [line(10, "hello", unsure)]);
    expect(plain.book.keptTo()).toBe(at(540));
    for (const check of [FORBID, REQUIRE, COUNT]) {
      const held = line(50, "FATAL starting done", unsure);
      const { book, world: here } = later([check], [line(10, "hello", unsure), held]);
      expect(book.keptTo()).toBe(at(50) - 1);
      here.now += 5 * MINUTE;
      expect(bookIn(here, [check], writtenDown(book.kept(here.now))).keptTo()).toBe(at(840));
      book.add(held);
      expect(bookIn(here, [check], writtenDown(book.kept(here.now))).keptTo()).toBe(at(50) - 1);
    }
  });
  it("of a redeploy nothing is known: it is read from its start", () => {
    const { kept } = later(CHECKS, [
      line(0, "FATAL net"),
      line(1, "starting"),
      line(2, "begin"),
      line(3, "done"),
    ]);
    const start = T0 + 2 * MINUTE;
    const book = bookIn({ ...world(), startedAt: start }, CHECKS, kept);
    expect(book.keptTo()).toBeUndefined();
    expect(book.sample(FORBID, at(600))).toMatchObject({ kind: "ok", subjects: { matches: 0 } });
    book.add(line(0, "FATAL net"));
    expect(book.sample(FORBID, at(600))).toMatchObject({ subjects: { matches: 1 } });
  });
  it("before anything was read nothing is counted", () => {
    const here = world();
    const book = bookIn({ ...here, knownTo: -Infinity }, [FORBID]);
    const kept = writtenDown(book.kept(here.now));
    expect(kept.book).toEqual({ to: T0 - 1_001, startedAt: T0, lives: {} });
    expect(bookIn(here, [FORBID], kept).sample(FORBID, at(600))).toMatchObject({
      kind: "error",
      reason: "no log line of this deploy was read",
    });
  });

  it("of too many shapes some are a number, and there may be more new ones", () => {
    const words = Array.from({ length: 60 }, (_, index) => "ghijklmnop"[index % 10]?.repeat(1 + index) ?? "");
    const { book, kept } = later(
      [NEWS],
      words.flatMap((word, index) => [line(index, `FATAL ${word}`), line(index, `FATAL ${word}`)]),
    );
    expect(kept.checks[NEWS.name]?.news).toMatchObject({ more: 20, isOldWhole: true });
    expect(book.sample(NEWS, at(600))).toMatchObject({
      subjects: { matches: 120, new_matches: 100 },
      partial: ["new_matches"],
    });
  });
  it("of too many old shapes those are kept that were printed again, and the others awaited", () => {
    const here = world();
    const book = bookIn(here, [NEWS]);
    for (const one of [platform(), line(0, "FATAL disk 1"), line(1, "FATAL net")]) book.add(one);
    const many = Array.from({ length: 70 }, (_, index) => "o".repeat(1 + index));
    book.setOldShapes(NEWS.name, { shapes: new Set([...many, ...OLD.shapes]) });
    const again = bookIn(here, [NEWS], writtenDown(book.kept(here.now)));
    expect(again.asksNew()).toEqual([NEWS]);
    expect(again.sample(NEWS, at(600))).toMatchObject({
      pending: expect.stringContaining("still being read"),
    });
    again.setOldShapes(NEWS.name, { shapes: new Set() });
    expect(again.sample(NEWS, at(600))).toMatchObject({ subjects: { matches: 2, new_matches: 1 } });
  });
  it("what is known of all old shapes is not lost when they are not kept any more", () => {
    const { book } = later([NEWS], [line(0, "FATAL disk 1")]);
    expect(book.asksNew()).toEqual([]);
    book.setOldShapes(NEWS.name, { shapes: new Set(), why: "gone" });
    expect(book.sample(NEWS, at(600))).toMatchObject({ subjects: { matches: 1, new_matches: 0 } });
  });

  it("intervals of which not all lines were read may hold more", () => {
    const here = world();
    const thinned = { value: [{ from: at(480), to: at(500) }], rate: [] };
    const book = bookIn({ ...here, thinned }, [COUNT]);
    for (const one of [platform(), line(0, "starting"), line(490, "done")]) book.add(one);
    const again = bookIn(here, [COUNT], writtenDown(book.kept(here.now)));
    expect(again.sample(COUNT, at(555))).toMatchObject({ subjects: { value: 1 }, partial: ["value"] });
    expect(again.sample(COUNT, at(615))).not.toHaveProperty("partial");
  });
  it("intervals too long ago to be kept are said to be passed over", () => {
    const here = { ...world(), now: at(200 * 60) };
    const book = bookIn(here, [COUNT]);
    for (const one of [platform(), line(0, "done"), line(1, "done"), line(11_940, "done")]) book.add(one);
    const again = bookIn(here, [COUNT], writtenDown(book.kept(here.now)));
    expect(again.sample(COUNT, at(200 * 60 + 15))).toMatchObject({
      subjects: { value: 1 },
      partial: ["value"],
      note: expect.stringMatching(/; \d+ intervals before held more lines than are kept/),
    });
  });
  it("counts of other intervals are of no use", () => {
    const { kept } = later([COUNT], [line(0, "starting"), line(490, "done")]);
    const app = kept.book.lives["app"] ?? { first: 0, last: {} };
    const moved = {
      ...kept,
      book: { ...kept.book, lives: { app: { ...app, first: app.first + 7 * SECOND } } },
    };
    const book = bookIn(world(), [COUNT], moved);
    expect(book.sample(COUNT, at(555))).toMatchObject({ subjects: { value: 0 }, partial: ["value"] });
  });

  it("spans that are open too long ago never end, and are counted", () => {
    const { book } = later(
      [SPAN],
      Array.from({ length: 30 }, (_, index) => line(index, "begin")),
    );
    expect(book.sample(SPAN, at(600))).toMatchObject({
      subjects: { overlap: 29, unfinished: 29 },
      note: "0 spans finished, 30 open",
    });
    for (let index = 0; index < 25; index += 1) book.add(line(560 + index / 10, "end"));
    expect(book.sample(SPAN, at(600))).toMatchObject({ note: "20 spans finished, 10 open" });
  });
  it("where too many spans may overlap there may be more", () => {
    const begins = Array.from({ length: 60 }, (_, index) => [
      line(100 + index, "begin"),
      line(100.5 + index, "end"),
    ]).flat();
    const { book, kept } = later([SPAN], [line(50, "begin", { instance: "new3" }), ...begins]);
    expect(kept.checks[SPAN.name]?.span).toMatchObject({ isUnsure: true, finished: 60 });
    expect(book.sample(SPAN, at(600))).toMatchObject({ partial: ["overlap"] });
  });
  it("who wrote is known of those that wrote last", () => {
    const many = Array.from({ length: 30 }, (_, index) => line(index, "hello", { instance: `new-${index}` }));
    const { kept } = later([SPAN], [line(-5, "begin", { instance: "new-x" }), ...many]);
    const names = Object.keys(kept.book.lives["app"]?.last ?? {});
    expect(names).toHaveLength(21);
    expect(names).toEqual(expect.arrayContaining(["new-x", "new-29", "new-10"]));
    expect(kept.book.lives["app"]?.first).toBe(at(-5));
  });
});
