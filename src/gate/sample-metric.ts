import type { Check, Sample } from "../core/check.ts";
import type { MetricSource } from "../core/source.ts";
import { metricReading } from "../core/metric-reading.ts";
import { isMixed, metricSample, settledTime } from "../core/metric-sample.ts";
import { metricQueryOf, secondsText } from "../core/metric-window.ts";
import type { MetricReader } from "./metric-reader.ts";
import type { Moment } from "./moment.ts";
import type { ServiceRun } from "./run.ts";

/**
 * Takes samples of metric checks. While no newer data point has come than the last sample counted (`countedTo`, by
 * check) there is none: one bad point is not several failing samples.
 */
export function createMetricSamples(
  { edges, service }: ServiceRun,
  reader: MetricReader,
  countedTo: Map<string, number>,
): (check: Check, source: MetricSource, moment: Moment) => Promise<Sample> {
  const { clock, redact } = edges;
  return async (check, source, moment) => {
    const at = clock.now();
    const { liveAt, isNew } = moment;
    const settledAt = settledTime(liveAt, service.shutdownDelayMs);
    const since = isMixed(source) ? settledAt : liveAt;
    if (at < since)
      return {
        kind: "none",
        at,
        reason: `old and new are mixed until live + ${secondsText(settledAt - liveAt)}`,
      };
    const counted = countedTo.get(check.name);
    const last = counted === undefined ? {} : { countedTo: counted };
    const { backMs, stepMs } = metricQueryOf(source, { at, ...last });
    const answer = await reader.read(source, { backMs, stepMs });
    if ("why" in answer) return { kind: "error", at, reason: redact(answer.why) };
    const reading = metricReading(source, {
      at: answer.to,
      since,
      settledAt,
      stepMs,
      series: answer.series,
      ...(answer.limits === undefined ? {} : { limits: answer.limits }),
      ...(isMixed(source) ? {} : { isCounted: isNew }),
      ...last,
    });
    if (reading.kind === "value") {
      if (counted !== undefined && reading.countedTo <= counted)
        return { kind: "none", at, reason: "no new data point since the last sample" };
      countedTo.set(check.name, reading.countedTo);
    }
    return metricSample(reading, { at, keep: redact });
  };
}

/** What a metric showed over a window that is past, or why that cannot be said. Times in ms. */
export type MetricHistory =
  | {
      readonly kind: "known";
      /** Oldest first: what a sample taken at that time would have shown. */
      readonly points: readonly { readonly at: number; readonly value: number; readonly total?: number }[];
    }
  | { readonly kind: "none"; readonly why: string };

/**
 * The value of a metric source over [from, to], sampled every `everyMs` as the watch samples it, so that the two
 * compare. `isCounted` says by full instance id and time which instances count; without it all do. One request, two
 * for a share of the limit. Throws ServiceProblem.
 */
export async function readMetricWindow(
  reader: MetricReader,
  window: {
    readonly source: MetricSource;
    readonly from: number;
    readonly to: number;
    readonly everyMs: number;
    readonly isCounted?: (instanceId: string, at: number) => boolean | undefined;
  },
): Promise<MetricHistory> {
  const { source, from, to, everyMs, isCounted } = window;
  const windowMs = to - from + (source.agg?.windowMs ?? everyMs);
  const { backMs, stepMs } = metricQueryOf({ name: source.name, agg: { name: "max", windowMs } }, { at: to });
  const answer = await reader.read(source, { backMs, stepMs, to });
  if ("why" in answer) return { kind: "none", why: answer.why };
  const points: { at: number; value: number; total?: number }[] = [];
  let countedTo = from - everyMs - stepMs;
  let why = "no data points";
  for (let at = from; at <= to; at += everyMs) {
    const reading = metricReading(source, {
      at,
      since: to - backMs,
      settledAt: to - backMs,
      stepMs,
      series: answer.series,
      countedTo,
      ...(answer.limits === undefined ? {} : { limits: answer.limits }),
      ...(isCounted === undefined || isMixed(source) ? {} : { isCounted }),
    });
    if (reading.kind !== "value") {
      why = reading.reason;
      continue;
    }
    const { value, total } = reading;
    countedTo = reading.countedTo;
    points.push({ at, value, ...(total === undefined ? {} : { total }) });
  }
  return points.length === 0 ? { kind: "none", why } : { kind: "known", points };
}
