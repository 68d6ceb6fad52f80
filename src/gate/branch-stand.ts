import type { Commit, Comparison } from "../ports.ts";
import type { ServiceRun } from "./run.ts";

/** Where the service's own branch stands. */
export interface BranchStand {
  readonly branch: string;
  readonly head: Pick<Commit, "sha"> & { readonly tree?: string };
  /** False when the gated commit is no longer in it. */
  readonly holdsCommit: boolean;
}

/** Compares the service's branch, the base of every pull request, with the gated commit. Throws ServiceProblem. */
export async function branchStand(
  run: ServiceRun,
  commit: Commit,
  compare: (base: string, head: string) => Promise<Comparison | undefined>,
): Promise<BranchStand> {
  const branch = run.service.branch ?? "main";
  const later = await compare(commit.sha, branch);
  if (later?.relation !== "ahead")
    return {
      branch,
      head: { sha: commit.sha, tree: commit.tree },
      holdsCommit: later?.relation === "identical",
    };
  const last = later.commits.at(-1);
  const head =
    last !== undefined && !later.commitsCut
      ? { sha: last.sha, tree: last.tree }
      : { sha: (await run.edges.forge.branchHead(branch)) ?? "" };
  return { branch, head, holdsCommit: true };
}
