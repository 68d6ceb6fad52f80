import type { Clock } from "../ports.ts";

/** What the last answer said of the platform's rate limit; `resetAt` in ms since the epoch. */
export interface Remaining {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
}

type Headers = Readonly<Record<string, string>>;

/** Spreading never holds a call back longer than this: what a header claims may be wrong. */
const LONGEST_HOLD_MS = 60_000;
const WINDOW_MS = 60_000;

/**
 * The rate limit of an answer. Render's documentation calls `Ratelimit-Reset` epoch seconds, its answers hold
 * seconds to go: below 10^9 it is taken as those. `Ratelimit-Limit` may come doubled ("500, 500"). GitHub's are
 * `x-ratelimit-*` with epoch seconds.
 */
export function remainingOf(headers: Headers, now: number): Remaining {
  const number = (name: string): number | undefined => {
    const digits = /^\s*(\d+)/.exec(headers[name] ?? headers[`x-${name}`] ?? "")?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const limit = number("ratelimit-limit");
  const remaining = number("ratelimit-remaining");
  const reset = number("ratelimit-reset");
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { resetAt: reset < 1e9 ? now + reset * 1000 : reset * 1000 }),
  };
}

/** Hands out the times at which calls may go. */
export interface Limiter {
  /** Books the next call and gives how long to wait for it, in ms. */
  reserve(): number;
  /** Right before a booked call goes: ms that it has to wait still, because others went later than booked; at 0 it goes. */
  depart(): number;
  /** What an answer told of the shared budget. */
  learn(told: Remaining): void;
}

/**
 * At most `perMinute` calls in any minute. While the platform has less than a tenth of its limit left, what
 * remains is spread evenly until the reset, so that the gates that share a key all go on.
 */
export function createLimiter(clock: Clock, perMinute: number): Limiter {
  let booked: readonly number[] = [];
  let departed: readonly number[] = [];
  let told: Remaining = {};
  /** From when on the platform's own budget lets the next call go. */
  const spread = (now: number, last: number): number => {
    const { limit, remaining, resetAt } = told;
    if (limit === undefined || remaining === undefined || resetAt === undefined) return now;
    if (remaining >= limit / 10 || resetAt <= now) return now;
    const toReset = Math.min(resetAt - now, LONGEST_HOLD_MS);
    return remaining === 0 ? now + toReset : last + toReset / remaining;
  };
  return {
    reserve() {
      const now = clock.now();
      booked = booked.filter((at) => at > now - WINDOW_MS);
      const oldest = booked.at(-perMinute);
      const last = booked.at(-1) ?? -Infinity;
      const at = Math.max(now, last, spread(now, last), oldest === undefined ? now : oldest + WINDOW_MS);
      booked = [...booked, at];
      return at - now;
    },
    depart() {
      const now = clock.now();
      departed = departed.filter((at) => at > now - WINDOW_MS);
      const oldest = departed.at(-perMinute);
      if (oldest !== undefined) return oldest + WINDOW_MS - now;
      departed = [...departed, now];
      return 0;
    },
    learn(next) {
      told = next;
    },
  };
}
