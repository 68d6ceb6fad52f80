import { isIP } from "node:net";
import { Pool, type Dispatcher } from "undici";
import { authorityHint, codesOf, TLS_CODE } from "./network-error.ts";

/** No tunnel through the proxy: the proxy's doing, whatever was to be reached through it. */
export class TunnelFailure extends Error {
  override readonly name = "TunnelFailure";
  /** `proxy-407`, `proxy-timeout`, `proxy-ECONNREFUSED`, … */
  readonly code: string;
  readonly hint: string;
  /** Trying again changes nothing. */
  readonly permanent: boolean;

  constructor(
    what: string,
    about: {
      readonly code: string;
      readonly hint?: string | undefined;
      readonly permanent?: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(what, { cause: about.cause });
    this.code = `proxy-${about.code}`;
    this.hint =
      about.hint ??
      "Look at the proxy that HTTPS_PROXY or HTTP_PROXY names, or leave the host out with NO_PROXY.";
    this.permanent = about.permanent ?? false;
  }
}

/** Where an error, or one of its causes, is that there was no tunnel. */
export function tunnelFailureOf(error: unknown, depth = 0): TunnelFailure | undefined {
  if (error instanceof TunnelFailure || !(error instanceof Error) || depth > 4)
    return error instanceof TunnelFailure ? error : undefined;
  return tunnelFailureOf(error.cause, depth + 1);
}

type Connected = Dispatcher.ConnectData<null>;

/**
 * The proxy's side of undici's ProxyAgent, for its `clientFactory`: asks the proxy for tunnels, for `timeoutMs` of
 * real time each. Whatever goes wrong before a tunnel stands is a TunnelFailure.
 */
export function proxyClient(origin: URL, options: Pool.Options, timeoutMs: number): Pool {
  // CONNECT inside HTTP/2 is something else.
  const pool = new Pool(origin.origin, { ...options, allowH2: false });
  const ask: (asked: Dispatcher.ConnectOptions) => Promise<Connected> = pool.connect.bind(pool);
  // TLS names hosts, not addresses: https://www.rfc-editor.org/rfc/rfc6066#section-3
  const names = isIP(origin.hostname.replace(/^\[(.+)\]$/, "$1")) === 0 ? {} : { servername: undefined };
  const connect = async (asked: Dispatcher.ConnectOptions): Promise<Connected> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await ask({ ...asked, signal, ...names }).catch((cause: unknown) => {
      throw silentProxy(cause, signal.aborted ? timeoutMs : undefined);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on("error", () => undefined).destroy();
    const isSigned = Object.hasOwn((asked.headers ?? {}) as object, "proxy-authorization");
    throw refusal(answer.statusCode, asked.path, isSigned);
  };
  return Object.assign(pool, { connect });
}

function refusal(status: number, target: string, isSigned: boolean): TunnelFailure {
  const what = `the proxy answered ${status} to CONNECT ${target}`;
  if (status !== 407) return new TunnelFailure(what, { code: String(status) });
  const hint = isSigned
    ? "The proxy does not accept the user and password in HTTPS_PROXY or HTTP_PROXY; special characters in them are percent-encoded."
    : "The proxy asks for a user and password: write HTTPS_PROXY as http://user:password@host:port, special characters percent-encoded.";
  return new TunnelFailure(what, { code: "407", hint, permanent: true });
}

function silentProxy(cause: unknown, timeoutMs: number | undefined): TunnelFailure {
  if (timeoutMs !== undefined) {
    const what = `the proxy opened no tunnel within ${timeoutMs} ms`;
    return new TunnelFailure(what, { code: "timeout", cause });
  }
  const codes = codesOf(cause);
  const code = codes.find((each) => !each.startsWith("UND_ERR")) ?? codes[0] ?? "failed";
  if (TLS_CODE.test(code)) {
    const what = `the TLS connection to the proxy failed (${code})`;
    return new TunnelFailure(what, { code, hint: authorityHint(code), permanent: true, cause });
  }
  if (code.startsWith("HPE")) return new TunnelFailure("the proxy's answer is not HTTP", { code, cause });
  const what =
    code === "UND_ERR_SOCKET" || code === "ECONNRESET"
      ? `the proxy closed the connection before the tunnel stood (${code})`
      : `the proxy cannot be reached (${code})`;
  return new TunnelFailure(what, { code, cause });
}
