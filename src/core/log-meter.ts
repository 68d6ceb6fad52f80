import type { Evidence } from "./check.ts";
import type { Pattern } from "./source.ts";
import type { Life, Thinned } from "./log-facts.ts";
import type { Origin, PlainLine } from "./log-line.ts";
import type { KeptIntervals } from "./kept-intervals.ts";
import type { KeptSpans } from "./kept-spans.ts";
import type { Matcher } from "./log-match.ts";
import type { LogPatterns } from "./log-patterns.ts";
import type { Subjects } from "./value.ts";

/** What a meter is read against. Times in ms. */
export interface MeterMoment {
  /** Up to when all lines are there: what was written later does not count yet. */
  readonly until: number;
  /** Where the log window begins: intervals are counted from there. */
  readonly from: number | undefined;
  readonly liveAt: number | undefined;
  /** Windows of which not all lines were read that count. */
  readonly thinned: Thinned;
  /** Which of these values of a subject is the worst by the check's own lines, the last of them where none is. */
  readonly worstOf: (subject: string, values: readonly number[]) => number;
  readonly lifeOf: (from: string) => Life;
}

/** What a meter shows. */
export interface Reading {
  readonly subjects: Subjects;
  /** Subjects that cannot have a value yet. */
  readonly open: readonly string[];
  /** Subjects that may be larger. */
  readonly partial: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly notes: readonly string[];
}

export const NO_READING: Reading = { subjects: {}, open: [], partial: [], evidence: [], notes: [] };

/** What the meters of a check have seen, as it is written down. */
export interface KeptMeters {
  readonly count?: KeptIntervals;
  readonly rate?: KeptIntervals;
  readonly span?: KeptSpans;
}

/** One thing that a log check measures: lines of an interval, or what begins and ends with a line. */
export interface Meter {
  /** Takes a line of the right type, level and window, in any order and any number of times. */
  add(plain: PlainLine): void;
  /** Whether the line changes what is measured; counts nothing. */
  isCounted(plain: PlainLine): boolean;
  /** Forgets what turned out not to be of this deploy. */
  drop(isForeign: (origin: Origin) => boolean): void;
  /** Patterns whose lines matter whenever they were written. */
  readonly wanted: readonly Pattern[];
  /** What matters only so far back (ms): lines that hold the pattern, without one all lines. */
  readonly counted?: { readonly pattern?: Pattern; readonly backMs: number };
  /** Why nothing can be said of what it has seen. */
  problem(): string | undefined;
  /** What it has seen of what was written up to `until`, as it is written down; by what is measured. */
  kept(moment: Pick<MeterMoment, "until" | "from" | "thinned" | "lifeOf">): KeptMeters;
  /** What it has seen by now; what is read is told, so each call is for one sample. */
  read(moment: MeterMoment): Reading;
}

/** What meters are made with. */
export interface MeterTools {
  /** Makes a text safe to keep (redacts it). */
  readonly keep: (text: string) => string;
  readonly patterns: LogPatterns;
  /** Whether the matcher finds something; lines that are searched in their beginning only are noted. */
  readonly has: (matcher: Matcher, plain: PlainLine) => boolean;
}
