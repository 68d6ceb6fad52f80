import { approvedPlan, type OrderedRemedy } from "../core/ordered-remedy.ts";
import { withDeeds } from "../core/deeds.ts";
import type { Outcome } from "../core/outcome.ts";
import type { WatchState } from "../core/watch-state.ts";
import type { Edges } from "../ports.ts";
import { alone, hasMoved, type Visit } from "./alone.ts";
import { writerOf } from "./course.ts";
import { endedWatch, standingOutcome } from "./ended-watch.ts";
import { readCommit } from "./find-service.ts";
import { keepState } from "./freeze-keeper.ts";
import type { Heard } from "./hearing.ts";
import { holdText } from "./look-outcome.ts";
import { watchList } from "./look.ts";
import { windowsLeft } from "./windows-left.ts";
import type { OpenWatch } from "./open-watch.ts";
import { carryOut, prepareRemedy, type Called } from "./prepare-remedy.ts";
import { publishActions, publishStatus, publishVerdict } from "./publish.ts";
import { judgedBefore } from "./resume-remedy.ts";
import { rangeOf } from "./resumed-look.ts";
import { tellLook } from "./tell-look.ts";

type Publisher = Pick<Edges, "forge" | "runner">;

/** A watch that a person holds: nothing is judged. Held to the end of its last stage, it ends as it stands. */
export async function heldVisit(open: OpenWatch, heard: Heard, publisher: Publisher): Promise<Visit> {
  const { run, told, course } = open;
  const { watch, isNews } = heard;
  const { hold } = watch;
  if (hold === undefined) throw new Error("nobody holds the watch");
  const windows = windowsLeft(run, watch);
  const now = run.edges.clock.now();
  const isOver = windows.every(({ to }) => now > to);
  const names = windows.map(({ stage }) => stage.name).join(", ");
  const rest = isOver
    ? `it was held to its end, and ${names} not judged`
    : "nothing is judged until /gate resume";
  const reason = `${holdText(hold)}; ${rest}`;
  const standing = { ...standingOutcome(open, watch), reason };
  const outcome = isOver ? withoutRest(standing) : standing;
  if (!isNews && !isOver) {
    await heard.answer(outcome);
    return { kind: "left", why: reason };
  }
  return alone(open, true, async () => {
    told.book.change({ service: run.service.id, watch: isOver ? endedWatch(watch, outcome, now) : watch });
    await heard.answer(outcome);
    const writer = writerOf(publisher, course);
    await publishVerdict(writer, told, outcome);
    const before = told.book.block();
    const done = await tellLook(open, watch, outcome);
    if (told.book.block() !== before) await publishActions(writer, told, done);
    return { kind: "told", outcome: done };
  });
}

/** A watch that has ended: it is kept for what people may answer, and until nothing is owed to them. */
export async function overVisit(open: OpenWatch, heard: Heard, publisher: Publisher): Promise<Visit> {
  const { run, told, course } = open;
  const { watch } = heard;
  const standing = standingOutcome(open, watch);
  if (watch.isOwed !== true) {
    await heard.answer(standing);
    if (heard.isNews) await keepHeard(open, heard);
    return { kind: "left", why: "it has ended, and people may still answer" };
  }
  return alone(open, true, async () => {
    const read = told.book.block();
    await heard.answer(standing);
    told.book.change({ service: run.service.id, watch });
    const writer = writerOf(publisher, course);
    await publishStatus(writer, told, standing);
    const done = await tellLook(open, watch, standing);
    // The page has what was found, and is left alone where it says everything.
    const isSame = JSON.stringify(done.actions) === JSON.stringify(open.state.watch?.deeds ?? []);
    const { current } = told.book;
    if (!isSame) await publishActions(writer, told, done);
    else if (current !== undefined && told.book.block() !== read)
      await keepState(run, { kind: "known", state: current, checkRun: open.checkRun }, current);
    return { kind: "told", outcome: done, isAgain: true };
  });
}

/** What was heard is kept although nothing else is written, unless another run has written meanwhile and heard it, too. */
export async function keepHeard(
  { run, told, checkRun, state: read }: OpenWatch,
  { watch }: Heard,
): Promise<void> {
  if (await hasMoved(run, read)) return;
  told.book.change({ service: run.service.id, watch });
  const { current: state } = told.book;
  if (state !== undefined) await keepState(run, { kind: "known", state, checkRun }, state);
}

/** Carries out the remedy that a person has ordered, inside what the steps look at before they act. */
export async function orderedVisit(
  open: OpenWatch,
  about: { readonly heard: Heard; readonly order: OrderedRemedy; readonly publisher: Publisher },
): Promise<Visit> {
  const { told, course, state } = open;
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
    // Whoever finishes it, should this run be stopped, has to tell it, too.
    told.book.change({ service: run.service.id, watch: { ...watch, isOwed: true } });
    const writer = writerOf(publisher, course);
    const write = (done: Outcome): Promise<boolean> => {
      course.decided = done;
      return publishActions(writer, told, done);
    };
    const acting = prepareRemedy(run, { called, commit: await readCommit(run, run.commit), told, write });
    course.decided = called.outcome;
    course.remedy = order.name;
    const done = await carryOut(run, acting);
    delete course.remedy;
    const all: Outcome = { ...done, actions: withDeeds(watch.deeds ?? [], done.actions) };
    // What was put back by a person's order is not watched any more.
    const outcome: Outcome =
      all.rollbackDeployId === undefined ? all : { ...withoutRest(all), verdict: "fail" };
    const isOver = outcome.verdict === "fail";
    told.book.change({
      service: run.service.id,
      verdict: outcome.verdict,
      watch:
        isOver && watch.over === undefined ? endedWatch(watch, outcome, now) : { ...watch, isOwed: true },
    });
    if (outcome.verdict !== state.verdict) await publishVerdict(writer, told, outcome);
    const final = await tellLook(open, watch, outcome);
    await publishActions(writer, told, final);
    return { kind: "told", outcome: final };
  });
}

/** The stages that are left are not watched. */
function withoutRest({ nextLookAt: _next, watchedUntil: _until, ...outcome }: Outcome): Outcome {
  return { ...outcome, laterStages: [] };
}

/** The judgement that the remedy belongs to: that of the failure it was held back at, or what is known by now. */
async function calledBy(
  open: OpenWatch,
  about: { readonly watch: WatchState; readonly order: OrderedRemedy },
): Promise<Called | undefined> {
  const { run, told } = open;
  const { watch, order } = about;
  const standing = standingOutcome(open, watch);
  if (order.earlier !== undefined) {
    const called = await judgedBefore(run, told, order.earlier);
    if (called === undefined) return undefined;
    const { reason, deploy, deployUrl } = called.outcome;
    const known = deploy === undefined || deployUrl === undefined ? {} : { deploy, deployUrl };
    return { ...called, outcome: { ...standing, reason, ...known, actions: [] } };
  }
  const list = watchList(run, watch);
  await list.look();
  const range = await rangeOf(run, watch);
  return {
    outcome: {
      ...standing,
      reason: `asked for by @${order.by} with /gate run ${order.name}`,
      actions: [],
    },
    remedy: order.name,
    list,
    preDeployFailed: false,
    passedOnOld: new Set(watch.passedBefore),
    ...(range === undefined ? {} : { range }),
  };
}
