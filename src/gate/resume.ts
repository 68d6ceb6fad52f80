import type { Verdict } from "../core/check.ts";
import type { Outcome } from "../core/outcome.ts";
import { worstOf } from "../core/verdict.ts";
import type { Edges } from "../ports.ts";
import { ServiceProblem, type Mistake } from "../problem.ts";
import { mistakeLine } from "../report/problem.ts";
import { logText } from "../report/plain.ts";
import { reportJson } from "../report/report-json.ts";
import { amountText } from "../report/text.ts";
import { resultSentence } from "../report/title.ts";
import { watchesSummary, type WatchLine } from "../report/watches.ts";
import { untilCanceled, type Course } from "./course.ts";
import { isPassing } from "./end.ts";
import { guardedForge } from "./guarded-forge.ts";
import { publishJob } from "./publish-job.ts";
import { Canceled } from "./run.ts";
import { lookQueue, whyStop } from "./look-queue.ts";
import { readingOnce } from "./read-once.ts";
import { resumeWatch, unvisited, type Resumed } from "./resume-watch.ts";
import type { Ending, Start } from "./start.ts";
import { listIndex, type IndexedWatch } from "./watch-index.ts";

/**
 * Looks once at every open watch of the repository, or at those that the inputs `service` and `config` narrow it to,
 * and leaves. One that cannot be looked at now stays open; the others are looked at all the same.
 */
export async function resumeWatches(edges: Edges, start: Start): Promise<Ending> {
  const { runner } = edges;
  if (start.mistakes.length > 0) return mistakesEnd(edges, start.mistakes);
  const guarded = guardedForge(edges.forge, start.signal);
  const resuming: Edges = { ...edges, forge: guarded.forge };
  const resumed: Resumed[] = [];
  try {
    await untilCanceled(start.signal, lookAtAll(resuming, start, { resumed, publisher: edges }));
  } catch (error) {
    if (error instanceof Canceled) {
      await Promise.race([guarded.settled(), edges.clock.sleep(LAST_WORDS_MS)]);
      runner.warning("The job was canceled; watches that were not looked at stay open for the next run.");
    } else if (error instanceof ServiceProblem) {
      return mistakesEnd(edges, [listMistake(error)]);
    } else throw error;
  }
  return finishResumed(edges, resumed, start.signal.aborted);
}

const LAST_WORDS_MS = 2_500;

async function lookAtAll(
  edges: Edges,
  start: Start,
  about: { readonly resumed: Resumed[]; readonly publisher: Pick<Edges, "forge" | "runner"> },
): Promise<void> {
  const { runner, clock } = edges;
  const note = (text: string): void => runner.warning(logText(text));
  const { watches } = await listIndex({ forge: edges.forge, note });
  const wanted = watches.filter((watch) => isWanted(watch, start));
  const others = watches.length - wanted.length;
  runner.info(
    `${wanted.length === 1 ? "1 watch is" : `${wanted.length} watches are`} open${others === 0 ? "" : `; ${others} more are left to other steps`}`,
  );
  const startedAt = clock.now();
  const why = (): string | undefined => whyStop(edges, startedAt);
  const queue = await lookQueue(edges, wanted, () => why() === undefined);
  const reading = readingOnce(edges);
  for (const [index, queued] of queue.entries()) {
    const stopped = why();
    if (stopped !== undefined) {
      const left = queue.slice(index);
      note(
        `Looks end early: ${stopped}. Of ${amountText(queue.length, "open watch", "open watches")} ${left.length} stay for the next run, which begins there.`,
      );
      about.resumed.push(...left.map((one) => unvisited(one, stopped)));
      return;
    }
    const course: Course = { startedAt: clock.now() };
    about.resumed.push(await resumeWatch(reading, start, { ...queued, course, publisher: about.publisher }));
  }
}

/** The inputs `service` and `config` narrow a step to some watches, so that a matrix can share them out. */
function isWanted({ entry }: IndexedWatch, { inputs }: Start): boolean {
  const { service, config } = inputs;
  return (
    (service === undefined || service === entry.name || service === entry.service) &&
    (config === undefined || config === entry.config)
  );
}

function listMistake(problem: ServiceProblem): Mistake {
  return {
    message: `The open watches could not be listed: ${problem.message}`,
    hint:
      problem.failure.hint ??
      (problem.failure.code === "rate-limited"
        ? "They stay open, and the next run looks at them. An App's token has an hour of its own."
        : `Grant the job "deployments: write".`),
  };
}

function mistakesEnd(edges: Edges, mistakes: readonly Mistake[]): Ending {
  for (const mistake of mistakes) edges.runner.error(mistakeLine(mistake));
  edges.runner.output("verdict", "unknown");
  return { verdict: "unknown", exitCode: 1 };
}

/** What the job tells of all its looks: the worst of them in outputs and report, each of them in the summary. */
async function finishResumed(
  edges: Edges,
  resumed: readonly Resumed[],
  isCanceled: boolean,
): Promise<Ending> {
  const { runner } = edges;
  const settling = resumed.flatMap(({ settle }) => (settle === undefined ? [] : [settle()]));
  const settled = await Promise.allSettled(settling);
  const broken = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  for (const error of broken) runner.error(logText(`the gate itself failed: ${String(error)}`));
  const told = resumed.flatMap(({ outcome, told: where }) =>
    outcome === undefined ? [] : [{ outcome, told: where }],
  );
  const verdict: Verdict =
    told.length === 0 ? "skipped" : worstOf(told.map(({ outcome }) => outcome.verdict));
  const worst = told.find(({ outcome }) => outcome.verdict === verdict);
  const lines: readonly WatchLine[] = resumed.map(({ line }) => line);
  const intro = watchesSummary(lines);
  if (worst === undefined) {
    runner.output("verdict", verdict);
    await runner.summary(intro);
  } else await publishJob(edges, worst.outcome, { told: worst.told, intro });
  if (told.length > 1)
    for (const { outcome } of told)
      await runner.file(reportName(outcome), `${JSON.stringify(reportJson(outcome), undefined, 2)}\n`);
  for (const { outcome, line } of resumed)
    if (outcome === undefined) runner.info(logText(`${line.service}: ${line.what}`));
    else say(edges, outcome);
  const hasTrouble = isCanceled || broken.length > 0 || resumed.some(({ isBroken }) => isBroken);
  const isGood = told.every(({ outcome }) => outcome.mode === "observe" || isPassing(outcome.verdict));
  return { verdict, exitCode: isGood && !hasTrouble ? 0 : 1 };
}

function reportName({ service, serviceName, commit }: Outcome): string {
  return `report-${service?.id ?? serviceName.replaceAll(/\W+/g, "-")}-${commit.slice(0, 7)}.json`;
}

function say({ runner }: Edges, outcome: Outcome): void {
  const sentence = logText(`${outcome.service?.name ?? outcome.serviceName}: ${resultSentence(outcome)}`);
  if (outcome.mode !== "observe" && !isPassing(outcome.verdict)) runner.error(sentence);
  else if (outcome.verdict !== "pass") runner.warning(sentence);
  else runner.notice(sentence);
}
