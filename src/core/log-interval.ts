import type { Evidence } from "./check.ts";
import type { Pattern } from "./source.ts";
import { durationText } from "./duration.ts";
import { intervalsToKeep, windowOf, type KeptIntervals } from "./kept-intervals.ts";
import { MOST_LAG_MS, type LogWindow } from "./log-facts.ts";
import { originOf, shortened, type Origin } from "./log-line.ts";
import { NO_READING, type Meter, type MeterTools } from "./log-meter.ts";

/** From here on a count is a lower bound, so that a storm of lines stays small in memory. */
const MOST_COUNTED = 100_000;
/** Of more that became full since the last sample, the newest. */
const MOST_INTERVALS = 2_000;
/** Lines shown of each quarter of an interval. */
const MOST_SHOWN = 5;
const MOST_CHARACTERS = 500;

type Shown = Evidence & Origin & { readonly id: string };

/**
 * The intervals that are over, counted from `from` in steps of `perMs`: those that end after `toldTo`, or the last
 * one where there are none; oldest first. Times in ms.
 */
export function fullIntervals(
  from: number,
  about: { readonly perMs: number; readonly until: number; readonly toldTo: number },
): readonly LogWindow[] {
  const { perMs, until, toldTo } = about;
  const full = Math.floor((until - from) / perMs);
  if (!(full >= 1)) return [];
  const told = Math.floor((toldTo - from) / perMs);
  const first = Math.min(Math.max(0, told, full - MOST_INTERVALS), full - 1);
  return Array.from({ length: full - first }, (_, index) => ({
    from: from + (first + index) * perMs,
    to: from + (first + index + 1) * perMs,
  }));
}

/**
 * Counts lines of the last full interval: those that hold the pattern as `value`, without one all as `rate`. No
 * interval is passed over: of several that became full since the last sample the worst is told. Of lines that no
 * interval to come can hold nothing is kept.
 */
