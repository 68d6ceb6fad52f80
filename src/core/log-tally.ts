import type { Check, Evidence } from "./check.ts";
import type { LogsSource, Pattern } from "./source.ts";
import { cutText } from "./cut.ts";
import { KEPT_CHARACTERS, type KeptLine, type KeptLog } from "./kept-log.ts";
import { createIntervalMeter } from "./log-interval.ts";
import { originOf, type Origin, type PlainLine } from "./log-line.ts";
import { levelOf, type Matcher } from "./log-match.ts";
import type { Lives } from "./log-lives.ts";
import type { Meter, MeterMoment, MeterTools } from "./log-meter.ts";
import type { LogPatterns } from "./log-patterns.ts";
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
  /** Whether it holds a required pattern. */
  isRequired(plain: PlainLine): boolean;
  /** Forgets what turned out not to be of this deploy: it started later, or a redeploy has taken its place. */
  drop(isForeign: (origin: Origin) => boolean): void;
  /** Forbidden lines, each counted once. */
  matches(): number;
  /** Whether there may be more of them than are counted. */
  isFull(): boolean;
  /** Lines that were longer than what an expression is searched in. */
  cutLines(): number;
  /** The required patterns, each with its first line. */
  required(): readonly { readonly label: string; readonly first?: Kept }[];
  evidence(): readonly Evidence[];
  first(): Origin | undefined;
  /** Why what it has seen is not all there was. */
  problem(): string | undefined;
  /** What it has seen of what was written up to `until`, as it is written down. */
  kept(moment: Pick<MeterMoment, "until" | "from" | "thinned" | "lifeOf">): KeptLog;
  /** Who wrote lines of its type. */
  readonly lives: Lives;
  /** What `count`, `per` and `span` measure. */
  readonly meters: readonly Meter[];
  /** Where a condition looks at them. */
  readonly newMatches?: NewMatches;
}

export const MAX_EVIDENCE = 20;
const MAX_EVIDENCE_LENGTH = 2_000;
/** From here on a count is a lower bound, so that a storm of lines stays small in memory. */
const MAX_COUNTED = 100_000;
const MOST_KEPT = 3;

/**
 * An empty tally, or one that goes on from what was `kept`. `keep` makes a text safe to keep (redacts it); `isLater`:
 * lines were passed over that an earlier book has read.
 */
