import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deadReason } from "../../src/config/lint-regex.ts";

const BREAK = "it wants a line break, and a line holds none";

test.each([
  ["a$b", "there is text after $"],
  ["^ERROR$ fatal", "there is text after $"],
  ["(?:a|b)$(c)", "there is text after $"],
  ["(a$)b", "there is text after $"],
  ["(?:a$|b$)c", "there is text after $"],
  ["a^b", "there is text before ^"],
  ["\\d+ ^at", "there is text before ^"],
  ["a(?:^b|^c)", "there is text before ^"],
  ["one\\ntwo", BREAK],
  ["one\ntwo", BREAK],
  ["one\\r?\\ntwo", BREAK],
  ["[\\r\\n]+x", BREAK],
  ["a\\x0Ab", BREAK],
  ["a\\u000db", BREAK],
  ["(a$b)+", "there is text after $"],
])("/%s/ can match no line", (source, reason) => {
  expect(deadReason(source)).toEqual({ reason, isWhole: true });
});

test.each([
  ["ERROR|a$b", "there is text after $"],
  ["x(?:one|two\\n)y", BREAK],
  ["x(?:a$b)?", undefined],
])("/%s/ has an alternative that matches no line", (source, reason) => {
  expect(deadReason(source)).toEqual(reason === undefined ? undefined : { reason, isWhole: false });
});

test.each([
  "^a$",
  "a$|b",
  "^^a$$",
  "a\\$b",
  "[$^]a",
  "a[^\\n]b",
  "a\\s+b",
  "a\\n?b",
  "a(?:$|b)c*",
  "a*^b",
  "(?:^|x)a",
  "a(?!\\n)b",
  "a(?=$b)?",
  "\\b^a",
  "(?<name>a)$",
  "\\(a$",
  "a{0}^b",
  "[\\]$]b",
  "(a)\\1$",
  "",
])("/%s/ can match a line", (source) => {
  expect(deadReason(source)).toBeUndefined();
});

/** Small expressions of few letters, so that short lines meet them. */
const { expression } = fc.letrec<{ expression: string; part: string }>((tie) => ({
  expression: fc.array(tie("part"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
  part: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "b", ".", "^", "$", "a?", "b*", "[ab]", "\\n", "a+"),
    tie("expression").map((inner) => `(?:${inner})`),
    tie("expression").map((inner) => `(?:${inner})?`),
    fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `(?:${one}|${other})`),
  ),
}));

test("an expression that is said to match nothing matches no line", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 });
  fc.assert(
    fc.property(expression, fc.array(line, { minLength: 5, maxLength: 5 }), (source, lines) => {
      if (deadReason(source)?.isWhole !== true) return;
      for (const text of lines) expect(new RegExp(source).test(text)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
