import type { Deploy } from "./deploy.ts";

/** How another commit stands to the gated one. `unknown` until GitHub was asked. */
export type Relation = "same" | "descendant" | "ancestor" | "other" | "unknown";

const FAILED = new Set(["build_failed", "pre_deploy_failed", "update_failed"]);
/** Of ended deploys that came later, so many are compared with GitHub's help. */
const MOST_ENDED = 3;
const FINAL = new Set([...FAILED, "live", "deactivated", "canceled"]);

/** Whether Render is still at work on it; statuses we do not know count as running. */
export function isRunning(deploy: Deploy): boolean {
  return !FINAL.has(deploy.status);
}

/** What became of the deploy of the gated commit, as far as Render's list tells. */
export type Following =
  | { readonly kind: "absent" }
  | { readonly kind: "running"; readonly deploy: Deploy }
  | {
      readonly kind: "live";
      readonly deploy: Deploy;
      /** A newer deploy of the commit that did not work out. */ readonly passedOver?: Deploy;
    }
  | { readonly kind: "failed"; readonly deploy: Deploy }
  | { readonly kind: "canceled"; readonly deploy: Deploy }
  | { readonly kind: "superseded"; readonly by: Deploy; readonly deploy?: Deploy }
  | { readonly kind: "taken-out"; readonly by: Deploy; readonly deploy: Deploy }
  | { readonly kind: "displaced"; readonly by?: Deploy; readonly deploy: Deploy }
  /** GitHub has to be asked how these commits stand to ours before anything can be said. */
  | { readonly kind: "ask"; readonly commits: readonly string[] };

export interface FollowingInput {
  /** Newest first. */
  readonly deploys: readonly Deploy[];
  readonly commit: string;
  /** Judge this deploy (and newer ones of its commit) instead of finding one by commit. */
  readonly deployId?: string;
  /** Relations asked so far, by commit. */
  readonly relations: ReadonlyMap<string, Relation>;
}

/** The deploys of the gated commit, newest first. With a deploy id: that one, and newer ones of its commit. */
export function ownDeploys(
  input: Pick<FollowingInput, "deploys" | "commit" | "deployId">,
): readonly Deploy[] {
  const { deploys, commit, deployId } = input;
  if (deployId === undefined) return deploys.filter((deploy) => deploy.commit?.sha === commit);
  const named = deploys.find((deploy) => deploy.id === deployId);
  if (named === undefined) return [];
  const sha = named.commit?.sha;
  return deploys.filter(
    (deploy) =>
      deploy.id === deployId ||
      (sha !== undefined && deploy.commit?.sha === sha && deploy.createdAt > named.createdAt),
  );
}

/**
 * Reads Render's list (design 3.5): the newest deploy of the commit counts. If it is not live, whoever serves
 * or is about to serve instead decides: a descendant supersedes; an ancestor, or any other rollback, took a
 * deploy that had served out; anything else displaced it.
 */
export function followingOf(input: FollowingInput): Following {
  const own = ownDeploys(input);
  const current = own[0];
  const isOwn = (deploy: Deploy): boolean => own.some((mine) => mine.id === deploy.id);
  const rivals = input.deploys.filter(
    (deploy) => !isOwn(deploy) && (deploy.status === "live" || isRunning(deploy)),
  );
  if (current === undefined) {
    return supersededOr({ kind: "absent" }, { input, rivals });
  }
  // While traffic moves two are live for a moment: the newer one is what serves.
  const live = input.deploys.find((deploy) => deploy.status === "live");
  if (isRunning(current)) {
    // Under the Wait policy a queued deploy may be passed over: a descendant that is live already has our code.
    const served = rivals.filter((rival) => rival.status === "live" && rival.createdAt > current.createdAt);
    return supersededOr({ kind: "running", deploy: current }, { input, rivals: served });
  }
  if (live !== undefined && isOwn(live)) {
    return { kind: "live", deploy: live, ...(live.id === current.id ? {} : { passedOver: current }) };
  }
  const served = own.find(hasServed);
  if (served !== undefined && (served === current || (live?.createdAt ?? 0) > current.createdAt)) {
    return replacedBy(served, { input, live, rivals });
  }
  if (FAILED.has(current.status)) return { kind: "failed", deploy: current };
  const isNewer = (deploy: Deploy): boolean => !isOwn(deploy) && deploy.createdAt >= current.createdAt;
  const canceled = { kind: "canceled", deploy: current } as const;
  const following = supersededOr(canceled, { input, rivals: rivals.filter(isNewer) });
  if (following.kind !== "canceled") return following;
  // The one it was canceled for may itself have served and be over by now.
  const ended = input.deploys.filter((deploy) => isNewer(deploy) && hasServed(deploy)).slice(0, MOST_ENDED);
  return supersededOr(canceled, { input, rivals: ended });
}

/** Whether it serves or has served. */
export function hasServed(deploy: Deploy): boolean {
  return deploy.status === "live" || deploy.status === "deactivated";
}

function relationOf(input: FollowingInput, deploy: Deploy): Relation {
  if (deploy.commit === undefined) return "other";
  if (deploy.commit.sha === input.commit) return "same";
  return input.relations.get(deploy.commit.sha) ?? "unknown";
}

/** The question to GitHub that these deploys raise, if any. */
function questionOf(input: FollowingInput, deploys: readonly Deploy[]): Following | undefined {
  const commits = new Set(
    deploys.flatMap((deploy) =>
      relationOf(input, deploy) === "unknown" && deploy.commit !== undefined ? [deploy.commit.sha] : [],
    ),
  );
  return commits.size > 0 ? { kind: "ask", commits: [...commits] } : undefined;
}

