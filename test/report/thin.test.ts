import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenValues, thinned } from "../../src/report/thin.ts";

const points = fc
  .array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: -1000, max: 1000 })), { minLength: 1, maxLength: 300 })
  .map((list) => {
    return list.map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
  });

function ofBeat(values: readonly number[]): { readonly at: number; readonly value: number }[] {
  return values.map((value, index) => ({ at: 1000 + index * 60, value }));
}

describe("thinned points", () => {
  it("are some of the points, in order, with the lowest and the highest among them", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 2, max: 60 }), (list, most) => {
        const kept = thinned(list, most);
        const values = kept.map(({ value }) => value);
        const all = list.map(({ value }) => value);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept.every((point) => list.includes(point))).toBe(true);
        expect(kept.every((point, index) => index === 0 || point.at >= kept[index - 1]!.at)).toBe(true);
        expect([Math.min(...values), Math.max(...values)]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });

  it("are all of them when they are few", () => {
    expect(thinned(ofBeat([3, 1, 2]), 3)).toEqual(ofBeat([3, 1, 2]));
  });
});

describe("values at equal distances", () => {
  it.each<[string, { at: number; value: number }[], readonly number[]]>([
    ["of a steady beat are the points", ofBeat([3, 1, 2, 5]), [3, 1, 2, 5]],
    ["of one point", ofBeat([3]), [3]],
    [
      "keep both extremes of a stretch",
      ofBeat([1, 9, 2, 3, 0, 4, 1, 1, 5, 5, 7, 5]),
      [1, 9, 0, 4, 1, 5, 5, 7],
    ],
    [
      "cross a gap in a straight line",
      [
        { at: 0, value: 0 },
        { at: 10, value: 0 },
        { at: 100, value: 10 },
      ],
      [0, 0, 2, 4, 6, 8, 10, 10],
    ],
  ])("%s", (_, list, expected) => {
    expect(evenValues(list, 8)).toEqual(expected);
  });

  it("hold the lowest and the highest, and nothing beyond them", () => {
    fc.assert(
      fc.property(points, (list) => {
        const values = evenValues(list, 30);
        const all = list.map(({ value }) => value);
        expect(values.length).toBeLessThanOrEqual(30);
        expect([Math.min(...values), Math.max(...values)]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });
});
