import type { Check, Sample } from "./check.ts";
import { requestsFrom, START_SLACK_MS, type LogFacts } from "./log-facts.ts";
import type { LogLine } from "./log-line.ts";
import { plainText } from "./log-match.ts";
import { logSample } from "./log-sample.ts";
import { createTally, type PlainLine } from "./log-tally.ts";

export type { LogFacts } from "./log-facts.ts";
export { patternText, plainText } from "./log-match.ts";

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

const MAX_TRACE_LINES = 200;
const LINES_AFTER_MATCH = 40;
const MAX_UNPLACED = 2_000;
/** More of a line is neither kept nor searched. */
const MAX_LINE_LENGTH = 65_536;

/**
 * An empty book for these log checks. `keep` makes a line safe to keep (redacts it).
 */
export function createLogBook(options: {
  readonly checks: readonly Check[];
  readonly facts: () => LogFacts;
  readonly keep: (text: string) => string;
}): LogBook {
  const { keep } = options;
  const tallies = new Map(
    options.checks.flatMap((check) =>
      check.source.kind === "logs" ? [[check.name, createTally(check, check.source, keep)] as const] : [],
    ),
  );
  const traces = new Map<string, string[]>();
  const following = new Map<string, { readonly trace: string[]; readonly from: number; left: number }>();
  let unplaced: LogLine[] = [];
  let linesRead = 0;
  let newestOwn = -Infinity;
  let startedAt = -Infinity;
  let lagMs = 0;

  /** The facts; a deploy that was queued starts later than it seemed, and what came before is not its own. */
  function currentFacts(): LogFacts {
    const facts = options.facts();
    if (facts.startedAt > startedAt) {
      for (const tally of tallies.values()) {
        const isByTime = tally.source.type === "build" || !facts.hasInstances;
        if (isByTime) tally.dropBefore(facts.startedAt - START_SLACK_MS);
      }
    }
    ({ startedAt } = facts);
    return facts;
  }

  function readOwn(line: LogLine): void {
    linesRead += 1;
    newestOwn = Math.max(newestOwn, line.at);
  }

  function count(plain: PlainLine): void {
    for (const tally of tallies.values()) {
      if (tally.source.type !== plain.line.type || !tally.add(plain)) continue;
      const trace = traces.get(tally.check.name) ?? [];
      traces.set(tally.check.name, trace);
      extend(trace, plain.message);
      following.set(sourceOf(plain.line), { trace, from: plain.line.at, left: LINES_AFTER_MATCH });
    }
  }

  function follow({ line, message }: PlainLine): void {
    const watch = following.get(sourceOf(line));
    // Lines from before the match come again when the window is read once more.
    if (watch === undefined || line.at < watch.from) return;
    watch.left -= 1;
    extend(watch.trace, message);
    if (watch.left <= 0) following.delete(sourceOf(line));
  }

  /** Counts a line or leaves it out; false when it cannot be said yet whether it is of the new version. */
  function place(line: LogLine, facts: LogFacts): boolean {
    const isNew = belongs(line, facts);
    if (isNew !== true) return isNew === false;
    const message = plainText(line.message);
    const id = line.id === "" ? `${line.timestamp} ${line.instance ?? ""} ${message}` : line.id;
    // Those without an instance were counted as they came.
    if (line.instance !== undefined || line.type === "request") readOwn(line);
    follow({ line, message, id });
    count({ line, message, id });
    return true;
  }

  return {
    add(full, arrivedAt) {
      const line =
        full.message.length > MAX_LINE_LENGTH
          ? { ...full, message: full.message.slice(0, MAX_LINE_LENGTH) }
          : full;
      const facts = currentFacts();
      const isPlatforms = line.instance === undefined && line.type !== "request";
      if (isPlatforms && line.at >= facts.startedAt - START_SLACK_MS) readOwn(line);
      lagMs = Math.max(lagMs, arrivedAt - line.at);
      if (!place(line, facts) && unplaced.length < MAX_UNPLACED) unplaced.push(line);
    },
    reclassify() {
      const facts = currentFacts();
      unplaced = unplaced.filter((line) => !place(line, facts));
    },
    sample(check, at) {
      const tally = tallies.get(check.name);
      if (tally === undefined) return { kind: "error", at, reason: "not a log check" };
      const facts = currentFacts();
      return logSample(tally, { at, facts, keep, hasOwn: newestOwn >= facts.startedAt - START_SLACK_MS });
    },
    lagMs: () => lagMs,
    linesRead: () => linesRead,
    traceOf: (check) => traces.get(check) ?? [],
    firstMatch: (check) => tallies.get(check)?.first(),
  };
}

/** Where a line comes from; traces are put together by it. */
function sourceOf(line: LogLine): string {
  return line.instance ?? line.type;
}

/** A line that is read twice in a row is one. */
function extend(trace: string[], message: string): void {
  if (trace.length < MAX_TRACE_LINES && trace.at(-1) !== message) trace.push(message);
}

/** Whether a line is of this deploy's version and window; undefined when it cannot be said yet. */
function belongs(line: LogLine, facts: LogFacts): boolean | undefined {
  const isSinceStart = line.at >= facts.startedAt - START_SLACK_MS;
  switch (line.type) {
    case "build":
      return isSinceStart && (facts.liveAt === undefined || line.at <= facts.liveAt);
    case "request":
      return line.at >= (requestsFrom(facts) ?? Infinity);
    case "app":
      if (!facts.hasInstances) return isSinceStart;
      // The platform's own lines carry no instance.
      return line.instance === undefined ? false : facts.isNew(line.instance);
    default:
      return false;
  }
}
