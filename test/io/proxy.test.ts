import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { createDispatcher, hasProxy, proxySecrets, type Environment } from "../../src/io/dispatcher.ts";
import { createHttp } from "../../src/io/http.ts";
import { followLogs } from "../../src/io/log-stream.ts";
import { createMessenger } from "../../src/io/messenger.ts";
import { createProber } from "../../src/io/probe.ts";
import { createRenderApi } from "../../src/io/render-api.ts";
import { exchange } from "../../src/io/transport.ts";
import { ConfigProblem, ServiceProblem } from "../../src/problem.ts";
import { simulatedClock } from "../stand-ins/clock.ts";
import { startProxy, type Proxy, type ProxyAnswer } from "../stand-ins/proxy.ts";
import { AUTHORITY_FILE, startSecureFront, type SecureFront } from "../stand-ins/secure.ts";
import { startWebService, type WebService } from "../stand-ins/web-service.ts";

/** As NODE_EXTRA_CA_CERTS does when Node starts. */
const known = getCACertificates("default");
const trust = (isTrusted: boolean): void =>
  setDefaultCACertificates(isTrusted ? [...known, readFileSync(AUTHORITY_FILE, "utf8")] : known);

let service: WebService;
let front: SecureFront;
let proxy: Proxy;
let secured: Proxy;

beforeAll(async () => {
  trust(true);
  service = await startWebService({ answers: () => ({ body: '{"n":1}' }) });
  front = await startSecureFront(service.port);
  proxy = await startProxy();
  secured = await startProxy({ isSecure: true, user: "gate:p@ss/word" });
});
afterEach(() => {
  trust(true);
  proxy.answerWith(() => "tunnel");
});
afterAll(async () => {
  trust(false);
  await Promise.all([proxy[Symbol.asyncDispose](), secured[Symbol.asyncDispose](), front.close()]);
  await service.close();
});

/** A name that only the proxy knows. */
const target = (): string => `https://web.gate.test:${front.port}`;
const through = (): Environment => ({ HTTPS_PROXY: proxy.url });
const same = (text: string): string => text;

/** Real time of one attempt, ms: long for a loaded machine, short where nothing is to come. */
const ENOUGH_MS = 10_000;
const SHORT_MS = 300;

type Way = (url: string, env: Environment, attemptMs?: number) => Promise<string>;

/** What each edge makes of the way to `url`: "ok", or the words of its trouble. */
const EDGES: Readonly<Record<string, Way>> = {
  async rest(url, proxyEnv, attemptMs = ENOUGH_MS) {
    const clock = simulatedClock();
    const http = createHttp({
      clock,
      service: "Render",
      baseUrl: url,
      headers: {},
      redact: same,
      proxyEnv,
      attemptTimeoutMs: attemptMs,
      overallMs: attemptMs,
    });
    try {
      await http.json({ method: "GET", path: "/thing", retry: "safe", schema: z.object({ n: z.number() }) });
      return "ok";
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return `${error.message}. ${error.failure.hint ?? ""}`;
    } finally {
      await http.close();
    }
  },
  async prober(url, env, attemptMs = ENOUGH_MS) {
    const answer = await createProber(env).probe({ method: "GET", url, headers: {}, timeoutMs: attemptMs });
    return answer.kind === "answer" ? "ok" : `${answer.cause}: ${answer.reason}`;
  },
  async message(url, proxyEnv, attemptMs = ENOUGH_MS) {
    const messenger = createMessenger({
      clock: simulatedClock(),
      redact: same,
      proxyEnv,
      overallMs: attemptMs,
      tryMs: attemptMs,
    });
    const delivery = await messenger.send({ url, body: "{}" });
    await messenger.close();
    return delivery.ok ? "ok" : delivery.why;
  },
  async stream(url, proxyEnv, attemptMs = ENOUGH_MS) {
    const clock = simulatedClock();
    const api = createRenderApi({
      clock,
      apiKey: "rnd_0123456789",
      baseUrl: url,
      redact: same,
      proxyEnv,
      attemptTimeoutMs: attemptMs,
    });
    const stop = new AbortController();
    const why = await new Promise<string>((resolve) => {
      followLogs(
        api,
        { clock, openTimeoutMs: attemptMs },
        {
          ownerId: "tea-1",
          serviceId: "srv-1",
          signal: stop.signal,
          onLine: () => undefined,
          onUp: () => resolve("ok"),
          onDown: (_at, reason) => resolve(reason),
        },
      );
    });
    stop.abort();
    await api.close();
    return why;
  },
};

