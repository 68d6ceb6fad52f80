import { actGuard } from "./act-guard.ts";
import type { Guards, RevertStep } from "./remedy.ts";
import { deploysFor, matchesGlob } from "./glob.ts";
import { isGatePatch } from "./patch-branch.ts";
import type { Service } from "./service.ts";

/** The trailer every revert of the gate carries. */
export const REVERT_TRAILER = "Deploy-Gate-Revert:";
/** The gate's own branches start so. */
export const REVERT_BRANCH_PREFIX = "deploy-gate/revert-";

const MAX_PULLS = 20;
const MAX_AGE_MS = 14 * 24 * 60 * 60_000;

export interface RangeCommit {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly committedAt: number;
}

/** What a range of commits changed; `filesCut` when the list is not whole. */
export interface Range {
  readonly base: string;
  readonly commits: readonly RangeCommit[];
  readonly commitsCut: boolean;
  /** New and old names. */
  readonly files: readonly string[];
  readonly filesCut: boolean;
}

export interface RevertInput {
  readonly now: number;
  readonly liveAt?: number;
  readonly service: Service;
  /** B: the deployed commit. */
  readonly commit: RangeCommit;
  /** The first commit before the push that brought B (`before`, or B's first parent). */
  readonly pushBase?: string;
  /** G..B; absent when there is no G. */
  readonly range?: Range;
  /** pushBase..B. */
  readonly push?: Range;
  /** G..pushBase: what other pushes brought; absent when it is empty or unknown. */
  readonly others?: Range;
  readonly isAncestorOfBranch: boolean;
  /** False when there is a G that is no ancestor of B, or cannot be compared with it; true without a G. */
  readonly isPreviousAncestor: boolean;
  readonly step: RevertStep;
  readonly guards: Guards;
  /** Links to open issues or the merged pull request that carry the hold label. */
  readonly holds: readonly string[];
  /** The deploy broke in its pre-deploy command. */
  readonly preDeployFailed: boolean;
  /** B came by a pull request from a gate's own branch: a squash merge may have lost the trailer. */
  readonly isFromRevertBranch?: boolean;
  readonly isFromPatchBranch?: boolean;
}

export type RevertPlan =
  | {
      readonly kind: "held";
      readonly reason: string;
      /** A guard holds it: this is the state that a person may still go back to. */
      readonly adviceBase?: string;
    }
  | {
      readonly kind: "go";
      /** The state to go back to: G, or the commit before the push. */
      readonly base: string;
      readonly scope: "deploy" | "push";
      readonly branch: string;
      readonly draft: boolean;
      readonly draftReasons: readonly string[];
      readonly autoMerge: boolean;
      /** Commits the revert takes back, oldest first. */
      readonly commits: readonly RangeCommit[];
      /** First-parent commits of other pushes among them. */
      readonly others: readonly RangeCommit[];
      readonly files: readonly string[];
    };

/** Whether a commit is a revert made by a gate. */
export function isGateRevert(message: string): boolean {
  return (
    message.split("\n").some((line) => line.startsWith(REVERT_TRAILER)) ||
    /^Merge pull request #\d+ from [^\s/]+\/deploy-gate\/revert-/.test(message)
  );
}

/** One branch per range, so that the gates of several services meet in it. */
export function revertBranch(base: string, commit: string): string {
  return `${revertBranchPrefix(commit)}${base.slice(0, 12)}`;
}

/** What the revert branches of one bad commit have in common, whatever their range. */
export function revertBranchPrefix(commit: string): string {
  return `${REVERT_BRANCH_PREFIX}${commit.slice(0, 12)}-to-`;
}

/** The commits of the branch itself in a range, oldest first: every step along first parents from its end. */
export function firstParents(commits: readonly RangeCommit[], end: string): readonly RangeCommit[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const chain: RangeCommit[] = [];
  for (let at = bySha.get(end); at !== undefined && !chain.includes(at);) {
    chain.push(at);
    const parent = at.parents[0];
    at = parent === undefined ? undefined : bySha.get(parent);
  }
  return chain.reverse();
}

function held(reason: string): RevertPlan {
  return { kind: "held", reason };
}

/**
 * Whether and how to take back what this deploy put in production (design 5.3). Holds rather than guesses.
 */
