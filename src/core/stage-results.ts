import type { Stage } from "./check.ts";
import type { Decision } from "./deploy-verdict.ts";
import type { CheckResult, StageResult } from "./outcome.ts";
import { worstOf } from "./verdict.ts";
import { watchVerdict, type WatchEnding } from "./watch-verdict.ts";

const RANK: { readonly [verdict in CheckResult["verdict"]]: number } = {
  fail: 4,
  unknown: 3,
  warn: 2,
  pass: 1,
  "not-applied": 0,
};

/**
 * The stages that are watched by the job itself: the first, and those after it that end within `inlineMs` after live.
 * The others are left to later runs.
 */
export function inlineStages(stages: readonly Stage[], inlineMs: number): readonly Stage[] {
  const later = stages.findIndex((stage, index) => index > 0 && stage.forMs > inlineMs);
  return later === -1 ? stages : stages.slice(0, later);
}

/** Each check once: as it stood worst, the later stage where it stood alike; samples and errors of all stages. */
export function mergedResults(stages: readonly (readonly CheckResult[])[]): readonly CheckResult[] {
  const merged = new Map<string, CheckResult>();
  for (const result of stages.flat()) {
    const known = merged.get(result.name);
    const worst = known === undefined || RANK[result.verdict] >= RANK[known.verdict] ? result : known;
    const { told: _, ...rest } = worst;
    merged.set(result.name, {
      ...rest,
      samples: (known?.samples ?? 0) + result.samples,
      errors: (known?.errors ?? 0) + result.errors,
      // What was measured is remembered over the stages: the latest knows all of it.
      series: result.series,
      ...(result.told === undefined ? {} : { told: result.told }),
    });
  }
  return [...merged.values()];
}

/** Of a stage under way: what has been measured, or has failed already. What could not be said yet says nothing. */
export function soFar(results: readonly CheckResult[]): readonly CheckResult[] {
  return results.filter(
    ({ verdict, measured }) =>
      verdict === "fail" || (measured && verdict !== "unknown" && verdict !== "not-applied"),
  );
}

/**
 * The verdict of all stages watched so far: the worst of them. One that a descendant cut short does not count where
 * another was finished before. Every stage that ended so tells why, those that say the same together.
 */
export function stagesVerdict(
  finished: readonly { readonly stage: StageResult; readonly decision: Decision }[],
  cutShort:
    | { readonly name: string; readonly ending: WatchEnding; readonly results: readonly CheckResult[] }
    | undefined,
): Decision {
  const worst = worstOf(finished.map(({ decision }) => decision.verdict));
  const isAlone = finished.length + (cutShort === undefined ? 0 : 1) === 1;
  const deciding = finished.filter(({ decision }) => decision.verdict === worst);
  const reasons = [...Map.groupBy(deciding, ({ decision }) => decision.reason)].map(([reason, alike]) => {
    const names = alike.map(({ stage }) => stage.name).join(", ");
    return isAlone ? reason : `${alike.length === 1 ? "stage" : "stages"} ${names}: ${reason}`;
  });
  const told: Decision = { verdict: worst, reason: reasons.join("; ") || "no stage was watched" };
  if (cutShort === undefined) return told;
  const cut = watchVerdict(cutShort.ending, cutShort.results);
  if (finished.length === 0) return cut;
  if (cut.verdict !== "superseded" && worstOf([cut.verdict, worst]) === cut.verdict)
    return { ...cut, reason: `stage ${cutShort.name}: ${cut.reason}` };
  return { ...told, reason: `${told.reason}; in stage ${cutShort.name} ${cut.reason}` };
}
