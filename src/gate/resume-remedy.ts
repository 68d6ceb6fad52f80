import type { GateState, RemedyState, StepState } from "../core/gate-state.ts";
import { decodeState } from "../core/gate-state-text.ts";
import { approvedPlan } from "../core/ordered-remedy.ts";
import type { CheckResult, Outcome } from "../core/outcome.ts";
import type { Comparison } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { createDeployList } from "./deploy-list.ts";
import { deployFacts, newOutcome } from "./judged-outcome.ts";
import { carryOut, prepareRemedy, type Called } from "./prepare-remedy.ts";
import { gateCheckRun, publishActions, type Told } from "./publish.ts";
import { wait, type ServiceRun } from "./run.ts";

const ASK_MS = 60_000;
const REPEATABLE: ReadonlySet<string> = new Set(["revert_pr", "patch_pr", "issue"]);

/** Whether the step is a rollback that has served. */
export function isRolledBack(step: StepState): boolean {
  return step.kind === "render_rollback" && step.state === "done";
}

/**
 * The judgement that an earlier run reached before it was stopped in the middle of its remedy: nothing is judged anew.
 * While that run may still be at work it is waited for. A remedy that is finished counts as long as its rollback
 * serves. Undefined otherwise, and when the config file has no such remedy any more. Throws ServiceProblem.
 */
export async function judgedBefore(
  run: ServiceRun,
  told: Told,
  left: RemedyState,
): Promise<Called | undefined> {
  const { teller } = run;
  const remedy = run.plan.remedies[left.name];
  const kinds = left.steps.map((step) => step.kind).join(", ");
  if (remedy === undefined || remedy.steps.map((step) => step.kind).join(", ") !== kinds) {
    teller.note(
      `The remedy "${left.name}" of ${told.commit.slice(0, 7)} was left unfinished, and the config file has no remedy of that name with the steps ${kinds}: finish it by hand, see ${told.checkRun?.url ?? left.by}`,
    );
    return undefined;
  }
  const earlier = await waitForOther(run, told, left);
  const commit = await run.edges.forge.commit(told.commit);
  const list = createDeployList(run, commit ?? { committedAt: left.at, parents: [] });
  await list.look();
  const live = list.deploys.find((deploy) => deploy.status === "live")?.id;
  if (left.finished && !earlier.steps.some((step) => isRolledBack(step) && step.deploy === live))
    return undefined;
  if (!earlier.finished)
    teller.moment(`Finishing the remedy "${left.name}" of ${told.commit.slice(0, 7)} that ${left.by} began`);
  teller.note(
    `The verdict is that of an earlier run (${left.by}), whose remedy ${earlier.finished ? "is done" : "was left unfinished"}; nothing was judged anew.`,
  );
  const range = await rangeOf(run, earlier);
  const deploy = list.deploys.find((one) => one.id === earlier.deploy);
  const outcome: Outcome = {
    ...newOutcome(run),
    verdict: "fail",
    reason: earlier.reason,
    checks: resultsOf(run, earlier),
    deployEvidence: earlier.failed.length === 0 ? earlier.evidence : [],
    ...deployFacts(run, deploy),
    ...(earlier.liveAt === undefined ? {} : { liveAt: earlier.liveAt }),
    ...(earlier.previousCommit === undefined ? {} : { previousCommit: earlier.previousCommit }),
  };
  return {
    outcome,
    remedy: left.name,
    earlier,
    list,
    preDeployFailed: earlier.preDeployFailed,
    passedOnOld: new Set(earlier.passedOnOld),
    ...(range === undefined ? {} : { range }),
  };
}

/**
 * A finished remedy with the pull requests and issues that failed to be done once more: the platform may let them be
 * made by now, and each is found again where it is there.
 */
