import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { createDeploys } from "../../src/io/deploys.ts";
import { createForge } from "../../src/io/github.ts";
import { githubRetryOf } from "../../src/io/github-retry.ts";
import { createHttp, type Http } from "../../src/io/http.ts";
import { createLogs } from "../../src/io/logs.ts";
import { createMetrics } from "../../src/io/metrics.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import { createServiceEnv } from "../../src/io/service-env.ts";
import type { Forge } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { ANSWERS, IDS } from "../hostile/answers.ts";
import { simulatedClock } from "../stand-ins/clock.ts";

const clock = simulatedClock();
const sockets = new WebSocketServer({ noServer: true, maxPayload: 0 });
let answering: (response: ServerResponse, url: string) => void;
let greeting: (socket: WebSocket) => void;
let asked: string[] = [];
let api: RenderApi;
let http: Http;
let forge: Forge;

const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
  asked.push(`${request.method} ${request.url}`);
  request.resume();
  // The clock of these tests is a simulated one.
  response.sendDate = false;
  answering(response, request.url ?? "");
});
server.on("upgrade", (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => greeting(opened));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const common = { clock, redact: (text: string) => text, random: () => 0.5, proxyEnv: {} };
  api = createRenderApi({ ...common, apiKey: "key", baseUrl: `${baseUrl}/v1`, readsPerMinute: 10_000 });
  http = createHttp({ ...common, service: "GitHub", baseUrl, headers: {}, retryOf: githubRetryOf });
  forge = createForge({
    owner: "acme",
    repo: "shop",
    apiUrl: baseUrl,
    serverUrl: "https://github.example",
    token: "token",
    fetch: http.fetch,
    redact: common.redact,
    sleep: (ms) => clock.sleep(ms),
  });
});
afterAll(async () => {
  await api.close();
  await http.close();
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const answerWith =
  (status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): typeof answering =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };

const window = { from: Date.UTC(2026, 10, 23), to: Date.UTC(2026, 10, 24) };
const service = { id: "srv-1", ownerId: "tea-1" };
const sha = "a".repeat(40);

/** Calls of every kind of answer that is read, and the address that they may ask for. */
const READS: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
  service: (id) => createDeploys(api).service(id),
  services: () => createDeploys(api).servicesOf("tea-1"),
  domains: (id) => createDeploys(api).customDomains(id),
  deploys: (id) => createDeploys(api).deploys(id, { allPages: true }),
  deploy: (id) => createDeploys(api).deploy("srv-1", id),
  instances: (id) => createDeploys(api).instances(id),
  events: (id) => createDeploys(api).events(id, window),
  trigger: (id) => createDeploys(api).trigger(id, sha),
  rollback: (id) => createDeploys(api).rollback(id, "dep-1"),
  autoDeploy: (id) => createDeploys(api).setAutoDeploy(id, { autoDeploy: "no" }),
  logs: (id) => createLogs(api).read({ ...window, ownerId: "tea-1", serviceId: id, maxLines: 1_000 }),
  metric: (id) => createMetrics(api).read({ ...window, metric: "cpu", resourceId: id, stepMs: 60_000 }),
  databases: () => createMetrics(api).databases("tea-1"),
  variables: (id) => createServiceEnv(api).read({ ...service, id }),
  commit: (id) => forge.commit(id),
  file: (id) => forge.file(id, sha),
  compare: (id) => forge.compare(id, sha),
  tree: (id) => forge.tree(id),
  folder: (id) => forge.folder(id),
  branchHead: (id) => forge.branchHead(id),
  branchRules: (id) => forge.branchRules(id),
  comments: () => forge.commentsOf(1, {}),
  permission: (id) => forge.permissionOf(id),
};

/** The value or ServiceProblem that a call ends with; anything else that it throws goes on. */
async function endOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    expect(error.message).not.toMatch(/[\n\r]/);
    expect(error.message.length).toBeLessThan(2_000);
    return error;
  }
}

