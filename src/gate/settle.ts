import type { Verdict } from "../core/check.ts";
import { firstParents } from "../core/revert-plan.ts";
import type { Commit } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { settledStatus } from "../report/title.ts";
import type { Run } from "./run.ts";

/** At most so many older commits are looked at; each costs one request. */
const MAX_ANCESTORS = 20;

/**
 * Settles the pending statuses of superseded commits that this verdict covers (design 3): the branch's own
 * commits between G and the gated one. A quiet range of one push costs nothing.
 */
export async function settleAncestors(
  run: Pick<Run, "edges" | "commit" | "teller">,
  options: {
    readonly context: string;
    readonly verdict: Verdict;
    readonly commits: readonly Commit[];
    readonly url: string;
  },
): Promise<void> {
  const { forge } = run.edges;
  const older = firstParents(options.commits, run.commit).filter((commit) => commit.sha !== run.commit);
  for (const commit of older.slice(-MAX_ANCESTORS)) {
    try {
      const status = await forge.status(commit.sha, options.context);
      if (status?.state !== "pending") continue;
      await forge.setStatus(commit.sha, {
        ...settledStatus(options.verdict, run.commit),
        context: options.context,
        url: options.url,
      });
      run.teller.moment(`Settled the pending status of ${commit.sha.slice(0, 7)}: ${options.verdict}`);
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      run.teller.note(
        `The pending status of ${commit.sha.slice(0, 7)} could not be settled: ${error.message}`,
      );
    }
  }
}

/**
 * After this commit's status was written as pending (superseded): if the gate of the covering commit had
 * already ended, takes over its verdict, so that none of the two misses the other.
 */
export async function adoptVerdict(
  run: Pick<Run, "edges" | "commit" | "teller">,
  options: { readonly context: string; readonly coveredBy: string },
): Promise<void> {
  const { forge } = run.edges;
  try {
    const status = await forge.status(options.coveredBy, options.context);
    if (status === undefined || status.state === "pending") return;
    await forge.setStatus(run.commit, {
      state: status.state,
      context: options.context,
      description: `Covered by ${options.coveredBy.slice(0, 7)}: ${status.description}`,
      ...(status.url === undefined ? {} : { url: status.url }),
    });
    run.teller.moment(`Took over the verdict of ${options.coveredBy.slice(0, 7)}: ${status.state}`);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The status of ${options.coveredBy.slice(0, 7)} could not be read: ${error.message}`);
  }
}
