import { keptIntervalsOf } from "./kept-intervals.ts";
import { keptSpansOf } from "./kept-spans.ts";
import type { KeptMeters } from "./log-meter.ts";
import { keptLivesOf, type KeptLives } from "./log-lives.ts";
import type { Origin } from "./log-line.ts";
import { count, fields, finite, list, number, optional, record, strings, text, yes } from "./shape.ts";

/** So much of a line is written down. */
export const KEPT_CHARACTERS = 160;

/** A line as it is written down. */
export interface KeptLine extends Origin {
  readonly text: string;
}

/** What one log check has seen, as it is written down; what is left out is nought. */
export interface KeptLog extends KeptMeters {
  /** How many forbidden lines. */
  readonly matches?: number;
  /** There may be more of them. */
  readonly isFull?: true;
  /** What an earlier book had seen was not kept. */
  readonly isLost?: true;
  readonly first?: Origin;
  readonly evidence?: readonly KeptLine[];
  /** When the first line of each required pattern was written, in the order of the configuration. */
  readonly found?: readonly (number | null)[];
  /** How many lines were searched in their beginning only. */
  readonly cut?: number;
  readonly news?: KeptNews;
}

/** What is known of forbidden lines and of those that the previous deploy printed; shapes as fingerprints. */
export interface KeptNews {
  /** Those that are not known to be old, each with how many and its first line. */
  readonly shapes?: readonly (KeptLine & { readonly shape: string; readonly count: number })[];
  /** How many more lines of other shapes, new or not. */
  readonly more?: number;
  readonly old?: readonly string[];
  /** These are all the old ones. */
  readonly isOldWhole?: true;
}

/** What all log checks have in common. Times in ms. */
export interface KeptBook {
  /** What was written up to then has been counted: a later book passes over it. */
  readonly to: number;
  readonly startedAt: number;
  /** When the newest line of this deploy was written. */
  readonly newestOwn?: number;
  readonly linesRead?: number;
  readonly lagMs?: number;
  /** Lines of instances that were neither known to be old nor new could not be kept. */
  readonly hasLost?: true;
  /** Who wrote lines, by their type. */
  readonly lives: { readonly [type: string]: KeptLives };
}

/** What a book has seen, small enough to be written down: of all lines, and by the name of the check. */
export interface KeptLogs {
  readonly book: KeptBook;
  readonly checks: { readonly [check: string]: KeptLog };
}

/** Parsed JSON as a kept book; throws a misfit. */
export function keptBookOf(value: unknown, name: string): KeptBook {
  const from = fields(value, name);
  return {
    to: number(from, "to"),
    startedAt: number(from, "startedAt"),
    ...optional(from, "newestOwn", number),
    ...optional(from, "linesRead", count),
    ...optional(from, "lagMs", number),
    ...optional(from, "hasLost", yes),
    lives: record(from["lives"], "lives", keptLivesOf),
  };
}

/** Parsed JSON as what one check has seen; throws a misfit. */
export function keptLogOf(value: unknown, name: string): KeptLog {
  const from = fields(value, name);
  return {
    ...optional(from, "matches", count),
    ...optional(from, "isFull", yes),
    ...optional(from, "isLost", yes),
    ...optional(from, "first", (of, first) => originOf(of[first], first)),
    ...optional(from, "evidence", (of, lines) => list(of, lines, keptLineOf)),
    ...optional(from, "found", (of, found) =>
      list(of, found, (one, each) => (one === null ? null : finite(one, each))),
    ),
    ...optional(from, "cut", count),
    ...optional(from, "count", (of, intervals) => keptIntervalsOf(of[intervals], intervals)),
    ...optional(from, "rate", (of, intervals) => keptIntervalsOf(of[intervals], intervals)),
    ...optional(from, "span", (of, spans) => keptSpansOf(of[spans], spans)),
    ...optional(from, "news", (of, news) => keptNewsOf(of[news], news)),
  };
}

function keptNewsOf(value: unknown, name: string): KeptNews {
  const from = fields(value, name);
  return {
    ...optional(from, "shapes", (of, shapes) =>
      list(of, shapes, (one, each) => {
        const shape = fields(one, each);
        return { ...keptLineOf(one, each), shape: text(shape, "shape"), count: count(shape, "count") };
      }),
    ),
    ...optional(from, "more", count),
    ...optional(from, "old", (of, old) => strings(of[old], old)),
    ...optional(from, "isOldWhole", yes),
  };
}

function originOf(value: unknown, name: string): Origin {
  const from = fields(value, name);
  return { at: number(from, "at"), from: text(from, "from") };
}

function keptLineOf(value: unknown, name: string): KeptLine {
  return { ...originOf(value, name), text: text(fields(value, name), "text") };
}
