import type { RevertStep } from "../core/check.ts";
import type { Action } from "../core/outcome.ts";
import { revertBranchPrefix } from "../core/revert-plan.ts";
import type { PullRequest } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import {
  hasServiceSection,
  pullRequestBody,
  pullRequestTitle,
  serviceComment,
  serviceSection,
  withServiceSection,
  type RevertText,
} from "../report/pull-request.ts";
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

/** So often is a description written again that another gate overwrote at the same moment. */
const MOST_REWRITES = 3;

/** The pull request for this range, an open one first; else an open one that takes the same commit back over another. */
export async function existingPull(run: ServiceRun, branch: string): Promise<PullRequest | undefined> {
  const { forge } = run.edges;
  const own = await pullOf(run, branch);
  if (own !== undefined) return own;
  const names = await forge.branchesStartingWith(revertBranchPrefix(run.commit));
  for (const name of names.filter((one) => one !== branch)) {
    const open = (await forge.pullsFrom(name)).find((pull) => pull.state === "open");
    if (open !== undefined) return open;
  }
  return undefined;
}

/** The pull request of this branch: the open one, else the newest. */
export async function pullOf(run: ServiceRun, branch: string): Promise<PullRequest | undefined> {
  const pulls = await run.edges.forge.pullsFrom(branch);
  return pulls.find((pull) => pull.state === "open") ?? pulls[0];
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
  await addSection(run, pull, text);
  const more = isOurs ? await finishing(run, pull, given) : [];
  return told(
    "done",
    isOurs
      ? `#${pull.number} was opened by an earlier attempt; its evidence is up to date`
      : `added the evidence to #${pull.number}, which takes back the same range`,
    more,
  );
}

/** Read, change, write: when two gates do so at once one is lost, so it is looked at again. */
async function addSection(run: ServiceRun, pull: PullRequest, text: RevertText): Promise<void> {
  const { forge } = run.edges;
  // A pull request cannot be made a draft again by REST, so what would have made it one is said.
  const section = pull.draft ? serviceSection(text) : serviceSection(text, { hasDoubts: true });
  let { body } = pull;
  for (let writes = 0; writes < MOST_REWRITES; writes += 1) {
    const wanted = withServiceSection(body, run.service.name, section);
    if (wanted === body) return;
    await forge.updatePull(pull.number, { body: wanted });
    const now = (await forge.pullsFrom(pull.headRef)).find((one) => one.number === pull.number);
    if (now === undefined) return;
    body = now.body;
  }
}

/** What an attempt of ours that was stopped after opening the pull request may have left undone. */
async function finishing(run: ServiceRun, pull: PullRequest, given: Given): Promise<readonly Action[]> {
  const { step, plan } = given;
  const labels = new Set(pull.labels.map((label) => label.toLowerCase()));
  if (step.labels.some((label) => !labels.has(label.toLowerCase()))) await decorate(run, pull, step);
  return step.autoMerge ? [await autoMerge(run, pull, plan)] : [];
}

/** Opens the pull request, or says with a link that the branch is ready for a person to do so. */
export async function openPull(
  run: ServiceRun,
  input: Given & { readonly branch: string; readonly sha: string },
): Promise<Reverted> {
  const { forge } = run.edges;
  const { plan, step, sha } = input;
  const opened = await createPull(run, input);
  if (opened.kind === "refused") return opened.told;
  const { pull } = opened;
  if (opened.kind === "met") return joinPull(run, pull, input);
  // A gate that took the branch for an orphan may be at work on it: the pull request must show the finished commit.
  if (pull.headSha !== sha) await forge.moveBranch(plan.branch, sha);
  const undrafted =
    plan.draft && !pull.draft ? ["this repository has no drafts, so do not merge it unread"] : [];
  const reasons = [...plan.draftReasons, ...undrafted];
  const actions: Action[] = [
    {
      kind: "revert_pr",
      state: "done",
      reason: `opened ${pull.draft ? "draft " : ""}#${pull.number}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`,
      url: pull.url,
    },
  ];
  await decorate(run, pull, step);
  if (step.autoMerge) actions.push(await autoMerge(run, pull, plan));
  return { actions, revert: { number: pull.number, url: pull.url } };
}

type Opened =
  | { readonly kind: "opened" | "met"; readonly pull: PullRequest }
  | { readonly kind: "refused"; readonly told: Reverted };

async function createPull(run: ServiceRun, input: Given & { readonly branch: string }): Promise<Opened> {
  const { forge } = run.edges;
  const { plan, text, branch } = input;
  const wish = {
    title: pullRequestTitle(text),
    body: pullRequestBody(text),
    head: plan.branch,
    base: branch,
  };
  try {
    return { kind: "opened", pull: await forge.createPull({ ...wish, draft: plan.draft }) };
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    if (plan.draft && /draft pull requests are not supported/i.test(error.message))
      return createPull(run, { ...input, plan: { ...plan, draft: false } });
    const met = await pullOf(run, plan.branch);
    if (met !== undefined) return { kind: "met", pull: met };
    const hint = error.failure.hint === undefined ? "" : `. ${error.failure.hint}`;
    return {
      kind: "refused",
      told: {
        actions: [
          {
            kind: "revert_pr",
            state: "failed",
            reason: `the branch ${plan.branch} is ready, but its pull request could not be opened: ${error.message}${hint}`,
            url: `${forge.webUrl}/compare/${encodeURIComponent(branch)}...${plan.branch}?expand=1`,
          },
        ],
      },
    };
  }
}

async function decorate(run: ServiceRun, pull: PullRequest, step: RevertStep): Promise<void> {
  for (const sentence of await run.edges.forge.decorate(pull.number, step)) run.teller.note(sentence);
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
