import type { FunctionName, Series } from "./condition.ts";
import { durationText } from "./duration.ts";
import { percentileOf, type Point } from "./points.ts";

const HOUR_MS = 3_600_000;
/** How far before its window a trend may look, in windows. */
export const BEFORE = 0.5;

/** Functions over the numbers a path held during the watch. */
export type SeriesFunction = Exclude<FunctionName, "len" | "has">;

/**
 * The function's value over the points of the last `windowMs` (all of them without), or why there is none.
 * Percentiles are nearest-rank; `trend` is the least-squares slope per hour, and has no value until the window
 * has filled, counted from `since`, nor from points of less than half of it. Looks come late: where the window itself
 * holds too little, the newest point of the half window before it counts, too.
 */
export function seriesValue(
  name: SeriesFunction,
  series: Series,
  span: { readonly at: number; readonly since: number; readonly windowMs?: number },
): { readonly value: number } | { readonly why: string; readonly cause?: "open" } {
  const from = span.windowMs === undefined ? -Infinity : span.at - span.windowMs;
  const points = series.filter(
    (point) => point.at >= from && point.at <= span.at && Number.isFinite(point.value),
  );
  const values = points.map((point) => point.value);
  if (values.length === 0) return { why: "no number was sampled yet" };
  switch (name) {
    case "p50":
      return { value: percentileOf(points, 50) ?? Number.NaN };
    case "p95":
      return { value: percentileOf(points, 95) ?? Number.NaN };
    case "p99":
      return { value: percentileOf(points, 99) ?? Number.NaN };
    case "avg":
      return { value: meanOf(points, ({ value }) => value) };
    case "sum":
      return { value: sumOf(points, ({ value }) => value) };
    case "max":
      return { value: values.reduce((most, value) => Math.max(most, value)) };
    case "min":
      return { value: values.reduce((least, value) => Math.min(least, value)) };
    case "trend":
      return span.at - span.since < (span.windowMs ?? 0)
        ? { why: "the window has not filled yet", cause: "open" }
        : trendOf(withBefore(points, { series, from, windowMs: span.windowMs ?? 0 }), span.windowMs ?? 0);
  }
}

/** Of what each of the samples has that the points stand for. */
function sumOf(points: Series, of: (point: Point) => number): number {
  return points.reduce((total, point) => total + of(point) * (point.count ?? 1), 0);
}

function meanOf(points: Series, of: (point: Point) => number): number {
  return sumOf(points, of) / sumOf(points, () => 1);
}

function spanOf(points: Series): number {
  const times = points.map((point) => point.at);
  return Math.max(...times) - Math.min(...times);
}

function withBefore(
  points: Series,
  about: { readonly series: Series; readonly from: number; readonly windowMs: number },
): Series {
  const { series, from, windowMs } = about;
  if (spanOf(points) >= windowMs / 2) return points;
  const before = series.findLast(
    ({ at, value }) => at < from && at >= from - windowMs * BEFORE && Number.isFinite(value),
  );
  return before === undefined ? points : [before, ...points];
}

/** A few points at one end of the window say nothing of the rest: it fills anew. */
function trendOf(points: Series, windowMs: number): ReturnType<typeof seriesValue> {
  const spanMs = spanOf(points);
  if (points.length < 2 || spanMs >= windowMs / 2) return slopePerHour(points);
  const known = durationText(Math.round(spanMs / 1_000) * 1_000);
  return {
    why: `its samples are of ${known} only, and the trend is of ${durationText(windowMs)}`,
    cause: "open",
  };
}

function slopePerHour(points: Series): ReturnType<typeof seriesValue> {
  const meanAt = meanOf(points, ({ at }) => at);
  const meanValue = meanOf(points, ({ value }) => value);
  const spread = sumOf(points, ({ at }) => (at - meanAt) ** 2);
  if (spread === 0) return { why: "a trend needs samples of two moments", cause: "open" };
  const together = sumOf(points, ({ at, value }) => (at - meanAt) * (value - meanValue));
  return { value: (together / spread) * HOUR_MS };
}
