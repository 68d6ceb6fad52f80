/** Requests a minute, per key or (perService) per service. Vendor's numbers: render-api.md 1.4. */
export interface Limits {
  read: number;
  write: number;
  logs: number;
  perService: number;
}

/** How the rate-limit headers look. */
export interface LimitQuirks {
  /** Whether 429 carries `Retry-After`. */
  retryAfter: boolean;
  /** `Ratelimit-Reset` as epoch seconds instead of seconds to go. */
  resetAsEpoch: boolean;
  /** `Ratelimit-Limit` sent twice. */
  doubledLimit: boolean;
}

/** The state of one bucket after a request. */
export interface Allowance {
  readonly isAllowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** ms until the oldest request leaves the window. */
  readonly resetInMs: number;
}

const WINDOW_MS = 60_000;

/** Counts requests over sliding minutes; refused ones do not count. */
export function rateLimiter(limits: Limits): {
  take(bucket: { readonly kind: keyof Limits; readonly key: string; readonly now: number }): Allowance;
} {
  const taken = new Map<string, number[]>();
  return {
    take({ kind, key, now }) {
      const times = (taken.get(key) ?? []).filter((time) => time > now - WINDOW_MS);
      taken.set(key, times);
      const limit = limits[kind];
      const isAllowed = times.length < limit;
      if (isAllowed) times.push(now);
      const resetInMs = (times[0] ?? now) + WINDOW_MS - now;
      return { isAllowed, limit, remaining: limit - times.length, resetInMs };
    },
  };
}

/** The headers every answer carries. */
export function limitHeaders(
  allowance: Allowance,
  { quirks, now }: { readonly quirks: LimitQuirks; readonly now: number },
): Record<string, string | string[]> {
  const limit = String(allowance.limit);
  const reset = quirks.resetAsEpoch
    ? Math.ceil((now + allowance.resetInMs) / 1000)
    : Math.ceil(allowance.resetInMs / 1000);
  return {
    "Ratelimit-Limit": quirks.doubledLimit ? [limit, limit] : limit,
    "Ratelimit-Remaining": String(Math.max(0, allowance.remaining)),
    "Ratelimit-Reset": String(reset),
  };
}
