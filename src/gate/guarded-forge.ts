import type { Forge } from "../ports.ts";
import { goOn } from "./run.ts";

/**
 * The forge of a story that may be canceled: from then on its writes throw Canceled, so that nothing changes behind
 * the back of the ending. `settled` waits for those that were on their way.
 */
export function guardedForge(
  forge: Forge,
  signal: AbortSignal,
): { readonly forge: Forge; readonly settled: () => Promise<void> } {
  const onTheirWay = new Set<Promise<unknown>>();
  const guarded =
    <Given extends readonly unknown[], Result>(write: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      goOn({ signal });
      const writing = write(...given);
      onTheirWay.add(writing);
      try {
        return await writing;
      } finally {
        onTheirWay.delete(writing);
      }
    };
  return {
    forge: {
      ...forge,
      createCheckRun: guarded((run) => forge.createCheckRun(run)),
      updateCheckRun: guarded((id, change) => forge.updateCheckRun(id, change)),
      setStatus: guarded((sha, status) => forge.setStatus(sha, status)),
      openWatch: guarded((watch) => forge.openWatch(watch)),
      setWatch: guarded((id, status) => forge.setWatch(id, status)),
      createTree: guarded((base, changes) => forge.createTree(base, changes)),
      createCommit: guarded((commit) => forge.createCommit(commit)),
      createBranch: guarded((branch, sha) => forge.createBranch(branch, sha)),
      moveBranch: guarded((branch, sha) => forge.moveBranch(branch, sha)),
      deleteBranch: guarded((branch) => forge.deleteBranch(branch)),
      merge: guarded((branch, head, message) => forge.merge(branch, head, message)),
      createPull: guarded((pull) => forge.createPull(pull)),
      updatePull: guarded((number, change) => forge.updatePull(number, change)),
      comment: guarded((number, body) => forge.comment(number, body)),
      commentOnCommit: guarded((sha, body) => forge.commentOnCommit(sha, body)),
      decorate: guarded((number, wishes) => forge.decorate(number, wishes)),
      createIssue: guarded((issue) => forge.createIssue(issue)),
      updateIssue: guarded((number, change) => forge.updateIssue(number, change)),
      commentIssue: guarded((number, body) => forge.commentIssue(number, body)),
      decorateIssue: guarded((number, wishes) => forge.decorateIssue(number, wishes)),
      enableAutoMerge: guarded((pull) => forge.enableAutoMerge(pull)),
    },
    settled: async () => {
      await Promise.allSettled(onTheirWay);
    },
  };
}
