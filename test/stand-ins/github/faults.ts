import type { ServerResponse } from "node:http";
import type { Striking } from "../fault-list.ts";
import { secondaryRefusal } from "./limits.ts";
import type { Answer } from "./site.ts";
import { Refusal } from "./site.ts";
import type { Token } from "./tokens.ts";
import { lacking } from "./tokens.ts";

export type FaultKind =
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
  | "secondary-limit"
  | "rate-limit";

/** What goes wrong, and when. */
export interface Fault extends Striking {
  readonly route: RegExp;
  readonly kind: FaultKind;
  /** Of `status` (default 500), of the garbled kinds (default 200) and of `secondary-limit` (default 403). */
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly body?: unknown;
  /** The request is carried out and only its answer is lost; `dribble` always is. */
  readonly takesEffect?: boolean;
  /** Of `dribble`: real ms between the halves of the right answer; default 50. */
  readonly delayMs?: number;
}

/** The faults that are whole answers. */
export function faultyAnswer(fault: Fault, token: Token, nowMs: number): Answer | undefined {
  const retry: Readonly<Record<string, string>> =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  switch (fault.kind) {
    case "status": {
      const status = fault.status ?? 500;
      const message = status >= 500 ? "Server Error" : "Refused by the stand-in";
      return {
        status,
        body: fault.body ?? { message, documentation_url: "https://docs.github.com/rest" },
        headers: retry,
      };
    }
    case "forbidden":
      return lacking(token, "contents=write").answer;
    case "secondary-limit":
      return { ...secondaryRefusal(fault.retryAfter).answer, status: fault.status ?? 403 };
    case "rate-limit": {
      const reset = Math.ceil(nowMs / 1000) + (fault.retryAfter ?? 3600);
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
      return new Refusal(403, "API rate limit exceeded for installation ID 1.", { headers }).answer;
    }
    case "not-json":
      return {
        status: fault.status ?? 200,
        body: fault.body ?? "<!DOCTYPE html><title>Unicorn! · GitHub</title>",
        headers: { "content-type": "text/html; charset=utf-8" },
      };
    case "empty-list":
      return { status: 200, body: fault.body ?? [] };
    case "wrong-type":
      return { status: fault.status ?? 200, body: fault.body ?? [{ id: "seven", sha: null, number: {} }] };
    default:
      return undefined;
  }
}

/** The faults of the wire: what the client gets instead of a proper answer. */
export function breakWire(fault: Fault, response: ServerResponse): void {
  switch (fault.kind) {
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "slow-body":
      // The beginning of an answer that never goes on.
      response.writeHead(fault.status ?? 200, { "content-type": "application/json" });
      response.write('{"id": ');
      return;
    case "truncated":
      response.writeHead(fault.status ?? 200, {
        "content-type": "application/json",
        "content-length": "5000",
      });
      response.write('{"id": 1, "name": "cut', () => response.socket?.destroy());
      return;
    default:
      // hang: no answer at all.
      return;
  }
}
