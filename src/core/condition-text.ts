import type { Condition, NumberOperand, Operand, Path, Subject } from "./condition.ts";
import { durationText } from "./duration.ts";

/** A path as it is written in a condition: `body.items[0].name`. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}

/** A subject as it is written: `status`, `trend(depth, 6h)`. */
export function subjectText(subject: Subject): string {
  if (subject.kind === "path") return pathText(subject.path);
  const window = subject.windowMs === undefined ? "" : `, ${durationText(subject.windowMs)}`;
  return `${subject.name}(${pathText(subject.path)}${window})`;
}

/** The condition in canonical form; parses back to the same subject, operator and operand. */
export function conditionText(condition: Pick<Condition, "subject" | "operator" | "operand">): string {
  return `${subjectText(condition.subject)} ${condition.operator} ${operandText(condition.operand)}`;
}

/** An operand as it is written: `90%`, `"ok"`, `+50%`. */
export function operandText(operand: Operand): string {
  switch (operand.kind) {
    case "number":
      return numberText(operand);
    case "text":
      return JSON.stringify(operand.value);
    case "pattern":
      return `/${operand.source}/${operand.flags}`;
    case "literal":
      return String(operand.value);
    case "list":
      return `[${operand.items.map(operandText).join(", ")}]`;
    case "range":
      return `${numberText(operand.from)} and ${numberText(operand.to)}`;
    case "relative":
      if (operand.by === "factor") return `${plainNumber(operand.value)}x`;
      return `${operand.value < 0 || Object.is(operand.value, -0) ? "" : "+"}${hundredths(operand.value)}${operand.by === "change" ? "%" : "pp"}`;
    case "deploy.sha":
      return "deploy.sha";
  }
}

function numberText(operand: NumberOperand): string {
  if (operand.unit === "ratio") return `${hundredths(operand.value)}%`;
  if (operand.unit === "duration" && Number.isInteger(operand.value)) return durationText(operand.value);
  const unit = operand.unit === "duration" ? "ms" : operand.unit === "size" ? "B" : "";
  return `${plainNumber(operand.value)}${unit}`;
}

/** 0.29 as 29: multiplying alone would leave 28.999999999999996. */
function hundredths(value: number): string {
  if (value === 0) return plainNumber(value);
  return plainNumber(Number((value * 100).toPrecision(15)));
}

/** Without an exponent, which the grammar does not have. */
function plainNumber(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes("e") ? value.toFixed(9).replace(/\.?0+$/, "") : text;
}
