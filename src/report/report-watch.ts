import type { StageCoverage } from "../core/coverage.ts";
import type { Outcome } from "../core/outcome.ts";
import { isoText } from "./time.ts";

/** What is left to later runs. */
export interface WatchReport {
  readonly stages: readonly string[];
  readonly until: string;
  readonly nextLookAt: string | null;
  /** Who holds it, and why. */
  readonly held: string | null;
}

/** What was seen of a stage that looks watch. */
export interface CoverageReport {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
  readonly due: number;
  readonly seen: number;
  readonly gaps: readonly {
    readonly from: string;
    readonly to: string;
    readonly judgedAfterwards: boolean;
    readonly unseen: readonly string[];
  }[];
}

/** What is left to later runs, as `report.json` has it; null when nothing is. */
export function watchReport({ watchedUntil, nextLookAt, laterStages, held }: Outcome): WatchReport | null {
  if (watchedUntil === undefined) return null;
  const until = isoText(watchedUntil);
  const next = nextLookAt === undefined ? null : isoText(nextLookAt);
  return { stages: laterStages ?? [], until, nextLookAt: next, held: held ?? null };
}

/** The same of what was seen of a stage. */
export function coverageReport({ stage, from, to, due, seen, gaps }: StageCoverage): CoverageReport {
  return {
    stage,
    from: isoText(from),
    to: isoText(to),
    due,
    seen,
    gaps: gaps.map((gap) => ({
      from: isoText(gap.from),
      to: isoText(gap.to),
      judgedAfterwards: gap.backFilled,
      unseen: gap.unseen,
    })),
  };
}
