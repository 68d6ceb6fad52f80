import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/ports.ts";
import "../stand-ins/loaded.ts";

/** A part of the gate that is loaded when it is needed takes some turns, and nobody sleeps meanwhile. */
const MOST_IDLE_TURNS = 100_000;

/** Simulated time for many jobs at once. It moves when all of them rest, and wakes one sleeper at a time. */
export interface SharedClock extends Clock {
  /** Starts a story whose sleeps carry its name. */
  start(name: string, story: () => Promise<void>): void;
  /** Like `sleep`; at its time it is woken before everybody else. */
  tick(ms: number): Promise<void>;
  /** The same edge; each of its calls takes `latencyMs`. `onHeld` is told how long one waited besides. */
  watch<T extends object>(
    edge: T,
    options: { readonly latencyMs: number; readonly onHeld: (ms: number) => void },
  ): T;
  /** Time stands still until it is done. */
  still<T>(work: Promise<T>): Promise<T>;
  /** Until all stories have ended. `onTurn` is told whose turn is over. */
  run(onTurn: (name: string) => void): Promise<void>;
}

interface Sleeper {
  readonly until: number;
  readonly isFirst: boolean;
  readonly name: string;
  readonly wake: () => void;
}

const QUIET_TURNS = 4;

/** A clock at `start` (ms). */
export function sharedClock(start: number): SharedClock {
  let now = start;
  let working = 0;
  const wire = wireWatch();
  let stories = 0;
  let broken: Error | undefined;
  const sleepers: Sleeper[] = [];
  const names = new AsyncLocalStorage<string>();
  const held = new AsyncLocalStorage<(ms: number) => void>();

  const isBefore = (one: Sleeper, two: Sleeper): boolean =>
    one.until === two.until ? one.isFirst && !two.isFirst : one.until < two.until;

  function sleepRaw(ms: number, signal?: AbortSignal, isFirst = false): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true || ms <= 0) return resolve();
      const end = (): void => {
        const at = sleepers.indexOf(sleeper);
        if (at >= 0) sleepers.splice(at, 1);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const sleeper: Sleeper = { until: now + ms, isFirst, name: names.getStore() ?? "", wake: end };
      const place = sleepers.findIndex((other) => isBefore(sleeper, other));
      sleepers.splice(place < 0 ? sleepers.length : place, 0, sleeper);
      signal?.addEventListener("abort", end);
    });
  }

  async function rest(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      await turn();
      quiet = working === 0 && wire.onTheirWay() === 0 ? quiet + 1 : 0;
    }
  }

  return {
    now: () => now,
    async sleep(ms, signal) {
      const since = now;
      await sleepRaw(ms, signal);
      held.getStore()?.(now - since);
    },
    tick: (ms) => sleepRaw(ms, undefined, true),
    start(name, story) {
      stories += 1;
      names
        .run(name, story)
        .catch((error: unknown) => (broken ??= error instanceof Error ? error : new Error(String(error))))
        .finally(() => (stories -= 1));
    },
    watch: (edge, { latencyMs, onHeld }) =>
      Object.fromEntries(
        Object.entries(edge).map(([name, member]: [string, unknown]) => {
          if (typeof member !== "function") return [name, member];
          const call = member as (...given: readonly unknown[]) => unknown;
          const slow = async (...given: readonly unknown[]): Promise<unknown> => {
            await sleepRaw(latencyMs);
            return held.run(onHeld, () => call(...given));
          };
          return [name, slow];
        }),
      ) as typeof edge,
    still(work) {
      working += 1;
      return work.finally(() => (working -= 1));
    },
    async run(onTurn) {
      let name = "";
      let idle = 0;
      for (;;) {
        await rest();
        onTurn(name);
        if (broken !== undefined) throw broken;
        if (stories === 0) return wire.stop();
        const next = sleepers[0];
        if (next === undefined) {
          if ((idle += 1) > MOST_IDLE_TURNS) throw new Error("everybody waits for somebody else");
          await turn();
          continue;
        }
        idle = 0;
        now = Math.max(now, next.until);
        ({ name } = next);
        next.wake();
      }
    },
  };
}

/** Counts the requests that have gone out and have no answer yet, as undici tells of them. */
function wireWatch(): { readonly onTheirWay: () => number; readonly stop: () => void } {
  const open = new Set<unknown>();
  const begin = (message: unknown): void => void open.add((message as { readonly request: object }).request);
  const end = (message: unknown): void => void open.delete((message as { readonly request: object }).request);
  const channels = {
    "undici:request:create": begin,
    "undici:request:trailers": end,
    "undici:request:error": end,
  };
  for (const [name, listen] of Object.entries(channels)) subscribe(name, listen);
  return {
    onTheirWay: () => open.size,
    stop: () => {
      for (const [name, listen] of Object.entries(channels)) unsubscribe(name, listen);
    },
  };
}
