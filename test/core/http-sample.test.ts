import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/check.ts";
import { findingOf } from "../../src/core/finding.ts";
import { bodyValue, httpSample, type HttpAnswer } from "../../src/core/http-sample.ts";
import { conditions, givenCheck, givenContext, T0 } from "./given.ts";

type Answered = Extract<HttpAnswer, { kind: "answer" }>;
const answer = (status: number, over: Partial<Answered> = {}): Answered => ({
  kind: "answer",
  status,
  latencyMs: 12.4,
  headers: {},
  body: "",
  bodyCut: false,
  ...over,
});
const silence = (cause: Extract<HttpAnswer, { kind: "silence" }>["cause"]): HttpAnswer => ({
  kind: "silence",
  latencyMs: 3,
  cause,
  reason: `it was ${cause}`,
});
const source = { kind: "http", url: "/health", method: "GET", headers: {}, timeoutMs: 5_000 } as const;
const http = (over: Partial<Check>): Check => givenCheck({ name: "health", source, ...over });
const DEFAULT = http({ pass: conditions("status between 200 and 299") });

interface About {
  readonly isOwnHost?: boolean;
  readonly excuse?: string;
}
const sampleOf = (given: HttpAnswer, check: Check = DEFAULT, { isOwnHost = true, excuse }: About = {}) =>
  httpSample(check, given, {
    at: T0,
    what: "GET /health",
    isOwnHost,
    keep: (text) => text.replaceAll("hunter2", "***"),
    ...(excuse === undefined ? {} : { excuse }),
  });
const outcomeOf = (given: HttpAnswer, check?: Check, about?: About) =>
  findingOf(check ?? DEFAULT, sampleOf(given, check, about), givenContext()).outcome;

describe("failure or error", () => {
  const other = { isOwnHost: false };
  const excuse = "the service is suspended";
  const rows: readonly (readonly [string, HttpAnswer, About, string])[] = [
    ["200", answer(200), {}, "pass"],
    ["404 is what the service says", answer(404), {}, "fail"],
    ["no redirect is followed: 302 is what was said", answer(302), {}, "fail"],
    ["refused or reset: a failure", silence("refused"), {}, "fail"],
    ["time-out: a failure", silence("timeout"), {}, "fail"],
    ["5xx from the service's own host: a failure", answer(503), {}, "fail"],
    [
      "502 of the edge because nothing answers behind it: a failure",
      answer(502, { headers: { "x-render-routing": "no-server" } }),
      {},
      "fail",
    ],
    ["429: an error", answer(429), {}, "error"],
    ["an edge challenge: an error", answer(403, { headers: { "cf-mitigated": "challenge" } }), {}, "error"],
    [
      "an edge challenge with 503: an error",
      answer(503, { headers: { "cf-mitigated": "challenge" } }),
      {},
      "error",
    ],
    ["the name does not resolve: our side", silence("unresolved"), {}, "error"],
    ["the runner's own network: an error", silence("network"), {}, "error"],
    ["a certificate: an error", silence("tls"), {}, "error"],
    ["other hosts, refused: an error", silence("refused"), other, "error"],
    ["other hosts, time-out: an error", silence("timeout"), other, "error"],
    ["other hosts, 5xx: an error", answer(500), other, "error"],
    ["other hosts, 404: what they say", answer(404), other, "fail"],
    ["other hosts, 200", answer(200), other, "pass"],
    ["suspended or maintenance explains the silence: an error", silence("refused"), { excuse }, "error"],
    ["suspended or maintenance explains the 503: an error", answer(503), { excuse }, "error"],
    ["an excuse explains no answer below 500", answer(404), { excuse }, "fail"],
  ];
  it.each(rows)("%s", (_rule, given, about, outcome) =>
    expect(outcomeOf(given, undefined, about)).toBe(outcome),
  );

  it("the excuse is told", () => {
    expect(sampleOf(silence("refused"), DEFAULT, { excuse })).toMatchObject({
      reason: `GET /health: it was refused (${excuse})`,
    });
    expect(sampleOf(answer(503), DEFAULT, { excuse })).toMatchObject({
      reason: `GET /health answered 503 (${excuse})`,
    });
  });
});

