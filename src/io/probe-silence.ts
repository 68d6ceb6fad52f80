import type { HttpAnswer } from "../core/http-sample.ts";

type Silence = Extract<HttpAnswer, { kind: "silence" }>;
type Cause = Silence["cause"];

/**
 * Codes of Node (https://nodejs.org/api/errors.html, libuv's getaddrinfo and connect) and of undici. With several
 * addresses tried, the first row that matches any of them wins: the service's own refusal says most.
 */
const CAUSES: readonly { readonly cause: Cause; readonly code: RegExp; readonly words: string }[] = [
  {
    cause: "tls",
    code: /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/,
    words: "the TLS connection failed",
  },
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
 * `status` when the headers had come. Behind a proxy every loss is `network`: its refusal looks like the service's.
 */
export function silenceOf(
  error: unknown,
  about: {
    readonly proxied: boolean;
    readonly timeoutMs?: number | undefined;
    readonly status?: number | undefined;
  },
): Pick<Silence, "cause" | "reason"> {
  const answered = about.status === undefined ? "" : ` after status ${about.status}`;
  if (about.timeoutMs !== undefined) {
    const what = about.status === undefined ? "no answer" : "the body did not end";
    return { cause: "timeout", reason: `${what} within ${about.timeoutMs} ms${answered}` };
  }
  const codes = codesOf(error);
  const found = CAUSES.find((row) => codes.some((code) => row.code.test(code)));
  const code = codes.find((each) => found?.code.test(each) ?? true);
  const words = `${found?.words ?? firstLine(error)}${answered}${code === undefined ? "" : ` (${code})`}`;
  const ours = about.proxied && found?.cause !== "timeout" && found?.cause !== "tls";
  return ours
    ? { cause: "network", reason: `through the proxy: ${words}` }
    : { cause: found?.cause ?? "network", reason: words };
}

/** Codes of an error, of its causes and of the attempts on each address. */
function codesOf(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [...(Array.isArray(errors) ? errors : []), cause];
  // undici's parser error leaves its code out at times.
  const own = typeof code === "string" ? code : error.name === "HTTPParserError" ? "HPE" : undefined;
  return [...(own === undefined ? [] : [own]), ...inner.flatMap((each) => codesOf(each, depth + 1))];
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? "").slice(0, 200);
}
