import type { Check } from "../core/check.ts";
import type { CoverageGap } from "../core/coverage.ts";
import type { Standing } from "../core/standing.ts";
import type { StageWindow } from "../core/stage-window.ts";

/** A stage that looks have begun and not ended. Times in ms. */
export interface StageProgress {
  readonly window: StageWindow;
  /** By check. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** What was seen of the checks that only a look can see, by name. */
  readonly seen: ReadonlyMap<string, Seen>;
  readonly gaps: readonly CoverageGap[];
  /** When a look came first after its end. */
  readonly lateFrom?: number;
}

/** Samples that were taken at looks. */
export interface Seen {
  /** Before the stage's end, and the last of them. */
  readonly count: number;
  readonly lastAt?: number;
  /** After the stage's end. */
  readonly late: number;
}

export const UNSEEN: Seen = { count: 0, late: 0 };

/** A stage that nothing was seen of yet. */
export function newProgress(window: StageWindow): StageProgress {
  return { window, standings: new Map(), seen: new Map(), gaps: [] };
}

/** How often a check that only a look can see is due in a stage, ms: no look is expected oftener than the stage's beat. */
export function lookBeatMs(check: Check, { stage }: StageWindow): number {
  return Math.max(check.everyMs ?? 0, stage.everyMs);
}
