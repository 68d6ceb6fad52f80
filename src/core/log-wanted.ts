import type { Pattern } from "./source.ts";
import type { Tally } from "./log-tally.ts";

/** What the checks count by interval, all of them together. */
export interface Counted {
  readonly patterns: readonly Pattern[];
  /** Levels of which all lines count, none when there is no rate; undefined: lines of every level. */
  readonly levels: readonly string[] | undefined;
  /** How long ago lines still matter, ms. */
  readonly backMs: number;
}

/** Patterns that still matter: whatever is forbidden or measured, and what is required and was not found in time. */
export function wantedPatterns(tallies: readonly Tally[], liveAt = Infinity): readonly Pattern[] {
  return tallies.flatMap((tally) => {
    const { forbid, require, withinMs } = tally.source;
    const required = tally.required();
    return [
      ...forbid.flatMap((group) => group.patterns),
      ...tally.meters.flatMap((meter) => meter.wanted),
      ...require
        .flatMap((group) => group.patterns)
        .filter((_pattern, index) => (required[index]?.first?.at ?? Infinity) > liveAt + withinMs),
    ];
  });
}

/** What the checks count by interval; undefined when nothing is. */
export function countedOf(tallies: readonly Tally[]): Counted | undefined {
  const all = tallies.flatMap(({ source, meters }) =>
    meters.flatMap(({ counted }) => (counted === undefined ? [] : [{ ...counted, levels: source.levels }])),
  );
  const rates = all.filter(({ pattern }) => pattern === undefined);
  // A level that Render does not know counts as info, and cannot be asked for.
  const isAny = rates.some(({ levels }) => levels.length === 0 || levels.includes("info"));
  return all.length === 0
    ? undefined
    : {
        patterns: all.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])),
        levels: isAny ? undefined : [...new Set(rates.flatMap(({ levels }) => levels))],
        backMs: Math.max(...all.map(({ backMs }) => backMs)),
      };
}
