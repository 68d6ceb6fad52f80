import type { RevertStep } from "../core/remedy.ts";
import type { Acting, Done } from "./acting.ts";
import { liveDoubt } from "./live-expected.ts";
import { revert } from "./revert.ts";
import type { ServiceRun } from "./run.ts";

/** `revert_pr`: G..B is taken back, also when a rollback of this remedy serves by now. */
export function revertStep(run: ServiceRun, acting: Acting, step: RevertStep): Promise<Done> {
  const { outcome, list, range } = acting;
  return revert(run, {
    step,
    commit: acting.commit,
    deploys: list.deploys,
    preDeployFailed: acting.preDeployFailed,
    reasons: acting.reasons,
    evidence: acting.evidence,
    actions: outcome.actions,
    stillOurs: async () => (await liveDoubt(acting)) ?? acting.tooMany(),
    pullsFrom: acting.pullsFrom,
    ...(outcome.previousCommit === undefined ? {} : { previousCommit: outcome.previousCommit }),
    ...(range === undefined ? {} : { range }),
    ...(outcome.liveAt === undefined ? {} : { liveAt: outcome.liveAt }),
    ...(acting.checkRunUrl === undefined ? {} : { checkRunUrl: acting.checkRunUrl }),
  });
}
