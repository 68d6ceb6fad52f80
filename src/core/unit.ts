import type { Check } from "./check.ts";
import type { Source } from "./source.ts";
import { pathText } from "./condition-text.ts";
import type { Condition, Operand, Subject } from "./condition.ts";
import type { Unit } from "./quantity.ts";

/**
 * How the numbers that a condition looks at are to be read: told by what it compares them with, else by what another
 * condition of the check compares them with, else by the source. Undefined for plain numbers.
 */
export function unitOf(
  check: Pick<Check, "pass" | "warn" | "fail" | "source">,
  condition: Condition,
): Unit | undefined {
  const { subject } = condition;
  const path = pathText(subject.path);
  const others = [...check.fail, ...check.warn, ...check.pass].filter(
    (other) => isCount(other.subject) === isCount(subject) && pathText(other.subject.path) === path,
  );
  const told = [condition, ...others].map(({ operand }) => operandUnit(operand));
  return (
    told.find((unit) => unit !== undefined) ?? (isCount(subject) ? undefined : sourceUnit(check.source, path))
  );
}

/** Whether it counts what is there, in no unit of its own. */
function isCount(subject: Subject): boolean {
  return subject.kind === "call" && (subject.name === "len" || subject.name === "has");
}

function operandUnit(operand: Operand): Unit | undefined {
  switch (operand.kind) {
    case "number":
      return operand.unit;
    case "range":
      return operand.from.unit ?? operand.to.unit;
    case "list":
      return operand.items.map(operandUnit).find((unit) => unit !== undefined);
    case "relative":
      return operand.by === "points" ? "ratio" : undefined;
    case "text":
    case "pattern":
    case "literal":
    case "deploy.sha":
      return undefined;
  }
}

function sourceUnit(source: Source, path: string): Unit | undefined {
  switch (source.kind) {
    case "http":
      return path === "latency" ? "duration" : undefined;
    case "logs":
      return path === "gap" || path === "duration" ? "duration" : undefined;
    case "metric":
      if (path !== "value") return undefined;
      if (source.ofLimit || source.asRatio) return "ratio";
      if (source.name === "http_latency") return "duration";
      return source.name === "memory" ? "size" : undefined;
    case "sql":
    case "events":
    case "env":
    case "source":
    case "derive":
      return undefined;
  }
}
