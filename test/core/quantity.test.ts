import { describe, expect, it } from "vitest";
import { comparedText, durationWords, quantityText, type Unit } from "../../src/core/quantity.ts";

describe("numbers in their unit", () => {
  it.each<[number, Unit | undefined, string]>([
    [0.85, undefined, "0.85"],
    [0.85, "ratio", "85%"],
    [0.12345, "ratio", "12.35%"],
    [1.02, "ratio", "102%"],
    [12.34, "ratio", "1,234%"],
    [1 / 3, undefined, "0.3333"],
    [0.000012, undefined, "0.000012"],
    [1234567, undefined, "1,234,567"],
    [-1500, undefined, "-1,500"],
    [-150, undefined, "-150"],
    [1234.567, undefined, "1,235"],
    [1e300, undefined, "1e+300"],
    [Number.NaN, undefined, "NaN"],
    [Number.POSITIVE_INFINITY, "size", "Infinity"],
    [258_400, "duration", "4m 18s"],
    [700_000_000, "size", "700 MB"],
    [536_870_912, "size", "512 MiB"],
    [2 ** 30, "size", "1 GiB"],
    [536_870_913, "size", "536.87 MB"],
    [1000, "size", "1 KB"],
    [2e9, "size", "2 GB"],
    [999, "size", "999 B"],
    [100, "size", "100 B"],
    [0, "size", "0 B"],
  ])("%d as %s is %s", (value, unit, expected) => {
    expect(quantityText(value, unit)).toBe(expected);
  });
});

describe("a number that was compared is told from its limits", () => {
  it.each<[number, Unit | undefined, readonly number[], string]>([
    [0.89996, "ratio", [0.9], "89.996%"],
    [0.9, "ratio", [0.9], "90%"],
    [0.8512, "ratio", [0.9, 0.8], "85.12%"],
    [360_300, "duration", [360_000], "360.3s"],
    [5_040, "duration", [5_000], "5.04s"],
    [200.4, "duration", [200], "200.4ms"],
    [4_999_999, "duration", [5_000_000], "4999.999s"],
    [361_000, "duration", [360_000], "6m 1s"],
    [2_000_000_001, "size", [2e9], "2,000,000,001 B"],
    [1000.4, undefined, [1000], "1000.4"],
    [3, undefined, [], "3"],
  ])("%d as %s beside %j is %s", (value, unit, limits, expected) => {
    expect(comparedText(value, unit, limits)).toBe(expected);
  });
});

describe("durations", () => {
  it.each([
    [0, "0s"],
    [250, "250ms"],
    [999.4, "999ms"],
    [999.6, "1s"],
    [1000, "1s"],
    [4200, "4.2s"],
    [59_949, "59.9s"],
    [59_999, "1m"],
    [130_000, "2m 10s"],
    [300_000, "5m"],
    [3_599_900, "1h"],
    [3_900_000, "1h 5m"],
    [86_400_000, "1d"],
    [7 * 86_400_000 + 7_200_000, "7d 2h"],
    [-5000, "-5s"],
    [Number.NaN, "unknown"],
  ])("%d ms is %s", (ms, expected) => {
    expect(durationWords(ms)).toBe(expected);
  });
});
