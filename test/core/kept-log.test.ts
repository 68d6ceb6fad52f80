import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, Sample } from "../../src/core/check.ts";
import { keptBookOf, keptLogOf, type KeptLogs } from "../../src/core/kept-log.ts";
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
}

const bookIn = (world: World, checks: readonly Check[], kept?: KeptLogs): LogBook =>
  createLogBook({
    checks,
    keep: (of) => of,
    facts: (): LogFacts => ({
      startedAt: T0,
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
