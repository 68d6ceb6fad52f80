import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockText, dateTimeText, isoText } from "../../src/report/time.ts";

describe("times", () => {
  it("agree with ISO 8601 for every time of a four-digit year", () => {
    const time = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) });
    fc.assert(fc.property(time, (ms) => isoText(ms) === new Date(ms).toISOString()));
  });

  it.each([
    [Date.UTC(2026, 10, 23, 10), "2026-11-23T10:00:00.000Z"],
    [Date.UTC(2026, 10, 23, 0, 0, 0, 7), "2026-11-23T00:00:00.007Z"],
    [Date.UTC(2024, 1, 29, 23, 59, 59, 999), "2024-02-29T23:59:59.999Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    [1.9, "1970-01-01T00:00:00.001Z"],
    [Number.NaN, "unknown time"],
    [Number.POSITIVE_INFINITY, "unknown time"],
    [1e18, "unknown time"],
  ])("%d is %s", (ms, expected) => {
    expect(isoText(ms)).toBe(expected);
  });

  it("have shorter forms", () => {
    const ms = Date.UTC(2026, 10, 23, 9, 8, 7, 6);
    expect([clockText(ms), dateTimeText(ms), clockText(Number.NaN)]).toEqual([
      "09:08:07",
      "2026-11-23 09:08:07",
      "--:--:--",
    ]);
  });
});
