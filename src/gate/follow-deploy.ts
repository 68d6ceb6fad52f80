import type { Deploy } from "../core/deploy.ts";
import { failureOf, type Failure } from "../core/failure.ts";
import {
  followingOf,
  isRunning,
  ownDeploys,
  pollMs,
  servedBefore,
  soonestLiveMs,
  type Following,
  type Relation,
} from "../core/following.ts";
import { NO_INSTANCES, withInstances, type InstanceBook } from "../core/new-instances.ts";
import { isIgnored, skipReason } from "../core/skip-reason.ts";
import type { RenderEvent } from "../core/event.ts";
import type { Action } from "../core/outcome.ts";
import { ServiceProblem } from "../problem.ts";
import type { Commit } from "../ports.ts";
import { wait, goOn, type ServiceRun } from "./run.ts";

/** How the deploy of the commit ended, design 3.5. */
export type DeployEnding =
  | { readonly kind: "live"; readonly deploy: Deploy }
  | { readonly kind: "failed"; readonly deploy: Deploy; readonly failure: Failure }
  | { readonly kind: "slow"; readonly deploy: Deploy; readonly reason: string }
  | { readonly kind: "superseded"; readonly by: Deploy; readonly deploy?: Deploy }
  | { readonly kind: "taken-out"; readonly by: Deploy; readonly deploy: Deploy }
  | { readonly kind: "displaced"; readonly reason: string; readonly deploy: Deploy }
  | { readonly kind: "canceled"; readonly deploy: Deploy; readonly failure: Failure }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "absent"; readonly reason: string };

export interface Followed {
  readonly ending: DeployEnding;
  /** The last list seen, newest first. */
  readonly deploys: readonly Deploy[];
  readonly instances: InstanceBook;
  /** G's deploy: what served just before. */
  readonly previous?: Deploy;
  readonly actions: readonly Action[];
}

/** Looks at Render's list, asking GitHub how other commits stand to ours only where it matters. */
export interface DeployList {
  look(): Promise<Following>;
  readonly deploys: readonly Deploy[];
}

/** A reader of the service's deploys; the first look goes through all pages back to a day before the commit. */
export function createDeployList(run: ServiceRun, commit: Pick<Commit, "committedAt">): DeployList {
  const { edges, service } = run;
  const relations = new Map<string, Relation>();
  let known: readonly Deploy[] = [];
  const createdAfter = Math.min(commit.committedAt, run.startedAt) - 24 * 60 * 60_000;
  return {
    get deploys() {
      return known;
    },
    async look() {
      const isFirst = known.length === 0;
      const fresh = await edges.deploys.deploys(service.id, isFirst ? { createdAfter, allPages: true } : {});
      // The deploy that served before may be older than the commit: one unfiltered page shows it.
      const recent = isFirst ? await edges.deploys.deploys(service.id, {}) : [];
      const byId = new Map([...known, ...recent, ...fresh].map((deploy) => [deploy.id, deploy]));
      // One that fell off the first page, or was named by id, is asked for by itself.
      const own = run.deployId ?? ownDeploys({ deploys: [...byId.values()], commit: run.commit })[0]?.id;
      if (own !== undefined && !fresh.some((deploy) => deploy.id === own)) {
        const named = await edges.deploys.deploy(service.id, own);
        if (named !== undefined) byId.set(named.id, named);
      }
      known = [...byId.values()].sort((a, b) => b.createdAt - a.createdAt);
      for (;;) {
        const following = followingOf({
          deploys: known,
          commit: run.commit,
          relations,
          ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
        });
        if (following.kind !== "ask") return following;
        for (const sha of following.commits) relations.set(sha, await relationOf(run, sha));
      }
    },
  };
}

