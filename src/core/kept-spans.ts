import { cutText } from "./cut.ts";
import { plainValue } from "./kept-standing-shape.ts";
import type { Origin } from "./log-line.ts";
import { inTime, NO_PAIRS, type Edge, type Pairs } from "./log-pairs.ts";
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
type KeptCapture = Omit<Capture, "id" | "nanos"> & { readonly nanos?: number; readonly after: number };

/** A line that begins a span, or what else it `is`. */
interface KeptEdge extends Origin {
  readonly nanos?: number;
  readonly text: string;
  readonly is?: "end" | "both";
}

/** What a span meter has seen, as it is written down. Numbers other than counts are places in `lines`. */
export interface KeptSpans {
  readonly lines?: readonly KeptEdge[];
  readonly finished?: number;
  readonly overlaps?: number;
  /** The last ones that overlapped, each with one that was open. */
  readonly overlapping?: readonly (readonly number[])[];
  /** The start and the end of the span that ended last. */
  readonly last?: readonly number[];
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
const MOST_CHARACTERS = 100;

/** What is known of a span meter's edges: the pairs of the older ones, and those after them. */
export interface SpanMemory {
  readonly pairs: Pairs;
  readonly edges: readonly Edge[];
  readonly captures: readonly Capture[];
}

/** The memory as it is written down, each line once. */
export function keptSpans({ pairs, edges, captures }: SpanMemory): KeptSpans {
  const { finished, overlaps, starts } = pairs;
  const open = pairs.open.slice(-MOST_OPEN);
  const newest = pairs.newest.filter((edge) => open.includes(edge));
  const never = pairs.never + pairs.open.length - open.length;
  const last = pairs.last === undefined ? [] : [pairs.last.start, pairs.last.end];
  const overlapping = pairs.overlapping.slice(-MOST_OVERLAPPING).map(({ began, during }) => [began, during]);
  const lines = [...new Set([...last, ...starts, ...open, ...edges, ...overlapping.flat()])].toSorted(inTime);
  const places = (of: readonly Edge[]): readonly number[] => of.map((edge) => lines.indexOf(edge));
  const kept = {
    finished,
    overlaps,
    never,
    overlapping: overlapping.map(places),
    last: places(last),
    starts: places(starts),
    open: places(open),
    newest: places(newest),
    edges: places(edges),
    lines: lines.map(keptEdge),
    captures: captures.map((one) => keptCapture(one, lines)),
  };
  // What is nought or empty is left out.
  return Object.fromEntries(
    Object.entries(kept).filter(([, value]) => (typeof value === "number" ? value > 0 : value.length > 0)),
  );
}

/** The memory that was written down. */
export function spanMemory(kept: KeptSpans): SpanMemory {
  const { finished = 0, overlaps = 0, never = 0, starts = [], open = [], newest = [], edges = [] } = kept;
  const all = (kept.lines ?? []).map(edgeOf);
  const at = (places: readonly number[]): readonly Edge[] => places.flatMap((place) => all[place] ?? []);
  const overlapping = (kept.overlapping ?? []).flatMap((places) => {
    const [began, during] = at(places);
    return began === undefined || during === undefined ? [] : [{ began, during }];
  });
  const [start, end] = at(kept.last ?? []);
  return {
    pairs: {
      ...NO_PAIRS,
      finished,
      overlaps,
      overlapping,
      never,
      starts: at(starts),
      open: at(open),
      newest: at(newest),
      ...(start === undefined || end === undefined ? {} : { last: { start, end } }),
    },
    edges: at(edges),
    captures: (kept.captures ?? []).map(({ after, nanos = 0, ...one }, index) => ({
      ...one,
      nanos,
      id: `kept ${padded(after)} ${padded(index)}`,
    })),
  };
}

/** The instances that have a span open. */
export function openIn({ lines = [], open = [], edges = [] }: KeptSpans): readonly string[] {
  return [...open, ...edges].flatMap((place) => lines[place]?.from ?? []);
}

function keptEdge({ isStart, isEnd, ...line }: Edge): KeptEdge {
  const is = isStart ? ("both" as const) : ("end" as const);
  return { ...keptLine(line), ...(isEnd ? { is } : {}) };
}

function edgeOf({ is, nanos = 0, ...line }: KeptEdge, index: number): Edge {
  return { ...line, nanos, id: `kept ${padded(index + 1)}`, isStart: is !== "end", isEnd: is !== undefined };
}

function keptCapture({ values, ...line }: Capture, lines: readonly Edge[]): KeptCapture {
  const after = lines.filter((edge) => inTime(edge, line) < 0).length;
  return { ...keptLine(line), values, after };
}

function keptLine({ at, nanos, from, text }: Omit<Capture, "values">): Omit<KeptEdge, "is"> {
  return { at, ...(nanos === 0 ? {} : { nanos }), from, text: cutText(text, MOST_CHARACTERS) };
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
  const pair = (one: unknown, key: string): readonly number[] => {
    const two = items(one, key, place);
    return two.length === 2 ? two : misfit(key);
  };
  return {
    ...(lines.length === 0 ? {} : { lines }),
    ...optional(from, "finished", count),
    ...optional(from, "overlaps", count),
    ...optional(from, "never", count),
    ...optional(from, "overlapping", (of, pairs) => list(of, pairs, pair)),
    ...optional(from, "last", (of, last) => pair(of[last], last)),
    ...optional(from, "starts", places),
    ...optional(from, "open", places),
    ...optional(from, "newest", places),
    ...optional(from, "edges", places),
    ...optional(from, "captures", (of, captures) => list(of, captures, keptCaptureOf)),
    ...optional(from, "isFull", yes),
    ...optional(from, "isUnsure", yes),
  };
}

function lineOf(from: Fields): Omit<KeptEdge, "is"> {
  return {
    at: number(from, "at"),
    ...optional(from, "nanos", count),
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
