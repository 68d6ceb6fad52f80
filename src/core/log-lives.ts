import type { Origin } from "./log-line.ts";
import { fields, finite, number, record } from "./shape.ts";

/** When whoever writes lines of one type wrote its first and its last, whatever they say. Times in ms. */
export interface Lives {
  add(origin: Origin): void;
  /** Forgets lines that turned out not to be of this deploy, and all that was kept of an earlier book. */
  drop(isForeign: (origin: Origin) => boolean): void;
  /** When the first line was written. */
  firstAt(): number | undefined;
  /** When the last line of one instance was written. */
  lastAt(from: string): number | undefined;
  /** The instances that wrote last, and these. */
  kept(others: ReadonlySet<string>): KeptLives | undefined;
}

/** When the first line was written, and the last one of each instance. */
export interface KeptLives {
  readonly first: number;
  readonly last: { readonly [from: string]: number };
}

/** Parsed JSON as kept lives; throws a misfit. */
export function keptLivesOf(value: unknown, name: string): KeptLives {
  const from = fields(value, name);
  return { first: number(from, "first"), last: record(from["last"], "last", finite) };
}

const MOST_KEPT = 20;

/** Nobody has written yet, or who is known of an earlier book. */
export function createLives(kept?: KeptLives): Lives {
  const lives = new Map(
    Object.entries(kept?.last ?? {}).map(([from, at]) => [from, { first: at, last: at }]),
  );
  let keptFirst = kept?.first;

  const firstAt = (): number | undefined => {
    const all = [
      ...(keptFirst === undefined ? [] : [keptFirst]),
      ...[...lives.values()].map(({ first }) => first),
    ];
    return all.length === 0 ? undefined : Math.min(...all);
  };

  return {
    add({ at, from }) {
      const life = lives.get(from);
      if (life === undefined) lives.set(from, { first: at, last: at });
      else Object.assign(life, { first: Math.min(life.first, at), last: Math.max(life.last, at) });
    },
    drop(isForeign) {
      keptFirst = undefined;
      for (const [from, life] of lives) {
        if (isForeign({ at: life.last, from })) lives.delete(from);
        else if (isForeign({ at: life.first, from })) life.first = life.last;
      }
    },
    firstAt,
    lastAt: (from) => lives.get(from)?.last,
    kept(others) {
      const first = firstAt();
      if (first === undefined) return undefined;
      const newest = [...lives].toSorted(([, a], [, b]) => b.last - a.last);
      const few = newest.filter(([from], index) => index < MOST_KEPT || others.has(from));
      return { first, last: Object.fromEntries(few.map(([from, { last }]) => [from, last])) };
    },
  };
}
