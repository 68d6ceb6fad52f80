import type { Verdict } from "../core/check.ts";
import { NOTHING_FOUND, type Outcome } from "../core/outcome.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem, ServiceProblem, type Mistake } from "../problem.ts";
import { failureLine, mistakeLine } from "../report/problem.ts";
import { resultSentence } from "../report/title.ts";
import { writerOf, type Course } from "./course.ts";
import {
  openTold,
  publishActions,
  publishCanceled,
  publishMistakes,
  publishVerdict,
  type Told,
} from "./publish.ts";
import { publishJob } from "./publish-job.ts";
import { MESSAGES_MS, tellAndKeep, tellPeople } from "./tell-people.ts";
import { letGo } from "./remedy-ledger.ts";
import { Canceled } from "./run.ts";
import type { Ending, Start } from "./start.ts";

const PASSING: ReadonlySet<Verdict> = new Set(["pass", "warn", "superseded", "skipped"]);
/** A canceled job has few seconds; what was on its way to GitHub gets this much of them. */
const LAST_WORDS_MS = 2_500;

/** Whether the step passes with this verdict (design 3). */
export function isPassing(verdict: Verdict): boolean {
  return PASSING.has(verdict);
}

/** The regular end: job summary, outputs, `report.json`, one last line, and the exit code of design 3. */
export async function finish(edges: Edges, told: Told | undefined, outcome: Outcome): Promise<Ending> {
  await publishJob(edges, outcome, { told });
  const exitCode = outcome.mode === "observe" || PASSING.has(outcome.verdict) ? 0 : 1;
  const sentence = `${outcome.service?.name ?? outcome.serviceName}: ${resultSentence(outcome)}`;
  if (exitCode === 1) edges.runner.error(sentence);
  else if (outcome.verdict === "warn" || !PASSING.has(outcome.verdict)) edges.runner.warning(sentence);
  else edges.runner.notice(sentence);
  return { verdict: outcome.verdict, exitCode };
}

/** Every way out but a verdict: mistakes, a service that would not answer, a canceled job, and our own fault. */
export async function otherEnd(
  edges: Edges,
  start: Start,
  at: { readonly error: unknown; readonly course: Course; readonly settled: () => Promise<void> },
): Promise<Ending> {
  const { error, course } = at;
  course.teller?.stop();
  if (start.signal.aborted) await Promise.race([at.settled(), edges.clock.sleep(LAST_WORDS_MS)]);
  const maxMs = start.signal.aborted ? LAST_WORDS_MS : MESSAGES_MS;
  if (course.decided !== undefined)
    return decidedEnd(edges, course, { error, decided: course.decided, maxMs });
  if (error instanceof Canceled) return canceledEnd(edges, start, course);
  const told = await toldOrOpened(edges, start, { course, error });
  const mistakes = mistakesOf(error, course);
  if (mistakes !== undefined) return mistakesEnd(edges, start, { course, told, mistakes, maxMs });
  const reason = troubleText(error);
  printStack(edges, error);
  const outcome = emptyOutcome(edges, start, { course, told, reason });
  const writer = writerOf(edges, course);
  if (told !== undefined) await publishVerdict(writer, told, outcome);
  return finish(edges, told, await tellAndKeep(writer, course.notifier, { told, outcome, maxMs }));
}

/** The user's to mend: mistakes found, and a key or token that is refused before anything was waited for. */
function mistakesOf(error: unknown, course: Course): readonly Mistake[] | undefined {
  if (error instanceof ConfigProblem) return error.mistakes;
  if (course.service !== undefined || !(error instanceof ServiceProblem)) return undefined;
  const { service, status } = error.failure;
  if (status !== 401 && !(service === "Render" && status === 403)) return undefined;
  const { message, hint } = error.failure;
  return [{ message, ...(hint === undefined ? {} : { hint }) }];
}

async function mistakesEnd(
  edges: Edges,
  start: Start,
  at: {
    readonly course: Course;
    readonly told: Told | undefined;
    readonly mistakes: readonly Mistake[];
    readonly maxMs: number;
  },
): Promise<Ending> {
  const { course, told, mistakes } = at;
  for (const mistake of mistakes) edges.runner.error(mistakeLine(mistake));
  if (told !== undefined) await publishMistakes(writerOf(edges, course), told, mistakes, start.inputs.config);
  const [first] = mistakes;
  const reason =
    mistakes.length === 1 && first !== undefined
      ? first.message
      : `${mistakes.length} mistakes in inputs, config or service`;
  const empty = emptyOutcome(edges, start, { course, told, reason });
  const { outcome } = await tellPeople(course.notifier, empty, at);
  await publishJob(edges, { ...outcome, notes: [...outcome.notes, ...mistakes.map(mistakeLine)] }, { told });
  return { verdict: "unknown", exitCode: 1 };
}

