import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import type { LogLine } from "../../src/core/log-line.ts";
import { createLogs } from "../../src/io/logs.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import type { Clock, LogQuery, Logs } from "../../src/ports.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { sha, startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

const MINUTE = 60_000;
let clock: SimulatedClock;
let render: RenderStandIn;
let api: RenderApi;
let logs: Logs;
let service: { readonly id: string; readonly ownerId: string };
const closers: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  service = render.service({ name: "shop-api" });
  render.serving(service.id, sha("old"), { instances: ["aaaaa"], platformLines: false });
  api = apiAt(render.url);
  logs = createLogs(api, { background: clock.background });
});

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await render.close();
  expect(render.violations).toEqual([]);
});

function apiAt(baseUrl: string): RenderApi {
  const made = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl,
    redact: (text) => text,
    random: () => 0.5,
    proxyEnv: {},
    attemptTimeoutMs: 2_000,
  });
  closers.push(() => made.close());
  return made;
}

function query(options: Partial<LogQuery> = {}): LogQuery {
  const window = { from: clock.now() - 30 * MINUTE, to: clock.now() };
  return { ownerId: service.ownerId, serviceId: service.id, ...window, maxLines: 1_000, ...options };
}

/** Lines `line 0` … one a second, ending now. */
function write(count: number, input: { readonly instance?: string; readonly level?: string } = {}): void {
  const start = clock.now() - count * 1_000;
  for (let index = 0; index < count; index += 1)
    render.log(service.id, { message: `line ${index}`, at: start + index * 1_000, ...input });
}

const messages = (lines: readonly LogLine[]): readonly string[] => lines.map((line) => line.message);
const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

/** Answers of `GET /logs`, one after the other. */
function pages(...bodies: readonly object[]): void {
  for (const body of bodies)
    render.fault({ route: /^GET \/logs$/, kind: "status", status: 200, body, times: 1 });
}