export function createIntervalMeter(
  about: {
    readonly pattern?: Pattern;
    readonly perMs: number;
    readonly kept?: KeptIntervals | undefined;
  },
  { keep, has, patterns }: MeterTools,
): Meter {
  const { perMs, pattern, kept = {} } = about;
  const matcher = pattern && patterns.matcherOf(pattern, "");
  const [name, subject] = matcher === undefined ? (["rate", "rate"] as const) : (["count", "value"] as const);
  const quarterMs = perMs / 4;
  const counted = new Map<string, Origin>();
  const shown = new Map<number, Shown[]>();
  /** What was counted before those lines. */
  let before = kept;
  let forgottenTo = kept.from ?? -Infinity;
  /** Up to where intervals were told. */
  let toldTo = kept.toldTo ?? -Infinity;
  let newest = -Infinity;
  let lost: LogWindow | undefined = kept.lost && { from: kept.lost[0], to: kept.lost[1] };

  /** Log delays and the first line may move the interval back by so much. */
  const keptFrom = (start: number): number => start - 2 * perMs - MOST_LAG_MS;

  function forget(to: number): void {
    if (to <= forgottenTo) return;
    forgottenTo = to;
    for (const [id, { at }] of counted) if (at < to) counted.delete(id);
    for (const quarter of shown.keys()) if ((quarter + 1) * quarterMs <= to) shown.delete(quarter);
  }

  function show(one: Origin, { id, message }: { readonly id: string; readonly message: string }): void {
    const quarter = Math.floor(one.at / quarterMs);
    const lines = shown.get(quarter) ?? [];
    const place = lines.findIndex((other) => byTime(one.at, id, other) < 0);
    if (place === -1 && lines.length >= MOST_SHOWN) return;
    lines.splice(place === -1 ? lines.length : place, 0, {
      ...one,
      id,
      text: shortened(keep(message), MOST_CHARACTERS),
    });
    shown.set(quarter, lines.slice(0, MOST_SHOWN));
  }

  function shownIn({ from, to }: LogWindow): readonly Evidence[] {
    return [...shown.values()]
      .flat()
      .filter(({ at }) => at >= from && at < to)
      .toSorted((a, b) => byTime(a.at, a.id, b))
      .map(({ at, from, text }) => ({ at, from, text }));
  }

  function lose(window: LogWindow | undefined): void {
    if (window === undefined) return;
    lost = { from: Math.min(lost?.from ?? Infinity, window.from), to: Math.max(lost?.to ?? 0, window.to) };
  }

  /** Those written up to `until`. Counts of before that are not of these intervals are lost. */
  function countsIn(intervals: readonly LogWindow[], until: number): readonly number[] {
    const from = intervals[0]?.from ?? 0;
    const shift = (from - (before.from ?? from)) / perMs;
    if (!Number.isInteger(shift)) {
      if (before.counts?.some((count) => count > 0) === true) lose(windowOf(before, perMs));
      before = {};
    }
    const counts = intervals.map((_, index) => before.counts?.[shift + index] ?? 0);
    for (const { at } of counted.values()) {
      const index = Math.floor((at - from) / perMs);
      if (counts[index] !== undefined && at <= until) counts[index] += 1;
    }
    return counts;
  }

  return {
    wanted: [],
    counted: { ...(pattern === undefined ? {} : { pattern }), backMs: 3 * perMs + MOST_LAG_MS },
    isCounted: ({ message }) => matcher === undefined || matcher.search(message).found,
    add(plain) {
      const one = originOf(plain.line);
      const { at } = one;
      if (at < forgottenTo || counted.has(plain.id)) return;
      if (matcher !== undefined && !has(matcher, plain)) return;
      newest = Math.max(newest, at);
      // In steps, because every one goes through all that is kept.
      if (counted.size >= MOST_COUNTED && keptFrom(newest) - perMs >= forgottenTo + perMs)
        forget(keptFrom(newest) - perMs);
      if (counted.size >= MOST_COUNTED) {
        lose({ from: at, to: at + 1 });
        return;
      }
      counted.set(plain.id, one);
      show(one, plain);
    },
    drop(isForeign) {
      for (const [id, one] of counted) if (isForeign(one)) counted.delete(id);
      for (const [quarter, lines] of shown)
        shown.set(
          quarter,
          lines.filter((one) => !isForeign(one)),
        );
      // Intervals of those that went before say nothing of what follows.
      toldTo = -Infinity;
      if (before.from !== undefined) forgottenTo = -Infinity;
      before = {};
    },
    kept({ until, from, thinned }) {
      const told = toldTo === -Infinity ? {} : { toldTo };
      const all = from === undefined ? [] : intervalsToKeep({ from, perMs, until, toldTo });
      const intervals = all.filter((interval) => interval.from >= forgottenTo);
      const [first] = intervals;
      if (first === undefined) return { [name]: told };
      const counts = countsIn(intervals, until);
      const window = { from: first.from, to: until + 1 };
      const gaps = [...(lost === undefined ? [] : [lost]), ...thinned[subject]].filter((gap) =>
        isTouching(gap, window),
      );
      return {
        [name]: {
          ...told,
          from: first.from,
          counts,
          ...(gaps.length === 0
            ? {}
            : { lost: [Math.min(...gaps.map((gap) => gap.from)), Math.max(...gaps.map((gap) => gap.to))] }),
        },
      };
    },
    problem: () => undefined,
    read({ from, until, liveAt, thinned, worstOf }) {
      const full = from === undefined ? [] : fullIntervals(from, { perMs, until, toldTo });
      const intervals = full.filter((interval) => interval.from >= forgottenTo);
      const [first] = intervals;
      if (first === undefined) return { ...NO_READING, open: [subject] };
      const counts = countsIn(intervals, Infinity);
      const worst = worstOf(subject, counts);
      const { [worst]: interval = first } = intervals;
      toldTo = intervals.at(-1)?.to ?? toldTo;
      const evidence = shownIn(interval);
      forget(keptFrom(toldTo - perMs));
      const isThin = thinned[subject].some((one) => isTouching(one, interval));
      const isLost = lost !== undefined && isTouching(lost, interval);
      const isPassed = full.length > intervals.length;
      const place = liveAt === undefined ? "" : ` from live ${signed(interval.from - liveAt)}`;
      return {
        ...NO_READING,
        subjects: { [subject]: counts[worst] ?? 0 },
        partial: isThin || isLost || isPassed ? [subject] : [],
        evidence,
        notes: [
          `${subject} of the ${durationText(perMs)}${place}`,
          ...(isPassed
            ? [`${full.length - intervals.length} intervals before held more lines than are kept`]
            : []),
          ...(isThin ? ["more lines were written then than are read"] : []),
          ...(isLost && !isThin ? ["more lines were counted then than are kept"] : []),
        ],
      };
    },
  };
}

function byTime(at: number, id: string, other: { readonly at: number; readonly id: string }): number {
  return at - other.at || (id < other.id ? -1 : 1);
}

function isTouching(a: LogWindow, b: LogWindow): boolean {
  return a.from < b.to && b.from < a.to;
}

function signed(ms: number): string {
  return `${ms < 0 ? "-" : "+"} ${durationText(Math.abs(Math.round(ms / 1_000)) * 1_000)}`;
}
