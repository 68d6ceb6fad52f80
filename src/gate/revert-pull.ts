import type { RevertStep } from "../core/remedy.ts";
import type { Action } from "../core/outcome.ts";
import { revertBranchPrefix } from "../core/revert-plan.ts";
import type { PullRequest } from "../ports.ts";
import {
  hasServiceSection,
  pullRequestBody,
  pullRequestTitle,
  serviceComment,
  serviceSection,
  type RevertText,
} from "../report/pull-request.ts";
import { addSection, createPull, decorate, lacksLabels, openedText, openFirst, pullOf } from "./pull.ts";
import type { GoPlan } from "./revert-branch.ts";
import type { ServiceRun } from "./run.ts";

export interface Reverted {
  readonly actions: readonly Action[];
  readonly revert?: { readonly number: number; readonly url: string };
}

interface Given {
  readonly plan: GoPlan;
  readonly step: RevertStep;
  readonly text: RevertText;
}

/** The pull request for this range, an open one first; else an open one that takes the same commit back over another. */
export async function existingPull(
  run: ServiceRun,
  branch: string,
  known: readonly PullRequest[] | undefined,
): Promise<PullRequest | undefined> {
  const { forge } = run.edges;
  const own = known === undefined ? await pullOf(run, branch) : openFirst(known);
  if (own !== undefined) return own;
  const names = await forge.branchesStartingWith(revertBranchPrefix(run.commit));
  for (const name of names.filter((one) => one !== branch)) {
    const open = (await forge.pullsFrom(name)).find((pull) => pull.state === "open");
    if (open !== undefined) return open;
  }
  return undefined;
}

/** Several gates meet in one pull request: ours adds its evidence. Merged: done already. Closed by a person: a no. */
export async function joinPull(run: ServiceRun, pull: PullRequest, given: Given): Promise<Reverted> {
  const { forge } = run.edges;
  const { plan, text } = given;
  const told = (state: Action["state"], reason: string, more: readonly Action[] = []): Reverted => ({
    actions: [{ kind: "revert_pr", state, reason, url: pull.url }, ...more],
    revert: { number: pull.number, url: pull.url },
  });
  if (pull.merged) return told("skipped", `#${pull.number} has taken it back already`);
  if (pull.state === "closed")
    return told("held", `#${pull.number} was closed without being merged, which is a no`);
  const service = run.service.name;
  if (pull.headRef !== plan.branch) {
    await forge.comment(pull.number, serviceComment(text));
    return told(
      "done",
      `#${pull.number} already takes this commit back over another range; the evidence was added there as a comment, the range stays as it is`,
    );
  }
  const isOurs = hasServiceSection(pull.body, service);
  // A pull request cannot be made a draft again by REST, so what would have made it one is said.
  const section = pull.draft ? serviceSection(text) : serviceSection(text, { hasDoubts: true });
  await addSection(run, pull, section);
  const more = isOurs ? await finishing(run, pull, given) : [];
  return told(
    "done",
    isOurs
      ? `#${pull.number} was opened by an earlier attempt; its evidence is up to date`
      : `added the evidence to #${pull.number}, which takes back the same range`,
    more,
  );
}

/** What an attempt of ours that was stopped after opening the pull request may have left undone. */
async function finishing(run: ServiceRun, pull: PullRequest, given: Given): Promise<readonly Action[]> {
  const { step, plan } = given;
  if (lacksLabels(pull, step.labels)) await decorate(run, pull, step);
  return step.autoMerge ? [await autoMerge(run, pull, plan)] : [];
}

/** Opens the pull request, or says with a link that the branch is ready for a person to do so. */
export async function openPull(
  run: ServiceRun,
  input: Given & { readonly branch: string; readonly sha: string },
): Promise<Reverted> {
  const { plan, step, text } = input;
  const opened = await createPull(run, {
    title: pullRequestTitle(text),
    body: pullRequestBody(text),
    head: plan.branch,
    sha: input.sha,
    base: input.branch,
    draft: plan.draft,
  });
  if (opened.kind === "refused") {
    const { reason, url } = opened;
    return { actions: [{ kind: "revert_pr", state: "failed", reason, url }] };
  }
  const { pull } = opened;
  if (opened.kind === "met") return joinPull(run, pull, input);
  const reason = openedText(pull, { isDraft: plan.draft, reasons: plan.draftReasons });
  const actions: Action[] = [{ kind: "revert_pr", state: "done", reason, url: pull.url }];
  await decorate(run, pull, step);
  if (step.autoMerge) actions.push(await autoMerge(run, pull, plan));
  return { actions, revert: { number: pull.number, url: pull.url } };
}

async function autoMerge(run: ServiceRun, pull: PullRequest, plan: GoPlan): Promise<Action> {
  const { forge } = run.edges;
  const action = (state: Action["state"], reason: string): Action => ({
    kind: "auto_merge",
    state,
    reason,
    url: pull.url,
  });
  if (!plan.autoMerge || pull.draft) {
    const why = plan.draftReasons.join("; ") || "draft: true";
    return action("held", `a draft is never merged automatically (${why})`);
  }
  if (!forge.hasPrToken)
    return action(
      "held",
      `auto_merge needs "pr-token": a merge by the job's token starts no workflow, so nobody would watch the revert's deploy`,
    );
  const answer = await forge.enableAutoMerge(pull);
  return answer.kind === "enabled"
    ? action("done", "GitHub merges it once its requirements are met")
    : action("failed", answer.reason);
}
