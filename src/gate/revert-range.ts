import type { RevertStep } from "../core/remedy.ts";
import { PATCH_BRANCH_PREFIX } from "../core/patch-branch.ts";
import {
  firstParents,
  REVERT_BRANCH_PREFIX,
  revertPlan,
  type Range,
  type RevertPlan,
} from "../core/revert-plan.ts";
import type { Commit, Comparison, PullRequest } from "../ports.ts";
import { branchStand, type BranchStand } from "./branch-stand.ts";
import { holdsOf } from "./holds.ts";
import type { ServiceRun } from "./run.ts";

/** What is to be taken back, as far as the run knows. */
export interface Wish {
  readonly step: RevertStep;
  /** B: the deployed commit. */
  readonly commit: Commit;
  /** G's commit. */
  readonly previousCommit?: string;
  /** G..commit, when it was compared already. */
  readonly range?: Comparison;
  readonly liveAt?: number;
  readonly preDeployFailed: boolean;
}

export interface Prepared<Plan extends RevertPlan = RevertPlan> {
  readonly plan: Plan;
  /** The pull request's base. */
  readonly branch: string;
  /** Its head now. */
  readonly head: BranchStand["head"];
  /** Merged pull requests that brought the deployed commit. */
  readonly merged: readonly PullRequest[];
  /** The state that a revert would go back to, whether or not the plan is to do it. */
  readonly base?: string;
}

/** So many commits are walked back one by one where no list of them is known; each costs two requests. */
const MOST_WALKED = 12;

/** Reads what the plan of a revert depends on, and plans it. Throws ServiceProblem. */
export async function prepareRevert(run: ServiceRun, wish: Wish): Promise<Prepared> {
  const { forge } = run.edges;
  const { commit, previousCommit } = wish;
  const compare = comparer(run, wish);
  const { branch, head, holdsCommit } = await branchStand(run, commit, compare);
  const whole = previousCommit === undefined ? undefined : await compare(previousCommit, commit.sha);
  const merged = (await forge.pullsOfCommit(commit.sha)).filter((pull) => pull.merged);
  const pushed = await pushOf(run, commit, { merged, whole, previousCommit, compare });
  const plan = revertPlan({
    now: run.edges.clock.now(),
    service: run.service,
    commit,
    step: wish.step,
    guards: run.plan.guards,
    holds: await holdsOf(run, commit.sha, merged),
    isAncestorOfBranch: holdsCommit,
    isPreviousAncestor: previousCommit === undefined || whole?.relation === "ahead",
    isFromRevertBranch: merged.some((pull) => pull.headRef.startsWith(REVERT_BRANCH_PREFIX)),
    isFromPatchBranch: merged.some((pull) => pull.headRef.startsWith(PATCH_BRANCH_PREFIX)),
    preDeployFailed: wish.preDeployFailed,
    ...(wish.liveAt === undefined ? {} : { liveAt: wish.liveAt }),
    ...(previousCommit === undefined ? {} : { range: rangeOf(previousCommit, whole) }),
    ...pushed,
  });
  const base = plan.kind === "go" ? plan.base : (previousCommit ?? pushed.pushBase);
  return {
    plan,
    branch,
    head,
    merged,
    ...(base === undefined ? {} : { base }),
  };
}

type Compare = (base: string, head: string) => Promise<Comparison | undefined>;

/** GitHub's compare, each question asked once. */
function comparer(run: ServiceRun, wish: Wish): Compare {
  const known = new Map<string, Promise<Comparison | undefined>>();
  if (wish.range !== undefined && wish.previousCommit !== undefined)
    known.set(`${wish.previousCommit}...${wish.commit.sha}`, Promise.resolve(wish.range));
  return (base, head) => {
    const key = `${base}...${head}`;
    const asked = known.get(key) ?? run.edges.forge.compare(base, head);
    known.set(key, asked);
    return asked;
  };
}

/** A commit that GitHub does not know any more gives an empty range. */
function rangeOf(base: string, comparison: Comparison | undefined): Range {
  return {
    base,
    commits: comparison?.commits ?? [],
    commitsCut: comparison?.commitsCut ?? false,
    files: (comparison?.files ?? []).flatMap((file) =>
      file.previousPath === undefined ? [file.path] : [file.path, file.previousPath],
    ),
    filesCut: comparison?.filesCut ?? false,
  };
}

