import type { Life } from "./log-facts.ts";
import type { Origin } from "./log-line.ts";

/** A line that begins or ends a span, or both. */
export interface Edge extends Origin {
  readonly id: string;
  /** Below the millisecond, ns. */
  readonly nanos: number;
  readonly isStart: boolean;
  readonly isEnd: boolean;
  /** The line, safe to keep and cut. */
  readonly text: string;
}

export interface Span {
  readonly start: Edge;
  readonly end: Edge;
}

/** The spans of a check, in the order of time. */
export interface Pairs {
  /** How many have ended. */
  readonly finished: number;
  /** The one that ended last. */
  readonly last?: Span;
  readonly longest?: Span;
  /** How many began while another was open. */
  readonly overlaps: number;
  /** The last ones, each with one that was open. */
  readonly overlapping: readonly { readonly began: Edge; readonly during: Edge }[];
  /** Open ones that are not the newest of their instance, or whose instance is gone. */
  readonly unfinished: readonly Edge[];
  /** All that are open, the unfinished among them, oldest first. */
  readonly open: readonly Edge[];
  /** Those that are the newest of their instance. */
  readonly newest: readonly Edge[];
  /** How many more are open and never end: too long ago to be kept. */
  readonly never: number;
  /** The two latest starts, oldest first. */
  readonly starts: readonly Edge[];
}

export const NO_PAIRS: Pairs = {
  finished: 0,
  overlaps: 0,
  overlapping: [],
  unfinished: [],
  open: [],
  newest: [],
  never: 0,
  starts: [],
};

const MOST_SHOWN = 5;

/** The order in which lines were written. */
export function inTime(
  a: Origin & Pick<Edge, "id" | "nanos">,
  b: Origin & Pick<Edge, "id" | "nanos">,
): number {
  return a.at - b.at || a.nanos - b.nanos || compared(a.from, b.from) || compared(a.id, b.id);
}

/**
 * Pairs starts and ends of the same instance: an end belongs to the newest open start, so that one which never
 * ends spoils no other. What an instance left open overlaps another's as long as that instance was surely there.
 * `before` are the pairs of all edges before these.
 */
export function pairsOf(
  edges: readonly Edge[],
  { lifeOf, before = NO_PAIRS }: { readonly lifeOf: (from: string) => Life; readonly before?: Pairs },
): Pairs {
  const open = new Map<string, Edge[]>();
  for (const edge of before.open) open.set(edge.from, [...(open.get(edge.from) ?? []), edge]);
  const newest = new Map(before.newest.map((edge) => [edge.from, edge]));
  let { starts, finished, overlaps, last, longest, overlapping } = before;

  const openAt = (at: number): Edge | undefined =>
    [...open].flatMap(([from, stack]) => (lifeOf(from).to < at ? [] : stack)).at(-1);

  function end(edge: Edge): void {
    const start = open.get(edge.from)?.pop();
    if (start === undefined) return;
    finished += 1;
    last = { start, end: edge };
    if (longest === undefined || lengthOf(last) > lengthOf(longest)) longest = last;
  }

  function begin(edge: Edge): void {
    const during = openAt(edge.at);
    if (during !== undefined) {
      overlaps += 1;
      overlapping = [...overlapping.slice(1 - MOST_SHOWN), { began: edge, during }];
    }
    const stack = open.get(edge.from) ?? [];
    stack.push(edge);
    open.set(edge.from, stack);
    newest.set(edge.from, edge);
    starts = [...starts.slice(-1), edge];
  }

  for (const moment of moments(edges)) {
    const waiting = [...moment];
    // Of one instant it is not known what came first: what is open ends before anything begins.
    while (waiting.length > 0) {
      const ending = waiting.findIndex(({ isEnd, from }) => isEnd && (open.get(from)?.length ?? 0) > 0);
      const next = ending === -1 ? waiting.findIndex(({ isStart }) => isStart) : ending;
      const [edge] = waiting.splice(Math.max(next, 0), 1);
      if (next === -1 || edge === undefined) break;
      if (ending !== -1) end(edge);
      if (edge.isStart) begin(edge);
    }
  }

  const left = [...open.values()].flat().toSorted(inTime);
  return {
    finished,
    overlaps,
    overlapping,
    starts,
    never: before.never,
    open: left,
    newest: left.filter((edge) => newest.get(edge.from) === edge),
    unfinished: left.filter((edge) => lifeOf(edge.from).isGone || newest.get(edge.from) !== edge),
    ...(last === undefined ? {} : { last }),
    ...(longest === undefined ? {} : { longest }),
  };
}

/** How long it took, ms. */
export function lengthOf({ start, end }: Span): number {
  return end.at - start.at;
}

/** Those of the same instant together. */
function moments(edges: readonly Edge[]): readonly (readonly Edge[])[] {
  const all: Edge[][] = [];
  for (const edge of edges.toSorted(inTime)) {
    const before = all.at(-1)?.[0];
    if (before?.at === edge.at && before.nanos === edge.nanos) all.at(-1)?.push(edge);
    else all.push([edge]);
  }
  return all;
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
