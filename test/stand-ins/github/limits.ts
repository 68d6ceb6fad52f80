import type { Site } from "./site.ts";
import { Refusal } from "./site.ts";
import type { Token } from "./tokens.ts";

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MAX_POINTS = 900;
const MAX_CONTENTS = 80;

export interface Limits {
  /** `x-ratelimit-*` of the token as things stand. */
  headers(token: Token): Readonly<Record<string, string>>;
  /** As in `GET /rate_limit`, which itself is free. */
  state(token: Token): {
    readonly limit: number;
    readonly remaining: number;
    readonly used: number;
    readonly reset: number;
  };
  /** Counts a request; throws the refusal when a limit is used up. */
  count(token: Token, request: { readonly points: number; readonly isContent: boolean }): void;
}

interface Bucket {
  used: number;
  resetMs: number;
  recent: { readonly at: number; readonly points: number; readonly isContent: boolean }[];
}

/** The refusal of the secondary limit. `retryAfter` in seconds; without it a client waits a minute by itself. */
export function secondaryRefusal(retryAfter: number | undefined): Refusal {
  return new Refusal(
    403,
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    {
      headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    },
  );
}

/** Primary and secondary limits. All Actions tokens share one hour, every other token has its own. */
export function createLimits(site: Site): Limits {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (token: Token): Bucket => {
    const key = token.kind === "actions" ? "actions" : token.name;
    let bucket = buckets.get(key);
    if (!bucket || bucket.resetMs <= site.now()) {
      bucket = { used: 0, resetMs: site.now() + HOUR_MS, recent: bucket?.recent ?? [] };
      buckets.set(key, bucket);
    }
    return bucket;
  };
  const state: Limits["state"] = (token) => {
    const bucket = bucketOf(token);
    const limit = site.settings.rateLimit;
    const remaining = Math.max(0, limit - bucket.used);
    return { limit, remaining, used: bucket.used, reset: Math.ceil(bucket.resetMs / 1000) };
  };
  const headers: Limits["headers"] = (token) => {
    const now = state(token);
    return {
      "x-ratelimit-limit": String(now.limit),
      "x-ratelimit-remaining": String(now.remaining),
      "x-ratelimit-used": String(now.used),
      "x-ratelimit-reset": String(now.reset),
      "x-ratelimit-resource": "core",
    };
  };
  return {
    headers,
    state,
    count(token, request) {
      const bucket = bucketOf(token);
      if (bucket.used >= site.settings.rateLimit) {
        throw new Refusal(
          403,
          "API rate limit exceeded for installation ID 1. If you reach out to GitHub Support for help, include the request ID.",
          { headers: headers(token) },
        );
      }
      bucket.used += 1;
      const now = site.now();
      bucket.recent = bucket.recent.filter((one) => one.at > now - MINUTE_MS);
      bucket.recent.push({ at: now, ...request });
      if (!site.settings.secondaryLimits) return;
      const points = bucket.recent.reduce((sum, one) => sum + one.points, 0);
      const contents = bucket.recent.filter((one) => one.isContent).length;
      if (points > MAX_POINTS || contents > MAX_CONTENTS) throw secondaryRefusal(60);
    },
  };
}
