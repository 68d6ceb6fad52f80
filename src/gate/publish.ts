import type { Annotation } from "../core/annotation.ts";
import type { Mode } from "../core/check.ts";
import type { DecodedState } from "../core/gate-state.ts";
import type { Outcome } from "../core/outcome.ts";
import type { CheckRun, CheckRunText, Conclusion, Edges, StatusState } from "../ports.ts";
import { ServiceProblem, type Mistake } from "../problem.ts";
import { mistakeAnnotations, outcomeAnnotations } from "../report/annotation.ts";
import { finalCheckRun } from "../report/check-run.ts";
import { problemCheckRun, problemDescription } from "../report/problem.ts";
import { conclusionOf, statusText } from "../report/title.ts";
import { createStateBook, stateOnly, type StateBook } from "./state-book.ts";

/** Where a commit is told: its check run and its commit status, both under one name. */
export interface Told {
  /** `deploy-gate / <service>`. */
  readonly name: string;
  readonly commit: string;
  readonly mode: Mode;
  readonly runUrl: string;
  readonly checkRun?: { readonly id: number; readonly url: string };
  /** Annotations that a former attempt left on the run; never written twice. */
  readonly annotated: readonly Annotation[];
  /** What an earlier attempt left in the check run. */
  readonly state: DecodedState;
  /** What the check run is to keep; every writing of it ends with that. */
  readonly book: StateBook;
}

/** What check run, status and job are told through. A note is kept for the report once there is a teller. */
export interface Writer extends Pick<Edges, "forge" | "runner"> {
  readonly note: (text: string) => void;
}

/** By this a check run of the gate is found again. */
export function externalIdOf(service: string, commit: string): string {
  return `deploy-gate:${service}:${commit}`.slice(0, 190);
}

/** The name of check run and status. */
export function toldName(service: string): string {
  return `deploy-gate / ${service}`;
}

/** The check run in which the gate of that commit tells and keeps what it has; undefined without one. Throws ServiceProblem. */
export function gateCheckRun(
  run: { readonly edges: Pick<Edges, "forge">; readonly service: { readonly name: string } },
  commit: string,
): Promise<CheckRun | undefined> {
  const { name } = run.service;
  return run.edges.forge.findCheckRun(commit, toldName(name), externalIdOf(name, commit));
}

/** Where a commit was told before, by the check run that was found. */
export function keptTold(about: {
  readonly checkRun: CheckRun | undefined;
  readonly service: string;
  readonly commit: string;
  readonly mode: Mode;
  readonly runUrl: string;
}): Told {
  const { checkRun, service, commit, mode, runUrl } = about;
  const book = createStateBook(commit, checkRun?.text ?? "");
  return {
    name: toldName(service),
    commit,
    mode,
    runUrl,
    annotated: [],
    state: book.earlier,
    book,
    ...(checkRun === undefined ? {} : { checkRun: { id: checkRun.id, url: checkRun.url } }),
  };
}

async function attempt(run: Writer, what: string, write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.note(`${what}: ${error.message}${error.failure.hint === undefined ? "" : ` ${error.failure.hint}`}`);
    return false;
  }
}

/**
 * Opens the check run (in progress) and the commit status (pending), or finds the check run of an earlier
 * attempt again. What the token may not do is noted, and the run goes on without.
 */
export async function openTold(
  run: Writer,
  about: {
    readonly service: string;
    readonly commit: string;
    readonly mode: Mode;
    readonly runUrl: string;
    readonly output: CheckRunText;
  },
): Promise<Told> {
  const { forge, runner } = run;
  const { commit, mode, output } = about;
  const name = toldName(about.service);
  const externalId = externalIdOf(about.service, commit);
  // For the post step, before anything is opened: a process can be killed at any moment.
  runner.saveState("told", JSON.stringify({ commit, name, externalId, hasStatus: mode !== "observe" }));
  let told = keptTold({ ...about, checkRun: undefined });
  await attempt(
    run,
    "The check run could not be opened, so the verdict is told by the job only",
    async () => {
      const known = await forge.findCheckRun(commit, name, externalId);
      if (known === undefined) {
        const { id, url } = await forge.createCheckRun({ sha: commit, name, externalId, output });
        told = { ...told, checkRun: { id, url } };
      } else {
        told = keptTold({ ...about, checkRun: known });
        if (known.annotationsCount > 0) told = { ...told, annotated: await forge.annotations(known.id) };
        await forge.updateCheckRun(known.id, { output: { ...output, ...stateOnly(told.book) } });
      }
    },
  );
  if (told.checkRun !== undefined) runner.output("check-run-url", told.checkRun.url);
  await writeStatus(run, told, { state: "pending", description: output.title });
  return told;
}

