import type { Check, Sample } from "../../src/core/check.ts";
import type { LogsSource, Pattern } from "../../src/core/source.ts";
import { createLogBook, type LogBook, type LogFacts } from "../../src/core/log-book.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import { givenLogCheck, MINUTE, SECOND, T0 } from "./given.ts";

/** The deploy started at T0 and was live five minutes later. */
export const LIVE = T0 + 5 * MINUTE;
/** Lines count from so long before now. */
export const SETTLED = 15 * SECOND;

export const text = (of: string): Pattern => ({ kind: "text", text: of });
export const regex = (source: string, flags = ""): Pattern => ({ kind: "pattern", source, flags });

let ids = 0;
/** A line of the new instance, so many seconds after live. */
export function line(seconds: number, message: string, over: Partial<LogLine> = {}): LogLine {
  const at = LIVE + seconds * SECOND;
  return {
    id: `log-${(ids += 1)}`,
    at,
    timestamp: `2026-11-23T10:00:00.${String(Math.abs(at) % 1000).padStart(3, "0")}Z`,
    message,
    type: "app",
    level: "info",
    instance: "new1",
    ...over,
  };
}

/** The platform's own line, which carries no instance. */
export function platform(seconds = 0): LogLine {
  const { instance: _none, ...rest } = line(seconds, "==> Your service is live");
  return rest;
}

const FACTS: LogFacts = {
  startedAt: T0,
  liveAt: LIVE,
  shutdownDelayMs: 30 * SECOND,
  isNew: (suffix) => (suffix.startsWith("new") ? true : suffix.startsWith("old") ? false : undefined),
  hasInstances: true,
  knowsNewInstances: true,
};

/** A check without conditions of its own that has these verbs only. */
export function verbs(source: Partial<LogsSource>, over: Partial<Check> = {}): Check {
  return givenLogCheck({ forbid: [], ...source }, { fail: [], ...over });
}

export interface GivenBook {
  readonly book: LogBook;
  read(...lines: readonly LogLine[]): void;
  /** So many seconds after live. */
  sample(seconds: number): Sample;
  /** Subjects so many seconds after live; the reason where there are none. */
  subjects(seconds: number): unknown;
}

/** A book of one check. */
export function bookOf(check: Check, about: Partial<LogFacts> | (() => Partial<LogFacts>) = {}): GivenBook {
  const facts = (): LogFacts => ({ ...FACTS, ...(typeof about === "function" ? about() : about) });
  const book = createLogBook({ checks: [check], facts, keep: (of) => of.replaceAll("hunter2", "***") });
  const sample = (seconds: number): Sample => book.sample(check, LIVE + seconds * SECOND);
  return {
    book,
    read: (...lines) => {
      for (const one of lines) book.add(one);
    },
    sample,
    subjects(seconds) {
      const taken = sample(seconds);
      return taken.kind === "ok" ? taken.subjects : taken.reason;
    },
  };
}

/** What a sample shows as evidence. */
export function shown(sample: Sample): readonly string[] {
  return sample.kind === "ok" ? sample.evidence.map((one) => one.text) : [];
}