describe("a window", () => {
  it.each(["forward", "backward"] as const)("is read whole, oldest first, %s", async (direction) => {
    write(250);
    const { lines, complete } = await logs.read(query({ direction }));
    expect(messages(lines)).toEqual(numbered(0, 250));
    expect(complete).toBe(true);
    expect(render.requests).toHaveLength(3);
    expect(render.requests[0]?.query.get("limit")).toBe("100");
  });

  it("gives each line with its labels, the exact time and the instance's suffix", async () => {
    const at = clock.now() - 5_000;
    render.log(service.id, { message: "\u001b[31mboom\u001b[0m", level: "error", at, nanos: 456_789 });
    render.log(service.id, { type: "build", message: "==> Building", at: at + 1 });
    render.log(service.id, { type: "platform", message: "==> live", at: at + 2 });
    const { lines } = await logs.read(query());
    expect(lines[0]).toEqual({
      id: expect.stringMatching(/^log-/),
      at,
      timestamp: new Date(at).toISOString().replace("Z", "456789Z"),
      message: "\u001b[31mboom\u001b[0m",
      type: "app",
      level: "error",
      instance: "aaaaa",
    });
    expect(lines[1]).toMatchObject({ type: "build", level: "info" });
    expect(lines[2]).toMatchObject({ type: "app", level: "" });
    for (const line of lines.slice(1)) expect(line).not.toHaveProperty("instance");
  });

  it.each(["forward", "backward"] as const)(
    "with one time at a page's edge loses and doubles none, %s",
    async (direction) => {
      const at = clock.now() - MINUTE;
      for (let index = 0; index < 150; index += 1)
        render.log(service.id, {
          message: `line ${index}`,
          at: at + Math.floor(index / 60),
          twice: index % 7 === 0,
        });
      const { lines } = await logs.read(query({ direction }));
      expect(messages(lines).toSorted()).toEqual(numbered(0, 150).toSorted());
    },
  );

  it("sorts below the millisecond", async () => {
    const at = clock.now() - MINUTE;
    for (const nanos of [900_000, 1, 90, 0]) render.log(service.id, { message: `${nanos}`, at, nanos });
    expect(messages((await logs.read(query())).lines)).toEqual(["0", "1", "90", "900000"]);
  });

  it("asks with repeated keys for every filter", async () => {
    write(3, { level: "error" });
    render.log(service.id, { message: "FATAL: gone", level: "error" });
    const { lines } = await logs.read(
      query({
        types: ["app", "build"],
        levels: ["error", "critical"],
        texts: ["FATAL", "/line [0-1]/"],
        instances: [`${service.id}-aaaaa`, `${service.id}-bbbbb`],
      }),
    );
    expect(messages(lines)).toEqual(["line 0", "line 1", "FATAL: gone"]);
    const sent = render.requests[0]?.query;
    expect(sent?.getAll("type")).toEqual(["app", "build"]);
    expect(sent?.getAll("level")).toEqual(["error", "critical"]);
    expect(sent?.getAll("text")).toEqual(["FATAL", "/line [0-1]/"]);
    expect(sent?.getAll("instance")).toEqual([`${service.id}-aaaaa`, `${service.id}-bbbbb`]);
  });

  it.each([
    ["forward", 120, numbered(0, 120), 2],
    ["backward", 120, numbered(130, 250), 2],
    ["backward", 20, numbered(230, 250), 1],
  ] as const)(
    "%s stops at %i lines and says that it is not complete",
    async (direction, maxLines, expected, calls) => {
      write(250);
      const { lines, complete } = await logs.read(query({ direction, maxLines }));
      expect(messages(lines)).toEqual(expected);
      expect(complete).toBe(false);
      expect(render.requests).toHaveLength(calls);
    },
  );

  it("that holds exactly as many lines as wanted is complete", async () => {
    write(100);
    expect(await logs.read(query({ maxLines: 100 }))).toMatchObject({ complete: true });
  });

  const line = (id: string | null, fields: object = {}): object => ({
    id,
    timestamp: "2026-11-23T09:59:00.5Z",
    message: "m",
    labels: [],
    ...fields,
  });
  const next = {
    hasMore: true,
    nextStartTime: "2026-11-23T09:00:00.123456789Z",
    nextEndTime: "2026-11-23T10:00:00Z",
  };

  it("goes on with the window exactly as it was given", async () => {
    pages({ ...next, logs: [line("a")] }, { hasMore: false, logs: [line("b")] });
    expect((await logs.read(query())).lines).toHaveLength(2);
    expect(render.requests[1]?.query.get("startTime")).toBe(next.nextStartTime);
    expect(render.requests[1]?.query.get("endTime")).toBe(next.nextEndTime);
  });

  it("that never ends is left when it comes round again", async () => {
    pages(...Array.from({ length: 9 }, (_, index) => ({ ...next, logs: [line(`l${index}`)] })));
    expect(await logs.read(query())).toMatchObject({ complete: false });
    expect(render.requests).toHaveLength(2);
  });

  it("that never ends is left when nothing new comes", async () => {
    const moving = (index: number): object => ({
      ...next,
      nextStartTime: `2026-11-23T09:00:00.${1000 + index}Z`,
      logs: [],
    });
    pages(...Array.from({ length: 30 }, (_, index) => moving(index)));
    expect(await logs.read(query())).toEqual({ lines: [], complete: false });
    expect(render.requests).toHaveLength(10);
  });

  it("that has more but does not say where is not complete", async () => {
    pages({ hasMore: true, logs: [line("a")] });
    expect(await logs.read(query())).toMatchObject({ complete: false });
  });

  it("takes null for no lines, and lines without id once by their content", async () => {
    pages({ hasMore: false, logs: null });
    expect(await logs.read(query())).toEqual({ lines: [], complete: true });
    pages({
      hasMore: false,
      logs: [line(null), line(null), line(null, { message: "n" }), line(null, { labels: null })],
    });
    expect(messages((await logs.read(query())).lines)).toEqual(["m", "n"]);
  });

  it("with a malformed line is asked for again", async () => {
    write(2);
    pages({ hasMore: false, logs: [line("a", { timestamp: "now" })] });
    expect(messages((await logs.read(query())).lines)).toEqual(numbered(0, 2));
    expect(render.requests).toHaveLength(2);
  });
});

