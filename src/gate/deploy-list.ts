import type { Deploy } from "../core/deploy.ts";
import { followingOf, ownDeploys, servedBefore, type Following, type Relation } from "../core/following.ts";
import type { Commit } from "../ports.ts";
import { wait, type ServiceRun } from "./run.ts";

/** Looks at Render's list, asking GitHub how other commits stand to ours only where it matters. */
export interface DeployList {
  look(): Promise<Following>;
  readonly deploys: readonly Deploy[];
  /** When Render was read, in ms, oldest first. */
  readonly reads: readonly number[];
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** More deploys than this since the commit make a list of several pages: only the first look reads it whole. */
const FULL_PAGE = 100;
/** A list caught between two states is looked at again so often, 3 s apart, before it decides anything. */
const SECOND_LOOKS = 2;
const SECOND_LOOK_MS = 3_000;

/**
 * A reader of the service's deploys. The first look goes through all pages back to a day before the commit, and
 * further where what served before is older. Throws ServiceProblem when Render or GitHub cannot be read.
 */
export function createDeployList(
  run: ServiceRun,
  commit: Pick<Commit, "committedAt" | "parents">,
): DeployList {
  const { edges, service } = run;
  const { clock } = edges;
  // What serves is most often the parent: that much is known without asking.
  const relations = new Map<string, Relation>(commit.parents.map((sha) => [sha, "ancestor"]));
  const reads: number[] = [];
  const start = Math.min(commit.committedAt, run.startedAt) - DAY_MS;
  const about = {
    commit: run.commit,
    ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
  };
  let known: readonly Deploy[] = [];
  let createdAfter = start;
  let isFirst = true;

  async function pages(query: { readonly createdAfter?: number }): Promise<readonly Deploy[]> {
    reads.push(clock.now());
    return edges.deploys.deploys(service.id, { ...query, allPages: true });
  }

  /** What served before may be older than the commit: further back, step by step, never more than needed. */
  async function withPast(fresh: readonly Deploy[]): Promise<readonly Deploy[]> {
    let found = fresh;
    for (const query of [{ createdAfter: start - 30 * DAY_MS }, {}]) {
      if (servedBefore({ ...about, deploys: found }) !== undefined) return found;
      found = newestFirst([...found, ...(await pages(query))]);
    }
    return found;
  }

  async function read(): Promise<Following> {
    const page = await pages({ createdAfter });
    const fresh = isFirst ? await withPast(page) : page;
    if (isFirst && page.length > FULL_PAGE) createdAfter = run.startedAt - HOUR_MS;
    isFirst = false;
    let deploys = newestFirst([...fresh, ...known]);
    // One that fell out of the list, or was named by id, is asked for by itself.
    const own = run.deployId ?? ownDeploys({ ...about, deploys })[0]?.id;
    if (own !== undefined && !fresh.some((deploy) => deploy.id === own)) {
      reads.push(clock.now());
      const named = await edges.deploys.deploy(service.id, own);
      if (named !== undefined) deploys = newestFirst([named, ...deploys]);
    }
    known = withoutGhosts(deploys, new Set(fresh.map((deploy) => deploy.id)));
    for (;;) {
      const following = followingOf({ ...about, deploys: known, relations });
      if (following.kind !== "ask") return following;
      for (const sha of following.commits) relations.set(sha, await relationOf(run, sha));
    }
  }

  return {
    reads,
    get deploys() {
      return known;
    },
    async look() {
      for (let looks = 0; ; looks += 1) {
        const following = await read();
        if (!isBetween(following) || looks === SECOND_LOOKS) return following;
        await wait(run, SECOND_LOOK_MS);
      }
    },
  };
}

/** One deploy is gone and the one that took its place may just not be listed yet. */
function isBetween(following: Following): boolean {
  return following.kind === "canceled" || (following.kind === "displaced" && following.by === undefined);
}

/** Each deploy once, as it is told first. */
function newestFirst(deploys: readonly Deploy[]): readonly Deploy[] {
  const byId = new Map(deploys.toReversed().map((deploy) => [deploy.id, deploy]));
  return [...byId.values()].sort((a, b) => b.createdAt - a.createdAt);
}

/** A deploy that is not listed any more and was live when last seen is not, once a newer one has served. */
function withoutGhosts(deploys: readonly Deploy[], fresh: ReadonlySet<string>): readonly Deploy[] {
  const served = deploys.find((deploy) => deploy.status === "live" || deploy.status === "deactivated");
  return deploys.map((deploy) =>
    deploy.status === "live" && deploy !== served && !fresh.has(deploy.id)
      ? { ...deploy, status: "deactivated" }
      : deploy,
  );
}

/** How another commit stands to the gated one. One request. Throws ServiceProblem. */
export async function relationOf(run: ServiceRun, sha: string): Promise<Relation> {
  const comparison = await run.edges.forge.compare(run.commit, sha);
  switch (comparison?.relation) {
    case "identical":
      return "same";
    case "ahead":
      return "descendant";
    case "behind":
      return "ancestor";
    default:
      return "other";
  }
}
