import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, Finding } from "../../src/core/check.ts";
import { linesOf } from "../../src/core/finding.ts";
import { keptMeasuredOf } from "../../src/core/kept-measured.ts";
import { createMeasured, medianOf, type Measured } from "../../src/core/measured.ts";
import { Misfit } from "../../src/core/shape.ts";
import type { Subjects } from "../../src/core/value.ts";
import { conditions, givenCheck, SECOND, T0 } from "./given.ts";

function findingAt(check: Check, at: number, subjects: Subjects, series: readonly number[] = []): Finding {
  const points = series.map((value, index) => ({ at: at - series.length + index, value }));
  const scope = { at, since: T0, subjects, series: () => points, sha: "" };
  return { at, outcome: "pass", reason: "", lines: linesOf(check, scope), evidence: [] };
}

describe("what a check measured", () => {
  const check = givenCheck({
    pass: conditions("success >= 90%"),
    fail: conditions("success < 80%", "max(depth) > 10"),
  });

  it("is kept by subject, with the limits of its conditions", () => {
    const measured = createMeasured(check);
    measured.add(findingAt(check, T0, { success: 0.85 }, [3]));
    measured.add(findingAt(check, T0 + 1, { success: 0.95 }, [3, 9]));
    expect(measured.series()).toEqual([
      {
        subject: "success",
        unit: "ratio",
        points: [
          { at: T0, value: 0.85 },
          { at: T0 + 1, value: 0.95 },
        ],
        limits: [
          { tier: "fail", text: "success < 80%", value: 0.8 },
          { tier: "pass", text: "success >= 90%", value: 0.9 },
        ],
      },
      {
        subject: "max(depth)",
        unit: "number",
        points: [
          { at: T0, value: 3 },
          { at: T0 + 1, value: 9 },
        ],
        limits: [{ tier: "fail", text: "max(depth) > 10", value: 10 }],
      },
    ]);
    expect(measured.values()).toEqual({ success: expect.closeTo(0.9, 9) as number, "max(depth)": 9 });
    expect(measured.samples()).toBe(2);
  });

  it("what may be larger than was read is drawn, and no number to compare with", () => {
    const measured = createMeasured(check);
    measured.add(findingAt(check, T0, { success: 0.1, depth: 1 }, [3]), ["success"]);
    expect(measured.values()).toEqual({ "max(depth)": 3 });
    measured.add(findingAt(check, T0 + 1, { success: 0.9, depth: 1 }, [3]));
    expect(measured.values()).toEqual({ success: 0.9, "max(depth)": 3 });
    expect(measured.series()[0]?.points.map(({ value }) => value)).toEqual([0.1, 0.9]);
  });

  it("leaves out what was no number", () => {
    const measured = createMeasured(check);
    measured.add(findingAt(check, T0, { success: "much" }));
    expect([measured.series(), measured.values(), measured.samples()]).toEqual([[], {}, 0]);
  });

  it("works out relative limits from the baseline", () => {
    const relative = givenCheck({
      fail: conditions("value > +50%", "value > 3x"),
      baseline: "while-building",
    });
    const measured = createMeasured(relative);
    measured.add(findingAt(relative, T0, { value: 4 }));
    const [series] = measured.series({ kind: "known", values: { value: 2 }, from: "the old version" });
    expect(series).toMatchObject({ baseline: 2, limits: [{ value: 3 }, { value: 6 }] });
    expect(measured.series()[0]?.limits).toEqual([]);
  });

  it("stays small and keeps every extreme", () => {
    const spiky = givenCheck({ fail: conditions("value > 1000") });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_999 }), (spike) => {
        const measured = createMeasured(spiky);
        for (let at = 0; at < 5_000; at += 1)
          measured.add(findingAt(spiky, at, { value: at === spike ? 999 : at % 7 }));
        const points = measured.series()[0]?.points ?? [];
        expect(points.length).toBeLessThanOrEqual(402);
        expect(points).toContainEqual({ at: spike, value: 999 });
        expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).toSorted((a, b) => a - b));
      }),
      { numRuns: 10 },
    );
  });

  it("has the unit that conditions or source tell", () => {
    const size = { kind: "metric", name: "memory", ofLimit: false, asRatio: false } as const;
    const one = givenCheck({ source: size, fail: conditions("value > +50%", "len(value) > 5") });
    const measured = createMeasured(one);
    measured.add({
      ...findingAt(one, T0, { value: 3 }),
      lines: [{ condition: "", subject: "value", tier: "fail", holds: true, value: 3 }],
    });
    expect(measured.series().map(({ unit }) => unit)).toEqual(["size"]);
  });
});

it.each([
  [[], undefined],
  [[3], 3],
  [[9, 1], 5],
  [[9, 1, 2], 2],
])("the median of %j is %s", (values, median) => expect(medianOf(values)).toBe(median));

describe("what a check measured, written down", () => {
  const check = givenCheck({ pass: conditions("v >= 1"), fail: conditions("max(w) > 10") });
  const again = (measured: Measured, cap: number): Measured =>
    createMeasured(check, keptMeasuredOf(JSON.parse(JSON.stringify(measured.kept(cap))), "measured"));

  it("is the same while it is little, wherever it was cut", () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.boolean()), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(samples, (all) => {
        const whole = createMeasured(check);
        let cut = createMeasured(check);
        for (const [index, [v, isPartial, isCut]] of all.entries()) {
          if (isCut) cut = again(cut, 40);
          const finding = findingAt(check, T0 + index * SECOND, { v }, [v]);
          for (const one of [whole, cut]) one.add(finding, isPartial ? ["v"] : []);
        }
        expect(cut.series()).toEqual(whole.series());
        expect([cut.values(), cut.samples()]).toEqual([whole.values(), whole.samples()]);
      }),
      { numRuns: 50 },
    );
  });

  it("has its extremes and its middle when it is much, and is evenly drawn", () => {
    let cut = createMeasured(check);
    for (let index = 0; index < 400; index += 1) {
      cut.add(
        findingAt(check, T0 + index * SECOND, {
          v: index % 4 === 0 ? 900 : index === 77 ? 999 : 5 + (index % 3),
        }),
      );
      cut = again(cut, 12);
    }
    const points = cut.series()[0]?.points ?? [];
    expect(points.length).toBeLessThanOrEqual(12);
    expect(points).toContainEqual({ at: T0 + 77 * SECOND, value: 999 });
    expect(points.filter(({ at }) => at < T0 + 200 * SECOND).length).toBeGreaterThanOrEqual(4);
    expect(cut.values()["v"]).toBeLessThan(10);
    expect(cut.samples()).toBe(400);
  });

  it.each<[string, unknown]>([
    ["without its number of samples", { drawn: {}, values: {} }],
    ["with a text", { samples: 1, drawn: {}, values: { v: [["1"]] } }],
    ["with half a sample", { samples: 1, drawn: {}, values: { v: [[1, 0.5]] } }],
    ["with a point that is none", { samples: 1, drawn: { v: { from: 1, points: [[1]] } }, values: {} }],
    ["with points that begin nowhere", { samples: 1, drawn: { v: { points: [] } }, values: {} }],
    ["with a list where values by subject are", { samples: 1, drawn: [], values: {} }],
  ])("%s is a misfit", (_what, value) => {
    expect(() => keptMeasuredOf(value, "measured")).toThrow(Misfit);
  });
});