describe("the budget of log calls", () => {
  it("ten a minute", async () => {
    for (let call = 0; call < 25; call += 1) await logs.read(query());
    const times = render.requests.map((request) => request.at);
    for (const [index, at] of times.entries()) {
      const later = times[index + 10];
      if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(MINUTE);
    }
  });

  it("works where others leave two a minute", async () => {
    render.limits.logs = 2;
    for (let call = 0; call < 5; call += 1)
      expect(await logs.read(query())).toMatchObject({ complete: true });
    expect(clock.now()).toBe(Date.UTC(2026, 10, 23, 10, 2, 0));
    expect(render.requests.map((request) => request.status)).toEqual([200, 200, 200, 200, 200]);
  });
});

interface Heard {
  readonly lines: string[];
  readonly states: string[];
  readonly downs: number[];
  stop(): void;
}

function follow(from: Logs = logs): Heard {
  const abort = new AbortController();
  const heard: Heard = { lines: [], states: [], downs: [], stop: () => abort.abort() };
  closers.push(() => abort.abort());
  from.follow({
    ownerId: service.ownerId,
    serviceId: service.id,
    signal: abort.signal,
    onLine: (line) => heard.lines.push(line.message),
    onUp: () => heard.states.push("up"),
    onDown: (since, reason) => {
      heard.states.push(`down: ${reason}`);
      heard.downs.push(since);
    },
  });
  return heard;
}

/** Real time passes in the sockets; nothing here depends on how much. */
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 2 });

describe("the stream", () => {
  it("brings lines as they are written, late and doubled ones too", async () => {
    const heard = follow();
    await until(() => expect(heard.states).toEqual(["up"]));
    render.log(service.id, { message: "first" });
    render.log(service.id, { message: "late", lateMs: 30_000 });
    await clock.advance(MINUTE);
    await until(() => expect(heard.lines).toEqual(["first", "late"]));
    const opened = render.requests[0];
    expect(opened?.path).toBe("/logs/subscribe");
    expect(Object.fromEntries(opened?.query ?? [])).toEqual({
      ownerId: service.ownerId,
      resource: service.id,
    });
    expect(api.requests()).toBe(1);
  });

  it("comes back after a loss and says since when lines may be missing", async () => {
    const heard = follow();
    await until(() => expect(heard.states).toEqual(["up"]));
    await clock.advance(10_000);
    render.log(service.id, { message: "heard" });
    await until(() => expect(heard.lines).toEqual(["heard"]));
    const lastHeard = clock.now();
    await clock.advance(20_000);
    render.dropSockets();
    await until(() => expect(heard.states).toEqual(["up", "down: closed (code 1006)"]));
    expect(heard.downs).toEqual([lastHeard]);
    await clock.advance(1_000);
    await until(() => expect(heard.states.at(-1)).toBe("up"));
    render.log(service.id, { message: "again" });
    await until(() => expect(heard.lines).toEqual(["heard", "again"]));
  });

  it("tells once of an outage, waits longer each time and opens in the end", async () => {
    render.refuseSockets(503);
    const start = clock.now();
    const waited: number[] = [];
    const background: Clock = {
      now: () => clock.now(),
      sleep(ms, signal) {
        waited.push(ms);
        return clock.background.sleep(ms, signal);
      },
    };
    const heard = follow(createLogs(api, { background }));
    const waits = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000];
    for (const [index, wait] of waits.entries()) {
      await until(() => expect(waited).toEqual(waits.slice(0, index + 1)));
      if (index === waits.length - 1) render.refuseSockets(undefined);
      await clock.advance(wait);
    }
    await until(() => expect(heard.states).toEqual(["down: cannot be opened (status 503)", "up"]));
    expect(heard.downs).toEqual([start]);
    expect(render.requests).toHaveLength(waits.length + 1);
  });

  it("that does not open in time is down", async () => {
    render.fault({ route: /subscribe/, kind: "hang", times: 1 });
    const heard = follow(createLogs(api, { background: clock.background, openTimeoutMs: 30 }));
    await until(() => expect(heard.states).toEqual(["down: not open within 30 ms"]));
    await clock.advance(1_000);
    await until(() => expect(heard.states.at(-1)).toBe("up"));
  });

  it("ends with its signal: nothing is heard afterwards and the socket is gone", async () => {
    const heard = follow();
    await until(() => expect(heard.states).toEqual(["up"]));
    heard.stop();
    await until(() => expect(render.sockets()).toBe(0));
    render.log(service.id, { message: "too late" });
    await clock.advance(MINUTE);
    expect(heard).toMatchObject({ lines: [], states: ["up"] });
    expect(render.requests).toHaveLength(1);
  });

  it("does not open at all when the signal had come before", async () => {
    const abort = new AbortController();
    abort.abort();
    const never = (): never => {
      throw new Error("heard something");
    };
    const { ownerId, id: serviceId } = service;
    logs.follow({ ownerId, serviceId, signal: abort.signal, onLine: never, onUp: never, onDown: never });
    expect(api.requests()).toBe(0);
  });
});

