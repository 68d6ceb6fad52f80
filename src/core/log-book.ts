import type { Check, Sample } from "./check.ts";
import type { Pattern } from "./source.ts";
import type { KeptBook, KeptLogs } from "./kept-log.ts";
import { openIn } from "./kept-spans.ts";
import { belongs, MOST_LAG_MS, settledAt, START_SLACK_MS, type LogFacts } from "./log-facts.ts";
import { idOf, originOf, type LogLine, type Origin, type PlainLine } from "./log-line.ts";
import { createLives, type Lives } from "./log-lives.ts";
import { plainText } from "./log-match.ts";
import { asksNewMatches, type OldShapes } from "./log-new.ts";
import { createLogPatterns } from "./log-patterns.ts";
import { logSample, momentOf } from "./log-sample.ts";
import { createTally } from "./log-tally.ts";
import { createTraces } from "./log-traces.ts";
import { createUnplaced } from "./log-unplaced.ts";
import { countedOf, wantedPatterns, type Counted } from "./log-wanted.ts";
import { ownOf } from "./shape.ts";

export type { LogFacts } from "./log-facts.ts";
export { patternText, plainText } from "./log-match.ts";

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
  firstMatch(check: string): Pick<LogLine, "at" | "type" | "instance"> | undefined;
  /** What a later book goes on from, `at` now (ms). */
  kept(at: number): KeptLogs;
  /**
   * Up to when (ms) lines were counted by the book that this one goes on from: those are passed over, and all after
   * it are to be read. Undefined when the deploy is read from its start.
   */
  keptTo(): number | undefined;
}

/** More of a line is neither kept nor searched. */
const MAX_LINE_LENGTH = 65_536;

/**
 * An empty book for these log checks, or one that goes on from what an earlier one has `kept`. `keep` makes a line safe
 * to keep (redacts it). The facts are asked from the first call on: they have to know the deploy by then.
 */