async function relationOf(run: ServiceRun, sha: string): Promise<Relation> {
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

const PHASES: { readonly [status: string]: string } = {
  queued: "Render to start the queued deploy",
  created: "Render to start the deploy",
  build_in_progress: "the build",
  pre_deploy_in_progress: "the pre-deploy command",
  update_in_progress: "the new version to come up",
};

/**
 * Finds the deploy of the commit and follows it to its end (design 3.5). `onLook` is called on every turn
 * with what is known, for the look at the old version and the log reader; `wake` may cut a wait short.
 */
export async function followDeploy(
  run: ServiceRun,
  options: {
    readonly list: DeployList;
    readonly commit: Commit;
    readonly changedFiles: () => Promise<readonly string[] | undefined>;
    readonly onTurn: (deploy: Deploy | undefined, instances: InstanceBook) => Promise<void>;
    readonly wakeSignal: () => AbortSignal;
  },
): Promise<Followed> {
  const { edges, service, plan, teller } = run;
  const { clock } = edges;
  const { list } = options;
  const actions: Action[] = [];
  let instances: InstanceBook = NO_INSTANCES;
  let lastInstanceLook = -Infinity;
  let lastStatus = "";
  let triggered = run.deployId !== undefined;
  let retries = 0;
  let events: readonly RenderEvent[] = [];
  let lastEventLook = -Infinity;
  const appearBy = run.startedAt + plan.deploy.appearWithinMs;

  const done = (ending: DeployEnding): Followed => {
    const previous = servedBefore({
      deploys: list.deploys,
      commit: run.commit,
      ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
    });
    return {
      ending,
      deploys: list.deploys,
      instances,
      actions,
      ...(previous === undefined ? {} : { previous }),
    };
  };

  for (;;) {
    goOn(run);
    const following = await list.look();
    const deploy = "deploy" in following ? following.deploy : undefined;
    if (deploy !== undefined && deploy.status !== lastStatus) {
      lastStatus = deploy.status;
      teller.moment(`Deploy ${deploy.id}: ${deploy.status}`);
    }
    switch (following.kind) {
      case "live":
        if (following.passedOver !== undefined) {
          teller.note(
            `A newer deploy of the same commit (${following.passedOver.id}) ended as ${following.passedOver.status}; ${following.deploy.id} still serves and is watched.`,
          );
        }
        await options.onTurn(following.deploy, instances);
        return done({ kind: "live", deploy: following.deploy });
      case "superseded":
        return done({
          kind: "superseded",
          by: following.by,
          ...(following.deploy === undefined ? {} : { deploy: following.deploy }),
        });
      case "taken-out":
        return done({ kind: "taken-out", by: following.by, deploy: following.deploy });
      case "displaced":
        return done({
          kind: "displaced",
          deploy: following.deploy,
          reason: displacedReason(following.deploy, following.by),
        });
      case "failed": {
        const failure = await readFailure(run, following.deploy);
        if (
          following.deploy.status === "build_failed" &&
          retries < plan.deploy.retry &&
          run.mode === "enforce" &&
          run.deployId === undefined
        ) {
          retries += 1;
          teller.moment(
            `Deploy ${following.deploy.id} failed to build (${failure.reason}); asking Render to build it again, ${retries} of ${plan.deploy.retry}`,
          );
          await edges.deploys.trigger(service.id, run.commit);
          actions.push({
            kind: "retry",
            state: "done",
            reason: `rebuild ${retries} of ${plan.deploy.retry} after: ${failure.reason}`,
          });
          await waitForNewDeploy(run, list, following.deploy);
          continue;
        }
        return done({ kind: "failed", deploy: following.deploy, failure });
      }
      case "canceled":
        return done({
          kind: "canceled",
          deploy: following.deploy,
          failure: await readFailure(run, following.deploy),
        });
      case "absent": {
        if (!triggered && plan.deploy.trigger) {
          triggered = true;
          const asked = await trigger(run);
          actions.push(asked);
          if (asked.state === "done") teller.moment(`Asked Render to deploy ${run.commit.slice(0, 7)}`);
          if (asked.state === "done") continue;
        }
        teller.phase({
          phase: "finding the deploy",
          waitingFor: `a deploy of ${run.commit.slice(0, 7)} to appear`,
          until: appearBy,
        });
        if (clock.now() - lastEventLook >= 30_000) {
          lastEventLook = clock.now();
          events = (await readEvents(run, run.startedAt - 10 * 60_000)) ?? events;
        }
        const facts = {
          service,
          commit: run.commit,
          message: options.commit.message,
          events,
          triggered: actions.some((action) => action.kind === "trigger" && action.state !== "skipped"),
        };
        if (isIgnored(facts))
          return done({ kind: "skipped", reason: skipReason(facts) ?? "Render ignored the commit" });
        if (clock.now() >= appearBy) {
          const files = await options.changedFiles();
          const reason = skipReason({ ...facts, ...(files === undefined ? {} : { files }) });
          if (reason !== undefined) return done({ kind: "skipped", reason });
          return done({
            kind: "absent",
            reason: `no deploy of ${run.commit.slice(0, 7)} appeared within ${Math.round(plan.deploy.appearWithinMs / 1000)}s`,
          });
        }
        break;
      }
      case "running": {
        teller.phase({
          phase: "following the deploy",
          waitingFor: PHASES[following.deploy.status] ?? `the deploy (${following.deploy.status})`,
          ...(following.deploy.startedAt === undefined
            ? {}
            : { until: following.deploy.startedAt + plan.deploy.liveWithinMs }),
        });
        const isBefore = following.deploy.status !== "update_in_progress";
        if (isBefore && clock.now() - lastInstanceLook >= 30_000) {
          lastInstanceLook = clock.now();
          instances = (await lookAtInstances(run, instances, true)) ?? instances;
        }
        const { startedAt } = following.deploy;
        if (startedAt !== undefined && clock.now() - startedAt > plan.deploy.liveWithinMs) {
          const minutes = Math.round(plan.deploy.liveWithinMs / 60_000);
          return done({
            kind: "slow",
            deploy: following.deploy,
            reason: `not live ${minutes} min after it started (live_within), still ${following.deploy.status}`,
          });
        }
        break;
      }
      case "ask":
        break;
    }
    await options.onTurn(deploy, instances);
    await teller.beat();
    const pause = pollMs(following, soonestLiveMs(list.deploys), clock.now());
    const untilDeadline = following.kind === "absent" ? Math.max(0, appearBy - clock.now()) : pause;
    await wait(run, Math.min(pause, Math.max(untilDeadline, 1_000)), options.wakeSignal());
  }
}

function displacedReason(deploy: Deploy, by: Deploy | undefined): string {
  if (by === undefined) return `${deploy.id} is ${deploy.status} and no deploy is live`;
  const commit = by.commit === undefined ? "an image" : by.commit.sha.slice(0, 7);
  return `${by.id} (${commit}), which does not contain this commit, is live instead of ${deploy.id}`;
}

/** One look at the instances; undefined when Render would not say. */
export async function lookAtInstances(
  run: ServiceRun,
  book: InstanceBook,
  isBeforeUpdate: boolean,
): Promise<InstanceBook | undefined> {
  if (run.service.type === "static_site" || run.service.type === "cron_job") return undefined;
  try {
    return withInstances(book, await run.edges.deploys.instances(run.service.id), isBeforeUpdate);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The service's instances could not be read: ${error.message}`);
    return undefined;
  }
}

async function readEvents(run: ServiceRun, from: number): Promise<readonly RenderEvent[] | undefined> {
  try {
    return await run.edges.deploys.events(run.service.id, { from, to: run.edges.clock.now() + 60_000 });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`Render's events could not be read: ${error.message}`);
    return undefined;
  }
}

