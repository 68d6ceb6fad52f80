import type { Condition, Line, Operand, Scope } from "./condition.ts";
import { evaluateCondition } from "./evaluate.ts";
import type { Value } from "./value.ts";

/**
 * Judges one condition like `evaluateCondition`, but not by a subject of which only a part was read
 * (`scope.partial`), unless the rest of it cannot change the answer. Never throws.
 */
export function evaluateKnown(condition: Condition, tier: Line["tier"], scope: Scope): Line {
  const line = evaluateCondition(condition, tier, scope);
  const [name] = condition.subject.path;
  if (line.holds === null || !scope.partial?.includes(String(name)) || isSure(condition, line)) return line;
  return { ...line, holds: null, why: `only a part of ${name} was read` };
}

function isSure({ subject, operator, operand }: Condition, { value, holds }: Line): boolean {
  if (subject.kind !== "path" || subject.path.length !== 1) return false;
  // A count that may be larger is past whatever it is compared with already.
  if (typeof value === "number") return numbersOf(operand).every((limit) => limit < value);
  return holds === true && isFound(value, operator, operand);
}

/** What was found in the beginning is there, unless the pattern asks for what follows. */
function isFound(value: Value | undefined, operator: Condition["operator"], operand: Operand): boolean {
  if (typeof value !== "string") return false;
  if (operator === "contains") return true;
  return operator === "matches" && operand.kind === "pattern" && !/\$|\\[bBzZ]/.test(operand.source);
}

/** An operand that is no number is as good as one that is never reached. */
function numbersOf(operand: Operand): readonly number[] {
  switch (operand.kind) {
    case "number":
      return [operand.value];
    case "list":
      return operand.items.flatMap(numbersOf);
    case "range":
      return [operand.from.value, operand.to.value];
    default:
      return [Infinity];
  }
}
