import type { Check, Evidence, LogsSource, Pattern, Sample } from "./check.ts";
import type { LogLine } from "./log-line.ts";
import { safeRegex } from "./regex.ts";

/** What the lines are judged against; asked anew for every line and sample, because it becomes known bit by bit. */
export interface LogFacts {
  /** When the deploy started, ms. */
  readonly startedAt: number;
  readonly liveAt?: number;
  /** Old and new answer side by side for 60 s after live plus this, ms. */
  readonly shutdownDelayMs: number;
  /** Whether an instance is of the new version; `undefined`: cannot be said yet. */
  readonly isNew: (suffix: string) => boolean | undefined;
  /** False for cron jobs, whose runs have no lasting instances: every line since the deploy counts. */
  readonly hasInstances: boolean;
  readonly knowsNewInstances: boolean;
  /** Up to when the whole window was read a second time, ms. */
  readonly rereadTo?: number;
  /** Why part of the window could not be read. */
  readonly gap?: string;
}

/** Reads every line once for all log checks and keeps only counts and evidence. */
export interface LogBook {
  /** Takes a line, in any order and any number of times. */
  add(line: LogLine, arrivedAt: number): void;
  /** Judges lines again whose instance could not be told old from new before. */
  reclassify(): void;
  sample(check: Check, at: number): Sample;
  /** The largest delay between a line and its arrival over the live stream, ms. */
  lagMs(): number;
  /** Lines of this deploy that were read, the platform's own included; a line read twice counts twice. */
  linesRead(): number;
  /** Lines of a failing check and those that followed them from the same instance, for stack traces. */
  traceOf(check: string): readonly string[];
  /** The first forbidden line of a check, to look around it. */
  firstMatch(check: string): LogLine | undefined;
}

interface Tally {
  readonly check: Check;
  readonly source: LogsSource;
  readonly forbid: readonly Matcher[];
  readonly require: readonly Matcher[];
  readonly counted: Set<string>;
  readonly found: Map<string, Evidence>;
  readonly evidence: Evidence[];
  readonly trace: string[];
  matches: number;
  first?: LogLine;
}

interface Matcher {
  readonly label: string;
  readonly matches: (message: string) => boolean;
}

const MAX_EVIDENCE = 20;
const MAX_TRACE_LINES = 200;
const LINES_AFTER_MATCH = 40;
const MAX_UNPLACED = 2_000;
const MAX_COUNTED = 10_000;
/** Longer lines are matched on their beginning only. */
const MAX_MATCHED_LENGTH = 16_384;

// Colours and other terminal escapes: CSI sequences, OSC strings, two-character escapes.
const ANSI = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** The text of a line without terminal colours. */
export function plainText(message: string): string {
  return message.includes("\u001b") ? message.replace(ANSI, "") : message;
}

/** How a pattern is shown: as the user wrote it. */
export function patternText(pattern: Pattern): string {
  return pattern.kind === "text" ? pattern.text : `/${pattern.source}/${pattern.flags}`;
}

function matcherOf(pattern: Pattern, group: string): Matcher {
  const label = group === "" ? patternText(pattern) : `${group}: ${patternText(pattern)}`;
  if (pattern.kind === "text") return { label, matches: (message) => message.includes(pattern.text) };
  const regex = safeRegex(pattern.source, pattern.flags);
  // The configuration was refused already if it does not parse.
  return { label, matches: typeof regex === "string" ? () => false : (message) => regex.test(message) };
}

function tallyOf(check: Check, source: LogsSource): Tally {
  const matchers = (groups: LogsSource["forbid"]): Matcher[] =>
    groups.flatMap((group) => group.patterns.map((pattern) => matcherOf(pattern, group.name)));
  return {
    check,
    source,
    forbid: matchers(source.forbid),
    require: matchers(source.require),
    counted: new Set(),
    found: new Map(),
    evidence: [],
    trace: [],
    matches: 0,
  };
}

/**
 * An empty book for these log checks. `keep` makes a line safe to keep (redacts it).
 */
