import type { Deploy } from "../core/deploy.ts";
import type { RenderEvent } from "../core/event.ts";
import { failureOf, type Failure } from "../core/failure.ts";
import { withInstances, type InstanceBook } from "../core/new-instances.ts";
import { ServiceProblem } from "../problem.ts";
import { wait, type ServiceRun } from "./run.ts";

/** The events may come a moment after the status. */
const EVENT_TRIES = 4;
const EVENT_PAUSE_MS = 3_000;

/** The answer, or undefined when Render would not say; the reader is told that once. */
async function orTold<T>(run: ServiceRun, what: string, asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    if (!run.teller.notes.some((note) => note.startsWith(what))) run.teller.note(`${what}: ${error.message}`);
    return undefined;
  }
}

/** One look at the instances; undefined when there are none by the service's type, or Render would not say. */
export async function lookAtInstances(
  run: ServiceRun,
  book: InstanceBook,
  isBeforeUpdate: boolean,
): Promise<InstanceBook | undefined> {
  const { service, edges } = run;
  if (service.type === "static_site" || service.type === "cron_job") return undefined;
  const found = await orTold(
    run,
    "The service's instances could not be read",
    edges.deploys.instances(service.id),
  );
  return found === undefined ? undefined : withInstances(book, found, isBeforeUpdate);
}

/** Render's events since `from` (ms); undefined when Render would not say. */
export function readEvents(run: ServiceRun, from: number): Promise<readonly RenderEvent[] | undefined> {
  const { service, edges } = run;
  const to = edges.clock.now() + 60_000;
  return orTold(run, "Render's events could not be read", edges.deploys.events(service.id, { from, to }));
}

/** Render's reason for a deploy that failed or was canceled. */
export async function readFailure(run: ServiceRun, deploy: Deploy): Promise<Failure> {
  for (let tries = 1; ; tries += 1) {
    const failure = failureOf(deploy, await readEvents(run, deploy.createdAt - 1_000));
    if (failure.blame !== "unknown" || tries === EVENT_TRIES) return failure;
    await wait(run, EVENT_PAUSE_MS);
  }
}
