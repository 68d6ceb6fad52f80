import type { Inputs } from "../config/inputs.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem, ServiceProblem } from "../problem.ts";
import type { LeftOpen } from "./leave.ts";
import { loadPlan } from "./load-plan.ts";
import { createNotifier } from "./notifier.ts";
import { createStateBook } from "./state-book.ts";
import { MESSAGES_MS } from "./tell-people.ts";

/** Tells people of a gate that was stopped, or broke, before it could say so itself. Problems are warnings. */
export async function tellLeft(
  edges: Edges,
  left: LeftOpen,
  at: {
    readonly inputs: Inputs;
    readonly env: (name: string) => string | undefined;
    readonly runUrl: string;
  },
): Promise<void> {
  const { clock, runner } = edges;
  const { commit, serviceName, checkRun } = left;
  const { inputs, env, runUrl } = at;
  const now = clock.now();
  try {
    const { plan } = await loadPlan(edges, { path: inputs.config, commit, env });
    if (plan === undefined) return;
    for (const secret of plan.secrets) runner.mask(secret);
    const outcome: Outcome = {
      verdict: "unknown",
      reason: "the gate stopped before its verdict; nothing was decided",
      mode: inputs.mode ?? plan.mode,
      serviceName,
      commit,
      stages: [],
      checks: [],
      actions: [],
      timeline: [],
      notes: [],
      deployEvidence: [],
      spots: [],
      requests: edges.requests(),
      startedAt: now,
      endedAt: now,
    };
    const notifier = createNotifier(edges, { plan, runUrl, note: (text) => runner.warning(text) });
    notifier.tell(outcome, { told: { checkRun, book: createStateBook(commit, checkRun.text) } });
    await notifier.settled(MESSAGES_MS);
  } catch (error) {
    if (!(error instanceof ServiceProblem) && !(error instanceof ConfigProblem)) throw error;
    runner.warning(`Nobody could be told that the gate stopped: ${error.message}`);
  }
}
