import type { Evidence, RevertStep } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import type { Action } from "../core/outcome.ts";
import {
  firstParents,
  revertBranchPrefix,
  revertPlan,
  type Range,
  type RevertPlan,
} from "../core/revert-plan.ts";
import type { Commit, Comparison, PullRequest } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import {
  pullRequestBody,
  pullRequestTitle,
  revertCommitMessage,
  serviceSection,
  withServiceSection,
  type RevertText,
} from "../report/pull-request.ts";
import { goOn, wait, type ServiceRun } from "./run.ts";

/** What the revert is about. */
export interface RevertRequest {
  readonly step: RevertStep;
  readonly commit: Commit;
  /** G's commit. */
  readonly previousCommit?: string;
  /** G..commit, when it was compared already. */
  readonly range?: Comparison;
  readonly deploys: readonly Deploy[];
  readonly liveAt?: number;
  readonly preDeployFailed: boolean;
  /** What failed, with its arithmetic. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly checkRunUrl?: string;
  /** Throws, or gives a reason, when the deploy is no longer the one to act on. Asked again right before acting. */
  readonly stillOurs: () => Promise<string | undefined>;
}

export interface Reverted {
  readonly actions: readonly Action[];
  readonly revert?: { readonly number: number; readonly url: string };
}

function rangeOf(base: string, comparison: Comparison): Range {
  return {
    base,
    commits: comparison.commits,
    commitsCut: comparison.commitsCut,
    files: comparison.files.flatMap((file) =>
      file.previousPath === undefined ? [file.path] : [file.path, file.previousPath],
    ),
    filesCut: comparison.filesCut,
  };
}

const held = (reason: string, url?: string): Reverted => ({
  actions: [{ kind: "revert_pr", state: "held", reason, ...(url === undefined ? {} : { url }) }],
});

/**
 * Opens the revert pull request (design 5.3), or says why not. A platform's refusal is an outcome with a
 * link, never an exception: the verdict stands either way.
 */
export async function revert(run: ServiceRun, request: RevertRequest): Promise<Reverted> {
  try {
    const prepared = await prepare(run, request);
    if (prepared.plan.kind === "held") return held(prepared.plan.reason);
    if (run.mode !== "enforce") {
      const { plan } = prepared;
      const what = `would revert ${plan.base.slice(0, 7)}..${run.commit.slice(0, 7)} (${plan.commits.length} commits) onto ${prepared.branch} in ${plan.draft ? "a draft" : "a"} pull request`;
      return {
        actions: [
          { kind: "revert_pr", state: "advised", reason: what, url: compareUrl(run, run.commit, plan.base) },
        ],
      };
    }
    const doubt = await request.stillOurs();
    if (doubt !== undefined) return held(doubt);
    goOn(run);
    return await open(run, request, { ...prepared, plan: prepared.plan });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return {
      actions: [
        {
          kind: "revert_pr",
          state: "failed",
          reason: `${error.message}${error.failure.hint === undefined ? "" : ` ${error.failure.hint}`}`,
          url: compareUrl(run, run.commit, request.previousCommit ?? `${run.commit}^`),
        },
      ],
    };
  }
}

function compareUrl(run: ServiceRun, base: string, head: string): string {
  return `${run.edges.forge.webUrl}/compare/${base}...${head}?expand=1`;
}

interface Prepared<Plan extends RevertPlan = RevertPlan> {
  readonly plan: Plan;
  /** The pull request's base. */
  readonly branch: string;
  readonly head: string;
  readonly merged: readonly PullRequest[];
}

