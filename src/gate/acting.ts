import type { Evidence } from "../core/check.ts";
import { servedAlready } from "../core/following.ts";
import type { Remedy } from "../core/remedy.ts";
import type { StepState } from "../core/gate-state.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import type { Commit, Comparison } from "../ports.ts";
import type { DeployList } from "./deploy-list.ts";
import type { Judged } from "./judge.ts";
import type { MaxActions } from "./max-actions.ts";
import type { RemedyLedger } from "./remedy-ledger.ts";
import type { ServiceRun } from "./run.ts";

/** What the steps of a remedy share: what was judged, and what has been done about it so far. */
export interface Acting {
  readonly remedy: Remedy;
  /** B: the gated commit. */
  readonly commit: Commit;
  readonly outcome: Outcome;
  readonly list: DeployList;
  /** G..B, when there is a G. */
  readonly range?: Comparison;
  readonly preDeployFailed: boolean;
  /** Checks that the old version passed while the new one was being built. */
  readonly passedOnOld: ReadonlySet<string>;
  /** What failed, with its arithmetic. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly checkRunUrl?: string;
  /** Why nothing is taken back; people are told all the same. */
  readonly hold?: string;
  /** Absent where nothing may be done: then every step only says what it would do. */
  readonly ledger?: RemedyLedger;
  /** Why other remedies of this service forbid one more; asked once, right before something is done. */
  readonly tooMany: MaxActions["tooMany"];
  /** Pull requests from that branch, when they are known already. */
  readonly pullsFrom: MaxActions["pullsFrom"];
}

/** What a step did. */
export interface Done {
  readonly actions: readonly Action[];
  readonly revert?: Outcome["revert"];
  readonly rollbackDeployId?: string;
}

/** What a step did, as its state tells a later run. */
export function doneOf(step: StepState): Done {
  const url = step.actions.find((action) => action.kind === step.kind)?.url;
  return {
    actions: step.actions,
    ...(step.pull === undefined || url === undefined ? {} : { revert: { number: step.pull, url } }),
    ...(step.deploy === undefined || step.state !== "done" ? {} : { rollbackDeployId: step.deploy }),
  };
}

/** The outcome with what a step did. */
export function withDone(outcome: Outcome, done: Done): Outcome {
  return {
    ...outcome,
    actions: [...outcome.actions, ...done.actions],
    ...(done.revert === undefined ? {} : { revert: done.revert }),
    ...(done.rollbackDeployId === undefined ? {} : { rollbackDeployId: done.rollbackDeployId }),
  };
}

/** The deploy that a rollback of this remedy made, and whether it has been seen serving. */
export function rollbackOf(
  acting: Acting,
): { readonly deploy: string; readonly isDone: boolean } | undefined {
  const step = acting.ledger?.remedy.steps.find(
    (one) => one.kind === "render_rollback" && one.deploy !== undefined,
  );
  return step?.deploy === undefined ? undefined : { deploy: step.deploy, isDone: step.state === "done" };
}

/** Why the judged deploy brought no code of this repository that could be taken back. */
export function broughtNoCode(
  run: ServiceRun,
  { outcome, list }: Pick<Judged, "outcome" | "list">,
): string | undefined {
  const { deploy, commit } = outcome;
  if (deploy === undefined) return undefined;
  if (run.isAssumed === true && deploy.commit === undefined) {
    return "the deploy names no commit, and neither does the event: no commit is known to be the cause";
  }
  const before = servedAlready({ deploys: list.deploys, commit }, { judged: deploy, since: run.startedAt });
  return before === undefined
    ? undefined
    : `${before.id} served the same commit before: ${deploy.id} brought no new code that could be taken back`;
}
