import type { Deploy } from "../core/deploy.ts";
import { decodeState } from "../core/gate-state-text.ts";
import { rollbackTarget, type RollbackTarget } from "../core/rollback-target.ts";
import type { Acting } from "./acting.ts";
import { gateCheckRun } from "./publish.ts";
import type { ServiceRun } from "./run.ts";

type Found = Exclude<RollbackTarget, { readonly kind: "ask" }>;

/**
 * Finds what to roll back to, asking GitHub only what decides, and Render for older deploys where those of the run
 * do not do. Throws ServiceProblem.
 */
export async function findTarget(run: ServiceRun, acting: Acting, good: string): Promise<Found> {
  const asked = { ancestors: new Map<string, boolean>(), gates: new Map<string, string | undefined>() };
  const near = await among(run, acting.list.deploys, { ...asked, good });
  if (near.kind === "target") return near;
  const older = await run.edges.deploys.deploys(run.service.id, {});
  const known = new Set(acting.list.deploys.map((deploy) => deploy.id));
  const more = older.filter((deploy) => !known.has(deploy.id));
  return more.length === 0
    ? near
    : among(
        run,
        [...acting.list.deploys, ...more].sort((a, b) => b.createdAt - a.createdAt),
        { ...asked, good },
      );
}

async function among(
  run: ServiceRun,
  deploys: readonly Deploy[],
  about: {
    readonly good: string;
    readonly ancestors: Map<string, boolean>;
    readonly gates: Map<string, string | undefined>;
  },
): Promise<Found> {
  const { forge } = run.edges;
  const leastMs = run.plan.stages[0]?.forMs ?? 0;
  for (;;) {
    const target = rollbackTarget({ ...about, deploys, leastMs });
    if (target.kind !== "ask") return target;
    const { commit } = target;
    if (target.about === "ancestor") {
      const relation = (await forge.compare(about.good, commit))?.relation;
      about.ancestors.set(commit, relation === "behind" || relation === "identical");
    } else {
      const found = await gateCheckRun(run, commit);
      const kept = decodeState(found?.text ?? "");
      // In mode observe the check run of a failing gate is neutral.
      const hasFailed = kept.kind === "state" && kept.state.verdict === "fail";
      about.gates.set(commit, hasFailed ? "failure" : found?.conclusion);
    }
  }
}
