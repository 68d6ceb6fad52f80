import type { RollbackStep } from "../core/remedy.ts";
import { formerSetting, offSetting } from "../core/freeze.ts";
import type { Action } from "../core/outcome.ts";
import { isGateRevert, REVERT_BRANCH_PREFIX } from "../core/revert-plan.ts";
import { rollbackGuard, type TakenBack } from "../core/rollback-guard.ts";
import type { Comparison } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { BY_HAND } from "../report/action-list.ts";
import { rollbackByHand } from "../report/rollback.ts";
import type { Acting, Done } from "./acting.ts";
import { liftFreeze } from "./freeze-order.ts";
import { holdsOf } from "./holds.ts";
import { liveDoubt } from "./live-expected.ts";
import { findTarget } from "./rollback-target.ts";
import { orderRollback, resumeRollback } from "./rollback-order.ts";
import type { ServiceRun } from "./run.ts";

type Telling = (state: Action["state"], reason: string) => Done;

interface Wanted extends RollbackStep {
  /** Its place in the remedy. */
  readonly at: number;
  readonly told: Telling;
}

/** `render_rollback`: Render serves what it served before, unless something holds that back (design 5.3). */
export async function rollbackStep(
  run: ServiceRun,
  acting: Acting,
  step: Omit<Wanted, "told">,
): Promise<Done> {
  const told: Telling = (state, reason) => ({ actions: [{ kind: "render_rollback", state, reason }] });
  const done = await attempted(run, acting, { ...step, told });
  // A freeze is for a rollback that is in effect, or may yet be.
  if (acting.ledger === undefined || done.rollbackDeployId !== undefined) return done;
  const lifted = await liftFreeze(run, acting.ledger, "nothing is rolled back");
  return { ...done, actions: [...done.actions, ...lifted] };
}

async function attempted(run: ServiceRun, acting: Acting, step: Wanted): Promise<Done> {
  try {
    return (await resumeRollback(run, acting, step.at)) ?? (await rollBack(run, acting, step));
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return step.told("held", `what the rollback depends on could not be read: ${error.message}`);
  }
}

async function rollBack(run: ServiceRun, acting: Acting, step: Wanted): Promise<Done> {
  const { told } = step;
  const { outcome, commit } = acting;
  const { liveAt, previousCommit: good } = outcome;
  if (liveAt === undefined)
    return told("skipped", "the deploy never went live, so production still runs what it ran before");
  if (run.service.type === "cron_job") return told("held", "cron jobs cannot be rolled back");
  if (good === undefined)
    return told("skipped", "no commit is known that served before, so there is nothing to roll back to");
  const merged = (await run.edges.forge.pullsOfCommit(commit.sha)).filter((pull) => pull.merged);
  if (
    [commit, ...(acting.range?.commits ?? [])].some((one) => isGateRevert(one.message)) ||
    merged.some((pull) => pull.headRef.startsWith(REVERT_BRANCH_PREFIX))
  )
    return told("held", "the deploy brought a revert by the gate; a failing revert needs a person");

  const target = await findTarget(run, acting, good);
  if (target.kind === "none") return told("skipped", target.reason);
  const { deploy } = target;
  const range =
    target.commit === good ? acting.range : await run.edges.forge.compare(target.commit, commit.sha);
  const freezes = step.freezeAutoDeploy && formerSetting(run.service) !== undefined;
  const byHand = rollbackByHand({
    serviceId: run.service.id,
    deployId: deploy.id,
    ...(freezes ? { freeze: offSetting(run.service) } : {}),
  });
  const what = `${deploy.id} (${target.commit.slice(0, 7)})`;
  const hold = rollbackGuard({
    now: run.edges.clock.now(),
    liveAt,
    guards: run.plan.guards,
    despiteMigrations: step.despiteMigrations,
    preDeployFailed: acting.preDeployFailed,
    range: takenBack(range),
    holds: await holdsOf(run, commit.sha, merged),
  });
  if (hold !== undefined) return told("held", `${hold}. It would go back to ${what}.${BY_HAND}${byHand}`);
  const doubt = (await liveDoubt(acting, { isAlone: true })) ?? (await acting.tooMany());
  if (doubt !== undefined) return told("held", doubt);
  if (run.mode !== "enforce" || acting.ledger === undefined)
    return told("advised", `would roll ${run.service.name} back to ${what}.${BY_HAND}${byHand}`);
  return orderRollback(run, acting, { ...step, ledger: acting.ledger, target });
}

function takenBack(range: Comparison | undefined): TakenBack | undefined {
  if (range === undefined) return undefined;
  return {
    files: range.files.flatMap(({ path, previousPath }) =>
      previousPath === undefined ? [path] : [path, previousPath],
    ),
    filesCut: range.filesCut,
  };
}
