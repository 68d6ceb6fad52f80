import type { Dispatcher } from "undici";
import * as z from "zod";
import type { Clock } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { urlOf, type Query } from "./address.ts";
import { createHttp, type JsonRequest } from "./http.ts";
import { createLimiter, type Remaining } from "./rate.ts";
import type { Environment } from "./dispatcher.ts";

export interface RenderApiOptions {
  readonly clock: Clock;
  readonly apiKey: string;
  /** Default `https://api.render.com/v1`; a trailing slash is fine. */
  readonly baseUrl?: string;
  readonly redact: (text: string) => string;
  readonly proxyEnv?: Environment;
  readonly random?: () => number;
  /** Real time of one attempt. */
  readonly attemptTimeoutMs?: number;
  readonly overallMs?: number;
  /** Reads that are no log calls; default: a gate's share. */
  readonly readsPerMinute?: number;
}

/** Where and with what a log stream is opened. */
export interface StreamAccess {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** A list of Render's: where it is, what its items are called, and how much of it is wanted. */
export interface Listing<T> {
  readonly path: string;
  readonly query: Query;
  readonly key: string;
  readonly item: z.ZodType<T>;
  readonly allPages: boolean;
  readonly isEnough?: (page: readonly T[]) => boolean;
}

export interface RenderApi {
  readonly clock: Clock;
  json<T>(request: JsonRequest<T> & { readonly notFoundIsUndefined: true }): Promise<T | undefined>;
  json<T>(request: JsonRequest<T>): Promise<T>;
  /**
   * Items of a `[{cursor, <key>}]` list, each id once. One page of `limit`, or with `allPages` every page of 100:
   * the list ends with a page that is short or brings nothing new, or where `isEnough` says so. Throws ServiceProblem
   * when it has not ended after 100 pages.
   */
  list<T extends { readonly id: string }>(listing: Listing<T>): Promise<readonly T[]>;
  /** Books and counts the opening of a log stream; gives how long to wait for it, in ms. */
  reserveStream(): number;
  stream(path: string, query: Query): StreamAccess;
  redact(text: string): string;
  /** Requests that went out so far. */
  requests(): number;
  close(): Promise<void>;
}

/** What a gate takes of the budgets that all users of a key share: https://api-docs.render.com/reference/rate-limiting */
const LOG_CALLS_PER_MINUTE = 10;
const READS_PER_MINUTE = 20;
/** Two windows of the log limit: with many gates on one key a call may have to wait for its turn twice. */
const LOGS_OVERALL_MS = 150_000;
/** One window, where calls have less time. */
const LOGS_LEAST_MS = 65_000;
/** Clocks that are set by NTP differ by less than a second. */
const CLOCK_SLACK_MS = 10_000;
const FULL_PAGE = 100;
const FIRST_PAGE = 20;
/** A list that goes on after these never ends. */
export const MOST_PAGES = 100;

/** Render's API with a key. Reads wait for their share of the budget; every failure is a ServiceProblem. */
export function createRenderApi(options: RenderApiOptions): RenderApi {
  const { clock, redact, random = Math.random } = options;
  const baseUrl = (options.baseUrl ?? "https://api.render.com/v1").replace(/\/+$/, "");
  const headers = { authorization: `Bearer ${options.apiKey}`, "user-agent": "render-deploy-gate" };
  const logs = createLimiter(clock, LOG_CALLS_PER_MINUTE);
  const reads = createLimiter(clock, options.readsPerMinute ?? READS_PER_MINUTE);
  const logsPath = `${new URL(baseUrl).pathname.replace(/\/$/, "")}/logs`;
  const withoutKey = (text: string): string =>
    options.apiKey === "" ? text : text.replaceAll(options.apiKey, "***");
  let requests = 0;
  const limiterOf = (method: string, url: URL): typeof logs | undefined => {
    if (url.pathname === logsPath || url.pathname.startsWith(`${logsPath}/`)) return logs;
    return method === "GET" ? reads : undefined;
  };
  const http = createHttp({
    ...options,
    service: "Render",
    baseUrl,
    random,
    headers: { ...headers, accept: "application/json" },
    redact: (text) => redact(withoutKey(text)),
    onRequest: () => {
      requests += 1;
    },
    pace: (method, url) => limiterOf(method, url)?.reserve() ?? 0,
    depart: (method, url) => limiterOf(method, url)?.depart() ?? 0,
    onRemaining: (told: Remaining, method, url) => limiterOf(method, url)?.learn(told),
    doubt: (answer, sentAt) => wrongClock(answer.headers["date"], { sentAt, receivedAt: clock.now() }),
    hint: hintOf,
  });
  const json = <T>(request: JsonRequest<T>): Promise<T> =>
    http.json(
      request.path.startsWith("/logs") && request.overallMs === undefined
        ? { ...request, overallMs: Math.max(options.overallMs ?? LOGS_OVERALL_MS, LOGS_LEAST_MS) }
        : request,
    );

  return {
    clock,
    json,
    list: (listing) => allItems(json, listing),
    reserveStream() {
      requests += 1;
      return logs.reserve();
    },
    stream: (path, query) => ({
      url: socketUrl(urlOf(new URL(baseUrl), path, query)),
      headers,
      dispatcher: http.dispatcher,
    }),
    redact: (text) => redact(withoutKey(text)),
    requests: () => requests,
    close: () => http.close(),
  };
}

async function allItems<T extends { readonly id: string }>(
  json: <Reply>(request: JsonRequest<Reply>) => Promise<Reply>,
  { path, query, key, item, allPages, isEnough }: Listing<T>,
): Promise<readonly T[]> {
  const row = z.object({ cursor: z.string().nullish(), [key]: item });
  const schema = z.array(
    row.transform((each) => ({ cursor: each["cursor"] as string | null | undefined, item: each[key] as T })),
  );
  const limit = allPages ? FULL_PAGE : FIRST_PAGE;
  const found = new Map<string, T>();
  let cursor: string | undefined;
  for (let page = 1; ; page += 1) {
    const rows = await json({
      method: "GET",
      path,
      query: { ...query, limit, cursor },
      retry: "safe",
      schema,
    });
    const items = rows.map((each) => each.item);
    const before = found.size;
    for (const each of items) if (!found.has(each.id)) found.set(each.id, each);
    const next = rows.at(-1)?.cursor;
    const isLast = rows.length < limit || found.size === before || !next || next === cursor;
    if (!allPages || isLast || isEnough?.(items) === true) return [...found.values()];
    if (page === MOST_PAGES)
      throw new ServiceProblem({
        service: "Render",
        message: `Render's list ${path} does not end: ${MOST_PAGES} pages of it were read`,
      });
    cursor = next;
  }
}

function socketUrl(url: URL): URL {
  const socket = new URL(url);
  socket.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return socket;
}

/**
 * Why what Render tells cannot be placed in time: windows of logs and of stages go by this machine's clock. Its `Date`
 * counts whole seconds.
 */
function wrongClock(
  date: string | undefined,
  span: { readonly sentAt: number; readonly receivedAt: number },
): { readonly reason: string; readonly hint: string } | undefined {
  const at = Date.parse(date ?? "");
  const aheadMs = span.sentAt - (at + 1_000);
  const behindMs = at - span.receivedAt;
  const ms = Math.max(aheadMs, behindMs);
  if (Number.isNaN(at) || ms <= CLOCK_SLACK_MS) return undefined;
  const where = aheadMs > behindMs ? "ahead of" : "behind";
  return {
    reason: `this machine's clock is ${Math.round(ms / 1_000)} s ${where} Render's`,
    hint: "Set the runner's clock, by NTP for example.",
  };
}

function hintOf(status: number): string | undefined {
  if (status === 401) return 'Set the input "render-api-key" to a valid key of Render.';
  if (status === 403) return 'Give the key of "render-api-key" access to this service.';
  return undefined;
}
