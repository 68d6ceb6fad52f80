import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { createFetch, createHttp, type Http, type HttpOptions } from "../../src/io/http.ts";
import type { RetryMode } from "../../src/io/retry.ts";
import { ConfigProblem, ServiceProblem } from "../../src/problem.ts";
import { simulatedClock } from "../stand-ins/clock.ts";
import { startProxy } from "../stand-ins/proxy.ts";

const KEY = "rnd_topsecretkey0123456789";
const START = Date.UTC(2026, 10, 23, 10, 0, 0);
const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Step = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers with `body` and that status. */
function answer(
  status: number,
  body: unknown = { message: "no" },
  headers: Record<string, string> = {},
): Step {
  return (_request, response) => {
    response.writeHead(status, {
      "content-type": "application/json",
      "render-request-id": "req-7",
      ...headers,
    });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

const fine = answer(200, { n: 1 });
const reset: Step = (request) => request.socket.resetAndDestroy();
const hang: Step = () => undefined;
const truncated: Step = (_request, response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write('{"n":');
  setImmediate(() => response.destroy());
};
const slowBody: Step = (_request, response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write('{"n":');
};

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** A server that takes one step per request, the last one for ever. */
async function serve(...steps: readonly Step[]): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    const step = steps[Math.min(seen.length, steps.length - 1)];
    seen.push(request);
    request.resume();
    step?.(request, response);
  };
  const server = createServer(listener);
  const port = await listening(server);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}/v1/`, seen };
}

function client(
  baseUrl: string,
  options: Partial<HttpOptions> = {},
): { http: Http; clock: ReturnType<typeof simulatedClock>; sent: () => number } {
  const clock = simulatedClock({ start: START });
  let sent = 0;
  const http = createHttp({
    clock,
    service: "Render",
    baseUrl,
    headers: { authorization: `Bearer ${KEY}` },
    redact: (text) => text.replaceAll(KEY, "***"),
    onRequest: () => {
      sent += 1;
    },
    random: () => 0.5,
    proxyEnv: {},
    ...options,
  });
  closers.push(() => http.close());
  return { http, clock, sent: () => sent };
}

const number = z.object({ n: z.number() });
const get = { method: "GET", path: "/things/1", retry: "safe", schema: number } as const;

async function problemOf(call: Promise<unknown>): Promise<ServiceProblem> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ServiceProblem);
  return error as ServiceProblem;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a request", () => {
  it("goes below the base URL with key, repeated keys and body", async () => {
    const { url, seen } = await serve(answer(201, { n: 7 }));
    const { http } = client(url);
    const found = await http.json({
      ...get,
      method: "POST",
      path: "/things",
      query: { level: ["error", "info"], limit: 5, gone: undefined, text: "a b&c" },
      body: { commitId: "abc" },
      retry: "never",
    });
    expect(found).toEqual({ n: 7 });
    expect(seen[0]?.url).toBe("/v1/things?level=error&level=info&limit=5&text=a+b%26c");
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      "content-type": "application/json",
    });
  });

  it.each([404, 410])("gives undefined for %i when that is asked for, else a problem", async (status) => {
    const { url } = await serve(answer(status, { message: "not found: srv-1" }));
    const { http } = client(url);
    expect(await http.json({ ...get, notFoundIsUndefined: true })).toBeUndefined();
    const problem = await problemOf(http.json(get));
    expect(problem.message).toBe(
      `Render API answered ${status} to GET /things/1 (request id req-7): not found: srv-1`,
    );
    expect(problem.failure).toMatchObject({ service: "Render", status });
  });

  it("hands an empty body to the schema as undefined", async () => {
    const { url } = await serve(answer(202, ""));
    expect(await client(url).http.json({ ...get, schema: number.optional() })).toBeUndefined();
  });

  it("follows a redirect inside the origin and none out of it", async () => {
    const elsewhere = await serve(fine);
    const inside = await serve(answer(301, "", { location: "/v1/moved" }), fine);
    expect(await client(inside.url).http.json(get)).toEqual({ n: 1 });
    expect(inside.seen[1]?.url).toBe("/v1/moved");
    const outside = await serve(answer(302, "", { location: elsewhere.url }));
    expect((await problemOf(client(outside.url).http.json(get))).status).toBe(302);
    expect(elsewhere.seen).toHaveLength(0);
  });

  it("ends as canceled when its signal aborts", async () => {
    const { url, seen } = await serve(answer(503));
    const abort = new AbortController();
    const { http } = client(url, { onRequest: () => abort.abort() });
    const problem = await problemOf(http.json({ ...get, signal: abort.signal }));
    expect(problem.failure.code).toBe("aborted");
    expect(problem.message).toContain("GET /things/1 to the Render API was canceled");
    expect(seen.length).toBeLessThanOrEqual(1);
  });
});

describe("what is repeated", () => {
  const rows: readonly [string, Step, RetryMode, 1 | 2][] = [
    ["503", answer(503), "safe", 2],
    ["500", answer(500), "safe", 2],
    ["408", answer(408), "safe", 2],
    ["429", answer(429), "safe", 2],
    ["403 of a secondary limit", answer(403, {}, { "retry-after": "1" }), "safe", 2],
    ["403 with nothing remaining", answer(403, {}, { "x-ratelimit-remaining": "0" }), "safe", 2],
    ["a reset", reset, "safe", 2],
    ["a time-out", hang, "safe", 2],
    ["a body that does not end", slowBody, "safe", 2],
    ["a truncated body", truncated, "safe", 2],
    ["a page that is no JSON", answer(200, "<html>"), "safe", 2],
    ["JSON of another shape", answer(200, { n: "1" }), "safe", 2],
    ["an empty body", answer(200, ""), "safe", 2],
    ["400", answer(400), "safe", 1],
    ["401", answer(401), "safe", 1],
    ["403 for want of permission", answer(403), "safe", 1],
    ["501", answer(501), "safe", 1],
    ["503", answer(503), "never", 1],
    ["429", answer(429), "never", 1],
    ["a reset", reset, "never", 1],
    ["a time-out", hang, "never", 1],
    ["a garbled success", answer(201, "<html>"), "never", 1],
    ["429", answer(429), "refused-only", 2],
    ["503 with Retry-After", answer(503, {}, { "retry-after": "1" }), "refused-only", 2],
    ["503 without", answer(503), "refused-only", 1],
    ["502", answer(502), "refused-only", 1],
    ["a reset", reset, "refused-only", 1],
    ["a time-out", hang, "refused-only", 1],
    ["a garbled success", answer(201, "<html>"), "refused-only", 1],
  ];
  const named = rows.map(([what, first, retry, requests]) => ({ what, first, retry, requests }));
  it.each(named)("$what, $retry: $requests", async ({ first, retry, requests }) => {
    const { url, seen } = await serve(first, fine);
    const { http, sent } = client(url, {
      attemptTimeoutMs: first === hang || first === slowBody ? 60 : 5_000,
    });
    const call = http.json({ ...get, retry });
    if (requests === 2) expect(await call).toEqual({ n: 1 });
    else await problemOf(call);
    expect(seen).toHaveLength(requests);
    expect(sent()).toBe(requests);
  });

  it.each(["safe", "never", "refused-only"] as const)("a refused connection, with %s", async (retry) => {
    const port = await closedPort();
    const server = createServer(fine);
    const clock = simulatedClock({ start: START });
    const http = createHttp({
      clock: {
        now: () => clock.now(),
        // The server comes up during the first wait.
        sleep: (ms) =>
          new Promise((resolve) => {
            server.listen(port, "127.0.0.1", () => resolve(clock.sleep(ms)));
          }),
      },
      service: "Render",
      baseUrl: `http://127.0.0.1:${port}/v1`,
      headers: {},
      redact: (text) => text,
      proxyEnv: {},
    });
    closers.push(() => http.close());
    closers.push(() => void server.close());
    expect(await http.json({ ...get, retry })).toEqual({ n: 1 });
  });

  it("does not repeat an answer over the size cap, and stops reading it", async () => {
    let written = 0;
    const endless: Step = (_request, response) => {
      const more = (): void => {
        written += 1;
        if (!response.destroyed && response.write("x".repeat(65_536))) setImmediate(more);
        else response.once("drain", more);
      };
      response.writeHead(200);
      more();
    };
    const { url, seen } = await serve(endless);
    const problem = await problemOf(client(url, { maxBytes: 1_000_000 }).http.json(get));
    expect(problem.failure.code).toBe("too-large");
    expect(problem.message).toContain("larger than 1000000 bytes");
    expect(seen).toHaveLength(1);
    expect(written).toBeLessThan(2_000);
  });
});

