import { FAULTS } from "./faults.ts";
import { judged, type Result } from "./judge.ts";
import { randomOf } from "./random.ts";
import { runbookWorld } from "./runbook.ts";
import { shopWorld } from "./shop.ts";
import { play } from "./trial.ts";
import { DAY, HOUR, MINUTE, type World } from "./world.ts";

/** One deploy to play: the nth clean one, or the nth with a fault. */
export interface Job {
  readonly seed: number;
  readonly kind: "clean" | "fault";
  readonly nth: number;
}

/** How far clean deploys are watched: most of them for the first hour, every tenth for a day, every hundredth for a week. */
function lastsMs(nth: number): number {
  if (nth % 100 === 98) return 7 * DAY;
  return Math.floor(nth / 2) % 10 === 4 ? DAY : 1.2 * HOUR;
}

/** When GitHub starts the looks of a schedule of every half hour: some minutes late, and now and then not at all. */
export function looksOf(seed: string, world: World, forMs: number): readonly number[] {
  const random = randomOf(`${seed} looks`);
  const half = 30 * MINUTE;
  const from = world.liveAt ?? world.pushAt;
  const times: number[] = [];
  for (let at = Math.ceil(from / half) * half + 7 * MINUTE; at < from + forMs + 1.5 * HOUR; at += half) {
    // After the first day a look each three hours is enough for a beat of six.
    if (at - from > 1.2 * DAY && Math.floor(at / half) % 6 !== 0) continue;
    if (!random.isHit(0.05))
      times.push(Math.floor(at + Math.min(25 * MINUTE, random.exponential(3 * MINUTE))));
  }
  return times;
}

/** Plays it, and says what became of it. */
export async function runJob({ seed, kind, nth }: Job): Promise<Result> {
  const name = `${String(seed)}-${kind}-${String(nth)}`;
  if (kind === "clean") {
    const forMs = lastsMs(nth);
    const weekHour = (nth * 61) % 168;
    const group = nth % 2 === 0 ? "wo-004" : nth % 10 === 1 ? "monorepo" : "shop";
    const about = { weekHour, lastsMs: forMs + 2 * HOUR };
    const world =
      group === "wo-004"
        ? runbookWorld(name, about)
        : shopWorld(name, { ...about, isMonorepo: group === "monorepo" });
    return judged(await play(world, looksOf(name, world, forMs)), { seed: name, group });
  }
  const fault = FAULTS[nth % FAULTS.length];
  if (fault === undefined) throw new Error("there are kinds of faults");
  const weekHour = (nth * 61) % 168;
  const bad = fault.make(name, { weekHour });
  const played = await play(bad.world, looksOf(name, bad.world, bad.watchMs));
  return judged(played, {
    seed: name,
    group: `${fault.config}: ${fault.name}, ${fault.onset}`,
    kind: fault,
    bad,
  });
}
