import type { Line } from "../core/condition.ts";
import { comparedText, quantityText, type Unit } from "../core/quantity.ts";
import type { Value } from "../core/value.ts";
import { cut, oneLine } from "./text.ts";

const LONGEST = 120;

/**
 * A value in one clean line of at most 120 characters: text in double quotes, numbers in their unit
 * (ratios are 0 to 1, durations ms, sizes bytes), lists and objects as JSON.
 */
export function valueText(value: Value, unit?: Unit): string {
  if (typeof value === "number") return quantityText(value, unit);
  if (typeof value === "string") return `"${cut(oneLine(value.slice(0, LONGEST * 10)), LONGEST)}"`;
  if (value === null || typeof value === "boolean") return String(value);
  return cut(oneLine(JSON.stringify(value)), LONGEST);
}

/** The value that a line looked at, with its name: `latency 4.2s`. Undefined when the line has none. */
export function lineValueText({ subject, value, unit, limits = [] }: Line): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "number" ? comparedText(value, unit, limits) : valueText(value);
  return `${cut(oneLine(subject), LONGEST)} ${text}`;
}
