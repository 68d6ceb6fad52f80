import type { Deploy } from "../core/deploy.ts";
import { hasServed, ownDeploys } from "../core/following.ts";
import { relationOf, type DeployList } from "./deploy-list.ts";
import { verdictOf } from "./earlier-gates.ts";
import { liveTime, type Replacement } from "./live-look.ts";
import { LONGEST_JOB_MS } from "./open-watch.ts";
import type { ServiceRun } from "./run.ts";

/** What took the place of a watched deploy. */
export interface Replaced {
  readonly by: Replacement;
  /** Since when, ms. */
  readonly at: number;
  /** The deploys that have served since then, oldest first. */
  readonly served: readonly Deploy[];
}

/** So many gates are asked, of the deploys that have served since the last look; each costs one request. */
const MOST_ASKED = 10;

/**
 * What took the deploy's place first, by Render's list: however late a look comes, that decides, and not what serves by
 * then (`now`). Throws ServiceProblem.
 */
export async function firstReplacement(
  run: ServiceRun,
  about: { readonly list: DeployList; readonly deploy: Deploy; readonly now: Replacement },
): Promise<Replaced> {
  const { list, deploy, now } = about;
  const { commit, deployId } = run;
  const { deploys } = list;
  const own = ownDeploys({ deploys, commit, ...(deployId === undefined ? {} : { deployId }) });
  const served = deploys
    .filter((one) => hasServed(one) && one.createdAt > deploy.createdAt && !own.includes(one))
    .toReversed();
  const [first, ...later] = served;
  const at = first?.finishedAt ?? run.edges.clock.now();
  if (first === undefined || later.length === 0) return { by: now, at, served };
  const relation = first.commit === undefined ? "other" : await relationOf(run, first.commit.sha);
  const isRollback = relation === "ancestor" || first.trigger === "rollback";
  const kind = relation === "descendant" ? "superseded" : isRollback ? "taken-out" : "displaced";
  return { by: { kind, by: first, deploy }, at, served };
}

/**
 * The deploy by which a stage that goes on over deploys is watched from now on: the one that serves, if its gate and
 * those before it passed. Undefined when the watch ends here. Throws ServiceProblem.
 */
export async function followedNext(
  run: ServiceRun,
  { by, served }: Replaced,
): Promise<Deploy | "undecided" | undefined> {
  if (by.kind !== "superseded") return undefined;
  const next = served.at(-1) ?? by.by;
  for (const { commit, trigger } of served.slice(0, -1).slice(0, MOST_ASKED)) {
    if (commit === undefined || trigger === "rollback") return undefined;
    const verdict = await verdictOf(run, commit.sha);
    // One that another took over before it was judged is covered by the next one's gate.
    if (verdict === "fail" || verdict === "unknown") return undefined;
  }
  const sha = next.commit?.sha;
  if (sha === undefined) return undefined;
  const verdict = next.status === "live" ? await verdictOf(run, sha) : "undecided";
  const { clock } = run.edges;
  // No job is at work for longer: a commit without a verdict by then has no gate.
  const isUngated = clock.now() - liveTime(next, clock.now()) > LONGEST_JOB_MS;
  if (verdict === "undecided") return isUngated ? undefined : "undecided";
  return verdict === "pass" || verdict === "warn" ? next : undefined;
}
