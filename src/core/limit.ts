import type { Operand } from "./condition.ts";

/** What a relative operand comes to: `3x`, `+50%` or `-2pp` of the baseline, in the baseline's unit. */
export function relativeLimit(
  { by, value }: { readonly by: "change" | "factor" | "points"; readonly value: number },
  baseline: number,
): number {
  if (by === "factor") return baseline * value;
  return by === "change" ? baseline + Math.abs(baseline) * value : baseline + value;
}

/** The numbers that an operand compares with; a relative one's is worked out from the baseline. */
export function limitsOf(operand: Operand, baseline?: number): readonly number[] {
  switch (operand.kind) {
    case "number":
      return [operand.value];
    case "range":
      return [operand.from.value, operand.to.value];
    case "relative":
      return baseline === undefined ? [] : [relativeLimit(operand, baseline)];
    case "list":
    case "text":
    case "pattern":
    case "literal":
    case "deploy.sha":
      return [];
  }
}
