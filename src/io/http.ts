import type { Dispatcher } from "undici";
import type * as z from "zod";
import type { Clock } from "../ports.ts";
import { attempt, type Attempting, type Reading } from "./attempts.ts";
import type { Remaining } from "./rate.ts";
import { jsonOf } from "./json.ts";
import { failedAnswer, type RetryMode } from "./retry.ts";
import { expectPlainPath, urlOf, type Query } from "./address.ts";
import { createDispatcher, hasProxy, type Environment } from "./dispatcher.ts";
import type { Answer } from "./transport.ts";

export interface HttpOptions {
  readonly clock: Clock;
  readonly service: "Render" | "GitHub";
  /** With or without a slash at its end. */
  readonly baseUrl: string;
  /** Lower-case names. Sent with every request to the base URL's origin. */
  readonly headers: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
  /** Called before each request that goes out, repeated ones included. */
  readonly onRequest?: () => void;
  /** Ms to wait before an attempt, to stay inside a budget of one's own. */
  readonly pace?: (method: string, url: URL) => number;
  /** Ms to wait still, right before it goes, where others went later than was planned; at 0 it goes. */
  readonly depart?: (method: string, url: URL) => number;
  readonly onRemaining?: (remaining: Remaining, method: string, url: URL) => void;
  /** As in `Attempting`; default: nothing is doubted. */
  readonly doubt?: Attempting["doubt"];
  /** What the user can do about a status. */
  readonly hint?: (status: number) => string | undefined;
  /** Real time of one attempt, answer read to its end; default 15 000. */
  readonly attemptTimeoutMs?: number;
  /** By the clock, one call with all its attempts and waits; default 60 000. */
  readonly overallMs?: number;
  /** Waits that an answer asks for do not count as long as they are no longer than this in all, ms; default 0. */
  readonly patienceMs?: number;
  /** Default 16 MiB. */
  readonly maxBytes?: number;
  /** Where the proxy variables are looked up; default `process.env`. */
  readonly proxyEnv?: Environment;
  /** [0, 1), for the jitter. */
  readonly random?: () => number;
  /** How requests of `fetch` may be repeated; default: GET and HEAD `safe`, the rest `never`. */
  readonly retryOf?: (method: string, url: URL) => RetryMode;
}

export interface JsonRequest<T> {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below the base URL, with a leading slash, its parts already encoded. */
  readonly path: string;
  /** Arrays repeat the key. */
  readonly query?: Query;
  readonly body?: unknown;
  readonly retry: RetryMode;
  /** Gets `undefined` for an empty body. A mismatch counts as a garbled answer. */
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal;
  readonly overallMs?: number;
}

/** What Octokit's `request.fetch` needs of fetch. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly method?: string;
  readonly headers?: NonNullable<ConstructorParameters<typeof Headers>[0]>;
  readonly body?: string | Uint8Array | null;
  readonly signal?: AbortSignal | null;
}

export interface Http {
  /** One answer, parsed. Throws ServiceProblem. With `notFoundIsUndefined`, 404 and 410 give `undefined`. */
  json<T>(request: JsonRequest<T> & { readonly notFoundIsUndefined: true }): Promise<T | undefined>;
  json<T>(request: JsonRequest<T>): Promise<T>;
  /**
   * Like fetch, with time limits, repeats and same-origin redirects. An answer that repeating would not change
   * (2xx, 404, 422, …) is given as a Response; what stays 408, 429, 5xx, rate-limited, garbled or silent throws
   * ServiceProblem.
   */
  readonly fetch: Fetch;
  /** What the last answer told of the rate limit. */
  remaining(): Remaining;
  readonly dispatcher: Dispatcher;
  /** Lets go of all connections at once. */
  close(): Promise<void>;
}

