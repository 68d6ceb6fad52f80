import type { MetricName } from "./source.ts";
import type { Series } from "./condition.ts";

/** What Render can be asked for: a metric, or the plan's limit of one. */
export type MetricKind = MetricName | "cpu_limit" | "memory_limit";

/** One series as Render gives it: nothing converted, nothing left out. */
export interface MetricSeries {
  /** By the label's field in lower case: `resource`, `instance`, `statuscode`. */
  readonly labels: { readonly [field: string]: string };
  /** As the answer says it; empty when it says nothing. */
  readonly unit: string;
  /** Oldest first. */
  readonly points: Series;
}

/** What follows the last hyphen names an instance, in its long and its short form (render-api.md 2). */
export function suffixOf(instanceId: string): string {
  return instanceId.slice(instanceId.lastIndexOf("-") + 1);
}
