import type { Condition, FunctionName, Operand, Operator, Path, Subject } from "./condition.ts";
import { parseOperand, parseRange } from "./condition-operand.ts";
import { pathText } from "./condition-text.ts";
import { isAtEnd, Refusal, refuse, restText, skipSpace, take, takeText } from "./condition-scan.ts";
import type { Scan } from "./condition-scan.ts";
import { parseDuration } from "./duration.ts";
import { didYouMean } from "./suggest.ts";

export { conditionText, pathText } from "./condition-text.ts";

const FUNCTIONS = ["trend", "p50", "p95", "p99", "avg", "max", "min", "sum", "len", "has"] as const;
const OPERATORS = ["<=", ">=", "==", "!=", "<", ">", "contains", "matches", "in", "between"] as const;
const MOST_CHARACTERS = 2000;

/** Where the parts of a condition start, as columns from 1. */
export interface ConditionColumns {
  readonly subject: number;
  readonly operator: number;
  readonly operand: number;
}

export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition; readonly columns: ConditionColumns }
  | { readonly ok: false; readonly message: string; readonly hint?: string; readonly column: number };

/**
 * Reads one condition of the closed grammar in design 5.1. Never throws: what is not understood comes back as
 * one sentence with the column (from 1) where it went wrong.
 */
export function parseCondition(text: string): ParsedCondition {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, hint, column } = error;
    return { ok: false, message, ...(hint === undefined ? {} : { hint }), column };
  }
}

function parse(text: string): ParsedCondition {
  const scan: Scan = { text, at: 0 };
  if (text.length > MOST_CHARACTERS) {
    refuse(scan, `a condition has at most ${MOST_CHARACTERS} characters, this one has ${text.length}`);
  }
  skipSpace(scan);
  const subjectAt = scan.at;
  const subject = parseSubject(scan);
  skipSpace(scan);
  const operatorAt = scan.at;
  const operator = parseOperator(scan, subject);
  skipSpace(scan);
  const operandAt = scan.at;
  const operand = operator === "between" ? parseRange(scan) : parseOperand(scan);
  const misfit = misfitOf(operator, operand);
  if (misfit !== undefined) refuse(scan, misfit.message, { at: operandAt, hint: misfit.hint });
  skipSpace(scan);
  if (!isAtEnd(scan)) {
    const isJoined = /^(?:and\b|or\b|&&|\|\||,)/.test(text.slice(scan.at));
    refuse(scan, `the condition ends before ${restText(scan)}`, {
      hint: isJoined
        ? "write one condition per list item: all of pass must hold, any of warn or fail"
        : undefined,
    });
  }
  return {
    ok: true,
    condition: { text, subject, operator, operand },
    columns: { subject: subjectAt + 1, operator: operatorAt + 1, operand: operandAt + 1 },
  };
}

function parseSubject(scan: Scan): Subject {
  const start = scan.at;
  const path = parsePath(scan);
  if (!takeText(scan, "(")) return { kind: "path", path };
  const written = scan.text.slice(start, scan.at - 1);
  const name = FUNCTIONS.find((known) => known === written);
  if (name === undefined) {
    return refuse(scan, `"${written}" is no function`, {
      at: start,
      hint: didYouMean(written, FUNCTIONS) ?? `functions are ${FUNCTIONS.join(" ")}`,
    });
  }
  skipSpace(scan);
  const argument = parsePath(scan);
  skipSpace(scan);
  const windowMs = takeText(scan, ",") ? parseWindow(scan, name) : undefined;
  skipSpace(scan);
  if (!takeText(scan, ")")) refuse(scan, `")" is expected, not ${restText(scan)}`);
  if (name === "trend" && windowMs === undefined) {
    refuse(scan, "trend needs a window", {
      at: start,
      hint: `trend(${pathText(argument)}, 6h)`,
    });
  }
  return { kind: "call", name, path: argument, ...(windowMs === undefined ? {} : { windowMs }) };
}

