import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inlineText } from "../../src/report/markdown.ts";
import { createRedactor } from "../../src/report/redact.ts";

const SECRET = 'p@ss "wörd"/+?';
const redact = createRedactor([SECRET, "abcdef", "cdefgh", "abcdefghij", "xyz", ""]);
const shapes = createRedactor([]);

describe("given secrets", () => {
  it.each([
    ["as it is", `value=${SECRET};`],
    ["URL-encoded", encodeURIComponent(SECRET)],
    ["URL-encoded in small letters", encodeURIComponent(SECRET).toLowerCase().replaceAll("%c3%b6", "%c3%b6")],
    ["in a form", encodeURIComponent(SECRET).replaceAll("%20", "+")],
    ["JSON-escaped", JSON.stringify({ a: SECRET })],
    ["JSON-escaped with slashes", JSON.stringify(SECRET).replaceAll("/", "\\/")],
    ["JSON-escaped in ASCII", JSON.stringify(SECRET).replaceAll("\u00f6", "\\u00f6")],
    ["HTML-escaped", SECRET.replaceAll('"', "&quot;")],
    ["HTML-escaped by number", SECRET.replaceAll('"', "&#34;")],
    ["base64", Buffer.from(SECRET).toString("base64")],
    ["base64 for addresses", Buffer.from(SECRET).toString("base64url")],
    ["base64 behind one character", Buffer.from(`u${SECRET}`).toString("base64")],
    ["base64 behind a user's name", Buffer.from(`me:${SECRET}:`).toString("base64")],
  ])("are found %s", (_, text) => {
    const shown = redact(text);
    expect(shown).toContain("***");
    expect(shown).not.toMatch(/ss|word|w%C3|3NzIC/iu);
  });

  it.each([
    ["the longest one wins", "<abcdefghij>", "<***>"],
    ["overlapping ones leave no rest", "<abcdefgh>", "<***>"],
    ["neighbours", "<abcdefcdefgh>", "<******>"],
    ["short values are left alone", "xyz", "xyz"],
    ["no secret", "nothing here", "nothing here"],
  ])("%s", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ["parted by a zero-width joiner", "pw_abc*def", "pw_a\u200dbc*def"],
    ["parted by a terminal sequence", "pw_abc*def", "pw_a\u001b[31mbc*def"],
    ["with an invisible character of its own", "pw_a\u200dbc*def", "pw_abc*def"],
    ["with a line end of its own", "pw_a\nbc*def", "pw_a bc*def"],
    ["parted and of a well-known shape", "other", "rnd_0aB1\u200bcD2eF3gH4"],
  ])("do not come together when the text is cleaned and escaped: %s", (_, secret, text) => {
    const shown = createRedactor([secret])(inlineText(createRedactor([secret])(`it says ${text}.`)));
    expect(shown.replaceAll("\\", "")).toBe("it says \\*\\*\\*.".replaceAll("\\", ""));
  });

  it("leaves invisible characters alone where they part no secret", () => {
    expect(redact("a\u200db")).toBe("a\u200db");
  });

  it("finds each line of a secret of several lines", () => {
    expect(createRedactor(["first line of it\nsecond line of it"])("log: second line of it.")).toBe(
      "log: ***.",
    );
  });

  it("never shows a secret, wherever it stands", () => {
    const secret = fc
      .string({ minLength: 4, maxLength: 20 })
      .filter((text) => !"***".includes(text[0] ?? "*"));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (secret, before, after) => {
        const shown = createRedactor([secret])(before + secret + after);
        if (!secret.includes("*")) expect(shown).not.toContain(secret);
      }),
    );
  });
});

const KEY = "-----BEGIN RSA PRIVATE KEY-----";

describe("well-known shapes", () => {
  it.each([
    ["rnd_AbCdEf0123456789", "***"],
    [
      "curl https://api.render.com/deploy/srv-abc?key=Xy_z-9",
      "curl https://api.render.com/deploy/srv-abc?key=***",
    ],
    ["ghp_0123456789abcdefghijABCDEFGHIJ012345", "***"],
    ["ghs_0123456789abcdefghijABCDEFGHIJ012345", "***"],
    ["github_pat_11ABCDEFG0123456789_abcdefghij", "***"],
    ["Authorization: Bearer abc.def-123456", "Authorization: Bearer ***"],
    ["authorization: Basic dXNlcjpwYXNz", "authorization: Basic ***"],
    ["postgres://app:s3cr3t@db.internal:5432/shop", "postgres://app:***@db.internal:5432/shop"],
    ["postgresql://app:p@ss@host/db", "postgresql://app:***@host/db"],
    ["redis://:hunter22@cache:6379", "redis://:***@cache:6379"],
    ["host=db password=hunter22 user=me", "host=db password=*** user=me"],
    ['{"password": "two words"}', '{"password": ***}'],
    ["AKIAIOSFODNN7EXAMPLE", "***"],
    ["https://hooks.slack.com/services/T0/B0/abcDEF", "https://hooks.slack.com/services/***"],
    ["xoxb-1234567890-abcdef", "***"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_1", "***"],
    [`a ${KEY}\nMIIEow\nIBAA==\n-----END RSA PRIVATE KEY-----\nb`, "a ***\nb"],
    [`a ${KEY}\nMIIEow\nIBAA== | b`, "a ***| b"],
    [`${KEY}AAAA ${KEY}BBBB`, "******"],
  ])("%j becomes %j", (text, expected) => {
    expect(shapes(text)).toBe(expected);
  });

  it.each([
    "http://localhost:8080/path@v2",
    "see https://example.com/a?b=c",
    "bearer of bad news",
    "password reset for user",
    "GET /health 200 12ms",
    "08:15:00 a@b.cc",
  ])("leaves %j alone", (text) => {
    expect(shapes(text)).toBe(text);
  });
});

describe("hostile input", () => {
  it.each([
    ["beginnings of keys", `${KEY} `],
    ["beginnings of tokens", "eyJ-"],
    ["addresses without end", "://a:"],
    ["passwords without end", 'password="'],
    ["bearers", "bearer  "],
    ["parts of a secret", "abcde"],
  ])("a megabyte of %s is done", (_, piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expect(redact(text).length).toBeLessThanOrEqual(text.length);
  });
});