async function prepare(run: ServiceRun, request: RevertRequest): Promise<Prepared> {
  const { forge } = run.edges;
  const { commit } = request;
  const branch = run.service.branch ?? "main";
  const head = await forge.branchHead(branch);
  const onBranch =
    head === undefined
      ? undefined
      : head === commit.sha
        ? "identical"
        : (await forge.compare(commit.sha, head))?.relation;
  const isAncestorOfBranch = onBranch === "identical" || onBranch === "ahead";
  const { previousCommit } = request;
  const whole =
    previousCommit === undefined
      ? undefined
      : (request.range ?? (await forge.compare(previousCommit, commit.sha)));
  const merged = (await forge.pullsOfCommit(commit.sha)).filter((pull) => pull.merged);
  const pushBase = await pushBaseOf(run, commit, { merged, range: whole });
  const push =
    pushBase === undefined
      ? undefined
      : pushBase === previousCommit
        ? whole
        : await forge.compare(pushBase, commit.sha);
  const others =
    previousCommit === undefined || pushBase === undefined || pushBase === previousCommit
      ? undefined
      : await forge.compare(previousCommit, pushBase);
  const holds = run.plan.guards.holdLabel === "" ? [] : await holdsOf(run, merged);
  const plan = revertPlan({
    now: run.edges.clock.now(),
    service: run.service,
    commit,
    step: request.step,
    guards: run.plan.guards,
    holds,
    isAncestorOfBranch,
    isPreviousAncestor: whole === undefined || whole.relation === "ahead",
    preDeployFailed: request.preDeployFailed,
    ...(request.liveAt === undefined ? {} : { liveAt: request.liveAt }),
    ...(pushBase === undefined ? {} : { pushBase }),
    ...(whole === undefined || previousCommit === undefined ? {} : { range: rangeOf(previousCommit, whole) }),
    ...(push === undefined || pushBase === undefined ? {} : { push: rangeOf(pushBase, push) }),
    ...(others?.relation === "ahead" && previousCommit !== undefined
      ? { others: rangeOf(previousCommit, others) }
      : {}),
  });
  return { plan, branch, head: head ?? "", merged };
}

/**
 * The commit before the push that brought the deployed one: the event's `before`; else the first parent that
 * is not of the same merged pull request (a rebase merge brings several commits at once).
 */
async function pushBaseOf(
  run: ServiceRun,
  commit: Commit,
  found: { readonly merged: readonly PullRequest[]; readonly range: Comparison | undefined },
): Promise<string | undefined> {
  const [parent] = commit.parents;
  const { forge } = run.edges;
  if (run.before !== undefined) {
    if (run.before === parent) return parent;
    const comparison = await forge.compare(run.before, commit.sha);
    if (comparison?.relation === "ahead") return run.before;
  }
  const [pull] = found.merged;
  if (pull === undefined || commit.parents.length > 1) return parent;
  const older = firstParents(found.range?.commits ?? [], commit.sha)
    .filter((one) => one.sha !== commit.sha)
    .toReversed()
    .slice(0, MAX_REBASED);
  let base = parent;
  for (const one of older) {
    const pulls = await forge.pullsOfCommit(one.sha);
    if (!pulls.some((other) => other.merged && other.number === pull.number)) break;
    base = one.parents[0];
  }
  return base;
}

/** So many commits of one rebase merge are recognised; each costs a request. */
const MAX_REBASED = 10;

async function holdsOf(run: ServiceRun, merged: readonly PullRequest[]): Promise<readonly string[]> {
  const label = run.plan.guards.holdLabel;
  const own = merged.filter((pull) => pull.labels.includes(label)).map((pull) => pull.url);
  const open = (await run.edges.forge.openWithLabel(label)).map((issue) => issue.url);
  return [...new Set([...own, ...open])];
}