describe("an answer to every kind of request", () => {
  it.each(ANSWERS)("may be $what", async ({ body }) => {
    // The larger it is, the fewer ask for it: an order is asked for once, all else again and again.
    const askers =
      body.length > 1_000_000 ? ["trigger"] : body.length > 50_000 ? ["trigger", "tree"] : Object.keys(READS);
    for (const status of body.length > 1_000_000 ? [200] : [200, 422]) {
      answering = answerWith(status, body);
      for (const name of askers) {
        asked = [];
        await endOf(READS[name]!("x"));
        expect(asked.length, name).toBeLessThan(20);
      }
    }
    expect(({} as Readonly<Record<string, unknown>>)["polluted"]).toBeUndefined();
  });

  it("may be far too large, in its body or its headers", async () => {
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    answering = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"logs":[{"id":"a","timestamp":"2026-11-23T10:00:00Z","message":"');
      let left = 64;
      const more = (): void => {
        while (left > 0 && !response.destroyed) {
          left -= 1;
          if (!response.write(megabyte)) return void response.once("drain", more);
        }
        response.end('"}]}');
      };
      more();
    };
    expect(await endOf(READS["logs"]!("srv-1"))).toMatchObject({ failure: { code: "too-large" } });
    expect(asked).toHaveLength(1);

    answering = answerWith(200, "{}", { "x-long": "y".repeat(1024 * 1024) });
    for (const name of ["deploys", "commit"])
      expect(await endOf(READS[name]!("x"))).toMatchObject({ failure: { code: "UND_ERR_HEADERS_OVERFLOW" } });
  });

  it.each(["deploys", "events", "variables"])(
    "may be a page that always has a next one: %s",
    async (name) => {
      let made = 0;
      const at = "2026-11-23T10:00:00Z";
      answering = (response, url) => {
        const rows = Array.from({ length: 100 }, () => {
          made += 1;
          const item = { id: `i${made}`, name: "n", key: `K${made}`, value: "v", ownerId: "o", type: "t" };
          const all = {
            ...item,
            status: "live",
            createdAt: at,
            timestamp: at,
            verificationStatus: "verified",
          };
          const kinds = ["deploy", "event", "service", "customDomain", "postgres", "envVar", "envGroup"];
          return { cursor: `c${made}`, ...Object.fromEntries(kinds.map((kind) => [kind, all])) };
        });
        answerWith(200, JSON.stringify(url.includes("/logs") ? {} : rows))(response, url);
      };
      expect(await endOf(READS[name]!("x"))).toMatchObject({
        message: expect.stringContaining("does not end"),
      });
      expect(asked).toHaveLength(100);
    },
  );
});

describe("an id", () => {
  it.each(IDS)("asks for nothing else: %j", async (id) => {
    answering = answerWith(404, '{"message":"Not Found"}');
    const plain: string[][] = [];
    for (const read of Object.values(READS)) {
      asked = [];
      await endOf(read("PLAIN"));
      plain.push(asked);
    }
    for (const [at, [name, read]] of Object.entries(READS).entries()) {
      asked = [];
      await endOf(read(id));
      // Nothing was asked, or the same with another last word.
      const parts = (one: string): readonly string[] =>
        (one.split("?", 1)[0] ?? "").split("/").map((part) => (part.includes("PLAIN") ? "PLAIN" : part));
      const wanted = plain[at]!.map(parts);
      for (const [nth, one] of asked.entries())
        expect(
          parts(one).map((part, place) => (wanted[nth]?.[place] === "PLAIN" ? "PLAIN" : part)),
          name,
        ).toEqual(wanted[nth]);
    }
  });
});

describe("a message of the log stream", () => {
  const line = { id: "a", timestamp: "2026-11-23T10:00:00Z", message: "good", labels: [] };

  it.each<[string, string | Buffer, boolean]>([
    ["64 MiB", Buffer.alloc(64 * 1024 * 1024, "x"), false],
    ["a list of nothings", `{"logs":[${"0,".repeat(1_900_000)}0]}`, false],
    ["lists in lists", `{"logs":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, false],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), true],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), false],
    ["inherited names", '{"__proto__":{"polluted":1},"logs":{"length":1}}', false],
  ])("may be %s, and is told as a gap", async (_, message, isBinary) => {
    greeting = (socket) => {
      socket.on("error", () => undefined);
      socket.send(message, { binary: isBinary });
      if (message.length < 1_000) socket.send(JSON.stringify(line));
    };
    const stop = new AbortController();
    const down = await new Promise<string>((resolve) => {
      createLogs(api).follow({
        ownerId: "tea-1",
        serviceId: "srv-1",
        signal: stop.signal,
        onLine: () => undefined,
        onUp: () => undefined,
        onDown: (_since, reason) => resolve(reason),
      });
    });
    stop.abort();
    expect(down).toMatch(/could not be read|closed \(/);
    expect(({} as Readonly<Record<string, unknown>>)["polluted"]).toBeUndefined();
  });
});
