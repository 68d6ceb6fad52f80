import { Agent, buildConnector, EnvHttpProxyAgent, request as send } from "undici";
import type { HttpAnswer } from "../core/http-sample.ts";
import type { Prober } from "../ports.ts";
import { silenceOf } from "./probe-silence.ts";

/** More of a body than this is not read. */
const MAX_BODY_BYTES = 256 * 1024;

type Request = Parameters<Prober["probe"]>[0];

/**
 * Probes with undici, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of `env` name, if any.
 * Every probe opens its own connection: a kept one that the service closes at that moment would look like a refusal.
 */
export function createProber(env: Readonly<Record<string, string | undefined>> = process.env): Prober {
  return { probe: (request) => probe(request, env) };
}

async function probe(
  request: Request,
  env: Readonly<Record<string, string | undefined>>,
): Promise<HttpAnswer> {
  const started = performance.now();
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const timer = setTimeout(cancel, request.timeoutMs);
  const slow = setTimeout(() => request.onSlow?.(), request.timeoutMs / 2);
  request.signal?.addEventListener("abort", cancel, { once: true });
  if (request.signal?.aborted === true) cancel();

  let route: Route | undefined;
  let status: number | undefined;
  try {
    route = routeOf(env, request.timeoutMs);
    const answer = await send(request.url, {
      dispatcher: route.dispatcher,
      method: request.method,
      headers: {
        "user-agent": "render-deploy-gate",
        "accept-encoding": "identity",
        ...lowerCased(request.headers),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: abort.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const latencyMs = performance.now() - started;
    clearTimeout(slow);
    status = answer.statusCode;
    const { body, bodyCut } = await bodyOf(answer.body);
    return { kind: "answer", status, latencyMs, headers: joined(answer.headers), body, bodyCut };
  } catch (error) {
    const latencyMs = performance.now() - started;
    if (request.signal?.aborted === true) {
      return { kind: "silence", latencyMs, cause: "network", reason: "canceled" };
    }
    const timeoutMs = abort.signal.aborted ? request.timeoutMs : undefined;
    const proxied = route?.isProxied() ?? false;
    return { kind: "silence", latencyMs, ...silenceOf(error, { proxied, timeoutMs, status }) };
  } finally {
    clearTimeout(timer);
    clearTimeout(slow);
    request.signal?.removeEventListener("abort", cancel);
    await route?.dispatcher.destroy().catch(() => undefined);
  }
}

interface Route {
  readonly dispatcher: Agent | EnvHttpProxyAgent;
  /** Whether the connection went to a proxy; known once it was tried. */
  readonly isProxied: () => boolean;
}

function routeOf(env: Readonly<Record<string, string | undefined>>, timeoutMs: number): Route {
  const first = (name: string): string => env[name] || env[name.toUpperCase()] || "";
  const httpProxy = first("http_proxy");
  const httpsProxy = first("https_proxy");
  // Only direct connections pass through this connector; proxies have one of their own.
  let direct = false;
  const connector = buildConnector({ timeout: timeoutMs, allowH2: false });
  const options: Agent.Options = {
    pipelining: 0,
    connect: (target, callback) => {
      direct = true;
      connector(target, callback);
    },
  };
  if (httpProxy === "" && httpsProxy === "")
    return { dispatcher: new Agent(options), isProxied: () => false };
  const dispatcher = new EnvHttpProxyAgent({ ...options, httpProxy, httpsProxy, noProxy: first("no_proxy") });
  return { dispatcher, isProxied: () => !direct };
}

async function bodyOf(
  stream: AsyncIterable<unknown>,
): Promise<{ readonly body: string; readonly bodyCut: boolean }> {
  const decoder = new TextDecoder();
  let body = "";
  let left = MAX_BODY_BYTES;
  for await (const chunk of stream) {
    const bytes = chunk as Uint8Array;
    if (bytes.length > left) {
      return { body: body + decoder.decode(bytes.subarray(0, left), { stream: true }), bodyCut: true };
    }
    body += decoder.decode(bytes, { stream: true });
    left -= bytes.length;
  }
  return { body: body + decoder.decode(), bodyCut: false };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
