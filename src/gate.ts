import { crashCheck, healthCheck } from "./config/default-plan.ts";
import type { Check, Plan } from "./core/check.ts";
import { ownDeploys } from "./core/following.ts";
import type { RemedyState } from "./core/gate-state.ts";
import type { Outcome } from "./core/outcome.ts";
import { defaultHealthPath } from "./core/service-type.ts";
import type { Service } from "./core/service.ts";
import { act } from "./gate/act.ts";
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
import { withThawed } from "./gate/freeze-order.ts";
import { createDeployList } from "./gate/deploy-list.ts";
import { guardedForge } from "./gate/guarded-forge.ts";
import { createNotifier } from "./gate/notifier.ts";
import { judge, type Judged } from "./gate/judge.ts";
import { prepareRemedy, type Called } from "./gate/prepare-remedy.ts";
import { openTold, publishActions, publishVerdict, type Told } from "./gate/publish.ts";
import { goOn, type Run, type ServiceRun } from "./gate/run.ts";
import { begunMeanwhile, finishOther, isRolledBack, judgedBefore } from "./gate/resume-remedy.ts";
import { adoptVerdict, settleAncestors } from "./gate/settle.ts";
import type { Ending, Start } from "./gate/start.ts";
import { takeAim } from "./gate/take-aim.ts";
import { MESSAGES_MS, tellAndKeep } from "./gate/tell-people.ts";
import { createTeller } from "./gate/teller.ts";
import type { Edges, Forge } from "./ports.ts";
import { resultLine } from "./report/line.ts";
import { verdictSentence } from "./report/title.ts";

export type { Ending, Start };

/**
 * One run of the gate, from the inputs to the exit code (design 3). Every way out is told on the commit, in the job,
 * and in the exit code.
 */
export async function runGate(edges: Edges, start: Start): Promise<Ending> {
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
  const outcome = await gate({ ...run, service, plan: completed(plan, service) }, told, {
    course,
    publisher: edges,
  });
  return { told, outcome };
}

function isServiceId(name: string): boolean {
  return /^(srv|crn)-/.test(name);
}

/** Without a config file: crash events, and the service's own health check where it has one. */
function completed(plan: Plan, service: Service): Plan {
  if (plan.file !== undefined) return plan;
  const path = defaultHealthPath(service);
  const runsServers = service.type !== "static_site" && service.type !== "cron_job";
  const checks: readonly Check[] = [
    ...(path === undefined ? [] : [healthCheck(path)]),
    ...(runsServers ? [crashCheck()] : []),
  ];
  return { ...plan, checks };
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

  const freeze = createFreezeWatch(run, {
    own: told,
    finishOther: (other, state) => finishOther(run, { told: other, state }),
  });
  const left = told.state.kind === "state" ? told.state.state.remedy : undefined;
  const judged = (await earlierCall(run, told, left)) ?? (await judgeAlone(run, told, { commit, freeze }));
  await warned;
  teller.stop();
  let { outcome } = judged;
  for (const result of outcome.checks) teller.line(resultLine(result));
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
  course.closing = publishVerdict(writerOf(at.publisher, course), told, outcome);
  await course.closing;
  course.notifier?.tell(outcome, { told });
  if (acting !== undefined) {
    if (judged.remedy !== undefined) course.remedy = judged.remedy;
    outcome = "remedy" in acting ? await act(run, acting) : acting;
    course.decided = outcome;
    delete course.remedy;
  }
  const thawed = await freeze.settle(outcome);
  outcome = withThawed(outcome, thawed);
  course.decided = outcome;
  if (acting !== undefined || thawed.length > 0) await publishActions(writerOf(edges, course), told, outcome);
  if (run.mode !== "observe") {
    if (outcome.verdict === "superseded" && outcome.coveredBy !== undefined)
      await adoptVerdict(run, { context: told.name, coveredBy: outcome.coveredBy });
    else if (outcome.verdict !== "skipped")
      await settleAncestors(run, {
        context: told.name,
        verdict: outcome.verdict,
        wasLive: outcome.liveAt !== undefined,
        range: judged.range,
        url: told.checkRun?.url ?? run.runUrl,
      });
  }
  return {
    ...outcome,
    endedAt: edges.clock.now(),
    requests: edges.requests(),
    notes: teller.notes,
    timeline: teller.timeline,
  };
}