describe("a server of another kind", () => {
  const good = { id: "a", timestamp: "2026-11-23T10:00:00Z", message: "good", labels: [] };

  async function socketServer(
    onOpen: (socket: WebSocket) => void,
  ): Promise<{ url: string; open: () => number }> {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    server.on("connection", onOpen);
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    closers.push(() => {
      for (const client of server.clients) client.terminate();
      http.close();
    });
    const connections = (): number => server.clients.size;
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`, open: connections };
  }

  it("may send several lines at once, and bytes", async () => {
    const { url } = await socketServer((socket) => {
      socket.send(JSON.stringify({ logs: [good, { ...good, id: "b", message: "two" }] }));
      // What another service logs is nothing of this one's.
      const labels = [{ name: "resource", value: "srv-another0123456789ab" }];
      socket.send(JSON.stringify({ ...good, id: "other", labels }));
      socket.send(Buffer.from(JSON.stringify({ ...good, message: "bytes" })));
    });
    const heard = follow(createLogs(apiAt(url), { background: clock.background }));
    await until(() => expect(heard.lines).toEqual(["good", "two", "bytes"]));
    expect(heard.states).toEqual(["up"]);
  });

  it.each(["no JSON", "{}", "42", '{"id":"a","timestamp":"never","message":"m","labels":[]}'])(
    "sends %s: reported as a gap, the stream goes on",
    async (garbled) => {
      const { url } = await socketServer((socket) => {
        socket.send(garbled);
        socket.send(JSON.stringify(good));
      });
      const heard = follow(createLogs(apiAt(url), { background: clock.background }));
      await until(() => expect(heard.lines).toEqual(["good"]));
      expect(heard.states).toEqual(["up", "down: a message could not be read", "up"]);
    },
  );

  it("sends nothing readable: the connection is given up", async () => {
    const { url, open } = await socketServer((socket) => {
      for (let count = 0; count < 50; count += 1) socket.send("?");
    });
    const heard = follow(createLogs(apiAt(url), { background: clock.background }));
    await until(() => expect(heard.downs).toHaveLength(5));
    await until(() => expect(open()).toBe(0));
    expect(heard.downs).toHaveLength(5);
    expect(heard.states.at(-1)).toBe("down: a message could not be read");
  });

  it("never answers the closing frame: the connection is cut", async () => {
    let ended = false;
    const http = createServer();
    http.on("upgrade", (request, socket) => {
      const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash("sha1").update(key).digest("base64");
      const lines = [
        "HTTP/1.1 101 Yes",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${accept}`,
      ];
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      socket.on("error", () => (ended = true));
      socket.on("end", () => (ended = true));
      socket.resume();
      closers.push(() => void socket.destroy());
    });
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    closers.push(() => void http.close());
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
    const heard = follow(createLogs(apiAt(url), { background: clock.background }));
    await until(() => expect(heard.states).toEqual(["up"]));
    heard.stop();
    await until(() => expect(ended).toBe(true));
  });
});
