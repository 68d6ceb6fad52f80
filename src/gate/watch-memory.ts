import type { Check, Sample } from "../core/check.ts";
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
  /** A redeploy serves: nothing of this is about it. */
  forget(): void;
}

/** Nothing remembered yet. */
export function createWatchMemory(): WatchMemory {
  const memories = new Map<string, CheckMemory>();
  const latest: Record<string, Subjects> = {};
  const lastErrors: Record<string, string> = {};
  return {
    latest,
    lastErrors,
    of(check) {
      const known = memories.get(check.name);
      if (known !== undefined) return known;
      const fresh = {
        series: createSeries(check),
        measured: createMeasured(check),
        firstAt: undefined,
        lastSample: undefined,
        rows: undefined,
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
    forget() {
      memories.clear();
      for (const name of Object.keys(latest)) delete latest[name];
      for (const name of Object.keys(lastErrors)) delete lastErrors[name];
    },
  };
}
