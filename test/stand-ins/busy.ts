import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/ports.ts";
import type { SimulatedClock } from "./clock.ts";

/** Keeps simulated time still while real requests are on their way, so that they take no time at all. */
export interface Busy {
  /** The clock for the story. Sleeping inside a request counts as rest. */
  readonly clock: Clock;
  /** The clock for what goes on beside it; moved by the story alone. */
  readonly background: Clock;
  /** The same edge; what its functions do counts as being busy. */
  watch<T extends object>(edge: T): T;
}

/** Real time after which a request is left to itself, such as one that will never be answered. */
const PATIENCE_MS = 700;
const QUIET_TURNS = 3;

/** Watches requests for the simulated clock. */
export function busyWith(clock: SimulatedClock): Busy {
  const inside = new AsyncLocalStorage<true>();
  let active = 0;

  clock.beforeAdvance(async () => {
    const since = performance.now();
    for (let quiet = 0; quiet < QUIET_TURNS && performance.now() - since < PATIENCE_MS;) {
      await turn();
      quiet = active === 0 ? quiet + 1 : 0;
    }
  });

  const resting = async (sleep: () => Promise<void>): Promise<void> => {
    if (inside.getStore() === undefined) return sleep();
    active -= 1;
    try {
      await sleep();
    } finally {
      active += 1;
    }
  };
  const clockOf = (real: Clock): Clock => ({
    now: () => real.now(),
    sleep: (ms, signal) => resting(() => real.sleep(ms, signal)),
  });
  const counted =
    (work: (...given: unknown[]) => unknown) =>
    (...given: unknown[]) => {
      active += 1;
      let result: unknown;
      try {
        result = inside.run(true, () => work(...given));
      } catch (error) {
        active -= 1;
        throw error;
      }
      if (!(result instanceof Promise)) {
        active -= 1;
        return result;
      }
      return result.finally(() => {
        active -= 1;
      });
    };

  return {
    clock: clockOf(clock),
    background: clockOf(clock.background),
    watch: (edge) =>
      Object.fromEntries(
        Object.entries(edge).map(([name, member]) => [
          name,
          typeof member === "function" && name !== "follow"
            ? counted(member as () => unknown)
            : (member as unknown),
        ]),
      ) as typeof edge,
  };
}
