import { describe, expect, it } from "vitest";
import { createSeries } from "../../src/core/series-book.ts";
import { condition, conditions, givenCheck, T0 } from "./given.ts";

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
