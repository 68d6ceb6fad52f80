import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beatMs, checksOf, dueChecks, missedBeats, nextBeat } from "../../src/core/schedule.ts";
import { givenCheck, MINUTE, SECOND, T0 } from "./given.ts";

const BOOT = { name: "boot", forMs: 5 * MINUTE, everyMs: 15 * SECOND, acrossDeploys: false };

describe("beats", () => {
  it("every is the default beat of a check in that stage", () => {
    expect(beatMs(givenCheck(), BOOT)).toBe(15 * SECOND);
    expect(beatMs(givenCheck({ everyMs: 30 * SECOND }), BOOT)).toBe(30 * SECOND);
  });
  it("a check belongs to every stage, or to those it names", () => {
    const checks = [
      givenCheck({ name: "a" }),
      givenCheck({ name: "b", stages: ["boot"] }),
      givenCheck({ name: "c", stages: ["hour"] }),
    ];
    expect(checksOf(checks, BOOT).map((check) => check.name)).toEqual(["a", "b"]);
  });
  it("those whose time has come are due, in the order given", () => {
    const checks = [givenCheck({ name: "one" }), givenCheck({ name: "two" }), givenCheck({ name: "later" })];
    const due = dueChecks(checks, { one: T0, two: T0 - 1, later: T0 + 1 }, T0);
    expect(due.map((check) => check.name)).toEqual(["one", "two"]);
    expect(dueChecks(checks, {}, T0)).toHaveLength(3);
  });
  it.each([
    ["on time", T0, T0 + 15],
    ["a little late keeps the beat", T0 + 4, T0 + 15],
    ["so late that one is missed", T0 + 16, T0 + 30],
    ["exactly one beat late", T0 + 15, T0 + 30],
    ["early", T0 - 3, T0 + 15],
  ])("the next one: %s", (_rule, now, next) => expect(nextBeat(T0, 15, now)).toBe(next));
  it("the next one always lies ahead, on the beat, and no further than one beat", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 100_000 }), fc.nat(), (wasDue, every, late) => {
        const now = wasDue + late;
        const next = nextBeat(wasDue, every, now);
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(every);
        expect((next - wasDue) % every).toBe(0);
      }),
    );
  });
});

describe("samples that were due and not taken", () => {
  const missed = (now: number, judgedFrom = 0, isTaken = true): number =>
    missedBeats({ wasDue: T0, everyMs: 15, now: T0 + now, judgedFrom: T0 + judgedFrom, isTaken });
  it.each([
    ["none: the one on time is taken", missed(0), 0],
    ["none: it is only late", missed(14), 0],
    ["one beat was missed before it", missed(15), 1],
    ["three were", missed(50), 3],
    ["the last one is still busy: that one too", missed(0, 0, false), 1],
    ["those in grace are not asked for", missed(50, 30), 1],
    ["those in grace, between beats", missed(50, 20), 1],
    ["all in grace, the newest too", missed(50, 60), 0],
    ["all in grace, none taken", missed(50, 60, false), 0],
    ["the newest is the first after grace", missed(30, 30), 0],
  ])("%s", (_rule, count, expected) => expect(count).toBe(expected));

  it("with those taken they are as many as the beat made due after grace", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(300),
        fc.array(fc.nat(200), { minLength: 1, maxLength: 20 }),
        (everyMs, grace, delays) => {
          const judgedFrom = T0 + grace;
          let wasDue = T0;
          let now = T0;
          let judged = 0;
          let count = 0;
          for (const delay of delays) {
            now = wasDue + delay;
            count += missedBeats({ wasDue, everyMs, now, judgedFrom, isTaken: true });
            // A beat in grace is no finding; the newest beat up to now is the one that is taken.
            const beat = wasDue + Math.floor((now - wasDue) / everyMs) * everyMs;
            judged += beat >= judgedFrom ? 1 : 0;
            wasDue = nextBeat(wasDue, everyMs, now);
          }
          let due = 0;
          for (let at = T0; at < wasDue; at += everyMs) due += at >= judgedFrom ? 1 : 0;
          expect(judged + count).toBe(due);
        },
      ),
    );
  });
});
