import type { Outcome } from "../core/outcome.ts";
import type { Commit, Comparison, Edges } from "../ports.ts";
import { verdictSentence } from "../report/title.ts";
import { writerOf, type Course } from "./course.ts";
import { withThawed } from "./freeze-order.ts";
import type { FreezeWatch } from "./freeze.ts";
import type { Judged } from "./judge.ts";
import { carryOut, prepareRemedy, type Called } from "./prepare-remedy.ts";
import { publishActions, publishVerdict, type Told } from "./publish.ts";
import { goOn, type ServiceRun } from "./run.ts";
import { adoptVerdict, settleAncestors } from "./settle.ts";

/** What is concluded from a judgement, and where it is told. */
export interface Conclusions {
  readonly judged: Judged | Called;
  readonly commit: Commit;
  readonly told: Told;
  readonly course: Course;
  /** Writes the verdict, whatever becomes of the job. */
  readonly publisher: Pick<Edges, "forge" | "runner">;
  readonly freeze: Pick<FreezeWatch, "settle">;
}

/** From the judgement to its consequences: the verdict is told, the remedy carried out, what it settles is settled. */
export async function conclude(run: ServiceRun, about: Conclusions): Promise<Outcome> {
  const { judged, commit, told, course, freeze } = about;
  const { edges, teller } = run;
  let { outcome } = judged;
  teller.moment(verdictSentence(outcome));
  goOn(run);
  const acting =
    judged.remedy === undefined
      ? undefined
      : prepareRemedy(run, {
          called: { ...judged, remedy: judged.remedy },
          commit,
          told,
          write: (done) => {
            course.decided = done;
            return publishActions(writerOf(edges, course), told, done);
          },
        });
  course.decided = outcome;
  course.closing = publishVerdict(writerOf(about.publisher, course), told, outcome);
  await course.closing;
  course.notifier?.tell(outcome, { told });
  if (acting !== undefined) {
    if (judged.remedy !== undefined) course.remedy = judged.remedy;
    outcome = await carryOut(run, acting);
    course.decided = outcome;
    delete course.remedy;
  }
  const thawed = await freeze.settle(outcome);
  outcome = withThawed(outcome, thawed);
  course.decided = outcome;
  if (acting !== undefined || thawed.length > 0) await publishActions(writerOf(edges, course), told, outcome);
  await settle(run, { outcome, told, range: judged.range });
  return outcome;
}

/** Pending statuses of other commits that this verdict decides. */
async function settle(
  run: ServiceRun,
  about: { readonly outcome: Outcome; readonly told: Told; readonly range: Comparison | undefined },
): Promise<void> {
  const { outcome, told, range } = about;
  if (run.mode === "observe") return;
  if (outcome.verdict === "superseded" && outcome.coveredBy !== undefined) {
    await adoptVerdict(run, { context: told.name, coveredBy: outcome.coveredBy });
  } else if (outcome.verdict !== "skipped") {
    await settleAncestors(run, {
      context: told.name,
      verdict: outcome.verdict,
      wasLive: outcome.liveAt !== undefined,
      range,
      url: told.checkRun?.url ?? run.runUrl,
    });
  }
}
