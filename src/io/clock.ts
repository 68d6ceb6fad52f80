import type { Clock } from "../ports.ts";

/** The longest time one timer can hold: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The time (ms) by a wall clock that is read once and by what has passed since: a wall clock that is set meanwhile, as
 * machines do by themselves, would end a stage before it was watched.
 */
export function steadyTime(wall: () => number, elapsed: () => number): () => number {
  const from = wall() - elapsed();
  return () => Math.round(from + elapsed());
}

/** The system's clock. Sleeps of any length work, end at once on abort and leave no timer behind. */
export function createClock(): Clock {
  return {
    now: steadyTime(Date.now, () => performance.now()),
    sleep: async (ms, signal) => {
      for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) {
        if (signal?.aborted === true) return;
        await sleepOnce(Math.min(left, LONGEST_TIMER_MS), signal);
      }
    },
  };
}

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
