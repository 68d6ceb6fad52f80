import { cutText } from "./cut.ts";
import { plainValue } from "./kept-standing-shape.ts";
import type { Origin } from "./log-line.ts";
import { inTime, NO_PAIRS, type Edge, type Pairs, type Span } from "./log-pairs.ts";
import {
  count,
  fields,
  finite,
  items,
  list,
  misfit,
  number,
  oneOf,
  optional,
  record,
  text,
  yes,
  type Fields,
} from "./shape.ts";
import type { Subjects } from "./value.ts";

/** A line that holds something worth a name. */
export interface Capture extends Origin {
  readonly id: string;
  /** Below the millisecond, ns. */
  readonly nanos: number;
  readonly text: string;
  readonly values: Subjects;
}

/** It comes after so many of the lines. */
type KeptCapture = Omit<Capture, "id"> & { readonly after: number };

/** A line that begins a span, or what else it `is`. */
interface KeptEdge extends Origin {
  readonly nanos: number;
  readonly text: string;
  readonly is?: "end" | "both";
}

type KeptPair = readonly [one: number, other: number];

/** What a span meter has seen, as it is written down. Numbers other than counts are places in `lines`. */
export interface KeptSpans {
  readonly lines?: readonly KeptEdge[];
  readonly finished?: number;
  readonly overlaps?: number;
  /** The last ones that overlapped, each with one that was open. */
  readonly overlapping?: readonly KeptPair[];
  readonly last?: KeptPair;
  readonly longest?: KeptPair;
  readonly starts?: readonly number[];
  /** Older ones that are still open are counted only: they never end. */
  readonly open?: readonly number[];
  readonly newest?: readonly number[];
  readonly never?: number;
  /** Of these it cannot be said yet whether they overlap. */
  readonly edges?: readonly number[];
  readonly captures?: readonly KeptCapture[];
  readonly isFull?: true;
  /** More may have overlapped than are counted. */
  readonly isUnsure?: true;
}

const MOST_OPEN = 20;
const MOST_OVERLAPPING = 2;
const MOST_CHARACTERS = 160;

/** What is known of a span meter's edges: the pairs of the older ones, and those after them. */
export interface SpanMemory {
  readonly pairs: Pairs;
  readonly edges: readonly Edge[];
  readonly captures: readonly Capture[];
}

/** The memory as it is written down, each line once. */
export function keptSpans({ pairs, edges, captures }: SpanMemory): KeptSpans {
  const { finished, overlaps, last, longest, starts } = pairs;
  const open = pairs.open.slice(-MOST_OPEN);
  const spans = [last, longest].flatMap((span) => (span === undefined ? [] : [span.start, span.end]));
  const overlapping = pairs.overlapping
    .slice(-MOST_OVERLAPPING)
    .map(({ began, during }) => [began, during] as const);
  const lines = [...new Set([...spans, ...starts, ...open, ...edges, ...overlapping.flat()])].toSorted(
    inTime,
  );
  const placeOf = (edge: Edge): number => lines.indexOf(edge);
  const places = <Name extends string>(name: Name, of: readonly Edge[]) =>
    of.length === 0 ? {} : { [name]: of.map(placeOf) };
  const pair = ([one, other]: readonly [Edge, Edge]): KeptPair => [placeOf(one), placeOf(other)];
  const ends = <Name extends string>(name: Name, span: Span | undefined) =>
    span === undefined ? {} : { [name]: pair([span.start, span.end]) };
  const counted = (name: "finished" | "overlaps" | "never", of: number) => (of === 0 ? {} : { [name]: of });
  return {
    ...counted("finished", finished),
    ...counted("overlaps", overlaps),
    ...counted("never", pairs.never + pairs.open.length - open.length),
    ...(overlapping.length === 0 ? {} : { overlapping: overlapping.map(pair) }),
    ...ends("last", last),
    ...ends("longest", longest),
    ...places("starts", starts),
    ...places("open", open),
    ...places(
      "newest",
      pairs.newest.filter((edge) => open.includes(edge)),
    ),
    ...places("edges", edges),
    ...(lines.length === 0 ? {} : { lines: lines.map(keptEdge) }),
    ...(captures.length === 0 ? {} : { captures: captures.map((one) => keptCapture(one, lines)) }),
  };
}

