import type { Deploy } from "../core/deploy.ts";
import type { Failure } from "../core/failure.ts";
import { isRunning, ownDeploys } from "../core/following.ts";
import type { Action } from "../core/outcome.ts";
import { ServiceProblem } from "../problem.ts";
import type { DeployList } from "./deploy-list.ts";
import { wait, type ServiceRun } from "./run.ts";

const LOOK_MS = 3_000;

/** Whether an answer says no for good; anything else may be better in a moment. */
export function isRefusal({ failure }: ServiceProblem): boolean {
  const { status, code } = failure;
  if (status === undefined || code === "rate-limited" || code === "garbled") return false;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Asks Render for a deploy of the commit; a lost answer counts as asked, since the deploy may well come. */
async function ask(run: ServiceRun, kind: "trigger" | "retry", reason: string): Promise<Action> {
  try {
    await run.edges.deploys.trigger(run.service.id, run.commit);
    return { kind, state: "done", reason };
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    if (isRefusal(error))
      return { kind, state: "failed", reason: `Render refused to deploy the commit: ${error.message}` };
    run.teller.note(`Render was asked for a deploy, its answer was lost: ${error.message}`);
    return { kind, state: "done", reason: `${reason}; the answer was lost` };
  }
}

/** `deploy.trigger`: one deploy of the commit, where Render would not make it by itself and the mode may act. */
export async function triggerDeploy(run: ServiceRun): Promise<Action> {
  const { service, mode, commit, teller } = run;
  if (service.autoDeploy && service.autoDeployTrigger !== "off") {
    return {
      kind: "trigger",
      state: "skipped",
      reason: "auto-deploy is on: Render deploys the commit by itself",
    };
  }
  if (mode !== "enforce")
    return { kind: "trigger", state: "advised", reason: `mode ${mode} triggers nothing` };
  const action = await ask(run, "trigger", "asked Render to deploy the commit");
  teller.moment(
    action.state === "done" ? `Asked Render to deploy ${commit.slice(0, 7)}` : (action.reason ?? ""),
  );
  return action;
}

/**
 * Whether a failed build is built again (`deploy.retry`). What counts is how many builds of the commit have failed,
 * so that a re-run asks for no more; never over the head of a newer deploy.
 */
export function mayRebuild(run: ServiceRun, deploys: readonly Deploy[], failed: Deploy): boolean {
  const { plan, mode, service, commit, deployId } = run;
  if (failed.status !== "build_failed" || mode !== "enforce" || deployId !== undefined) return false;
  // A deploy of a cron job cannot be asked for by commit.
  if (service.type === "cron_job") return false;
  const tries = ownDeploys({ deploys, commit }).filter((deploy) => deploy.status === "build_failed");
  const hasNewer = deploys.some(
    (deploy) => deploy.createdAt > failed.createdAt && (deploy.status === "live" || isRunning(deploy)),
  );
  return tries.length <= plan.deploy.retry && !hasNewer;
}

/** Asks for one more build and waits until its deploy is there; an action that failed leaves the failure as it is. */
export async function rebuild(
  run: ServiceRun,
  list: DeployList,
  about: { readonly failed: Deploy; readonly failure: Failure },
): Promise<Action> {
  const { failed, failure } = about;
  const tries = ownDeploys({ deploys: list.deploys, commit: run.commit }).filter(
    (deploy) => deploy.status === "build_failed",
  ).length;
  run.teller.moment(
    `Deploy ${failed.id} failed to build (${failure.reason}); asking Render to build it again, ${tries} of ${run.plan.deploy.retry}`,
  );
  const action = await ask(
    run,
    "retry",
    `rebuild ${tries} of ${run.plan.deploy.retry} after: ${failure.reason}`,
  );
  if (action.state !== "done") return action;
  const until = run.edges.clock.now() + run.plan.deploy.appearWithinMs;
  while (run.edges.clock.now() < until) {
    await wait(run, LOOK_MS);
    await list.look();
    const newest = ownDeploys({ deploys: list.deploys, commit: run.commit })[0];
    if (newest !== undefined && newest.id !== failed.id) return action;
  }
  return { ...action, state: "failed", reason: "the rebuild that was asked for did not appear" };
}
