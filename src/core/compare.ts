import { operandText, pathText } from "./condition-text.ts";
import type { Condition, NumberOperand, Operand } from "./condition.ts";
import { safeRegex, searchText } from "./regex.ts";
import type { Value } from "./value.ts";

/** Whether a comparison holds, or `null` and why it cannot be made. */
export type Comparison = { readonly holds: boolean } | { readonly holds: null; readonly why: string };

/** Compares a value with the operand of a condition; relative operands are turned into numbers before. */
export function compare(value: Value, condition: Condition, sha: string): Comparison {
  const { operator, operand } = condition;
  const name = pathText(condition.subject.path);
  const no = (why: string): Comparison => ({ holds: null, why });
  switch (operator) {
    case "<":
    case "<=":
    case ">":
    case ">=": {
      if (operand.kind !== "number") return no(`${operator} compares numbers only`);
      const number = comparable(value, [operand], name);
      return typeof number === "string" ? no(number) : { holds: ordered(number, operator, operand.value) };
    }
    case "between": {
      if (operand.kind !== "range") return no("between takes two numbers");
      const { from, to } = operand;
      const number = comparable(value, [from, to], name);
      return typeof number === "string" ? no(number) : { holds: number >= from.value && number <= to.value };
    }
    case "==":
    case "!=": {
      const same = operand.kind === "deploy.sha" ? sameCommit(value, sha, name) : equal(value, operand, name);
      return same.holds === null || operator === "==" ? same : { holds: !same.holds };
    }
    case "in":
      return operand.kind === "list"
        ? anyOf(operand.items.map((item) => equal(value, item, name)))
        : no("in takes a list");
    case "contains":
      return contains(value, operand, name);
    case "matches":
      return operand.kind === "pattern" ? matches(value, operand, name) : no("matches takes a pattern");
  }
}

function ordered(value: number, operator: "<" | "<=" | ">" | ">=", limit: number): boolean {
  if (operator === "<") return value < limit;
  if (operator === "<=") return value <= limit;
  return operator === ">" ? value > limit : value >= limit;
}

/** The value as a number that compares with all operands, or why it does not. */
function comparable(
  value: Value,
  operands: readonly [NumberOperand, ...NumberOperand[]],
  name: string,
): number | string {
  if (typeof value !== "number") return misfit(value, operands[0], name);
  if (Number.isNaN(value)) return `${name} is not a number`;
  const ratio = operands.find((operand) => operand.unit === "ratio");
  if (ratio === undefined || (value >= 0 && value <= 1)) return value;
  const percent = operandText(ratio);
  return `${name} is ${value} and ${percent} compares with a ratio from 0 to 1 only: is it already a percentage (then compare with ${percent.slice(0, -1)}), or was +${percent} meant?`;
}

function misfit(value: Value, operand: Operand, name: string): string {
  return `${name} is ${kindOf(value)} and does not compare with ${operandText(operand)}`;
}

function kindOf(value: Value): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const kinds: Readonly<Record<string, string>> = {
    string: "text",
    number: "a number",
    boolean: "true or false",
  };
  return kinds[typeof value] ?? "an object";
}

function equal(value: Value, operand: Operand, name: string): Comparison {
  if (operand.kind === "literal" && operand.value === null) return { holds: value === null };
  if (operand.kind === "number") {
    const number = comparable(value, [operand], name);
    return typeof number === "string" ? { holds: null, why: number } : { holds: number === operand.value };
  }
  if ((operand.kind === "text" || operand.kind === "literal") && typeof value === typeof operand.value) {
    return { holds: value === operand.value };
  }
  return { holds: null, why: misfit(value, operand, name) };
}

/** True if one holds; not evaluated only if none could be compared. */
function anyOf(all: readonly Comparison[]): Comparison {
  return (
    all.find((one) => one.holds === true) ??
    all.find((one) => one.holds === false) ??
    all[0] ?? { holds: false }
  );
}

function sameCommit(value: Value, sha: string, name: string): Comparison {
  if (typeof value !== "string") return { holds: null, why: `${name} is ${kindOf(value)}, not a commit` };
  if (sha === "") return { holds: null, why: "this deploy has no commit" };
  const written = value.trim().toLowerCase();
  return { holds: written.length >= 7 && sha.toLowerCase().startsWith(written) };
}

function contains(value: Value, operand: Operand, name: string): Comparison {
  if (Array.isArray(value)) {
    const members = (value as readonly Value[]).map((member) => equal(member, operand, name));
    return { holds: members.some((member) => member.holds === true) };
  }
  if (typeof value === "string" && operand.kind === "text") return { holds: value.includes(operand.value) };
  return { holds: null, why: misfit(value, operand, name) };
}

function matches(value: Value, operand: Operand & { readonly kind: "pattern" }, name: string): Comparison {
  const texts: readonly Value[] = Array.isArray(value) ? value : [value];
  const regex = safeRegex(operand.source, operand.flags);
  if (typeof regex === "string") return { holds: null, why: regex };
  const text = texts.filter((text) => typeof text === "string");
  if (text.length === 0 && !Array.isArray(value)) return { holds: null, why: misfit(value, operand, name) };
  const searched = text.map((one) => searchText(regex, one));
  if (searched.some((search) => search.found)) return { holds: true };
  return searched.some((search) => search.cut)
    ? { holds: null, why: `${name} is too long to be searched whole, and its beginning does not match` }
    : { holds: false };
}
