import type { Deploy } from "../core/deploy.ts";
import { decodeState } from "../core/gate-state.ts";
import { tooManyActions, type OtherAction } from "../core/max-actions.ts";
import { ServiceProblem } from "../problem.ts";
import { hasServiceSection } from "../report/pull-request.ts";
import type { DeployList } from "./deploy-list.ts";
import { externalIdOf, toldName } from "./publish.ts";
import type { ServiceRun } from "./run.ts";

/** The bad commit in the name of a gate's branch. */
const BRANCH = /^deploy-gate\/[a-z]+-([0-9a-f]{12})/;

/**
 * Asks once, and only when it is called, what other remedies of this service did within the window of
 * `guards.max_actions`; gives why that forbids one more. What cannot be read forbids it, too.
 */
export function createMaxActions(run: ServiceRun, list: DeployList): () => Promise<string | undefined> {
  let asked: Promise<string | undefined> | undefined;
  return () => (asked ??= tooMany(run, list));
}

async function tooMany(run: ServiceRun, list: DeployList): Promise<string | undefined> {
  const { maxActions: limit } = run.plan.guards;
  const now = run.edges.clock.now();
  const since = now - limit.perMs;
  try {
    const others = [...(await pullsOf(run, since)), ...(await rollbacksOf(run, list, since))];
    return tooManyActions(others, { now, own: run.commit, limit });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return `what other gates did could not be read, so guards.max_actions holds this back: ${error.message}`;
  }
}

async function pullsOf(run: ServiceRun, since: number): Promise<readonly OtherAction[]> {
  const { pulls, cut } = await run.edges.forge.pullsSince(since);
  if (cut) throw unreadable("GitHub lists more pull requests than can be looked through");
  return pulls.flatMap((pull) =>
    pull.headRef.startsWith("deploy-gate/") && hasServiceSection(pull.body, run.service.name)
      ? [
          {
            commit: BRANCH.exec(pull.headRef)?.[1] ?? pull.headRef,
            at: pull.createdAt,
            what: `#${pull.number}`,
          },
        ]
      : [],
  );
}

/** Rollbacks that a gate made: the state of the commit they replaced says so. A person's are no remedies. */
async function rollbacksOf(
  run: ServiceRun,
  list: DeployList,
  since: number,
): Promise<readonly OtherAction[]> {
  const { deploys, forge } = run.edges;
  const { id, name } = run.service;
  const recent = await deploys.deploys(id, { createdAfter: since, allPages: true });
  const all = [...recent, ...list.deploys].sort((a, b) => b.createdAt - a.createdAt);
  const found: OtherAction[] = [];
  for (const rollback of recent.filter((deploy) => deploy.trigger === "rollback")) {
    const commit = replacedBy(rollback, all);
    if (commit === undefined || commit === run.commit) continue;
    const checkRun = await forge.findCheckRun(commit, toldName(name), externalIdOf(name, commit));
    const decoded = decodeState(checkRun?.text ?? "");
    if (decoded.kind === "damaged") {
      throw unreadable(`the state of the gate of ${commit.slice(0, 7)} cannot be read, ${decoded.why}`);
    }
    const steps = decoded.kind === "state" ? (decoded.state.remedy?.steps ?? []) : [];
    if (steps.some((step) => step.deploy === rollback.id))
      found.push({ commit, at: rollback.createdAt, what: `rollback ${rollback.id}` });
  }
  return found;
}

/** The commit that served when the rollback was made. */
export function replacedBy(rollback: Deploy, deploys: readonly Deploy[]): string | undefined {
  return deploys.find(
    (one) => one.createdAt < rollback.createdAt && (one.status === "deactivated" || one.status === "live"),
  )?.commit?.sha;
}

function unreadable(message: string): ServiceProblem {
  return new ServiceProblem({ service: "GitHub", message });
}
