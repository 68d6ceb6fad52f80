import type { Evidence } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import type { Action } from "../core/outcome.ts";
import { revertBranch } from "../core/revert-plan.ts";
import type { PullRequest } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { BY_HAND } from "../report/action-list.ts";
import { revertByHand, type RevertText } from "../report/pull-request.ts";
import { amountText, shortSha } from "../report/text.ts";
import { pullOf } from "./pull.ts";
import { refusalText } from "./refusal.ts";
import { makeBranch, removeBranch, type GoPlan } from "./revert-branch.ts";
import { existingPull, joinPull, openPull, type Reverted } from "./revert-pull.ts";
import { prepareRevert, type Prepared, type Wish } from "./revert-range.ts";
import { goOn, type ServiceRun } from "./run.ts";

export type { Reverted } from "./revert-pull.ts";

/** What the revert is about. */
export interface RevertRequest extends Wish {
  readonly deploys: readonly Deploy[];
  /** What failed, with its arithmetic. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Evidence[];
  /** What the remedy has done so far. */
  readonly actions?: readonly Action[];
  readonly checkRunUrl?: string;
  /** Gives a reason when the deploy is no longer the one to act on. Asked right before acting. */
  readonly stillOurs: () => Promise<string | undefined>;
  /** Pull requests from that branch of ours, when they are known already. */
  readonly pullsFrom: (branch: string) => readonly PullRequest[] | undefined;
}

/**
 * Opens the revert pull request (design 5.3), or says why not. A platform's refusal is an outcome with a
 * link, never an exception: the verdict stands either way.
 */
export async function revert(run: ServiceRun, request: RevertRequest): Promise<Reverted> {
  // What a person would look at: what this deploy brought, as far as it is known by now.
  let base = request.previousCommit ?? request.commit.parents[0];
  try {
    const prepared = await prepareRevert(run, request);
    base = prepared.base ?? base;
    const { plan } = prepared;
    if (plan.kind === "held") {
      const { adviceBase } = plan;
      const reason =
        adviceBase === undefined
          ? plan.reason
          : `${plan.reason}.${BY_HAND}${command(run, adviceBase, prepared.branch)}`;
      return single(run, adviceBase ?? base, { state: "held", reason });
    }
    const doubt = await request.stillOurs();
    if (doubt !== undefined) return single(run, base, { state: "held", reason: doubt });
    if (run.mode !== "enforce")
      return single(run, base, { state: "advised", reason: advice(run, prepared, plan) });
    goOn(run);
    return await open(run, request, { ...prepared, plan });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return single(run, base, { state: "failed", reason: refusalText(error) });
  }
}

/** One action about the revert, with a link to what it would take back. */
function single(
  run: ServiceRun,
  base: string | undefined,
  told: { readonly state: Action["state"]; readonly reason: string },
): Reverted {
  const { webUrl } = run.edges.forge;
  const url =
    base === undefined ? `${webUrl}/commit/${run.commit}` : `${webUrl}/compare/${base}...${run.commit}`;
  return { actions: [{ kind: "revert_pr", ...told, url }] };
}

function command(run: ServiceRun, good: string, branch: string): string {
  return revertByHand({ branch, good, bad: run.commit, to: revertBranch(good, run.commit) });
}

function advice(run: ServiceRun, prepared: Prepared, plan: GoPlan): string {
  const { branch } = prepared;
  const range = `${shortSha(plan.base)}..${shortSha(run.commit)}`;
  const what = plan.draft
    ? `a draft pull request (${plan.draftReasons.join("; ") || "draft: true"})`
    : "a pull request";
  return `would open ${what} onto ${branch} that takes back ${range} (${amountText(plan.commits.length, "commit")}).${BY_HAND}${command(run, plan.base, branch)}`;
}

async function open(run: ServiceRun, request: RevertRequest, prepared: Prepared<GoPlan>): Promise<Reverted> {
  const { forge } = run.edges;
  const { plan, branch } = prepared;
  const { step } = request;
  const text = revertText(run, request, prepared);
  const told = (state: Action["state"], reason: string): Reverted =>
    single(run, plan.base, { state, reason });

  const known = await existingPull(run, plan.branch, request.pullsFrom(plan.branch));
  if (known !== undefined) return joinPull(run, known, { plan, step, text });

  if (!forge.hasPrToken && plan.files.some((file) => file.startsWith(".github/workflows/"))) {
    return told(
      "failed",
      `the revert changes workflow files, which the job's token may never push; pass an App token or PAT with the workflows permission as "pr-token"`,
    );
  }
  const goodTree = (await forge.commit(plan.base))?.tree;
  if (goodTree === undefined) return told("held", `the commit ${shortSha(plan.base)} can no longer be read`);

  const isMet = async (): Promise<boolean> => (await pullOf(run, plan.branch)) !== undefined;
  const made = await makeBranch(run, { prepared, goodTree, text, isMet });
  switch (made.kind) {
    case "nothing":
      return told("skipped", `nothing to revert: ${branch} has none of these changes any more`);
    case "conflict": {
      return told(
        "failed",
        `later commits conflict with the revert, so it has to be made by a person.${BY_HAND}${command(run, plan.base, branch)}`,
      );
    }
    case "met": {
      const pull = await pullOf(run, plan.branch);
      if (pull !== undefined) return joinPull(run, pull, { plan, step, text });
      return told("failed", `the pull request of ${plan.branch} vanished while it was looked at`);
    }
    case "ready": {
      // Making the branch may have taken a while.
      const doubt = await request.stillOurs();
      if (doubt === undefined) return openPull(run, { plan, step, text, branch, sha: made.sha });
      await removeBranch(run, plan.branch);
      return told("held", doubt);
    }
  }
}

function revertText(run: ServiceRun, request: RevertRequest, prepared: Prepared<GoPlan>): RevertText {
  const { plan, branch, merged } = prepared;
  const subject = (message: string): string => message.split("\n", 1)[0] ?? "";
  const shas = new Set(plan.commits.map((one) => one.sha));
  return {
    services: [run.service.name],
    good: plan.base,
    bad: run.commit,
    baseBranch: branch,
    commits: plan.commits.map((one) => ({ sha: one.sha, subject: subject(one.message) })),
    pulls: merged
      .filter((pull) => pull.mergeCommit === undefined || shas.has(pull.mergeCommit))
      .map((pull) => ({ number: pull.number, title: pull.title, url: pull.url, author: pull.author })),
    others: plan.others.map((one) => ({
      sha: one.sha,
      subject: subject(one.message),
      fate: fateOf(request.deploys, one.sha),
    })),
    reasons: request.reasons,
    evidence: request.evidence,
    actions: request.actions ?? [],
    draftReasons: plan.draftReasons,
    runUrl: run.runUrl,
    ...(request.checkRunUrl === undefined ? {} : { checkRunUrl: request.checkRunUrl }),
  };
}

/** What became of the deploy of another push in the range. */
function fateOf(deploys: readonly Deploy[], sha: string): string {
  const own = deploys.find((deploy) => deploy.commit?.sha === sha);
  return own === undefined
    ? "no deploy of its own; it went out with this one"
    : `its own deploy ${own.id} ended as ${own.status}`;
}
