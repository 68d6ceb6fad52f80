const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export type DurationUnit = keyof typeof UNITS;

/** A number and one unit: `500ms`, `90s`, `1.5h`. */
export const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** How many ms one of that unit is. */
export function unitMs(unit: DurationUnit): number {
  return UNITS[unit];
}

/** `90s`, `15m`, `1.5h` in whole ms; `undefined` when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = DURATION_PATTERN.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Math.round(Number(amount) * UNITS[unit as DurationUnit]);
}

/** Whole ms in the largest unit that holds them exactly: `90s`, `15m`, `1d`. Reads back with `parseDuration`. */
export function durationText(ms: number): string {
  if (ms === 0) return "0s";
  const units = ["d", "h", "m", "s"] as const;
  const unit = units.find((unit) => ms % UNITS[unit] === 0) ?? "ms";
  return `${ms / UNITS[unit]}${unit}`;
}
