import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSeries, keptSeriesOf, type SeriesBook } from "../../src/core/series-book.ts";
import { seriesValue, type SeriesFunction } from "../../src/core/series.ts";
import { condition, conditions, givenCheck, HOUR, MINUTE, T0 } from "./given.ts";

describe("the numbers that functions look back on", () => {
  const book = () =>
    createSeries(
      givenCheck({
        pass: conditions("p95(latency) < 300ms", "status == 200"),
        warn: conditions("max(body.queue[0]) > 5"),
        fail: conditions("avg(latency) > 1s"),
        need: condition("sum(total) >= 50"),
      }),
    );
  it("are kept for the paths that a function names, in order", () => {
    const series = book();
    series.add(T0, { latency: 1, status: 200, body: { queue: [7] }, total: 3 });
    series.add(T0 + 1, { latency: 2, status: 200, body: { queue: [] }, total: 4 });
    expect(series.of(["latency"])).toEqual([
      { at: T0, value: 1 },
      { at: T0 + 1, value: 2 },
    ]);
    expect(series.of(["body", "queue", 0])).toEqual([{ at: T0, value: 7 }]);
    expect(series.of(["total"]).map((point) => point.value)).toEqual([3, 4]);
  });
  it("other paths are not kept", () => {
    const series = book();
    series.add(T0, { status: 200 });
    expect([series.of(["status"]), series.of(["latency"])]).toEqual([[], []]);
  });
  it("what is no number is left out", () => {
    const series = book();
    for (const latency of ["1", null, Number.NaN, Number.POSITIVE_INFINITY]) series.add(T0, { latency });
    expect(series.of(["latency"])).toEqual([]);
  });
  it("a check without functions or need keeps nothing", () => {
    const series = createSeries(givenCheck({ pass: conditions("v > 1") }));
    series.add(T0, { v: 2 });
    expect(series.of(["v"])).toEqual([]);
  });
});

describe("series that are written down", () => {
  const check = givenCheck({
    fail: conditions("p95(v) > 1", "max(v) > 1", "avg(v) > 1", "trend(v, 6h) > 1", "sum(w, 1h) > 3"),
  });
  const again = (book: SeriesBook, cap: number): SeriesBook =>
    createSeries(check, keptSeriesOf(JSON.parse(JSON.stringify(book.kept(cap))), "series"));
  const valueOf = (book: SeriesBook, name: SeriesFunction, at: number, windowMs?: number) =>
    seriesValue(name, book.of([windowMs === HOUR ? "w" : "v"]), {
      at,
      since: T0,
      ...(windowMs === undefined ? {} : { windowMs }),
    });

  it("are the same while they are few, wherever they were cut", () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(samples, (all) => {
        const whole = createSeries(check);
        let cut = createSeries(check);
        for (const [index, [v, isCut]] of all.entries()) {
          const at = T0 + index * 20 * MINUTE;
          if (isCut) cut = again(cut, 40);
          for (const book of [whole, cut]) book.add(at, { v, w: v });
          expect(cut.of(["v"])).toEqual(whole.of(["v"]));
          expect(valueOf(cut, "sum", at, HOUR)).toEqual(valueOf(whole, "sum", at, HOUR));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("say nearly the same when they are many", () => {
    const whole = createSeries(check);
    let cut = createSeries(check);
    for (let index = 0; index < 300; index += 1) {
      const at = T0 + index * 10 * MINUTE;
      const v = index % 25 === 3 ? 900 + (index % 7) : 100 + ((index * 37) % 20) + index / 100;
      for (const book of [whole, cut]) book.add(at, { v, w: 1 });
      cut = again(cut, 40);
    }
    const at = T0 + 3_000 * MINUTE;
    expect(JSON.stringify(cut.kept(40)).length).toBeLessThan(2_200);
    for (const name of ["max", "min", "avg", "sum"] as const)
      expect(valueOf(cut, name, at)).toEqual({
        value: expect.closeTo((valueOf(whole, name, at) as { value: number }).value, 3) as number,
      });
    const near = (name: SeriesFunction, windowMs?: number): number =>
      (valueOf(cut, name, at, windowMs) as { value: number }).value /
      (valueOf(whole, name, at, windowMs) as { value: number }).value;
    expect([near("p95"), near("p50"), near("p99")]).toEqual([
      expect.closeTo(1, 1),
      expect.closeTo(1, 1),
      expect.closeTo(1, 1),
    ]);
    expect(near("trend", 6 * HOUR)).toBeCloseTo(1, 0);
    // What no window reaches back to is not kept.
    expect(cut.of(["w"])).toHaveLength(7);
  });
});