describe("a tunnel to a server behind TLS", () => {
  it.each(["rest", "prober", "message"])("%s: http and https proxies, with a user", async (edge) => {
    expect(await EDGES[edge]?.(target(), through())).toBe("ok");
    expect(proxy.targets.at(-1)).toBe(`web.gate.test:${front.port}`);
    const env = { https_proxy: secured.url.replace("//", "//gate:p%40ss%2Fword@") };
    expect(await EDGES[edge]?.(target(), env)).toBe("ok");
    expect(secured.users.at(-1)).toBe("gate:p@ss/word");
  });

  it("is asked for http:// addresses, too: whatever answers is the server", async () => {
    for (const edge of ["rest", "prober", "message"])
      expect(await EDGES[edge]?.(`http://web.gate.test:${service.port}`, { HTTP_PROXY: proxy.url })).toBe(
        "ok",
      );
    expect(proxy.forwards).toEqual([]);
  });

  it.each(Object.keys(EDGES))("%s: an unknown authority names the variable", async (edge) => {
    trust(false);
    const words = await EDGES[edge]?.(target(), through());
    expect(words).toMatch(/UNABLE_TO_VERIFY_LEAF|SELF_SIGNED|unable to verify|self-signed/i);
    expect(words).toContain("NODE_EXTRA_CA_CERTS");
    const direct = await EDGES[edge]?.(`https://localhost:${front.port}`, {});
    expect(direct).toContain("NODE_EXTRA_CA_CERTS");
    const own = await EDGES[edge]?.(target(), { HTTPS_PROXY: secured.url });
    expect(own).toMatch(/(?:TLS connection to the proxy failed|proxy-SELF_SIGNED).*NODE_EXTRA_CA_CERTS/);
  });
});