function parseWindow(scan: Scan, name: FunctionName): number {
  skipSpace(scan);
  const start = scan.at;
  if (name === "len" || name === "has")
    return refuse(scan, `${name} looks at one sample and takes no window`);
  const text = take(scan, /[\w.]+/y);
  const windowMs = parseDuration(text);
  if (windowMs === undefined || windowMs === 0) {
    scan.at = start;
    return refuse(scan, `the window is a duration such as 5m, not ${restText(scan)}`);
  }
  return windowMs;
}

/** Reads `body.items[0].name`. Throws Refusal. */
export function parsePath(scan: Scan): Path {
  const steps: (string | number)[] = [parseName(scan)];
  for (;;) {
    if (takeText(scan, ".")) steps.push(parseName(scan));
    else if (takeText(scan, "[")) {
      const index = take(scan, /\d{1,9}/y);
      if (index === "" || !takeText(scan, "]"))
        refuse(scan, `a whole number and "]" are expected after "[", not ${restText(scan)}`);
      steps.push(Number(index));
    } else return steps;
  }
}

function parseName(scan: Scan): string {
  const name = take(scan, /[A-Za-z_][\w-]*/y);
  if (name !== "") return name;
  return refuse(
    scan,
    isAtEnd(scan) && scan.at === 0
      ? "the condition is empty"
      : `a name such as status is expected, not ${restText(scan)}`,
    {
      hint: scan.at === 0 && !isAtEnd(scan) ? "the subject comes first: status == 200" : undefined,
    },
  );
}

function parseOperator(scan: Scan, subject: Subject): Operator {
  const found = OPERATORS.find((operator) => scan.text.startsWith(operator, scan.at));
  const isWord = found !== undefined && /^[a-z]/.test(found);
  const next = found === undefined ? "" : scan.text.charAt(scan.at + found.length);
  if (found !== undefined && !(isWord ? /[\w.-]/ : /[<>=!~]/).test(next)) {
    scan.at += found.length;
    return found;
  }
  const word = /^(?:[A-Za-z_-]+|[^\w\s"'/[]+)/.exec(scan.text.slice(scan.at, scan.at + 30))?.[0] ?? "";
  const meant: Readonly<Record<string, string>> = {
    "=": "==",
    "===": "==",
    "!==": "!=",
    "<>": "!=",
    "=~": "matches",
    "~": "matches",
    is: "==",
    "=>": ">=",
    "=<": "<=",
  };
  const instead = Object.hasOwn(meant, word) ? meant[word] : undefined;
  const call = subject.kind === "call" && subject.name === "has" ? "write has(…) == true" : undefined;
  return refuse(scan, `after the subject comes one of ${OPERATORS.join(" ")}, not ${restText(scan)}`, {
    hint: instead === undefined ? (call ?? didYouMean(word, OPERATORS)) : `write ${instead}`,
  });
}

/** Why an operator does not take the operand, whatever the subject is. */
function misfitOf(
  operator: Operator,
  operand: Operand,
): { readonly message: string; readonly hint?: string } | undefined {
  const { kind } = operand;
  switch (operator) {
    case "<":
    case "<=":
    case ">":
    case ">=":
      return kind === "number" || kind === "relative"
        ? undefined
        : { message: `${operator} compares numbers only` };
    case "==":
    case "!=":
      if (kind === "pattern") return { message: `${operator} takes no pattern`, hint: "write matches /…/" };
      return kind === "list" ? { message: `${operator} takes no list`, hint: "write in […]" } : undefined;
    case "contains":
      if (kind === "pattern") return { message: "contains takes no pattern", hint: "write matches /…/" };
      return kind === "text" || kind === "number" || kind === "literal"
        ? undefined
        : { message: 'contains takes "text" or one member of a list' };
    case "matches":
      return kind === "pattern"
        ? undefined
        : { message: "matches takes a pattern", hint: 'write matches /…/, or contains "…"' };
    case "in":
      return kind === "list" ? undefined : { message: "in takes a list", hint: "write in [200, 204]" };
    case "between":
      return undefined;
  }
}
