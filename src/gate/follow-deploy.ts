import type { Deploy } from "../core/deploy.ts";
import type { DeployEnding } from "../core/deploy-verdict.ts";
import { isRunning, pollMs, servedBefore, soonestLiveMs } from "../core/following.ts";
import { NO_INSTANCES, type InstanceBook } from "../core/new-instances.ts";
import type { Action } from "../core/outcome.ts";
import { spreadMs } from "../core/pace.ts";
import type { Commit } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { logText } from "../report/plain.ts";
import { createAbsence } from "./absence.ts";
import { lookAtInstances, readFailure } from "./aside.ts";
import { isRefusal, mayRebuild, rebuild, triggerDeploy } from "./ask-deploy.ts";
import type { DeployList } from "./deploy-list.ts";
import type { FreezeWatch, Looked } from "./freeze.ts";
import { goOn, wait, type ServiceRun } from "./run.ts";

export interface Followed {
  readonly ending: DeployEnding;
  /** The last list seen, newest first. */
  readonly deploys: readonly Deploy[];
  readonly instances: InstanceBook;
  /** G's deploy: what served just before. */
  readonly previous?: Deploy;
  readonly actions: readonly Action[];
}

const PHASES: { readonly [status: string]: string } = {
  queued: "Render to start the queued deploy",
  created: "Render to start the deploy",
  build_in_progress: "the build",
  pre_deploy_in_progress: "the pre-deploy command",
  update_in_progress: "the new version to come up",
};

/** In these, by all that Render says, no instance of the new version exists. A status of tomorrow is not one of them. */
const BEFORE_UPDATE = new Set(["queued", "created", "build_in_progress", "pre_deploy_in_progress"]);

const ASIDE_MS = 30_000;
/** Service, its neighbours and their like: reads before the first look. */
const FIRST_READS = 2;
/** A bad spell of Render or GitHub is waited out so long; nothing is decided in it. */
const PATIENCE_MS = 10 * 60_000;
/** A deploy that Render has not started is waited for so long while no other one of the service is at work. */
const QUEUE_MS = 60 * 60_000;

/**
 * Finds the deploy of the commit and follows it to its end (design 3.5). `onTurn` is called on every turn with
 * what is known, for the look at the old version and the log reader; `wakeSignal` may cut a wait short.
 */
