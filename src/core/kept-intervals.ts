import type { LogWindow } from "./log-facts.ts";
import { count, fields, finite, items, list, misfit, number, optional } from "./shape.ts";

/** What an interval meter has seen, as it is written down. Times in ms. */
export interface KeptIntervals {
  /** Up to where intervals were told. */
  readonly toldTo?: number;
  /** Where the first of these counts begins; each of the next is one interval later. */
  readonly from?: number;
  readonly counts?: readonly number[];
  /** Not all lines of this time were counted. */
  readonly lost?: readonly [from: number, to: number];
}

/** Parsed JSON as kept intervals; throws a misfit. */
export function keptIntervalsOf(value: unknown, name: string): KeptIntervals {
  const from = fields(value, name);
  return {
    ...optional(from, "toldTo", number),
    ...optional(from, "from", number),
    ...optional(from, "counts", (of, counts) =>
      list(of, counts, (one, each) => count({ [each]: one }, each)),
    ),
    ...optional(from, "lost", (of, lost) => {
      const [start, end, ...more] = items(of[lost], lost, finite);
      return start === undefined || end === undefined || more.length > 0 ? misfit(lost) : [start, end];
    }),
  };
}

/** Of more, the newest. */
const MOST_COUNTS = 120;

/**
 * The intervals that a later look may tell, as far as they began by `until`: those that end at or after `toldTo`,
 * counted from `from` in steps of `perMs`.
 */
export function intervalsToKeep(about: {
  readonly from: number;
  readonly perMs: number;
  readonly until: number;
  readonly toldTo: number;
}): readonly LogWindow[] {
  const { from, perMs, until, toldTo } = about;
  const end = Math.floor((until - from) / perMs) + 1;
  const begin = Math.max(0, Math.floor((toldTo - from) / perMs) - 1, end - MOST_COUNTS);
  return Array.from({ length: Math.max(0, end - begin) }, (_, index) => ({
    from: from + (begin + index) * perMs,
    to: from + (begin + index + 1) * perMs,
  }));
}

/** Up to where lines were counted; undefined where none were. */
export function windowOf({ from, counts = [] }: KeptIntervals, perMs: number): LogWindow | undefined {
  return from === undefined || counts.length === 0 ? undefined : { from, to: from + counts.length * perMs };
}
