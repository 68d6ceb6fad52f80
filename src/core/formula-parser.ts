import type { Formula } from "./source.ts";
import { parsePath } from "./condition-parser.ts";
import { isAtEnd, Refusal, refuse, restText, skipSpace, take, takeText } from "./condition-scan.ts";
import type { Scan } from "./condition-scan.ts";
import type { Path } from "./condition.ts";

const MOST_CHARACTERS = 500;

export type ParsedFormula =
  | { readonly ok: true; readonly formula: Formula }
  | { readonly ok: false; readonly message: string; readonly hint?: string; readonly column: number };

/**
 * Reads arithmetic over other checks' subjects (design 5.2, derive): numbers, `check.path`, + - * / and
 * parentheses. A minus has a space on each side, because names may hold one. Never throws: what is not understood
 * comes back as one sentence with the column (from 1) where it went wrong.
 */
export function parseFormula(text: string): ParsedFormula {
  const scan: Scan = { text, at: 0 };
  try {
    if (text.length > MOST_CHARACTERS)
      refuse(scan, `a formula has at most ${MOST_CHARACTERS} characters, this one has ${text.length}`);
    const formula = parseSum(scan);
    if (!isAtEnd(scan)) refuse(scan, `an operator + - * / is expected, not ${restText(scan)}`);
    if (formulaSubjects(formula).length === 0)
      refuse(scan, "the formula looks at no check", {
        at: 0,
        hint: "name a check and its subject, such as wf2.duration / wf2.found",
      });
    return { ok: true, formula };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, hint, column } = error;
    return { ok: false, message, ...(hint === undefined ? {} : { hint }), column };
  }
}

/** What a formula looks at, in the order in which it is written. */
export function formulaSubjects(
  formula: Formula,
): readonly { readonly check: string; readonly path: Path }[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "subject":
      return [{ check: formula.check, path: formula.path }];
    case "operation":
      return [...formulaSubjects(formula.left), ...formulaSubjects(formula.right)];
  }
}

function parseSum(scan: Scan): Formula {
  let left = parseProduct(scan);
  for (;;) {
    const operator = takeOperator(scan, "+-");
    if (operator === undefined) return left;
    left = { kind: "operation", operator, left, right: parseProduct(scan) };
  }
}

function parseProduct(scan: Scan): Formula {
  let left = parseOperand(scan);
  for (;;) {
    const operator = takeOperator(scan, "*/");
    if (operator === undefined) return left;
    left = { kind: "operation", operator, left, right: parseOperand(scan) };
  }
}

function takeOperator(scan: Scan, operators: string): "+" | "-" | "*" | "/" | undefined {
  skipSpace(scan);
  const operator = (["+", "-", "*", "/"] as const).find((one) => one === scan.text[scan.at]);
  if (operator === undefined || !operators.includes(operator)) return undefined;
  if (operator === "-" && !/^\s-\s/.test(scan.text.slice(scan.at - 1, scan.at + 2)))
    refuse(scan, "a minus has a space on each side", { hint: "names may hold a -, so write a.x - b.y" });
  scan.at++;
  return operator;
}

function parseOperand(scan: Scan): Formula {
  skipSpace(scan);
  if (takeText(scan, "(")) {
    const inside = parseSum(scan);
    if (!takeText(scan, ")")) refuse(scan, `")" is expected, not ${restText(scan)}`);
    skipSpace(scan);
    return inside;
  }
  const number = take(scan, /\d{1,15}(?:\.\d{1,9})?/y);
  if (number !== "") return plainNumber(scan, number);
  const start = scan.at;
  if (!/[A-Za-z_]/.test(scan.text[start] ?? ""))
    refuse(scan, `a number or a subject such as wf2.duration is expected, not ${restText(scan)}`);
  const [check, ...path] = parsePath(scan);
  if (typeof check !== "string" || path.length === 0)
    return refuse(scan, `${String(check)} is a check; name one of its subjects`, {
      at: start,
      hint: `such as ${String(check)}.value`,
    });
  return { kind: "subject", check, path };
}

function plainNumber(scan: Scan, number: string): Formula {
  if (/[\w.%]/.test(scan.text[scan.at] ?? ""))
    refuse(scan, `a number of a formula has no unit; ${number} is followed by ${restText(scan)}`);
  return { kind: "number", value: Number(number) };
}
