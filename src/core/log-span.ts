import type { Evidence } from "./check.ts";
import type { LogsSource } from "./source.ts";
import { nanosBelowMs, originOf, shortened } from "./log-line.ts";
import { capturerOf } from "./log-match.ts";
import { keptSpans, spanMemory, type Capture, type KeptSpans } from "./kept-spans.ts";
import { NO_READING, type Meter, type MeterMoment, type MeterTools } from "./log-meter.ts";
import { inTime, lengthOf, NO_PAIRS, pairsOf, type Edge, type Pairs, type Span } from "./log-pairs.ts";
import type { Subjects, Value } from "./value.ts";

/** Twice what a week of spans every minute has; a pattern that finds more is too wide. */
const MOST_EDGES = 40_000;
/** The newest, and as many again before room is made; the last one inside a span counts. */
const MOST_CAPTURES = 5_000;
const MOST_CHARACTERS = 300;
/** Edges of which it cannot be said yet whether they overlap. */
const MOST_UNSURE = 40;
/** From an instance that is gone no more is heard after this. */
const LAST_WORDS_MS = 5 * 60_000;

/**
 * Measures what begins with a line and ends with another, in the order in which they were written (design 5.2):
 * `gap`, `duration`, `overlap`, `unfinished`, and what the named groups of `inside` hold.
 */
export function createSpanMeter(
  about: {
    readonly span: NonNullable<LogsSource["span"]>;
    readonly kept?: KeptSpans | undefined;
  } & Pick<LogsSource, "inside">,
  { keep, has, patterns }: MeterTools,
): Meter {
  const { span, inside, kept = {} } = about;
  const start = patterns.matcherOf(span.start, "");
  const end = patterns.matcherOf(span.end, "");
  const capturers = inside.map((pattern) => ({
    ...capturerOf(pattern),
    matcher: patterns.matcherOf(pattern, ""),
  }));
  const names = [...new Set(capturers.flatMap((capturer) => capturer.names))];
  const known = spanMemory(kept);
  const edges = new Map(known.edges.map((edge) => [edge.id, edge]));
  const captures = new Map(known.captures.map((capture) => [capture.id, capture]));
  /** The pairs of the edges before those. */
  let before = known.pairs;
  let { isFull = false, isUnsure = false }: { readonly isFull?: boolean; readonly isUnsure?: boolean } = kept;

  const edgesTo = (until: number): readonly Edge[] => [...edges.values()].filter(({ at }) => at <= until);

  function valuesOf(message: string): Subjects {
    const found = capturers.flatMap(({ matcher, read }) =>
      matcher.search(message).found ? Object.entries(read(message) ?? {}) : [],
    );
    return Object.fromEntries(
      found.flatMap(([name, text]) => (text === undefined ? [] : [[name, valueOf(keep(text))]])),
    );
  }

  return {
    wanted: [span.start, span.end, ...inside],
    isCounted: ({ message }) => start.search(message).found || end.search(message).found,
    add(plain) {
      const { id, message } = plain;
      const shown = () => ({
        ...originOf(plain.line),
        id,
        nanos: nanosBelowMs(plain.line),
        text: shortened(keep(message), MOST_CHARACTERS),
      });
      if (!edges.has(id)) {
        const [isStart, isEnd] = [has(start, plain), has(end, plain)];
        const isEdge = isStart || isEnd;
        if (isEdge && edges.size >= MOST_EDGES) isFull = true;
        else if (isEdge) edges.set(id, { ...shown(), isStart, isEnd });
      }
      if (captures.has(id)) return;
      const values = valuesOf(message);
      if (Object.keys(values).length === 0) return;
      captures.set(id, { ...shown(), values });
      if (captures.size >= 2 * MOST_CAPTURES)
        for (const old of [...captures.keys()].slice(0, MOST_CAPTURES)) captures.delete(old);
    },
    drop(isForeign) {
      for (const [id, one] of edges) if (isForeign(one)) edges.delete(id);
      for (const [id, one] of captures) if (isForeign(one)) captures.delete(id);
      isFull &&= edges.size > 0;
      before = NO_PAIRS;
      isUnsure = false;
    },
    problem: () => (isFull ? "more lines begin or end a span than are kept; narrow its patterns" : undefined),
    read(moment) {
      const pairs = pairsOf(edgesTo(moment.until), { lifeOf: moment.lifeOf, before });
      const filling = pairs.last === undefined ? [] : fillingOf(pairs.last, captures.values());
      const captured = Object.assign({}, ...filling.map(({ values }) => values)) as Subjects;
      const gap = gapOf(pairs, moment);
      const { last, overlaps, unfinished, never } = pairs;
      return {
        ...NO_READING,
        subjects: {
          ...captured,
          ...(gap === undefined ? {} : { gap }),
          ...(last === undefined ? {} : { duration: lengthOf(last) }),
          overlap: overlaps,
          unfinished: unfinished.length + never,
        },
        open: [...(gap === undefined ? ["gap"] : []), ...(last === undefined ? ["duration", ...names] : [])],
        partial: isUnsure ? ["overlap"] : [],
        evidence: evidenceOf(pairs, filling),
        notes: [
          `${pairs.finished} ${pairs.finished === 1 ? "span" : "spans"} finished, ${pairs.open.length + never} open`,
        ],
      };
    },
    kept({ until, lifeOf }) {
      const all = edgesTo(until);
      // What an instance has open may turn out to overlap whatever began after it was heard of last.
      const lives = pairsOf(all, { lifeOf, before }).open.map(({ from }) => lifeOf(from));
      const living = lives.filter(({ to, isGone }) => !isGone || to > until - LAST_WORDS_MS);
      const isUnsureAt = (at: number): boolean => living.some(({ to }) => at > to);
      const unsure = all.filter(({ at }) => isUnsureAt(at));
      const seen = [...captures.values()].filter(({ at }) => at <= until);
      const later = unsure.length === 0 ? [] : seen.filter(({ at }) => isUnsureAt(at));
      const isCut = unsure.length + later.length > MOST_UNSURE;
      const [edgesLeft, capturesLeft] = isCut ? [[], []] : [unsure, later];
      const pairs = pairsOf(without(all, edgesLeft), { lifeOf, before });
      const needed = capturesNeeded(without(seen, capturesLeft), pairs);
      return {
        span: {
          ...keptSpans({ pairs, edges: edgesLeft, captures: [...needed, ...capturesLeft] }),
          ...(isFull ? { isFull: true as const } : {}),
          ...(isUnsure || isCut ? { isUnsure: true as const } : {}),
        },
      };
    },
  };
}

