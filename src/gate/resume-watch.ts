import { NOTHING_TOLD } from "../core/gate-state.ts";
import { decodeState } from "../core/gate-state-text.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem, ServiceProblem } from "../problem.ts";
import { failureLine, mistakeLine } from "../report/problem.ts";
import { logText } from "../report/plain.ts";
import { verdictSentence } from "../report/title.ts";
import type { WatchLine } from "../report/watches.ts";
import { writerOf, type Course } from "./course.ts";
import { keepState } from "./freeze-keeper.ts";
import { closeLost, lostOutcome } from "./lost-watch.ts";
import { openWatch, type OpenWatch } from "./open-watch.ts";
import { gateCheckRun, publishActions, type Told } from "./publish.ts";
import { heldVisit, keepHeard, orderedVisit, overVisit } from "./heard-watch.ts";
import { hear } from "./hearing.ts";
import { letGo } from "./remedy-ledger.ts";
import { finishOther } from "./resume-remedy.ts";
import { alone, resumedLook, type Visit } from "./resumed-look.ts";
import { Canceled } from "./run.ts";
import type { Start } from "./start.ts";
import { MESSAGES_MS, tellAndKeep, tellPeople } from "./tell-people.ts";
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

interface Resuming {
  readonly indexed: IndexedWatch;
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
      return lostWatch(about, await closeLost(edges, start, watch));
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

function lostWatch({ indexed }: Resuming, outcome: Outcome): Resumed {
  return { line: lineOf(indexed, verdictSentence(outcome)), outcome, isBroken: false };
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
  const { outcome } = { outcome: undefined, ...visit };
  if (isClosing(open, visit)) {
    const verdict = outcome?.verdict ?? open.state.verdict ?? "unknown";
    const sentence =
      outcome === undefined ? (remedy?.reason ?? `Ended as ${verdict}`) : verdictSentence(outcome);
    await closeIndex(indexing, indexed, { verdict, sentence, ...urlOf(told) });
  }
  if (outcome === undefined)
    return {
      line: lineOf(indexed, visit.kind === "left" ? `left open: ${visit.why}` : "over"),
      isBroken: false,
    };
  return {
    line: lineOf(indexed, verdictSentence(outcome), outcome),
    outcome,
    told,
    isBroken: false,
    settle: async () => {
      const at = { outcome, told, maxMs: MESSAGES_MS, until: run.signal };
      await tellAndKeep(writerOf(about.publisher, about.course), about.course.notifier, at);
    },
  };
}

type WatchVisit = Visit | { readonly kind: "over" };

async function visitOf(open: OpenWatch, { publisher }: Resuming): Promise<WatchVisit> {
  const { watch } = open.state;
  if (watch === undefined) return { kind: "over" };
  const heard = await hear(open, watch);
  const { order } = heard;
  if (order !== undefined) return orderedVisit(open, { heard, order, publisher });
  if (watch.over !== undefined) {
    const isAnswered = open.run.edges.clock.now() > watch.over + ANSWERS_MS;
    return isAnswered ? { kind: "over" } : overVisit(open, heard);
  }
  if (heard.watch.hold !== undefined) return heldVisit(open, heard, publisher);
  const visit = await resumedLook(open, heard.watch, publisher);
  await heard.answer(visit.kind === "told" ? visit.outcome : undefined);
  if (visit.kind === "left" && heard.isNews) await keepHeard(open, heard);
  return visit;
}

/** Nothing is left to look at or to wait for. */
function isClosing({ told }: OpenWatch, visit: WatchVisit): boolean {
  return (
    visit.kind === "over" || (visit.kind === "told" && visit.isOver && told.book.current?.watch === undefined)
  );
}

/** So long after a failure people may answer to it, ms. */
const ANSWERS_MS = 3 * 24 * 60 * 60_000;

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
  const state = { ...kept.state, told: { ...before, transitions: keys } };
  await keepState({ edges, teller }, { kind: "known", state, checkRun }, state);
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
