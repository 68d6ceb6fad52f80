import type { RemedyStep } from "../core/remedy.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { actionSentence } from "../report/action-list.ts";
import { doneOf, rollbackOf, withDone, type Acting, type Done } from "./acting.ts";
import { liveDoubt } from "./live-expected.ts";
import type { ServiceRun } from "./run.ts";
import { issueStep } from "./step-issue.ts";
import { patchStep } from "./step-patch.ts";
import { recheckStep } from "./step-recheck.ts";
import { revertStep } from "./step-revert.ts";
import { rollbackStep } from "./step-rollback.ts";

/**
 * Does what the outcome calls for, step by step, inside the guards and the mode, and gives the outcome with what was
 * done. Steps that an earlier run has done are not repeated. Nothing here changes the verdict.
 */
export async function act(run: ServiceRun, acting: Acting): Promise<Outcome> {
  const { remedy, ledger } = acting;
  let outcome = acting.outcome;
  run.teller.moment(`Remedy "${remedy.name}" begins`);
  for (const [at, step] of remedy.steps.entries()) {
    const known = ledger?.step(at);
    if (known?.state !== undefined && known.state !== "begun") {
      outcome = withDone(outcome, doneOf(known));
      continue;
    }
    if (known?.state === undefined) ledger?.note(at, { state: "begun" });
    const done = await takeStep(run, { ...acting, outcome }, { ...step, at });
    run.teller.endPhase();
    for (const action of done.actions) run.teller.moment(actionSentence(action));
    outcome = withDone(outcome, done);
    ledger?.note(at, {
      state: stateOf(step, done),
      actions: done.actions,
      ...(done.rollbackDeployId === undefined ? {} : { deploy: done.rollbackDeployId }),
      ...(done.revert === undefined ? {} : { pull: done.revert.number }),
    });
    const next = remedy.steps[at + 1];
    // The last writing is that of the finished remedy.
    if (next === undefined) continue;
    if (ledger?.step(at + 1).state === undefined) ledger?.note(at + 1, { state: "begun" });
    await ledger?.save();
  }
  ledger?.finish();
  return outcome;
}

type Placed = RemedyStep & { readonly at: number };

async function takeStep(run: ServiceRun, acting: Acting, step: Placed): Promise<Done> {
  if (acting.hold !== undefined && step.kind !== "issue")
    return { actions: [{ kind: step.kind, state: "held", reason: acting.hold }] };
  // What a rollback put back must still serve when the next step begins.
  const doubt =
    step.kind !== "render_rollback" && step.kind !== "issue" && rollbackOf(acting)?.isDone === true
      ? await liveDoubt(acting)
      : undefined;
  if (doubt !== undefined) return { actions: [{ kind: step.kind, state: "held", reason: doubt }] };
  if (run.mode === "observe" && step.kind !== "render_rollback")
    return { actions: [{ kind: step.kind, state: "advised", reason: "mode observe never acts" }] };
  switch (step.kind) {
    case "render_rollback":
      return rollbackStep(run, acting, step);
    case "recheck":
      return recheckStep(run, acting, step);
    case "revert_pr":
      return revertStep(run, acting, step);
    case "patch_pr":
      return patchStep(run, acting, step);
    case "issue":
      return issueStep(run, acting, step);
  }
}

/** How the step itself ended, whatever else was told of it. */
function stateOf(step: RemedyStep, done: Done): Action["state"] {
  return (
    (done.actions.find((action) => action.kind === step.kind) ?? done.actions.at(-1))?.state ?? "skipped"
  );
}