/** A number where the text is one. */
function valueOf(text: string): Value {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : shortened(text, MOST_CHARACTERS);
}

/** What was written between the two lines of a span by its instance, the two lines included. */
function fillingOf({ start, end }: Span, captures: Iterable<Capture>): readonly Capture[] {
  return [...captures]
    .filter((one) => one.from === start.from && inTime(start, one) <= 0 && inTime(one, end) <= 0)
    .toSorted(inTime);
}

function without<Item>(all: readonly Item[], some: readonly Item[]): readonly Item[] {
  const left = new Set(all);
  for (const one of some) left.delete(one);
  return [...left];
}

/** Of each name the last capture in the last span, and of each instance the last since its oldest open start. */
function capturesNeeded(captures: readonly Capture[], { last, open }: Pairs): readonly Capture[] {
  const oldest = new Map(open.toReversed().map((edge) => [edge.from, edge]));
  const parts = [
    ...(last === undefined ? [] : [fillingOf(last, captures)]),
    ...[...oldest.values()].map((start) =>
      captures.filter((one) => one.from === start.from && inTime(start, one) <= 0).toSorted(inTime),
    ),
  ];
  return [...new Set(parts.flatMap(lastOfEachName))].toSorted(inTime);
}

function lastOfEachName(captures: readonly Capture[]): readonly Capture[] {
  const named = captures.flatMap((one) => Object.keys(one.values).map((name) => [name, one] as const));
  return [...new Map(named).values()];
}

/** The longest time without a start that the two latest ones, or the latest and now, bound, ms. */
function gapOf({ starts }: Pairs, { until, liveAt }: MeterMoment): number | undefined {
  const [before, latest] = starts.length > 1 ? starts : [undefined, starts[0]];
  if (latest !== undefined) return Math.max(until - latest.at, latest.at - (before ?? latest).at);
  return liveAt === undefined || until < liveAt ? undefined : until - liveAt;
}

const MOST_SHOWN = 20;
const MOST_FILLING = 5;

/** The lines that decide, each once, oldest first: of overlaps, of what is unfinished, long or last. */
function evidenceOf(pairs: Pairs, filling: readonly Capture[]): readonly Evidence[] {
  const { overlapping, unfinished, longest, last, starts } = pairs;
  const lines = [
    ...overlapping.flatMap(({ began, during }) => [during, began]),
    ...unfinished.slice(-MOST_FILLING),
    ...[longest, last].flatMap((span) => (span === undefined ? [] : [span.start, span.end])),
    ...filling.slice(-MOST_FILLING),
    ...starts,
  ];
  return [
    ...new Map(lines.map((line) => [`${line.at}.${line.nanos} ${line.from} ${line.text}`, line])).values(),
  ]
    .slice(0, MOST_SHOWN)
    .toSorted(inTime)
    .map(({ at, from, text }) => ({ at, from, text }));
}
