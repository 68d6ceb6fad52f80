import type { Check } from "../core/check.ts";
import { revertAmong } from "../core/deeds.ts";
import { beatAfter, type StageWindow } from "../core/stage-window.ts";
import { mergedResults, soFar } from "../core/stage-results.ts";
import type { CheckResult, Outcome } from "../core/outcome.ts";
import type { KeptResult, WatchState } from "../core/watch-state.ts";
import { dateTimeText } from "../report/time.ts";
import { deployFacts, newOutcome } from "./judged-outcome.ts";
import type { LookResult } from "./look.ts";
import { windowsLeft } from "./windows-left.ts";
import type { ServiceRun } from "./run.ts";

/** What a watch has to tell as it was left, without looking. */
export function keptOutcome(run: ServiceRun, state: WatchState): Outcome {
  const empty = newOutcome(run);
  const { deeds = [] } = state;
  const revert = revertAmong(deeds);
  return {
    ...empty,
    stages: state.ended.map(({ name, from, to, verdict }) => ({ name, from, to, verdict })),
    checks: keptResultsOf(run.plan.checks, state),
    timeline: [...state.moments, ...empty.timeline],
    liveAt: state.liveAt,
    coverage: state.coverage,
    ...(state.previousCommit === undefined ? {} : { previousCommit: state.previousCommit }),
    actions: deeds,
    ...(revert === undefined ? {} : { revert }),
    ...(state.hold === undefined ? {} : { held: holdText(state.hold) }),
  };
}

/** What a look has to tell: everything that the watch has seen so far. */
export function lookOutcome(
  run: ServiceRun,
  state: WatchState,
  found: Extract<LookResult, { readonly kind: "looked" }>,
): Outcome {
  const { looked, decision, watch, ending } = found;
  const base = keptOutcome(run, state);
  const failing = looked.open.filter(({ results }) => results.some(({ verdict }) => verdict === "fail"));
  const now = run.edges.clock.now();
  const checks = mergedResults([
    base.checks,
    ...looked.ended.map(({ results }) => results),
    ...looked.open.map(({ results }) => soFar(results)),
  ]);
  const order = run.plan.checks.map(({ name }) => name);
  const isOpen = ending.kind === "open";
  return {
    ...base,
    ...decision,
    ...deployFacts(run, watch.facts.deploy),
    ...(watch.facts.liveAt === undefined ? {} : { liveAt: watch.facts.liveAt }),
    checks: checks.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    stages: [
      ...base.stages,
      ...looked.ended.map(({ stage }) => stage),
      // One that a failure without remedy does not end goes on.
      ...(isOpen ? [] : failing).map(({ window }) => ({
        name: window.stage.name,
        from: window.from,
        to: Math.min(now, window.to),
        verdict: "fail" as const,
      })),
    ],
    coverage: [
      ...state.coverage,
      ...looked.ended.map(({ coverage }) => coverage),
      ...looked.open.map(({ coverage }) => coverage),
    ],
    ...(isOpen
      ? {
          laterStages: windowsOpen(run, state, found).map(({ stage }) => stage.name),
          ...openTimes(windowsOpen(run, state, found), now),
        }
      : {}),
  };
}

/** A watch that is closed undecided. What had ended keeps its place in the report. */
export function overdueOutcome(run: ServiceRun, state: WatchState, why: string): Outcome {
  const [current] = windowsLeft(run, state);
  const stage = current?.stage.name ?? "the last";
  const failed = state.ended.find(({ verdict }) => verdict === "fail");
  if (failed !== undefined) return { ...keptOutcome(run, state), verdict: "fail", reason: failed.reason };
  const ended = current === undefined ? "" : `, which ended ${dateTimeText(current.to)}`;
  return {
    ...keptOutcome(run, state),
    verdict: "unknown",
    reason: `stage ${stage}${ended}, could not be judged: ${why}; last look ${dateTimeText(state.at)}`,
  };
}

/** When the next look is due, and until when the watch lasts, ms. `windows` are its stages that have not ended. */
export function openTimes(
  windows: readonly StageWindow[],
  now: number,
): Pick<Outcome, "nextLookAt" | "watchedUntil"> {
  const next = windows.map((window) =>
    now >= window.to ? now + window.stage.everyMs : beatAfter(window, window.stage.everyMs, now),
  );
  const until = windows.map(({ to }) => to);
  return windows.length === 0 ? {} : { nextLookAt: Math.min(...next), watchedUntil: Math.max(...until) };
}

function windowsOpen(
  run: ServiceRun,
  state: WatchState,
  { looked }: Extract<LookResult, { readonly kind: "looked" }>,
): readonly StageWindow[] {
  const ended = new Set(looked.ended.map(({ stage }) => stage.name));
  return windowsLeft(run, state).filter(({ stage }) => !ended.has(stage.name));
}

/** Results of stages that have ended, with what the plan says of their checks. */
export function keptResultsOf(checks: readonly Check[], state: WatchState): readonly CheckResult[] {
  return checks.flatMap((check) => {
    const kept = Object.hasOwn(state.results, check.name) ? state.results[check.name] : undefined;
    return kept === undefined ? [] : [resultOf(check, kept)];
  });
}

function resultOf(check: Check, kept: KeptResult): CheckResult {
  return {
    ...kept,
    name: check.name,
    source: check.source.kind,
    evidence: [],
    onFail: check.onFail,
    series: [],
    diagnosis: [],
    ...(check.hint === undefined ? {} : { hint: check.hint }),
    ...(check.line === undefined ? {} : { line: check.line }),
  };
}

/** Who holds a watch, and why. */
export function holdText({ by, reason }: NonNullable<WatchState["hold"]>): string {
  return `held by @${by}${reason === undefined ? "" : `: ${reason}`}`;
}
