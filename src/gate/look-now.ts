import type { Check } from "../core/check.ts";
import { dependenciesOf, inOrder } from "../core/dependencies.ts";
import { isUndecided } from "../core/standing.ts";
import { beatOf, type StageWindow } from "../core/stage-window.ts";
import type { Board } from "./board.ts";
import { lookBeatMs, UNSEEN, type Seen } from "./stage-progress.ts";

/** A stage under way, with the checks that only a look can see. */
export interface NowStage {
  readonly window: StageWindow;
  readonly checks: readonly Check[];
  readonly board: Board;
  readonly seen: ReadonlyMap<string, Seen>;
  /** Whether its end is looked at afresh, because nobody saw it. */
  readonly isFresh: boolean;
  /** The window of a trend of which looks have seen too little, ms; 0: none. */
  readonly thinMs: (check: Check) => number;
}

/** Whether the check is due at this look: its beat has not been seen, or the stage's end waits for it. Times in ms. */
export function isDueNow(stage: NowStage, check: Check, now: number): boolean {
  const { window, seen, board } = stage;
  if (now < window.from) return false;
  if (now > window.to) return stage.isFresh || isUndecided(board.standing(check)) || stage.thinMs(check) > 0;
  const { lastAt } = seen.get(check.name) ?? UNSEEN;
  const everyMs = lookBeatMs(check, window);
  return lastAt === undefined || beatOf(window, everyMs, now) > beatOf(window, everyMs, lastAt);
}

/** Takes one sample of each check that is due in one of the stages, side by side, and gives what was seen by now. */
export async function lookNow(
  stages: readonly NowStage[],
  now: number,
): Promise<readonly ReadonlyMap<string, Seen>[]> {
  const due = stages.map((stage) => stage.checks.filter((check) => isDueNow(stage, check, now)));
  const under = new Map<string, Promise<unknown>>();
  for (const check of inOrder([...new Set(due.flat())])) {
    const before = dependenciesOf(check).flatMap((name) => under.get(name) ?? []);
    const take = async (): Promise<void> => {
      await Promise.all(before);
      for (const [index, { board }] of stages.entries())
        if (due[index]?.includes(check) === true) await board.take(check);
    };
    under.set(check.name, take());
  }
  await Promise.all(under.values());
  return stages.map(({ window, seen }, index) => {
    const after = new Map(seen);
    for (const { name } of due[index] ?? []) {
      const known = after.get(name) ?? UNSEEN;
      after.set(
        name,
        now > window.to
          ? { ...known, late: known.late + 1 }
          : { ...known, count: known.count + 1, lastAt: now },
      );
    }
    return after;
  });
}
