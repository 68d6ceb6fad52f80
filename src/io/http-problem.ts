import { ServiceProblem } from "../problem.ts";
import type { Failure } from "./retry.ts";

export interface Asked {
  readonly service: "Render" | "GitHub";
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly redact: (text: string) => string;
  readonly hint?: ((status: number) => string | undefined) | undefined;
  /** Whether the way there may lead through a proxy. */
  readonly hasProxy: boolean;
}

const BODY_LIMIT = 4_000;
const QUOTE_LIMIT = 300;
const REQUEST_IDS = ["render-request-id", "x-github-request-id"];

/**
 * The problem that a call ended with, told by its last failure: what was asked, the answer, how often in how long,
 * the request id and the service's own words. `because` says why it was not tried longer.
 */
export function problemOf(
  asked: Asked,
  failures: readonly [...Failure[], Failure],
  end: { readonly overMs: number; readonly because?: string },
): ServiceProblem {
  const last = failures[failures.length - 1] as Failure;
  const same = failures.filter((failure) => failure.kind === last.kind).length;
  const over = failures.length === 1 ? "" : ` ${timesText(same)} over ${Math.round(end.overMs / 1000)}s`;
  const others = otherKindsText(failures, last);
  const because = end.because === undefined ? "" : `; ${end.because}`;
  const quote = wordsOf(last);
  const message = `${whatText(asked, last)}${over}${others}${because}${requestIdText(last)}${quote === "" ? "" : `: ${quote}`}`;
  const hint = last.status === undefined ? silenceHint(asked, last) : asked.hint?.(last.status);
  const permissions = last.headers["x-accepted-github-permissions"];
  return new ServiceProblem({
    service: asked.service,
    message: cut(oneLine(asked.redact(message)), 1_000),
    ...(last.status === undefined ? {} : { status: last.status }),
    ...(last.code === undefined ? {} : { code: last.code }),
    ...(last.text === "" ? {} : { body: cut(asked.redact(last.text), BODY_LIMIT) }),
    ...(hint === undefined ? {} : { hint }),
    ...(permissions === undefined ? {} : { acceptedPermissions: asked.redact(permissions) }),
  });
}

function silenceHint(asked: Asked, last: Failure): string | undefined {
  const isOurs = !asked.hasProxy || last.kind === "aborted" || last.kind === "too-large";
  return (
    last.hint ?? (isOurs ? undefined : "Unless NO_PROXY leaves the host out, the proxy may be the cause.")
  );
}

function whatText(asked: Asked, last: Failure): string {
  const request = `${asked.method} ${asked.path}`;
  const api = `${asked.service} API`;
  if (last.kind === "aborted") return `${request} to the ${api} was canceled`;
  if (last.kind === "garbled") {
    return `${api} answered ${last.status ?? ""} to ${request}, but unreadably (${last.reason ?? ""})`;
  }
  if (last.status !== undefined) return `${api} answered ${last.status} to ${request}`;
  return `${api} gave no usable answer to ${request} (${last.kind}: ${last.reason ?? ""})`;
}

function otherKindsText(failures: readonly Failure[], last: Failure): string {
  const kinds = new Set(failures.map((failure) => failure.kind));
  kinds.delete(last.kind);
  const texts = [...kinds].map((kind) => {
    const count = failures.filter((failure) => failure.kind === kind).length;
    return `${kind} ${timesText(count)}`;
  });
  return texts.length === 0 ? "" : `, besides ${texts.join(", ")}`;
}

function timesText(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function requestIdText(failure: Failure): string {
  const id = REQUEST_IDS.map((name) => failure.headers[name]).find((value) => value !== undefined);
  return id === undefined ? "" : ` (request id ${cut(id, 80)})`;
}

/** The `message` of a JSON error; pages of proxies are not quoted. */
function wordsOf(failure: Failure): string {
  if (failure.kind === "garbled") return "";
  try {
    const { message } = JSON.parse(failure.text) as { message?: unknown };
    return typeof message === "string" ? cut(oneLine(message), QUOTE_LIMIT) : "";
  } catch {
    return "";
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (cut)`;
}
