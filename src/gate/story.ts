import { ownDeploys } from "../core/following.ts";
import type { RemedyState } from "../core/gate-state.ts";
import type { Outcome } from "../core/outcome.ts";
import { writerOf, type Course } from "./course.ts";
import { readCommit, refuseDeadlock, refuseUnwatchable, warnAboutOthers } from "./find-service.ts";
import { createFreezeWatch } from "./freeze.ts";
import { communicate } from "./communicate.ts";
import { conclude } from "./conclude.ts";
import { createDeployList } from "./deploy-list.ts";
import { newOutcome } from "./judged-outcome.ts";
import { judge, type Judged } from "./judge.ts";
import type { Called } from "./prepare-remedy.ts";
import { startLeaving } from "./leaving.ts";
import { publishActions, type Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { begunMeanwhile, finishOther, isRolledBack, judgedBefore, withFailedAgain } from "./resume-remedy.ts";
import { closeOverdue } from "./overdue.ts";
import { createTrackingIssue } from "./tracking-issue.ts";
import type { Edges } from "../ports.ts";
import { resultLine } from "../report/line.ts";

/** The judgement of another run of this commit that was stopped in the middle of its remedy, or rolled it back. */
async function earlierCall(
  run: ServiceRun,
  told: Told,
  left: RemedyState | undefined,
): Promise<Called | undefined> {
  if (left === undefined || run.mode !== "enforce") return undefined;
  if (left.finished && !left.steps.some(isRolledBack)) return undefined;
  const called = await judgedBefore(run, told, left);
  return called === undefined ? undefined : withFailedAgain(called);
}

/** Judges, unless another gate of the same commit was first to act: then its judgement counts. */
async function judgeAlone(
  run: ServiceRun,
  told: Told,
  about: Parameters<typeof judge>[1],
): Promise<Judged | Called> {
  const judged = await judge(run, about);
  const { verdict } = judged.outcome;
  if (verdict !== "fail" && verdict !== "unknown") return judged;
  return (await earlierCall(run, told, await begunMeanwhile(run, told))) ?? judged;
}

/** The story itself: refuse what cannot be judged, follow, watch, tell, act, settle. */
export async function story(
  run: ServiceRun,
  told: Told,
  at: { readonly course: Course; readonly publisher: Edges },
): Promise<Outcome> {
  const { edges, teller, service } = run;
  const { course } = at;
  teller.moment(`Gating ${run.commit.slice(0, 7)} of ${service.name} (${service.id}), mode ${run.mode}`);
  await refuseUnwatchable(run, run.plan.checks);
  const commit = await readCommit(run, run.commit);
  if (service.autoDeployTrigger === "checksPass") {
    const list = createDeployList(run, commit);
    await list.look();
    refuseDeadlock(
      run,
      ownDeploys({
        deploys: list.deploys,
        commit: run.commit,
        ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
      }),
    );
  }
  // Beside the story: a warning must not keep the watch from starting, however slowly the platforms answer it.
  const warned = warnAboutOthers(run, told.name);
  warned.catch(() => undefined);
  const closed = closeOverdue(run);
  closed.catch(() => undefined);

  const freeze = createFreezeWatch(run, {
    own: told,
    finishOther: (other, state) => finishOther(run, { told: other, state }),
  });
  const left = told.state.kind === "state" ? told.state.state.remedy : undefined;
  const leaving = await startLeaving(run, told);
  const issue = createTrackingIssue(run, told);
  // Beside the story, too: nobody has to wait for an issue.
  const opened = issue.open({ ...newOutcome(run), reason: "the deploy is being watched" });
  opened.catch(() => undefined);
  const judged = (await earlierCall(run, told, left)) ?? (await judgeAlone(run, told, { commit, freeze }));
  const [, lostTold] = await Promise.all([warned, closed]);
  teller.stop();
  for (const result of judged.outcome.checks) teller.line(resultLine(result));
  const kept = { ...judged, outcome: await leaving.keep(judged) };
  const concluded = await conclude(run, {
    judged: kept,
    commit,
    told,
    course,
    publisher: at.publisher,
    freeze,
  });
  await opened;
  const before = JSON.stringify(told.book.current);
  const outcome = await communicate(run, told, {
    outcome: concluded,
    issue,
    notifier: course.notifier,
    isOver: concluded.nextLookAt === undefined,
  });
  if (JSON.stringify(told.book.current) !== before)
    await publishActions(writerOf(edges, course), told, outcome);
  await leaving.leave(outcome);
  await lostTold();
  return {
    ...outcome,
    endedAt: edges.clock.now(),
    requests: edges.requests(),
    notes: teller.notes,
    timeline: teller.timeline,
  };
}
