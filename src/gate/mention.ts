import type { Delivery, Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";

/**
 * Comments on the merged pull request that brought the commit; on the commit itself where there is none, or where the
 * token may not write to it.
 */
export async function commentOn(
  forge: Pick<Forge, "pullsOfCommit" | "comment" | "commentOnCommit">,
  commit: string,
  body: string,
): Promise<Delivery> {
  try {
    const merged = (await forge.pullsOfCommit(commit)).filter((pull) => pull.merged);
    const pull = merged.find((one) => one.mergeCommit === commit) ?? merged[0];
    if (pull === undefined || !(await isCommented(forge, pull.number, body)))
      await forge.commentOnCommit(commit, body);
    return { ok: true };
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return { ok: false, why: error.message };
  }
}

async function isCommented(forge: Pick<Forge, "comment">, pull: number, body: string): Promise<boolean> {
  try {
    await forge.comment(pull, body);
    return true;
  } catch (error) {
    if (error instanceof ServiceProblem && error.status === 403) return false;
    throw error;
  }
}
