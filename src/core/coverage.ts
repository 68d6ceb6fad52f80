/** What was seen of one stage, and what was not. Times in ms. */
export interface StageCoverage {
  readonly stage: string;
  readonly from: number;
  /** The stage's end, or up to where it has been looked at. */
  readonly to: number;
  /** Beats of all checks that fell due, and those of them that were seen or judged afterwards. */
  readonly due: number;
  readonly seen: number;
  /** Stretches in which no look came, oldest first. */
  readonly gaps: readonly CoverageGap[];
}

/** No look came for longer than the stage's beat. */
export interface CoverageGap {
  readonly from: number;
  readonly to: number;
  /** Whether what is kept of it was judged afterwards. */
  readonly backFilled: boolean;
  /** Sources that nobody looked at: `sql`, `http`, and all of them where it can never be judged. */
  readonly unseen: readonly string[];
  /** How many looks came in it all the same, too few for the beat; absent: none. */
  readonly looks?: number;
}

/** Render keeps logs and metrics of its smallest plan for so long, ms; older ones may be gone. */
export const SURELY_KEPT_MS = 7 * 24 * 60 * 60_000;

/** The gaps when all that is kept has been judged up to now; of `kept` sources those that name one stay unseen. */
export function backFilled(gaps: readonly CoverageGap[], kept: readonly string[]): readonly CoverageGap[] {
  return gaps.map((gap) =>
    gap.unseen.some((source) => kept.includes(source)) ? gap : { ...gap, backFilled: true },
  );
}

/** Which part of the stage's beats was seen, 0 to 1. */
export function seenShare({ due, seen }: StageCoverage): number {
  return due === 0 ? 1 : Math.min(1, seen / due);
}

/** More gaps than this are told as one. */
const MOST_GAPS = 12;

/** The gaps with one more; those that touch and are alike become one, and of many the oldest do. */
export function withGap(gaps: readonly CoverageGap[], gap: CoverageGap): readonly CoverageGap[] {
  const last = gaps.at(-1);
  const isAlike =
    last?.backFilled === gap.backFilled && last.unseen.join() === gap.unseen.join() && last.to >= gap.from;
  // Two that touch have a look between them.
  const both = (last?.looks ?? 0) + (gap.looks ?? 0) + 1;
  const all = isAlike ? [...gaps.slice(0, -1), { ...last, to: gap.to, looks: both }] : [...gaps, gap];
  const [first, second, ...rest] = all;
  if (all.length <= MOST_GAPS || first === undefined || second === undefined) return all;
  return [joined(first, second), ...rest];
}

function joined(first: CoverageGap, second: CoverageGap): CoverageGap {
  const looks = (first.looks ?? 0) + (second.looks ?? 0) + 1;
  return {
    looks,
    from: first.from,
    to: second.to,
    backFilled: first.backFilled && second.backFilled,
    unseen: [...new Set([...first.unseen, ...second.unseen])],
  };
}
