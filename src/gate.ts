import type { Outcome } from "./core/outcome.ts";
import { untilCanceled, writerOf, type Course } from "./gate/course.ts";
import { finish, otherEnd } from "./gate/end.ts";
import { findService } from "./gate/find-service.ts";
import { guardedForge } from "./gate/guarded-forge.ts";
import { createNotifier } from "./gate/notifier.ts";
import { completedPlan } from "./gate/load-plan.ts";
import { openTold, type Told } from "./gate/publish.ts";
import { goOn, type Run } from "./gate/run.ts";
import { isResuming, type Ending, type Start } from "./gate/start.ts";
import { takeAim } from "./gate/take-aim.ts";
import { MESSAGES_MS, tellAndKeep } from "./gate/tell-people.ts";
import { createTeller } from "./gate/teller.ts";
import type { Edges, Forge } from "./ports.ts";

export type { Ending, Start };

/**
 * One run of the gate, from the inputs to the exit code (design 3). Every way out is told on the commit, in the job,
 * and in the exit code.
 */
export async function runGate(edges: Edges, start: Start): Promise<Ending> {
  if (isResuming(start)) {
    // A push and a look have little in common but the rules.
    const { resumeWatches } = await import("./gate/resume.ts");
    return resumeWatches(edges, start);
  }
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
  // By now the commit knows of the gate: nothing of this was needed to tell it.
  const { story } = await import("./gate/story.ts");
  const outcome = await story({ ...run, service, plan: await completedPlan(plan, service) }, told, {
    course,
    publisher: edges,
  });
  return { told, outcome };
}

function isServiceId(name: string): boolean {
  return /^(srv|crn)-/.test(name);
}