async function open(
  run: ServiceRun,
  request: RevertRequest,
  prepared: Prepared<Extract<RevertPlan, { kind: "go" }>>,
): Promise<Reverted> {
  const { forge } = run.edges;
  const { plan, branch, head } = prepared;
  const { commit } = request;
  const text = await revertText(run, request, prepared);

  const known = await existing(run, plan.branch, commit.sha);
  if (known !== undefined) return await join(run, known, text, plan.branch);

  const touchesWorkflows = plan.files.some((file) => file.startsWith(".github/workflows/"));
  if (touchesWorkflows && !forge.hasPrToken) {
    return {
      actions: [
        {
          kind: "revert_pr",
          state: "failed",
          reason: `the revert changes workflow files, which the job's token may never push; pass an App token or PAT with the workflows permission as "pr-token"`,
          url: compareUrl(run, commit.sha, plan.base),
        },
      ],
    };
  }

  const good = await forge.commit(plan.base);
  if (good === undefined) return held(`the commit ${plan.base.slice(0, 7)} can no longer be read`);
  const message = revertCommitMessage(text);
  const undone = await forge.createCommit({ message, tree: good.tree, parents: [commit.sha] });
  if (head === commit.sha) {
    if (good.tree === commit.tree) return nothingToRevert();
    if ((await forge.createBranch(plan.branch, undone)) === "exists")
      return await meet(run, request, text, { plan, undone, message, head });
  } else {
    if ((await forge.createBranch(plan.branch, head)) === "exists")
      return await meet(run, request, text, { plan, undone, message, head });
    const failed = await mergeOnto(run, { branch: plan.branch, undone, message, head });
    if (failed !== undefined)
      return { actions: [await cleanedUp(run, plan.branch, failed, compareUrl(run, commit.sha, plan.base))] };
  }
  return await openPull(run, request, { plan, branch, text });
}

const nothingToRevert = (): Reverted => ({
  actions: [
    {
      kind: "revert_pr",
      state: "skipped",
      reason: "nothing to revert: the branch already has none of these changes",
    },
  ],
});

/** Three-way merge on the server, then one commit of our own on top of the head, which GitHub signs. */
async function mergeOnto(
  run: ServiceRun,
  input: {
    readonly branch: string;
    readonly undone: string;
    readonly message: string;
    readonly head: string;
  },
): Promise<Action | undefined> {
  const { forge } = run.edges;
  const merged = await forge.merge(
    input.branch,
    input.undone,
    `${input.message.split("\n")[0] ?? "Revert"} [skip ci]`,
  );
  if (merged.kind === "conflict")
    return {
      kind: "revert_pr",
      state: "failed",
      reason: "later commits conflict with the revert; it has to be made by hand",
    };
  const head = await forge.commit(input.head);
  if (merged.kind === "nothing" || head?.tree === merged.tree)
    return {
      kind: "revert_pr",
      state: "skipped",
      reason: "nothing to revert: the branch already has none of these changes",
    };
  goOn(run);
  const final = await forge.createCommit({
    message: input.message,
    tree: merged.tree,
    parents: [input.head],
  });
  await forge.moveBranch(input.branch, final);
  return undefined;
}

