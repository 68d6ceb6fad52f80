import { hitRules } from "../core/clean-up.ts";
import { keptDeeds, withDeeds } from "../core/deeds.ts";
import { isStanding } from "../core/freeze.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { stillTold, transitionsOf, untold } from "../core/transition.ts";
import { ServiceProblem } from "../problem.ts";
import type { Notifier } from "./notifier.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { tellStatus, updateDue } from "./status-updates.ts";
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
  const cleanedUp = await cleaned(run, told, about.outcome);
  const actions = withDeeds(about.outcome.actions, cleanedUp);
  let outcome: Outcome = { ...about.outcome, actions };
  await issue.update(outcome);
  if (issue.known !== undefined) outcome = { ...outcome, issue: issue.known };
  const update = await tellStatus(run, told, { outcome, issue });
  notifier?.tell(outcome, { told, updates: update === undefined ? [] : [update.transition] });
  // A clean-up that is held back is still to be ticked.
  if (isOver && !isCleanUpDue(run, told, outcome)) await issue.close(outcome);
  keepDeeds(run, told, actions);
  return outcome;
}

/** Whether people are to be told something, or something follows: then only one run may do it. */
export function tellsPeople(run: ServiceRun, told: Told, outcome: Outcome): boolean {
  return (
    isCleanUpDue(run, told, outcome) ||
    updateDue(run, told, outcome) !== undefined ||
    hasUntold(run, outcome, stillTold(outcome, toldSoFar(told).transitions))
  );
}

/** Whether a stage has ended so that a clean-up follows which was not carried out yet. */
export function isCleanUpDue({ plan, mode }: ServiceRun, told: Told, { stages }: Outcome): boolean {
  const { after } = toldSoFar(told);
  return mode !== "observe" && hitRules(plan.after, { stages, after }).length > 0;
}

/** Whether a transition that some role wants to be told of has not reached all of them. */
export function hasUntold({ plan }: ServiceRun, outcome: Outcome, keys: readonly string[]): boolean {
  const wanted = new Set(plan.notify.flatMap(({ when }) => when));
  return untold(transitionsOf(outcome), keys).some(({ occasion }) => wanted.has(occasion));
}

function keepDeeds(run: ServiceRun, { book }: Told, actions: readonly Action[]): void {
  const { watch } = book.current ?? {};
  if (watch === undefined || (actions.length === 0 && watch.deeds === undefined)) return;
  book.change({ service: run.service.id, watch: { ...watch, deeds: keptDeeds(actions) } });
}

/** The clean-up of stages that ended so; the commit is only read where one follows. */
async function cleaned(run: ServiceRun, told: Told, outcome: Outcome): Promise<readonly Action[]> {
  if (!isCleanUpDue(run, told, outcome)) return [];
  try {
    const commit = await run.edges.forge.commit(run.commit);
    const freeze = told.book.current?.freeze;
    const frozen =
      freeze === undefined || !isStanding(freeze, { autoDeploy: run.service.autoDeploy })
        ? {}
        : { frozen: `auto-deploy of ${run.service.name} is frozen` };
    if (commit === undefined) return [];
    // Once in the life of a watch.
    const { cleanUp } = await import("./clean-up.ts");
    return await cleanUp(run, told, { outcome, commit, ...frozen });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The clean-up could not be begun: ${error.message}`);
    return [];
  }
}