async function writeStatus(
  run: Writer,
  told: Told,
  status: { readonly state: StatusState; readonly description: string },
): Promise<void> {
  if (told.mode === "observe") return;
  await attempt(run, "The commit status could not be written", () =>
    run.forge.setStatus(told.commit, {
      ...status,
      context: told.name,
      url: told.checkRun?.url ?? told.runUrl,
    }),
  );
}

async function closeCheckRun(
  run: Writer,
  told: Told,
  close: {
    readonly conclusion: Conclusion;
    readonly output: CheckRunText;
    readonly annotations: readonly Annotation[];
  },
): Promise<boolean> {
  const { checkRun } = told;
  if (checkRun === undefined) return false;
  // Times and counts in a message differ from one attempt to the next; what it is about does not.
  const isKnown = (annotation: Annotation): boolean =>
    told.annotated.some(
      (known) =>
        known.path === annotation.path && known.line === annotation.line && known.title === annotation.title,
    );
  const annotations = close.annotations.filter((annotation) => !isKnown(annotation));
  return attempt(run, "The verdict could not be written to the check run", () =>
    run.forge.updateCheckRun(checkRun.id, {
      conclusion: close.conclusion,
      output: close.output,
      ...(annotations.length === 0 ? {} : { annotations }),
    }),
  );
}

/** Closes check run and status with the verdict. */
export async function publishVerdict(run: Writer, told: Told, outcome: Outcome): Promise<void> {
  const { service, deploy, verdict, measured } = outcome;
  if (service !== undefined && told.state.kind !== "damaged")
    told.book.change({
      service: service.id,
      verdict,
      ...(deploy === undefined ? {} : { deploy: deploy.id }),
      measured,
    });
  // The check run keeps what was decided: where a run is killed in between, the next one says both again.
  await publishStatus(run, told, outcome);
  await closeCheckRun(run, told, {
    conclusion: conclusionOf(outcome),
    output: finalCheckRun(outcome, told.book.block()),
    annotations: outcomeAnnotations(outcome),
  });
}

/** Writes the verdict to the commit status; none in mode observe. */
export async function publishStatus(run: Writer, told: Told, outcome: Outcome): Promise<void> {
  const status = statusText(outcome);
  if (status !== undefined) await writeStatus(run, told, status);
}

/**
 * Writes the check run once more, with what was done since the verdict; annotations are not repeated. The status says
 * the verdict already and links to the check run. Says whether that worked.
 */
export async function publishActions(run: Writer, told: Told, outcome: Outcome): Promise<boolean> {
  return closeCheckRun(run, told, {
    conclusion: conclusionOf(outcome),
    output: finalCheckRun(outcome, told.book.block()),
    annotations: [],
  });
}

/** Closes everything as `action_required`: the user has to mend these mistakes first. Nothing else was touched. */
export async function publishMistakes(
  run: Writer,
  told: Told,
  mistakes: readonly Mistake[],
  configFile: string | undefined,
): Promise<void> {
  await closeCheckRun(run, told, {
    conclusion: "action_required",
    output: { ...problemCheckRun(mistakes), ...stateOnly(told.book) },
    annotations: mistakeAnnotations(mistakes, configFile),
  });
  await writeStatus(run, told, { state: "error", description: problemDescription(mistakes) });
}

/** A canceled job: the check run ends as cancelled, the status as error, both saying what it was waiting for. */
export async function publishCanceled(run: Writer, told: Told, outcome: Outcome): Promise<void> {
  await Promise.all([
    closeCheckRun(run, told, {
      conclusion: "cancelled",
      output: finalCheckRun(outcome, told.book.block()),
      annotations: [],
    }),
    writeStatus(run, told, statusText(outcome) ?? { state: "error", description: outcome.reason }),
  ]);
}
