import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMessenger, type MessengerOptions } from "../../src/io/messenger.ts";
import type { Delivery } from "../../src/ports.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { startProxy } from "../stand-ins/proxy.ts";
import { startWebService, type WebAnswer, type WebService } from "../stand-ins/web-service.ts";

const KEY = "s3cr3t-of-the-channel-0";
let service: WebService;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  service = await startWebService();
});
afterAll(() => service.close());
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Sent {
  readonly result: Delivery;
  readonly requests: WebService["requests"];
  readonly clock: SimulatedClock;
}

/** Sends one message to a service that answers so, one answer a request, the last one for ever. */
async function sent(
  answers: readonly WebAnswer[],
  {
    url,
    signal,
    ...options
  }: Partial<MessengerOptions> & { readonly url?: string; readonly signal?: AbortSignal } = {},
): Promise<Sent> {
  const clock = simulatedClock();
  const before = service.requests.length;
  service.answerWith(() => answers[Math.min(service.requests.length - before, answers.length) - 1] ?? {});
  const messenger = createMessenger({
    clock,
    redact: createRedactor([KEY]),
    proxyEnv: {},
    random: () => 0.5,
    ...options,
  });
  closers.push(() => messenger.close());
  const result = await messenger.send({
    url: url ?? `${service.url}/services/T0/${KEY}`,
    body: '{"text":"hello"}',
    ...(signal === undefined ? {} : { signal }),
  });
  return { result, requests: service.requests.slice(before), clock };
}

const whyOf = ({ result }: Sent): string => (result.ok ? "" : result.why);

describe("a message that arrives", () => {
  it("is JSON, posted once", async () => {
    const { result, requests } = await sent([{ status: 200, body: "ok" }]);
    expect(result).toEqual({ ok: true });
    expect(requests).toMatchObject([
      {
        method: "POST",
        path: `/services/T0/${KEY}`,
        body: '{"text":"hello"}',
        headers: { "content-type": "application/json", "user-agent": "render-deploy-gate" },
      },
    ]);
  });

  it.each<[string, WebAnswer]>([
    ["500", { status: 500 }],
    ["502", { status: 502 }],
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "7" } }],
    ["408", { status: 408 }],
    ["a reset", { kind: "reset" }],
    ["what is no HTTP", { kind: "garbled" }],
  ])("after %s", async (name, fault) => {
    const { result, requests, clock } = await sent([fault, { status: 204 }]);
    expect(result).toEqual({ ok: true });
    expect(requests).toHaveLength(2);
    expect(clock.sleeps).toEqual([name.startsWith("429") ? 7_500 : 500]);
  });

  it.each<[string, WebAnswer]>([
    ["silence", { kind: "silent" }],
    ["half an answer", { kind: "stall" }],
  ])("after %s", async (_, fault) => {
    const { result, requests, clock } = await sent([fault, { status: 204 }], { tryMs: 150 });
    expect(result).toEqual({ ok: true });
    // A busy machine may need a third try.
    expect(requests.length).toBeGreaterThanOrEqual(2);
    expect(clock.sleeps[0]).toBe(500);
  });

  it("with the credentials of its address, as curl sends them", async () => {
    const { requests } = await sent([{}], { url: service.url.replace("://", "://ops:p%40ss@") });
    expect(requests[0]?.headers["authorization"]).toBe(`Basic ${Buffer.from("ops:p@ss").toString("base64")}`);
  });
});

describe("a message that does not arrive", () => {
  it.each<[string, WebAnswer, string]>([
    ["400", { status: 400, body: "invalid_payload" }, "it answered 400 (invalid_payload)"],
    ["404", { status: 404, body: "no_service" }, "it answered 404 (no_service)"],
    ["403 with a page", { status: 403, body: `<h1>${KEY}</h1>` }, "it answered 403"],
    ["410 that repeats the address", { status: 410, body: `no_${KEY}` }, "it answered 410"],
    ["a redirect", { status: 307, headers: { location: "/elsewhere" } }, "it answered 307"],
    [
      "a redirect to another host",
      { status: 302, headers: { location: "http://evil.test" } },
      "it answered 302",
    ],
    ["501", { status: 501 }, "it answered 501"],
    [
      "a wait that is too long",
      { status: 429, headers: { "retry-after": "3600" } },
      "it answered 429, and asks to wait 3600s",
    ],
  ])("is tried once: %s", async (_, answer, why) => {
    const all = await sent([answer]);
    expect(whyOf(all)).toBe(why);
    expect(all.requests).toHaveLength(1);
  });

  it.each<[string, WebAnswer, RegExp]>([
    ["503", { status: 503 }, /^it answered 503, the last of \d tries over \d+s$/],
    ["a reset", { kind: "reset" }, /^it gave no answer \(\w+\), the last of \d tries over \d+s$/],
  ])("is tried for 20 s: %s", async (_, answer, why) => {
    const all = await sent([answer]);
    expect(whyOf(all)).toMatch(why);
    expect(all.requests.length).toBeGreaterThan(3);
    const waited = all.clock.sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeLessThan(20_000);
    expect(waited).toBeGreaterThan(16_000);
  });

  it("has nobody to take it", async () => {
    const gone = await startWebService();
    await gone.close();
    expect(whyOf(await sent([], { url: `${gone.url}/${KEY}`, overallMs: 1_000 }))).toMatch(
      /^it gave no answer \(ECONNREFUSED\)/,
    );
  });

  it("is given up at once when the job cannot wait", async () => {
    const job = new AbortController();
    job.abort();
    const all = await sent([{ kind: "silent" }], { signal: job.signal });
    expect(whyOf(all)).toBe("it gave no answer (aborted)");
  });

  it("is told of without the secrets that its answer repeats", async () => {
    const redact = createRedactor(["key_of_the_team"]);
    const all = await sent([{ status: 404, body: "no_key_of_the_team" }], { redact });
    expect(whyOf(all)).toBe("it answered 404 (no_***)");
  });
});

it("goes through the environment's proxy", async () => {
  await using proxy = await startProxy();
  proxy.answerWith(() => 403);
  const { result } = await sent([{}], {
    url: `https://hooks.slack.test/${KEY}`,
    proxyEnv: { HTTPS_PROXY: proxy.url },
    overallMs: 100,
  });
  expect(result).toEqual({
    ok: false,
    why: "it gave no answer (proxy-403). Look at the proxy that HTTPS_PROXY or HTTP_PROXY names, or leave the host out with NO_PROXY.",
  });
  expect(proxy.targets[0]).toBe("hooks.slack.test:443");
});
