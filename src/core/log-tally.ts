import type { Check, Evidence, LogsSource } from "./check.ts";
import { createIntervalMeter } from "./log-interval.ts";
import { originOf, type LogLine, type Origin, type PlainLine } from "./log-line.ts";
import { levelOf, matcherOf, type Matcher } from "./log-match.ts";
import type { Meter, MeterTools } from "./log-meter.ts";
import { createNewMatches, type NewMatches } from "./log-new.ts";
import { createSpanMeter } from "./log-span.ts";

type Kept = Evidence & Origin;

/** What one log check has seen: counts and evidence, no lines but the first forbidden one. */
export interface Tally {
  readonly check: Check;
  readonly source: LogsSource;
  /** Takes a line of the right type and window; whether it is forbidden and was not counted before. */
  add(plain: PlainLine): boolean;
  /** Whether the line would change what is counted: forbidden, or measured; counts nothing. */
  isCounted(plain: PlainLine): boolean;
  /** Forgets what turned out not to be of this deploy: it started later, or a redeploy has taken its place. */
  drop(isForeign: (origin: Origin) => boolean): void;
  /** Lines of its type were read, whatever their level. */
  hasLines(): boolean;
  /** When the first line of its type was written, ms. */
  firstAt(): number | undefined;
  /** When the last line of one instance was written, ms. */
  lastAt(from: string): number | undefined;
  /** Forbidden lines, each counted once. */
  matches(): number;
  /** Whether there may be more of them than are counted. */
  isFull(): boolean;
  /** Lines that were longer than what an expression is searched in. */
  cutLines(): number;
  /** The required patterns, each with its first line. */
  required(): readonly { readonly label: string; readonly first?: Kept }[];
  evidence(): readonly Evidence[];
  first(): LogLine | undefined;
  /** What `count`, `per` and `span` measure. */
  readonly meters: readonly Meter[];
  /** Where a condition looks at them. */
  readonly newMatches?: NewMatches;
}

export const MAX_EVIDENCE = 20;
const MAX_EVIDENCE_LENGTH = 2_000;
/** From here on a count is a lower bound, so that a storm of lines stays small in memory. */
const MAX_COUNTED = 100_000;

/** An empty tally. `keep` makes a text safe to keep (redacts it). */
export function createTally(
  check: Check,
  source: LogsSource,
  options: { readonly keep: (text: string) => string; readonly asksNew: boolean },
): Tally {
  const { keep } = options;
  const matchers = (groups: LogsSource["forbid"]): readonly Matcher[] =>
    groups.flatMap((group) => group.patterns.map((pattern) => matcherOf(pattern, group.name)));
  const forbidden = matchers(source.forbid);
  const required = matchers(source.require);
  const found: (Kept | undefined)[] = required.map(() => undefined);
  const hits = new Map<string, Origin>();
  const cut = new Set<string>();
  /** First and last line of whoever writes, ms. */
  const lives = new Map<string, { first: number; last: number }>();
  let evidence: Kept[] = [];
  let first: LogLine | undefined;

  const has = (matcher: Matcher, { message, id }: PlainLine): boolean => {
    const search = matcher.search(message);
    if (!search.found && search.cut && cut.size < MAX_COUNTED) cut.add(id);
    return search.found;
  };
  const meters = metersOf(source, { keep, has });
  const newMatches = options.asksNew ? createNewMatches() : undefined;
  const isWanted = (line: LogLine): boolean =>
    source.levels.length === 0 || source.levels.includes(levelOf(line.level));

  return {
    check,
    source,
    meters,
    ...(newMatches === undefined ? {} : { newMatches }),
    isCounted: (plain) =>
      isWanted(plain.line) &&
      (forbidden.some((matcher) => matcher.search(plain.message).found) ||
        meters.some((meter) => meter.isCounted(plain))),
    add(plain) {
      const { line, message, id } = plain;
      const { at, from } = originOf(line);
      const life = lives.get(from);
      if (life === undefined) lives.set(from, { first: at, last: at });
      else Object.assign(life, { first: Math.min(life.first, at), last: Math.max(life.last, at) });
      if (!isWanted(line)) return false;
      for (const meter of meters) meter.add(plain);
      let kept: Kept | undefined;
      const shown = (): Kept => (kept ??= { at, text: keep(message).slice(0, MAX_EVIDENCE_LENGTH), from });
      for (const [index, matcher] of required.entries()) {
        const known = found[index];
        if ((known === undefined || at < known.at) && has(matcher, plain)) found[index] = shown();
      }
      const isKnown = hits.has(id) || hits.size >= MAX_COUNTED;
      if (isKnown || !forbidden.some((matcher) => has(matcher, plain))) return false;
      hits.set(id, { at, from });
      if (first === undefined || at < first.at) first = line;
      if (evidence.length < MAX_EVIDENCE) evidence.push(shown());
      newMatches?.add({ id, message, shown });
      return true;
    },
    drop(isForeign) {
      for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
      for (const [index, one] of found.entries())
        if (one !== undefined && isForeign(one)) found[index] = undefined;
      evidence = evidence.filter((one) => !isForeign(one));
      if (first !== undefined && isForeign(originOf(first))) first = undefined;
      for (const [from, life] of lives) {
        if (isForeign({ at: life.last, from })) lives.delete(from);
        else if (isForeign({ at: life.first, from })) life.first = life.last;
      }
      for (const part of [...meters, ...(newMatches === undefined ? [] : [newMatches])]) part.drop(isForeign);
    },
    hasLines: () => lives.size > 0,
    firstAt: () =>
      lives.size === 0 ? undefined : Math.min(...[...lives.values()].map((life) => life.first)),
    lastAt: (from) => lives.get(from)?.last,
    matches: () => hits.size,
    isFull: () => hits.size >= MAX_COUNTED,
    cutLines: () => cut.size,
    required: () =>
      required.map(({ label }, index) => {
        const one = found[index];
        return one === undefined ? { label } : { label, first: one };
      }),
    evidence() {
      const news = newMatches?.examples() ?? [];
      const rest = evidence.filter(
        ({ at, text }) => !news.some((one) => one.at === at && one.text === `new: ${text}`),
      );
      return [...news, ...rest].slice(0, MAX_EVIDENCE).toSorted((a, b) => a.at - b.at);
    },
    first: () => first,
  };
}

function metersOf({ count, rate, span, inside }: LogsSource, tools: MeterTools): readonly Meter[] {
  return [
    ...(count === undefined ? [] : [createIntervalMeter(count, tools)]),
    ...(rate === undefined ? [] : [createIntervalMeter({ perMs: rate.perMs }, tools)]),
    ...(span === undefined ? [] : [createSpanMeter({ span, inside }, tools)]),
  ];
}
