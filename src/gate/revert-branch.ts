import type { RevertPlan } from "../core/revert-plan.ts";
import { ServiceProblem } from "../problem.ts";
import { revertCommitMessage, type RevertText } from "../report/pull-request.ts";
import type { Prepared } from "./revert-range.ts";
import { wait, type ServiceRun } from "./run.ts";

export type GoPlan = Extract<RevertPlan, { readonly kind: "go" }>;

/** What became of the branch that a pull request needs. */
export type Branch =
  | { readonly kind: "ready"; readonly sha: string }
  /** Somebody else made it meanwhile and opened its pull request. */
  | { readonly kind: "met" }
  | { readonly kind: "nothing" }
  | { readonly kind: "conflict" };

/** Between looks for the pull request of a branch that another gate may just be making, ms. */
const LOOKS_MS: readonly number[] = [2_000, 3_000, 5_000];

/**
 * Makes the branch of a revert: one commit on the branch's present head, which GitHub signs
 * (reference/github-platform.md 2.2). `isMet` tells whether a pull request of that branch exists by now. On a
 * branch left by a run that was stopped half-way everything is done anew. Throws ServiceProblem.
 */
export async function makeBranch(
  run: ServiceRun,
  input: {
    readonly prepared: Prepared<GoPlan>;
    readonly goodTree: string;
    readonly text: RevertText;
    readonly isMet: () => Promise<boolean>;
  },
): Promise<Branch> {
  const { forge } = run.edges;
  const { plan, head } = input.prepared;
  const message = revertCommitMessage(input.text);
  const isHead = head.sha === run.commit;
  if (isHead && input.goodTree === head.tree) return { kind: "nothing" };
  const undone = await forge.createCommit({ message, tree: input.goodTree, parents: [run.commit] });
  const start = isHead ? undone : head.sha;
  if ((await claimBranch(run, { branch: plan.branch, start, isMet: input.isMet })) === "met")
    return { kind: "met" };
  return isHead ? { kind: "ready", sha: undone } : mergeOnto(run, { plan, head, undone, message });
}

/** Three-way merge on the server, then one commit of our own on top of the head. */
async function mergeOnto(
  run: ServiceRun,
  made: {
    readonly plan: GoPlan;
    readonly head: Prepared["head"];
    readonly undone: string;
    readonly message: string;
  },
): Promise<Branch> {
  const { forge } = run.edges;
  const { plan, head, message } = made;
  try {
    const [subject = "Revert"] = message.split("\n");
    const merged = await forge.merge(plan.branch, made.undone, `${subject} [skip ci]`);
    const headTree = head.tree ?? (await forge.commit(head.sha))?.tree;
    if (merged.kind !== "merged" || merged.tree === headTree) {
      await removeBranch(run, plan.branch);
      return { kind: merged.kind === "conflict" ? "conflict" : "nothing" };
    }
    const sha = await forge.createCommit({ message, tree: merged.tree, parents: [head.sha] });
    await forge.moveBranch(plan.branch, sha);
    return { kind: "ready", sha };
  } catch (error) {
    // A branch that shows the merge but not the revert would only mislead.
    if (error instanceof ServiceProblem) await removeBranch(run, plan.branch);
    throw error;
  }
}

/**
 * Makes the gate's own branch. One that exists is another gate's at work (`met`), or, without a pull request after a
 * while, what a run left that was stopped half-way: then it is moved to `start`. Throws ServiceProblem.
 */
export async function claimBranch(
  run: ServiceRun,
  input: { readonly branch: string; readonly start: string; readonly isMet: () => Promise<boolean> },
): Promise<"ours" | "met"> {
  const { branch, start } = input;
  const { forge } = run.edges;
  if ((await forge.createBranch(branch, start)) === "created") return "ours";
  for (const pause of LOOKS_MS) {
    await wait(run, pause);
    if (await input.isMet()) return "met";
  }
  run.teller.note(
    `The branch ${branch} existed without a pull request, left by a run that was stopped; it is finished now.`,
  );
  await forge.moveBranch(branch, start);
  return "ours";
}

/** Takes the gate's own branch away again, best effort. */
export async function removeBranch(run: ServiceRun, branch: string): Promise<void> {
  try {
    await run.edges.forge.deleteBranch(branch);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The branch ${branch} could not be removed: ${error.message}`);
  }
}
