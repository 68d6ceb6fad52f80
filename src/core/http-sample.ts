import type { Check, Evidence, Sample } from "./check.ts";
import type { Condition } from "./condition.ts";
import { cutText } from "./cut.ts";
import { linesOf, outcomeOf } from "./finding.ts";
import type { Value } from "./value.ts";

/** What one HTTP request brought, without any opinion. */
export type HttpAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly latencyMs: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly bodyCut: boolean;
    }
  | {
      readonly kind: "silence";
      readonly latencyMs: number;
      readonly cause: "refused" | "timeout" | "unresolved" | "tls" | "network";
      readonly reason: string;
    };

const MAX_BODY_SHOWN = 600;
/** Of a header that anybody may write: Render's are shorter. */
const MAX_HEADER_SHOWN = 100;

/** Silence without an excuse is the service's own: the caller has looked at the network, too. */
const NETWORK_FINE = "Render's API was reached at that time, so the runner's own network was fine";

/** Made safe before it is cut: half a secret is no longer known as one. */
function cutBody(body: string, keep: (text: string) => string): string {
  return keep(body).slice(0, MAX_BODY_SHOWN);
}

/** JSON when it parses, else the text. */
export function bodyValue(body: string): Value {
  try {
    return JSON.parse(body) as Value;
  } catch {
    return body;
  }
}

/** An answer that speaks of the edge in front of the service, not of the service itself (render-api.md 7.4). */
function edgeReason(
  answer: Extract<HttpAnswer, { kind: "answer" }>,
  keep: (text: string) => string,
): string | undefined {
  if (answer.status === 429) return "the edge answered 429: too many requests";
  const mitigated = answer.headers["cf-mitigated"];
  if (mitigated !== undefined)
    return `the edge challenged the request (cf-mitigated: ${cutText(keep(mitigated), MAX_HEADER_SHOWN)})`;
  return undefined;
}

/** Whether the check's own lines about the status, taken alone, allow this one: a 5xx may be what is wanted. */
function allowsStatus(check: Pick<Check, "pass" | "warn" | "fail">, at: number, status: number): boolean {
  const about = (conditions: readonly Condition[]): readonly Condition[] =>
    conditions.filter(({ subject }) => subject.kind === "path" && subject.path[0] === "status");
  const tiers = { pass: about(check.pass), warn: about(check.warn), fail: about(check.fail) };
  const scope = { at, since: at, subjects: { status }, series: () => [], sha: "" };
  const outcome = outcomeOf(linesOf(tiers, scope));
  return outcome === "pass" || outcome === "warn";
}

/**
 * One HTTP request as a sample (design 5.1, errors). Refused, reset, time-out and 5xx from the service's own
 * host are failures, unless the check's own lines want that status; 429, a challenge of the edge, and anything
 * of another host are errors, as are times that `excuse` explains (the runner's own network, a suspended
 * service, maintenance).
 */
export function httpSample(
  check: Check,
  answer: HttpAnswer,
  context: {
    readonly at: number;
    readonly what: string;
    readonly isOwnHost: boolean;
    readonly excuse?: string;
    readonly keep: (text: string) => string;
  },
): Sample {
  const { at, what, keep } = context;
  if (answer.kind === "silence") {
    const reason = keep(`${what}: ${answer.reason}`);
    if (context.excuse !== undefined) return { kind: "error", at, reason: `${reason} (${context.excuse})` };
    const isFailure = answer.cause === "refused" || answer.cause === "timeout";
    if (!context.isOwnHost || !isFailure) return { kind: "error", at, reason };
    return {
      kind: "failing",
      at,
      reason,
      subjects: {},
      evidence: [{ at, text: `${reason}\n${NETWORK_FINE}`, from: "http" }],
    };
  }
  const edge = edgeReason(answer, keep);
  if (edge !== undefined) return { kind: "error", at, reason: `${what}: ${edge}` };
  const requestId = answer.headers["rndr-id"];
  const evidence: Evidence[] = [
    {
      at,
      from: "http",
      text: keep(
        `${what}: ${answer.status} in ${Math.round(answer.latencyMs)} ms${requestId === undefined ? "" : ` (rndr-id ${cutText(keep(requestId), MAX_HEADER_SHOWN)})`}${answer.body === "" ? "" : `\n${cutBody(answer.body, keep)}`}`,
      ),
    },
  ];
  const subjects = {
    status: answer.status,
    latency: answer.latencyMs,
    body: answer.bodyCut ? answer.body : bodyValue(answer.body),
    headers: answer.headers,
  };
  if (answer.status >= 500) {
    const reason = `${what} answered ${answer.status}`;
    if (context.excuse !== undefined) return { kind: "error", at, reason: `${reason} (${context.excuse})` };
    if (!context.isOwnHost)
      return { kind: "error", at, reason: `${reason}, and it is not the service's own host` };
    if (!allowsStatus(check, at, answer.status)) return { kind: "failing", at, reason, subjects, evidence };
  }
  const cut = answer.bodyCut ? { note: "body cut", partial: ["body"] } : {};
  return { kind: "ok", at, subjects, evidence, ...cut };
}
