import { operandText, pathText, subjectText } from "./condition-text.ts";
import type { Condition, NumberOperand, Operand, Subject } from "./condition.ts";
import { evaluateCondition } from "./evaluate.ts";
import { didYouMean } from "./suggest.ts";
import type { SubjectType } from "./value.ts";

/**
 * What a source promises. `name.*` gives the type of the parts of an object; with `open`, other subjects may
 * exist and are known only when they arrive.
 */
export interface SubjectTable {
  readonly types: Readonly<Record<string, SubjectType>>;
  readonly open: boolean;
  /** How a share from 0 to 1 is had of this source where its subjects are none. */
  readonly asRatio?: string;
}

export interface ConditionMistake {
  readonly message: string;
  readonly hint?: string;
  /** Which part of the condition to point at. */
  readonly part: "subject" | "operator" | "operand";
}

const NAMES: Readonly<Record<SubjectType, string>> = {
  number: "a number",
  duration: "a duration",
  size: "a size",
  ratio: "a ratio from 0 to 1",
  text: "text",
  list: "a list",
  object: "an object",
  boolean: "true or false",
  any: "anything",
};

/** Whether relative numbers have something to compare with; if not, who has none and what to do. */
export interface BaselineOptions {
  readonly hasBaseline: boolean;
  /** `this check` when absent. */
  readonly who?: string;
  readonly hint?: string;
}

/** What can be said against a condition before there is any sample: unknown subjects and types that cannot compare. */
export function checkCondition(
  condition: Condition,
  subjects: SubjectTable,
  options: BaselineOptions,
): readonly ConditionMistake[] {
  const type = subjectType(condition.subject, subjects);
  if (typeof type === "object") return [type];
  const mistake = misfitOf(condition, { type, asRatio: subjects.asRatio, ...options });
  if (mistake !== undefined) return [mistake];
  const trial = trialOf(condition);
  return trial === undefined ? [] : [{ message: `cannot be evaluated: ${trial}`, part: "subject" }];
}

/** The type of what a condition or formula looks at, or why it cannot look at that. */
export function subjectType(subject: Subject, table: SubjectTable): SubjectType | ConditionMistake {
  const part = "subject" as const;
  const type = typeOfPath(subject.path, table);
  if (typeof type === "object" || subject.kind === "path") return type;
  const name = pathText(subject.path);
  switch (subject.name) {
    case "has":
      return "boolean";
    case "len":
      return ["text", "list", "object", "any"].includes(type)
        ? "number"
        : { message: `len counts text, lists and objects; ${name} is ${NAMES[type]}`, part };
    default:
      return ["number", "duration", "size", "ratio", "any"].includes(type)
        ? type
        : { message: `${subject.name} takes numbers; ${name} is ${NAMES[type]}`, part };
  }
}

function typeOfPath(
  path: Condition["subject"]["path"],
  { types, open }: SubjectTable,
): SubjectType | ConditionMistake {
  const part = "subject" as const;
  const head = String(path[0]);
  const known = Object.keys(types).filter((name) => !name.endsWith(".*"));
  let type: SubjectType | undefined = known.includes(head) ? types[head] : undefined;
  if (type === undefined) {
    if (open) return "any";
    const hint = didYouMean(head, known) ?? `subjects here: ${known.join(", ")}`;
    return { message: `"${head}" is no subject of this source`, hint, part };
  }
  for (const step of path.slice(1)) {
    const parts: SubjectType | undefined = Object.hasOwn(types, `${head}.*`) ? types[`${head}.*`] : "any";
    if (type === "any") return "any";
    if (type !== (typeof step === "number" ? "list" : "object")) {
      return {
        message: `${head} is ${NAMES[type]} and has no ${typeof step === "number" ? `[${step}]` : `"${step}"`}`,
        part,
      };
    }
    type = parts ?? "any";
  }
  return type;
}

interface Comparand extends BaselineOptions {
  readonly type: SubjectType;
  readonly asRatio: string | undefined;
}

function misfitOf(condition: Condition, comparand: Comparand): ConditionMistake | undefined {
  const { operator, operand, subject } = condition;
  const { type, hasBaseline, who = "this check", hint = "compare with an absolute number" } = comparand;
  const name = subjectText(subject);
  if (operand.kind === "relative" && !hasBaseline) {
    const message = `${operandText(operand)} compares with a baseline, and ${who} has none`;
    return { message, hint, part: "operand" };
  }
  if (type === "any") return undefined;
  if (operator === "contains" || operator === "matches") {
    if (type === "list") return undefined;
    if (type !== "text")
      return {
        message: `${operator} looks into text and lists; ${name} is ${NAMES[type]}`,
        part: "operator",
      };
  }
  if (operator === "in" && operand.kind === "list") {
    return operand.items
      .map((item) => misfitWith(item, comparand, name))
      .find((mistake) => mistake !== undefined);
  }
  return misfitWith(operand, comparand, name);
}

/** Why an operand cannot be compared with a subject of that type. */
function misfitWith(operand: Operand, comparand: Comparand, name: string): ConditionMistake | undefined {
  const { type } = comparand;
  const part = "operand" as const;
  const written = operandText(operand);
  const cannot = {
    message: `${name} is ${NAMES[type]} and cannot be compared with ${nameOf(operand)}`,
    part,
  };
  switch (operand.kind) {
    case "number":
      return numberMisfit(operand, comparand, name) ?? (isNumeric(type) ? undefined : cannot);
    case "range":
      return misfitWith(operand.from, comparand, name) ?? misfitWith(operand.to, comparand, name);
    case "relative":
      if (!isNumeric(type)) return cannot;
      return operand.by === "points" && type !== "ratio"
        ? {
            message: `${written} compares ratios only; ${name} is ${NAMES[type]}`,
            ...(comparand.asRatio === undefined ? {} : { hint: comparand.asRatio }),
            part,
          }
        : undefined;
    case "text":
    case "pattern":
    case "deploy.sha":
      return type === "text" ? undefined : cannot;
    case "literal":
      return type === "boolean" && operand.value !== null ? undefined : cannot;
    case "list":
      return undefined;
  }
}

function numberMisfit(
  operand: NumberOperand,
  { type, asRatio }: Comparand,
  name: string,
): ConditionMistake | undefined {
  const written = operandText(operand);
  if (!isNumeric(type) || operand.unit === undefined || operand.unit === type) return undefined;
  const message = `${name} is ${NAMES[type]} and cannot be compared with ${nameOf(operand)}`;
  if (operand.unit !== "ratio") return { message, part: "operand" };
  const share = asRatio ?? `if the value is already a percentage, write ${written.slice(0, -1)}`;
  const hint = `${share}; if a change against a baseline was meant, write +${written}`;
  return { message, hint, part: "operand" };
}

function isNumeric(type: SubjectType): boolean {
  return type === "number" || type === "duration" || type === "size" || type === "ratio";
}

function nameOf(operand: Operand): string {
  const written = operandText(operand);
  switch (operand.kind) {
    case "text":
      return `the text ${written}`;
    case "number":
      return operand.unit === undefined ? `the number ${written}` : `the ${operand.unit} ${written}`;
    case "pattern":
      return `the pattern ${written}`;
    default:
      return written;
  }
}

/** A condition must survive a sample that holds nothing; the words of the failure if it does not. */
function trialOf(condition: Condition): string | undefined {
  try {
    evaluateCondition(condition, "pass", { at: 0, since: 0, subjects: {}, series: () => [], sha: "" });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "unknown reason";
  }
}