describe("5xx and the check's own lines", () => {
  const rows: readonly (readonly [string, Partial<Check>, number, string])[] = [
    ["no line speaks of the status: a failure", { pass: conditions("latency < 5s") }, 503, "fail"],
    [
      "a body line that cannot be evaluated hides nothing",
      { pass: conditions("status == 200", 'body.state == "ok"') },
      503,
      "fail",
    ],
    ["a 503 that is wanted", { pass: conditions("status == 503") }, 503, "pass"],
    ["another 5xx than the wanted one", { pass: conditions("status == 503") }, 500, "fail"],
    ["one of several wanted", { pass: conditions("status in [200, 503]") }, 503, "pass"],
    ["named in fail", { fail: conditions("status >= 500") }, 503, "fail"],
    ["only warned of", { pass: conditions("status == 200"), warn: conditions("status >= 500") }, 503, "warn"],
    [
      "between pass and fail",
      { pass: conditions("status == 200"), fail: conditions("status == 500") },
      503,
      "warn",
    ],
    ["wanted, but another line fails", { pass: conditions("status == 503", "latency > 1h") }, 503, "fail"],
    [
      "a function over the status is no wish for this one",
      { fail: conditions("max(status) == 999") },
      503,
      "fail",
    ],
  ];
  it.each(rows)("%s", (_rule, tiers, status, outcome) => {
    expect(outcomeOf(answer(status, { body: "Bad gateway" }), http(tiers))).toBe(outcome);
  });
  it("shows the arithmetic", () => {
    expect(findingOf(DEFAULT, sampleOf(answer(503)), givenContext()).reason).toBe(
      "GET /health answered 503; wanted status between 200 and 299, got 503",
    );
  });
});

describe("subjects and evidence", () => {
  it("status, latency, body and headers", () => {
    const given = answer(200, { headers: { "content-type": "application/json" }, body: '{"state":"ok"}' });
    expect(sampleOf(given)).toMatchObject({
      kind: "ok",
      subjects: {
        status: 200,
        latency: 12.4,
        body: { state: "ok" },
        headers: { "content-type": "application/json" },
      },
    });
  });
  it.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    ["[1]", [1]],
    ["12", 12],
    ["null", null],
    ["OK", "OK"],
    ["", ""],
    ["{", "{"],
  ])("body %j", (text, value) => expect(bodyValue(text)).toEqual(value));
  it("a cut body is said", () => {
    expect(sampleOf(answer(200, { bodyCut: true }))).toMatchObject({ note: "body cut" });
  });
  const CUT_ROWS: readonly (readonly [string, Partial<Check>, string])[] = [
    ["what was not found may follow", { fail: conditions('body contains "ERROR"') }, "unknown"],
    ["what was wanted may follow", { pass: conditions('body contains "ERROR"') }, "unknown"],
    ["what was found is there", { fail: conditions('body contains "begin"') }, "fail"],
    ["what is wanted is there", { pass: conditions("body matches /^begin/") }, "pass"],
    ["a pattern that asks for the end", { fail: conditions("body matches /begin$/") }, "unknown"],
    ["a length", { pass: conditions("len(body) < 100") }, "unknown"],
    ["a key of a text that was JSON", { fail: conditions("has(body.error) == true") }, "unknown"],
    ["the status is whole", { pass: conditions("status == 200") }, "pass"],
    ["a failing status", { fail: conditions("status == 200", 'body contains "ERROR"') }, "fail"],
  ];
  it.each(CUT_ROWS)("a cut body: %s", (_rule, tiers, outcome) => {
    expect(outcomeOf(answer(200, { bodyCut: true, body: "begin" }), http(tiers))).toBe(outcome);
  });
  it("a body is made safe as a whole before it is cut", () => {
    const secret = "hunter2-".repeat(20);
    const body = secret.repeat(16);
    const sample = httpSample(DEFAULT, answer(200, { body: `${"x".repeat(300)}${body}` }), {
      at: T0,
      what: "GET /health",
      isOwnHost: true,
      keep: (text) => text.replaceAll(secret, "***"),
    });
    expect(JSON.stringify(sample)).toContain("***");
    expect(JSON.stringify(sample.kind === "ok" && sample.evidence)).not.toContain("hunter");
  });
  it("evidence names the request id and is made safe before it is cut", () => {
    const body = `${"x".repeat(595)}hunter2 and more ${"y".repeat(5_000)}`;
    const sample = sampleOf(answer(200, { headers: { "rndr-id": "abc" }, body }));
    const [evidence] = sample.kind === "ok" ? sample.evidence : [];
    expect(evidence?.text).toMatch(/^GET \/health: 200 in 12 ms \(rndr-id abc\)\nx{595}\*\*\* a$/);
  });
  it("an empty body is not shown", () => {
    expect(sampleOf(answer(204))).toMatchObject({
      evidence: [{ at: T0, from: "http", text: "GET /health: 204 in 12 ms" }],
    });
  });
});

describe("headers that the service may have written", () => {
  const long = `${"x".repeat(95)}hunter2${"x".repeat(9_000)}`;
  it.each(["cf-mitigated", "rndr-id"])("%s is redacted, then cut", (name) => {
    const { subjects: _, ...shown } = {
      subjects: {},
      ...sampleOf(answer(500, { headers: { [name]: long } })),
    };
    const sample = JSON.stringify(shown);
    expect(sample.length).toBeLessThan(600);
    expect(sample).toContain("xxx");
    expect(sample).not.toContain("hunt");
  });
});