/** Superseded when one of the rivals has our code and serves, or is about to; else what it would be otherwise. */
function supersededOr(
  otherwise: Extract<Following, { readonly kind: "absent" | "running" | "canceled" | "displaced" }>,
  facts: { readonly input: FollowingInput; readonly rivals: readonly Deploy[] },
): Following {
  const question = questionOf(facts.input, facts.rivals);
  if (question !== undefined) return question;
  const descendants = facts.rivals.filter((rival) => relationOf(facts.input, rival) === "descendant");
  const by = descendants.find((rival) => rival.status === "live") ?? descendants[0];
  if (by === undefined) return otherwise;
  return { kind: "superseded", by, ...("deploy" in otherwise ? { deploy: otherwise.deploy } : {}) };
}

/** It served once and does not any more. */
function replacedBy(
  deploy: Deploy,
  facts: {
    readonly input: FollowingInput;
    readonly live: Deploy | undefined;
    readonly rivals: readonly Deploy[];
  },
): Following {
  const { input, live } = facts;
  if (live === undefined) {
    const newer = facts.rivals.filter((rival) => rival.createdAt > deploy.createdAt);
    return supersededOr({ kind: "displaced", deploy }, { input, rivals: newer });
  }
  const question = questionOf(input, [live]);
  if (question !== undefined) return question;
  const relation = relationOf(input, live);
  if (relation === "descendant") return { kind: "superseded", by: live, deploy };
  if (relation === "ancestor" || live.trigger === "rollback") return { kind: "taken-out", by: live, deploy };
  return { kind: "displaced", by: live, deploy };
}

/**
 * G: the deploy that served just before the judged one, whatever its verdict; for a deploy that never went
 * live, the one serving now. Redeploys of the commit itself are passed over. A deploy without a commit
 * (an image) gives no commit to go back to.
 */
export function servedBefore(
  input: Pick<FollowingInput, "deploys" | "commit" | "deployId">,
): Deploy | undefined {
  const own = ownDeploys(input);
  const judged = own.find(hasServed) ?? own.at(-1);
  const served = input.deploys.filter(
    (deploy) => hasServed(deploy) && deploy.commit?.sha !== input.commit && !own.includes(deploy),
  );
  const now = served.find((deploy) => deploy.status === "live");
  if (judged === undefined || (now !== undefined && !hasServed(judged))) return now;
  return served.find((deploy) => deploy.createdAt < judged.createdAt);
}

/** The commits that served before the judged deploy, each once, newest first. */
export function servedCommits(
  input: Pick<FollowingInput, "deploys" | "commit" | "deployId">,
): readonly string[] {
  const own = ownDeploys(input);
  const since = own.find(hasServed)?.createdAt ?? Infinity;
  const served = input.deploys.filter(
    (deploy) => hasServed(deploy) && !own.includes(deploy) && deploy.createdAt < since,
  );
  const commits = served.flatMap(({ commit }) => (commit === undefined ? [] : [commit.sha]));
  return [...new Set(commits)].filter((sha) => sha !== input.commit);
}

/**
 * The deploy by which the gated commit already served before this run began, when the judged one is a redeploy
 * of it: then the judged deploy brought no code that could be taken back. `since` in ms.
 */
export function servedAlready(
  input: Pick<FollowingInput, "deploys" | "commit">,
  { judged, since }: { readonly judged: Deploy; readonly since: number },
): Deploy | undefined {
  return input.deploys.find(
    (deploy) =>
      deploy.id !== judged.id &&
      deploy.commit?.sha === input.commit &&
      hasServed(deploy) &&
      deploy.createdAt < judged.createdAt &&
      (deploy.finishedAt ?? deploy.createdAt) < since,
  );
}

/** ms after `startedAt` before which the earlier deploys of this service were never live: half the quickest. */
export function soonestLiveMs(deploys: readonly Deploy[]): number {
  const durations = deploys.flatMap((deploy) =>
    (deploy.status === "live" || deploy.status === "deactivated") &&
    deploy.startedAt !== undefined &&
    deploy.finishedAt !== undefined
      ? [deploy.finishedAt - deploy.startedAt]
      : [],
  );
  return durations.length === 0 ? 0 : Math.max(0, Math.min(...durations) / 2);
}

/**
 * How long (ms) from one look to the next: 3 s wherever `live` may come next, longer while it cannot. A build is
 * followed by an update of some seconds at least, and takes no less time than before.
 */
export function pollMs(
  following: Following,
  about: {
    readonly now: number;
    /** From `soonestLiveMs`. */
    readonly soonestMs: number;
    /** Whether an update comes between build and live; static sites and cron jobs have none. */
    readonly hasUpdate: boolean;
  },
): number {
  if (following.kind === "absent") return BUILD_POLL_MS;
  if (following.kind !== "running") return LIVE_POLL_MS;
  const { deploy } = following;
  if (!BEFORE_UPDATE.has(deploy.status)) return LIVE_POLL_MS;
  const earliest = (deploy.startedAt ?? about.now) + about.soonestMs - about.now;
  if (earliest > 30_000) return 10_000;
  return about.hasUpdate ? BUILD_POLL_MS : LIVE_POLL_MS;
}

const BEFORE_UPDATE = new Set(["queued", "created", "build_in_progress", "pre_deploy_in_progress"]);
/** Twenty reads a minute, the budget of one gate, are one every three seconds. */
const LIVE_POLL_MS = 3_000;
const BUILD_POLL_MS = 5_000;