export function withFailedAgain(called: Called): Called {
  const { earlier } = called;
  if (earlier?.finished !== true) return called;
  const isFailed = ({ kind, state }: StepState): boolean => state === "failed" && REPEATABLE.has(kind);
  if (!earlier.steps.some(isFailed)) return called;
  const steps = earlier.steps.map((step): StepState =>
    isFailed(step) ? { ...step, state: "begun", actions: [] } : step,
  );
  return { ...called, earlier: { ...earlier, steps, finished: false } };
}

/**
 * The remedy that another gate of the same commit has begun since this one read the check run; what it keeps is taken
 * into the book, so that no writing of this gate's can lose it.
 */
export async function begunMeanwhile(run: ServiceRun, told: Told): Promise<RemedyState | undefined> {
  try {
    const checkRun = await gateCheckRun(run, told.commit);
    const decoded = decodeState(checkRun?.text ?? "");
    if (decoded.kind !== "state" || decoded.state.remedy === undefined) return undefined;
    if (decoded.state.remedy.at === told.book.current?.remedy?.at) return undefined;
    told.book.adopt(decoded.state);
    return decoded.state.remedy;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return undefined;
  }
}

/** Finishes the remedy of another commit, and writes so into the check run of that commit. */
export async function finishOther(
  run: ServiceRun,
  other: { readonly told: Told; readonly state: GateState },
): Promise<void> {
  const { told, state } = other;
  const { edges, teller } = run;
  const commit = await edges.forge.commit(state.commit);
  if (commit === undefined || state.remedy === undefined) return;
  const { before: _before, deployId: _deployId, ...rest } = run;
  const isApproved = state.remedy.approvedBy !== undefined;
  const plan = isApproved ? approvedPlan(run.plan) : run.plan;
  const there: ServiceRun = { ...rest, plan, commit: state.commit };
  const called = await judgedBefore(there, told, state.remedy);
  if (called === undefined || called.earlier?.finished === true) return;
  const writer = { forge: edges.forge, runner: edges.runner, note: (text: string) => teller.note(text) };
  const write = (outcome: Outcome): Promise<boolean> => publishActions(writer, told, outcome);
  const acting = prepareRemedy(there, { called, commit, told, write });
  if ("remedy" in acting) await write(await carryOut(there, acting));
}

/** Failed checks as they were told and where they were, the evidence with the first of them. */
function resultsOf({ plan }: ServiceRun, { failed, evidence }: RemedyState): readonly CheckResult[] {
  return failed.map((check, at) => {
    const line = plan.checks.find(({ name }) => name === check.name)?.line;
    return {
      ...check,
      verdict: "fail",
      measured: true,
      evidence: at === 0 ? evidence : [],
      series: [],
      diagnosis: [],
      ...(line === undefined ? {} : { line }),
    };
  });
}

async function rangeOf(run: ServiceRun, { previousCommit }: RemedyState): Promise<Comparison | undefined> {
  if (previousCommit === undefined) return undefined;
  try {
    return await run.edges.forge.compare(previousCommit, run.commit);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The range since the previous deploy could not be read: ${error.message}`);
    return undefined;
  }
}

/** The remedy as the run that may still be at work on it leaves it; a re-run of the same job knows that it is over. */
async function waitForOther(run: ServiceRun, told: Told, left: RemedyState): Promise<RemedyState> {
  const { clock } = run.edges;
  let seen = left;
  while (!seen.finished && seen.by !== run.runUrl && (seen.busyUntil ?? 0) > clock.now()) {
    const until = seen.busyUntil ?? 0;
    run.teller.phase({
      phase: "waiting for another run",
      waitingFor: `${seen.by}, which may be at work on the remedy`,
      until,
    });
    await wait(run, Math.min(ASK_MS, until - clock.now()));
    await run.teller.beat();
    const checkRun = await gateCheckRun(run, told.commit);
    const decoded = decodeState(checkRun?.text ?? "");
    if (decoded.kind !== "state" || decoded.state.remedy === undefined) continue;
    told.book.adopt(decoded.state);
    seen = decoded.state.remedy;
  }
  return seen;
}