describe("how long is waited", () => {
  const rows: readonly [string, number, Record<string, string>, number][] = [
    ["Retry-After in seconds", 429, { "retry-after": "7" }, 7_500],
    ["Retry-After as a date", 503, { "retry-after": "Mon, 23 Nov 2026 10:00:20 GMT" }, 20_500],
    ["Retry-After before the reset", 429, { "retry-after": "3", "ratelimit-reset": "50" }, 3_500],
    [
      "Ratelimit-Reset as seconds to go",
      429,
      { "ratelimit-limit": "30, 30", "ratelimit-reset": "12" },
      12_500,
    ],
    ["Ratelimit-Reset as epoch", 429, { "ratelimit-reset": String(START / 1000 + 9) }, 9_500],
    [
      "GitHub's reset when nothing remains",
      403,
      {
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(START / 1000 + 5),
      },
      5_500,
    ],
    ["nothing said: half of the first second", 429, {}, 500],
    ["nonsense", 429, { "retry-after": "soon" }, 500],
    ["a reset is no order on a 503", 503, { "ratelimit-reset": "12" }, 500],
    ["zero seconds", 429, { "retry-after": "0" }, 1_500],
  ];
  it.each(rows)("%s", async (_what, status, headers, waited) => {
    const { url } = await serve(answer(status, {}, headers), fine);
    const { http, clock } = client(url);
    await http.json(get);
    expect(clock.sleeps).toEqual([waited]);
  });

  it("a minute after a secondary limit of GitHub that names no time", async () => {
    const limited = answer(
      403,
      { message: "You have exceeded a secondary rate limit" },
      { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4000", "x-ratelimit-reset": "1" },
    );
    const { url } = await serve(limited, fine);
    const { http, clock } = client(url, { overallMs: 90_000 });
    await http.json(get);
    expect(clock.sleeps).toEqual([60_500]);
  });

  it("doubles, with full jitter, until the overall time is used up", async () => {
    const { url, seen } = await serve(answer(503));
    const { http, clock } = client(url, { overallMs: 40_000 });
    const problem = await problemOf(http.json(get));
    expect(clock.sleeps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000]);
    expect(seen).toHaveLength(7);
    expect(problem.message).toBe(
      "Render API answered 503 to GET /things/1 7 times over 31s (request id req-7): no",
    );
  });

  it("ends even when the jitter is always nothing", async () => {
    const { url, seen } = await serve(answer(503));
    const { http } = client(url, { overallMs: 1_000, random: () => 0 });
    await problemOf(http.json(get));
    expect(seen).toHaveLength(10);
  });

  it("gives up at once when it is asked to wait too long, and says so", async () => {
    const { url, seen } = await serve(answer(429, {}, { "retry-after": "300" }));
    const { http, clock } = client(url);
    const problem = await problemOf(http.json(get));
    expect(seen).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
    expect(problem.message).toContain("answered 429 to GET /things/1; it asks to wait 300s, longer than");
    expect(problem.failure).toMatchObject({ status: 429, code: "rate-limited" });
  });

  it("with patience, waits that are asked for count apart, up to so much", async () => {
    const limited = answer(403, {}, { "retry-after": "60" });
    const { url, seen } = await serve(limited, limited, fine);
    const { http, clock } = client(url, { patienceMs: 130_000 });
    expect(await http.json(get)).toEqual({ n: 1 });
    expect(clock.sleeps).toEqual([60_500, 60_500]);
    const again = await serve(limited);
    await problemOf(client(again.url, { patienceMs: 130_000 }).http.json(get));
    expect([seen.length, again.seen.length]).toEqual([3, 3]);
  });

  it("waiting for one's own budget costs nothing of the overall time", async () => {
    const { url } = await serve(fine);
    const { http, clock } = client(url, { pace: () => 500_000, overallMs: 1_000 });
    expect(await http.json(get)).toEqual({ n: 1 });
    expect(clock.sleeps).toEqual([500_000]);
  });
});

