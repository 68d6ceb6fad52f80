import type { Action } from "./outcome.ts";
import { fields, oneOf, optional, text } from "./shape.ts";

export const ACTION_STATES: readonly Action["state"][] = ["done", "held", "failed", "advised", "skipped"];

/** Parsed JSON as an action; throws a misfit. */
export function actionOf(value: unknown): Action {
  const from = fields(value, "actions");
  return {
    kind: text(from, "kind"),
    state: oneOf(from, "state", ACTION_STATES),
    ...optional(from, "reason", text),
    ...optional(from, "url", text),
  };
}
