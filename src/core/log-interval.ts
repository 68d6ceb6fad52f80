import type { Evidence, Pattern } from "./check.ts";
import { durationText } from "./duration.ts";
import { MOST_LAG_MS, type LogWindow } from "./log-facts.ts";
import { originOf, shortened, type Origin } from "./log-line.ts";
import { matcherOf } from "./log-match.ts";
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
  about: { readonly pattern?: Pattern; readonly perMs: number },
  { keep, has }: MeterTools,
): Meter {
  const { perMs, pattern } = about;
  const matcher = pattern && matcherOf(pattern, "");
  const subject = matcher === undefined ? "rate" : "value";
  const quarterMs = perMs / 4;
  const counted = new Map<string, Origin>();
  const shown = new Map<number, Shown[]>();
  let forgottenTo = -Infinity;
  /** Up to where intervals were told. */
  let toldTo = -Infinity;
  let newest = -Infinity;
  let lost: LogWindow | undefined;

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
        lost = { from: Math.min(lost?.from ?? at, at), to: Math.max(lost?.to ?? at, at + 1) };
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
    },
    problem: () => undefined,
    read({ from, until, liveAt, thinned, worstOf }) {
      const full = from === undefined ? [] : fullIntervals(from, { perMs, until, toldTo });
      const intervals = full.filter((interval) => interval.from >= forgottenTo);
      const [first] = intervals;
      if (first === undefined) return { ...NO_READING, open: [subject] };
      const counts = intervals.map(() => 0);
      for (const { at } of counted.values()) {
        const index = Math.floor((at - first.from) / perMs);
        if (counts[index] !== undefined) counts[index] += 1;
      }
      const worst = worstOf(subject, counts);
      const { [worst]: interval = first } = intervals;
      toldTo = intervals.at(-1)?.to ?? toldTo;
      const evidence = shownIn(interval);
      forget(keptFrom(toldTo - perMs));
      const isThin = thinned[subject].some((one) => isTouching(one, interval));
      const isPartial = isThin || (lost !== undefined && isTouching(lost, interval));
      const place = liveAt === undefined ? "" : ` from live ${signed(interval.from - liveAt)}`;
      return {
        ...NO_READING,
        subjects: { [subject]: counts[worst] ?? 0 },
        partial: isPartial ? [subject] : [],
        evidence,
        notes: [
          `${subject} of the ${durationText(perMs)}${place}`,
          ...(full.length > intervals.length
            ? [`${full.length - intervals.length} intervals before held more lines than are kept`]
            : []),
          ...(isThin ? ["more lines were written then than are read"] : []),
          ...(isPartial && !isThin ? ["more lines were counted then than are kept"] : []),
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
