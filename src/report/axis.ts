import type { MeasuredSeries } from "../core/outcome.ts";

/** What values are divided by to be read easily, and what they are then called. */
export interface Scale {
  readonly divisor: number;
  readonly unit: string;
}

/** The range of an axis and its round marks, all in the unit of its scale. */
export interface Axis extends Scale {
  readonly low: number;
  readonly high: number;
  readonly marks: readonly number[];
}

type Step = readonly [upTo: number, divisor: number, unit: string];

const VALUE_STEPS: Readonly<Record<MeasuredSeries["unit"], readonly Step[]>> = {
  ratio: [[Infinity, 0.01, "%"]],
  duration: [
    [5000, 1, "ms"],
    [300_000, 1000, "s"],
    [10_800_000, 60_000, "min"],
    [Infinity, 3_600_000, "h"],
  ],
  size: [
    [2e3, 1, "B"],
    [1e6, 1e3, "KB"],
    [1e9, 1e6, "MB"],
    [Infinity, 1e9, "GB"],
  ],
  number: [
    [1e5, 1, ""],
    [1e8, 1e3, "thousand"],
    [Infinity, 1e6, "million"],
  ],
};

const TIME_STEPS: readonly Step[] = [
  [180_000, 1000, "s"],
  [10_800_000, 60_000, "min"],
  [259_200_000, 3_600_000, "h"],
  [Infinity, 86_400_000, "d"],
];

/** Times people count in: seconds and minutes by sixties, hours by the day. */
const TIME_MARKS: Readonly<Record<string, readonly number[]>> = {
  s: [1, 2, 5, 10, 15, 30, 60],
  min: [0.5, 1, 2, 5, 10, 15, 30, 60],
  h: [0.5, 1, 2, 3, 6, 12, 24],
};

function scaleOf(most: number, steps: readonly Step[]): Scale {
  const [, divisor, unit] = steps.find(([upTo]) => most <= upTo) ?? [0, 1, ""];
  return { divisor, unit };
}

/** The next of 1, 2, 5, 10, 20 … from `least` on. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((one) => one * power >= least * 0.999) ?? 10;
  return factor * power;
}

/** A number without the noise that adding fractions leaves. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

function marksOf(low: number, high: number, step: number): readonly number[] {
  const first = Math.ceil(clean(low / step));
  const count = Math.floor(clean(high / step)) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => clean((first + index) * step));
}

/** Whether there is anything to draw: two moments at least, and numbers that an axis can hold. */
export function isDrawable({ points, limits, baseline = 0 }: MeasuredSeries): boolean {
  const values = [...points.map(({ value }) => value), ...limits.map(({ value }) => value), baseline];
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  return last > first && values.every((value) => Math.abs(value) < 1e15);
}

/** The axis that holds every value, limit and baseline of a drawable series; from zero unless all are far from it. */
export function valueAxis({ unit, points, limits, baseline }: MeasuredSeries): Axis {
  const values = [...points, ...limits].map(({ value }) => value);
  if (baseline !== undefined) values.push(baseline);
  const least = values.reduce((low, value) => Math.min(low, value));
  const most = values.reduce((high, value) => Math.max(high, value));
  const scale = scaleOf(Math.max(Math.abs(least), Math.abs(most)), VALUE_STEPS[unit]);
  const isFlat = least === most;
  const from = least >= 0 && (isFlat || least <= most * 0.6) ? 0 : least;
  const to = isFlat && from === most ? most + (Math.abs(most) || 1) : most;
  const step = roundStep((to - from) / scale.divisor / 4);
  const low = clean(Math.floor(clean(from / scale.divisor / step)) * step);
  const high = clean(Math.ceil(clean(to / scale.divisor / step)) * step);
  return { ...scale, low, high, marks: marksOf(low, high, step) };
}

/** The axis of a time from `from` to `to`, ms since the moment that counts as zero. */
export function timeAxis(from: number, to: number): Axis {
  const scale = scaleOf(Math.max(Math.abs(from), Math.abs(to)), TIME_STEPS);
  const [low, high] = [from / scale.divisor, to / scale.divisor];
  const least = (high - low) / 4;
  const step = TIME_MARKS[scale.unit]?.find((one) => one >= least) ?? roundStep(least);
  return { ...scale, low, high, marks: marksOf(low, high, step) };
}

/** A number of an axis in at most six digits and without an exponent, which no chart language here knows. */
export function plainNumber(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const text = String(rounded);
  return text.includes("e") ? rounded.toFixed(9).replace(/\.?0+$/u, "") || "0" : text;
}
