import type { Deploy } from "../core/deploy.ts";
import { hasServed, isRunning, type Following } from "../core/following.ts";
import type { LogWindow } from "../core/log-facts.ts";
import { newInstances } from "../core/new-instances.ts";
import { ServiceProblem } from "../problem.ts";
import { logText } from "../report/plain.ts";
import type { DeployList } from "./deploy-list.ts";
import { lookAtInstances } from "./aside.ts";
import type { ServiceRun } from "./run.ts";
import type { WatchFacts } from "./watch-facts.ts";

/** What serves instead of the watched deploy. */
export type Replacement = Exclude<Following, { readonly kind: "live" }>;

/** Looks at what is live and at the instances while a deploy is watched, and keeps the facts up to date. */
export interface LiveLook {
  /** A newer deploy of the commit is followed, grace anew. Never throws for what Render or GitHub do. */
  look(): Promise<void>;
  readonly lookedAt: number;
  /** Something else serves now. */
  readonly replaced: Replacement | undefined;
  /** Why the last look says nothing. */
  readonly problem: string | undefined;
  /** Reads the list of instances. */
  lookAtInstances(): Promise<void>;
  /** When that is due again, ms. */
  instancesDueAt(hasUnplaced: boolean): number;
}

const INSTANCES_MS = 10_000;
/** Once the new ones are known only restarts and scaling bring more. */
const KNOWN_INSTANCES_MS = 60_000;

/** In these no instance of a deploy exists yet, or none ever did. */
const WITHOUT_INSTANCES = new Set([
  "queued",
  "created",
  "build_in_progress",
  "pre_deploy_in_progress",
  "build_failed",
  "pre_deploy_failed",
]);

/** When Render says it went live, or now if it does not. */
export function liveTime(deploy: Deploy, now: number): number {
  return deploy.finishedAt === undefined ? now : Math.min(deploy.finishedAt, now);
}

/** A look around the deploy of `facts`, which is live. */
export function createLiveLook(
  run: ServiceRun,
  options: {
    readonly list: DeployList;
    readonly facts: WatchFacts;
    readonly deploy: Deploy;
    /** Called when more is known of the instances. */
    readonly onInstances: () => void;
    /** Called when a redeploy of the commit serves. */
    readonly onRedeploy: () => void;
  },
): LiveLook {
  const { clock } = run.edges;
  const { list, facts, onInstances } = options;
  let { deploy } = options;
  let lookedAt = clock.now();
  let listedAt = -Infinity;
  let instancesAt = -Infinity;
  /** By deploy. */
  const newer = new Map<string, LogWindow>();
  let replaced: Replacement | undefined;
  let problem: string | undefined;

  function follow(next: Deploy): void {
    run.teller.moment(`Deploy ${next.id} of the same commit went live; it is watched now, grace anew`);
    deploy = next;
    facts.deploy = next;
    facts.liveAt = liveTime(next, clock.now());
    // Which were there before it is not known; those created since it started are its own.
    facts.instances = { seen: facts.instances.seen, checkedAt: lookedAt };
    newer.clear();
    instancesAt = -Infinity;
    options.onRedeploy();
    onInstances();
  }

  /** While instances may be those of other deploys that came later. */
  function noteNewer(at: number): void {
    for (const one of list.deploys) {
      if (one.createdAt <= deploy.createdAt) continue;
      const known = newer.get(one.id);
      if (known === undefined && !mayHaveInstances(one)) continue;
      const from = known?.from ?? Math.max(one.startedAt ?? one.createdAt, listedAt);
      const isOver = !isRunning(one) && !hasServed(one);
      newer.set(one.id, { from, to: isOver ? (one.finishedAt ?? at) : Infinity });
    }
    facts.instances = { ...facts.instances, newer: [...newer.values()], checkedAt: at };
    listedAt = at;
    onInstances();
  }

  function mayHaveInstances(one: Deploy): boolean {
    const isOwn = one.commit !== undefined && one.commit.sha === deploy.commit?.sha;
    // A redeploy of the commit that is at work may be the one to watch next.
    if (isOwn && (isRunning(one) || hasServed(one))) return false;
    // Whoever looked while it was at work has seen whether it was updating.
    if (one.status === "canceled") return listedAt === -Infinity && one.startedAt !== undefined;
    return !WITHOUT_INSTANCES.has(one.status);
  }

  return {
    get lookedAt() {
      return lookedAt;
    },
    get replaced() {
      return replaced;
    },
    get problem() {
      return problem;
    },
    async look() {
      lookedAt = clock.now();
      const at = lookedAt;
      try {
        const following = await list.look();
        problem = undefined;
        if (following.kind === "live" && following.deploy.id !== deploy.id) follow(following.deploy);
        noteNewer(at);
        if (following.kind === "live") return;
        if (following.kind !== "running") {
          replaced = following;
          return;
        }
        // A newer deploy of the commit at work, while the one before it still serves.
        const stillServes = list.deploys.some((one) => one.id === deploy.id && one.status === "live");
        if (!stillServes)
          problem = `${deploy.id} serves no more, and ${following.deploy.id} of the same commit is only ${following.deploy.status}`;
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        problem = error.message;
        run.teller.line(logText(`What is live could not be read: ${error.message}`));
      }
    },
    async lookAtInstances() {
      const at = clock.now();
      instancesAt = at;
      const seen = await lookAtInstances(run, facts.instances, false);
      // The facts may have moved on meanwhile: only what was seen is taken over.
      if (seen?.present !== undefined) {
        const { listedAt = at } = facts.instances;
        facts.instances = {
          ...facts.instances,
          seen: seen.seen,
          present: seen.present,
          presentAt: at,
          listedAt,
        };
      }
      onInstances();
    },
    instancesDueAt(hasUnplaced) {
      const isKnown = newInstances(facts.instances, deploy).length > 0 && !hasUnplaced;
      return instancesAt + (isKnown ? KNOWN_INSTANCES_MS : INSTANCES_MS);
    },
  };
}
