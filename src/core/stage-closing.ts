import type { Check } from "./check.ts";
import { beatMs } from "./schedule.ts";
import { extensionMs, isUndecided, type Standing } from "./standing.ts";
import type { StageWindow } from "./stage-window.ts";

/** How far a stage has come with one of its checks. Times in ms. */
export interface CheckProgress {
  readonly check: Check;
  readonly standing: Standing;
  /** Whether what it looks at can be judged afterwards. */
  readonly isRetained: boolean;
  /** Up to when it was judged backwards; of those that are seen only at a look, the last sample. */
  readonly judgedTo: number;
  /** The last sample before the stage's end; absent: none. */
  readonly seenTo?: number;
  /** Samples after the stage's end. */
  readonly late: number;
  /** The window of a trend of which looks saw too little before the stage's end, and have not since; 0: none. */
  readonly thinMs: number;
}

/** Why a stage is not over yet; undefined when it is. */
export function stillOpen(
  window: StageWindow,
  about: {
    readonly now: number;
    readonly checks: readonly CheckProgress[];
    /** How long a stage that nobody saw the end of is looked at afresh, ms: the first stage's length. */
    readonly freshMs: number;
    /** When a look came first after its end: then such a fresh window began, ms. */
    readonly lateFrom: number | undefined;
  },
): string | undefined {
  const { now, checks, freshMs, lateFrom } = about;
  if (now < window.to) return `the end of stage ${window.stage.name}`;
  const names = (of: readonly CheckProgress[]): string => of.map(({ check }) => `"${check.name}"`).join(", ");
  const unread = checks.filter((one) => one.isRetained && one.judgedTo < window.to);
  if (unread.length > 0) return `the rest of the window to be read for ${names(unread)}`;
  const undecided = checks.filter((one) => !isDecided(window, one) || now < (lateFrom ?? now) + one.thinMs);
  if (undecided.length > 0) return `${names(undecided)} to be decided`;
  if (!wantsFreshWindow(window, checks, freshMs)) return undefined;
  const isFresh = lateFrom !== undefined && now >= lateFrom + freshMs;
  return isFresh ? undefined : `a second look at what nobody saw at the end of stage ${window.stage.name}`;
}

/**
 * Whether the end of the stage was not seen for a check that only a look can see: none of the last two beats was, or
 * none within the first stage's length before the end where beats are shorter than that.
 */
export function wantsFreshWindow(
  window: StageWindow,
  checks: readonly CheckProgress[],
  freshMs: number,
): boolean {
  return checks.some(({ check, isRetained, seenTo = -Infinity }) => {
    const slack = Math.max(2 * beatMs(check, window.stage), freshMs);
    return !isRetained && seenTo < window.to - slack;
  });
}

/**
 * An open failing run extends the stage: by time where beats can be judged afterwards, by samples where only looks
 * see anything, however far apart those are.
 */
function isDecided(
  window: StageWindow,
  { check, standing, isRetained, judgedTo, late }: CheckProgress,
): boolean {
  if (!isUndecided(standing)) return true;
  const extension = extensionMs(check, beatMs(check, window.stage));
  const { failAfter } = check;
  if (isRetained) return judgedTo >= window.to + extension;
  if (failAfter.kind === "duration")
    return judgedTo >= window.to + extension && late >= 2 * (failAfter.least ?? 1);
  return late >= 2 * (failAfter.kind === "of" ? failAfter.of : failAfter.count);
}

/** What has not been decided so long after the end is not waited for any more, ms. */
export const OVERDUE_MS = 24 * 60 * 60_000;
