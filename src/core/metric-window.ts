import type { MetricSource } from "./source.ts";
import type { Series } from "./condition.ts";
import { durationText } from "./duration.ts";
import type { MetricSeries } from "./metric-series.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A newest point older than this says nothing of now. */
const STALE_MS = 5 * MINUTE_MS;
/**
 * Points come a minute or two late. So long after the first whole step, the one that is still filling left out, nothing is
 * missed yet.
 */
const FIRST_POINT_MS = 2 * MINUTE_MS;
/** How far back is asked, so that checks with windows of much the same length share one request. */
const LADDER_MS = [5, 15, 30, 60, 120, 240, 480, 720, 1_440].map((minutes) => minutes * MINUTE_MS);
/** Too many points at once are answered 500 (render-api.md 6). */
const MOST_POINTS = 240;
/** Without `agg`, requests are counted over at least this. */
export const SHORTEST_COUNT_MS = MINUTE_MS;

export const NO_POINTS = {
  kind: "none",
  reason: "no data points yet; they come a minute or two late",
} as const;

/** Everything one reading looks at. Times in ms. */
export interface MetricContext {
  readonly at: number;
  /** Points before are not of what is looked at. */
  readonly since: number;
  /** From here on nothing of an older version runs any more; decides where a series names no instance. */
  readonly settledAt: number;
  readonly stepMs: number;
  readonly series: readonly MetricSeries[];
  /** Series of the plan's limit, where a share of it is wanted. */
  readonly limits?: readonly MetricSeries[];
  /** By full instance id and a point's time, whether it counts; `undefined`: cannot be said. Absent: all count. */
  readonly isCounted?: (instanceId: string, at: number) => boolean | undefined;
  /** The newest point that the check's last sample counted. */
  readonly countedTo?: number;
}

export interface Refusal {
  readonly kind: "error" | "none";
  readonly reason: string;
}

/** The number a metric shows at one moment, or why there is none. */
export type MetricReading =
  | {
      readonly kind: "value";
      readonly value: number;
      /** All requests of the window. */
      readonly total?: number;
      /** The newest point counted, ms. */
      readonly countedTo: number;
      /** How the number came about. */
      readonly note: string;
      /** One line each; untrusted text. */
      readonly evidence: readonly string[];
    }
  | Refusal;

/** One line of points in our unit, and how it is called for the reader. */
export interface Track {
  readonly name: string;
  readonly points: Series;
}

/**
 * How far back a sample has to ask, and in which steps, ms. Requests are counted by the minute, so that their
 * number per step means the same whatever the window; other metrics come in steps of 30 s, Render's shortest, while
 * the window is short.
 */
export function metricQueryOf(
  source: Pick<MetricSource, "name" | "agg">,
  about: { readonly at: number; readonly countedTo?: number },
): { readonly backMs: number; readonly stepMs: number } {
  const isCount = source.name === "http_requests";
  const sinceCounted = isCount && about.countedTo !== undefined ? about.at - about.countedTo : 0;
  const wanted = Math.max((source.agg?.windowMs ?? 0) + MINUTE_MS, sinceCounted, STALE_MS);
  const backMs = LADDER_MS.find((rung) => rung >= wanted) ?? Math.ceil(wanted / HOUR_MS) * HOUR_MS;
  if (!isCount && backMs <= 30 * MINUTE_MS) return { backMs, stepMs: 30_000 };
  return { backMs, stepMs: Math.max(1, Math.ceil(backMs / MOST_POINTS / MINUTE_MS)) * MINUTE_MS };
}

/** Points of the series that are inside the context's time. */
export function pointsIn({ points }: MetricSeries, { at, since }: MetricContext): Series {
  return points.filter((point) => point.at >= since && point.at <= at && Number.isFinite(point.value));
}

/** What has no point from here on is gone, ms. */
function staleBefore({ at, stepMs }: MetricContext): number {
  return at - Math.max(STALE_MS, 3 * stepMs);
}

/** Why there is no number, when nothing newer than a few minutes was given; undefined when there is. */
export function missingPoints(newestAt: number | undefined, context: MetricContext): Refusal | undefined {
  const { at, since, stepMs } = context;
  if (newestAt !== undefined && newestAt >= staleBefore(context)) return undefined;
  if (newestAt === undefined && at < since + 2 * stepMs + FIRST_POINT_MS) return NO_POINTS;
  const age = newestAt === undefined ? at - since : at - newestAt;
  const span = Number.isFinite(age) ? `in the last ${secondsText(age)}` : "at all";
  return { kind: "error", reason: `no data points ${span}: no traffic, or not collected yet` };
}

/** The points that `agg` speaks of, or the newest one where it is new enough. */
export function usedPoints(
  points: Series,
  { agg }: Pick<MetricSource, "agg">,
  context: MetricContext,
): Series {
  if (agg !== undefined) return points.filter((point) => point.at > context.at - agg.windowMs);
  return points.slice(-1).filter((point) => point.at >= staleBefore(context));
}

/** The refusal of a window that ends at `end` and is not full; undefined when it is. */
export function unfilledWindow(
  windowMs: number,
  end: number,
  { since }: Pick<MetricContext, "since">,
): Refusal | undefined {
  if (end - windowMs >= since) return undefined;
  return {
    kind: "none",
    reason: `the window of ${durationText(windowMs)} has not filled: ${secondsText(Math.max(0, end - since))} so far`,
  };
}

/** Several numbers as one. Without `agg` there is one only. */
export function aggregated(values: readonly number[], name: "avg" | "max" | "min" | "sum" = "max"): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case "sum":
      return sum;
    case "avg":
      return sum / values.length;
    case "min":
      return values.reduce((least, value) => Math.min(least, value));
    case "max":
      return values.reduce((most, value) => Math.max(most, value));
  }
}

/** `max of 5 points in 5m`, or how old the newest point is. */
export function windowText(used: Series, { agg }: Pick<MetricSource, "agg">, at: number): string {
  if (agg !== undefined)
    return `${agg.name} of ${used.length} ${used.length === 1 ? "point" : "points"} in ${durationText(agg.windowMs)}`;
  return `newest point, ${secondsText(at - (used.at(-1)?.at ?? at))} old`;
}

/** Whole seconds as `90s`, `15m`. */
export function secondsText(ms: number): string {
  return durationText(Math.round(ms / 1_000) * 1_000);
}
