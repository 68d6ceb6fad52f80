import type { Evidence, Pattern } from "./check.ts";
import { durationText } from "./duration.ts";
import { MOST_LAG_MS, type LogWindow } from "./log-facts.ts";
import { originOf, shortened, type Origin } from "./log-line.ts";
import { matcherOf } from "./log-match.ts";
import { NO_READING, type Meter, type MeterTools } from "./log-meter.ts";

/** From here on a count is a lower bound, so that a storm of lines stays small in memory. */
const MOST_COUNTED = 100_000;
/** Lines shown of each quarter of an interval. */
const MOST_SHOWN = 5;
const MOST_CHARACTERS = 500;

type Shown = Evidence & Origin & { readonly id: string };

/** The last interval that is over, counted from `from` in steps of `perMs`; undefined before one is. Times in ms. */
export function lastInterval(
  from: number,
  { perMs, until }: { readonly perMs: number; readonly until: number },
): LogWindow | undefined {
  const full = Math.floor((until - from) / perMs);
  return full >= 1 ? { from: from + (full - 1) * perMs, to: from + full * perMs } : undefined;
}

/**
 * Counts lines of the last full interval: those that hold the pattern as `value`, without one all as `rate`. Of
 * lines that no interval to come can hold nothing is kept.
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
    },
    read({ from, until, liveAt, thinned }) {
      const interval = from === undefined ? undefined : lastInterval(from, { perMs, until });
      // A window that has begun anew asks for lines of which nothing is kept.
      if (interval === undefined || interval.from < forgottenTo) return { ...NO_READING, open: [subject] };
      forget(keptFrom(interval.from));
      const isInside = ({ at }: Origin): boolean => at >= interval.from && at < interval.to;
      const count = [...counted.values()].filter(isInside).length;
      const isThin = thinned[subject].some((one) => isTouching(one, interval));
      const isPartial = isThin || (lost !== undefined && isTouching(lost, interval));
      const place = liveAt === undefined ? "" : ` from live ${signed(interval.from - liveAt)}`;
      return {
        ...NO_READING,
        subjects: { [subject]: count },
        partial: isPartial ? [subject] : [],
        evidence: [...shown.values()]
          .flat()
          .filter(isInside)
          .toSorted((a, b) => byTime(a.at, a.id, b))
          .map(({ at, from, text }) => ({ at, from, text })),
        notes: [
          `${subject} of the ${durationText(perMs)}${place}`,
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
