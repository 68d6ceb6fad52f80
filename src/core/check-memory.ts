import { cutText } from "./cut.ts";
import { keptLogOf, type KeptLog } from "./kept-log.ts";
import { keptMeasuredOf, type KeptMeasured } from "./kept-measured.ts";
import { keptStanding, keptStandingOf, type KeptStanding } from "./kept-standing.ts";
import { plainValue } from "./kept-standing-shape.ts";
import type { Measured } from "./measured.ts";
import { keptSeriesOf, type KeptSeries, type SeriesBook } from "./series-book.ts";
import { fields, number, optional, record, strings, text } from "./shape.ts";
import type { Standing } from "./standing.ts";
import type { Subjects, Value } from "./value.ts";

/** What is remembered of one check from one look to the next, as it is written down; what is left out is nothing. */
export interface KeptCheck {
  readonly standing?: KeptStanding;
  readonly series?: KeptSeries;
  readonly measured?: KeptMeasured;
  readonly log?: KeptLog;
  /** When it was sampled first, ms. */
  readonly firstAt?: number;
  /** Fingerprints of the rows that its query gave last. */
  readonly rows?: readonly string[];
  /** Numbers, short texts and the like of its last sample. */
  readonly latest?: Subjects;
  /** Why its last sample could not be taken. */
  readonly lastError?: string;
}

/** What a look knows of a check. */
export interface CheckSeen {
  readonly standing?: Standing | undefined;
  readonly series?: SeriesBook | undefined;
  readonly measured?: Measured | undefined;
  readonly log?: KeptLog | undefined;
  readonly firstAt?: number | undefined;
  readonly rows?: readonly string[] | undefined;
  readonly latest?: Subjects | undefined;
  readonly lastError?: string | undefined;
}

/** More rows than this are not kept: a query that gives so many asks for no new ones. */
const MOST_ROWS = 300;
const MOST_SUBJECTS = 20;
const MOST_TEXT = 100;
const MOST_REASON = 160;

/**
 * What a look knows of a check as it is written down, with so many points at most of each number. `keep` makes a text
 * safe to keep (redacts it).
 */
export function keptCheck(
  seen: CheckSeen,
  caps: { readonly series: number; readonly measured: number; readonly keep: (text: string) => string },
): KeptCheck {
  const { standing, measured, log, firstAt, rows, lastError } = seen;
  const series = seen.series?.kept(caps.series) ?? {};
  const latest = keptSubjects(seen.latest ?? {}, caps.keep);
  return {
    ...(standing === undefined ? {} : { standing: keptStanding(standing) }),
    ...(Object.keys(series).length === 0 ? {} : { series }),
    ...(measured === undefined || measured.samples() === 0 ? {} : { measured: measured.kept(caps.measured) }),
    ...(log === undefined ? {} : { log }),
    ...(firstAt === undefined ? {} : { firstAt }),
    ...(rows === undefined || rows.length > MOST_ROWS ? {} : { rows }),
    ...(Object.keys(latest).length === 0 ? {} : { latest }),
    ...(lastError === undefined ? {} : { lastError: cutText(caps.keep(lastError), MOST_REASON) }),
  };
}

/** Whole values only: of a part of a text nothing can be said. */
function keptSubjects(subjects: Subjects, keep: (text: string) => string): Subjects {
  const isShort = (value: Value): boolean => {
    if (typeof value === "string") return value.length <= MOST_TEXT && keep(value) === value;
    return typeof value === "number" ? Number.isFinite(value) : typeof value === "boolean" || value === null;
  };
  const short = Object.entries(subjects).filter(([name, value]) => isShort(name) && isShort(value));
  return Object.fromEntries(short.slice(0, MOST_SUBJECTS));
}

/** Parsed JSON as what is remembered of a check; throws a misfit. */
export function keptCheckOf(value: unknown, name: string): KeptCheck {
  const from = fields(value, name);
  return {
    ...optional(from, "standing", (of, key) => keptStandingOf(of[key], key)),
    ...optional(from, "series", (of, key) => keptSeriesOf(of[key], key)),
    ...optional(from, "measured", (of, key) => keptMeasuredOf(of[key], key)),
    ...optional(from, "log", (of, key) => keptLogOf(of[key], key)),
    ...optional(from, "firstAt", number),
    ...optional(from, "rows", (of, key) => strings(of[key], key)),
    ...optional(from, "latest", (of, key) =>
      record(of[key], key, (one, subject) => plainValue({ [subject]: one }, subject)),
    ),
    ...optional(from, "lastError", text),
  };
}