async function cleanedUp(run: ServiceRun, branch: string, action: Action, url: string): Promise<Action> {
  try {
    await run.edges.forge.deleteBranch(branch);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The branch ${branch} could not be removed: ${error.message}`);
  }
  return { ...action, url };
}

/** The branch's name was taken meanwhile: another service's gate is at it, or one before us was killed half-way. */
async function meet(
  run: ServiceRun,
  request: RevertRequest,
  text: RevertText,
  made: {
    readonly plan: Extract<RevertPlan, { kind: "go" }>;
    readonly undone: string;
    readonly message: string;
    readonly head: string;
  },
): Promise<Reverted> {
  for (let look = 0; look < 5; look += 1) {
    const known = await existing(run, made.plan.branch, request.commit.sha);
    if (known !== undefined) return await join(run, known, text, made.plan.branch);
    await wait(run, 2_000);
  }
  run.teller.note(
    `The branch ${made.plan.branch} existed without a pull request, left by a run that was stopped; it is finished now.`,
  );
  if (made.head === request.commit.sha) {
    await run.edges.forge.moveBranch(made.plan.branch, made.undone);
  } else {
    await run.edges.forge.moveBranch(made.plan.branch, made.head);
    const failed = await mergeOnto(run, {
      branch: made.plan.branch,
      undone: made.undone,
      message: made.message,
      head: made.head,
    });
    if (failed !== undefined)
      return {
        actions: [
          await cleanedUp(run, made.plan.branch, failed, compareUrl(run, request.commit.sha, made.plan.base)),
        ],
      };
  }
  return await openPull(run, request, { plan: made.plan, branch: run.service.branch ?? "main", text });
}

/** The newest pull request for this range; else one that takes the same commit back over another range. */
async function existing(run: ServiceRun, branch: string, commit: string): Promise<PullRequest | undefined> {
  const { forge } = run.edges;
  const [own] = await forge.pullsFrom(branch);
  if (own !== undefined) return own;
  const others = (await forge.branchesStartingWith(revertBranchPrefix(commit))).filter(
    (name) => name !== branch,
  );
  for (const name of others) {
    const open = (await forge.pullsFrom(name)).find((pull) => pull.state === "open");
    if (open !== undefined) return open;
  }
  return undefined;
}

/** Several gates meet in one pull request: ours adds its evidence. Merged: done already. Closed by a person: a no. */
async function join(run: ServiceRun, pull: PullRequest, text: RevertText, branch: string): Promise<Reverted> {
  const { forge } = run.edges;
  const revert = { number: pull.number, url: pull.url };
  const action = (state: Action["state"], reason: string): Reverted => ({
    actions: [{ kind: "revert_pr", state, reason, url: pull.url }],
    revert,
  });
  if (pull.merged) return action("skipped", `already reverted by #${pull.number}`);
  if (pull.state === "closed") return action("held", `#${pull.number} was closed by a person, which is a no`);
  if (pull.headRef === branch) {
    await forge.updatePull(pull.number, {
      body: withServiceSection(pull.body, run.service.name, serviceSection(text)),
    });
    return action("done", `added the evidence to #${pull.number}, which takes back the same range`);
  }
  await forge.comment(pull.number, serviceSection(text));
  return action(
    "done",
    `#${pull.number} already takes back this commit over another range; the evidence was added as a comment`,
  );
}

async function openPull(
  run: ServiceRun,
  request: RevertRequest,
  input: {
    readonly plan: Extract<RevertPlan, { kind: "go" }>;
    readonly branch: string;
    readonly text: RevertText;
  },
): Promise<Reverted> {
  const { forge } = run.edges;
  const { plan, text } = input;
  const { step } = request;
  goOn(run);
  let pull: PullRequest;
  try {
    pull = await forge.createPull({
      title: pullRequestTitle(text),
      body: pullRequestBody(text),
      head: plan.branch,
      base: input.branch,
      draft: plan.draft,
    });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    const [met] = await forge.pullsFrom(plan.branch);
    if (met !== undefined) return await join(run, met, text, plan.branch);
    // The branch stays: a person can open the pull request from the link with one click.
    return {
      actions: [
        {
          kind: "revert_pr",
          state: "failed",
          reason: `the branch ${plan.branch} is ready, but its pull request was refused: ${error.message}`,
          url: compareUrl(run, input.branch, plan.branch),
        },
      ],
    };
  }
  const actions: Action[] = [
    {
      kind: "revert_pr",
      state: "done",
      reason: `opened ${plan.draft ? "draft " : ""}#${pull.number}${plan.draftReasons.length === 0 ? "" : `: ${plan.draftReasons.join("; ")}`}`,
      url: pull.url,
    },
  ];
  for (const sentence of await forge.decorate(pull.number, step)) run.teller.note(sentence);
  if (step.autoMerge) actions.push(await autoMerge(run, pull, plan));
  return { actions, revert: { number: pull.number, url: pull.url } };
}

async function autoMerge(
  run: ServiceRun,
  pull: PullRequest,
  plan: Extract<RevertPlan, { kind: "go" }>,
): Promise<Action> {
  const { forge } = run.edges;
  const action = (state: Action["state"], reason: string): Action => ({
    kind: "auto_merge",
    state,
    reason,
    url: pull.url,
  });
  if (!plan.autoMerge)
    return action(
      "held",
      `a draft is never merged automatically (${plan.draftReasons.join("; ") || "draft: true"})`,
    );
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

async function revertText(
  run: ServiceRun,
  request: RevertRequest,
  prepared: Prepared<Extract<RevertPlan, { kind: "go" }>>,
): Promise<RevertText> {
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