async function canceledEnd(edges: Edges, start: Start, course: Course): Promise<Ending> {
  const told = await Promise.race([
    course.opening?.catch(() => undefined),
    edges.clock.sleep(LAST_WORDS_MS).then(() => undefined),
  ]);
  const waitingFor = course.teller?.current().waitingFor ?? "the start";
  const reason = `canceled while waiting for ${waitingFor}; nothing was decided`;
  const outcome = emptyOutcome(edges, start, { course, told, reason });
  edges.runner.warning(outcome.reason);
  if (told !== undefined) await publishCanceled(writerOf(edges, course), told, outcome);
  const heard = await tellPeople(course.notifier, outcome, { told, maxMs: LAST_WORDS_MS });
  await publishJob(edges, heard.outcome, { told });
  return { verdict: "unknown", exitCode: 1 };
}

/** The verdict stands, whatever stopped the run after it; what was left undone is said. */
async function decidedEnd(
  edges: Edges,
  course: Course,
  at: { readonly error: unknown; readonly decided: Outcome; readonly maxMs: number },
): Promise<Ending> {
  const { error, decided, maxMs } = at;
  const told = await course.opening;
  await course.closing?.catch(() => undefined);
  const why = error instanceof Canceled ? "the job was canceled" : troubleText(error);
  if (!(error instanceof Canceled)) printStack(edges, error);
  const { remedy } = course;
  if (told !== undefined && remedy !== undefined) letGo(told.book);
  const outcome: Outcome = {
    ...decided,
    endedAt: edges.clock.now(),
    requests: edges.requests(),
    actions:
      remedy === undefined
        ? decided.actions
        : [
            ...decided.actions,
            { kind: remedy, state: "failed", reason: `${why} before it was finished; run the job again` },
          ],
    notes: [...decided.notes, `After the verdict ${why}.`],
  };
  const writer = writerOf(edges, course);
  if (told !== undefined) await publishActions(writer, told, outcome);
  const ending = await finish(
    edges,
    told,
    await tellAndKeep(writer, course.notifier, { told, outcome, maxMs }),
  );
  return error instanceof Canceled ? ending : { ...ending, exitCode: 1 };
}

/** Told on the commit even when the run ended before it got that far, as soon as a commit is known. */
async function toldOrOpened(
  edges: Edges,
  start: Start,
  at: { readonly course: Course; readonly error: unknown },
): Promise<Told | undefined> {
  const { course, error } = at;
  if (course.opening !== undefined) return course.opening.catch(() => undefined);
  if (course.commit === undefined || start.inputs.githubToken === undefined || isRefusedToken(error))
    return undefined;
  return openTold(writerOf(edges, course), {
    service: course.serviceName ?? "unknown service",
    commit: course.commit,
    mode: course.mode ?? "enforce",
    runUrl: start.runUrl,
    output: { title: "Starting", summary: "The gate has started." },
  });
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof ServiceProblem && error.failure.service === "GitHub" && error.status === 401;
}

function troubleText(error: unknown): string {
  if (error instanceof ServiceProblem) return failureLine(error.failure);
  return `the gate itself failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** Of our own faults only: where they happened. */
function printStack(edges: Edges, error: unknown): void {
  if (error instanceof ServiceProblem) return;
  const lines = error instanceof Error ? (error.stack ?? "").split("\n").slice(1) : [];
  for (const line of lines) edges.runner.info(`    ${line.trim()}`);
}

function emptyOutcome(
  edges: Edges,
  start: Start,
  at: { readonly course: Course; readonly told: Told | undefined; readonly reason: string },
): Outcome {
  const { course, told, reason } = at;
  return {
    ...NOTHING_FOUND,
    verdict: "unknown",
    reason,
    mode: told?.mode ?? course.mode ?? start.inputs.mode ?? "enforce",
    serviceName: course.serviceName ?? start.inputs.service ?? "unknown service",
    ...(course.service === undefined ? {} : { service: course.service }),
    commit: course.commit ?? start.runSha,
    timeline: course.teller?.timeline ?? [],
    notes: course.teller?.notes ?? [],
    requests: edges.requests(),
    startedAt: course.startedAt,
    endedAt: edges.clock.now(),
  };
}
