import type { RemedyState } from "../core/gate-state.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Commit } from "../ports.ts";
import { broughtNoCode, doneOf, withDone, type Acting } from "./acting.ts";
import type { Judged } from "./judge.ts";
import { createMaxActions } from "./max-actions.ts";
import type { Told } from "./publish.ts";
import { createLedger, newRemedyState, type RemedyLedger } from "./remedy-ledger.ts";
import type { ServiceRun } from "./run.ts";

const MOST_KEPT = 12;
const LONGEST_KEPT = 300;

/** A judgement that calls for a remedy; `earlier` is how far another run came with it. */
export type Called = Judged & { readonly remedy: string; readonly earlier?: RemedyState };

/**
 * What the remedy's steps need, or the outcome as it is when there is no such remedy. In mode enforce the state
 * remembers the remedy from now on. `write` writes the check run with what was done so far.
 */
export function prepareRemedy(
  run: ServiceRun,
  about: {
    readonly called: Called;
    readonly commit: Commit;
    readonly told: Told;
    readonly write: (outcome: Outcome) => Promise<boolean>;
  },
): Acting | Outcome {
  const { called, commit, told } = about;
  const { outcome, list, range, preDeployFailed, earlier } = called;
  const remedy = run.plan.remedies[called.remedy];
  if (remedy === undefined) return outcome;
  const hold = earlier === undefined ? broughtNoCode(run, called) : earlier.hold;
  const url = told.checkRun?.url;
  const ledger = run.mode === "enforce" ? ledgerOf(run, { ...about, remedy, hold }) : undefined;
  return {
    remedy,
    commit,
    outcome,
    list,
    preDeployFailed,
    passedOnOld: called.passedOnOld,
    reasons: reasonsOf(outcome),
    evidence: evidenceOf(outcome),
    ...createMaxActions(run, { list, commit }),
    ...(hold === undefined ? {} : { hold }),
    ...(range === undefined ? {} : { range }),
    ...(url === undefined ? {} : { checkRunUrl: url }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/** Does what was prepared; gives the outcome with what was done. Most gates end without, so it is loaded here. */
export async function carryOut(run: ServiceRun, prepared: Acting | Outcome): Promise<Outcome> {
  if (!("remedy" in prepared)) return prepared;
  const { act } = await import("./act.ts");
  return act(run, prepared);
}

/** The outcome with everything that the remedy did so far. */
export function soFar(outcome: Outcome, ledger: RemedyLedger): Outcome {
  return ledger.remedy.steps.reduce((sum, step) => withDone(sum, doneOf(step)), outcome);
}

function ledgerOf(
  run: ServiceRun,
  about: Parameters<typeof prepareRemedy>[1] & {
    readonly remedy: Acting["remedy"];
    readonly hold: string | undefined;
  },
): RemedyLedger {
  const { called, told, remedy, hold } = about;
  const { clock, redact } = run.edges;
  const state =
    called.earlier ??
    newRemedyState(remedy, {
      ...kept(called),
      ...(hold === undefined ? {} : { hold }),
      at: clock.now(),
      by: run.runUrl,
    });
  const ledger: RemedyLedger = createLedger({
    remedy: state,
    service: run.service.id,
    book: told.book,
    runUrl: run.runUrl,
    now: () => clock.now(),
    redact,
    write: () => about.write(soFar(called.outcome, ledger)),
  });
  // The writing of the verdict is the one before the first step.
  if (ledger.step(0).state === undefined) ledger.note(0, { state: "begun" });
  return ledger;
}

/** What another run needs to go on without judging anew. */
function kept({
  outcome,
  preDeployFailed,
  passedOnOld,
}: Called): Omit<RemedyState, "name" | "steps" | "finished" | "at" | "by"> {
  const { deploy, liveAt, previousCommit } = outcome;
  return {
    reason: outcome.reason,
    failed: outcome.checks
      .filter((check) => check.verdict === "fail")
      .slice(0, MOST_KEPT)
      .map(({ name, source, reason, hint, onFail, samples, errors }) => ({
        name,
        source,
        reason,
        onFail,
        samples,
        errors,
        ...(hint === undefined ? {} : { hint }),
      })),
    evidence: evidenceOf(outcome)
      .slice(0, MOST_KEPT)
      .map((one) => ({ ...one, text: one.text.slice(0, LONGEST_KEPT).toWellFormed() })),
    preDeployFailed,
    passedOnOld: [...passedOnOld],
    ...(deploy === undefined ? {} : { deploy: deploy.id }),
    ...(liveAt === undefined ? {} : { liveAt }),
    ...(previousCommit === undefined ? {} : { previousCommit }),
  };
}

function evidenceOf(outcome: Outcome): Acting["evidence"] {
  const failed = outcome.checks.filter((check) => check.verdict === "fail");
  const found = failed.flatMap(({ evidence, diagnosis }) => [...evidence, ...diagnosis]);
  return [...found, ...outcome.deployEvidence].slice(0, 60);
}

function reasonsOf(outcome: Outcome): readonly string[] {
  const failed = outcome.checks.filter((check) => check.verdict === "fail");
  return failed.length === 0
    ? [outcome.reason]
    : failed.map(
        (check) =>
          `"${check.name}": ${check.reason}${check.hint === undefined ? "" : `. Hint: ${check.hint}`}`,
      );
}
