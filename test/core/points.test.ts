import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digested, keptPointsOf, middleOf, percentileOf, type Point } from "../../src/core/points.ts";
import { Misfit } from "../../src/core/shape.ts";

const pointsOf = (values: readonly number[]): readonly Point[] => values.map((value, at) => ({ at, value }));
const sumOf = (points: readonly Point[]): number =>
  points.reduce((sum, { value, count = 1 }) => sum + value * count, 0);
const countOf = (points: readonly Point[]): number => points.reduce((sum, { count = 1 }) => sum + count, 0);
const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 80 });

describe("points of which few are left", () => {
  it("have the same sum, number and extremes, and stay few", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 3, max: 30 }), (all, most) => {
        const few = digested(digested(pointsOf(all), most + 5), most);
        expect(few.length).toBeLessThanOrEqual(most);
        expect(countOf(few)).toBe(all.length);
        expect(sumOf(few)).toBeCloseTo(sumOf(pointsOf(all)), 6);
        expect([few[0]?.value, few.at(-1)?.value]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });
  it("are exact while there are few different ones", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), (all) => {
        const few = digested(pointsOf(all), 10);
        expect(middleOf(few)).toBe(middleOf(pointsOf(all)));
        for (const percent of [50, 95, 99])
          expect(percentileOf(few, percent)).toBe(percentileOf(pointsOf(all), percent));
      }),
    );
  });
  it("keep what is far from the rest", () => {
    const often = Array.from({ length: 200 }, (_, index) => 100 + (index % 20));
    const few = digested(pointsOf([...often, ...Array.from({ length: 12 }, () => 9_000)]), 12);
    expect([percentileOf(few, 95), percentileOf(few, 50)]).toEqual([9_000, expect.closeTo(110, -1)]);
  });
});

it.each<[string, unknown]>([
  ["no list", {}],
  ["no pair", [[1]]],
  ["more than three", [[1, 2, 3, 4]]],
  ["a text", [[1, "2"]]],
  ["nothing", [[1, 2, 0]]],
])("%s is no point", (_what, value) => expect(() => keptPointsOf(value, "series")).toThrow(Misfit));
