/** What was seen of one stage, and what was not. Times in ms. */
export interface StageCoverage {
  readonly stage: string;
  readonly from: number;
  /** The stage's end, or up to where it has been looked at. */
  readonly to: number;
  /** Stretches in which no look came, oldest first. */
  readonly gaps: readonly CoverageGap[];
}

/** No look came for longer than the stage's beat. */
export interface CoverageGap {
  readonly from: number;
  readonly to: number;
  /** Whether Render's logs, metrics and events of it were looked at afterwards. */
  readonly backFilled: boolean;
  /** Sources that cannot be looked at afterwards: `sql`, `http`. */
  readonly unseen: readonly string[];
}

/** Which part of the stage was seen by a look in time, 0 to 1. */
export function seenShare({ from, to, gaps }: StageCoverage): number {
  if (to <= from) return 1;
  const missed = gaps.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)),
    0,
  );
  return Math.max(0, 1 - missed / (to - from));
}
