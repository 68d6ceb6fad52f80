import type { Deploy } from "../core/deploy.ts";
import { decodeState } from "../core/gate-state-text.ts";
import { tooManyActions, type OtherAction } from "../core/max-actions.ts";
import type { Commit, PullRequest } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { hasServiceSection } from "../report/pull-request.ts";
import type { DeployList } from "./deploy-list.ts";
import { gateCheckRun } from "./publish.ts";
import type { ServiceRun } from "./run.ts";

/** The bad commit in the name of a gate's branch. */
const BRANCH = /^deploy-gate\/[a-z]+-([0-9a-f]{12})/;

/** What gates of this service did of late. */
export interface MaxActions {
  /**
   * Asks once, and only when it is called, what other remedies of this service did within the window of
   * `guards.max_actions`; gives why that forbids one more. What cannot be read forbids it, too.
   */
  tooMany(): Promise<string | undefined>;
  /** Pull requests from that branch, when what was read for `tooMany` just now holds them all. */
  pullsFrom(branch: string): readonly PullRequest[] | undefined;
}

/** So old may what was read be. */
const FRESH_MS = 10_000;
/** A remedy's pull request is younger than the commit; clocks may differ. */
const SKEW_MS = 60 * 60_000;
/** Older commits are not worth reading every pull request since. */
const MOST_BACK_MS = 7 * 24 * 60 * 60_000;

/** `commit` is the bad one. */
export function createMaxActions(
  run: ServiceRun,
  { list, commit }: { readonly list: DeployList; readonly commit: Pick<Commit, "committedAt"> },
): MaxActions {
  const { clock, forge } = run.edges;
  const { maxActions: limit } = run.plan.guards;
  let asked: Promise<string | undefined> | undefined;
  let read:
    | { readonly at: number; readonly since: number; readonly pulls: readonly PullRequest[] }
    | undefined;

  async function tooMany(): Promise<string | undefined> {
    const now = clock.now();
    const window = now - limit.perMs;
    const born = commit.committedAt - SKEW_MS;
    const since = born > now - MOST_BACK_MS ? Math.min(window, born) : window;
    try {
      const { pulls, cut } = await forge.pullsSince(since);
      if (cut) throw unreadable("GitHub lists more pull requests than can be looked through");
      read = { at: now, since, pulls };
      const others = [...pullActions(run, pulls), ...(await rollbacksOf(run, list, window))];
      return tooManyActions(others, { now, own: run.commit, limit });
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return `what other gates did could not be read, so guards.max_actions holds this back: ${error.message}`;
    }
  }

  return {
    tooMany: () => (asked ??= tooMany()),
    pullsFrom(branch) {
      if (read === undefined || clock.now() - read.at > FRESH_MS) return undefined;
      if (read.since > commit.committedAt - SKEW_MS) return undefined;
      return read.pulls.filter((pull) => pull.headRef === branch);
    },
  };
}

function pullActions(run: ServiceRun, pulls: readonly PullRequest[]): readonly OtherAction[] {
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
  const { deploys } = run.edges;
  const { id } = run.service;
  const recent = await deploys.deploys(id, { createdAfter: since, allPages: true });
  const all = [...recent, ...list.deploys].sort((a, b) => b.createdAt - a.createdAt);
  const found: OtherAction[] = [];
  for (const rollback of recent.filter((deploy) => deploy.trigger === "rollback")) {
    const commit = replacedBy(rollback, all);
    if (commit === undefined || commit === run.commit) continue;
    const checkRun = await gateCheckRun(run, commit);
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