export function revertPlan(input: RevertInput): RevertPlan {
  const hold = holdOf(input);
  if (hold !== undefined) return held(hold);
  const { commit, step } = input;
  const scope = scopeOf(input);
  const range = scope === "push" ? input.push : input.range;
  if (range === undefined) return held("the commit has no parent to go back to");
  const others = scope === "push" ? [] : otherPushes(input, range);
  const doubt = rangeHoldOf(range);
  if (doubt !== undefined) return held(doubt);
  const guard = guardOf(input, others);
  if (guard !== undefined) return { kind: "held", reason: guard, adviceBase: range.base };
  const draftReasons = draftReasonsOf(input, { range, others });
  return {
    kind: "go",
    base: range.base,
    scope,
    branch: revertBranch(range.base, commit.sha),
    draft: step.draft || draftReasons.length > 0,
    draftReasons,
    autoMerge: step.autoMerge && draftReasons.length === 0 && !step.draft,
    commits: range.commits,
    others,
    files: range.files,
  };
}

/** What holds the revert back whatever its range. */
function holdOf(input: RevertInput): string | undefined {
  const { commit, service } = input;
  if (!input.isAncestorOfBranch) {
    return `${commit.sha.slice(0, 7)} is no longer in ${service.branch ?? "the service's branch"}: nothing to revert there`;
  }
  const own = ownText(commit, input);
  if (own !== undefined) return own;
  if (!input.isPreviousAncestor) {
    const previous = input.range === undefined ? "" : ` (${input.range.base.slice(0, 7)})`;
    return `the commit that served before${previous} is not an ancestor of ${commit.sha.slice(0, 7)}`;
  }
  return undefined;
}

/** What the gate itself has brought is never taken back by it: a failing one needs a person. */
function ownText(
  commit: RangeCommit,
  from: Pick<RevertInput, "isFromRevertBranch" | "isFromPatchBranch"> = {},
): string | undefined {
  const short = commit.sha.slice(0, 7);
  if (from.isFromRevertBranch === true || isGateRevert(commit.message))
    return `${short} is itself a revert by the gate; a failing revert needs a person and is never reverted`;
  return from.isFromPatchBranch === true || isGatePatch(commit.message)
    ? `${short} is itself a patch by the gate; a failing patch needs a person and is never reverted`
    : undefined;
}

/** `push` when it is asked for, when there is no G, and when the other pushes touch nothing of the service. */
function scopeOf({ step, range, others, service }: RevertInput): "deploy" | "push" {
  if (step.scope === "push" || range === undefined) return "push";
  if (others === undefined) return "deploy";
  const mayTouch = others.filesCut || others.commitsCut || deploysFor(service, others.files);
  return mayTouch ? "deploy" : "push";
}

/** The branch's own commits in the range that came before the push which brought the deployed one. */
function otherPushes({ commit, push }: RevertInput, range: Range): readonly RangeCommit[] {
  const own = new Set([commit.sha, ...(push?.commits ?? []).map((one) => one.sha)]);
  return firstParents(range.commits, commit.sha).filter((one) => !own.has(one.sha));
}

interface Chosen {
  readonly range: Range;
  readonly others: readonly RangeCommit[];
}

/** What holds the revert back because of what it would take back. */
function rangeHoldOf(range: Range): string | undefined {
  const own = range.commits.map((one) => ownText(one)).find((text) => text !== undefined);
  if (own !== undefined) return own;
  return range.commitsCut ? "the range since the previous deploy is longer than GitHub lists" : undefined;
}

/** What leaves the revert to a person. */
function guardOf(input: RevertInput, others: readonly RangeCommit[]): string | undefined {
  const guard = actGuard(input);
  if (guard !== undefined || others.length === 0) return guard;
  if (others.length + 1 > MAX_PULLS) {
    return `${others.length + 1} pushes since the previous deploy, at most ${MAX_PULLS} are taken back: advice only`;
  }
  // A branch that was merged may hold older commits; when it came to the service's branch is what counts.
  const oldest = Math.min(...others.map((one) => one.committedAt));
  return input.now - oldest > MAX_AGE_MS
    ? "the range since the previous deploy is older than 14 days: advice only"
    : undefined;
}

function draftReasonsOf(input: RevertInput, { range, others }: Chosen): readonly string[] {
  const migrations = range.files.filter((file) =>
    input.guards.migrations.some((glob) => matchesGlob(glob, file)),
  );
  const pushes = others.length === 1 ? "1 other push" : `${others.length} other pushes`;
  const aboutMigrations = [
    ...(input.preDeployFailed ? ["the pre-deploy command failed: the database may be half migrated"] : []),
    ...(migrations.length > 0
      ? [`it touches migrations (${migrations.slice(0, 3).join(", ")}): reverting code does not undo them`]
      : []),
    ...(range.filesCut ? ["GitHub did not list every file, so migrations may be among them"] : []),
  ];
  return [
    ...(others.length > 0 ? [`it takes back ${pushes} besides this one`] : []),
    ...(input.step.despiteMigrations ? [] : aboutMigrations),
  ];
}