export function createTally(
  check: Check,
  source: LogsSource,
  options: {
    readonly keep: (text: string) => string;
    readonly patterns: LogPatterns;
    readonly asksNew: boolean;
    readonly lives: Lives;
    readonly kept?: KeptLog | undefined;
    readonly isLater?: boolean;
  },
): Tally {
  const { keep, lives, patterns } = options;
  const matchers = (groups: LogsSource["forbid"]): readonly Matcher[] =>
    groups.flatMap((group) => group.patterns.map((pattern) => patterns.matcherOf(pattern, group.name)));
  const forbidden = matchers(source.forbid);
  const required = matchers(source.require);
  const isFit = isFitting(options.kept, source, { required: required.length, asksNew: options.asksNew });
  let isLost = options.isLater === true && (!isFit || options.kept?.isLost === true);
  /** What was seen before those lines. */
  let before: KeptLog = isFit ? (options.kept ?? {}) : {};
  const found = required.map(({ label }, index): Kept | undefined => {
    const at = before.found?.[index] ?? undefined;
    return at === undefined ? undefined : { at, text: keep(label), from: source.type };
  });
  const hits = new Map<string, Origin>();
  /** Lines searched in their beginning only, and when they were written. */
  const cut = new Map<string, number>();
  let evidence: readonly Kept[] = before.evidence ?? [];
  let { first } = before;

  const has = (matcher: Matcher, { message, id, line }: PlainLine): boolean => {
    const search = matcher.search(message);
    if (!search.found && search.cut && cut.size < MAX_COUNTED) cut.set(id, line.at);
    return search.found;
  };
  const matches = (): number => (before.matches ?? 0) + hits.size;
  const meters = metersOf(source, { keep, has, patterns }, before);
  const newMatches = options.asksNew ? createNewMatches(before.news) : undefined;
  const isSilent = patterns.silenceOf(patternsOf(source));
  /** Whether the line may change anything; most do not. */
  const isWanted = ({ line, message }: PlainLine): boolean =>
    (source.rate !== undefined || !isSilent(message)) &&
    (source.levels.length === 0 || source.levels.includes(levelOf(line.level)));

  return {
    check,
    source,
    meters,
    lives,
    ...(newMatches === undefined ? {} : { newMatches }),
    isCounted: (plain) =>
      isWanted(plain) &&
      (forbidden.some((matcher) => matcher.search(plain.message).found) ||
        meters.some((meter) => meter.isCounted(plain))),
    isRequired: (plain) => isWanted(plain) && required.some((matcher) => matcher.search(plain.message).found),
    add(plain) {
      if (!isWanted(plain)) return false;
      const { line, message, id } = plain;
      const { at, from } = originOf(line);
      for (const meter of meters) meter.add(plain);
      let kept: Kept | undefined;
      const shown = (): Kept => (kept ??= { at, text: keep(message).slice(0, MAX_EVIDENCE_LENGTH), from });
      for (const [index, matcher] of required.entries()) {
        const known = found[index];
        if ((known === undefined || at < known.at) && has(matcher, plain)) found[index] = shown();
      }
      const isKnown = hits.has(id) || matches() >= MAX_COUNTED;
      if (isKnown || !forbidden.some((matcher) => has(matcher, plain))) return false;
      hits.set(id, { at, from });
      if (first === undefined || at < first.at) first = { at, from };
      if (evidence.length < MAX_EVIDENCE) evidence = [...evidence, shown()];
      newMatches?.add({ id, message, shown });
      return true;
    },
    drop(isForeign) {
      for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
      for (const [index, one] of found.entries())
        if (one !== undefined && isForeign(one)) found[index] = undefined;
      evidence = evidence.filter((one) => !isForeign(one));
      if (first !== undefined && isForeign(first)) first = undefined;
      before = {};
      isLost = false;
      for (const part of [...meters, ...(newMatches === undefined ? [] : [newMatches])]) part.drop(isForeign);
    },
    matches,
    isFull: () => before.isFull === true || matches() >= MAX_COUNTED,
    cutLines: () => (before.cut ?? 0) + cut.size,
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
    problem: () =>
      isLost
        ? "what it had seen by the last look was not kept"
        : meters.map((meter) => meter.problem()).find((problem) => problem !== undefined),
    kept(moment) {
      const { until } = moment;
      const isIn = ({ at }: { readonly at: number }): boolean => at <= until;
      const seen = { matches: (before.matches ?? 0) + [...hits.values()].filter(isIn).length };
      const cuts = (before.cut ?? 0) + [...cut.values()].filter((at) => at <= until).length;
      const news = newMatches?.kept(until);
      // Lines that are shown as new ones already.
      const examples = news?.isOldWhole === true ? (news.shapes ?? []) : [];
      const lines = evidence
        .filter((one) => isIn(one) && !examples.some(({ at, from }) => at === one.at && from === one.from))
        .slice(0, MOST_KEPT)
        .map(keptLine);
      return {
        ...(seen.matches === 0 ? {} : seen),
        ...(before.isFull === true || matches() >= MAX_COUNTED ? { isFull: true as const } : {}),
        ...(isLost ? { isLost } : {}),
        ...(first !== undefined && isIn(first) ? { first } : {}),
        ...(lines.length === 0 ? {} : { evidence: lines }),
        ...(found.length === 0
          ? {}
          : { found: found.map((one) => (one === undefined || !isIn(one) ? null : one.at)) }),
        ...(cuts === 0 ? {} : { cut: cuts }),
        ...(news === undefined ? {} : { news }),
        ...Object.assign({}, ...meters.map((meter) => meter.kept(moment))),
      };
    },
  };
}

function keptLine({ at, from, text }: Kept): KeptLine {
  return { at, from, text: cutText(text, KEPT_CHARACTERS) };
}

/** Whether it is of a check like this one: what it does not tell was nought, and not left out. */
function isFitting(
  kept: KeptLog | undefined,
  source: LogsSource,
  { required, asksNew }: { readonly required: number; readonly asksNew: boolean },
): boolean {
  return (
    kept !== undefined &&
    (kept.found?.length ?? 0) === required &&
    (kept.count === undefined) === (source.count === undefined) &&
    (kept.rate === undefined) === (source.rate === undefined) &&
    (kept.span === undefined) === (source.span === undefined) &&
    (kept.news === undefined) === !asksNew
  );
}

/** Everything that it looks for in a line. */
function patternsOf({ forbid, require, count, span, inside }: LogsSource): readonly Pattern[] {
  return [
    ...[...forbid, ...require].flatMap((group) => group.patterns),
    ...(count === undefined ? [] : [count.pattern]),
    ...(span === undefined ? [] : [span.start, span.end]),
    ...inside,
  ];
}

function metersOf(
  { count, rate, span, inside }: LogsSource,
  tools: MeterTools,
  kept: KeptLog,
): readonly Meter[] {
  return [
    ...(count === undefined ? [] : [createIntervalMeter({ ...count, kept: kept.count }, tools)]),
    ...(rate === undefined ? [] : [createIntervalMeter({ perMs: rate.perMs, kept: kept.rate }, tools)]),
    ...(span === undefined ? [] : [createSpanMeter({ span, inside, kept: kept.span }, tools)]),
  ];
}
