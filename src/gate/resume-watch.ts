import { NOTHING_TOLD } from "../core/gate-state.ts";
import { decodeState } from "../core/gate-state-text.ts";
import type { Outcome } from "../core/outcome.ts";
import { isWaiting } from "../core/watch-ending.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem, ServiceProblem } from "../problem.ts";
import { failureLine, mistakeLine } from "../report/problem.ts";
import { logText } from "../report/plain.ts";
import { dateTimeText } from "../report/time.ts";
import { verdictSentence } from "../report/title.ts";
import type { WatchLine } from "../report/watches.ts";
import { alone, type Visit } from "./alone.ts";
import { writerOf, type Course } from "./course.ts";
import { withRemedy } from "./ended-watch.ts";
import { keepState } from "./freeze-keeper.ts";
import { closeLost, lostOutcome, tellLost } from "./lost-watch.ts";
import { openWatch, planOf, type OpenWatch, type Unreadable } from "./open-watch.ts";
import { gateCheckRun, publishActions, type Told } from "./publish.ts";
import { heldVisit, keepHeard, orderedVisit, overVisit } from "./heard-watch.ts";
import { hear } from "./hearing.ts";
import type { QueuedWatch } from "./look-queue.ts";
import { letGo } from "./remedy-ledger.ts";
import { finishOther } from "./resume-remedy.ts";
import { resumedLook } from "./resumed-look.ts";
import { Canceled } from "./run.ts";
import type { Start } from "./start.ts";
import { settleWatch } from "./settle-watch.ts";
import { MESSAGES_MS, tellPeople } from "./tell-people.ts";
import { dueAt, isServing } from "./watch-due.ts";
import { closeIndex, renewIndex, type IndexedWatch } from "./watch-index.ts";

/** One watch after a resumed run has been there. */
export interface Resumed {
  readonly line: WatchLine;
  readonly outcome?: Outcome;
  readonly told?: Told;
  /** Something has to be mended, or broke. */
  readonly isBroken: boolean;
  /** Waits for the messages that are under way, and keeps what was told. */
  readonly settle?: () => Promise<void>;
}

interface Resuming extends QueuedWatch {
  readonly course: Course;
  readonly publisher: Pick<Edges, "forge" | "runner">;
}

/** Looks at one open watch. Trouble with it is told and leaves it open; throws Canceled only. */
export async function resumeWatch(edges: Edges, start: Start, about: Resuming): Promise<Resumed> {
  const { indexed } = about;
  const { runner } = edges;
  const left = (why: string, isBroken: boolean): Resumed => ({ line: lineOf(indexed, why), isBroken });
  runner.startGroup(logText(`${indexed.entry.name} at ${indexed.record.sha.slice(0, 7)}`));
  try {
    const watch = await openWatch(edges, start, about);
    if ("why" in watch) {
      if (!watch.isLost) return left(`left open: ${watch.why}`, false);
      return await lostWatch(edges, start, { about, watch });
    }
    return await visited(watch, about);
  } catch (error) {
    if (error instanceof Canceled) throw error;
    if (error instanceof ConfigProblem) {
      for (const mistake of error.mistakes) runner.error(mistakeLine(mistake));
      return left(`left open: ${error.mistakes[0]?.message ?? "a mistake"}`, true);
    }
    if (error instanceof ServiceProblem) {
      runner.warning(logText(`${failureLine(error.failure)} The watch stays open; the next run goes on.`));
      return left(`left open: ${error.message}`, false);
    }
    await brokenLook(edges, about, error);
    return left("the gate itself failed; the watch stays open", true);
  } finally {
    runner.endGroup();
  }
}

async function lostWatch(
  edges: Edges,
  start: Start,
  { about, watch }: { readonly about: Resuming; readonly watch: Unreadable },
): Promise<Resumed> {
  const { indexed } = about;
  const outcome = await closeLost(edges, start, watch);
  const resumed = { line: lineOf(indexed, verdictSentence(outcome)), outcome, isBroken: false };
  if (watch.isForeign === true) return resumed;
  try {
    const plan = await planOf(edges, start, { indexed, config: indexed.entry.config });
    const note = (text: string): void => edges.runner.warning(logText(text));
    const { runUrl } = start;
    const to = { ...edges, forge: about.publisher.forge };
    return { ...resumed, settle: tellLost(to, { plan, runUrl, note, outcome, checkRun: watch.checkRun }) };
  } catch (error) {
    // Who is to be told cannot be read any more either.
    if (!(error instanceof ConfigProblem || error instanceof ServiceProblem)) throw error;
    return resumed;
  }
}

