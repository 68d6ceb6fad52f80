import type { Stage } from "../core/check.ts";
import type { Decision } from "../core/deploy-verdict.ts";
import type { CheckResult, StageResult } from "../core/outcome.ts";
import { checksOf } from "../core/schedule.ts";
import { mergedResults, stagesVerdict } from "../core/stage-results.ts";
import { watchVerdict } from "../core/watch-verdict.ts";
import type { ServiceRun } from "./run.ts";
import { watchStage, type Watched, type WatchOptions } from "./watch.ts";

/** One stage after the other, watched. */
export interface StagesWatched {
  readonly decision: Decision;
  readonly stages: readonly StageResult[];
  /** Those that ended by themselves, each with its own decision. */
  readonly ended: readonly { readonly stage: StageResult; readonly decision: Decision }[];
  /** Each check once, over all stages, in the file's order. */
  readonly results: readonly CheckResult[];
  /** The stage that was watched last. */
  readonly last: Watched;
}

/**
 * Watches these stages, until one fails, another deploy serves, or the last has ended. `stages` holds one at least;
 * those without a check of their own are passed over, unless there is no other.
 */
export async function watchStages(
  run: ServiceRun,
  options: Omit<WatchOptions, "stage" | "checks" | "isFirst" | "freshMs"> & {
    readonly stages: readonly [Stage, ...Stage[]];
  },
): Promise<StagesWatched> {
  const [first, ...more] = options.stages;
  const own = (stage: Stage): WatchOptions["checks"] => checksOf(run.plan.checks, stage);
  const withChecks = [first, ...more].filter((stage) => own(stage).length > 0);
  const finished: { readonly stage: StageResult; readonly decision: Decision }[] = [];
  const results: (readonly CheckResult[])[] = [];
  let last: Watched | undefined;
  let cutShort: Parameters<typeof stagesVerdict>[1];

  for (const stage of withChecks.length === 0 ? [first] : withChecks) {
    const { deploy = options.deploy } = options.facts;
    last = await watchStage(run, {
      ...options,
      deploy,
      stage,
      checks: own(stage),
      isFirst: last === undefined,
      freshMs: first.forMs,
    });
    results.push(last.results);
    if (last.ending.kind === "replaced" || last.ending.kind === "unsure") {
      cutShort = { name: stage.name, ending: last.ending, results: last.results };
      break;
    }
    const decision = watchVerdict(last.ending, last.results);
    finished.push({
      stage: { name: stage.name, from: last.from, to: last.to, verdict: decision.verdict },
      decision,
    });
    if (decision.verdict === "fail") break;
  }
  if (last === undefined) throw new Error("a watch has a stage");
  const decision = stagesVerdict(finished, cutShort);
  const unsure =
    last.ending.kind === "unsure" && cutShort !== undefined
      ? [
          {
            name: cutShort.name,
            from: last.from,
            to: last.to,
            verdict: watchVerdict(last.ending, last.results).verdict,
          },
        ]
      : [];
  const order = run.plan.checks.map(({ name }) => name);
  return {
    decision,
    stages: [...finished.map(({ stage }) => stage), ...unsure],
    ended: finished,
    results: mergedResults(results).toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    last,
  };
}