export function createLogBook(options: {
  readonly checks: readonly Check[];
  readonly facts: () => LogFacts;
  readonly keep: (text: string) => string;
}): LogBook {
  const tallies = new Map(
    options.checks.flatMap((check) =>
      check.source.kind === "logs" ? [[check.name, tallyOf(check, check.source)] as const] : [],
    ),
  );
  const following = new Map<string, { readonly tally: Tally; left: number }>();
  let unplaced: LogLine[] = [];
  let linesRead = 0;
  let newAppLines = 0;
  let lagMs = 0;

  function isInWindow(type: string, line: LogLine, facts: LogFacts): boolean {
    if (type === "build")
      return line.at >= facts.startedAt - 1_000 && (facts.liveAt === undefined || line.at <= facts.liveAt);
    if (type === "request") return facts.liveAt !== undefined && line.at >= requestsFrom(facts.liveAt, facts);
    return facts.hasInstances || line.at >= facts.startedAt;
  }

  function count(line: LogLine, message: string, facts: LogFacts): void {
    const id = line.id === "" ? `${line.timestamp} ${line.instance ?? ""} ${message}` : line.id;
    const from = line.instance ?? line.type;
    for (const tally of tallies.values()) {
      const { source } = tally;
      if (source.type !== line.type || !isInWindow(source.type, line, facts)) continue;
      if (source.levels.length > 0 && !source.levels.includes(line.level)) continue;
      for (const matcher of tally.require) {
        if (!tally.found.has(matcher.label) && matcher.matches(message)) {
          tally.found.set(matcher.label, { at: line.at, text: options.keep(message), from });
        }
      }
      if (tally.counted.has(id) || !tally.forbid.some((matcher) => matcher.matches(message))) continue;
      if (tally.counted.size < MAX_COUNTED) tally.counted.add(id);
      tally.matches += 1;
      if (tally.first === undefined || line.at < tally.first.at) tally.first = line;
      if (tally.evidence.length < MAX_EVIDENCE)
        tally.evidence.push({ at: line.at, text: options.keep(message), from });
      if (tally.trace.length < MAX_TRACE_LINES) {
        if (tally.trace.at(-1) !== message) tally.trace.push(message);
        following.set(from, { tally, left: LINES_AFTER_MATCH });
      }
    }
  }

  function follow(line: LogLine, message: string): void {
    const watch = following.get(line.instance ?? line.type);
    if (watch === undefined) return;
    if (watch.left === 0 || watch.tally.trace.length >= MAX_TRACE_LINES) {
      following.delete(line.instance ?? line.type);
      return;
    }
    watch.left -= 1;
    if (watch.tally.trace.at(-1) !== message) watch.tally.trace.push(message);
  }

  function place(line: LogLine): boolean {
    const facts = options.facts();
    const message = plainText(line.message.slice(0, MAX_MATCHED_LENGTH));
    if (line.type !== "app" || !facts.hasInstances) {
      follow(line, message);
      count(line, message, facts);
      return true;
    }
    // The platform's own lines carry no instance.
    if (line.instance === undefined) return true;
    const isNew = facts.isNew(line.instance);
    if (isNew === undefined) return false;
    if (isNew) {
      newAppLines += 1;
      linesRead += 1;
      follow(line, message);
      count(line, message, facts);
    }
    return true;
  }

  function sampleRequired(
    tally: Tally,
    at: number,
    facts: LogFacts,
  ): { readonly missing?: number; readonly pending?: string; readonly error?: string } {
    const missing = tally.require.length - tally.found.size;
    if (missing === 0 || facts.liveAt === undefined) return { missing };
    const deadline = facts.liveAt + tally.source.withinMs;
    const wanted = `${tally.found.size}/${tally.require.length} lines found`;
    if (at < deadline) return { pending: `${wanted}, waiting until live + ${tally.source.withinMs / 1000}s` };
    if (facts.rereadTo === undefined || facts.rereadTo < deadline)
      return { pending: `${wanted}, the window is being read once more` };
    if (tally.source.type === "app" && newAppLines === 0) {
      return { error: `${wanted}, but no other app line of the new instances was read` };
    }
    return { missing };
  }

  return {
    add(line, arrivedAt) {
      if (line.instance === undefined && line.at >= options.facts().startedAt - 1_000) linesRead += 1;
      lagMs = Math.max(lagMs, arrivedAt - line.at);
      if (!place(line) && unplaced.length < MAX_UNPLACED) unplaced.push(line);
    },
    reclassify() {
      const waiting = unplaced;
      unplaced = [];
      unplaced = waiting.filter((line) => !place(line));
    },
    sample(check, at) {
      const tally = tallies.get(check.name);
      const facts = options.facts();
      if (tally === undefined) return { kind: "error", at, reason: "not a log check" };
      const { source } = tally;
      if (facts.gap !== undefined) return { kind: "error", at, reason: facts.gap };
      if (linesRead === 0) return { kind: "error", at, reason: "no log line of this deploy was read" };
      if (source.type === "app" && facts.hasInstances && !facts.knowsNewInstances) {
        return { kind: "error", at, reason: "the new version's instances are not known" };
      }
      if (source.type === "request" && facts.liveAt !== undefined && at < requestsFrom(facts.liveAt, facts)) {
        return { kind: "none", at, reason: "request lines count once the old version has stopped" };
      }
      const required = sampleRequired(tally, at, facts);
      if (required.error !== undefined && tally.matches === 0)
        return { kind: "error", at, reason: required.error };
      const missing = tally.require
        .filter((matcher) => !tally.found.has(matcher.label))
        .map((matcher) => matcher.label);
      const note = [
        ...(tally.require.length > 0 ? [`${tally.found.size}/${tally.require.length} lines found`] : []),
        ...(missing.length > 0 ? [`missing: ${options.keep(missing.join(" | "))}`] : []),
      ].join("; ");
      return {
        kind: "ok",
        at,
        subjects: {
          matches: tally.matches,
          ...(tally.require.length > 0 && required.missing !== undefined
            ? { found: tally.found.size, missing: required.missing }
            : {}),
        },
        evidence: [
          ...tally.evidence,
          ...(missing.length > 0 && required.missing !== undefined
            ? missing.map((label) => ({ text: options.keep(`missing: ${label}`) }))
            : []),
          ...(tally.evidence.length === 0 && required.missing === 0
            ? [...tally.found.values()].slice(0, MAX_EVIDENCE)
            : []),
        ],
        ...(note === "" ? {} : { note }),
        ...(required.pending === undefined ? {} : { pending: required.pending }),
      };
    },
    lagMs: () => lagMs,
    linesRead: () => linesRead,
    traceOf: (check) => tallies.get(check)?.trace ?? [],
    firstMatch: (check) => tallies.get(check)?.first,
  };
}

/** Request lines carry no instance: they count only once old instances are gone (render-api.md 7.2). */
function requestsFrom(liveAt: number, facts: LogFacts): number {
  return liveAt + 60_000 + facts.shutdownDelayMs;
}
