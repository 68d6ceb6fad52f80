import { ownDeploys } from "./core/following.ts";
import type { RemedyState } from "./core/gate-state.ts";
import type { Outcome } from "./core/outcome.ts";
import { untilCanceled, writerOf, type Course } from "./gate/course.ts";
import { finish, otherEnd } from "./gate/end.ts";
import {
  findService,
  readCommit,
  refuseDeadlock,
  refuseUnwatchable,
  warnAboutOthers,
} from "./gate/find-service.ts";
import { createFreezeWatch } from "./gate/freeze.ts";
import { communicate } from "./gate/communicate.ts";
import { conclude } from "./gate/conclude.ts";
import { createDeployList } from "./gate/deploy-list.ts";
import { guardedForge } from "./gate/guarded-forge.ts";
import { createNotifier } from "./gate/notifier.ts";
import { newOutcome } from "./gate/judged-outcome.ts";
import { judge, type Judged } from "./gate/judge.ts";
import type { Called } from "./gate/prepare-remedy.ts";
import { startLeaving } from "./gate/leaving.ts";
import { completedPlan } from "./gate/load-plan.ts";
import { openTold, publishActions, type Told } from "./gate/publish.ts";
import { goOn, type Run, type ServiceRun } from "./gate/run.ts";
import { begunMeanwhile, finishOther, isRolledBack, judgedBefore } from "./gate/resume-remedy.ts";
import { isResuming, resumeWatches } from "./gate/resume.ts";
import type { Ending, Start } from "./gate/start.ts";
import { takeAim } from "./gate/take-aim.ts";
import { MESSAGES_MS, tellAndKeep } from "./gate/tell-people.ts";
import { closeOverdue } from "./gate/overdue.ts";
import { createTrackingIssue } from "./gate/tracking-issue.ts";
import { createTeller } from "./gate/teller.ts";
import type { Edges, Forge } from "./ports.ts";
import { resultLine } from "./report/line.ts";

export type { Ending, Start };

/**
 * One run of the gate, from the inputs to the exit code (design 3). Every way out is told on the commit, in the job,
 * and in the exit code.
 */
export async function runGate(edges: Edges, start: Start): Promise<Ending> {
  if (isResuming(start)) return resumeWatches(edges, start);
  const course: Course = { startedAt: edges.clock.now() };
  const guarded = guardedForge(edges.forge, start.signal);
  let ending: Ending;
  try {
    const story = tellStory(edges, start, { course, forge: guarded.forge });
    const { told, outcome } = await untilCanceled(start.signal, story);
    const maxMs = MESSAGES_MS;
    const { notifier } = course;
    const at = { told, outcome, maxMs, until: start.signal };
    ending = await finish(edges, told, await tellAndKeep(writerOf(edges, course), notifier, at));
  } catch (error) {
    ending = await otherEnd(edges, start, { error, course, settled: guarded.settled });
  }
  // The post step has nothing left to close.
  edges.runner.saveState("closed", "true");
  return ending;
}

/** Everything up to the verdict and what it calls for. `forge` is the guarded one; opening and verdict are let finish. */
async function tellStory(
  edges: Edges,
  start: Start,
  at: { readonly course: Course; readonly forge: Forge },
): Promise<{ readonly told: Told; readonly outcome: Outcome }> {
  const { course } = at;
  const guarded: Edges = { ...edges, forge: at.forge };
  const aim = await takeAim(guarded, start, course);
  const { plan, commit } = aim;
  const teller = createTeller(guarded, { serviceName: aim.serviceName, commit });
  course.teller = teller;
  course.notifier = createNotifier(edges, {
    plan,
    runUrl: start.runUrl,
    note: (text) => writerOf(edges, course).note(text),
  });
  const run: Run = {
    edges: guarded,
    plan,
    mode: plan.mode,
    commit,
    runSha: start.runSha,
    runUrl: start.runUrl,
    startedAt: course.startedAt,
    inlineMs: start.inlineMs,
    signal: start.signal,
    teller,
    ...(aim.before === undefined ? {} : { before: aim.before }),
    ...(aim.isAssumed === undefined ? {} : { isAssumed: aim.isAssumed }),
    ...(start.inputs.deployId === undefined ? {} : { deployId: start.inputs.deployId }),
  };
  const open = (service: string): Promise<Told> => {
    goOn(run);
    course.opening ??= openTold(writerOf(edges, course), {
      service,
      commit,
      mode: plan.mode,
      runUrl: start.runUrl,
      output: { title: "Starting", summary: "The gate has started." },
    });
    return course.opening;
  };
  // A name is told at once; an id is looked up first, because the check run carries the service's name.
  if (aim.service === undefined && !isServiceId(aim.serviceName)) await open(aim.serviceName);
  const service = aim.service ?? (await findService(run, aim.serviceName));
  course.service = service;
  course.serviceName = service.name;
  const told = await open(service.name);
  if (told.checkRun !== undefined) teller.attach(told.checkRun.id, told.book);
  if (plan.file === undefined) teller.note("no config file: defaults only");
  const outcome = await gate({ ...run, service, plan: completedPlan(plan, service) }, told, {
    course,
    publisher: edges,
  });
  return { told, outcome };
}

function isServiceId(name: string): boolean {
  return /^(srv|crn)-/.test(name);
}

/** The judgement of another run of this commit that was stopped in the middle of its remedy, or rolled it back. */
async function earlierCall(
  run: ServiceRun,
  told: Told,
  left: RemedyState | undefined,
): Promise<Called | undefined> {
  if (left === undefined || run.mode !== "enforce") return undefined;
  return !left.finished || left.steps.some(isRolledBack) ? judgedBefore(run, told, left) : undefined;
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
async function gate(
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
