import type { Clock } from "../../src/ports.ts";

/** A clock that stands still until somebody sleeps; `sleeps` remembers every wait asked for, in ms. */
export interface SimulatedClock extends Clock {
  readonly sleeps: readonly number[];
  /** For tasks beside the main story: its sleeps wait until somebody else has moved time far enough. */
  readonly background: Clock;
  /** Moves time forward without anybody sleeping. */
  advance(ms: number): Promise<void>;
  /** Called after time has moved and before the sleeper goes on: let servers run their due steps. */
  onAdvance(settle: () => Promise<void>): void;
  /** Called before time moves: what goes on beside the sleeper comes to rest first, and may still wake it. */
  beforeAdvance(rest: () => Promise<void>): void;
}

/**
 * A simulated clock. A sleep moves `now` to its end at once, lets the stand-ins settle, and resolves;
 * of several sleepers each one moves time no further than its own end.
 */
export function simulatedClock(options: { readonly start?: number } = {}): SimulatedClock {
  let now = options.start ?? Date.UTC(2026, 10, 23, 10, 0, 0);
  const sleeps: number[] = [];
  const settlers: (() => Promise<void>)[] = [];
  const rests: (() => Promise<void>)[] = [];
  const waiting = new Set<{ readonly until: number; readonly wake: () => void }>();
  const moveTo = async (time: number): Promise<void> => {
    for (;;) {
      // What sleeps beside the story wakes at its own time, not at the end of the story's sleep.
      const first = Math.min(...[...waiting].map(({ until }) => until));
      if (first >= time) break;
      now = Math.max(now, first);
      for (const sleeper of waiting) if (sleeper.until <= now) sleeper.wake();
      for (const settle of settlers) await settle();
      for (const rest of rests) await rest();
    }
    if (time > now) now = time;
    for (const sleeper of waiting) if (sleeper.until <= now) sleeper.wake();
    for (const settle of settlers) await settle();
  };
  return {
    sleeps,
    now: () => now,
    async sleep(ms, signal) {
      sleeps.push(ms);
      if (signal?.aborted) return;
      const until = now + Math.max(0, ms);
      for (const rest of rests) await rest();
      if (signal?.aborted) return;
      await moveTo(until);
    },
    background: {
      now: () => now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted || ms <= 0) return resolve();
          const wake = (): void => {
            waiting.delete(sleeper);
            signal?.removeEventListener("abort", wake);
            resolve();
          };
          const sleeper = { until: now + ms, wake };
          waiting.add(sleeper);
          signal?.addEventListener("abort", wake);
        }),
    },
    advance: (ms) => moveTo(now + ms),
    onAdvance(settle) {
      settlers.push(settle);
    },
    beforeAdvance(rest) {
      rests.push(rest);
    },
  };
}