export async function followDeploy(
  run: ServiceRun,
  options: {
    readonly list: DeployList;
    readonly commit: Commit;
    /** Files of the push; from the commit that served before where the event does not say. */
    readonly changedFiles: (servedBefore: string | undefined) => Promise<readonly string[] | undefined>;
    readonly onTurn: (deploy: Deploy | undefined, instances: InstanceBook) => void;
    readonly wakeSignal: () => AbortSignal;
    readonly freeze: FreezeWatch;
  },
): Promise<Followed> {
  const { service, plan, teller } = run;
  const { clock } = run.edges;
  const { list, freeze } = options;
  const actions: Action[] = [];
  const asideReads: number[] = Array.from({ length: FIRST_READS }, () => run.startedAt);
  const rebuilt = new Set<string>();
  let instances: InstanceBook = NO_INSTANCES;
  let unconfirmed: InstanceBook | undefined;
  let lastInstanceLook = -Infinity;
  let lastStatus = "";
  let unreadableSince: number | undefined;
  let waitingSince: number | undefined;

  const previous = (): Deploy | undefined =>
    servedBefore({
      deploys: list.deploys,
      commit: run.commit,
      ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
    });
  const absence = createAbsence(run, {
    commit: options.commit,
    changedFiles: () => options.changedFiles(previous()?.commit?.sha),
    onRead: (at) => void asideReads.push(at),
  });
  const done = (ending: DeployEnding): Followed => {
    const before = previous();
    return {
      ending,
      deploys: list.deploys,
      instances,
      actions,
      ...(before === undefined ? {} : { previous: before }),
    };
  };

  /** Undefined while Render or GitHub cannot be read; a refusal, and a spell that is too long, are thrown. */
  async function patientLook(): Promise<Looked | undefined> {
    const asked = clock.now();
    try {
      const looked = await freeze.look(list);
      unreadableSince = undefined;
      return looked;
    } catch (error) {
      if (!(error instanceof ServiceProblem) || isRefusal(error)) throw error;
      unreadableSince ??= asked;
      if (clock.now() - unreadableSince >= PATIENCE_MS) throw error;
      teller.line(logText(`Nothing is known of the deploy right now, asking again: ${error.message}`));
      return undefined;
    }
  }

  /** Which instances are old. A look counts once the next list confirms that the update had not begun. */
  async function lookAside(deploy: Deploy): Promise<void> {
    if (!BEFORE_UPDATE.has(deploy.status)) {
      unconfirmed = undefined;
      return;
    }
    instances = { ...(unconfirmed ?? instances), oldUntil: list.reads.at(-1) ?? run.startedAt };
    unconfirmed = undefined;
    if (service.type === "static_site" || service.type === "cron_job") return;
    if (clock.now() - lastInstanceLook < ASIDE_MS) return;
    lastInstanceLook = clock.now();
    asideReads.push(lastInstanceLook);
    unconfirmed = await lookAtInstances(run, instances, true);
  }

  /** Why a deploy at work is not waited for any longer. */
  function tooSlow(deploy: Deploy): DeployEnding | undefined {
    const now = clock.now();
    if (deploy.startedAt !== undefined) {
      if (now - deploy.startedAt <= plan.deploy.liveWithinMs) return undefined;
      const minutes = Math.round(plan.deploy.liveWithinMs / 60_000);
      const reason = `not live ${minutes} min after it started (live_within), still ${deploy.status}`;
      return { kind: "slow", deploy, reason };
    }
    // Queue time is apart, but a queue that nobody stands in before us is none.
    const isQueue = list.deploys.some((other) => other.id !== deploy.id && isRunning(other));
    waitingSince = isQueue ? undefined : (waitingSince ?? now);
    if (waitingSince === undefined || now - waitingSince <= QUEUE_MS) return undefined;
    const reason = `${deploy.id} is still ${deploy.status}, although no other deploy of the service has been at work for ${QUEUE_MS / 60_000} min`;
    return { kind: "displaced", deploy, reason };
  }

  for (;;) {
    goOn(run);
    const lookedAt = clock.now();
    const { following, frozen } = (await patientLook()) ?? {};
    if (frozen !== undefined) return done(frozen);
    const deploy = following !== undefined && "deploy" in following ? following.deploy : undefined;
    if (deploy !== undefined && `${deploy.id} ${deploy.status}` !== lastStatus) {
      lastStatus = `${deploy.id} ${deploy.status}`;
      teller.moment(`Deploy ${deploy.id}: ${deploy.status}`);
    }
    switch (following?.kind) {
      case "live":
        if (following.passedOver !== undefined) {
          teller.note(
            `A newer deploy of the same commit (${following.passedOver.id}) ended as ${following.passedOver.status}; ${following.deploy.id} still serves and is watched.`,
          );
        }
        options.onTurn(following.deploy, instances);
        return done(following);
      case "superseded":
      case "taken-out":
        return done(following);
      case "displaced":
        return done({
          kind: "displaced",
          deploy: following.deploy,
          reason: displacedReason(following.deploy, following.by),
        });
      case "failed": {
        const failed = following.deploy;
        const failure = await readFailure(run, failed);
        if (rebuilt.has(failed.id) || !mayRebuild(run, list.deploys, failed))
          return done({ kind: "failed", deploy: failed, failure });
        rebuilt.add(failed.id);
        actions.push(await rebuild(run, list, { failed, failure }));
        continue;
      }
      case "canceled":
        return done(await canceledEnding(run, list, following.deploy));
      case "absent": {
        if (
          (plan.deploy.trigger || freeze.isRevert) &&
          !actions.some((action) => action.kind === "trigger")
        ) {
          const asked = await triggerDeploy(run);
          actions.push(asked);
          if (asked.state === "failed") return done({ kind: "absent", reason: asked.reason ?? "" });
          if (asked.state === "done") continue;
        }
        teller.phase({
          phase: "finding the deploy",
          waitingFor: `a deploy of ${run.commit.slice(0, 7)} to appear`,
          until: absence.until,
        });
        const isTriggered = actions.some(({ kind, state }) => kind === "trigger" && state === "done");
        const ending = await absence.ending({ isTriggered });
        if (ending !== undefined) return done((await freeze.meetLate(list)) ?? ending);
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
        await lookAside(following.deploy);
        const ending = tooSlow(following.deploy);
        if (ending !== undefined) return done(ending);
        break;
      }
      case "ask":
      case undefined:
        break;
    }
    options.onTurn(deploy, instances);
    await teller.beat();
    const now = clock.now();
    const wanted = pollMs(following ?? { kind: "absent" }, {
      now,
      soonestMs: soonestLiveMs(list.deploys),
      hasUpdate: service.type !== "static_site" && service.type !== "cron_job",
    });
    const reads = [...asideReads, ...list.reads].sort((a, b) => a - b);
    const next = lookedAt + spreadMs(wanted, { reads, now: lookedAt });
    const deadline = following?.kind === "absent" ? Math.max(absence.until, now + 1_000) : Infinity;
    await wait(run, Math.max(0, Math.min(next, deadline) - now), options.wakeSignal());
  }
}

/** Canceled by a person, or for a newer deploy that Render names: superseded if that one has our code, even if it failed. */
async function canceledEnding(run: ServiceRun, list: DeployList, deploy: Deploy): Promise<DeployEnding> {
  const failure = await readFailure(run, deploy);
  const heir = list.deploys.find((one) => one.id === failure.newDeployId);
  const relation = heir?.commit && (await run.edges.forge.compare(run.commit, heir.commit.sha))?.relation;
  if (heir !== undefined && relation === "ahead") return { kind: "superseded", by: heir, deploy };
  return { kind: "canceled", deploy, failure };
}

function displacedReason(deploy: Deploy, by: Deploy | undefined): string {
  if (by === undefined) return `${deploy.id} is ${deploy.status} and no deploy is live`;
  const commit = by.commit === undefined ? "an image" : by.commit.sha.slice(0, 7);
  return `${by.id} (${commit}), which does not contain this commit, is live instead of ${deploy.id}`;
}
