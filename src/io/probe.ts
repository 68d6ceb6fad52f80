import { buildConnector, request as send, type Dispatcher } from "undici";
import type { HttpAnswer } from "../core/http-sample.ts";
import type { Prober } from "../ports.ts";
import { createDispatcher, hasProxy, type Environment } from "./dispatcher.ts";
import { silenceOf } from "./probe-silence.ts";
import { untilAborted } from "./transport.ts";

/** More of a body than this is not read. */
const MAX_BODY_BYTES = 256 * 1024;

type Request = Parameters<Prober["probe"]>[0];

/**
 * Probes with undici, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of `env` name, if any.
 * Every probe opens its own connection: a kept one that the service closes at that moment would look like a refusal.
 */
export function createProber(env: Environment = process.env): Prober {
  return { probe: (request) => probe(request, env) };
}

async function probe(request: Request, env: Environment): Promise<HttpAnswer> {
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
    const sent = send(request.url, {
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
    const answer = await untilAborted(abort.signal, sent);
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
  readonly dispatcher: Dispatcher;
  /** Whether the connection went to a proxy; known once it was tried. */
  readonly isProxied: () => boolean;
}

function routeOf(env: Environment, timeoutMs: number): Route {
  // Only direct connections pass through this connector; proxies have one of their own.
  let direct = !hasProxy(env);
  const connector = buildConnector({ timeout: timeoutMs, allowH2: false });
  const dispatcher = createDispatcher(env, {
    attemptMs: timeoutMs,
    pipelining: 0,
    allowH2: false,
    connect: (target, callback) => {
      direct = true;
      connector(target, callback);
    },
  });
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
