import { describe, expect, it } from "vitest";
import type { Line } from "../../src/core/condition.ts";
import type { Unit } from "../../src/core/quantity.ts";
import type { Value } from "../../src/core/value.ts";
import { lineValueText, valueText } from "../../src/report/value.ts";

describe("values", () => {
  it.each<[Value, Unit | undefined, string]>([
    [0.85, undefined, "0.85"],
    [0.85, "ratio", "85%"],
    [4200, "duration", "4.2s"],
    [536_870_912, "size", "512 MiB"],
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

describe("the value of a line", () => {
  const line = { condition: "success >= 90%", subject: "success", tier: "pass", holds: false } as const;
  it.each<[string, Partial<Line>, string | undefined]>([
    ["in its unit", { value: 0.75, unit: "ratio" }, "success 75%"],
    ["told from its limit", { value: 0.89996, unit: "ratio", limits: [0.9] }, "success 89.996%"],
    ["without a unit", { value: 0.75 }, "success 0.75"],
    ["that is text", { value: "x", unit: "ratio" }, 'success "x"'],
    ["that is missing", {}, undefined],
  ])("%s", (_rule, given, text) => {
    expect(lineValueText({ ...line, ...given })).toBe(text);
  });
});