/** The memory that was written down. */
export function spanMemory(kept: KeptSpans): SpanMemory {
  const { lines = [], starts = [], open = [], newest = [], edges = [] } = kept;
  const all = lines.map(edgeOf);
  const at = (places: readonly number[]): readonly Edge[] => places.flatMap((place) => all[place] ?? []);
  const span = (name: "last" | "longest"): { readonly [key in typeof name]?: Span } => {
    const [start, end] = at(kept[name] ?? []);
    return start === undefined || end === undefined ? {} : { [name]: { start, end } };
  };
  return {
    pairs: {
      ...NO_PAIRS,
      finished: kept.finished ?? 0,
      overlaps: kept.overlaps ?? 0,
      overlapping: (kept.overlapping ?? []).flatMap((places) => {
        const [began, during] = at(places);
        return began === undefined || during === undefined ? [] : [{ began, during }];
      }),
      never: kept.never ?? 0,
      starts: at(starts),
      open: at(open),
      newest: at(newest),
      ...span("last"),
      ...span("longest"),
    },
    edges: at(edges),
    captures: (kept.captures ?? []).map(({ after, ...one }, index) => ({
      ...one,
      id: `kept ${padded(after)} ${padded(index)}`,
    })),
  };
}

/** The instances that have a span open. */
export function openIn({ lines = [], open = [], edges = [] }: KeptSpans): readonly string[] {
  return [...open, ...edges].flatMap((place) => lines[place]?.from ?? []);
}

function keptEdge({ at, from, nanos, text, isStart, isEnd }: Edge): KeptEdge {
  const is = isStart ? ("both" as const) : ("end" as const);
  return { at, nanos, from, ...(isEnd ? { is } : {}), text: cutText(text, MOST_CHARACTERS) };
}

function edgeOf({ is, ...line }: KeptEdge, index: number): Edge {
  return { ...line, id: `kept ${padded(index + 1)}`, isStart: is !== "end", isEnd: is !== undefined };
}

function keptCapture({ id, ...one }: Capture, lines: readonly Edge[]): KeptCapture {
  const after = lines.filter((edge) => inTime(edge, { ...one, id }) < 0).length;
  return { ...one, text: cutText(one.text, MOST_CHARACTERS), after };
}

/** So that lines of the same moment stay in their order. */
function padded(index: number): string {
  return String(index).padStart(4, "0");
}

/** Parsed JSON as kept spans; throws a misfit. */
export function keptSpansOf(value: unknown, name: string): KeptSpans {
  const from = fields(value, name);
  const { lines = [] } = optional(from, "lines", (of, key) => list(of, key, keptEdgeOf));
  const place = (one: unknown, of: string): number => {
    const index = finite(one, of);
    return lines[index] === undefined ? misfit(of) : index;
  };
  const places = (of: Fields, key: string): readonly number[] => list(of, key, place);
  const pair = (one: unknown, of: string): KeptPair => {
    const [first, second, ...more] = items(one, of, place);
    return first === undefined || second === undefined || more.length > 0 ? misfit(of) : [first, second];
  };
  const ends = (of: Fields, key: string): KeptPair => pair(of[key], key);
  return {
    ...(lines.length === 0 ? {} : { lines }),
    ...optional(from, "finished", count),
    ...optional(from, "overlaps", count),
    ...optional(from, "never", count),
    ...optional(from, "overlapping", (of, pairs) => list(of, pairs, pair)),
    ...optional(from, "last", ends),
    ...optional(from, "longest", ends),
    ...optional(from, "starts", places),
    ...optional(from, "open", places),
    ...optional(from, "newest", places),
    ...optional(from, "edges", places),
    ...optional(from, "captures", (of, captures) => list(of, captures, keptCaptureOf)),
    ...optional(from, "isFull", yes),
    ...optional(from, "isUnsure", yes),
  };
}

function lineOf(from: Fields): Origin & { readonly nanos: number; readonly text: string } {
  return {
    at: number(from, "at"),
    nanos: count(from, "nanos"),
    from: text(from, "from"),
    text: text(from, "text"),
  };
}

function keptEdgeOf(value: unknown): KeptEdge {
  const from = fields(value, "lines");
  return {
    ...lineOf(from),
    ...optional(from, "is", (of, is) => oneOf<"end" | "both">(of, is, ["end", "both"])),
  };
}

function keptCaptureOf(value: unknown): KeptCapture {
  const from = fields(value, "captures");
  const values = record(from["values"], "values", (one, name) => plainValue({ [name]: one }, name));
  return { ...lineOf(from), after: count(from, "after"), values };
}
