import type { Check, Sample } from "../core/check.ts";
import { keptCheck, type KeptCheck } from "../core/check-memory.ts";
import { createMeasured, type Measured } from "../core/measured.ts";
import { createSeries, type SeriesBook } from "../core/series-book.ts";
import type { Subjects } from "../core/value.ts";

/** What is remembered of one check over all stages. */
export interface CheckMemory {
  readonly series: SeriesBook;
  readonly measured: Measured;
  /** When it was sampled first, ms: windows fill from there. */
  firstAt: number | undefined;
  lastSample: Sample | undefined;
  /** Fingerprints of the rows that its query gave last, where new ones are asked for. */
  rows: readonly string[] | undefined;
}

/** What outlives a stage: the numbers of the watch, and what every check saw last. */
export interface WatchMemory {
  of(check: Check): CheckMemory;
  /** Latest subjects of every check, by name. */
  readonly latest: Readonly<Record<string, Subjects>>;
  /** Why a check's last sample could not be taken, by name. */
  readonly lastErrors: Readonly<Record<string, string>>;
  saw(check: Check, subjects: Subjects): void;
  /** What could not be read now is not answered from what was read before. */
  lost(check: Check, reason: string): void;
  /** The numbers of all checks, and the rows of those that ask for new ones. */
  measured(): {
    readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly rows: Readonly<Record<string, readonly string[]>>;
  };
  /** What a later look goes on from, by check, small enough to be written down. */
  kept(about: {
    /** Makes a text safe to keep (redacts it). */
    readonly keep: (text: string) => string;
    /** Whether another check looks at what this one saw last. */
    readonly isAsked: (check: string) => boolean;
  }): { readonly [check: string]: KeptCheck };
  /** A redeploy serves: nothing of this is about it. */
  forget(): void;
}

/** So many points are written down: for functions that look back, and of what is drawn. */
const CAPS = { series: 40, measured: 12 };

/** Nothing remembered yet, or what an earlier look has kept. */
export function createWatchMemory(before: { readonly [check: string]: KeptCheck } = {}): WatchMemory {
  const memories = new Map<string, CheckMemory>();
  const known = Object.entries(before);
  let isForgotten = false;
  const latest: Record<string, Subjects> = Object.fromEntries(
    known.flatMap(([name, { latest: last }]) => (last === undefined ? [] : [[name, last]])),
  );
  const lastErrors: Record<string, string> = Object.fromEntries(
    known.flatMap(([name, { lastError }]) => (lastError === undefined ? [] : [[name, lastError]])),
  );
  return {
    latest,
    lastErrors,
    of(check) {
      const memory = memories.get(check.name);
      if (memory !== undefined) return memory;
      const kept = isForgotten || !Object.hasOwn(before, check.name) ? undefined : before[check.name];
      const fresh = {
        series: createSeries(check, kept?.series),
        measured: createMeasured(check, kept?.measured),
        firstAt: kept?.firstAt,
        lastSample: undefined,
        rows: kept?.rows,
      };
      memories.set(check.name, fresh);
      return fresh;
    },
    saw(check, subjects) {
      latest[check.name] = subjects;
      delete lastErrors[check.name];
    },
    lost(check, reason) {
      delete latest[check.name];
      lastErrors[check.name] = reason;
    },
    measured() {
      const all = [...memories].map(([name, { measured, rows }]) => ({
        name,
        values: measured.values(),
        rows,
      }));
      return {
        values: Object.fromEntries(
          all.flatMap(({ name, values }) =>
            Object.keys(values).length === 0 ? [] : [[name, values] as const],
          ),
        ),
        rows: Object.fromEntries(
          all.flatMap(({ name, rows }) => (rows === undefined ? [] : [[name, rows] as const])),
        ),
      };
    },
    kept({ keep, isAsked }) {
      const names = [...new Set([...Object.keys(isForgotten ? {} : before), ...memories.keys()])];
      return Object.fromEntries(
        names.map((name) => {
          const memory = memories.get(name);
          if (memory === undefined) return [name, before[name] ?? {}];
          const last = isAsked(name) ? { latest: latest[name], lastError: lastErrors[name] } : {};
          const seen = { ...memory, ...last };
          return [name, keptCheck(seen, { ...CAPS, keep })];
        }),
      );
    },
    forget() {
      isForgotten = true;
      memories.clear();
      for (const name of Object.keys(latest)) delete latest[name];
      for (const name of Object.keys(lastErrors)) delete lastErrors[name];
    },
  };
}
