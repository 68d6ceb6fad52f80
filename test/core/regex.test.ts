import { setFlagsFromString } from "node:v8";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { safeRegex, searchText } from "../../src/core/regex.ts";

// As main does at its start.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

function found(source: string, flags: string, text: string): boolean {
  const regex = safeRegex(source, flags);
  if (typeof regex === "string") throw new Error(regex);
  return searchText(regex, text).found;
}

test.each([
  ["(a+)+$", ""],
  ["(a+)+$", "i"],
  ["(a+)+$", "ms"],
  ["(a|aa)+$", "i"],
  ["(\\w+\\s?)+$", ""],
  ["(.*)*x.*y", "s"],
  ["(?:a{4}){4}(a*)*b", "i"],
])("/%s/%s ends on a hostile text that would take a backtracking engine for ever", (source, flags) => {
  expect(found(source, flags, `${"a".repeat(2000)}!`)).toBe(false);
});

test.each([
  ["(a+)+\\1$", ""],
  ["(?=(a+)+$)a", ""],
  ["(\\p{L}+)+$", "u"],
  ["(a{20})+(b+)+$", ""],
  ["(?:a?){30}a{30}", ""],
  [".*a.*b.*c(?!d)", ""],
  ["(?:foo|bar)+(?=x)", ""],
  ["(?i:(a+)+)$", ""],
])("/%s/%s can explode and the linear engine does not take it: refused", (source, flags) => {
  expect(safeRegex(source, flags)).toMatch(/^the expression can take for ever/);
});

test.each([
  ["ERROR(?!.*expected)", "", "ERROR: boom", true],
  ["ERROR(?!.*expected)", "", "ERROR: boom, as expected", false],
  ["^(?!.*healthz).*timeout", "", "GET /orders timeout", true],
  ["(\\w)\\1", "", "book", true],
  ["(?<q>['\"])x\\k<q>", "", "'x'", true],
  ["[0-9a-f]{40}", "i", "A".repeat(40), true],
  ["\\p{Lu}", "u", "é", false],
  ["\\p{Lu}", "u", "É", true],
])("/%s/%s cannot explode and is taken", (source, flags, text, expected) => {
  expect(found(source, flags, text)).toBe(expected);
});

test.each([
  ["a", "g", 'the flag "g" is not one of i, m, s, u'],
  ["a", "y", 'the flag "y" is not one of i, m, s, u'],
  ["a", "ii", "the expression does not parse: invalid flags supplied to regexp constructor 'ii'"],
  ["", "", "the expression is empty"],
  ["(", "", "the expression does not parse: unterminated group"],
  ["a**", "", "the expression does not parse: nothing to repeat"],
  ["x".repeat(1001), "", "the expression has 1001 characters, at most 1000 are taken"],
])("/%s/%s is refused", (source, flags, message) => {
  expect(safeRegex(source, flags)).toBe(message);
});

const PIECES = [
  "a",
  "B",
  "z",
  "É",
  "[a-f]",
  "[^A-C]",
  "[x\\-Y]",
  "\\x41",
  "\\u0062",
  "\\d",
  "\\w",
  "\\bq",
  ".",
  "(c|D)",
  "(?:e)?",
  "f{2}",
  "G*",
  "[\\]k]",
  "^",
  "$",
  "/",
];

test("writing letters in both cases means the same as the i flag", () => {
  const source = fc
    .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.join(""));
  const text = fc.string({
    unit: fc.constantFrom(
      "a",
      "A",
      "b",
      "B",
      "c",
      "D",
      "e",
      "ff",
      "g",
      "É",
      "é",
      "x",
      "Y",
      "k",
      "]",
      "1",
      " ",
      "/",
      "q",
    ),
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      source,
      text,
      (source, text) => found(source, "i", text) === new RegExp(source, "i").test(text),
    ),
    { numRuns: 3000 },
  );
});

test("no source makes it throw", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."()[]{}*+?|\\^$.-,:=!<>0129aikpux/".split("")) }),
      fc.constantFrom("", "i", "u", "ms"),
      (source, flags) => {
        const regex = safeRegex(source, flags);
        return typeof regex === "string" || typeof searchText(regex, "aab").found === "boolean";
      },
    ),
    { numRuns: 3000 },
  );
});

test("a text that is too long is searched from its beginning, and that is said", () => {
  const regex = safeRegex("b", "") as RegExp;
  expect(searchText(regex, `b${"a".repeat(20_000)}`)).toEqual({ found: true, cut: true });
  expect(searchText(regex, `${"a".repeat(20_000)}b`)).toEqual({ found: false, cut: true });
  expect(searchText(regex, "b")).toEqual({ found: true, cut: false });
});
