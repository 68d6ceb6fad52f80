import type { MetricSource } from "./source.ts";
import type { Series } from "./condition.ts";
import { requestsReading } from "./metric-requests.ts";
import { suffixOf, type MetricSeries } from "./metric-series.ts";
import { amountText, unitFactor } from "./metric-unit.ts";
import {
  aggregated,
  missingPoints,
  NO_POINTS,
  pointsIn,
  unfilledWindow,
  usedPoints,
  windowText,
  type MetricContext,
  type MetricReading,
  type Refusal,
  type Track,
} from "./metric-window.ts";
import { quantityText } from "./quantity.ts";

/** A series given up to this long before stands for a moment at which it has no point. */
const HELD_MS = 5 * 60_000;

/**
 * Reads the value of a metric source at a moment (design 5.2). cpu and memory: of the counted instances the
 * highest decides; a share is taken of the limit that held at each point. Latency: the highest series. Connections
 * and instances: summed over the series.
 */
export function metricReading(source: MetricSource, context: MetricContext): MetricReading {
  if (source.name === "http_requests") return requestsReading(source, context);
  const found = tracksOf(source, context);
  if ("kind" in found) return found;
  const { tracks, notes = [] } = found;
  const unknown = unknownUnits(source, context);
  // A count is one in whatever unit, and a share has none; anything else would be compared by its digits alone.
  const isMeasure = !source.ofLimit && ["cpu", "memory", "http_latency"].includes(source.name);
  if (isMeasure && tracks.length > 0 && unknown.length > 0)
    return { kind: "error", reason: `${source.name} cannot be compared: ${unknown.join("; ")}` };
  const times = tracks.flatMap(({ points }) => points.slice(-1).map((point) => point.at));
  const missing = missingPoints(times.length === 0 ? undefined : aggregated(times), context);
  if (missing !== undefined) return missing;
  const unfilled = source.agg && unfilledWindow(source.agg.windowMs, context.at, context);
  if (unfilled !== undefined) return unfilled;

  const shown: { readonly name: string; readonly value: number; readonly used: Series }[] = [];
  for (const { name, points } of tracks) {
    const used = usedPoints(points, source, context);
    if (used.length === 0) continue;
    const shares = source.ofLimit ? ofLimit(source, { name, used, context }) : used;
    if ("kind" in shares) return shares;
    const values = shares.map((point) => point.value);
    shown.push({ name, used, value: aggregated(values, source.agg?.name) });
  }
  const [worst] = shown.toSorted((a, b) => b.value - a.value);
  if (worst === undefined) return NO_POINTS;
  const isShare = source.ofLimit;
  const text = (value: number): string =>
    isShare ? `${quantityText(value, "ratio")} of the limit` : amountText(source.name, value);
  const many = shown.length > 1 ? `, the highest of ${shown.length}` : "";
  return {
    kind: "value",
    value: worst.value,
    countedTo: aggregated(times),
    note: [
      `${worst.name === "" ? "" : `${worst.name}${many}, `}${windowText(worst.used, source, context.at)}`,
      ...notes,
      ...unknown,
    ].join("; "),
    evidence: shown.map(({ name, value }) => `${name === "" ? source.name : name}: ${text(value)}`),
  };
}

interface Found {
  readonly tracks: readonly Track[];
  readonly notes?: readonly string[];
}

/** What is compared: one track per instance, one per series, or the sum of all. */
function tracksOf(source: MetricSource, context: MetricContext): Found | Refusal {
  const { name } = source;
  if (name === "cpu" || name === "memory") return instanceTracks(source, context);
  // Of latency the last step may hold a request or two only.
  const until = name === "http_latency" ? context.at - context.stepMs : context.at;
  const tracks = quantileSeries(source, context.series).map((series) => ({
    name: "",
    points: convertedPoints(source, series, context).filter((point) => point.at <= until),
  }));
  return { tracks: name === "http_latency" || tracks.length < 2 ? tracks : [summed(tracks)] };
}

