import type { HttpAnswer } from "../core/http-sample.ts";
import { authorityHint, codesOf, TLS_CODE } from "./network-error.ts";
import { tunnelFailureOf } from "./tunnel.ts";

type Silence = Extract<HttpAnswer, { kind: "silence" }>;
type Cause = Silence["cause"];

/**
 * Codes of Node (https://nodejs.org/api/errors.html, libuv's getaddrinfo and connect) and of undici. With several
 * addresses tried, the first row that matches any of them wins: the service's own refusal says most.
 */
const CAUSES: readonly { readonly cause: Cause; readonly code: RegExp; readonly words: string }[] = [
  { cause: "tls", code: TLS_CODE, words: "the TLS connection failed" },
  { cause: "tls", code: /^EPROTO$/, words: "the TLS connection failed" },
  { cause: "refused", code: /^ECONNREFUSED$/, words: "connection refused" },
  { cause: "refused", code: /^HPE|^UND_ERR_HEADERS_OVERFLOW$/, words: "the answer is not HTTP" },
  {
    cause: "refused",
    code: /^(ECONNRESET|EPIPE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    words: "connection closed before the end of the answer",
  },
  {
    cause: "timeout",
    code: /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w+_TIMEOUT)$/,
    words: "no connection in time",
  },
  { cause: "unresolved", code: /^ENOTFOUND$/, words: "the host name does not exist" },
  { cause: "network", code: /^EAI_/, words: "the host name could not be looked up" },
  {
    cause: "network",
    code: /^E(NETUNREACH|HOSTUNREACH|NETDOWN|ADDRNOTAVAIL)$/,
    words: "the network is unreachable",
  },
  // The least it can mean; a code inside it says more.
  { cause: "refused", code: /^UND_ERR_SOCKET$/, words: "connection closed before the end of the answer" },
];

/**
 * What an error of undici says about the service. `timeoutMs` is given when the probe's own time was used up,
 * `status` when the headers had come. Behind a proxy every silence is `network`: the proxy's own hanging or hanging up
 * looks like the service's.
 */
export function silenceOf(
  error: unknown,
  about: {
    readonly proxied: boolean;
    readonly timeoutMs?: number | undefined;
    readonly status?: number | undefined;
  },
): Pick<Silence, "cause" | "reason"> {
  const tunnel = tunnelFailureOf(error);
  if (tunnel !== undefined) return { cause: "network", reason: `${tunnel.message}. ${tunnel.hint}` };
  const { cause, reason } = ownSilence(error, about);
  if (!about.proxied) return { cause, reason };
  return { cause: cause === "tls" ? cause : "network", reason: `through the proxy: ${reason}` };
}

function ownSilence(
  error: unknown,
  about: { readonly timeoutMs?: number | undefined; readonly status?: number | undefined },
): Pick<Silence, "cause" | "reason"> {
  const answered = about.status === undefined ? "" : ` after status ${about.status}`;
  if (about.timeoutMs !== undefined) {
    const what = about.status === undefined ? "no answer" : "the body did not end";
    return { cause: "timeout", reason: `${what} within ${about.timeoutMs} ms${answered}` };
  }
  const codes = codesOf(error);
  const found = CAUSES.find((row) => codes.some((code) => row.code.test(code)));
  const code = codes.find((each) => found?.code.test(each) ?? true);
  const hint = code === undefined ? undefined : authorityHint(code);
  const words = `${found?.words ?? firstLine(error)}${answered}${code === undefined ? "" : ` (${code})`}`;
  return { cause: found?.cause ?? "network", reason: hint === undefined ? words : `${words}. ${hint}` };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? "").slice(0, 200);
}
