import type { Check, Evidence, LogsSource } from "./check.ts";
import { levelOf, matcherOf, type Matcher } from "./log-match.ts";
import type { LogLine } from "./log-line.ts";

/** A line with its text free of colours and the name it is known by. */
export interface PlainLine {
  readonly line: LogLine;
  readonly message: string;
  readonly id: string;
}

/** What one log check has seen: counts and evidence, no lines but the first forbidden one. */
export interface Tally {
  readonly check: Check;
  readonly source: LogsSource;
  /** Takes a line of the right type and window; whether it is forbidden and was not counted before. */
  add(plain: PlainLine): boolean;
  /** Whether the line would be counted as forbidden; counts nothing. */
  isForbidden(plain: PlainLine): boolean;
  /** Forgets what is older than this (ms): the deploy turned out to have started later. */
  dropBefore(at: number): void;
  /** Lines of its type were read, whatever their level. */
  hasLines(): boolean;
  /** Forbidden lines, each counted once. */
  matches(): number;
  /** Lines that were longer than what an expression is searched in. */
  cutLines(): number;
  /** The required patterns, each with its first line. */
  required(): readonly { readonly label: string; readonly first?: Evidence & { readonly at: number } }[];
  evidence(): readonly Evidence[];
  first(): LogLine | undefined;
}

export const MAX_EVIDENCE = 20;
const MAX_EVIDENCE_LENGTH = 2_000;
/** From here on a count is a lower bound, so that a storm of lines stays small in memory. */
const MAX_COUNTED = 100_000;

/** An empty tally. `keep` makes a text safe to keep (redacts it). */
export function createTally(check: Check, source: LogsSource, keep: (text: string) => string): Tally {
  const matchers = (groups: LogsSource["forbid"]): readonly Matcher[] =>
    groups.flatMap((group) => group.patterns.map((pattern) => matcherOf(pattern, group.name)));
  const forbidden = matchers(source.forbid);
  const required = matchers(source.require);
  const found: ((Evidence & { readonly at: number }) | undefined)[] = required.map(() => undefined);
  const hits = new Map<string, number>();
  const cut = new Set<string>();
  let evidence: (Evidence & { readonly at: number })[] = [];
  let first: LogLine | undefined;
  let newest = -Infinity;

  const isWanted = (line: LogLine): boolean =>
    source.levels.length === 0 || source.levels.includes(levelOf(line.level));

  return {
    check,
    source,
    isForbidden: ({ line, message }) =>
      isWanted(line) && forbidden.some((matcher) => matcher.search(message).found),
    add({ line, message, id }) {
      newest = Math.max(newest, line.at);
      if (!isWanted(line)) return false;
      let kept: (Evidence & { readonly at: number }) | undefined;
      const shown = (): Evidence & { readonly at: number } =>
        (kept ??= {
          at: line.at,
          text: keep(message).slice(0, MAX_EVIDENCE_LENGTH),
          from: line.instance ?? line.type,
        });
      const has = (matcher: Matcher): boolean => {
        const search = matcher.search(message);
        if (!search.found && search.cut && cut.size < MAX_COUNTED) cut.add(id);
        return search.found;
      };
      for (const [index, matcher] of required.entries()) {
        const known = found[index];
        if ((known === undefined || line.at < known.at) && has(matcher)) found[index] = shown();
      }
      if (hits.has(id) || hits.size >= MAX_COUNTED || !forbidden.some(has)) return false;
      hits.set(id, line.at);
      if (first === undefined || line.at < first.at) first = line;
      if (evidence.length < MAX_EVIDENCE) evidence.push(shown());
      return true;
    },
    dropBefore(at) {
      for (const [id, hitAt] of hits) if (hitAt < at) hits.delete(id);
      for (const [index, one] of found.entries())
        if (one !== undefined && one.at < at) found[index] = undefined;
      evidence = evidence.filter((one) => one.at >= at);
      if (first !== undefined && first.at < at) first = undefined;
      if (newest < at) newest = -Infinity;
    },
    hasLines: () => newest > -Infinity,
    matches: () => hits.size,
    cutLines: () => cut.size,
    required: () =>
      required.map(({ label }, index) => {
        const one = found[index];
        return one === undefined ? { label } : { label, first: one };
      }),
    evidence: () => evidence.toSorted((a, b) => a.at - b.at),
    first: () => first,
  };
}
