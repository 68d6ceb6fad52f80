import type { Condition } from "../core/condition.ts";
import { durationWords } from "../core/quantity.ts";
import { cut, oneLine } from "./text.ts";

const LONGEST = 160;

/** Text of the user's as it stands in a sentence: one line between backticks. */
export function codeText(text: string): string {
  return `\`${cut(oneLine(text), LONGEST).replaceAll("`", "'")}\``;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[], word: "and" | "or"): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** A condition in a sentence: as it was written, and in words what cannot be seen from it. */
export function conditionWords(condition: Condition): string {
  const meaning = meaningOf(condition);
  return `${codeText(condition.text)}${meaning === undefined ? "" : ` (${meaning})`}`;
}

function meaningOf({ operand, subject }: Condition): string | undefined {
  if (subject.kind === "call" && subject.name === "trend") {
    const over = subject.windowMs === undefined ? "" : `, over the last ${durationWords(subject.windowMs)}`;
    return `change per hour${over}`;
  }
  if (operand.kind === "deploy.sha") return "the commit of this deploy";
  if (operand.kind !== "relative") return undefined;
  const { by, value } = operand;
  const amount = Number((Math.abs(value) * 100).toPrecision(12));
  const side = value < 0 ? "below" : "above";
  switch (by) {
    case "factor":
      return value === 1 ? "the baseline" : `${value} times the baseline`;
    case "change":
      return `${amount}% ${side} the baseline`;
    case "points":
      return `${amount} percentage points ${side} the baseline`;
  }
}
