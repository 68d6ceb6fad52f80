import { MINUTE, SECOND, type World } from "./world.ts";

/** A world with a fault. Times in ms. */
export interface Bad {
  readonly world: World;
  readonly onset: number;
  readonly liveAt: number;
}

/** When the first line like that could be read. */
export const line =
  (pattern: RegExp) =>
  ({ world, onset }: Pick<Bad, "world" | "onset">): number =>
    Math.min(
      ...world.lines
        .filter((one) => one.at >= onset && pattern.test(one.message))
        .map(({ seenAt }) => seenAt),
    );

/** Points come every half minute, some time late. */
export const point = ({ world, onset, liveAt }: Bad): number =>
  Math.ceil(Math.max(onset, liveAt) / (30 * SECOND)) * 30 * SECOND + world.metricLagMs;
/** A sum of some minutes needs them all. */
export const windowed = (bad: Bad): number =>
  Math.max(point(bad), bad.liveAt + 90 * SECOND + 6 * MINUTE + bad.world.metricLagMs);
/** Those of the whole service count once nothing of the old version runs any more. */
export const mixedPoint = (bad: Bad): number =>
  Math.max(point(bad), bad.liveAt + 90 * SECOND + bad.world.metricLagMs);
/** A wanted line is missing once it had its two minutes. */
export const missing = ({ liveAt }: Pick<Bad, "liveAt">): number => liveAt + 2 * MINUTE;
/** The end of the deploy. */
export const ended = ({ world }: Pick<Bad, "world">): number => world.deploys.at(-1)?.steps.at(-1)?.at ?? 0;
/** No cycle has begun for longer than the runbook allows. */
export const gap =
  (name: "wf2" | "wf3") =>
  ({ world }: Pick<Bad, "world">): number =>
    world.gapShownAt?.[name] ?? Infinity;

/** When a cycle begins while the one before it runs, as far as it can be read. */
export function secondStart(world: World, from: number): number {
  const open = new Set<string>();
  for (const { at, message, instance = "", seenAt } of world.lines) {
    const [, what, name] = /^(Starting|Finished) (deep scan|domain extraction) queue/.exec(message) ?? [];
    if (name === undefined || at < from - 5 * MINUTE) continue;
    const key = `${instance} ${name}`;
    if (what === "Finished") open.delete(key);
    else if (open.has(key)) return Math.max(from, seenAt);
    else open.add(key);
  }
  return Infinity;
}
