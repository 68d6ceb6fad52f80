import type { Check } from "../core/check.ts";
import { filterTexts } from "../core/log-filter.ts";
import { intervalValues } from "../core/log-history.ts";
import { hasInstances } from "../core/service-type.ts";
import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";

/** Numbers of each full interval by subject (`value`, `rate`), oldest first; or why there are none. */
export type OldIntervals =
  | { readonly kind: "known"; readonly values: { readonly [subject: string]: readonly number[] } }
  | { readonly kind: "none"; readonly why: string };

/** Ten pages: a minute of the log calls of a gate. */
const MOST_LINES = 1_000;

/**
 * What a logs check with `count` or `per` would have measured between two moments (ms) that are over, from the lines
 * that Render keeps of them. What could not be read whole is no number. Never throws for what Render does.
 */
export async function readOldIntervals(
  run: ServiceRun,
  check: Check,
  window: { readonly from: number; readonly to: number },
): Promise<OldIntervals> {
  const { source } = check;
  const { service, edges, signal } = run;
  if (source.kind !== "logs" || (source.count ?? source.rate) === undefined)
    return { kind: "none", why: "the check counts no lines by interval" };
  // A level that Render does not know counts as info, and cannot be asked for.
  const levels = source.levels.includes("info") ? [] : source.levels;
  // A rate counts lines whatever they hold.
  const patterns = source.count === undefined || source.rate !== undefined ? [] : [source.count.pattern];
  const query = { ownerId: service.ownerId, serviceId: service.id, types: [source.type], ...window, signal };
  const texts = patterns.length === 0 ? undefined : filterTexts(patterns)?.[0];
  try {
    const found = await edges.logs.read({
      ...query,
      ...(levels.length === 0 ? {} : { levels }),
      ...(texts === undefined ? {} : { texts }),
      maxLines: MOST_LINES,
      direction: "forward",
    });
    if (!found.complete) return { kind: "none", why: `more than ${MOST_LINES} lines were written then` };
    if (found.lines.length === 0) {
      const any = await edges.logs.read({ ...query, types: ["app", source.type], maxLines: 1 });
      if (any.lines.length === 0) return { kind: "none", why: "no log line of that time is kept" };
    }
    const values = intervalValues(found.lines, { source, ...window, hasInstances: hasInstances(service) });
    return Object.values(values).every((numbers) => numbers.length > 0)
      ? { kind: "known", values }
      : { kind: "none", why: "no interval is full in that time" };
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return { kind: "none", why: error.message };
  }
}
