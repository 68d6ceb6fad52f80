import type { Site } from "./site.ts";
import { Refusal } from "./site.ts";
import type { Token } from "./tokens.ts";

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MAX_POINTS = 900;
const MAX_CONTENTS = 80;

/** REST and GraphQL have an hour of their own each; a query of those built here costs one point of it. */
export type Resource = "core" | "graphql";

export interface Limits {
  /** `x-ratelimit-*` of the token as things stand. */
  headers(token: Token, resource: Resource): Readonly<Record<string, string>>;
  /** As in `GET /rate_limit`, which itself is free. */
  state(
    token: Token,
    resource: Resource,
  ): {
    readonly limit: number;
    readonly remaining: number;
    readonly used: number;
    readonly reset: number;
  };
  /** Counts a request; throws the refusal when a limit is used up. */
  count(
    token: Token,
    request: { readonly resource: Resource; readonly points: number; readonly isContent: boolean },
  ): void;
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
  const bucketOf = (token: Token, resource: Resource): Bucket => {
    const key = `${resource} ${token.kind === "actions" ? "actions" : token.name}`;
    let bucket = buckets.get(key);
    if (!bucket || bucket.resetMs <= site.now()) {
      bucket = { used: 0, resetMs: site.now() + HOUR_MS, recent: bucket?.recent ?? [] };
      buckets.set(key, bucket);
    }
    return bucket;
  };
  const state: Limits["state"] = (token, resource) => {
    const bucket = bucketOf(token, resource);
    const limit = site.settings.rateLimit;
    const remaining = Math.max(0, limit - bucket.used);
    return { limit, remaining, used: bucket.used, reset: Math.ceil(bucket.resetMs / 1000) };
  };
  const headers: Limits["headers"] = (token, resource) => {
    const now = state(token, resource);
    return {
      "x-ratelimit-limit": String(now.limit),
      "x-ratelimit-remaining": String(now.remaining),
      "x-ratelimit-used": String(now.used),
      "x-ratelimit-reset": String(now.reset),
      "x-ratelimit-resource": resource,
    };
  };
  return {
    headers,
    state,
    count(token, request) {
      const { resource } = request;
      const bucket = bucketOf(token, resource);
      if (bucket.used >= site.settings.rateLimit) {
        const message =
          "API rate limit exceeded for installation ID 1. If you reach out to GitHub Support for help, include the request ID.";
        // GraphQL says so with a 200: https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
        throw new Refusal(resource === "core" ? 403 : 200, message, {
          headers: headers(token, resource),
          ...(resource === "graphql" && { body: { errors: [{ type: "RATE_LIMITED", message }] } }),
        });
      }
      bucket.used += 1;
      const now = site.now();
      bucket.recent = bucket.recent.filter((one) => one.at > now - MINUTE_MS);
      bucket.recent.push({ at: now, points: request.points, isContent: request.isContent });
      if (!site.settings.secondaryLimits) return;
      const points = bucket.recent.reduce((sum, one) => sum + one.points, 0);
      const contents = bucket.recent.filter((one) => one.isContent).length;
      if (points > MAX_POINTS || contents > MAX_CONTENTS) throw secondaryRefusal(60);
    },
  };
}
