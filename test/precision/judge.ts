import type { BadWorld, FaultKind } from "./fault-kind.ts";
import type { Played, Run } from "./trial.ts";
import { MINUTE } from "./world.ts";

/** What became of one deploy. Times in ms. */
export interface Result {
  readonly seed: string;
  /** The config file; of faults the kind, too. */
  readonly group: string;
  /** The worst that was told: of all runs, as the last one of each says it. */
  readonly verdict: string;
  readonly acts: readonly string[];
  /** Of checks that did not pass: name, verdict, and why, with the numbers taken out. */
  readonly notPassed: readonly string[];
  readonly watchedMs: number;
  /** Of faults only. */
  readonly fault?: {
    readonly isCritical: boolean;
    /** As the runbook asks for: failed, or warned of. */
    readonly isSeen: boolean;
    readonly isFailed: boolean;
    readonly isWarned: boolean;
    readonly isActed: boolean;
    /** It acted before anything was wrong. */
    readonly isTooEarly: boolean;
    /** From the first moment at which it could be seen, and from its cause, to the verdict. */
    readonly beats?: number;
    readonly fromShownMs?: number;
    readonly fromCauseMs?: number;
  };
}

const ORDER = ["fail", "unknown", "warn", "pass", "superseded", "skipped"];
/** Looks come at this pace, whatever the stage's own beat is. */
const LOOK_MS = 30 * MINUTE;

/** A reason with its numbers taken out, so that equal ones are counted together. */
function kindOfReason(text: string): string {
  return text
    .replaceAll(/"[^"]*"/g, "…")
    .replaceAll(/-?\d+(?:[.,]\d+)*\s*(?:%|(?:ms|s|m|h|d|[KMG]i?B)\b)?/g, "N ")
    .replaceAll(/(?:N[\s+]*)+/g, "N ")
    .slice(0, 130);
}

/** Whether a run has judged anything: one that found nothing due, or left the watch alone, has not. */
const hasJudged = ({ report }: Run): boolean => report.checks !== undefined;

function notPassed(runs: readonly Run[], verdicts: readonly string[]): readonly string[] {
  const found = runs
    .filter(hasJudged)
    .flatMap(({ report }) =>
      report.checks
        .filter(({ verdict }) => verdicts.includes(verdict))
        .map(({ name, verdict, reason }) => `${name} ${verdict}: ${kindOfReason(reason)}`),
    );
  return [...new Set(found)];
}

/** When this run told its verdict. */
function toldAt(run: Run, isLook: boolean): number {
  const { report } = run;
  const stage = report.stages.at(-1) as { readonly to?: string } | undefined;
  if (isLook || stage?.to === undefined) return run.endedAt;
  return Date.parse(stage.to);
}

/** What the runs of a deploy come to; with a fault, whether the checks that are there for it have seen it. */
export function judged(
  played: Played,
  about: {
    readonly seed: string;
    readonly group: string;
    readonly kind?: FaultKind;
    readonly bad?: BadWorld;
  },
): Result {
  const { runs, acts, world } = played;
  const { kind, bad } = about;
  const told = runs.filter(hasJudged);
  const verdict = ORDER.find((one) => told.some((run) => run.report.verdict === one)) ?? "none";
  const base: Result = {
    seed: about.seed,
    group: about.group,
    verdict,
    acts: acts.map(({ what }) => what),
    notPassed: [
      ...notPassed(told, ["fail", "unknown"]),
      ...told
        .filter(({ report }) => report.checks.length === 0 && report.verdict !== "pass")
        .map(({ report }) => `deploy ${report.verdict}: ${kindOfReason(report.reason ?? "")}`),
    ],
    watchedMs: (runs.at(-1)?.endedAt ?? 0) - (world.liveAt ?? world.pushAt),
  };
  if (kind === undefined || bad === undefined) return base;
  const saw = (run: Run, wanted: readonly string[]): boolean =>
    kind.sees.includes("deploy")
      ? run.report.verdict === "fail" && run.report.checks.length === 0
      : run.report.checks.some(({ name, verdict: own }) => kind.sees.includes(name) && wanted.includes(own));
  // What failed before there was anything to be seen has seen something else.
  const since = told.filter((run) => run.endedAt >= bad.onset);
  const failing = since.find((run) => run.report.verdict === "fail" && saw(run, ["fail"]));
  const warning = since.find((run) => saw(run, ["fail", "warn"]));
  const seen = kind.wants === "fail" ? failing : warning;
  const at = seen && toldAt(seen, seen !== runs[0]);
  const isInFirst = seen === runs[0];
  const beatMs = isInFirst ? kind.beatMs : LOOK_MS;
  return {
    ...base,
    fault: {
      isCritical: kind.isCritical,
      isSeen: seen !== undefined,
      isFailed: failing !== undefined,
      isWarned: warning !== undefined,
      isActed: acts.some((act) => act.at >= bad.onset),
      isTooEarly: acts.some((act) => act.at < bad.onset),
      ...(at === undefined
        ? {}
        : {
            beats: Math.max(0, at - bad.shownAt) / beatMs,
            fromShownMs: Math.max(0, at - bad.shownAt),
            fromCauseMs: at - bad.onset,
          }),
    },
  };
}
