import type { Verdict } from "../core/check.ts";
import { firstParents } from "../core/revert-plan.ts";
import type { Comparison } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { adoptedStatus, isSuperseded, NEVER_JUDGED, settledStatus } from "../report/title.ts";
import type { Run } from "./run.ts";

/** At most so many commits between G and the gated one are looked at; each costs one request. */
const MOST_BETWEEN = 10;
/** Behind G the walk ends after so many commits in a row that have nothing to settle. */
const MOST_SETTLED = 3;
const MOST_BEHIND = 20;
const OVERDUE_MS = 24 * 60 * 60_000;

type Settling = Pick<Run, "edges" | "commit" | "teller" | "before">;

export interface Settlement {
  readonly context: string;
  readonly verdict: Verdict;
  /** Whether the gated commit went live: then whatever came before it no longer serves. */
  readonly wasLive: boolean;
  /** G..commit. */
  readonly range: Comparison | undefined;
  readonly url: string;
}

/**
 * Settles the pending statuses of older commits that this verdict covers (design 3): those that came between G
 * and the gated one, and, once that is live, G itself and what it had superseded. A quiet deploy of one push costs
 * one request.
 */
export async function settleAncestors(run: Settling, settlement: Settlement): Promise<void> {
  const { range, wasLive } = settlement;
  if (range === undefined || range.relation !== "ahead") return;
  for (const sha of between(run, range)) await settle(run, sha, settlement);
  if (wasLive) await settleBehind(run, range.mergeBase, settlement);
}

/** The branch's own commits between G and the gated one, newest first; the rest of its own push has no statuses. */
function between(run: Settling, range: Comparison): readonly string[] {
  const older = firstParents(range.commits, run.commit)
    .map((commit) => commit.sha)
    .filter((sha) => sha !== run.commit);
  const others =
    run.before === range.mergeBase ? [] : older.slice(0, older.indexOf(run.before ?? "") + 1 || older.length);
  return others.toReversed().slice(0, MOST_BETWEEN);
}

/** From G back along first parents as long as there is something to settle. */
async function settleBehind(run: Settling, good: string, settlement: Settlement): Promise<void> {
  let sha: string | undefined = good;
  let hasSettled = false;
  let quiet = 0;
  for (let steps = 0; sha !== undefined && steps < MOST_BEHIND; steps += 1) {
    if (await settle(run, sha, settlement)) {
      hasSettled = true;
      quiet = 0;
    } else quiet += 1;
    if (!hasSettled || quiet === MOST_SETTLED) return;
    sha = await parentOf(run, sha);
  }
}

async function parentOf(run: Settling, sha: string): Promise<string | undefined> {
  try {
    return (await run.edges.forge.commit(sha))?.parents[0];
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return undefined;
  }
}

/** Whether the commit's status was pending and is settled now. */
async function settle(run: Settling, sha: string, settlement: Settlement): Promise<boolean> {
  const { forge, clock } = run.edges;
  const { context, verdict, wasLive, url } = settlement;
  try {
    const status = await forge.status(sha, context);
    if (status?.state !== "pending") return false;
    const isOverdue = status.at !== undefined && clock.now() - status.at > OVERDUE_MS;
    // Without a new version in production, the gate of an older commit may still be at work.
    if (!isOverdue && !wasLive && !isSuperseded(status.description)) return false;
    const settled = isOverdue ? NEVER_JUDGED : settledStatus(verdict, run.commit);
    await forge.setStatus(sha, { ...settled, context, url });
    run.teller.moment(`Settled the pending status of ${sha.slice(0, 7)}: ${settled.state}`);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The status of ${sha.slice(0, 7)} could not be settled: ${error.message}`);
    return false;
  }
}

/**
 * After this commit's status was written as pending (superseded): if the gate of the covering commit had
 * already ended, takes over its verdict, so that none of the two misses the other.
 */
export async function adoptVerdict(
  run: Settling,
  options: { readonly context: string; readonly coveredBy: string },
): Promise<void> {
  const { forge } = run.edges;
  const { context, coveredBy } = options;
  try {
    const status = await forge.status(coveredBy, context);
    if (status === undefined || status.state === "pending") return;
    await forge.setStatus(run.commit, {
      ...adoptedStatus(status, coveredBy),
      context,
      ...(status.url === undefined ? {} : { url: status.url }),
    });
    run.teller.moment(`Took over the verdict of ${coveredBy.slice(0, 7)}: ${status.state}`);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The verdict of ${coveredBy.slice(0, 7)} could not be taken over: ${error.message}`);
  }
}
