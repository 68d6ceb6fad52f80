import type { Check, FailAfter, Finding } from "./check.ts";
import { durationText } from "./duration.ts";
import type { CheckResult } from "./outcome.ts";

/** A check so far, within one stage. */
export interface Standing {
  /** Findings that were due a judgement: judged, unknown or error. */
  readonly due: number;
  /** Samples that were taken (not errors). */
  readonly taken: number;
  /** Samples taken that are no finding: in grace, `need` unmet, something still awaited. */
  readonly starved: number;
  readonly judged: number;
  readonly errors: number;
  readonly unapplied: number;
  /** Samples of which every line waits for its window to fill. */
  readonly open: number;
  /** Those of them that were taken in grace. */
  readonly graced: number;
  /** Whether each of the last two due samples was judged. */
  readonly lastTwo: readonly boolean[];
  /** Latest judged outcomes, newest last; true is failing. As many as `fail_after: n of m` needs. */
  readonly recent: readonly boolean[];
  /** Length of the present run of failing samples, and when it began (ms). */
  readonly failingRun: number;
  readonly failingSince?: number;
  readonly failingSamples: number;
  readonly passingRun: number;
  /** Moves with the findings; `pass` only after `pass_after` passes in a row. */
  readonly current: "unknown" | "pass" | "warn";
  /** The finding with which `fail_after` was reached. It stays for the stage. */
  readonly failed?: Finding;
  readonly last?: Finding;
  readonly lastJudged?: Finding;
  readonly lastFailing?: Finding;
}

export const NEW_STANDING: Standing = {
  due: 0,
  taken: 0,
  starved: 0,
  judged: 0,
  errors: 0,
  unapplied: 0,
  open: 0,
  graced: 0,
  lastTwo: [],
  recent: [],
  failingRun: 0,
  failingSamples: 0,
  passingRun: 0,
  current: "unknown",
};

/** Whether the failing samples so far are enough: `3`, `5 of 10` or `5m`. */
function isEnough(failAfter: FailAfter, standing: Standing, at: number): boolean {
  switch (failAfter.kind) {
    case "consecutive":
      return standing.failingRun >= failAfter.count;
    case "of":
      return standing.recent.slice(-failAfter.of).filter(Boolean).length >= failAfter.count;
    case "duration":
      return (
        standing.failingSince !== undefined &&
        at - standing.failingSince >= failAfter.ms &&
        standing.failingRun >= (failAfter.least ?? 1)
      );
  }
}

/** The standing after one more finding. Errors neither break nor lengthen a run of failing samples. */
export function withFinding(standing: Standing, check: Check, finding: Finding): Standing {
  const { outcome } = finding;
  if (outcome === "not-applied") return { ...standing, unapplied: standing.unapplied + 1, last: finding };
  if (outcome === "open") {
    const { isInGrace, ...last } = finding;
    const graced = standing.graced + (isInGrace === true ? 1 : 0);
    return { ...standing, taken: standing.taken + 1, open: standing.open + 1, graced, last };
  }
  if (outcome === "none") {
    return { ...standing, taken: standing.taken + 1, starved: standing.starved + 1, last: finding };
  }
  const isJudged = outcome === "pass" || outcome === "warn" || outcome === "fail";
  const counted: Standing = {
    ...standing,
    due: standing.due + 1,
    taken: standing.taken + (outcome === "error" ? 0 : 1),
    judged: standing.judged + (isJudged ? 1 : 0),
    errors: standing.errors + (outcome === "error" ? 1 : 0),
    lastTwo: [...standing.lastTwo, isJudged].slice(-2),
    last: finding,
    ...(isJudged ? { lastJudged: finding } : {}),
  };
  if (!isJudged) return outcome === "unknown" ? { ...counted, current: "unknown", passingRun: 0 } : counted;
  const window = check.failAfter.kind === "of" ? check.failAfter.of : 1;
  const recent = [...standing.recent, outcome === "fail"].slice(-window);
  if (outcome === "fail") {
    const failing: Standing = {
      ...counted,
      recent,
      failingRun: standing.failingRun + 1,
      failingSince: standing.failingSince ?? finding.at,
      failingSamples: standing.failingSamples + 1,
      passingRun: 0,
      lastFailing: finding,
    };
    if (failing.failed === undefined && isEnough(check.failAfter, failing, finding.at)) {
      return { ...failing, failed: finding };
    }
    return failing;
  }
  const { failingSince: _ended, ...rest } = counted;
  const passingRun = standing.passingRun + 1;
  const current = passingRun >= check.passAfter ? outcome : standing.current;
  return { ...rest, recent, failingRun: 0, passingRun, current };
}

/** The standing after so many beats at which no sample was taken. */
export function withMissed(standing: Standing, count: number): Standing {
  const missed = Array.from({ length: Math.min(count, 2) }, () => false);
  return { ...standing, lastTwo: [...standing.lastTwo, ...missed].slice(-2) };
}

/** Whether the newest judged sample failed and `fail_after` has not been reached: the stage waits for it. */
export function isUndecided(standing: Standing): boolean {
  return standing.failed === undefined && standing.failingRun > 0;
}

