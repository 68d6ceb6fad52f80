import type { MetricSource } from "./source.ts";
import type { Condition } from "./condition.ts";
import { evaluateCondition } from "./evaluate.ts";
import type { MetricSeries } from "./metric-series.ts";
import { amountText } from "./metric-unit.ts";
import {
  aggregated,
  missingPoints,
  NO_POINTS,
  pointsIn,
  secondsText,
  SHORTEST_COUNT_MS,
  unfilledWindow,
  type MetricContext,
  type MetricReading,
} from "./metric-window.ts";

const MOST_SHOWN = 10;

/**
 * `http_requests`: requests summed over all series, those that `where` picks, or these as a share of all. The last
 * step may still be filling and is left out. Without `agg` the window is what came since the check's last sample,
 * a minute at least; with `agg` it is that long and ends with the newest whole step. `avg`, `max` and `min` are of
 * requests a minute; a share is always of the whole window. `total` is all requests of the window.
 */
export function requestsReading(source: MetricSource, context: MetricContext): MetricReading {
  const { at, since, stepMs } = context;
  const all = context.series.map((series) => ({
    ...series,
    points: pointsIn(series, context).filter((point) => point.at <= at - stepMs),
  }));
  const picked = pickedSeries(source.where, all);
  if ("kind" in picked) return picked;
  const times = [...new Set(all.flatMap(({ points }) => points.map((point) => point.at)))];
  const newestAt = times.length === 0 ? undefined : aggregated(times);
  const missing = missingPoints(newestAt, context);
  if (missing !== undefined || newestAt === undefined) return missing ?? NO_POINTS;

  const { agg } = source;
  // The first of the window's steps begins a step after the window's edge.
  const unfilled = agg && unfilledWindow(agg.windowMs, newestAt + stepMs, context);
  if (unfilled !== undefined) return unfilled;
  const from =
    agg === undefined
      ? Math.min(context.countedTo ?? Infinity, newestAt - SHORTEST_COUNT_MS)
      : newestAt - agg.windowMs;
  const total = sumOf(all, (time) => time > from);
  const number = sumOf(picked.series, (time) => time > from);
  const span = secondsText(newestAt - Math.max(from, since - stepMs));
  const counts = [number, total].map((count) => amountText(source.name, count));
  const of = `${source.where === undefined ? counts[1] : counts.join(" of ")} requests in ${span}`;
  const evidence = evidenceOf(picked.series, from);
  const known = { kind: "value", total, countedTo: newestAt, evidence } as const;
  if (source.asRatio && total === 0)
    return { kind: "error", reason: `no requests in ${span}, so there is no share of them` };
  if (source.asRatio) return { ...known, value: number / total, note: of };
  if (agg === undefined || agg.name === "sum") return { ...known, value: number, note: of };
  const perMinute = times
    .filter((time) => time > from)
    .map((time) => (sumOf(picked.series, (each) => each === time) * 60_000) / stepMs);
  return { ...known, value: aggregated(perMinute, agg.name), note: `${agg.name} a minute; ${of}` };
}

function sumOf(series: readonly MetricSeries[], counts: (time: number) => boolean): number {
  const values = series.flatMap(({ points }) =>
    points.filter((point) => counts(point.at)).map((point) => point.value),
  );
  return aggregated(values, "sum");
}

/** The series that `where` picks, or why it cannot be said. */
function pickedSeries(
  where: Condition | undefined,
  all: readonly MetricSeries[],
): { readonly series: readonly MetricSeries[] } | { readonly kind: "error"; readonly reason: string } {
  if (where === undefined) return { series: all };
  const series: MetricSeries[] = [];
  for (const one of all) {
    const label = one.labels["statuscode"] ?? one.labels["status"];
    const answers = statusesOf(label).map((status) => {
      const scope = { at: 0, since: 0, subjects: { status }, series: () => [], sha: "" };
      return evaluateCondition(where, "pass", scope).holds;
    });
    const [answer = null] = answers;
    if (answer === null || answers.some((each) => each !== answer)) {
      const what = label === undefined ? "requests without a status" : `requests of status "${label}"`;
      return { kind: "error", reason: `whether ${where.text} holds cannot be said of ${what}` };
    }
    if (answer) series.push(one);
  }
  return { series };
}

/** The statuses a label stands for; all of a class such as `5xx`. */
function statusesOf(label: string | undefined): readonly number[] {
  const [, hundreds, rest] = /^([1-9])(\d\d|xx)$/i.exec(label?.trim() ?? "") ?? [];
  if (hundreds === undefined || rest === undefined) return [];
  if (rest.toLowerCase() !== "xx") return [Number(`${hundreds}${rest}`)];
  return Array.from({ length: 100 }, (_, index) => Number(hundreds) * 100 + index);
}

function evidenceOf(series: readonly MetricSeries[], from: number): readonly string[] {
  return series
    .map((one) => ({
      status: one.labels["statuscode"] ?? one.labels["status"],
      count: sumOf([one], (time) => time > from),
    }))
    .filter(({ status, count }) => status !== undefined && count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_SHOWN)
    .map(({ status, count }) => `status ${status}: ${amountText("http_requests", count)} requests`);
}
