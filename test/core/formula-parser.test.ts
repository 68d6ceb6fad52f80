import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Formula } from "../../src/core/source.ts";
import { pathText } from "../../src/core/condition-text.ts";
import { formulaSubjects, parseFormula } from "../../src/core/formula-parser.ts";

/** With a parenthesis around every operation. */
function shown(formula: Formula): string {
  switch (formula.kind) {
    case "number":
      return String(formula.value);
    case "subject":
      return pathText([formula.check, ...formula.path]);
    case "operation":
      return `(${shown(formula.left)} ${formula.operator} ${shown(formula.right)})`;
  }
}

test.each([
  ["a.x", "a.x"],
  ["wf2.duration / wf2.found", "(wf2.duration / wf2.found)"],
  ["a.x + b.y * 2", "(a.x + (b.y * 2))"],
  ["(a.x + b.y) * 2", "((a.x + b.y) * 2)"],
  ["a.x - b.y - c.z", "((a.x - b.y) - c.z)"],
  ["a.x / b.y / c.z", "((a.x / b.y) / c.z)"],
  ["a.x*b.y+c.z/0.5", "((a.x * b.y) + (c.z / 0.5))"],
  ["my-check.total-done - b-2.y", "(my-check.total-done - b-2.y)"],
  ["  ( ( a.body.items[0].n ) )  ", "a.body.items[0].n"],
  ["100 - a.x", "(100 - a.x)"],
])("%s is read as %s", (text, expected) => {
  const parsed = parseFormula(text);
  expect(parsed.ok ? shown(parsed.formula) : parsed).toBe(expected);
});

test.each<[string, string, number, string?]>([
  ["", "a number or a subject such as wf2.duration is expected, not the end", 1],
  [
    "5 * 2",
    "the formula looks at no check",
    1,
    "name a check and its subject, such as wf2.duration / wf2.found",
  ],
  ["a", "a is a check; name one of its subjects", 1, "such as a.value"],
  ["a.x / b", "b is a check; name one of its subjects", 7, "such as b.value"],
  ["a.x -b.y", "a minus has a space on each side", 5, "names may hold a -, so write a.x - b.y"],
  ["(a.x)- b.y", "a minus has a space on each side", 6, "names may hold a -, so write a.x - b.y"],
  ["a.x +", "a number or a subject such as wf2.duration is expected, not the end", 6],
  ["-a.x", 'a number or a subject such as wf2.duration is expected, not "-a.x"', 1],
  ["a.x b.y", 'an operator + - * / is expected, not "b.y"', 5],
  ["a.x > 5", 'an operator + - * / is expected, not "> 5"', 5],
  ["(a.x", '")" is expected, not the end', 5],
  ["a.x)", 'an operator + - * / is expected, not ")"', 4],
  ["a.x * 5s", 'a number of a formula has no unit; 5 is followed by "s"', 8],
  ["a.x * 50%", 'a number of a formula has no unit; 50 is followed by "%"', 9],
  ["a.x ^ 2", 'an operator + - * / is expected, not "^ 2"', 5],
  ["a.[0]", 'a name such as status is expected, not "[0]"', 3],
  ["f(a.x)", "f is a check; name one of its subjects", 1, "such as f.value"],
  ["a.x + ".repeat(100), "a formula has at most 500 characters, this one has 600", 1],
])("%s is refused", (text, message, column, hint) => {
  expect(parseFormula(text)).toEqual({ ok: false, message, column, ...(hint === undefined ? {} : { hint }) });
});

test("what a formula looks at, in its order", () => {
  const parsed = parseFormula("(b.y + a.x[0].z) / 2 - b.y");
  expect(parsed.ok && formulaSubjects(parsed.formula)).toEqual([
    { check: "b", path: ["y"] },
    { check: "a", path: ["x", 0, "z"] },
    { check: "b", path: ["y"] },
  ]);
});

test("no text makes it throw, and every mistake has a column inside the text or at its end", () => {
  const parts = fc.constantFrom(
    "a.x",
    "b",
    ".",
    "(",
    ")",
    "[",
    "0",
    "]",
    " ",
    " - ",
    "-",
    "+",
    "*",
    "/",
    "1.5",
    "%",
    "é",
  );
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 20 }).map((all) => all.join("")),
      (text) => {
        const parsed = parseFormula(text);
        return parsed.ok || (parsed.column >= 1 && parsed.column <= text.length + 1 && parsed.message !== "");
      },
    ),
  );
});

test("parentheses as deep as a formula can be", () => {
  expect(parseFormula(`${"(".repeat(248)}a.x${")".repeat(248)}`)).toMatchObject({ ok: true });
});
