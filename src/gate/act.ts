import { servedAlready, type Following } from "../core/following.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import type { Commit } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { actionSentence } from "../report/action-list.ts";
import type { Judged } from "./judge.ts";
import { revert } from "./revert.ts";
import type { ServiceRun } from "./run.ts";

/**
 * Does what the outcome calls for, inside the guards and the mode, and gives the outcome with what was done.
 * Nothing here changes the verdict.
 */
export async function act(
  run: ServiceRun,
  commit: Commit,
  judged: Judged & { readonly remedy: string },
  checkRunUrl?: string,
): Promise<Outcome> {
  const { outcome, remedy: name } = judged;
  const remedy = run.plan.remedies[name];
  if (remedy === undefined) return outcome;
  if (run.mode === "observe")
    return withActions(outcome, [{ kind: name, state: "advised", reason: "mode observe never acts" }]);
  const noCode = broughtNoCode(run, judged);
  if (noCode !== undefined) {
    return withActions(
      outcome,
      remedy.steps.map((step) => ({ kind: step.kind, state: "held", reason: noCode })),
    );
  }
  let current = outcome;
  for (const step of remedy.steps) {
    if (step.kind !== "revert_pr") continue;
    run.teller.moment(`Remedy "${name}" begins`);
    const done = await revert(run, {
      step,
      commit,
      deploys: judged.list.deploys,
      preDeployFailed: judged.preDeployFailed,
      reasons: reasonsOf(outcome),
      evidence: [
        ...outcome.checks.filter((check) => check.verdict === "fail").flatMap((check) => check.evidence),
        ...outcome.deployEvidence,
      ].slice(0, 60),
      stillOurs: () => stillOurs(judged),
      ...(outcome.previousCommit === undefined ? {} : { previousCommit: outcome.previousCommit }),
      ...(judged.range === undefined ? {} : { range: judged.range }),
      ...(outcome.liveAt === undefined ? {} : { liveAt: outcome.liveAt }),
      ...(checkRunUrl === undefined ? {} : { checkRunUrl }),
    });
    for (const action of done.actions) run.teller.moment(actionSentence(action));
    current = {
      ...withActions(current, done.actions),
      ...(done.revert === undefined ? {} : { revert: done.revert }),
    };
  }
  return current;
}

/** Why the judged deploy brought no code of this repository that could be taken back. */
function broughtNoCode(run: ServiceRun, { outcome, list }: Judged): string | undefined {
  const { deploy, commit } = outcome;
  if (deploy === undefined) return undefined;
  if (run.isAssumed === true && deploy.commit === undefined) {
    return "the deploy names no commit, and neither does the event: no commit is known to be the cause";
  }
  const before = servedAlready({ deploys: list.deploys, commit }, { judged: deploy, since: run.startedAt });
  return before === undefined
    ? undefined
    : `${before.id} served the same commit before: ${deploy.id} brought no new code that could be taken back`;
}

function withActions(outcome: Outcome, actions: readonly Action[]): Outcome {
  return { ...outcome, actions: [...outcome.actions, ...actions] };
}

function reasonsOf(outcome: Outcome): readonly string[] {
  const failed = outcome.checks.filter((check) => check.verdict === "fail");
  return failed.length === 0
    ? [outcome.reason]
    : failed.map(
        (check) =>
          `"${check.name}": ${check.reason}${check.hint === undefined ? "" : `. Hint: ${check.hint}`}`,
      );
}

function changeText(following: Following): string {
  switch (following.kind) {
    case "superseded":
    case "taken-out":
      return `${following.by.id}${following.by.commit === undefined ? "" : ` of ${following.by.commit.sha.slice(0, 7)}`} has taken over`;
    case "displaced":
      return following.by === undefined ? "no deploy is live" : `${following.by.id} is live`;
    case "running":
    case "live":
    case "failed":
    case "canceled":
      return `${following.deploy.id} is ${following.deploy.status}`;
    default:
      return "Render lists none of its deploys any more";
  }
}

/**
 * Right before acting: a live deploy must still be the live one; of a deploy that never went live, no newer
 * deploy may exist or run (the branch is looked at by the revert itself). Gives the reason to hold, if any.
 */
async function stillOurs(judged: Judged): Promise<string | undefined> {
  const { deploy, liveAt } = judged.outcome;
  try {
    const following = await judged.list.look();
    if (liveAt !== undefined) {
      if (following.kind === "live" && following.deploy.id === deploy?.id) return undefined;
      if (following.kind === "live")
        return `${following.deploy.id}, a newer deploy of the same commit, is live by now; nothing is reverted for a deploy that no longer serves`;
      const isStillLive = judged.list.deploys.some((one) => one.id === deploy?.id && one.status === "live");
      if (following.kind === "running" && isStillLive) return undefined;
      return `what is live has changed (${changeText(following)}); nothing is reverted for a deploy that no longer serves`;
    }
    if (following.kind !== "failed" || following.deploy.id !== deploy?.id)
      return `the failed deploy is no longer the newest of its commit (${changeText(following)})`;
    const newer = judged.list.deploys.find(
      (one) => deploy !== undefined && one.createdAt > deploy.createdAt && one.id !== deploy.id,
    );
    return newer === undefined
      ? undefined
      : `a newer deploy of the service exists (${newer.id}, ${newer.status})`;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return `what is live could not be read: ${error.message}`;
  }
}
