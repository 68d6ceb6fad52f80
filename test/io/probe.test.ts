import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silenceOf } from "../../src/io/probe-silence.ts";
import { createProber } from "../../src/io/probe.ts";
import type { HttpAnswer } from "../../src/core/http-sample.ts";
import type { Prober } from "../../src/ports.ts";
import { startWebService } from "../stand-ins/web-service.ts";
import type { WebAnswer, WebService } from "../stand-ins/web-service.ts";

type Request = Parameters<Prober["probe"]>[0];

let service: WebService;

beforeAll(async () => {
  service = await startWebService();
});
afterAll(async () => {
  await service.close();
});

function probe(change: Partial<Request> = {}, env: Record<string, string> = {}): Promise<HttpAnswer> {
  const request = { method: "GET", url: `${service.url}/health`, headers: {}, timeoutMs: 5000 };
  return createProber(env).probe({ ...request, ...change });
}

describe("answers", () => {
  beforeEach(() => service.answerWith(() => ({ body: "ok" })));

  it("brings status, headers in lower case, body and latency", async () => {
    service.answerWith(() => ({
      status: 203,
      headers: { "X-Version": "7", "Set-Cookie": ["a=1", "b=2"] },
      body: '{"status":"ok"}',
    }));
    const answer = await probe();
    expect(answer).toMatchObject({
      kind: "answer",
      status: 203,
      headers: { "x-version": "7", "set-cookie": "a=1, b=2" },
      body: '{"status":"ok"}',
      bodyCut: false,
    });
    expect(answer.latencyMs).toBeGreaterThan(0);
  });

  it("sends method, headers, body and who it is", async () => {
    await probe({ method: "POST", headers: { "X-Key": "k" }, body: "hello" });
    expect(service.requests.at(-1)).toMatchObject({
      method: "POST",
      path: "/health",
      body: "hello",
      headers: { "x-key": "k", "user-agent": "render-deploy-gate" },
    });
  });

  it("lets the user's own User-Agent win", async () => {
    await probe({ headers: { "User-Agent": "mine" } });
    expect(service.requests.at(-1)?.headers["user-agent"]).toBe("mine");
  });

  it.each([301, 302, 307, 308])("does not follow a %i", async (status) => {
    const before = service.requests.length;
    service.answerWith(() => ({ status, headers: { location: "/elsewhere" } }));
    expect(await probe()).toMatchObject({ kind: "answer", status, headers: { location: "/elsewhere" } });
    expect(service.requests.length - before).toBe(1);
  });

  it("reads 256 KiB of a body and says that it was cut", async () => {
    service.answerWith(() => ({ body: "x".repeat(300 * 1024) }));
    const answer = await probe();
    expect(answer).toMatchObject({ kind: "answer", status: 200, bodyCut: true });
    expect(answer.kind === "answer" && answer.body.length).toBe(256 * 1024);
  });

  it("takes a body of exactly 256 KiB whole", async () => {
    service.answerWith(() => ({ body: "x".repeat(256 * 1024) }));
    expect(await probe()).toMatchObject({ kind: "answer", bodyCut: false });
  });

  it("cuts between characters", async () => {
    service.answerWith(() => ({ body: "€".repeat(100_000) }));
    const answer = await probe();
    expect(answer.kind === "answer" && answer.body).toMatch(/^€+$/);
  });

  it("replaces what is not UTF-8", async () => {
    service.answerWith(() => ({ body: new Uint8Array([0x61, 0xff, 0x62]) }));
    expect(await probe()).toMatchObject({ kind: "answer", body: "a\uFFFDb" });
  });

  it("opens a new connection each time", async () => {
    await probe();
    expect(service.requests.at(-1)?.headers["connection"]).toBe("close");
  });
});

describe("silence", () => {
  const rows: { what: string; answer: WebAnswer; timeoutMs?: number; cause: string; reason: RegExp }[] = [
    { what: "a reset", answer: { kind: "reset" }, cause: "refused", reason: /^connection closed .*\(\w+\)$/ },
    {
      what: "no answer in time",
      answer: { kind: "silent" },
      timeoutMs: 50,
      cause: "timeout",
      reason: /^no answer within 50 ms$/,
    },
    {
      what: "a body that does not end",
      answer: { kind: "stall" },
      timeoutMs: 1000,
      cause: "timeout",
      reason: /^the body did not end within 1000 ms after status 200$/,
    },
    {
      what: "an answer that is not HTTP",
      answer: { kind: "garbled" },
      cause: "refused",
      reason: /^the answer is not HTTP \(HPE\w*\)$/,
    },
  ];
  it.each(rows)("$what is $cause", async ({ answer, timeoutMs = 5000, cause, reason }) => {
    const before = service.requests.length;
    service.answerWith(() => answer);
    const probed = await probe({ timeoutMs });
    expect(probed).toMatchObject({ kind: "silence", cause, reason: expect.stringMatching(reason) });
    expect(service.requests.length - before).toBe(1);
  });

  it("a closed port is refused", async () => {
    const gone = await startWebService();
    await gone.close();
    expect(await probe({ url: gone.url })).toMatchObject({
      kind: "silence",
      cause: "refused",
      reason: "connection refused (ECONNREFUSED)",
    });
  });

  it("a certificate that nobody signed is tls", async () => {
    const secure = await startSecure();
    const { port } = secure.address() as AddressInfo;
    expect(await probe({ url: `https://localhost:${port}/` })).toMatchObject({
      kind: "silence",
      cause: "tls",
      reason: expect.stringMatching(
        /^the TLS connection failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. Set NODE_EXTRA_CA_CERTS /,
      ),
    });
    await closed(secure);
  });

  it("an abort is nobody's failure", async () => {
    const abort = new AbortController();
    service.answerWith(() => {
      abort.abort();
      return { kind: "silent" };
    });
    const canceled = { kind: "silence", cause: "network", reason: "canceled" };
    expect(await probe({ signal: abort.signal })).toMatchObject(canceled);
    expect(await probe({ signal: AbortSignal.abort() })).toMatchObject(canceled);
  });

  it.each(["not a url", "ftp://x/", "http://"])("never throws: %s", async (url) => {
    expect(await probe({ url })).toMatchObject({ kind: "silence", cause: "network" });
  });

  it("never throws: a header that no request may carry", async () => {
    expect(await probe({ headers: { "x-a": "b\r\nc: d" } })).toMatchObject({
      kind: "silence",
      cause: "network",
    });
  });
});

