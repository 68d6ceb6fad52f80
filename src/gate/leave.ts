import type { CheckRun, Edges } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { failureLine } from "../report/problem.ts";
import { toldName } from "./publish.ts";
import { createStateBook, stateOnly } from "./state-book.ts";

const OUTPUT = {
  title: "Could not tell: the gate stopped before its verdict",
  summary:
    "The job was stopped, or the gate crashed, before anything was decided. Run the job again: it finds this check run and the deploy again.",
};

/** Where the main step told its commit, as it saved it for the post step. */
interface Saved {
  readonly commit: string;
  /** Of check run and status. */
  readonly name: string;
  readonly externalId: string;
  readonly hasStatus: boolean;
}

/** What was left open, for whoever tells people of it. */
export interface LeftOpen {
  readonly commit: string;
  readonly serviceName: string;
  readonly checkRun: CheckRun;
}

/**
 * Closes the check run and the status that a stopped main step left open, as its saved state names them. A verdict
 * that was written stays. Problems are warnings. Gives what was left open in the middle of its watch.
 */
export async function closeLeftOpen(
  edges: Pick<Edges, "forge" | "runner">,
  state: string,
): Promise<LeftOpen | undefined> {
  const { forge, runner } = edges;
  const saved = savedOf(state);
  if (saved === undefined) return undefined;
  const { commit, name, externalId } = saved;
  const attempt = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      runner.warning(failureLine(error.failure));
      return undefined;
    }
  };
  const checkRun = await attempt(() => forge.findCheckRun(commit, name, externalId));
  const left: LeftOpen | undefined =
    checkRun === undefined || checkRun.status === "completed"
      ? undefined
      : { commit, serviceName: name.slice(toldName("").length), checkRun };
  if (checkRun !== undefined && left !== undefined) {
    runner.info(`The main step ended without closing the check run "${name}"; it is closed now.`);
    const output = { ...OUTPUT, ...stateOnly(createStateBook(commit, checkRun.text)) };
    await attempt(() => forge.updateCheckRun(checkRun.id, { conclusion: "cancelled", output }));
  }
  if (!saved.hasStatus || mayStayPending(checkRun)) return left;
  const status = await attempt(() => forge.status(commit, name));
  if (status?.state !== "pending") return left;
  await attempt(() =>
    forge.setStatus(commit, {
      state: "error",
      context: name,
      description: OUTPUT.title,
      ...(checkRun === undefined ? {} : { url: checkRun.url }),
    }),
  );
  return left;
}

/** The status of a superseded commit waits for the gate of the commit that covers it. */
function mayStayPending(checkRun: CheckRun | undefined): boolean {
  return checkRun?.status === "completed" && checkRun.conclusion === "neutral";
}

function savedOf(text: string): Saved | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Saved, unknown>>;
    const { commit, name, externalId, hasStatus } = value;
    return typeof commit === "string" && typeof name === "string" && typeof externalId === "string"
      ? { commit, name, externalId, hasStatus: hasStatus === true }
      : undefined;
  } catch {
    return undefined;
  }
}
