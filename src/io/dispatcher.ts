import { EnvHttpProxyAgent, type Agent, type Dispatcher } from "undici";
import { ConfigProblem } from "../problem.ts";
import { proxyClient } from "./tunnel.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Of an attempt's time: what never connects tells of itself before the attempt is over. */
const CONNECT_SHARE = 2 / 3;

/** Longer than the gate's beats; undici's own 4 s would open a connection for each. A server that says less is obeyed. */
const IDLE_MS = 30_000;

/** Of two names that hold something, the one in lower case, as curl does. */
function valueOf(env: Environment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || "").trim();
}

/** `host:port` without a scheme is an HTTP proxy, as it is to curl. Throws when it is no address. */
function proxyOf(env: Environment, name: string): URL | undefined {
  const text = valueOf(env, name);
  if (text === "") return undefined;
  const url = new URL(text.includes("://") ? text : `http://${text}`);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError("no HTTP proxy");
  decodeURIComponent(url.username + url.password);
  return url;
}

/** Throws ConfigProblem, which never holds the value. */
function proxiesOf(env: Environment): { readonly http: URL | undefined; readonly https: URL | undefined } {
  try {
    return { http: proxyOf(env, "http_proxy"), https: proxyOf(env, "https_proxy") };
  } catch {
    const message = "The environment variable HTTPS_PROXY or HTTP_PROXY holds no address of an HTTP proxy";
    const hint =
      "Write it as http://host:port or http://user:password@host:port, special characters percent-encoded.";
    throw new ConfigProblem([{ message, hint }]);
  }
}

/** Whether `env` names a proxy at all. */
export function hasProxy(env: Environment): boolean {
  return valueOf(env, "http_proxy") !== "" || valueOf(env, "https_proxy") !== "";
}

/** The passwords in the proxy addresses of `env`, as written and as sent. Throws ConfigProblem for no address. */
export function proxySecrets(env: Environment): readonly string[] {
  const { http, https } = proxiesOf(env);
  return [http, https].flatMap((url) => {
    if (url === undefined) return [];
    const { username, password } = url;
    // A name alone is a token.
    const secret = password === "" ? username : password;
    if (secret === "") return [];
    const sent = decodeURIComponent(`${username}:${password}`);
    return [secret, decodeURIComponent(secret), Buffer.from(sent).toString("base64")];
  });
}

/**
 * Connections through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of `env` name (lower case wins), in
 * tunnels also to http:// addresses: what the proxy says for itself is a TunnelFailure and never looks like an answer
 * of the server. One attempt may take `attemptMs` of real time. Throws ConfigProblem when such a variable holds no
 * address; its value is never shown.
 */
export function createDispatcher(
  env: Environment,
  options: Agent.Options & { readonly attemptMs: number },
): Dispatcher {
  const { attemptMs, ...agent } = options;
  const { http, https } = proxiesOf(env);
  const connectMs = Math.ceil(attemptMs * CONNECT_SHARE);
  return new EnvHttpProxyAgent({
    ...agent,
    connectTimeout: connectMs,
    keepAliveTimeout: IDLE_MS,
    httpProxy: http?.href ?? "",
    httpsProxy: https?.href ?? "",
    noProxy: valueOf(env, "no_proxy"),
    proxyTunnel: true,
    clientFactory: (origin: URL, pool: object) => proxyClient(origin, pool, connectMs),
  });
}
