import { cutText } from "../core/cut.ts";
import { withDeeds } from "../core/deeds.ts";
import type { RemedyState } from "../core/gate-state.ts";
import type { CheckResult, Outcome } from "../core/outcome.ts";
import type { WatchState } from "../core/watch-state.ts";
import { isRolledBack } from "./resume-remedy.ts";
import { deployFacts } from "./judged-outcome.ts";
import { keptResults } from "./left-watch.ts";
import { keptOutcome, openTimes } from "./look-outcome.ts";
import { windowsLeft } from "./windows-left.ts";
import { factsOf } from "./watch-keeping.ts";
import type { OpenWatch } from "./open-watch.ts";

const MOST_REASON = 300;

/** A watch that has ended so, as far as a later run needs it: to tell it, and to act when people say so. `now` in ms. */
export function endedWatch(watch: WatchState, outcome: Outcome, now: number): WatchState {
  const { lines: _lines, hold: _hold, ...rest } = watch;
  const reasons = new Map(watch.ended.map(({ name, reason }) => [name, reason]));
  const reason = cutText(outcome.reason, MOST_REASON);
  return {
    ...rest,
    over: now,
    reason,
    isOwed: true,
    ended: outcome.stages.map((stage) => ({ ...stage, reason: reasons.get(stage.name) ?? reason })),
    results: keptResults(outcome.checks),
    coverage: outcome.coverage ?? [],
    open: [],
    judgedTo: {},
    checks: {},
    baselines: {},
    counted: {},
  };
}

/** How a watch stands by what is kept of it; nothing is looked at. */
export function standingOutcome({ run, told, state }: OpenWatch, watch: WatchState): Outcome {
  const { verdict = "unknown", remedy } = told.book.current ?? state;
  const kept = keptOutcome(run, watch);
  const isOpen = watch.over === undefined;
  const windows = isOpen ? windowsLeft(run, watch) : [];
  const { deploy, deployUrl } = deployFacts(run, factsOf(watch).deploy);
  return {
    ...kept,
    ...(deployUrl === undefined ? {} : { deployUrl }),
    // Whether it still serves once the watch is over nobody has asked.
    ...(deploy === undefined ? {} : { deploy: isOpen ? deploy : { ...deploy, status: "" } }),
    verdict,
    reason: watch.reason ?? watch.ended.findLast((stage) => stage.verdict === verdict)?.reason ?? "",
    checks: withFailed(kept.checks, verdict === "fail" ? remedy : undefined),
    laterStages: windows.map(({ stage }) => stage.name),
    ...openTimes(windows, run.edges.clock.now()),
    ...rolledBack(remedy),
  };
}

/** The checks with what the remedy keeps of those that failed: hints, and the lines that were found. */
function withFailed(checks: readonly CheckResult[], remedy: RemedyState | undefined): readonly CheckResult[] {
  return checks.map((check) => {
    const at = remedy?.failed.findIndex(({ name }) => name === check.name) ?? -1;
    const failed = remedy?.failed[at];
    return failed === undefined
      ? check
      : { ...check, ...failed, verdict: "fail", evidence: at === 0 ? (remedy?.evidence ?? []) : [] };
  });
}

function rolledBack(remedy: RemedyState | undefined): Pick<Outcome, "rollbackDeployId"> {
  const deploy = remedy?.steps.find(isRolledBack)?.deploy;
  return deploy === undefined ? {} : { rollbackDeployId: deploy };
}

/** The watch with everything that its remedy has done by now among its deeds. */
export function withRemedy(watch: WatchState, remedy: RemedyState | undefined): WatchState {
  const done = (remedy?.steps ?? []).flatMap(({ actions }) => actions);
  return done.length === 0 ? watch : { ...watch, deeds: withDeeds(watch.deeds ?? [], done) };
}
