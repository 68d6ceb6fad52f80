import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { syncPulls } from "./branches.ts";
import { answerProblems, matchOperation, requestProblems } from "./contract.ts";
import type { Faults } from "../fault-list.ts";
import type { Fault } from "./faults.ts";
import { breakWire, faultyAnswer } from "./faults.ts";
import { executeGraphql, graphqlPath } from "./graphql.ts";
import type { Limits, Resource } from "./limits.ts";
import { ROUTES } from "./routes.ts";
import type { Answer, Site } from "./site.ts";
import { isPull, Refusal } from "./site.ts";
import type { Token } from "./tokens.ts";
import { isPermitted, lacking } from "./tokens.ts";

export interface SeenRequest {
  readonly at: number;
  readonly method: string;
  /** Without base path and query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** 0 while unanswered, and when the answer was lost on purpose. */
  status: number;
  /** The token's name; empty when it is none of ours. */
  readonly token: string;
}

export interface Desk {
  readonly site: Site;
  readonly tokens: ReadonlyMap<string, Token>;
  readonly limits: Limits;
  readonly faults: Faults<Fault>;
  readonly basePath: string;
  readonly requests: SeenRequest[];
  /** Runs what a test planned for a time that has come. */
  readonly settle: () => Promise<void>;
}

interface Inquiry {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly token: Token | undefined;
  readonly media: string;
  readonly headers: IncomingMessage["headers"];
}

const API_VERSIONS = new Set(["2022-11-28", "2026-03-10"]);
const CONTENT =
  /\/(pulls|issues|comments|statuses(\/[^/]+)?|check-runs|deployments|dispatches|requested_reviewers|labels|assignees)$/;