describe("what a code means", () => {
  const withCode = (code: string, more: object = {}): Error =>
    Object.assign(new Error("boom"), { code, ...more });
  it.each([
    ["ECONNREFUSED", "refused"],
    ["ECONNRESET", "refused"],
    ["EPIPE", "refused"],
    ["UND_ERR_SOCKET", "refused"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
    ["UND_ERR_BODY_TIMEOUT", "timeout"],
    ["ETIMEDOUT", "timeout"],
    ["ENOTFOUND", "unresolved"],
    ["EAI_AGAIN", "network"],
    ["ENETUNREACH", "network"],
    ["EHOSTUNREACH", "network"],
    ["ENETDOWN", "network"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["EMFILE", "network"],
  ])("%s is %s", (code, cause) => {
    expect(silenceOf(withCode(code), { proxied: false })).toMatchObject({
      cause,
      reason: expect.stringContaining(`(${code})`),
    });
  });

  it.each([
    ["ECONNREFUSED", {}, /^through the proxy: connection refused/],
    ["ECONNRESET", {}, /^through the proxy: connection closed/],
    ["UND_ERR_CONNECT_TIMEOUT", {}, /^through the proxy: no connection in time/],
    ["ABORT", { timeoutMs: 5 }, /^through the proxy: no answer within 5 ms$/],
    ["ABORT", { timeoutMs: 5, status: 200 }, /^through the proxy: the body did not end within 5 ms/],
  ])("behind a proxy %s %j is nobody's failure", (code, about, reason) => {
    const found = silenceOf(withCode(code), { proxied: true, ...about });
    expect(found).toEqual({ cause: "network", reason: expect.stringMatching(reason) });
  });

  it("a code inside undici's own says more", () => {
    const error = withCode("UND_ERR_SOCKET", { cause: withCode("ENOTFOUND") });
    expect(silenceOf(error, { proxied: false }).cause).toBe("unresolved");
  });

  it("with several addresses the service's own refusal says most", () => {
    const error = withCode("ENETUNREACH", { errors: [withCode("ENETUNREACH"), withCode("ECONNREFUSED")] });
    expect(silenceOf(error, { proxied: false }).cause).toBe("refused");
  });
});

describe("a proxy", () => {
  beforeEach(() => service.answerWith(() => ({ body: "direct" })));

  it.each(["127.0.0.1", "*", "example.com,127.0.0.1"])("is not used with NO_PROXY=%s", async (list) => {
    const env = { http_proxy: "http://127.0.0.1:1", NO_PROXY: list };
    expect(await probe({}, env)).toMatchObject({ kind: "answer", body: "direct" });
  });

  it("that refuses is our own network's trouble, not the service's", async () => {
    const gone = await startWebService();
    await gone.close();
    const refused = {
      kind: "silence",
      cause: "network",
      reason: expect.stringMatching(/^the proxy cannot be reached \(ECONNREFUSED\)/),
    };
    expect(await probe({}, { http_proxy: gone.url })).toMatchObject(refused);
    const secure = { url: "https://127.0.0.1:1/" };
    expect(await probe(secure, { https_proxy: gone.url })).toMatchObject(refused);
  });

  it("leaves a direct refusal the service's own", async () => {
    const gone = await startWebService();
    await gone.close();
    const env = { http_proxy: "http://127.0.0.1:1", no_proxy: "127.0.0.1" };
    expect(await probe({ url: gone.url }, env)).toMatchObject({ kind: "silence", cause: "refused" });
  });

  it("that is no url at all does not throw", async () => {
    expect(await probe({}, { http_proxy: "::nonsense::" })).toMatchObject({
      kind: "silence",
      cause: "network",
    });
  });
});

async function startSecure(): Promise<Server> {
  const file = (name: string): Buffer =>
    readFileSync(new URL(`../stand-ins/certificates/${name}`, import.meta.url));
  const server = createHttpsServer({ key: file("localhost.key"), cert: file("localhost.crt") });
  await listening(server);
  return server;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
