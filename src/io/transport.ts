import { EnvHttpProxyAgent, request as send, type Dispatcher } from "undici";
import { ConfigProblem } from "../problem.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  /** Lower-case names; repeated values joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Silence {
  readonly kind: "silence";
  /** `ECONNREFUSED`, `timeout`, `too-large`, `aborted`, … */
  readonly code: string;
  readonly reason: string;
  /** No byte of the request can have reached the server. */
  readonly unsent: boolean;
  /** Trying again changes nothing. */
  readonly permanent: boolean;
}

export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|E(NET|HOST)UNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT|UND_ERR_PRX)/;
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA)/;
const OUR_MISTAKE = /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_)/;

class TooLarge extends Error {}

/**
 * Connections kept alive, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of `env` name
 * (lower case wins). Throws ConfigProblem when such a variable holds no address; its value is never shown.
 */
export function createDispatcher(env: Environment): Dispatcher {
  try {
    return new EnvHttpProxyAgent({
      httpProxy: env["http_proxy"] ?? env["HTTP_PROXY"] ?? "",
      httpsProxy: env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "",
      noProxy: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
      webSocket: { maxPayloadSize: 4 * 1024 * 1024 },
    });
  } catch (cause) {
    const message = "The environment variable HTTPS_PROXY or HTTP_PROXY holds no proxy address";
    throw new ConfigProblem([{ message, hint: "Write it as http://host:port." }], { cause });
  }
}

/** One request, one answer read whole (at most `maxBytes`), within `timeoutMs` of real time. Never throws. */
export async function exchange(dispatcher: Dispatcher, outgoing: Outgoing): Promise<Answer | Silence> {
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const timer = setTimeout(cancel, outgoing.timeoutMs);
  outgoing.signal?.addEventListener("abort", cancel, { once: true });
  if (outgoing.signal?.aborted === true) cancel();
  try {
    const answer = await send(outgoing.url, {
      dispatcher,
      method: outgoing.method,
      headers: outgoing.headers,
      ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      signal: abort.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const body = await bodyOf(answer.body, outgoing.maxBytes);
    return { kind: "answer", status: answer.statusCode, headers: joined(answer.headers), body };
  } catch (error) {
    if (outgoing.signal?.aborted === true) return silence("aborted", "canceled", { permanent: true });
    if (abort.signal.aborted)
      return silence("timeout", `nothing complete within ${outgoing.timeoutMs} ms`, {});
    if (error instanceof TooLarge) return silence("too-large", error.message, { permanent: true });
    return silenceOf(error);
  } finally {
    clearTimeout(timer);
    outgoing.signal?.removeEventListener("abort", cancel);
  }
}

function silence(
  code: string,
  reason: string,
  flags: { readonly unsent?: boolean; readonly permanent?: boolean },
): Silence {
  const { unsent = false, permanent = false } = flags;
  return { kind: "silence", code, reason, unsent, permanent };
}

function silenceOf(error: unknown): Silence {
  const code = codeOf(error) ?? "failed";
  const reason = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
  const isTls = TLS.test(code);
  const isOurs = OUR_MISTAKE.test(code);
  const isTunnel = /HTTP Tunneling|Proxy connection/i.test(reason);
  return silence(code, reason === "" ? code : reason, {
    unsent: isTls || isOurs || isTunnel || UNSENT.test(code),
    permanent: isTls || isOurs,
  });
}

/** The first code of an error, of the attempts on each address, or of its causes. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string") return code;
  const inner: unknown[] = [...(Array.isArray(errors) ? errors : []), cause];
  return inner.map((each) => codeOf(each, depth + 1)).find((each) => each !== undefined);
}

async function bodyOf(stream: Dispatcher.ResponseData["body"], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop by an error destroys the stream and its connection.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLarge(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function joined(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), typeof value === "string" ? value : value.join(", ")]],
  );
  return Object.fromEntries(pairs) as Record<string, string>;
}