const MAX_BODY_BYTES = 20 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, "Payload Too Large", { violation: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `application/vnd.github.raw+json`, `application/vnd.github.v3.diff`, … to `raw`, `diff`; JSON in all its forms to nothing. */
function mediaOf(accept: string | undefined): string {
  const media = /application\/vnd\.github(?:\.v3)?\.(\w+)/.exec(accept ?? "")?.[1] ?? "";
  return /^(v3|json)$/.test(media) ? "" : media;
}

function tokenOf(desk: Desk, header: string | undefined): Token | undefined {
  return desk.tokens.get(/^(?:bearer|token) (\S+)$/i.exec(header ?? "")?.[1] ?? "");
}

function parseBody(text: string, contentType: string | undefined): unknown {
  if (text === "") return undefined;
  if (!/^application\/json\b/.test(contentType ?? "")) {
    throw new Refusal(422, `a body of type ${contentType ?? "unknown"}`, { violation: true });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal(400, "Problems parsing JSON", { violation: true });
  }
}

function isMutation(body: unknown): boolean {
  return /^\s*mutation\b/.test(String((body as { readonly query?: unknown } | undefined)?.query));
}

function resourceOf(inquiry: Pick<Inquiry, "path">): Resource {
  return inquiry.path === "/graphql" ? "graphql" : "core";
}

/** What every request must have, whatever it asks. Gives its token. */
function admit(desk: Desk, inquiry: Inquiry): Token {
  const { headers, token } = inquiry;
  if (!headers["user-agent"]) {
    throw new Refusal(
      403,
      "Request forbidden by administrative rules. Make sure your request has a User-Agent header.",
      {
        violation: true,
      },
    );
  }
  const version = headers["x-github-api-version"];
  if (version !== undefined && !API_VERSIONS.has(String(version))) {
    throw new Refusal(400, `Version ${String(version)} is not supported`, { violation: true });
  }
  if (headers.authorization === undefined)
    throw new Refusal(401, "Requires authentication", { violation: true });
  if (!token) throw new Refusal(401, "Bad credentials");
  const isQuery = resourceOf(inquiry) === "graphql" && !isMutation(inquiry.body);
  const isWrite = inquiry.method !== "GET" && !isQuery;
  if (inquiry.path !== "/rate_limit") {
    const isContent = inquiry.method === "POST" && CONTENT.test(inquiry.path);
    desk.limits.count(token, { resource: resourceOf(inquiry), points: isWrite ? 5 : 1, isContent });
  }
  return token;
}

function rateLimitAnswer(desk: Desk, token: Token): Answer {
  const core = desk.limits.state(token, "core");
  const graphql = desk.limits.state(token, "graphql");
  const search = { limit: 30, remaining: 30, used: 0, reset: core.reset };
  return { status: 200, body: { resources: { core, graphql, search }, rate: core } };
}

/** Carries out a REST request that has come through the contract; throws Refusal. */
async function answerRest(desk: Desk, inquiry: Inquiry, token: Token): Promise<Answer> {
  const { site } = desk;
  const { method, path, query, media } = inquiry;
  const match = matchOperation(method, path);
  if (!match) throw new Refusal(404, "Not Found", { violation: true });
  const { params } = match;
  const isOurs = params["owner"] === site.owner && params["repo"] === site.repo && token.access;
  if (params["owner"] !== undefined && !isOurs) throw new Refusal(404, "Not Found");
  const wrong = requestProblems(match, inquiry);
  if (wrong.length > 0) {
    throw new Refusal(422, `Invalid request.\n\n${wrong.join("; ")}`, { violation: true });
  }
  if (match.operation.key === "GET /rate_limit") return checked(rateLimitAnswer(desk, token));
  const route = ROUTES.get(match.operation.key);
  if (!route)
    throw new Refusal(501, `${match.operation.key} is not built in this stand-in`, { violation: true });
  const notBuilt = Object.keys(query).find(
    (name) => name !== "page" && name !== "per_page" && !(route.query ?? []).includes(name),
  );
  if (notBuilt !== undefined)
    throw new Refusal(501, `query ${notBuilt} is not built in this stand-in`, { violation: true });
  if (media !== "" && !(route.media ?? []).includes(media)) {
    throw new Refusal(415, `media type ${media} is not built in this stand-in`, { violation: true });
  }
  const isPublicRead = method === "GET" && !site.settings.private;
  if (!isPublicRead && !isPermitted(token, route.permissions)) throw lacking(token, route.permissions);
  if (site.issues.some((issue) => isPull(issue) && issue.state === "open")) await syncPulls(site);
  const body = (inquiry.body ?? {}) as Readonly<Record<string, unknown>>;
  const address = `${site.apiUrl}${path}`;
  let answer: Answer;
  try {
    answer = await route.handle(site, { params, query, body, token, media, address });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    checked(error.answer);
    throw error;
  }
  return checked(answer);

  function checked(given: Answer): Answer {
    const problems = answerProblems(match!, { status: given.status, body: given.body, media });
    if (problems.length > 0) {
      throw new Error(`the answer of ${match!.operation.key} breaks the contract: ${problems.join("; ")}`);
    }
    return given;
  }
}

async function answerOf(
  desk: Desk,
  inquiry: Inquiry,
): Promise<{ readonly answer: Answer; readonly fault?: Fault }> {
  const { site } = desk;
  const name = `${inquiry.method} ${inquiry.path}`;
  const violation = (message: string): void => {
    site.violations.push(`${name}: ${message}`);
  };
  let fault: Fault | undefined;
  try {
    const token = admit(desk, inquiry);
    fault = desk.faults.take(name, site.now());
    if (fault && fault.takesEffect !== true && fault.kind !== "dribble")
      return { answer: faultyAnswer(fault, token, site.now()) ?? { status: 0 }, fault };
    const answer =
      inquiry.path === "/graphql" && inquiry.method === "POST"
        ? await executeGraphql(site, token, { body: inquiry.body, violation })
        : await answerRest(desk, inquiry, token);
    if (!fault) return { answer };
    if (fault.kind === "dribble") return { answer, fault };
    return { answer: faultyAnswer(fault, token, site.now()) ?? { status: 0 }, fault };
  } catch (error) {
    if (error instanceof Refusal) {
      const errors = (error.answer.body as { readonly errors?: unknown }).errors;
      if (error.violation) violation(errors ? `${error.message} ${JSON.stringify(errors)}` : error.message);
      if (!fault || fault.kind === "dribble") return { answer: error.answer };
      return { answer: faultyAnswer(fault, inquiry.token!, site.now()) ?? { status: 0 }, fault };
    }
    violation(
      `the stand-in failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return { answer: { status: 500, body: { message: "the stand-in failed; see violations" } } };
  }
}

function send(
  desk: Desk,
  inquiry: Inquiry,
  reply: {
    readonly answer: Answer;
    readonly response: ServerResponse;
    /** Real ms between two halves of the body. */
    readonly pauseMs?: number | undefined;
  },
): void {
  const { answer, response, pauseMs } = reply;
  const text =
    answer.body === undefined
      ? ""
      : typeof answer.body === "string"
        ? answer.body
        : JSON.stringify(answer.body);
  const etag = `"${createHash("sha1").update(text).digest("hex")}"`;
  const isFresh =
    inquiry.method === "GET" && answer.status === 200 && inquiry.headers["if-none-match"] === etag;
  const status = isFresh ? 304 : answer.status;
  response.writeHead(status, {
    date: new Date(desk.site.now()).toUTCString(),
    ...(inquiry.token && desk.limits.headers(inquiry.token, resourceOf(inquiry))),
    "x-github-request-id": "0000:0000:0000:0000",
    "x-github-media-type": "github.v3; format=json",
    ...(inquiry.method === "GET" && answer.status === 200 && { etag }),
    ...(text !== "" &&
      !isFresh && {
        "content-type":
          typeof answer.body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
      }),
    ...answer.headers,
  });
  if (isFresh || pauseMs === undefined) {
    response.end(isFresh ? undefined : text);
    return;
  }
  const half = Math.floor(text.length / 2);
  response.write(text.slice(0, half));
  setTimeout(() => response.end(text.slice(half)), pauseMs);
}

/** The HTTP server; it does not listen yet. Writes are carried out one after the other. */
export function createApiServer(desk: Desk): Server {
  let turn: Promise<unknown> = Promise.resolve();
  const graphql = graphqlPath(desk.basePath);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", desk.site.apiUrl);
    const { method = "GET", headers } = request;
    const isBelow = url.pathname.startsWith(`${desk.basePath}/`);
    const path =
      url.pathname === graphql
        ? "/graphql"
        : isBelow
          ? url.pathname.slice(desk.basePath.length)
          : url.pathname;
    const token = tokenOf(desk, headers.authorization);
    let body: unknown;
    let early: Refusal | undefined;
    try {
      decodeURIComponent(path);
      body = parseBody(await readBody(request), headers["content-type"]);
      if (!isBelow && path !== "/graphql") early = new Refusal(404, "Not Found", { violation: true });
    } catch (error) {
      early = error instanceof Refusal ? error : new Refusal(400, "Bad Request", { violation: true });
    }
    const query = Object.fromEntries(url.searchParams);
    const inquiry: Inquiry = { method, path, query, body, token, media: mediaOf(headers.accept), headers };
    const seen: SeenRequest = {
      at: desk.site.now(),
      method,
      path,
      query,
      body,
      status: 0,
      token: token?.name ?? "",
    };
    desk.requests.push(seen);
    await desk.settle();
    if (early) {
      desk.site.violations.push(`${method} ${path}: ${early.message}`);
      seen.status = early.answer.status;
      return send(desk, inquiry, { answer: early.answer, response });
    }
    const work = method === "GET" ? answerOf(desk, inquiry) : turn.then(() => answerOf(desk, inquiry));
    if (method !== "GET") turn = work.catch(() => {});
    const { answer, fault } = await work;
    if (fault && answer.status === 0) return breakWire(fault, response);
    seen.status = answer.status;
    const pauseMs = fault?.kind === "dribble" ? (fault.delayMs ?? 50) : undefined;
    send(desk, inquiry, { answer, response, pauseMs });
  };
  return createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      desk.site.violations.push(`the stand-in failed: ${String(error)}`);
      response.destroy();
    });
  });
}