export function createLogBook(options: {
  readonly checks: readonly Check[];
  readonly facts: () => LogFacts;
  readonly keep: (text: string) => string;
  readonly kept?: KeptLogs | undefined;
}): LogBook {
  const { keep, kept } = options;
  const types = options.checks.flatMap(({ source }) => (source.kind === "logs" ? [source.type] : []));
  const lives = new Map<string, Lives>(
    [...new Set(types)].map((type) => [type, createLives(ownOf(kept?.book.lives, type))]),
  );
  const patterns = createLogPatterns();
  const tallies = new Map(
    options.checks.flatMap((check) => {
      const { name, source } = check;
      const own = source.kind === "logs" ? lives.get(source.type) : undefined;
      if (source.kind !== "logs" || own === undefined) return [];
      const tally = createTally(check, source, {
        keep,
        patterns,
        lives: own,
        asksNew: asksNewMatches(check, options.checks),
        kept: ownOf(kept?.checks, name),
        isLater: kept !== undefined,
      });
      return [[name, tally] as const];
    }),
  );
  const traces = createTraces();
  const unplaced = createUnplaced([...tallies.values()]);
  let {
    to: keptTo = -Infinity,
    startedAt = -Infinity,
    newestOwn = -Infinity,
    linesRead = 0,
    hasLost = false,
    lagMs,
  }: Partial<Omit<KeptBook, "hasLost">> & { readonly hasLost?: boolean } = kept?.book ?? {};

  /**
   * The facts. A deploy that was queued starts later than it seemed, and a redeploy of the commit starts anew: what
   * came before is not its own.
   */
  function currentFacts(): LogFacts {
    const facts = options.facts();
    if (facts.startedAt > startedAt) {
      const start = facts.startedAt - START_SLACK_MS;
      for (const [type, own] of lives) {
        const hasInstances = type === "app" && facts.hasInstances;
        const isForeign = ({ at, from }: Origin): boolean =>
          at < start || (hasInstances && facts.isNew(from, at) !== true);
        own.drop(isForeign);
        for (const tally of tallies.values()) if (tally.source.type === type) tally.drop(isForeign);
      }
      // What was counted before was of the deploy before: this one is read from its start.
      keptTo = -Infinity;
      hasLost = false;
    }
    ({ startedAt } = facts);
    return facts;
  }

  function readOwn(line: LogLine): void {
    linesRead += 1;
    newestOwn = Math.max(newestOwn, line.at);
  }

  function count(plain: PlainLine): void {
    lives.get(plain.line.type)?.add(originOf(plain.line));
    for (const tally of tallies.values()) {
      if (tally.source.type !== plain.line.type || !tally.add(plain)) continue;
      traces.begin(tally.check.name, plain);
    }
  }

  /** Counts a line or leaves it out; false when it cannot be said yet whether it is of the new version. */
  function place(line: LogLine, facts: LogFacts): boolean {
    const isNew = belongs(line, facts);
    if (isNew !== true) return isNew === false;
    const message = plainText(line.message);
    const id = idOf(line);
    // Those without an instance were counted as they came.
    if (line.instance !== undefined || line.type === "request") readOwn(line);
    traces.follow({ line, message, id });
    count({ line, message, id });
    return true;
  }

  /** What was written later does not count yet, or is to be read again because it could not be placed. */
  function countedTo(facts: LogFacts, at: number): number {
    const settled = settledAt(facts, { at, lagMs: MOST_LAG_MS });
    const first = facts.startedAt - START_SLACK_MS - 1;
    return Math.max(keptTo, first, Math.min(settled, unplaced.firstAt() - 1));
  }

  return {
    add(full, arrivedAt) {
      if (arrivedAt !== undefined) lagMs = Math.max(lagMs ?? 0, arrivedAt - full.at);
      const line =
        full.message.length > MAX_LINE_LENGTH
          ? { ...full, message: full.message.slice(0, MAX_LINE_LENGTH) }
          : full;
      const facts = currentFacts();
      if (line.at <= keptTo) return;
      const isPlatforms = line.instance === undefined && line.type !== "request";
      if (isPlatforms && line.at >= facts.startedAt - START_SLACK_MS) readOwn(line);
      if (!place(line, facts)) unplaced.keep(line);
    },
    reclassify() {
      const facts = currentFacts();
      for (const line of unplaced.take()) if (!place(line, facts)) unplaced.keep(line);
    },
    sample(check, at) {
      const tally = tallies.get(check.name);
      if (tally === undefined) return { kind: "error", at, reason: "not a log check" };
      const facts = currentFacts();
      const hasOwn = newestOwn >= facts.startedAt - START_SLACK_MS;
      const gap =
        (hasLost || unplaced.hasLost()) && tally.source.type === "app" ? { gap: facts.gap ?? LOST } : {};
      const unsure = unplaced.instancesOf(tally);
      return logSample(tally, { at, facts: { ...facts, ...gap }, keep, hasOwn, unsure, lagMs });
    },
    unsure: () => [...new Set([...tallies.values()].flatMap(unplaced.instancesOf))],
    wanted: () => wantedPatterns([...tallies.values()], currentFacts().liveAt),
    counted: () => countedOf([...tallies.values()]),
    asksNew: () =>
      [...tallies.values()].flatMap(({ check, newMatches }) =>
        newMatches?.isOldKnown() === false ? [check] : [],
      ),
    setOldShapes: (check, old) => tallies.get(check)?.newMatches?.setOld(old),
    lagMs: () => lagMs,
    linesRead: () => linesRead,
    traceOf: traces.of,
    firstMatch(check) {
      const tally = tallies.get(check);
      const first = tally?.first();
      if (tally === undefined || first === undefined) return undefined;
      const { type } = tally.source;
      return { at: first.at, type, ...(first.from === type ? {} : { instance: first.from }) };
    },
    kept(at) {
      const facts = currentFacts();
      const until = countedTo(facts, at);
      const checks = [...tallies].map(([name, tally]) => {
        const moment = momentOf(tally, { at, facts, lagMs });
        return [name, tally.kept({ ...moment, until })] as const;
      });
      const open = new Set(checks.flatMap(([, { span }]) => (span === undefined ? [] : openIn(span))));
      return {
        book: {
          to: until,
          startedAt,
          ...(newestOwn === -Infinity ? {} : { newestOwn }),
          ...(linesRead === 0 ? {} : { linesRead }),
          ...(lagMs === undefined ? {} : { lagMs }),
          ...(hasLost || unplaced.hasLost() ? { hasLost: true as const } : {}),
          lives: Object.fromEntries(
            [...lives].flatMap(([type, own]) => {
              const known = own.kept(open);
              return known === undefined ? [] : [[type, known]];
            }),
          ),
        },
        checks: Object.fromEntries(checks),
      };
    },
    keptTo() {
      currentFacts();
      return keptTo === -Infinity ? undefined : keptTo;
    },
  };
}

const LOST = "instances that are not known to be old or new wrote more lines than could be kept";
