import { fiveDigits, type Point } from "./points.ts";
import { count, fields, finite, items, list, misfit, number, record } from "./shape.ts";

/** What a check measured as it is written down, by subject as a condition writes it. */
export interface KeptMeasured {
  /** How many samples had a number. */
  readonly samples: number;
  readonly drawn: { readonly [subject: string]: KeptDrawing };
  /** What was read whole: a value, and how many samples had it or, of many, one near it. */
  readonly values: { readonly [subject: string]: readonly KeptValue[] };
}

/** Points for drawing: of each the whole seconds since `from` (ms), and its value, of five digits. */
export interface KeptDrawing {
  readonly from: number;
  readonly points: readonly number[];
}

type KeptValue = readonly [value: number, count?: number];

export function keptDrawing(points: readonly Point[]): KeptDrawing {
  const from = points[0]?.at ?? 0;
  return {
    from,
    points: points.flatMap(({ at, value }) => [Math.round((at - from) / 1_000), fiveDigits(value)]),
  };
}

export function pointsOf({ from, points }: KeptDrawing): Point[] {
  return points.flatMap((seconds, index) => {
    const value = points[index + 1];
    return index % 2 === 1 || value === undefined ? [] : [{ at: from + seconds * 1_000, value }];
  });
}

/** Parsed JSON as kept numbers; throws a misfit. */
export function keptMeasuredOf(value: unknown, name: string): KeptMeasured {
  const from = fields(value, name);
  return {
    samples: count(from, "samples"),
    drawn: record(from["drawn"], "drawn", keptDrawingOf),
    values: record(from["values"], "values", (all) => items(all, "values", keptValueOf)),
  };
}

function keptDrawingOf(value: unknown, name: string): KeptDrawing {
  const from = fields(value, name);
  const points = list(from, "points", finite);
  return { from: number(from, "from"), points: points.length % 2 === 0 ? points : misfit("points") };
}

function keptValueOf(value: unknown, name: string): KeptValue {
  const [of, amount = 1, ...more] = items(value, name, finite);
  if (of === undefined || more.length > 0) return misfit(name);
  const samples = count({ [name]: amount }, name);
  return samples === 1 ? [of] : [of, samples];
}
