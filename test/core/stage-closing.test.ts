import { describe, expect, it } from "vitest";
import { stillOpen, wantsFreshWindow, type CheckProgress } from "../../src/core/stage-closing.ts";
import { beatAfter, beatOf, isRetained, stageWindows } from "../../src/core/stage-window.ts";
import { NEW_STANDING } from "../../src/core/standing.ts";
import { givenCheck, givenLogCheck, HOUR, MINUTE, T0 } from "./given.ts";

const STAGES = [
  { name: "boot", forMs: 5 * MINUTE, everyMs: MINUTE, acrossDeploys: false },
  { name: "hour", forMs: HOUR, everyMs: 10 * MINUTE, acrossDeploys: false },
];
const [, hour] = stageWindows(STAGES, T0);
if (hour === undefined) throw new Error("there are two stages");

describe("the windows of the stages", () => {
  it("begin where the one before ends, and end so long after live", () => {
    expect(hour).toMatchObject({ from: T0 + 5 * MINUTE, to: T0 + HOUR });
    expect(beatAfter(hour, 10 * MINUTE, -Infinity)).toBe(hour.from);
    expect(beatAfter(hour, 10 * MINUTE, hour.from)).toBe(hour.from + 10 * MINUTE);
    expect(beatAfter(hour, 10 * MINUTE, hour.from + 10 * MINUTE - 1)).toBe(hour.from + 10 * MINUTE);
    expect(beatOf(hour, 10 * MINUTE, hour.from - 1)).toBe(-1);
    expect(beatOf(hour, 10 * MINUTE, hour.from + 25 * MINUTE)).toBe(2);
  });

  const errors = givenLogCheck();
  const rows = givenCheck();
  const derived = (of: string) =>
    givenCheck({
      name: `of ${of}`,
      source: { kind: "derive", formulas: { x: { kind: "subject", check: of, path: ["value"] } } },
    });
  it.each([
    ["log lines", errors, true],
    ["rows of a query", rows, false],
    ["what is made of log lines", derived("errors"), true],
    ["what is made of rows", derived("rows"), false],
  ])("%s are kept: %s", (_, check, is) => {
    expect(isRetained(check, [errors, rows, derived("errors"), derived("rows")])).toBe(is);
  });
});

/** Ten minutes before the stage's end, unless told otherwise. */
function progress(over: Partial<CheckProgress> = {}): CheckProgress {
  return {
    check: givenCheck({ failAfter: { kind: "consecutive", count: 2 } }),
    standing: NEW_STANDING,
    isRetained: false,
    judgedTo: T0 + 50 * MINUTE,
    seenTo: T0 + 50 * MINUTE,
    late: 0,
    thinMs: 0,
    ...over,
  };
}

const failing = { ...NEW_STANDING, failingRun: 1, failingSamples: 1 };
const kept = { isRetained: true, check: givenLogCheck() };
const SOON = 2 * MINUTE;

describe("a stage", () => {
  it.each<
    readonly [string, number, Partial<CheckProgress>, { readonly lateFrom?: number }, RegExp | undefined]
  >([
    ["before its end", -1, {}, {}, /^the end of stage hour$/],
    ["at its end, seen", 0, {}, {}, undefined],
    ["whose kept lines are read up to then", SOON, { ...kept, judgedTo: T0 + HOUR }, {}, undefined],
    [
      "whose kept lines are not",
      SOON,
      { ...kept, judgedTo: T0 + HOUR - 1 },
      {},
      /^the rest of the window to be read for "errors"$/,
    ],
    [
      "that nobody saw the end of",
      SOON,
      { seenTo: T0 + 39 * MINUTE },
      {},
      /^a second look at what nobody saw/,
    ],
    ["that nobody ever saw", SOON, { seenTo: -Infinity }, { lateFrom: 0 }, /^a second look/],
    [
      "looked at afresh for the first stage's length",
      7 * MINUTE,
      { seenTo: T0 },
      { lateFrom: 2 * MINUTE },
      undefined,
    ],
    ["not so long", 7 * MINUTE - 1, { seenTo: T0 }, { lateFrom: 2 * MINUTE }, /^a second look/],
    ["with an open failing run", SOON, { standing: failing, late: 3 }, {}, /^"rows" to be decided$/],
    ["with one that further samples did not decide", SOON, { standing: failing, late: 4 }, {}, undefined],
    [
      "with one of kept lines, while time decides",
      SOON,
      { ...kept, standing: failing, judgedTo: T0 + HOUR + 20 * MINUTE - 1 },
      {},
      /^"errors" to be decided$/,
    ],
    [
      "with one of kept lines, decided by time",
      SOON,
      { ...kept, standing: failing, judgedTo: T0 + HOUR + 20 * MINUTE },
      {},
      undefined,
    ],
    ["with a trend that nobody saw", HOUR, { thinMs: 6 * HOUR }, { lateFrom: 0 }, /^"rows" to be decided$/],
    ["with a trend that nobody will see", 6 * HOUR, { thinMs: 6 * HOUR }, { lateFrom: 0 }, undefined],
  ])("%s", (_, afterEnd, over, { lateFrom }, is) => {
    const why = stillOpen(hour, {
      now: hour.to + afterEnd,
      checks: [progress(over)],
      freshMs: 5 * MINUTE,
      lateFrom: lateFrom === undefined ? undefined : hour.to + lateFrom,
    });
    if (is === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(is);
  });

  it.each([
    ["two beats before its end", 40 * MINUTE, 5 * MINUTE, false],
    ["more than two beats before", 40 * MINUTE - 1, 5 * MINUTE, true],
    ["in the length of the first stage", 30 * MINUTE, 30 * MINUTE, false],
  ])("seen last %s wants no fresh window", (_, seenTo, freshMs, is) => {
    expect(wantsFreshWindow(hour, [progress({ seenTo: T0 + seenTo })], freshMs)).toBe(is);
  });
});
