/** How a number is to be read: ratios are 0 to 1, durations ms, sizes bytes. */
export type Unit = "ratio" | "duration" | "size";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Decimal, as limits are mostly written: `memory < 2GB`. */
const SIZES = ["B", "KB", "MB", "GB", "TB"] as const;
const MEBIBYTE = 1024 ** 2;

/** A number in its unit as people write it, rounded to what matters: `85%`, `4m 18s`, `700 MB`, `1,234,567`. */
export function quantityText(value: number, unit?: Unit): string {
  if (!Number.isFinite(value)) return String(value);
  switch (unit) {
    case "ratio":
      return `${numberText(Number((value * 100).toFixed(2)))}%`;
    case "duration":
      return durationWords(value);
    case "size":
      return sizeText(value);
    case undefined:
      return numberText(value);
  }
}

/**
 * A number in its unit, rounded unless that would make it look like one of the limits it is not: 89.996% is not over
 * a limit of 90%.
 */
export function comparedText(value: number, unit: Unit | undefined, limits: readonly number[]): string {
  const text = quantityText(value, unit);
  return limits.some((limit) => limit !== value && quantityText(limit, unit) === text)
    ? exactText(value, unit)
    : text;
}

/** Every digit, in a unit that the reader knows from the limit. */
function exactText(value: number, unit: Unit | undefined): string {
  switch (unit) {
    case "ratio":
      return `${exactNumber(value * 100)}%`;
    case "duration":
      return Math.abs(value) < SECOND ? `${exactNumber(value)}ms` : `${exactNumber(value / SECOND)}s`;
    case "size":
      return `${exactNumber(value)} B`;
    case undefined:
      return exactNumber(value);
  }
}

/** Without what a computer adds: 89.996 of 0.89996 * 100, not 89.99600000000001. */
function exactNumber(value: number): string {
  return grouped(Number(value.toPrecision(15)));
}

/** What is whole in MiB and not in MB was meant in binary units: `1 GiB`, not `1.07 GB`. */
function sizeText(bytes: number): string {
  const isBinary = bytes !== 0 && bytes % MEBIBYTE === 0 && bytes % 1e6 !== 0;
  const base = isBinary ? 1024 : 1000;
  const size = Math.log(Math.abs(bytes) || 1) / Math.log(base);
  const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Number(size.toFixed(9)))));
  const unit = SIZES[power] ?? "B";
  return `${numberText(bytes / base ** power)} ${isBinary ? unit.replace("B", "iB") : unit}`;
}

/** Grouped when whole, otherwise with up to four digits that matter. */
function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1e15) return grouped(value);
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  const rounded = Number(value.toFixed(digits));
  return grouped(rounded === 0 ? Number(value.toPrecision(2)) : rounded);
}

/** `1234567` as `1,234,567`; past what counts exactly, and with a fraction, as the language writes it. */
function grouped(value: number): string {
  const text = String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? text.replace(/\B(?=(?:\d{3})+$)/gu, ",") : text;
}

/** A duration in ms as people say it: `250ms`, `4.2s`, `2m 10s`, `1h 5m`, `7d`. The two largest units only. */
export function durationWords(ms: number): string {
  if (!Number.isFinite(ms)) return "unknown";
  if (ms < 0) return `-${durationWords(-ms)}`;
  if (Math.round(ms) < SECOND) return ms === 0 ? "0s" : `${Math.round(ms)}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10}s`;
  const seconds = Math.round(ms / SECOND) * SECOND;
  if (seconds < HOUR) return pair([Math.floor(seconds / MINUTE), "m"], [(seconds % MINUTE) / SECOND, "s"]);
  if (seconds < DAY)
    return pair([Math.floor(seconds / HOUR), "h"], [Math.floor((seconds % HOUR) / MINUTE), "m"]);
  return pair([Math.floor(seconds / DAY), "d"], [Math.floor((seconds % DAY) / HOUR), "h"]);
}

type Part = readonly [number, string];

function pair(large: Part, small: Part): string {
  return small[0] === 0 ? large.join("") : `${large.join("")} ${small.join("")}`;
}
