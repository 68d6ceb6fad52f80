import type { Check, Evidence, LogsSource } from "./check.ts";
import { levelOf, matcherOf, type Matcher } from "./log-match.ts";
import type { LogLine } from "./log-line.ts";

/** A line with its text free of colours and the name it is known by. */
export interface PlainLine {
  readonly line: LogLine;
  readonly message: string;
  readonly id: string;
}

/** When a line was written (ms), and by whom: an instance, or the line's type where there is none. */
export interface Origin {
  readonly at: number;
  readonly from: string;
}

type Kept = Evidence & Origin;

/** What one log check has seen: counts and evidence, no lines but the first forbidden one. */
export interface Tally {
  readonly check: Check;
  readonly source: LogsSource;
  /** Takes a line of the right type and window; whether it is forbidden and was not counted before. */
  add(plain: PlainLine): boolean;
  /** Whether the line would be counted as forbidden; counts nothing. */
  isForbidden(plain: PlainLine): boolean;
  /** Forgets what turned out not to be of this deploy: it started later, or a redeploy has taken its place. */
  drop(isForeign: (origin: Origin) => boolean): void;
  /** Lines of its type were read, whatever their level. */
  hasLines(): boolean;
  /** Forbidden lines, each counted once. */
  matches(): number;
  /** Lines that were longer than what an expression is searched in. */
  cutLines(): number;
  /** The required patterns, each with its first line. */
  required(): readonly { readonly label: string; readonly first?: Kept }[];
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
  const found: (Kept | undefined)[] = required.map(() => undefined);
  const hits = new Map<string, Origin>();
  const cut = new Set<string>();
  let evidence: Kept[] = [];
  let first: LogLine | undefined;
  let newest: Origin | undefined;

  const isWanted = (line: LogLine): boolean =>
    source.levels.length === 0 || source.levels.includes(levelOf(line.level));

  return {
    check,
    source,
    isForbidden: ({ line, message }) =>
      isWanted(line) && forbidden.some((matcher) => matcher.search(message).found),
    add({ line, message, id }) {
      if (newest === undefined || line.at > newest.at)
        newest = { at: line.at, from: line.instance ?? line.type };
      if (!isWanted(line)) return false;
      let kept: Kept | undefined;
      const shown = (): Kept =>
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
      hits.set(id, { at: line.at, from: line.instance ?? line.type });
      if (first === undefined || line.at < first.at) first = line;
      if (evidence.length < MAX_EVIDENCE) evidence.push(shown());
      return true;
    },
    drop(isForeign) {
      for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
      for (const [index, one] of found.entries())
        if (one !== undefined && isForeign(one)) found[index] = undefined;
      evidence = evidence.filter((one) => !isForeign(one));
      if (first !== undefined && isForeign({ at: first.at, from: first.instance ?? first.type }))
        first = undefined;
      if (newest !== undefined && isForeign(newest)) newest = undefined;
    },
    hasLines: () => newest !== undefined,
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
