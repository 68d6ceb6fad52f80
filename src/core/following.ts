import type { Deploy } from "./deploy.ts";

/** How another commit stands to the gated one. `unknown` until GitHub was asked. */
export type Relation = "same" | "descendant" | "ancestor" | "other" | "unknown";

const FAILED = new Set(["build_failed", "pre_deploy_failed", "update_failed"]);
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
 * or is about to serve instead decides: a descendant supersedes; an ancestor, or any rollback, took a live
 * deploy out; anything else displaced it.
 */
export function followingOf(input: FollowingInput): Following {
  const own = ownDeploys(input);
  const relation = (deploy: Deploy): Relation =>
    deploy.commit === undefined
      ? "other"
      : deploy.commit.sha === input.commit
        ? "same"
        : (input.relations.get(deploy.commit.sha) ?? "unknown");
  const current = own[0];
  const live = input.deploys.find((deploy) => deploy.status === "live");
  const oldest = own.at(-1);
  const isOwn = (deploy: Deploy): boolean => own.some((mine) => mine.id === deploy.id);
  const rivals = input.deploys.filter(
    (deploy) =>
      !isOwn(deploy) &&
      (deploy.status === "live" || isRunning(deploy)) &&
      (oldest === undefined || deploy.createdAt >= oldest.createdAt),
  );
  const ask = (deploys: readonly Deploy[]): Following | undefined => {
    const commits = new Set(
      deploys.flatMap((deploy) =>
        relation(deploy) === "unknown" && deploy.commit ? [deploy.commit.sha] : [],
      ),
    );
    return commits.size > 0 ? { kind: "ask", commits: [...commits] } : undefined;
  };
  const successor = (deploys: readonly Deploy[]): Deploy | undefined =>
    deploys.find((deploy) => deploy.status === "live" && relation(deploy) === "descendant") ??
    deploys.find((deploy) => relation(deploy) === "descendant");

  if (current === undefined) {
    const question = ask(rivals);
    if (question !== undefined) return question;
    const by = successor(rivals);
    return by === undefined ? { kind: "absent" } : { kind: "superseded", by };
  }
  if (current.status === "live") return { kind: "live", deploy: current };
  if (live !== undefined && isOwn(live) && !isRunning(current)) {
    return { kind: "live", deploy: live, passedOver: current };
  }
  if (isRunning(current)) {
    // Under the Wait policy a queued deploy may be passed over: a descendant that is live already has our code.
    const served = rivals.filter(
      (deploy) => deploy.status === "live" && deploy.createdAt > current.createdAt,
    );
    const question = ask(served);
    if (question !== undefined) return question;
    const by = served.find((deploy) => relation(deploy) === "descendant");
    return by === undefined
      ? { kind: "running", deploy: current }
      : { kind: "superseded", by, deploy: current };
  }
  if (FAILED.has(current.status)) return { kind: "failed", deploy: current };
  if (current.status === "canceled") {
    const newer = rivals.filter((deploy) => deploy.createdAt >= current.createdAt);
    const question = ask(newer);
    if (question !== undefined) return question;
    const by = successor(newer);
    return by === undefined
      ? { kind: "canceled", deploy: current }
      : { kind: "superseded", by, deploy: current };
  }
  // Deactivated: it was live once; what serves now says what happened.
  if (live === undefined) return { kind: "displaced", deploy: current };
  const question = ask([live]);
  if (question !== undefined) return question;
  if (relation(live) === "descendant" && live.trigger !== "rollback") {
    return { kind: "superseded", by: live, deploy: current };
  }
  if (relation(live) === "ancestor" || live.trigger === "rollback") {
    return { kind: "taken-out", by: live, deploy: current };
  }
  return { kind: "displaced", by: live, deploy: current };
}

/**
 * G: the deploy that served just before the gated commit came, whatever its verdict; for a deploy that never
 * went live, the one serving now. Redeploys of the commit itself are passed over. A deploy without a commit
 * (an image) gives no commit to go back to.
 */
export function servedBefore(
  input: Pick<FollowingInput, "deploys" | "commit" | "deployId">,
): Deploy | undefined {
  const own = ownDeploys(input);
  const first = own.at(-1);
  const served = input.deploys.filter(
    (deploy) =>
      (deploy.status === "live" || deploy.status === "deactivated") && deploy.commit?.sha !== input.commit,
  );
  if (first === undefined) return served.find((deploy) => deploy.status === "live");
  return served.find((deploy) => deploy.createdAt < first.createdAt && !own.includes(deploy));
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
 * How long to wait (ms) before asking again: 3 s wherever `live` may come next, up to 10 s while it cannot.
 */
export function pollMs(following: Following, soonestMs: number, now: number): number {
  if (following.kind === "absent") return 5_000;
  if (following.kind !== "running") return 3_000;
  const { deploy } = following;
  if (deploy.status === "update_in_progress") return LIVE_POLL_MS;
  if (deploy.startedAt === undefined) return LIVE_POLL_MS;
  const earliest = deploy.startedAt + soonestMs - now;
  return Math.min(10_000, Math.max(LIVE_POLL_MS, earliest / 2));
}

/** Twenty reads a minute, the budget of one gate, are one every three seconds. */
const LIVE_POLL_MS = 2_900;
