import { approvedPlan, type OrderedRemedy } from "../core/ordered-remedy.ts";
import type { Outcome } from "../core/outcome.ts";
import type { WatchState } from "../core/watch-state.ts";
import type { Edges } from "../ports.ts";
import { act } from "./act.ts";
import { communicate } from "./communicate.ts";
import { writerOf } from "./course.ts";
import { readCommit } from "./find-service.ts";
import { keepState } from "./freeze-keeper.ts";
import type { Heard } from "./hearing.ts";
import { holdText, keptOutcome, openTimes } from "./look-outcome.ts";
import { watchList, windowsLeft } from "./look.ts";
import type { OpenWatch } from "./open-watch.ts";
import { prepareRemedy, type Called } from "./prepare-remedy.ts";
import { publishActions } from "./publish.ts";
import { judgedBefore } from "./resume-remedy.ts";
import { alone, rangeOf, type Visit } from "./resumed-look.ts";

type Publisher = Pick<Edges, "forge" | "runner">;

/** A watch that a person holds: nothing is judged. Held to the end of its last stage, it ends as it stands. */
export async function heldVisit(open: OpenWatch, heard: Heard, publisher: Publisher): Promise<Visit> {
  const { run, told, course, issue, state } = open;
  const { watch, isNews } = heard;
  const { hold } = watch;
  if (hold === undefined) throw new Error("nobody holds the watch");
  const windows = windowsLeft(run, watch);
  const isOver = windows.every(({ to }) => run.edges.clock.now() > to);
  const outcome: Outcome = {
    ...keptOutcome(run, watch),
    verdict: state.verdict ?? "unknown",
    reason: `${holdText(hold)}; ${isOver ? "it was held to its end" : "nothing is judged until /gate resume"}`,
    laterStages: isOver ? [] : windows.map(({ stage }) => stage.name),
    ...(isOver ? {} : openTimes(windows, run.edges.clock.now())),
  };
  if (!isNews && !isOver) return { kind: "left", why: outcome.reason };
  return alone(open, isOver, async () => {
    told.book.change({ service: run.service.id, watch: isOver ? undefined : watch });
    await publishActions(writerOf(publisher, course), told, outcome);
    await heard.answer(outcome);
    await communicate(run, told, { outcome, issue, notifier: course.notifier, isOver });
    return { kind: "told", outcome, isOver };
  });
}

/** A watch that has ended as failed: it is only kept for what people may answer. */
export async function overVisit(open: OpenWatch, heard: Heard): Promise<Visit> {
  await heard.answer();
  if (heard.isNews) await keepHeard(open, heard);
  return { kind: "left", why: "it has ended; answers of people are still read" };
}

/** What was heard is kept although nothing else is written. */
export async function keepHeard({ run, told, checkRun }: OpenWatch, { watch }: Heard): Promise<void> {
  told.book.change({ service: run.service.id, watch });
  const { current: state } = told.book;
  if (state !== undefined) await keepState(run, { kind: "known", state, checkRun }, state);
}

/** Carries out the remedy that a person has ordered, inside what the steps look at before they act. */
export async function orderedVisit(
  open: OpenWatch,
  about: { readonly heard: Heard; readonly order: OrderedRemedy; readonly publisher: Publisher },
): Promise<Visit> {
  const { told, course, issue } = open;
  const { heard, order, publisher } = about;
  const { watch } = heard;
  const plan = order.isApproved ? approvedPlan(open.run.plan) : open.run.plan;
  const run = { ...open.run, plan };
  return alone(open, true, async () => {
    await heard.answer();
    const called = await calledBy(open, { watch, order });
    if (called === undefined)
      return { kind: "left", why: `the remedy "${order.name}" cannot be carried out` };
    const now = run.edges.clock.now();
    told.book.change({ service: run.service.id, watch });
    const write = (done: Outcome): Promise<boolean> => {
      course.decided = done;
      return publishActions(writerOf(publisher, course), told, done);
    };
    const acting = prepareRemedy(run, { called, commit: await readCommit(run, run.commit), told, write });
    course.decided = called.outcome;
    course.remedy = order.name;
    const done = "remedy" in acting ? await act(run, acting) : acting;
    delete course.remedy;
    // What was put back by a person's order is not watched any more.
    const outcome: Outcome =
      done.rollbackDeployId === undefined ? done : { ...done, verdict: "fail", laterStages: [] };
    const isOver = outcome.verdict === "fail";
    told.book.change({
      service: run.service.id,
      verdict: outcome.verdict,
      watch: isOver && watch.over === undefined ? { ...watch, over: now } : watch,
    });
    const final = await communicate(run, told, { outcome, issue, notifier: course.notifier, isOver });
    await publishActions(writerOf(publisher, course), told, final);
    return { kind: "told", outcome: final, isOver };
  });
}

/** The judgement that the remedy belongs to: that of the failure it was held back at, or what is known by now. */
async function calledBy(
  open: OpenWatch,
  about: { readonly watch: WatchState; readonly order: OrderedRemedy },
): Promise<Called | undefined> {
  const { run, told, state } = open;
  const { watch, order } = about;
  if (order.earlier !== undefined) return judgedBefore(run, told, order.earlier);
  const list = watchList(run, watch);
  await list.look();
  const range = await rangeOf(run, watch);
  const windows = windowsLeft(run, watch);
  return {
    outcome: {
      ...keptOutcome(run, watch),
      verdict: state.verdict ?? "unknown",
      reason: `asked for by @${order.by} with /gate run ${order.name}`,
      ...(watch.over === undefined ? { laterStages: windows.map(({ stage }) => stage.name) } : {}),
    },
    remedy: order.name,
    list,
    preDeployFailed: false,
    passedOnOld: new Set(watch.passedBefore),
    ...(range === undefined ? {} : { range }),
  };
}
