import { hitRules } from "../core/clean-up.ts";
import { isStanding } from "../core/freeze.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { ServiceProblem } from "../problem.ts";
import { cleanUp } from "./clean-up.ts";
import type { Notifier } from "./notifier.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { tellStatus } from "./status-updates.ts";
import { toldSoFar } from "./told-state.ts";
import type { TrackingIssue } from "./tracking-issue.ts";

/**
 * What follows for people, after check run and status have it: the clean-up, the tracking issue, the status update, and
 * the start of messages. Gives the outcome with what was done. Whatever GitHub refuses is a note.
 */
export async function communicate(
  run: ServiceRun,
  told: Told,
  about: {
    readonly outcome: Outcome;
    readonly issue: TrackingIssue;
    readonly notifier: Notifier | undefined;
    /** Nothing is left to watch. */
    readonly isOver: boolean;
  },
): Promise<Outcome> {
  const { issue, notifier, isOver } = about;
  const actions = await cleaned(run, told, about.outcome);
  let outcome: Outcome = { ...about.outcome, actions: [...about.outcome.actions, ...actions] };
  await issue.update(outcome);
  if (issue.known !== undefined) outcome = { ...outcome, issue: issue.known };
  const update = await tellStatus(run, told, { outcome, issue });
  notifier?.tell(outcome, { told, updates: update === undefined ? [] : [update.transition] });
  if (isOver) await issue.close(outcome);
  return outcome;
}

/** The clean-up of stages that ended so; the commit is only read where one follows. */
async function cleaned(run: ServiceRun, told: Told, outcome: Outcome): Promise<readonly Action[]> {
  const { after } = toldSoFar(told);
  if (hitRules(run.plan.after, { stages: outcome.stages, after }).length === 0) return [];
  try {
    const commit = await run.edges.forge.commit(run.commit);
    const freeze = told.book.current?.freeze;
    const frozen =
      freeze === undefined || !isStanding(freeze, { autoDeploy: run.service.autoDeploy })
        ? {}
        : { frozen: `auto-deploy of ${run.service.name} is frozen` };
    return commit === undefined ? [] : await cleanUp(run, told, { outcome, commit, ...frozen });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The clean-up could not be begun: ${error.message}`);
    return [];
  }
}
