import type { Edges } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { failureLine } from "../report/problem.ts";

const TITLE = "Could not tell: the gate stopped before its verdict";

/**
 * Closes the check run and the status that a stopped main step left open, as the step's saved state names them.
 * Problems are warnings.
 */
export async function closeLeftOpen(
  edges: Pick<Edges, "forge" | "runner">,
  state: { readonly checkRun: string; readonly status: string },
): Promise<void> {
  const { forge, runner } = edges;
  const attempt = async (write: () => Promise<void>): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      runner.warning(failureLine(error.failure));
    }
  };
  const id = Number(state.checkRun);
  if (state.checkRun !== "" && Number.isSafeInteger(id)) {
    runner.info("The main step ended without closing its check run; it is closed now.");
    await attempt(() =>
      forge.updateCheckRun(id, {
        conclusion: "cancelled",
        output: {
          title: TITLE,
          summary:
            "The job was stopped or crashed. Run the job again: it finds this check run and the deploy again.",
        },
      }),
    );
  }
  const status = savedStatus(state.status);
  if (status !== undefined)
    await attempt(() =>
      forge.setStatus(status.commit, { state: "error", context: status.context, description: TITLE }),
    );
}

function savedStatus(text: string): { readonly commit: string; readonly context: string } | undefined {
  try {
    const value = JSON.parse(text) as { readonly commit?: unknown; readonly context?: unknown };
    return typeof value.commit === "string" && typeof value.context === "string"
      ? { commit: value.commit, context: value.context }
      : undefined;
  } catch {
    return undefined;
  }
}
