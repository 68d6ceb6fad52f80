import type { Check } from "../core/check.ts";
import { dependenciesOf, inOrder } from "../core/dependencies.ts";
import { beatMs } from "../core/schedule.ts";
import { extensionMs, isUndecided } from "../core/standing.ts";
import { beatAfter, type StageWindow } from "../core/stage-window.ts";
import { isBackwards, type Board } from "./board.ts";
import type { LogsUnread } from "./look-logs.ts";
import { Unread } from "./retained-edges.ts";

/** A stage under way, with the checks that can be judged backwards in it. */
export interface BackStage {
  readonly window: StageWindow;
  readonly checks: readonly Check[];
  readonly board: Board;
}

/** What was judged backwards. Times in ms. */
export interface LookedBack {
  /** Up to when each check was judged, by name. */
  readonly judgedTo: ReadonlyMap<string, number>;
  /** Why a check could not be judged up to now, by name; a later look goes on where it stopped. */
  readonly unread: ReadonlyMap<string, string>;
}

interface Pair {
  readonly stage: BackStage;
  readonly check: Check;
  next: number;
}

/** The next beat; the end of the window is one, too, for checks that look at all there was. Times in ms. */
function nextBeat(window: StageWindow, check: Check, after: number): number {
  const next = beatAfter(window, beatMs(check, window.stage), after);
  return isBackwards(check) && after < window.to ? Math.min(next, window.to) : next;
}

/**
 * Takes every beat between the last look and `until`, as if somebody had been there: stage by stage and check by
 * check in the order of time. `goTo` sets the world back to a beat. Ends early where `isOver`.
 */
export async function lookBack(
  stages: readonly BackStage[],
  about: {
    readonly until: number;
    readonly judgedTo: ReadonlyMap<string, number>;
    readonly goTo: (at: number) => void;
    /** Why log lines could not be read. */
    readonly logsUnread: LogsUnread | undefined;
    readonly isOver: () => boolean;
  },
): Promise<LookedBack> {
  const { until, goTo } = about;
  const judgedTo = new Map(about.judgedTo);
  const unread = new Map<string, string>();
  const all = inOrder([...new Set(stages.flatMap(({ checks }) => checks))]);
  const pairs: Pair[] = all.flatMap((check) =>
    stages.flatMap((stage) => {
      if (!stage.checks.includes(check)) return [];
      return [{ stage, check, next: nextBeat(stage.window, check, judgedTo.get(check.name) ?? -Infinity) }];
    }),
  );

  /** What looks at a check that could not be read cannot be judged either. */
  function lose(check: Check, why: string): void {
    if (unread.has(check.name)) return;
    unread.set(check.name, why);
    for (const other of all) if (dependenciesOf(other).includes(check.name)) lose(other, why);
  }

  const isDue = ({ stage, check, next }: Pair): boolean => {
    const { window, board } = stage;
    if (next > until || unread.has(check.name)) return false;
    if (next <= window.to) return true;
    const extension = extensionMs(check, beatMs(check, window.stage));
    return isUndecided(board.standing(check)) && next <= window.to + extension;
  };

  const { logsUnread } = about;
  if (logsUnread !== undefined)
    for (const check of all)
      if (check.source.kind === "logs" && !logsUnread.failing.has(check.name)) lose(check, logsUnread.why);
  while (!about.isOver()) {
    const due = pairs.filter(isDue);
    const at = Math.min(...due.map(({ next }) => next));
    if (due.length === 0) break;
    goTo(at);
    for (const pair of due.filter(({ next }) => next === at)) {
      const { stage, check } = pair;
      // A check that this one looks at may have been lost a moment ago.
      if (unread.has(check.name)) continue;
      try {
        await stage.board.take(check);
        judgedTo.set(check.name, at);
        pair.next = nextBeat(stage.window, check, at);
      } catch (error) {
        if (!(error instanceof Unread)) throw error;
        lose(check, error.message);
      }
    }
  }
  if (!about.isOver())
    for (const { name } of all)
      if (!unread.has(name)) judgedTo.set(name, Math.max(until, judgedTo.get(name) ?? -Infinity));
  return { judgedTo, unread };
}
