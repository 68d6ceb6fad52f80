import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALL_NUMBERS,
  admissionOf,
  closed,
  complement,
  intersection,
  union,
  without,
} from "../../src/core/condition-range.ts";
import type { NumberSet } from "../../src/core/condition-range.ts";
import { evaluateCondition } from "../../src/core/evaluate.ts";
import { condition } from "./given.ts";

/** A set as people write it: `[0, 1) (2, ∞)`. */
function written(set: NumberSet): string {
  const text = set.map(({ from, to, withFrom, withTo }) =>
    from === to ? `{${from}}` : `${withFrom ? "[" : "("}${from}, ${to}${withTo ? "]" : ")"}`,
  );
  return text.length === 0 ? "none" : text.join(" ").replaceAll("Infinity", "∞");
}

const has = (set: NumberSet, value: number): boolean =>
  set.some(
    ({ from, to, withFrom, withTo }) =>
      (from < value || (withFrom && from === value)) && (value < to || (withTo && to === value)),
  );

describe("the numbers a condition admits", () => {
  test.each([
    ["x < 5", "(-∞, 5)", "[5, ∞)"],
    ["x <= 5", "(-∞, 5]", "(5, ∞)"],
    ["x > 5", "(5, ∞)", "(-∞, 5]"],
    ["x >= 5s", "[5000, ∞)", "(-∞, 5000)"],
    ["x == 5", "{5}", "(-∞, 5) (5, ∞)"],
    ["x != 5", "(-∞, 5) (5, ∞)", "{5}"],
    ["x between 200 and 299", "[200, 299]", "(-∞, 200) (299, ∞)"],
    ["x in [500, 200, 200]", "{200} {500}", "(-∞, 200) (200, 500) (500, ∞)"],
    // A percentage compares with a ratio from 0 to 1 only.
    ["x >= 90%", "[0.9, 1]", "[0, 0.9)"],
    ["x > 150%", "none", "[0, 1]"],
    ["x < 0%", "none", "[0, 1]"],
    ["x != 50%", "[0, 0.5) (0.5, 1]", "{0.5}"],
    ["x between 0 and 50%", "[0, 0.5]", "(0.5, 1]"],
    ["x in [10%, 5]", "{0.1} {5}", "(-∞, 0.1) (0.1, 5) (5, ∞)"],
  ])("%s holds in %s and fails in %s", (text, holds, fails) => {
    const admission = admissionOf(condition(text));
    expect(written(admission?.holds ?? ALL_NUMBERS)).toBe(holds);
    expect(written(admission?.fails ?? ALL_NUMBERS)).toBe(fails);
  });

  test.each([
    'x == "ok"',
    "x == true",
    "x != null",
    "x > +50%",
    "x < 3x",
    "x == deploy.sha",
    'x contains "a"',
    "x matches /a/",
    'x in [1, "one"]',
  ])("%s says nothing of plain numbers", (text) => {
    expect(admissionOf(condition(text))).toBeUndefined();
  });
});

const end = fc.integer({ min: -4, max: 4 });
const set: fc.Arbitrary<NumberSet> = fc
  .array(fc.tuple(end, end), { maxLength: 4 })
  .map((pairs) => union(pairs.map(([a, b]) => closed(Math.min(a, b), Math.max(a, b)))));
/** Ends and what lies between them. */
const value = fc.integer({ min: -10, max: 10 }).map((half) => half / 2);

test("sets follow the laws of sets, number by number", () => {
  fc.assert(
    fc.property(set, set, value, (a, b, x) => {
      expect(has(intersection(a, b), x)).toBe(has(a, x) && has(b, x));
      expect(has(union([a, b]), x)).toBe(has(a, x) || has(b, x));
      expect(has(complement(a), x)).toBe(!has(a, x));
      expect(has(without(a, b), x)).toBe(has(a, x) && !has(b, x));
      expect(written(complement(complement(a)))).toBe(written(a));
    }),
  );
});

test("a set's intervals are in order and neither overlap nor touch", () => {
  fc.assert(
    fc.property(set, (a) => {
      for (const [index, { from, withFrom }] of a.entries()) {
        const before = a[index - 1];
        if (before === undefined) continue;
        expect(before.to < from || (before.to === from && !before.withTo && !withFrom)).toBe(true);
      }
    }),
  );
});

const unit = fc.constantFrom("", "%", "ms", "B");
const amount = fc
  .tuple(fc.constantFrom(-2, -1, 0, 0.5, 1, 50, 100, 150), unit)
  .filter(([number, unit]) => !(unit === "%" && number < 0));
const text = fc.oneof(
  fc
    .tuple(fc.constantFrom("<", "<=", ">", ">=", "==", "!="), amount)
    .map(([operator, [number, unit]]) => `x ${operator} ${number}${unit}`),
  fc
    .tuple(amount, fc.constantFrom(0, 0.5, 20))
    .map(([[from, unit], length]) => `x between ${from}${unit} and ${from + length}${unit}`),
  fc
    .array(amount, { minLength: 1, maxLength: 3 })
    .map((items) => `x in [${items.map(([number, unit]) => `${number}${unit}`).join(", ")}]`),
);

test("a set admits a number exactly if the condition, evaluated, holds for it", () => {
  const numbers = fc.constantFrom(
    -3,
    -2,
    -1,
    -0.5,
    0,
    0.005,
    0.25,
    0.5,
    0.7,
    1,
    1.5,
    20,
    50,
    50.5,
    100,
    150,
    170,
  );
  fc.assert(
    fc.property(text, numbers, (text, x) => {
      const written = condition(text);
      const { holds } = evaluateCondition(written, "pass", {
        at: 0,
        since: 0,
        subjects: { x },
        series: () => [],
        sha: "",
      });
      const admission = admissionOf(written);
      expect([has(admission?.holds ?? [], x), has(admission?.fails ?? [], x)]).toEqual([
        holds === true,
        holds === false,
      ]);
    }),
    { numRuns: 2000 },
  );
});
