import { mulberry } from "../mulberry.ts";

/** Numbers that follow from a seed alone. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  pick<Item>(from: readonly Item[]): Item;
}

export function randomOf(seed: number): Random {
  const next = mulberry(seed);
  const below = (end: number): number => next() % Math.max(1, end);
  return { below, pick: (from) => from[below(from.length)]! };
}
