import type { MeasuredSeries } from "../core/outcome.ts";

type Points = MeasuredSeries["points"];

/** The lowest and the highest of a few points, in the order they were measured; one when they are the same. */
function extremes(points: Points): Points {
  const [first] = points;
  if (first === undefined) return [];
  const low = points.reduce((least, point) => (point.value < least.value ? point : least), first);
  const high = points.reduce((most, point) => (point.value > most.value ? point : most), first);
  if (low === high) return [low];
  return low.at <= high.at ? [low, high] : [high, low];
}

/** The points in `count` equal stretches of time, some of which may be empty. */
function stretches(points: Points, count: number): readonly Points[] {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const length = (last - first) / count;
  const parts: { readonly at: number; readonly value: number }[][] = Array.from({ length: count }, () => []);
  for (const point of points) {
    const part = length === 0 ? 0 : Math.min(count - 1, Math.floor((point.at - first) / length));
    parts[part]?.push(point);
  }
  return parts;
}

/**
 * At most `most` of the points, oldest first: where there are more, the lowest and the highest of every stretch of
 * time, so that no extreme is ever lost.
 */
export function thinned(points: Points, most: number): Points {
  if (points.length <= most) return points;
  return stretches(points, Math.floor(most / 2)).flatMap(extremes);
}

/** Whether no point is more than half a beat late. */
function isRegular(points: Points): boolean {
  const first = points[0]?.at ?? 0;
  const beat = ((points.at(-1)?.at ?? 0) - first) / Math.max(1, points.length - 1);
  return points.every((point, index) => Math.abs(point.at - (first + index * beat)) <= beat / 2);
}

/**
 * At most `most` values at equal distances in time, for charts that know no other: the points themselves where they
 * keep their beat, else the extremes of each stretch of time, and over a gap the straight line.
 */
export function evenValues(points: Points, most: number): readonly number[] {
  if (points.length <= most && isRegular(points)) return points.map(({ value }) => value);
  const pairs = stretches(points, Math.floor(most / 2)).map((stretch) => extremes(stretch));
  const slots = pairs.flatMap(([one, other = one]) => [one?.value, other?.value]);
  return slots.map((value, index) => value ?? between(slots, index));
}

/** The value at an empty slot on the straight line between its nearest neighbours, of which the first slot is one. */
function between(slots: readonly (number | undefined)[], index: number): number {
  const before = slots.findLastIndex((value, at) => at < index && value !== undefined);
  const after = slots.findIndex((value, at) => at > index && value !== undefined);
  const from = slots[before] ?? 0;
  if (after === -1) return from;
  const to = slots[after] ?? from;
  return from + ((to - from) * (index - before)) / (after - before);
}