interface PushInput {
  readonly pushBase?: string;
  readonly push?: Range;
  readonly others?: Range;
}

/** The push that brought the deployed commit, and what other pushes put between it and G. */
async function pushOf(
  run: ServiceRun,
  commit: Commit,
  found: Found & { readonly previousCommit: string | undefined },
): Promise<PushInput> {
  const { whole, previousCommit, compare } = found;
  const pushBase = await pushBaseOf(run, commit, found);
  if (pushBase === undefined) return {};
  if (pushBase === previousCommit) return { pushBase, push: rangeOf(pushBase, whole) };
  const between = previousCommit === undefined ? undefined : await compare(previousCommit, pushBase);
  if (between?.relation === "behind" && previousCommit !== undefined) {
    // The push began before G, so only its part after G came with this deploy.
    return { pushBase: previousCommit, push: rangeOf(previousCommit, whole) };
  }
  const comparison = await compare(pushBase, commit.sha);
  if (comparison === undefined) return { pushBase };
  const input: PushInput = { pushBase, push: rangeOf(pushBase, comparison) };
  if (whole === undefined || previousCommit === undefined) return input;
  if (between?.relation === "ahead") return { ...input, others: rangeOf(previousCommit, between) };
  // They went apart: which files came by other pushes cannot be told, so any may have.
  const own = new Set(comparison.commits.map((one) => one.sha));
  const range = rangeOf(previousCommit, whole);
  const others = range.commits.filter((one) => !own.has(one.sha));
  return { ...input, others: { ...range, commits: others, filesCut: true } };
}

interface Found {
  readonly merged: readonly PullRequest[];
  readonly whole: Comparison | undefined;
  readonly compare: Compare;
}

/**
 * The commit before the push that brought the deployed one: the event's `before`; else the first parent that
 * is not of the same merged pull request (a rebase merge brings several commits at once).
 */
async function pushBaseOf(run: ServiceRun, commit: Commit, found: Found): Promise<string | undefined> {
  const [parent] = commit.parents;
  const { forge } = run.edges;
  if (run.before !== undefined) {
    if (run.before === parent) return parent;
    const comparison = await found.compare(run.before, commit.sha);
    if (comparison?.relation === "ahead") return run.before;
  }
  const [pull] = found.merged;
  if (pull === undefined || parent === undefined || commit.parents.length > 1) return parent;
  const isOfPull = async (sha: string): Promise<boolean> =>
    (await forge.pullsOfCommit(sha)).some((one) => one.merged && one.number === pull.number);
  const older = firstParents(found.whole?.commits ?? [], commit.sha)
    .filter((one) => one.sha !== commit.sha)
    .toReversed();
  return older.length > 0 ? beforePull(older, isOfPull, parent) : walkBack(run, parent, isOfPull);
}

/** Its commits follow each other, so halving finds where they begin. `older`: newest first. */
async function beforePull(
  older: readonly { readonly sha: string; readonly parents: readonly string[] }[],
  isOfPull: (sha: string) => Promise<boolean>,
  parent: string,
): Promise<string> {
  const [first] = older;
  if (first === undefined || !(await isOfPull(first.sha))) return parent;
  let inside = 0;
  let outside = older.length;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (await isOfPull(older[middle]?.sha ?? "")) inside = middle;
    else outside = middle;
  }
  return older[inside]?.parents[0] ?? parent;
}

/** Undefined when the pull request begins further back than is looked: half of it must not be reverted. */
async function walkBack(
  run: ServiceRun,
  parent: string,
  isOfPull: (sha: string) => Promise<boolean>,
): Promise<string | undefined> {
  let base = parent;
  for (let steps = 0; steps < MOST_WALKED; steps += 1) {
    if (!(await isOfPull(base))) return base;
    const next = (await run.edges.forge.commit(base))?.parents[0];
    if (next === undefined) return undefined;
    base = next;
  }
  return undefined;
}