/** Where the answer says which quantile a series is of, only those that were asked for. */
function quantileSeries(source: MetricSource, all: readonly MetricSeries[]): readonly MetricSeries[] {
  const asked = all.filter(({ labels }) => Number(labels["quantile"]) === source.quantile);
  return asked.length > 0 ? asked : all;
}

function instanceTracks(source: MetricSource, context: MetricContext): Found | Refusal {
  const { isCounted, settledAt } = context;
  const unsure = new Set<string>();
  const tracks = context.series.map((series) => {
    const instance = series.labels["instance"];
    const points = convertedPoints(source, series, context).filter((point) => {
      if (isCounted === undefined) return true;
      if (instance === undefined) return point.at >= settledAt;
      const counts = isCounted(instance, point.at);
      if (counts === undefined) unsure.add(suffixOf(instance));
      return counts === true;
    });
    return { name: instance === undefined ? "" : `instance ${suffixOf(instance)}`, points };
  });
  const counted = tracks.filter(({ points }) => points.length > 0);
  const doubt = [...unsure].map((suffix) => `whether instance ${suffix} is old or new cannot be said`);
  if (counted.length === 0 && doubt.length > 0) return { kind: "error", reason: doubt.join("; ") };
  return { tracks: counted, notes: doubt };
}

/** Each point as a share of the limit that held then. */
function ofLimit(
  source: MetricSource,
  about: { readonly name: string; readonly used: Series; readonly context: MetricContext },
): Series | Refusal {
  const { name, used, context } = about;
  const { limits = [] } = context;
  const own = limits.filter(
    ({ labels }) => labels["instance"] !== undefined && `instance ${suffixOf(labels["instance"])}` === name,
  );
  const chosen = own.length > 0 ? own : limits.filter(({ labels }) => labels["instance"] === undefined);
  const points = chosen.flatMap((series) => inOurUnit(source, series)).toSorted((a, b) => a.at - b.at);
  const shares = used.map((point) => {
    const limit = points.findLast(({ at }) => at <= point.at);
    return { at: point.at, value: limit === undefined ? Number.NaN : point.value / limit.value };
  });
  if (shares.every(({ value }) => Number.isFinite(value))) return shares;
  const whose = name === "" ? "" : ` of ${name}`;
  return { kind: "error", reason: `Render gave no ${source.name} limit${whose} for that time` };
}

/** One track: at each moment the sum of what every series showed then or shortly before. */
function summed(tracks: readonly Track[]): Track {
  const times = [...new Set(tracks.flatMap(({ points }) => points.map((point) => point.at)))];
  const points = times
    .toSorted((a, b) => a - b)
    .map((at) => {
      const held = tracks.flatMap(({ points }) => {
        const last = points.findLast((point) => point.at <= at && point.at > at - HELD_MS);
        return last === undefined ? [] : [last.value];
      });
      return { at, value: aggregated(held, "sum") };
    });
  return { name: `sum of ${tracks.length} series`, points };
}

function convertedPoints(source: MetricSource, series: MetricSeries, context: MetricContext): Series {
  return inOurUnit(source, { ...series, points: pointsIn(series, context) });
}

function inOurUnit({ name }: MetricSource, { unit, points }: MetricSeries): Series {
  const factor = unitFactor(name, unit) ?? 1;
  return factor === 1 ? points : points.map(({ at, value }) => ({ at, value: value * factor }));
}

function unknownUnits({ name }: MetricSource, { series, limits = [] }: MetricContext): readonly string[] {
  const unknown = new Set(
    [...series, ...limits].map(({ unit }) => unit).filter((unit) => unitFactor(name, unit) === undefined),
  );
  return [...unknown].map((unit) =>
    unit === "" ? "Render names no unit" : `unit "${unit}" is not known: the number is as Render gives it`,
  );
}
