import type { Answer } from "./answers.ts";
import type { Plan } from "./check.ts";
import type { RemedyState } from "./gate-state.ts";

/** The remedy that a person wants carried out. */
export interface OrderedRemedy {
  readonly name: string;
  readonly by: string;
  readonly url: string;
  /** Whether the guards that held it back are overridden. */
  readonly isApproved: boolean;
  /** How far it came before: what was held back has not begun any more, what was done stays done. */
  readonly earlier?: RemedyState;
}

/** The remedy that the accepted commands order, of which there is at most one; `remedy` is what is kept of the last one. */
export function orderedRemedy(
  answers: readonly Answer[],
  remedy: RemedyState | undefined,
): OrderedRemedy | undefined {
  const order = answers.find(isOrder);
  if (order === undefined) return undefined;
  const { remedy: name, by, url } = order;
  const earlier = remedy === undefined || remedy.name !== name ? {} : { earlier: reopened(remedy, order) };
  return { name, by, url, isApproved: order.kind === "approve", ...earlier };
}

function isOrder(answer: Answer): answer is Extract<Answer, { readonly remedy: string }> {
  return answer.kind === "approve" || answer.kind === "run";
}

function reopened(remedy: RemedyState, { kind, by, at }: Answer): RemedyState {
  const { approvedBy: _, ...rest } = remedy;
  const steps = remedy.steps.map((step) => (step.state === "held" ? { kind: step.kind, actions: [] } : step));
  const approval = kind === "approve" ? { approvedBy: by } : {};
  return { ...rest, ...approval, at, steps, finished: false };
}

/** The plan under which an approved remedy is carried out: no guard holds it back. A revert of migrations stays a draft. */
export function approvedPlan(plan: Plan): Plan {
  const remedies = Object.entries(plan.remedies).map(([name, remedy]) => {
    const steps = remedy.steps.map((step) =>
      step.kind === "render_rollback" ? { ...step, despiteMigrations: true } : step,
    );
    return [name, { ...remedy, steps }] as const;
  });
  const maxActions = { ...plan.guards.maxActions, count: Infinity };
  return {
    ...plan,
    guards: { ...plan.guards, actWithinMs: Infinity, maxActions, holdLabel: "" },
    remedies: Object.fromEntries(remedies),
  };
}