describe("a proxy in trouble", () => {
  const rows: readonly { readonly answer: ProxyAnswer; readonly says: RegExp }[] = [
    { answer: 407, says: /answered 407 to CONNECT .*asks for a user and password/ },
    { answer: 403, says: /answered 403 to CONNECT .*NO_PROXY/ },
    { answer: 502, says: /answered 502 to CONNECT .*NO_PROXY/ },
    { answer: "close", says: /proxy closed the connection before the tunnel stood .*NO_PROXY/ },
    { answer: "garbage", says: /proxy's answer is not HTTP.*NO_PROXY/ },
    { answer: "hang", says: /(?:opened no tunnel|no answer) within \d00 ms/ },
    { answer: "mute", says: /within \d00 ?ms|CONNECT_TIMEOUT|Connect Timeout/ },
    { answer: "cut", says: /(?:UND_ERR_SOCKET|ECONNRESET|disconnected)/i },
    { answer: "noise", says: /(?:ERR_SSL|EPROTO|wrong version)/i },
  ];
  const cases = rows.flatMap((row) => Object.keys(EDGES).map((edge) => ({ ...row, edge })));

  it.each(cases)("$answer: $edge", async ({ answer, says, edge }) => {
    proxy.answerWith(() => answer);
    const attemptMs = answer === "hang" || answer === "mute" ? SHORT_MS : ENOUGH_MS;
    const words = (await EDGES[edge]?.(target(), through(), attemptMs)) ?? "";
    expect(words).not.toBe("ok");
    // A message's address is a secret, so little is said of the way to it.
    if (edge === "message")
      expect(words).toMatch(/gave no answer \((?:proxy-\w+\).* .*PROXY|timeout|UND_ERR|E[A-Z]+)/);
    else if (edge === "stream")
      expect(words).toMatch(new RegExp(`${says.source}|not open within 300 ms`, "i"));
    else expect(words).toMatch(says);
    if (edge === "rest") expect(words).toMatch(/proxy/i);
    // Only refused and timeout would count against the service.
    if (edge === "prober") expect(words).toMatch(/^(?:network|tls): /);
  });

  it("that comes to itself again is used again", async () => {
    for (const answer of ["hang", "mute", "cut", 502] as const) {
      let asked = 0;
      proxy.answerWith(() => ((asked += 1) === 1 ? answer : "tunnel"));
      const http = createHttp({
        clock: simulatedClock(),
        service: "Render",
        baseUrl: target(),
        headers: {},
        redact: same,
        proxyEnv: through(),
        attemptTimeoutMs: 600,
      });
      const schema = z.object({ n: z.number() });
      await expect(http.json({ method: "GET", path: "/thing", retry: "safe", schema })).resolves.toEqual({
        n: 1,
      });
      await http.close();
    }
  });

  it("whose password is wrong says so, and never the password", async () => {
    for (const edge of Object.keys(EDGES)) {
      const words = await EDGES[edge]?.(target(), {
        HTTPS_PROXY: secured.url.replace("//", "//gate:hunter2@"),
      });
      expect(words).toMatch(/407.*does not accept the user and password/);
      expect(words).not.toMatch(/hunter2|Z2F0ZTpodW50ZXIy/);
    }
  });
});

describe("the variables", () => {
  const gone = "http://127.0.0.1:9";
  const byAddress = (): string => secured.url.replace("//localhost", "//gate:p%40ss%2Fword@127.0.0.1");
  const cases: readonly { readonly title: string; readonly env: () => Environment }[] = [
    { title: "HTTPS_PROXY", env: () => ({ HTTPS_PROXY: proxy.url }) },
    {
      title: "https_proxy wins over HTTPS_PROXY",
      env: () => ({ https_proxy: proxy.url, HTTPS_PROXY: gone }),
    },
    { title: "an empty https_proxy is none", env: () => ({ https_proxy: "", HTTPS_PROXY: proxy.url }) },
    { title: "HTTP_PROXY where there is no other", env: () => ({ HTTP_PROXY: proxy.url }) },
    { title: "HTTPS_PROXY before HTTP_PROXY", env: () => ({ HTTPS_PROXY: proxy.url, HTTP_PROXY: gone }) },
    { title: "without http://", env: () => ({ HTTPS_PROXY: proxy.url.replace("http://", "") }) },
    { title: "https:// by an address", env: () => ({ HTTPS_PROXY: byAddress() }) },
    { title: "with blanks and a slash", env: () => ({ HTTPS_PROXY: ` ${proxy.url}/ ` }) },
  ];
  it.each(cases)("$title", async ({ env }) => {
    expect(hasProxy(env())).toBe(true);
    expect(await EDGES["rest"]?.(target(), env())).toBe("ok");
    expect(await EDGES["prober"]?.(target(), env())).toBe("ok");
  });

  it.each([
    "ftp:hunter2@nowhere:x",
    "socks5://u:hunter2@localhost:1080",
    "http://u:hunter2%@host:1",
    "http://u:hunter2@",
  ])("no address of an HTTP proxy, and not shown: %s", (value) => {
    for (const make of [
      () => createDispatcher({ HTTPS_PROXY: value }, { attemptMs: 1 }),
      () => proxySecrets({ http_proxy: value }),
    ]) {
      expect(make).toThrow(ConfigProblem);
      expect(make).not.toThrow(/hunter2/);
    }
  });

  it.each([
    ["http://host:1", []],
    ["http://user:pass@host:1", ["pass", "pass", btoa("user:pass")]],
    ["https://user:p%40ss@host:1", ["p%40ss", "p@ss", btoa("user:p@ss")]],
    ["http://token@host:1", ["token", "token", btoa("token:")]],
  ])("the secrets of %s", (value, secrets) => {
    expect(proxySecrets({ HTTPS_PROXY: value })).toEqual(secrets);
  });
});

describe("NO_PROXY", () => {
  it.each([
    ["web.gate.test", true],
    ["WEB.gate.TEST", true],
    [".gate.test", true],
    ["gate.test", true],
    ["*.gate.test", true],
    ["*", true],
    ["example.com, web.gate.test", true],
    ["example.com web.gate.test", true],
    ["web.gate.test:443", true],
    ["web.gate.test:8443", false],
    ["eb.gate.test", false],
    ["gate.test.example", false],
    ["", false],
  ])("%j leaves the host out: %s", async (NO_PROXY, isDirect) => {
    expect(await asked("https://web.gate.test/", NO_PROXY)).toBe(isDirect ? 0 : 1);
  });

  it.each([
    ["127.0.0.1", true],
    ["127.0.0.1:9", true],
    ["127.0.0.0/8", false],
    ["127.", false],
  ])("%j leaves 127.0.0.1 out: %s", async (NO_PROXY, isDirect) => {
    expect(await asked("http://127.0.0.1:9/", NO_PROXY)).toBe(isDirect ? 0 : 1);
  });

  /** How often the proxy was asked for a tunnel. */
  async function asked(url: string, noProxy: string): Promise<number> {
    proxy.answerWith(() => 403);
    const before = proxy.targets.length;
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: noProxy };
    const dispatcher = createDispatcher(env, { attemptMs: 200 });
    const outgoing = { method: "GET", url: new URL(url), headers: {}, timeoutMs: 200, maxBytes: 1 };
    await exchange(dispatcher, outgoing);
    await dispatcher.destroy();
    return proxy.targets.length - before;
  }
});