/** A remedy left unfinished comes first, then what people have said, then a look. */
async function visited(found: OpenWatch, about: Resuming): Promise<Resumed> {
  const { run, told } = found;
  const indexing = { forge: run.edges.forge, note: (text: string) => run.teller.note(text) };
  const indexed = await renewIndex(indexing, found.indexed);
  const { remedy } = found.state;
  if (remedy !== undefined && !remedy.finished) {
    if ((remedy.busyUntil ?? 0) > run.edges.clock.now())
      return { line: lineOf(indexed, `left open: ${remedy.by} is at work on its remedy`), isBroken: false };
    const finished = await alone({ ...found, indexed }, true, async () => {
      await finishOther(run, { told, state: found.state });
      return { kind: "finished" } as const;
    });
    if (finished.kind === "left")
      return { line: lineOf(indexed, `left open: ${finished.why}`), isBroken: false };
  }
  const open = { ...found, indexed, state: told.book.current ?? found.state };
  const visit = await visitOf(open, about);
  run.teller.stop();
  if (visit.kind === "over") {
    const verdict = open.state.verdict ?? "unknown";
    await closeIndex(indexing, indexed, { verdict, sentence: `Ended as ${verdict}`, ...urlOf(told) });
    return { line: lineOf(indexed, "over"), isBroken: false };
  }
  if (visit.kind === "left") return { line: lineOf(indexed, `left open: ${visit.why}`), isBroken: false };
  const { outcome } = visit;
  const settle = (): Promise<void> => settleWatch(open, visit, about.publisher);
  if (visit.isAgain === true)
    return { line: lineOf(indexed, "it has ended; what was owed is made good"), isBroken: false, settle };
  return {
    line: lineOf(indexed, verdictSentence(outcome), outcome),
    outcome,
    told,
    isBroken: false,
    settle,
  };
}

async function visitOf(open: OpenWatch, { publisher }: Resuming): Promise<Visit | { readonly kind: "over" }> {
  const { verdict, remedy } = open.state;
  if (open.state.watch === undefined) return { kind: "over" };
  const watch = withRemedy(open.state.watch, remedy);
  const heard = await hear(open, watch);
  const { order } = heard;
  if (order !== undefined) return orderedVisit(open, { heard, order, publisher });
  if (watch.over !== undefined) {
    const { mode, edges } = open.run;
    const isKept = heard.isNews || isWaiting(watch, { verdict, mode, now: edges.clock.now() });
    return isKept ? overVisit(open, heard, publisher) : { kind: "over" };
  }
  if (heard.watch.hold !== undefined) return heldVisit(open, heard, publisher);
  const { run, told } = open;
  const due = dueAt(run, heard.watch, told);
  if (!heard.isNews && due > run.edges.clock.now() && (await isServing(run, heard.watch))) {
    await heard.answer();
    return { kind: "left", why: `nothing is due before ${dateTimeText(due)} UTC` };
  }
  const visit = await resumedLook(open, heard.watch, publisher);
  await heard.answer(visit.kind === "told" ? visit.outcome : undefined);
  if (visit.kind === "left" && heard.isNews) await keepHeard(open, heard);
  return visit;
}

function urlOf({ checkRun }: Told): { readonly url?: string } {
  return checkRun === undefined ? {} : { url: checkRun.url };
}

/** Our own fault: said with the place, what was under way is let go, and people are told once. */
async function brokenLook(edges: Edges, { course, indexed }: Resuming, error: unknown): Promise<void> {
  const { runner } = edges;
  const reason = `the gate itself failed: ${error instanceof Error ? error.message : String(error)}`;
  runner.error(logText(`${reason}; the watch stays open`));
  const lines = error instanceof Error ? (error.stack ?? "").split("\n").slice(1) : [];
  for (const line of lines) runner.info(`    ${line.trim()}`);
  const told = await course.opening?.catch(() => undefined);
  const { service, notifier, teller, decided } = course;
  if (told === undefined || service === undefined || teller === undefined) return;
  if (decided !== undefined && course.remedy !== undefined) {
    letGo(told.book);
    await publishActions(writerOf(edges, course), told, decided);
  }
  const commit = indexed.record.sha;
  const outcome: Outcome = { ...lostOutcome(edges, indexed), service, reason };
  const { keys } = await tellPeople(notifier, outcome, { told, maxMs: MESSAGES_MS });
  const checkRun = await gateCheckRun({ edges, service }, commit);
  const kept = decodeState(checkRun?.text ?? "");
  if (checkRun === undefined || kept.kind !== "state" || notifier === undefined) return;
  const before = kept.state.told ?? NOTHING_TOLD;
  const transitions = [...new Set([...before.transitions, ...keys])];
  const state = { ...kept.state, told: { ...before, transitions } };
  await keepState({ edges, teller }, { kind: "known", state, checkRun }, state);
}

/** A watch as a run leaves it that does not come to it. */
export function unvisited({ indexed }: QueuedWatch, why: string): Resumed {
  return { line: lineOf(indexed, `left open, not looked at: ${why}`), isBroken: false };
}

function lineOf({ entry, record }: IndexedWatch, what: string, outcome?: Outcome): WatchLine {
  return {
    service: entry.name,
    commit: record.sha,
    what,
    ...(outcome === undefined ? {} : { verdict: outcome.verdict }),
    ...(outcome?.nextLookAt === undefined ? {} : { nextLookAt: outcome.nextLookAt }),
  };
}
