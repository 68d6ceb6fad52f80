import { request as send, type Dispatcher } from "undici";
import { authorityHint, codesOf, TLS_CODE } from "./network-error.ts";
import { tunnelFailureOf } from "./tunnel.ts";

export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  /** Lower-case names; repeated values joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Silence {
  readonly kind: "silence";
  /** `ECONNREFUSED`, `timeout`, `too-large`, `aborted`, `proxy-407`, … */
  readonly code: string;
  readonly reason: string;
  /** No byte of the request can have reached the server. */
  readonly unsent: boolean;
  /** Trying again changes nothing. */
  readonly permanent: boolean;
  /** What the user can do about it. */
  readonly hint?: string;
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

const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_|E(NET|HOST)UNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT)/;
const OUR_MISTAKE = /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_)/;

class TooLarge extends Error {}

/** One request, one answer read whole (at most `maxBytes`), within `timeoutMs` of real time. Never throws. */
export async function exchange(dispatcher: Dispatcher, outgoing: Outgoing): Promise<Answer | Silence> {
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const timer = setTimeout(cancel, outgoing.timeoutMs);
  outgoing.signal?.addEventListener("abort", cancel, { once: true });
  if (outgoing.signal?.aborted === true) cancel();
  try {
    const sent = send(outgoing.url, {
      dispatcher,
      method: outgoing.method,
      headers: outgoing.headers,
      ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      signal: abort.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const answer = await untilAborted(abort.signal, sent);
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

/** undici heeds a signal only once there is a connection; a proxy or network may never let there be one. */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    work.then(resolve, reject);
    const stop = (): void => reject(new Error("aborted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function silence(
  code: string,
  reason: string,
  flags: { readonly unsent?: boolean; readonly permanent?: boolean },
): Silence {
  const { unsent = false, permanent = false } = flags;
  return { kind: "silence", code, reason, unsent, permanent };
}

/** An error of undici's as the silence that it stands for. */
export function silenceOf(error: unknown): Silence {
  const tunnel = tunnelFailureOf(error);
  if (tunnel !== undefined) {
    const { code, message, permanent, hint } = tunnel;
    return { kind: "silence", code, reason: message, unsent: true, permanent, hint };
  }
  const code = codesOf(error)[0] ?? "failed";
  const reason = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
  const isTls = TLS_CODE.test(code);
  const isOurs = OUR_MISTAKE.test(code);
  const hint = authorityHint(code);
  return {
    kind: "silence",
    code,
    reason: reason === "" ? code : reason,
    unsent: isTls || isOurs || UNSENT.test(code),
    permanent: isTls || isOurs,
    ...(hint === undefined ? {} : { hint }),
  };
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
