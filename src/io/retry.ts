import type { Answer, Silence } from "./transport.ts";
import { remainingOf } from "./rate.ts";

/**
 * When a request may be repeated. `safe`: always. `never`: only while no byte of it can have arrived.
 * `refused-only`: also after an answer by which the server turned it away (429, 503 with Retry-After). `once`: not at all, for whoever
 * asks how things are at this very time.
 */
export type RetryMode = "safe" | "never" | "refused-only" | "once";

/** One attempt that brought nothing usable. */
export interface Failure {
  /** What to call it: `503`, `timeout`, `garbled`, `ECONNRESET`. */
  readonly kind: string;
  readonly status?: number;
  /** As in ServiceFailure. */
  readonly code?: string;
  readonly reason?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly unsent: boolean;
  readonly turnedAway: boolean;
  readonly transient: boolean;
}

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_LONGEST_MS = 30_000;
const SHORTEST_WAIT_MS = 100;

/**
 * GitHub's secondary limits answer 403 or 429:
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors
 */
function isLimited(status: number, headers: Readonly<Record<string, string>>, text: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const isToldToWait = headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0";
  return isToldToWait || /secondary rate limit|rate limit exceeded|abuse detection/i.test(text);
}

/** An answer with a status that is no success. */
export function failedAnswer(answer: Answer): Failure {
  const { status, headers } = answer;
  const text = answer.body.toString("utf8");
  const limited = isLimited(status, headers, text);
  return {
    kind: String(status),
    status,
    ...(limited ? { code: "rate-limited" } : {}),
    headers,
    text,
    unsent: false,
    turnedAway: limited || (status === 503 && headers["retry-after"] !== undefined),
    transient: limited || status === 408 || (status >= 500 && status !== 501),
  };
}

/** A success whose body is not what it should be. */
export function garbledAnswer(answer: Answer, reason: string): Failure {
  const { status, headers, body } = answer;
  const base = { kind: "garbled", code: "garbled", unsent: false, turnedAway: false, transient: true };
  return { ...base, status, reason, headers, text: body.toString("utf8") };
}

/** An answer that cannot be placed in time, however often it is asked for. */
export function doubtedAnswer(
  answer: Answer,
  doubt: { readonly reason: string; readonly hint: string },
): Failure {
  const { headers } = answer;
  const base = { kind: "clock", code: "clock", unsent: false, turnedAway: false, transient: false };
  return { ...base, ...doubt, headers, text: "" };
}

export function silentFailure(silence: Silence): Failure {
  const { code, reason, unsent, permanent, hint } = silence;
  return {
    kind: code,
    code,
    reason,
    ...(hint === undefined ? {} : { hint }),
    headers: {},
    text: "",
    unsent,
    turnedAway: false,
    transient: !permanent,
  };
}

export function isWorthRepeating(failure: Failure, mode: RetryMode): boolean {
  if (!failure.transient || mode === "once") return false;
  if (mode === "safe") return true;
  return failure.unsent || (mode === "refused-only" && failure.turnedAway);
}

/**
 * How long the answer asks to wait, in ms from `now`: `Retry-After` in seconds or as a date, else, when a rate
 * limit was hit, its reset. GitHub wants a minute when it says neither. Undefined when nothing was asked.
 */
export function askedWaitMs(failure: Failure, now: number): number | undefined {
  const after = failure.headers["retry-after"]?.trim();
  if (after !== undefined && after !== "") {
    const ms = /^\d+(\.\d+)?$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
    if (!Number.isNaN(ms)) return Math.max(0, ms);
  }
  if (failure.code !== "rate-limited") return undefined;
  const { resetAt } = remainingOf(failure.headers, now);
  const isGitHub = failure.headers["x-ratelimit-limit"] !== undefined;
  const isUsedUp = !isGitHub || failure.headers["x-ratelimit-remaining"] === "0";
  if (resetAt !== undefined && isUsedUp) return Math.max(0, resetAt - now);
  return isGitHub || /secondary rate limit/i.test(failure.text) ? 60_000 : undefined;
}

/**
 * How long to wait after the `tries`-th attempt, in ms: what was asked and up to a second more, so that the gates
 * of one key do not return all at once; else exponential with full jitter. `random` gives [0, 1).
 */
export function waitMs(
  tries: number,
  options: { readonly asked: number | undefined; readonly random: () => number },
): number {
  const { asked, random } = options;
  if (asked !== undefined) return Math.max(asked, BACKOFF_FIRST_MS) + random() * 1_000;
  const ceiling = Math.min(BACKOFF_FIRST_MS * 2 ** (tries - 1), BACKOFF_LONGEST_MS);
  return Math.max(SHORTEST_WAIT_MS, random() * ceiling);
}
