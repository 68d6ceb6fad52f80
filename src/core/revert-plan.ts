import type { Guards, RevertStep } from "./check.ts";
import { deploysFor, matchesGlob } from "./glob.ts";
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
  readonly isPreviousAncestor: boolean;
  readonly step: RevertStep;
  readonly guards: Guards;
  /** Links to open issues or the merged pull request that carry the hold label. */
  readonly holds: readonly string[];
  /** The deploy broke in its pre-deploy command. */
  readonly preDeployFailed: boolean;
}

export type RevertPlan =
  | { readonly kind: "held"; readonly reason: string }
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
  const { commit, guards, step, service } = input;
  if (!input.isAncestorOfBranch) {
    return held(
      `${commit.sha.slice(0, 7)} is no longer in ${service.branch ?? "the service's branch"}: nothing to revert there`,
    );
  }
  const revert = [commit, ...(input.range?.commits ?? [])].find((one) => isGateRevert(one.message));
  if (revert !== undefined) {
    return held(
      `${revert.sha.slice(0, 7)} is itself a revert by the gate; a failing revert needs a person and is never reverted`,
    );
  }
  if (input.holds.length > 0) return held(`held by label "${guards.holdLabel}": ${input.holds.join(", ")}`);
  if (input.liveAt !== undefined && input.now - input.liveAt > guards.actWithinMs) {
    return held(`live for longer than act_within (${guards.actWithinMs / 3_600_000} h): advice only`);
  }
  if (input.range !== undefined && !input.isPreviousAncestor) {
    return held(
      `the commit that served before (${input.range.base.slice(0, 7)}) is not an ancestor of ${commit.sha.slice(0, 7)}`,
    );
  }
  if (input.range?.commitsCut) return held("the range since the previous deploy is longer than GitHub lists");
  const othersTouch =
    input.others !== undefined && (input.others.filesCut || deploysFor(service, input.others.files));
  const scope =
    step.scope === "push" || input.range === undefined || (input.others !== undefined && !othersTouch)
      ? "push"
      : "deploy";
  const range = scope === "push" ? input.push : input.range;
  if (range === undefined) return held("the commit has no parent to go back to");
  const pushes = firstParents(range.commits, commit.sha);
  const others =
    scope === "push"
      ? []
      : firstParents(input.others?.commits ?? [], input.others?.commits.at(-1)?.sha ?? "");
  if (pushes.length > MAX_PULLS && others.length > 0)
    return held(
      `${pushes.length} commits on the branch since the previous deploy, at most ${MAX_PULLS} are taken back: advice only`,
    );
  const oldest = Math.min(...range.commits.map((one) => one.committedAt), commit.committedAt);
  if (input.now - oldest > MAX_AGE_MS && others.length > 0)
    return held("the range since the previous deploy is older than 14 days: advice only");
  const migrations = range.files.filter((file) => guards.migrations.some((glob) => matchesGlob(glob, file)));
  const draftReasons = [
    ...(others.length > 0
      ? [`it takes back ${others.length} other ${others.length === 1 ? "push" : "pushes"} besides this one`]
      : []),
    ...(step.despiteMigrations
      ? []
      : [
          ...(input.preDeployFailed
            ? ["the pre-deploy command failed: the database may be half migrated"]
            : []),
          ...(migrations.length > 0
            ? [
                `it touches migrations (${migrations.slice(0, 3).join(", ")}): reverting code does not undo them`,
              ]
            : []),
          ...(range.filesCut ? ["GitHub did not list every file, so migrations may be among them"] : []),
        ]),
  ];
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
