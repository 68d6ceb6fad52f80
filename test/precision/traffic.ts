import type { Random } from "./random.ts";
import { HOUR } from "./world.ts";

/** How busy it is then, about 1 in the middle of a working day; a sixth of it at night, half of it on a weekend. */
export function busyness(at: number): number {
  const date = new Date(at);
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60;
  const day = date.getUTCDay();
  const daily = 0.14 + 0.86 * Math.max(0, Math.sin(((hour - 5) / 17) * Math.PI)) ** 1.3;
  return daily * (day === 0 || day === 6 ? 0.5 : 1);
}

/** Moments of a Poisson process between two times, so many an hour. */
export function moments(
  random: Random,
  about: {
    readonly from: number;
    readonly to: number;
    readonly perHour: (at: number) => number;
    readonly most: number;
  },
): readonly number[] {
  const { from, to, perHour, most } = about;
  const found: number[] = [];
  if (most <= 0) return found;
  for (let at = from + random.exponential(HOUR / most); at < to; at += random.exponential(HOUR / most))
    if (random.isHit(perHour(at) / most)) found.push(Math.floor(at));
  return found;
}
