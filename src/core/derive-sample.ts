import type { Sample } from "./check.ts";
import type { DeriveSource, Formula } from "./source.ts";
import { pathText } from "./condition-text.ts";
import { valueAt } from "./evaluate.ts";
import type { Subjects } from "./value.ts";

type Result =
  | { readonly kind: "value"; readonly value: number; readonly text: string }
  | { readonly kind: "error" | "none"; readonly reason: string };

/** What other checks have measured. */
export interface Measured {
  /** Latest subjects, by check. */
  readonly latest: { readonly [check: string]: Subjects };
  /** Why the last sample of a check was an error, by check. */
  readonly failed: { readonly [check: string]: string };
}

/**
 * Arithmetic over other checks' latest subjects (design 5.2): each name is a subject. An input whose last sample
 * was an error, or that is no number, makes an error; one that has no value yet and a division by zero make none.
 * Where some names have a value already, the others are open.
 */
export function deriveSample(
  source: DeriveSource,
  { at, ...measured }: Measured & { readonly at: number },
): Sample {
  const results = Object.entries(source.formulas).map(([name, formula]) => ({
    name,
    result: resultOf(formula, measured),
  }));
  const reasons = (kind: "error" | "none"): readonly string[] => [
    ...new Set(results.flatMap(({ result }) => (result.kind === kind ? [result.reason] : []))),
  ];
  const errors = reasons("error");
  if (errors.length > 0) return { kind: "error", at, reason: errors.join("; ") };
  const known = results.flatMap(({ name, result }) =>
    result.kind === "value" ? [{ name, value: result.value, text: result.text }] : [],
  );
  const waits = reasons("none");
  if (known.length === 0) return { kind: "none", at, reason: waits.join("; ") };
  const open = results.filter(({ result }) => result.kind === "none").map(({ name }) => name);
  return {
    kind: "ok",
    at,
    subjects: Object.fromEntries(known.map(({ name, value }) => [name, value])),
    evidence: [],
    note: [...known.map(({ name, text }) => `${name} = ${text}`), ...waits].join("; "),
    ...(open.length > 0 ? { open } : {}),
  };
}

function resultOf(formula: Formula, measured: Measured): Result {
  switch (formula.kind) {
    case "number":
      return { kind: "value", value: formula.value, text: String(formula.value) };
    case "subject":
      return subjectResult(formula, measured);
    case "operation":
      return operationResult(formula, measured);
  }
}

function subjectResult({ check, path }: Formula & { readonly kind: "subject" }, measured: Measured): Result {
  const name = pathText([check, ...path]);
  if (Object.hasOwn(measured.failed, check))
    return { kind: "error", reason: `"${check}" could not be read: ${measured.failed[check]}` };
  const subjects = Object.hasOwn(measured.latest, check) ? measured.latest[check] : undefined;
  const value = subjects === undefined ? undefined : valueAt(subjects, path);
  if (value === undefined) return { kind: "none", reason: `${name} has no value yet` };
  if (typeof value !== "number") return { kind: "error", reason: `${name} is not a number` };
  return { kind: "value", value, text: `${name} (${rounded(value)})` };
}

function operationResult(formula: Formula & { readonly kind: "operation" }, measured: Measured): Result {
  const { operator } = formula;
  const left = resultOf(formula.left, measured);
  const right = resultOf(formula.right, measured);
  // An error says more than a value that is not there yet.
  if (left.kind !== "value") return left.kind === "none" && right.kind === "error" ? right : left;
  if (right.kind !== "value") return right;
  if (operator === "/" && right.value === 0)
    return { kind: "none", reason: `nothing to divide by: ${zeroText(formula.right, right.text)}` };
  const value = calculated(operator, left.value, right.value);
  const text = `${inParentheses(formula.left, left.text)} ${operator} ${inParentheses(formula.right, right.text)}`;
  if (!Number.isFinite(value)) return { kind: "error", reason: `${text} is no number` };
  return { kind: "value", value, text };
}

function zeroText(formula: Formula, text: string): string {
  return formula.kind === "subject" ? `${pathText([formula.check, ...formula.path])} is 0` : `${text} is 0`;
}

function calculated(operator: "+" | "-" | "*" | "/", left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}

function inParentheses(formula: Formula, text: string): string {
  return formula.kind === "operation" ? `(${text})` : text;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}
