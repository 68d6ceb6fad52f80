import type { ServiceProblem } from "../problem.ts";

/** A platform's refusal of an act as one line with the way out. */
export function refusalText(problem: ServiceProblem): string {
  const { message, hint } = problem.failure;
  // GitHub says no more than this where a rule of the repository keeps the branch from being made.
  const rule = /Reference update failed/i.test(message)
    ? ". A rule of the repository forbids this branch: let the gate create branches below deploy-gate/"
    : "";
  return `${message}${rule}${hint === undefined ? "" : `. ${hint}`}`;
}
