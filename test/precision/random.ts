import { mulberry } from "../mulberry.ts";

/** Chance that is the same each time for the same seed. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  between(from: number, to: number): number;
  whole(from: number, to: number): number;
  isHit(share: number): boolean;
  pick<T>(these: readonly [T, ...T[]]): T;
  normal(): number;
  /** With that median; `spread` is the standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number;
  exponential(mean: number): number;
  poisson(mean: number): number;
  /** A stream of its own, so that what one part draws does not shift what another one does. */
  fork(name: string): Random;
}

/** Above this many a Poisson number is as good as normal. */
const MANY = 40;

/** FNV-1a: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Chance seeded by a text. */
export function randomOf(seed: string): Random {
  const whole = mulberry(hashOf(seed));
  const next = (): number => whole() / 4_294_967_296;
  const between = (from: number, to: number): number => from + (to - from) * next();
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    between,
    whole: (from, to) => Math.floor(between(from, to + 1)),
    isHit: (share) => next() < share,
    pick: (these) => these[Math.floor(next() * these.length)] ?? these[0],
    normal,
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    exponential: (mean) => -mean * Math.log(1 - next()),
    poisson(mean) {
      if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      let [count, product] = [0, next()];
      for (const limit = Math.exp(-mean); product > limit; product *= next()) count += 1;
      return count;
    },
    fork: (name) => randomOf(`${seed} ${name}`),
  };
}