describe("the problem", () => {
  it("counts the other failures too", async () => {
    const { url } = await serve(
      answer(502),
      reset,
      answer(200, "<html>"),
      answer(200, "<html>"),
      answer(401),
    );
    const problem = await problemOf(client(url).http.json(get));
    expect(problem.message).toMatch(
      /^Render API answered 401 to GET \/things\/1 once over \d+s, besides 502 once, (ECONNRESET|UND_ERR_SOCKET) once, garbled 2 times/,
    );
  });

  it("says what could not be read", async () => {
    const { url } = await serve(answer(200, { n: "1" }));
    const problem = await problemOf(client(url, { overallMs: 1 }).http.json(get));
    expect(problem.message).toMatch(/^Render API answered 200 to GET \/things\/1, but unreadably \(at n: /);
    expect(problem.failure.code).toBe("garbled");
  });

  it("names the system's code when nothing answered", async () => {
    const port = await closedPort();
    const { http } = client(`http://127.0.0.1:${port}`, { overallMs: 3_000 });
    const problem = await problemOf(http.json(get));
    expect(problem.failure.code).toBe("ECONNREFUSED");
    expect(problem.status).toBeUndefined();
    expect(problem.message).toContain("Render API gave no usable answer to GET /things/1 (ECONNREFUSED:");
  });

  it("holds neither the key nor control characters, and is cut", async () => {
    const echo: Step = (request, response) => {
      const text = `\u001b[31m::error::${request.headers.authorization} ${"y".repeat(9_000)}`;
      answer(400, { message: text })(request, response);
    };
    const { url } = await serve(echo);
    const { failure, message } = await problemOf(client(url).http.json({ ...get, path: `/things/${KEY}` }));
    for (const text of [message, failure.body ?? ""]) expect(text).not.toContain(KEY);
    expect(message).not.toMatch(/[\u0000-\u001f]/);
    expect(message.length).toBeLessThan(700);
    expect(failure.body).toMatch(/… \(cut\)$/);
  });

  it("carries GitHub's request id, permissions and the hint of the edge", async () => {
    const { url } = await serve(
      answer(
        403,
        { message: "Resource not accessible" },
        { "x-accepted-github-permissions": "checks=write" },
      ),
    );
    const { http } = client(url, { service: "GitHub", hint: (status) => `do ${status}` });
    const { failure } = await problemOf(http.json(get));
    expect(failure).toMatchObject({ service: "GitHub", acceptedPermissions: "checks=write", hint: "do 403" });
  });
});

describe("remaining", () => {
  it("is what the last answer told, with doubled values and both kinds of reset", async () => {
    const { url } = await serve(
      answer(
        200,
        { n: 1 },
        { "ratelimit-limit": "500, 500", "ratelimit-remaining": "12", "ratelimit-reset": "30" },
      ),
      answer(
        200,
        { n: 1 },
        { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "9", "x-ratelimit-reset": "1800000000" },
      ),
      fine,
    );
    const { http } = client(url);
    expect(http.remaining()).toEqual({});
    await http.json(get);
    expect(http.remaining()).toEqual({ limit: 500, remaining: 12, resetAt: START + 30_000 });
    await http.json(get);
    expect(http.remaining()).toEqual({ limit: 1000, remaining: 9, resetAt: 1_800_000_000_000 });
    await http.json(get);
    expect(http.remaining()).toEqual({});
  });
});

describe("fetch for Octokit", () => {
  const fetchOf = (baseUrl: string, options: Partial<HttpOptions> = {}): ReturnType<typeof createFetch> =>
    createFetch({
      clock: simulatedClock({ start: START }),
      service: "GitHub",
      baseUrl,
      headers: { "user-agent": "gate" },
      redact: (text) => text.replaceAll(KEY, "***"),
      random: () => 0.5,
      proxyEnv: {},
      ...options,
    });

  it("gives a Response with status, headers, url and body", async () => {
    const { url, seen } = await serve(
      answer(422, { message: "Validation Failed" }, { link: "<x>; rel=next" }),
    );
    const response = await fetchOf(url)(`${url}repos/a/b/pulls`, {
      method: "POST",
      body: '{"title":"t"}',
      headers: { authorization: `token ${KEY}` },
    });
    expect(response.status).toBe(422);
    expect(response.url).toBe(`${url}repos/a/b/pulls`);
    expect(response.headers.get("link")).toBe("<x>; rel=next");
    expect(await response.json()).toEqual({ message: "Validation Failed" });
    expect(seen[0]?.headers).toMatchObject({ authorization: `token ${KEY}`, "user-agent": "gate" });
  });

  it.each([204, 304])("gives %i without a body", async (status) => {
    const { url } = await serve(answer(status, ""));
    expect((await fetchOf(url)(`${url}x`)).status).toBe(status);
  });

  it("repeats by the callback's word", async () => {
    const modes: string[] = [];
    const { url, seen } = await serve(answer(502), fine, answer(502), fine);
    const fetch = fetchOf(url, {
      retryOf: (method, target) => {
        modes.push(`${method} ${target.pathname}`);
        return method === "PATCH" ? "safe" : "never";
      },
    });
    expect(await (await fetch(`${url}check`, { method: "patch" })).json()).toEqual({ n: 1 });
    const problem = await problemOf(fetch(`${url}check`, { method: "POST" }));
    expect(problem.message).toBe("GitHub API answered 502 to POST /check (request id req-7): no");
    expect(modes).toEqual(["PATCH /v1/check", "POST /v1/check"]);
    expect(seen).toHaveLength(3);
  });

  it("repeats GET and nothing else by default, and a JSON answer that is none", async () => {
    const { url, seen } = await serve(answer(200, "{"), fine);
    expect(await (await fetchOf(url)(`${url}x`)).json()).toEqual({ n: 1 });
    expect(seen).toHaveLength(2);
  });

  it("sends its own headers to its own origin only", async () => {
    const [own, other] = [await serve(fine), await serve(fine)];
    await fetchOf(own.url, { headers: { authorization: KEY } })(`${other.url}x`);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });
});

describe("the proxy of the environment", () => {
  it("refuses a tunnel: what was never sent is repeated, whatever it is", async () => {
    await using proxy = await startProxy();
    proxy.answerWith(() => 403);
    const { http } = client("https://api.example.test/v1", {
      proxyEnv: { https_proxy: proxy.url },
      overallMs: 1_000,
    });
    const problem = await problemOf(http.json({ ...get, retry: "never" }));
    expect(proxy.targets).toEqual(["api.example.test:443", "api.example.test:443"]);
    expect(problem.message).toContain("the proxy answered 403 to CONNECT api.example.test:443");
  });

  it("that is no address is the user's to fix, and is not shown", () => {
    const make = (): unknown => client("https://x.test", { proxyEnv: { HTTPS_PROXY: `no proxy ${KEY}` } });
    expect(make).toThrow(ConfigProblem);
    expect(make).not.toThrow(new RegExp(KEY));
  });
});
