import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MeasuredSeries } from "../../src/core/outcome.ts";
import { isDrawable, plainNumber, timeAxis, valueAxis } from "../../src/report/axis.ts";

function series(unit: MeasuredSeries["unit"], values: readonly number[], more = {}): MeasuredSeries {
  return { subject: "x", unit, points: values.map((value, at) => ({ at, value })), limits: [], ...more };
}

const fail = (value: number): Partial<MeasuredSeries> => ({ limits: [{ tier: "fail", text: "", value }] });

describe("the axis of values", () => {
  it.each<[string, MeasuredSeries, string, readonly number[]]>([
    ["a ratio", series("ratio", [0.82, 0.97]), "%", [80, 85, 90, 95, 100]],
    ["small ratios", series("ratio", [0.004, 0.01]), "%", [0, 0.5, 1]],
    ["a short duration", series("duration", [210, 340], fail(2000)), "ms", [0, 500, 1000, 1500, 2000]],
    ["a long duration", series("duration", [12_000, 60_000]), "s", [0, 20, 40, 60]],
    ["minutes", series("duration", [600_000, 5_400_000]), "min", [0, 50, 100]],
    ["bytes", series("size", [1.2e9], { baseline: 0.9e9, ...fail(2e9) }), "GB", [0, 0.5, 1, 1.5, 2]],
    ["megabytes", series("size", [90e6, 100e6]), "MB", [90, 95, 100]],
    ["numbers", series("number", [3, 18]), "", [0, 5, 10, 15, 20]],
    ["large numbers", series("number", [250_000, 1_000_000]), "thousand", [0, 500, 1000]],
    ["negative numbers", series("number", [-38, 12]), "", [-40, -20, 0, 20]],
    ["one number", series("number", [7, 7]), "", [0, 2, 4, 6, 8]],
    ["zero", series("number", [0, 0]), "", [0, 0.5, 1]],
  ])("of %s", (_, one, unit, marks) => {
    const axis = valueAxis(one);
    expect([axis.unit, axis.marks]).toEqual([unit, marks]);
    expect([axis.low, axis.high]).toEqual([marks[0], marks.at(-1)]);
  });

  it("holds every value, limit and baseline, with a handful of marks", () => {
    const value = fc.double({ min: -1e14, max: 1e14, noNaN: true });
    const unit = fc.constantFrom("number", "ratio", "duration", "size");
    fc.assert(
      fc.property(unit, fc.array(value, { minLength: 2, maxLength: 9 }), value, (kind, values, limit) => {
        const one = series(kind, values, fail(limit));
        const axis = valueAxis(one);
        const slack = 1e-6 * Math.max(Math.abs(axis.low), Math.abs(axis.high));
        for (const each of [...values, limit]) {
          expect(each / axis.divisor).toBeGreaterThanOrEqual(axis.low - slack);
          expect(each / axis.divisor).toBeLessThanOrEqual(axis.high + slack);
        }
        expect(axis.high).toBeGreaterThan(axis.low);
        expect(axis.marks.length).toBeGreaterThanOrEqual(2);
        expect(axis.marks.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe("the axis of time", () => {
  it.each([
    [0, 100_000, "s", [0, 30, 60, 90]],
    [15_000, 300_000, "min", [2, 4]],
    [30_000, 3_600_000, "min", [15, 30, 45, 60]],
    [0, 86_400_000, "h", [0, 6, 12, 18, 24]],
    [0, 604_800_000, "d", [0, 2, 4, 6]],
  ])("from %s to %s", (from, to, unit, marks) => {
    const axis = timeAxis(from, to);
    expect(axis.unit).toBe(unit);
    expect(axis.marks).toEqual(marks);
  });
});

describe("a series", () => {
  it.each<[string, MeasuredSeries, boolean]>([
    ["two moments", series("number", [1, 2]), true],
    ["one", series("number", [1]), false],
    ["none", series("number", []), false],
    [
      "one moment twice",
      { ...series("number", []), points: [0, 1].map((value) => ({ at: 5, value })) },
      false,
    ],
    ["a number beyond all axes", series("number", [1, 1e15]), false],
    ["no number", series("number", [1, Number.NaN]), false],
    ["a limit that is none", series("number", [1, 2], fail(Infinity)), false],
  ])("of %s", (_, one, expected) => {
    expect(isDrawable(one)).toBe(expected);
  });
});

describe("a plain number", () => {
  it.each([
    [0.1 + 0.2, "0.3"],
    [1234.5678, "1234.57"],
    [1e-7, "0.0000001"],
    [1e-12, "0"],
    [-2.5e-8, "-0.000000025"],
    [1e14, "100000000000000"],
  ])("%s is %s", (value, expected) => {
    expect(plainNumber(value)).toBe(expected);
  });
});
