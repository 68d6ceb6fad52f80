import type { Line } from "../core/condition.ts";
import type { Value } from "../core/value.ts";
import { durationText } from "./time.ts";
import { countText, cut, oneLine } from "./text.ts";

/** How a number is to be read. */
export type Unit = "ratio" | "duration" | "size";

const LONGEST = 120;
/** Decimal, as limits are mostly written: `memory < 2GB`. */
const SIZES = ["B", "KB", "MB", "GB", "TB"] as const;
const MEBIBYTE = 1024 ** 2;

/** What is whole in MiB and not in MB was meant in binary units: `1 GiB`, not `1.07 GB`. */
function sizeText(bytes: number): string {
  const isBinary = bytes !== 0 && bytes % MEBIBYTE === 0 && bytes % 1e6 !== 0;
  const base = isBinary ? 1024 : 1000;
  const size = Math.log(Math.abs(bytes) || 1) / Math.log(base);
  const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Number(size.toFixed(9)))));
  const unit = SIZES[power] ?? "B";
  return `${numberText(bytes / base ** power)} ${isBinary ? unit.replace("B", "iB") : unit}`;
}

/** A number as people write it: grouped when whole, otherwise with up to four digits that matter. */
function numberText(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return String(value);
  if (Number.isInteger(value)) return value < 0 ? `-${countText(-value)}` : countText(value);
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  const rounded = Number(value.toFixed(digits));
  return String(rounded === 0 ? Number(value.toPrecision(2)) : rounded);
}

/**
 * A value in one clean line of at most 120 characters: text in double quotes, numbers in their unit
 * (ratios are 0 to 1, durations ms, sizes bytes), lists and objects as JSON.
 */
export function valueText(value: Value, unit?: Unit): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return String(value);
    if (unit === "ratio") return `${numberText(Number((value * 100).toFixed(2)))}%`;
    if (unit === "duration") return durationText(value);
    return unit === "size" ? sizeText(value) : numberText(value);
  }
  if (typeof value === "string") return `"${cut(oneLine(value.slice(0, LONGEST * 10)), LONGEST)}"`;
  if (value === null || typeof value === "boolean") return String(value);
  return cut(oneLine(JSON.stringify(value)), LONGEST);
}

const OPERATOR = /\s*(?:<=|>=|==|!=|<|>)\s*|\s+(?:contains|matches|in|between)\s+/u;

/** The subject of a condition as the user wrote it: `p95(latency)` of `p95(latency) < 300ms`. */
export function subjectText(condition: string): string {
  const at = condition.search(OPERATOR);
  return at <= 0 ? condition : condition.slice(0, at);
}

/**
 * What unit the value of a condition has, told from its limit; undefined for bare numbers and relative limits, of which
 * a percentage with a sign is one.
 */
export function unitOf(condition: string): Unit | undefined {
  const limit = condition.slice(subjectText(condition).length);
  const [, sign, unit] =
    /^\s*(?:<=|>=|==|!=|<|>|between\s|in\s*\[)\s*(-?)[\d._]+\s*(%|[a-z]+)/iu.exec(limit) ?? [];
  if (unit === "%") return sign === "" ? "ratio" : undefined;
  if (unit !== undefined && /^(?:ms|s|m|h|d)$/u.test(unit)) return "duration";
  return unit !== undefined && /^(?:B|[KMG]i?B)$/u.test(unit) ? "size" : undefined;
}

/** The value that a line looked at, with its name: `latency 4.2s`. Undefined when the line has none. */
export function lineValueText(line: Line, unit?: Unit): string | undefined {
  if (line.value === undefined) return undefined;
  const name = cut(oneLine(subjectText(line.condition)), LONGEST);
  const known = unit ?? unitOf(line.condition);
  return `${name} ${valueText(line.value, known)}`;
}
