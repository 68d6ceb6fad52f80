import type { Check, Sample } from "./check.ts";
import type { MetricSource } from "./source.ts";
import type { MetricReading } from "./metric-window.ts";

/** Old instances are told to stop so long after live (render-api.md 7.2). */
const SWITCH_MS = 60_000;
const MAX_SHOWN = 2_000;

/** Whether old and new version cannot be told apart in this metric: only a service's own cpu and memory name instances. */
export function isMixed(source: Pick<MetricSource, "name" | "of">): boolean {
  return source.of !== undefined || (source.name !== "cpu" && source.name !== "memory");
}

/** Whether the samples of a check need to know which instances are new. */
export function namesInstances({ source }: Pick<Check, "source">): boolean {
  return source.kind === "metric" && !isMixed(source);
}

/** When nothing of the old version runs any more, ms. */
export function settledTime(liveAt: number, shutdownDelayMs: number): number {
  return liveAt + SWITCH_MS + shutdownDelayMs;
}

/** A reading as a sample: subject `value`, and `total` where requests are counted. `keep` makes a text safe to keep. */
export function metricSample(
  reading: MetricReading,
  { at, keep }: { readonly at: number; readonly keep: (text: string) => string },
): Sample {
  const safe = (text: string): string => keep(text).slice(0, MAX_SHOWN);
  if (reading.kind !== "value") return { kind: reading.kind, at, reason: safe(reading.reason) };
  const { value, total, note, evidence } = reading;
  return {
    kind: "ok",
    at,
    subjects: { value, ...(total === undefined ? {} : { total }) },
    evidence: evidence.map((text) => ({ at, text: safe(text), from: "Render metrics" })),
    note: safe(note),
  };
}
