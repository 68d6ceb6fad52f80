import type { Check, Pattern, Sample } from "./check.ts";
import { belongs, START_SLACK_MS, type LogFacts } from "./log-facts.ts";
import type { LogLine, PlainLine } from "./log-line.ts";
import { plainText } from "./log-match.ts";
import { asksNewMatches, type OldShapes } from "./log-new.ts";
import { logSample } from "./log-sample.ts";
import { createTally, type Tally } from "./log-tally.ts";
import { createUnplaced } from "./log-unplaced.ts";

export type { LogFacts } from "./log-facts.ts";
export { patternText, plainText } from "./log-match.ts";

/** What the checks count by interval, all of them together. */
export interface Counted {
  readonly patterns: readonly Pattern[];
  /** Levels of which all lines count, none when there is no rate; undefined: lines of every level. */
  readonly levels: readonly string[] | undefined;
  /** How long ago lines still matter, ms. */
  readonly backMs: number;
}

/** Reads every line once for all log checks and keeps only counts and evidence. */
export interface LogBook {
  /** Takes a line, in any order and any number of times. `arrivedAt` (ms) if the live stream brought it. */
  add(line: LogLine, arrivedAt?: number): void;
  /** Judges lines again whose instance could not be told old from new before. */
  reclassify(): void;
  sample(check: Check, at: number): Sample;
  /** Instances that cannot be told old from new and wrote what a check counts, by suffix. */
  unsure(): readonly string[];
  /** Patterns that still matter: whatever is forbidden or measured, and what is required and was not found in time. */
  wanted(): readonly Pattern[];
  /** What is counted by interval; undefined when nothing is. */
  counted(): Counted | undefined;
  /** Checks that ask which forbidden lines are new: for each of them the old shapes are awaited. */
  asksNew(): readonly Check[];
  /** What the previous deploy printed, for one of those. */
  setOldShapes(check: string, old: OldShapes): void;
  /** The largest delay between a line and its arrival over the live stream, ms; undefined when that brought none. */
  lagMs(): number | undefined;
  /** Lines of this deploy that were read, the platform's own included; a line read twice counts twice. */
  linesRead(): number;
  /** Lines of a failing check and those that followed them from the same instance, for stack traces. */
  traceOf(check: string): readonly string[];
  /** The first forbidden line of a check, to look around it. */
  firstMatch(check: string): LogLine | undefined;
}

const MAX_TRACE_LINES = 200;
const LINES_AFTER_MATCH = 40;
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
      check.source.kind === "logs"
        ? [
            [
              check.name,
              createTally(check, check.source, { keep, asksNew: asksNewMatches(check, options.checks) }),
            ] as const,
          ]
        : [],
    ),
  );
  const traces = new Map<string, string[]>();
  const following = new Map<string, { readonly trace: string[]; readonly from: number; left: number }>();
  const unplaced = createUnplaced();
  let linesRead = 0;
  let newestOwn = -Infinity;
  let startedAt = -Infinity;
  let lagMs: number | undefined;

  /**
   * The facts. A deploy that was queued starts later than it seemed, and a redeploy of the commit starts anew: what
   * came before is not its own.
   */
  function currentFacts(): LogFacts {
    const facts = options.facts();
    if (facts.startedAt > startedAt) {
      const start = facts.startedAt - START_SLACK_MS;
      for (const tally of tallies.values()) {
        const hasInstances = tally.source.type === "app" && facts.hasInstances;
        tally.drop(({ at, from }) => at < start || (hasInstances && facts.isNew(from, at) !== true));
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
    const id = idOf(line);
    // Those without an instance were counted as they came.
    if (line.instance !== undefined || line.type === "request") readOwn(line);
    follow({ line, message, id });
    count({ line, message, id });
    return true;
  }

  /** Instances of lines not placed that this check counts. */
  function unsureOf(tally: Tally): readonly string[] {
    return unplaced.lines().flatMap((line) => {
      if (line.instance === undefined || line.type !== tally.source.type) return [];
      const message = plainText(line.message);
      return tally.isCounted({ line, message, id: line.id }) ? [line.instance] : [];
    });
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
      if (arrivedAt !== undefined) lagMs = Math.max(lagMs ?? 0, arrivedAt - line.at);
      if (!place(line, facts)) unplaced.keep(idOf(line), line);
    },
    reclassify() {
      const facts = currentFacts();
      for (const line of unplaced.take()) if (!place(line, facts)) unplaced.keep(idOf(line), line);
    },
    sample(check, at) {
      const tally = tallies.get(check.name);
      if (tally === undefined) return { kind: "error", at, reason: "not a log check" };
      const facts = currentFacts();
      const hasOwn = newestOwn >= facts.startedAt - START_SLACK_MS;
      const gap = unplaced.hasLost() && tally.source.type === "app" ? { gap: facts.gap ?? LOST } : {};
      const unsure = unsureOf(tally);
      return logSample(tally, { at, facts: { ...facts, ...gap }, keep, hasOwn, unsure, lagMs });
    },
    unsure: () => [...new Set([...tallies.values()].flatMap(unsureOf))],
    wanted() {
      const { liveAt = Infinity } = currentFacts();
      return [...tallies.values()].flatMap((tally) => {
        const { forbid, require, withinMs } = tally.source;
        const deadline = liveAt + withinMs;
        const required = tally.required();
        return [
          ...forbid.flatMap((group) => group.patterns),
          ...tally.meters.flatMap((meter) => meter.wanted),
          ...require
            .flatMap((group) => group.patterns)
            .filter((_pattern, index) => (required[index]?.first?.at ?? Infinity) > deadline),
        ];
      });
    },
    counted() {
      const all = [...tallies.values()].flatMap(({ source, meters }) =>
        meters.flatMap(({ counted }) =>
          counted === undefined ? [] : [{ ...counted, levels: source.levels }],
        ),
      );
      const rates = all.filter(({ pattern }) => pattern === undefined);
      // A level that Render does not know counts as info, and cannot be asked for.
      const isAny = rates.some(({ levels }) => levels.length === 0 || levels.includes("info"));
      return all.length === 0
        ? undefined
        : {
            patterns: all.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])),
            levels: isAny ? undefined : [...new Set(rates.flatMap(({ levels }) => levels))],
            backMs: Math.max(...all.map(({ backMs }) => backMs)),
          };
    },
    asksNew: () =>
      [...tallies.values()].flatMap(({ check, newMatches }) => (newMatches === undefined ? [] : [check])),
    setOldShapes: (check, old) => tallies.get(check)?.newMatches?.setOld(old),
    lagMs: () => lagMs,
    linesRead: () => linesRead,
    traceOf: (check) => traces.get(check) ?? [],
    firstMatch: (check) => tallies.get(check)?.first(),
  };
}

const LOST = "instances that are not known to be old or new wrote more lines than could be kept";

function idOf(line: LogLine): string {
  return line.id === "" ? `${line.timestamp} ${line.instance ?? ""} ${line.message}` : line.id;
}

/** Where a line comes from; traces are put together by it. */
function sourceOf(line: LogLine): string {
  return line.instance ?? line.type;
}

/** A line that is read twice in a row is one. */
function extend(trace: string[], message: string): void {
  if (trace.length < MAX_TRACE_LINES && trace.at(-1) !== message) trace.push(message);
}
