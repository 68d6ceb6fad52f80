import type { Action } from "../core/outcome.ts";
import type { PullRequest, TreeChange } from "../ports.ts";
import { createPull, pullOf } from "./pull.ts";
import { claimBranch, removeBranch } from "./revert-branch.ts";
import type { ServiceRun } from "./run.ts";

/** How it went. */
export type Told = Pick<Action, "state" | "reason" | "url">;

/** What a commit on the branch's head changes. */
export interface OwnChanges {
  readonly changes: readonly TreeChange[];
  readonly head: { readonly sha: string; readonly tree: string };
}

/** `known`: it was there before, or another run opened it meanwhile. */
export type OwnPull = { readonly kind: "opened" | "known"; readonly pull: PullRequest } | Told;

/**
 * One commit that GitHub signs on the head of the service's branch, one branch of the gate's, one pull request. The
 * branch is the mutex: whoever comes later is given the pull request that is there. Throws ServiceProblem.
 */
export async function openOwnPull(
  run: ServiceRun,
  wish: {
    /** The gate's own branch. */
    readonly branch: string;
    /** The service's. */
    readonly base: string;
    readonly title: string;
    readonly body: string;
    /** Of the commit. */
    readonly message: string;
    readonly draft: boolean;
    /** Gives a reason when it is not to be opened any more. */
    readonly stillOurs: () => Promise<string | undefined>;
    /** Asked only when there is no pull request yet. */
    readonly make: () => Promise<OwnChanges | Told>;
  },
): Promise<OwnPull> {
  const { forge } = run.edges;
  const { branch, base, title, body, draft } = wish;
  const known = await pullOf(run, branch);
  if (known !== undefined) return { kind: "known", pull: known };
  const made = await wish.make();
  if ("state" in made) return made;
  const tree = await forge.createTree(made.head.tree, made.changes);
  const sha = await forge.createCommit({ message: wish.message, tree, parents: [made.head.sha] });
  const isMet = async (): Promise<boolean> => (await pullOf(run, branch)) !== undefined;
  if ((await claimBranch(run, { branch, start: sha, isMet })) === "met") {
    const met = await pullOf(run, branch);
    if (met !== undefined) return { kind: "known", pull: met };
    return { state: "failed", reason: `the pull request of ${branch} vanished while it was looked at` };
  }
  // Making the branch may have taken a while.
  const doubt = await wish.stillOurs();
  if (doubt !== undefined) {
    await removeBranch(run, branch);
    return { state: "held", reason: doubt };
  }
  const opened = await createPull(run, { title, body, head: branch, sha, base, draft });
  if (opened.kind === "refused") return { state: "failed", reason: opened.reason, url: opened.url };
  return { kind: opened.kind === "met" ? "known" : "opened", pull: opened.pull };
}
