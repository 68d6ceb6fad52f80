import type { Outcome } from "../core/outcome.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem, ServiceProblem } from "../problem.ts";
import { failureLine, mistakeLine } from "../report/problem.ts";
import { logText } from "../report/plain.ts";
import { verdictSentence } from "../report/title.ts";
import type { WatchLine } from "../report/watches.ts";
import { writerOf, type Course } from "./course.ts";
import { closeLost } from "./lost-watch.ts";
import { openWatch, type OpenWatch } from "./open-watch.ts";
import { publishActions, type Told } from "./publish.ts";
import { letGo } from "./remedy-ledger.ts";
import { finishOther } from "./resume-remedy.ts";
import { resumedLook, type Visit } from "./resumed-look.ts";
import { Canceled } from "./run.ts";
import type { Start } from "./start.ts";
import { closeIndex, renewIndex, type IndexedWatch } from "./watch-index.ts";

/** One watch after a resumed run has been there. */
export interface Resumed {
  readonly line: WatchLine;
  readonly outcome?: Outcome;
  readonly told?: Told;
  /** Something has to be mended, or broke. */
  readonly isBroken: boolean;
}

interface Resuming {
  readonly indexed: IndexedWatch;
  readonly course: Course;
  readonly publisher: Pick<Edges, "forge" | "runner">;
}

/** Looks at one open watch. Trouble with it is told and leaves it open; throws Canceled only. */
export async function resumeWatch(edges: Edges, start: Start, about: Resuming): Promise<Resumed> {
  const { indexed, course } = about;
  const { runner } = edges;
  const left = (why: string, isBroken: boolean): Resumed => ({ line: lineOf(indexed, why), isBroken });
  runner.startGroup(logText(`${indexed.entry.name} at ${indexed.record.sha.slice(0, 7)}`));
  try {
    const watch = await openWatch(edges, start, { indexed, course });
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

/** A remedy left unfinished comes first; then a look. What is over is closed in the index. */
async function visited(watch: OpenWatch, about: Resuming): Promise<Resumed> {
  const { run, told, state } = watch;
  const note = (text: string): void => run.teller.note(text);
  const indexing = { forge: run.edges.forge, note };
  const indexed = await renewIndex(indexing, watch.indexed);
  const { remedy } = state;
  if (remedy !== undefined && !remedy.finished) {
    if ((remedy.busyUntil ?? 0) > run.edges.clock.now())
      return { line: lineOf(indexed, `left open: ${remedy.by} is at work on its remedy`), isBroken: false };
    await finishOther(run, { told, state });
  }
  if (state.watch === undefined || state.watch.over !== undefined) {
    const verdict = state.verdict ?? "unknown";
    const sentence = remedy?.reason ?? `Ended as ${verdict}`;
    await closeIndex(indexing, indexed, { verdict, sentence, ...urlOf(told) });
    return { line: lineOf(indexed, `over: ${sentence}`), isBroken: false };
  }
  const visit: Visit = await resumedLook({ ...watch, indexed }, state.watch, about.publisher);
  if (visit.kind === "left") return { line: lineOf(indexed, `left open: ${visit.why}`), isBroken: false };
  const { outcome, isOver } = visit;
  if (isOver)
    await closeIndex(indexing, indexed, {
      verdict: outcome.verdict,
      sentence: verdictSentence(outcome),
      ...urlOf(told),
    });
  run.teller.stop();
  return { line: lineOf(indexed, verdictSentence(outcome), outcome), outcome, told, isBroken: false };
}

function urlOf({ checkRun }: Told): { readonly url?: string } {
  return checkRun === undefined ? {} : { url: checkRun.url };
}

/** Our own fault: said with the place, and what was under way is let go. */
async function brokenLook(edges: Edges, { course }: Resuming, error: unknown): Promise<void> {
  const { runner } = edges;
  runner.error(logText(`The gate itself failed: ${error instanceof Error ? error.message : String(error)}`));
  const lines = error instanceof Error ? (error.stack ?? "").split("\n").slice(1) : [];
  for (const line of lines) runner.info(`    ${line.trim()}`);
  const told = await course.opening?.catch(() => undefined);
  if (told === undefined || course.decided === undefined || course.remedy === undefined) return;
  letGo(told.book);
  await publishActions(writerOf(edges, course), told, course.decided);
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
