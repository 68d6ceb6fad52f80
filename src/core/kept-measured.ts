import { keptPointsOf, type KeptPoint } from "./points.ts";
import { count, fields, finite, items, misfit, record } from "./shape.ts";

/** What a check measured as it is written down, by subject as a condition writes it. */
export interface KeptMeasured {
  /** How many samples had a number. */
  readonly samples: number;
  readonly drawn: { readonly [subject: string]: readonly KeptPoint[] };
  /** What was read whole: a value, and how many samples had it or, of many, one near it. */
  readonly values: { readonly [subject: string]: readonly KeptValue[] };
}

type KeptValue = readonly [value: number, count?: number];

/** Parsed JSON as kept numbers; throws a misfit. */
export function keptMeasuredOf(value: unknown, name: string): KeptMeasured {
  const from = fields(value, name);
  return {
    samples: count(from, "samples"),
    drawn: record(from["drawn"], "drawn", keptPointsOf),
    values: record(from["values"], "values", (list) => items(list, "values", keptValueOf)),
  };
}

function keptValueOf(value: unknown, name: string): KeptValue {
  const [number, amount = 1, ...more] = items(value, name, finite);
  if (number === undefined || more.length > 0) return misfit(name);
  const samples = count({ [name]: amount }, name);
  return samples === 1 ? [number] : [number, samples];
}
