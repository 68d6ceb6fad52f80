import { finite, items, misfit } from "./shape.ts";

/** A number at a moment (ms), or so many of which only the mean of times and values is left. */
export interface Point {
  readonly at: number;
  readonly value: number;
  /** Absent: one. */
  readonly count?: number;
}

/** A point as it is written down: time, value, and how many it stands for. */
export type KeptPoint = readonly [at: number, value: number, count?: number];

export function keptPoint({ at, value, count = 1 }: Point): KeptPoint {
  return count === 1 ? [at, value] : [at, value, count];
}

export function pointOf([at, value, count = 1]: KeptPoint): Point {
  return count === 1 ? { at, value } : { at, value, count };
}

/** Parsed JSON as kept points; throws a misfit. */
export function keptPointsOf(value: unknown, name: string): readonly KeptPoint[] {
  return items(value, name, (one) => {
    const [at, number, count = 1, ...more] = items(one, name, finite);
    if (at === undefined || number === undefined || more.length > 0 || !(count >= 1)) return misfit(name);
    return keptPoint({ at, value: number, count });
  });
}

/**
 * At most so many points, three at least: of neighbours those that are least apart become one; the first and the last
 * stay as they are. The mean of both is left, so that their sum stays, unless another is to be.
 */
export function merged(
  points: readonly Point[],
  about: {
    readonly most: number;
    readonly isApart: (a: Point, b: Point) => number;
    readonly join?: (a: Point, b: Point) => Point;
  },
): readonly Point[] {
  const { most, isApart, join = meanOf } = about;
  const left = [...points];
  while (left.length > Math.max(3, most)) {
    let nearest = 1;
    let least = Infinity;
    for (let index = 1; index < left.length - 2; index += 1) {
      const [a, b] = [left[index], left[index + 1]];
      if (a === undefined || b === undefined) continue;
      const [of, and] = [a.count ?? 1, b.count ?? 1];
      const apart = ((of * and) / (of + and)) * isApart(a, b);
      if (apart < least) [nearest, least] = [index, apart];
    }
    const [a, b] = left.slice(nearest, nearest + 2);
    if (a === undefined || b === undefined) break;
    left.splice(nearest, 2, join(a, b));
  }
  return left;
}

function meanOf(a: Point, b: Point): Point {
  const [of, and] = [a.count ?? 1, b.count ?? 1];
  const mean = (one: number, other: number): number =>
    one === other ? one : (one * of + other * and) / (of + and);
  return { at: Math.round(mean(a.at, b.at)), value: mean(a.value, b.value), count: of + and };
}

/** The points by value, equal ones as one, merged to at most so many: lowest and highest stay, and ranks nearly do. */
export function digested(points: readonly Point[], most: number): readonly Point[] {
  return merged(different(points), { most, isApart: inValue });
}

/**
 * The same, but every value that is left was one of them, that of more points. Where some had to go, those that came
 * once have five digits.
 */
export function chosen(points: readonly Point[], most: number): readonly Point[] {
  const all = different(points);
  if (all.length <= most) return all;
  const join = (a: Point, b: Point): Point => {
    const [of, and] = [a.count ?? 1, b.count ?? 1];
    return { ...(of >= and ? a : b), count: of + and };
  };
  const rounded = all.map((one) => ((one.count ?? 1) > 1 ? one : { ...one, value: fiveDigits(one.value) }));
  return merged(rounded, { most, isApart: inValue, join });
}

/** The number with five digits; a whole one stays as it is. */
export function fiveDigits(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}

function inValue(a: Point, b: Point): number {
  return (a.value - b.value) ** 2;
}

function different(points: readonly Point[]): readonly Point[] {
  const all: Point[] = [];
  for (const point of points.toSorted((a, b) => a.value - b.value)) {
    const before = all.at(-1);
    if (before?.value === point.value) all.splice(-1, 1, meanOf(before, point));
    else all.push(point);
  }
  return all;
}

/** The value with so many percent of all at or below it (nearest rank); undefined without any. */
export function percentileOf(points: readonly Point[], percent: number): number | undefined {
  return ranked(points, (all) => Math.max(1, Math.ceil((percent / 100) * all)));
}

/** The middle of the values, the mean of the two middle ones of an even number; undefined without any. */
export function middleOf(points: readonly Point[]): number | undefined {
  const low = ranked(points, (all) => Math.floor((all + 1) / 2));
  const high = ranked(points, (all) => Math.floor(all / 2) + 1);
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function ranked(points: readonly Point[], rankOf: (all: number) => number): number | undefined {
  let left = rankOf(points.reduce((sum, { count = 1 }) => sum + count, 0));
  for (const { value, count = 1 } of points.toSorted((a, b) => a.value - b.value)) {
    left -= count;
    if (left <= 0) return value;
  }
  return undefined;
}