/** Render gives a new point of a metric no oftener than this, ms. */
const METRIC_STEP_MS = 60_000;

/** How long an undecided failing run may extend its stage, ms: twice what the decision needs, errors included. */
export function extensionMs(check: Check, beat: number): number {
  const everyMs = check.source.kind === "metric" ? Math.max(beat, METRIC_STEP_MS) : beat;
  switch (check.failAfter.kind) {
    case "consecutive":
      return check.failAfter.count * everyMs * 2;
    case "of":
      return check.failAfter.of * everyMs * 2;
    case "duration":
      return check.failAfter.ms + 2 * everyMs;
  }
}

/** What the stage says about a check's standing in it. */
interface StageEnd {
  /** How many samples the check's beat made due, grace included. */
  readonly expected: number;
  /** The check has no later stage: what only lacked time is not judged any more. */
  readonly isLast: boolean;
}

/**
 * How the check stands at the end of its stage. Samples that were no finding by rule (`need`, grace, `only_if`) are
 * not asked for. A check is measured only if at least half of the rest were judged and one of the last two was.
 */
export function resultOf(check: Check, standing: Standing, end: StageEnd): CheckResult {
  const { verdict, measured, reason } = verdictAndReason(check, standing, end);
  const finding = standing.failed ?? decidingFinding(verdict, standing);
  return {
    name: check.name,
    source: check.source.kind,
    verdict,
    measured,
    reason,
    samples: standing.taken,
    errors: standing.errors,
    ...(finding === undefined ? {} : { finding }),
    evidence: finding?.evidence ?? [],
    onFail: check.onFail,
    series: [],
    diagnosis: [],
    ...(check.hint === undefined ? {} : { hint: check.hint }),
    ...(check.line === undefined ? {} : { line: check.line }),
  };
}

/** What a reader wants to see of a check that has not failed: an error or a starved sample shows no arithmetic. */
function decidingFinding(verdict: CheckResult["verdict"], standing: Standing): Finding | undefined {
  if (verdict === "pass") return standing.lastJudged;
  if (verdict === "warn") return standing.lastFailing ?? standing.lastJudged ?? standing.last;
  return standing.last;
}

function verdictAndReason(
  check: Check,
  standing: Standing,
  { expected, isLast }: StageEnd,
): Pick<CheckResult, "verdict" | "measured" | "reason"> {
  const last = standing.last?.reason ?? "no sample was taken";
  if (standing.failed !== undefined) {
    const later = standing.current === "pass" && standing.failingRun === 0 ? ", later samples passed" : "";
    return {
      verdict: "fail",
      measured: true,
      reason: `${standing.failed.reason}; ${failedText(standing)} (${limitText(check.failAfter)})${later}`,
    };
  }
  // What is forgiven is not asked for either: a check that applied in grace alone has not applied.
  if (standing.due === 0 && standing.taken === standing.graced && standing.unapplied > 0) {
    const reason = standing.graced === 0 ? "only_if never held" : "only_if held in grace only";
    return { verdict: "not-applied", measured: false, reason };
  }
  if (standing.due === 0 && standing.last?.outcome === "open" && !isLast)
    return { verdict: "not-applied", measured: false, reason: last };
  const due = Math.max(standing.due, expected - standing.unapplied - standing.starved - standing.open);
  const measured = standing.judged > 0 && standing.judged * 2 >= due && standing.lastTwo.includes(true);
  if (!measured) {
    const count = `${standing.judged} of ${due} due samples judged, ${standing.errors} errors`;
    return { verdict: check.ifUnknown, measured, reason: `not measured: ${count}; last: ${last}` };
  }
  const short = `${failedText(standing)}, short of ${limitText(check.failAfter)}`;
  if (standing.current === "unknown") {
    const passes = `${standing.passingRun} of ${check.passAfter} passes in a row`;
    const failing = standing.failingSamples > 0 ? `; ${short}` : "";
    return {
      verdict: check.ifUnknown,
      measured,
      reason: `${standing.last?.outcome === "unknown" ? last : `not settled: ${passes}; last: ${last}`}${failing}`,
    };
  }
  if (standing.failingSamples > 0) {
    return { verdict: "warn", measured, reason: `${standing.lastFailing?.reason ?? last}; ${short}` };
  }
  return { verdict: standing.current, measured, reason: standing.lastJudged?.reason ?? last };
}

function limitText(failAfter: FailAfter): string {
  switch (failAfter.kind) {
    case "consecutive":
      return `fail_after ${failAfter.count}`;
    case "of":
      return `fail_after ${failAfter.count} of ${failAfter.of}`;
    case "duration":
      return `fail_after ${durationText(failAfter.ms)}${failAfter.least === undefined ? "" : `, ${failAfter.least} samples at least`}`;
  }
}

/** How often it failed. */
function failedText({ failingSamples, judged }: Standing): string {
  return `${failingSamples} of ${judged} ${judged === 1 ? "sample" : "samples"} failed`;
}
