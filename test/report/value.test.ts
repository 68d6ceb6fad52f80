import { describe, expect, it } from "vitest";
import type { Value } from "../../src/core/value.ts";
import { lineValueText, subjectText, unitOf, valueText, type Unit } from "../../src/report/value.ts";

describe("values", () => {
  it.each<[Value, Unit | undefined, string]>([
    [0.85, undefined, "0.85"],
    [0.85, "ratio", "85%"],
    [0.12345, "ratio", "12.35%"],
    [1 / 3, undefined, "0.3333"],
    [0.000012, undefined, "0.000012"],
    [1234567, undefined, "1,234,567"],
    [-1500, undefined, "-1,500"],
    [1234.567, undefined, "1235"],
    [1e300, undefined, "1e+300"],
    [Number.NaN, undefined, "NaN"],
    [4200, "duration", "4.2s"],
    [536_870_912, "size", "512 MiB"],
    [2 ** 30, "size", "1 GiB"],
    [536_870_913, "size", "536.87 MB"],
    [1000, "size", "1 KB"],
    [2e9, "size", "2 GB"],
    [999, "size", "999 B"],
    [100, "size", "100 B"],
    ["ok\n", undefined, '"ok"'],
    [true, undefined, "true"],
    [null, undefined, "null"],
    [[1, "a"], undefined, '[1,"a"]'],
    [{ a: 1 }, undefined, '{"a":1}'],
  ])("%j as %s is %s", (value, unit, expected) => {
    expect(valueText(value, unit)).toBe(expected);
  });

  it("cuts a body of a megabyte", () => {
    expect(valueText("x".repeat(1_000_000)).length).toBeLessThanOrEqual(122);
  });
});

describe("conditions", () => {
  it.each([
    ["success >= 90%", "success", "ratio"],
    ["p95(latency) < 300ms", "p95(latency)", "duration"],
    ["memory < 1.5 GiB", "memory", "size"],
    ["latency between 1s and 2s", "latency", "duration"],
    ["status in [200, 204]", "status", undefined],
    ["value > +50%", "value", undefined],
    ["value < -20%", "value", undefined],
    ["rate > 3x", "rate", undefined],
    ["trend(depth, 6h) <= 0", "trend(depth, 6h)", undefined],
    ['body.status == "5s"', "body.status", undefined],
    ["no operator", "no operator", undefined],
  ])("%s is about %s in %s", (condition, subject, unit) => {
    expect([subjectText(condition), unitOf(condition)]).toEqual([subject, unit]);
  });

  it("show their value in the unit of their limit", () => {
    const line = { condition: "success >= 90%", tier: "pass", holds: false, value: 0.75 } as const;
    expect(lineValueText(line)).toBe("success 75%");
  });
});