/** Render's reason; the events may come a moment after the status, so it is asked for up to four times. */
async function readFailure(run: ServiceRun, deploy: Deploy): Promise<Failure> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = failureOf(deploy, await readEvents(run, deploy.createdAt - 1_000));
    if (failure.blame !== "unknown" || attempt === 4) return failure;
    await wait(run, 3_000);
  }
}

async function trigger(run: ServiceRun): Promise<Action> {
  const { edges, service, mode } = run;
  if (service.autoDeploy && service.autoDeployTrigger !== "off") {
    return {
      kind: "trigger",
      state: "skipped",
      reason: "auto-deploy is on: Render deploys the commit by itself",
    };
  }
  if (mode !== "enforce")
    return { kind: "trigger", state: "advised", reason: `mode ${mode} triggers nothing` };
  await edges.deploys.trigger(service.id, run.commit);
  return { kind: "trigger", state: "done", reason: "asked Render to deploy the commit" };
}

/** After a rebuild was asked for, waits until the list shows a newer deploy of the commit than the failed one. */
async function waitForNewDeploy(run: ServiceRun, list: DeployList, failed: Deploy): Promise<void> {
  const until = run.edges.clock.now() + run.plan.deploy.appearWithinMs;
  while (run.edges.clock.now() < until) {
    await wait(run, 3_000);
    await list.look();
    const newest = ownDeploys({ deploys: list.deploys, commit: run.commit })[0];
    if (
      newest !== undefined &&
      newest.id !== failed.id &&
      (isRunning(newest) || newest.status !== failed.status || newest.createdAt > failed.createdAt)
    )
      return;
  }
  run.teller.note("The rebuild that was asked for did not appear.");
}
