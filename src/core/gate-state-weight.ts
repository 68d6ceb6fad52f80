import { cutText } from "./cut.ts";
import type { GateState } from "./gate-state.ts";
import type { KeptStage, WatchState } from "./watch-state.ts";

const SHORT = 120;
const FEW_MOMENTS = 6;

type Lighten = (state: GateState) => GateState;

const LIGHTEN: readonly Lighten[] = [
  (state) => ofWatch(state, withoutDrawings),
  withoutRows,
  (state) => ofWatch(state, withoutTales),
  withoutMeasured,
  shortened,
  (state) => ofWatch(state, withoutBaselineRows),
  // What a check has seen before is then not known: the log checks say so, windows begin anew.
  (state) => ofWatch(state, (watch) => ({ ...watch, checks: {} })),
  (state) => ofWatch(state, anew),
  (state) => ofWatch(state, advising),
];

/** The state, and what is left of it when ever more is left out. */
export function* lighterStates(state: GateState): Iterable<GateState> {
  let light = state;
  yield light;
  for (const lighten of LIGHTEN) {
    light = lighten(light);
    yield light;
  }
}

function ofWatch(state: GateState, lighten: (watch: WatchState) => WatchState): GateState {
  return state.watch === undefined ? state : { ...state, watch: lighten(state.watch) };
}

/** Without the numbers that are only drawn. */
function withoutDrawings(watch: WatchState): WatchState {
  const checks = Object.entries(watch.checks).map(([name, kept]) => {
    const { measured: _, ...check } = kept;
    return [name, check] as const;
  });
  return { ...watch, checks: Object.fromEntries(checks) };
}

/** Without what only tells how it came about. */
function withoutTales(watch: WatchState): WatchState {
  const results = Object.entries(watch.results).map(
    ([name, result]) => [name, { ...result, reason: cutText(result.reason, SHORT / 2) }] as const,
  );
  return { ...watch, moments: watch.moments.slice(-FEW_MOMENTS), results: Object.fromEntries(results) };
}

/** The stages that have ended, the deploy, and what has failed, now or before it; all else is judged anew. */
function anew(state: WatchState): WatchState {
  const { lines: _, ...watch } = state;
  const nothing = { results: {}, baselines: {}, judgedTo: {}, checks: {}, counted: {} };
  const failedBefore = Object.entries(watch.failedBefore).map(
    ([name, { lines, reason }]) => [name, { lines, reason: cutText(reason, SHORT / 2) }] as const,
  );
  return {
    ...watch,
    ...nothing,
    failedBefore: Object.fromEntries(failedBefore),
    passedBefore: [],
    open: watch.open.map((stage) => ({ ...stage, standings: failedOf(stage), seen: {} })),
    moments: [],
  };
}

/** Nothing is done any more where it is not known what had failed before the deploy. */
function advising(watch: WatchState): WatchState {
  const open = watch.open.map((stage) => ({ ...stage, standings: failedOf(stage, { hasLines: false }) }));
  return { ...watch, mode: watch.mode === "observe" ? "observe" : "advise", failedBefore: {}, open };
}

function failedOf(
  { standings }: KeptStage,
  { hasLines = true }: { readonly hasLines?: boolean } = {},
): KeptStage["standings"] {
  const failed = Object.entries(standings).flatMap(([name, standing]) => {
    if (standing.failed === undefined) return [];
    const { recent: _r, lastTwo: _t, lastFailing: _f, lastJudged: _j, last: _l, ...counts } = standing;
    const { at, outcome, reason, lines } = standing.failed;
    const short = {
      at,
      ...(outcome === undefined ? {} : { outcome }),
      reason: cutText(reason, SHORT / 2),
      ...(lines === undefined || !hasLines ? {} : { lines }),
    };
    return [[name, { ...counts, failed: short }] as const];
  });
  return Object.fromEntries(failed);
}

function withoutBaselineRows(watch: WatchState): WatchState {
  const baselines = Object.entries(watch.baselines).map(([name, baseline]) => {
    if (baseline.kind !== "known") return [name, baseline] as const;
    const { rows: _, ...numbers } = baseline;
    return [name, numbers] as const;
  });
  return { ...watch, baselines: Object.fromEntries(baselines) };
}

function withoutRows({ measured, ...rest }: GateState): GateState {
  if (measured === undefined) return rest;
  const { rows: _, ...numbers } = measured;
  return { ...rest, measured: numbers };
}

function withoutMeasured(state: GateState): GateState {
  const { measured: _, ...rest } = state;
  return rest;
}

/** Of a remedy what is needed to finish it. */
function shortened(state: GateState): GateState {
  const { remedy } = state;
  if (remedy === undefined) return state;
  const short = <Told extends { readonly reason?: string }>(told: Told): Told =>
    told.reason === undefined ? told : { ...told, reason: cutText(told.reason, SHORT) };
  const failed = remedy.failed
    .slice(0, 10)
    .map(({ hint, ...check }) =>
      short({ ...check, ...(hint === undefined ? {} : { hint: cutText(hint, SHORT) }) }),
    );
  const steps = remedy.steps.map((step) => ({ ...step, actions: step.actions.slice(0, 4).map(short) }));
  return {
    ...state,
    remedy: { ...short(remedy), failed, evidence: [], passedOnOld: remedy.passedOnOld.slice(0, 100), steps },
  };
}
