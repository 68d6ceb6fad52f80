import { randomOf, type Random } from "./random.ts";
import { ended, type Bad } from "./shown.ts";
import { HOUR, MINUTE, SECOND, type World } from "./world.ts";

/** When a fault begins to be there. */
export type Onset = "at live" | "minutes" | "hours";

/** A world in which something is wrong, and when that could be seen first. Times in ms. */
export interface BadWorld {
  readonly world: World;
  readonly onset: number;
  readonly shownAt: number;
  /** How long it has to be watched after live. */
  readonly watchMs: number;
}

/** A kind of fault: what it is, which checks are there to see it, and whether the runbook wants it rolled back at once. */
export interface FaultKind {
  readonly name: string;
  readonly config: "wo-004" | "shop";
  readonly onset: Onset;
  readonly isCritical: boolean;
  /** Any of them; `deploy` is the deploy itself. */
  readonly sees: readonly string[];
  /** What the runbook asks for at least. */
  readonly wants: "fail" | "warn";
  /** Of the check that sees it, in the first stage. */
  readonly beatMs: number;
  make(seed: string, at: { readonly weekHour: number; readonly isOff?: boolean }): BadWorld;
}

/** A kind as it is written in its list. */
export type About<Fault> = Pick<FaultKind, "name" | "isCritical" | "sees"> & {
  readonly onset?: Onset;
  readonly wants?: "warn";
  readonly beatMs?: number;
  readonly fault: (random: Random, onsetMs: number) => Omit<Fault, "onsetMs">;
  /** When it could be seen first; default: at the onset. */
  readonly shows?: (bad: Bad) => number;
  readonly watchMs?: number;
  readonly from?: number;
};

const BEAT = 15 * SECOND;

function onsetOf(random: Random, onset: Onset, from: number): number {
  if (onset === "at live") return from;
  return Math.floor(
    onset === "minutes" ? random.between(20 * SECOND, 3.5 * MINUTE) : random.between(1.2 * HOUR, 4 * HOUR),
  );
}

/** A kind whose worlds are built so; the same seed without the fault is the same world, but for it. */
export function kindOf<Fault>(
  config: FaultKind["config"],
  about: About<Fault>,
  build: (
    seed: string,
    options: { readonly weekHour: number; readonly lastsMs: number; readonly fault?: Fault },
  ) => World,
): FaultKind {
  const { onset = "minutes" } = about;
  return {
    name: about.name,
    config,
    onset,
    isCritical: about.isCritical,
    sees: about.sees,
    wants: about.wants ?? "fail",
    beatMs: about.beatMs ?? BEAT,
    make(seed, { weekHour, isOff = false }) {
      const random = randomOf(`${seed} fault`);
      const onsetMs = onsetOf(random, onset, about.from ?? 0);
      const watchMs = about.watchMs ?? (onset === "hours" ? 6.5 * HOUR : 2 * HOUR);
      const lastsMs = watchMs + 2 * HOUR;
      const fault = { onsetMs, ...about.fault(random, onsetMs) } as Fault;
      const world = build(seed, { weekHour, lastsMs, ...(isOff ? {} : { fault }) });
      const liveAt = world.liveAt ?? ended({ world });
      const at = liveAt + onsetMs;
      const bad = { world, onset: at, liveAt };
      return {
        world,
        watchMs,
        onset: at,
        shownAt: isOff ? at : Math.max(liveAt - HOUR, about.shows?.(bad) ?? at),
      };
    },
  };
}
