import type { Check } from "../core/check.ts";
import { createMeasured, type Measured } from "../core/measured.ts";
import { createSeries, type SeriesBook } from "../core/series-book.ts";
import type { Subjects } from "../core/value.ts";

/** What is remembered of one check over all stages. */
export interface CheckMemory {
  readonly series: SeriesBook;
  readonly measured: Measured;
  /** When it was sampled first, ms: windows fill from there. */
  firstAt: number | undefined;
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
      const fresh = { series: createSeries(check), measured: createMeasured(check), firstAt: undefined };
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
    forget() {
      memories.clear();
      for (const name of Object.keys(latest)) delete latest[name];
      for (const name of Object.keys(lastErrors)) delete lastErrors[name];
    },
  };
}
