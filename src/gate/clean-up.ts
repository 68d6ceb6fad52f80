import { afterKey, cleanUpGuard, hitRules } from "../core/clean-up.ts";
import type { AfterRule, CleanUpIssue, CleanUpPull } from "../core/communication.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import type { Commit } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { cleanUpIssue, type CleanUpStep } from "./clean-up-issue.ts";
import { cleanUpPull } from "./clean-up-pull.ts";
import { holdsOf } from "./holds.ts";
import type { Told } from "./publish.ts";
import { refusalText } from "./refusal.ts";
import type { ServiceRun } from "./run.ts";
import { keepTold, toldSoFar } from "./told-state.ts";

/** What the clean-up after a stage is about. */
export interface CleanUpRequest {
  readonly outcome: Outcome;
  /** The deployed commit. */
  readonly commit: Commit;
  /** Why auto-deploy is frozen by another gate, if it is. */
  readonly frozen?: string;
}

/**
 * Carries out what `after` says for the stages that ended so, once for each: pull requests that delete files, and
 * issues. What is held back is looked at again by the next run. A platform's refusal is an outcome with a link, never
 * an exception.
 */
export async function cleanUp(
  run: ServiceRun,
  told: Told,
  request: CleanUpRequest,
): Promise<readonly Action[]> {
  if (run.mode === "observe") return [];
  const { stages } = request.outcome;
  const actions: Action[] = [];
  for (const rule of hitRules(run.plan.after, { stages, after: toldSoFar(told).after })) {
    const done: Action[] = [];
    for (const [nth, step] of rule.steps.entries())
      done.push(...(await followed(run, request, { step, rule, nth })));
    actions.push(...done);
    if (done.every(({ state }) => state !== "held")) keepTold(run, told, { after: [afterKey(rule)] });
  }
  return actions;
}

async function followed(
  run: ServiceRun,
  request: CleanUpRequest,
  { step, rule, nth }: CleanUpStep<CleanUpPull | CleanUpIssue>,
): Promise<readonly Action[]> {
  const kind = step.kind === "issue" ? "cleanup_issue" : "cleanup_pr";
  try {
    const guard = await guardOf(run, request, rule);
    if (guard !== undefined) return [{ kind, state: "held", reason: guard }];
    return step.kind === "issue"
      ? [await cleanUpIssue(run, { step, rule, nth })]
      : await cleanUpPull(run, request.commit, { step, rule, nth });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return [{ kind, state: "failed", reason: refusalText(error) }];
  }
}

async function guardOf(
  run: ServiceRun,
  { outcome, commit, frozen }: CleanUpRequest,
  rule: AfterRule,
): Promise<string | undefined> {
  const { holdLabel } = run.plan.guards;
  return cleanUpGuard({ rule, outcome, frozen, holdLabel, holds: await holdsOf(run, commit.sha) });
}
