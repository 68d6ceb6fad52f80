import type { Striking } from "../fault-list.ts";

/** What goes wrong, and when. */
export interface FaultInput extends Striking {
  /**
   * `status`: that status with an error body (or `body`, a string goes out as it is) · `reset`: the connection is
   * reset · `hang`: no answer · `slow-body`: half of the right answer, the rest after `delayMs` · `dribble`: the
   * same, the rest after `delayMs` of real time · `truncated`: half of it, then the connection ends · `not-json`: 200
   * with a proxy's page · `wrong-type`: 200 with a number · `empty-list`: 200 `[]` · `forbidden`: 403 · `rate-limit`:
   * 429.
   */
  readonly kind:
    | "status"
    | "reset"
    | "hang"
    | "slow-body"
    | "dribble"
    | "truncated"
    | "not-json"
    | "wrong-type"
    | "empty-list"
    | "forbidden"
    | "rate-limit";
  /** Default 500. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds; absent: no such header. */
  readonly retryAfter?: number;
  /** Default 30 s; of `dribble` 50 ms. */
  readonly delayMs?: number;
  /** The request is carried out and only its answer is lost; always so where half of the answer arrives. */
  readonly takesEffect?: boolean;
}

/** What a fault answers when it answers with something of its own; undefined: with the right answer, mangled. */
export function faultAnswer(
  fault: FaultInput,
): { readonly status: number; readonly text: string; readonly headers: Record<string, string> } | undefined {
  const status = {
    status: fault.status ?? 500,
    forbidden: 403,
    "rate-limit": 429,
    "not-json": fault.status ?? 200,
    "wrong-type": 200,
    "empty-list": 200,
    reset: 0,
    hang: 0,
    "slow-body": 0,
    dribble: 0,
    truncated: 0,
  }[fault.kind];
  if (status === 0) return undefined;
  const page = "<!DOCTYPE html><html><title>Bad gateway</title></html>";
  const body = {
    status: { message: "the stand-in was told to fail" },
    forbidden: { message: "the API key lacks the permission for this resource" },
    "rate-limit": { message: "rate limit exceeded" },
    "not-json": page,
    "wrong-type": 42,
    "empty-list": [],
  }[fault.kind as "status"] as unknown;
  const given = fault.body ?? body;
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const type = text.startsWith("<") ? "text/html" : "application/json; charset=utf-8";
  const retryAfter: Record<string, string> =
    fault.retryAfter === undefined ? {} : { "Retry-After": String(fault.retryAfter) };
  return { status, text, headers: { "Content-Type": type, ...retryAfter, ...fault.headers } };
}