/** A client of one JSON API, over undici, through the environment's proxy. Throws ConfigProblem for a bad proxy. */
export function createHttp(options: HttpOptions): Http {
  const base = new URL(options.baseUrl.replace(/\/+$/, ""));
  const basePath = base.pathname.replace(/\/$/, "");
  const attemptTimeoutMs = options.attemptTimeoutMs ?? 15_000;
  const env = options.proxyEnv ?? process.env;
  const dispatcher = createDispatcher(env, {
    attemptMs: attemptTimeoutMs,
    webSocket: { maxPayloadSize: 4 * 1024 * 1024 },
  });
  const overallMs = options.overallMs ?? 60_000;
  let remaining: Remaining = {};
  const edge: Attempting = {
    clock: options.clock,
    dispatcher,
    attemptTimeoutMs,
    patienceMs: options.patienceMs ?? 0,
    maxBytes: options.maxBytes ?? 16 * 1024 * 1024,
    random: options.random ?? Math.random,
    onRequest: options.onRequest ?? (() => undefined),
    pace: options.pace ?? (() => 0),
    depart: options.depart ?? (() => 0),
    doubt: options.doubt ?? (() => undefined),
    onRemaining(told, method, url) {
      remaining = told;
      options.onRemaining?.(told, method, url);
    },
  };
  const askedOf = (method: string, url: URL): Parameters<typeof attempt>[2] => {
    const isOurs = url.origin === base.origin && url.pathname.startsWith(`${basePath}/`);
    const path = isOurs ? url.pathname.slice(basePath.length) : `${url.origin}${url.pathname}`;
    return {
      service: options.service,
      method,
      path,
      redact: options.redact,
      hint: options.hint,
      hasProxy: hasProxy(env),
    };
  };

  return {
    dispatcher,
    remaining: () => remaining,
    close: () => dispatcher.destroy(),
    async json<T>(request: JsonRequest<T> & { readonly notFoundIsUndefined?: boolean }): Promise<T> {
      expectPlainPath(options.service, request.path);
      const url = urlOf(base, request.path, request.query ?? {});
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      return attempt(
        edge,
        {
          method: request.method,
          url,
          headers: {
            ...options.headers,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
          body,
          retry: request.retry,
          signal: request.signal,
          overallMs: request.overallMs ?? overallMs,
          read: (answer) => readJson(answer, request),
        },
        askedOf(request.method, url),
      );
    },
    async fetch(input, init = {}) {
      expectPlainPath(options.service, String(input).replace(/^\w+:\/\/[^/?#]*/u, ""));
      const url = new URL(input);
      const method = (init.method ?? "GET").toUpperCase();
      const own = url.origin === base.origin ? options.headers : {};
      const given = Object.fromEntries(new Headers(init.headers ?? {}));
      const retry = options.retryOf?.(method, url) ?? (/^(GET|HEAD)$/.test(method) ? "safe" : "never");
      return attempt(
        edge,
        {
          method,
          url,
          headers: { ...own, ...given },
          body: init.body ?? undefined,
          retry,
          signal: init.signal ?? undefined,
          overallMs,
          read: (answer) => readResponse(answer, url),
        },
        askedOf(method, url),
      );
    },
  };
}

/** The fetch of `createHttp`, for whoever needs nothing else. */
export function createFetch(options: HttpOptions): Fetch {
  return createHttp(options).fetch;
}

function readJson<T>(
  answer: Answer,
  request: { readonly schema: z.ZodType<T>; readonly notFoundIsUndefined?: boolean },
): Reading<T> {
  const isGone = answer.status === 404 || answer.status === 410;
  if (isGone && request.notFoundIsUndefined === true) return { kind: "value", value: undefined as T };
  if (answer.status < 200 || answer.status > 299) return { kind: "failed" };
  const content = jsonOf(answer.body.toString("utf8"));
  if ("why" in content) return { kind: "garbled", reason: content.why };
  const result = request.schema.safeParse(content.json);
  if (result.success) return { kind: "value", value: result.data };
  const issue = result.error.issues[0];
  return {
    kind: "garbled",
    reason: `at ${issue?.path.join(".") || "the top"}: ${issue?.message ?? "mismatch"}`,
  };
}

/** Octokit would hand a body that is no JSON on as text, so that is looked at here. */
function readResponse(answer: Answer, url: URL): Reading<Response> {
  const isSuccess = answer.status >= 200 && answer.status <= 299;
  const isJson = /\bjson\b/i.test(answer.headers["content-type"] ?? "");
  const content = isJson ? jsonOf(answer.body.toString("utf8")) : { json: undefined };
  if (isSuccess && "why" in content) return { kind: "garbled", reason: content.why };
  if (failedAnswer(answer).transient) return { kind: "failed" };
  const isBodiless = [101, 204, 205, 304].includes(answer.status) || "why" in content;
  const init = { status: answer.status, headers: headersOf(answer) };
  const response = new Response(isBodiless ? null : new Uint8Array(answer.body), init);
  Object.defineProperty(response, "url", { value: url.href });
  return { kind: "value", value: response };
}

/** A value that fetch does not allow in a header is left out. */
function headersOf(answer: Answer): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    try {
      headers.set(name, value);
    } catch {
      continue;
    }
  }
  return headers;
}
