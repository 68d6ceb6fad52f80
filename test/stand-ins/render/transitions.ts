import { failures, timeText } from "./records.ts";
import type { DeployStatus, Failure } from "./records.ts";
import type { DeployState, World } from "./world.ts";

/** What goes with a change of status. */
export interface StatusDetail {
  /** Of a failure; default: exit status 1. */
  readonly failure?: Failure;
  /** Of `canceled`: the deploy that superseded it. Without it a person did. */
  readonly newDeploy?: string;
}

const FAILED = new Set<string>(["build_failed", "pre_deploy_failed", "update_failed"]);
const ENDED = new Set<string>([...FAILED, "live", "canceled", "deactivated"]);
const WAITING = new Set<string>(["queued", "created"]);
/** The old version gets SIGTERM so long after the switch (render-api.md 7.2). */
const SWITCH_OVER_MS = 60_000;
// The integer is the old form of the outcome; only 3 for canceled is on record.
const OUTCOME_NUMBER = { succeeded: 2, canceled: 3, failed: 4 } as const;

type OutcomeName = keyof typeof OUTCOME_NUMBER;

/** Whether a deploy with this status moves no more by itself. */
export function hasEnded(status: string): boolean {
  return ENDED.has(status);
}

function outcomeOf(next: string, failedStatus: string): OutcomeName {
  if (next === "canceled") return "canceled";
  return next === failedStatus ? "failed" : "succeeded";
}

function reasonOf(outcome: OutcomeName, detail: StatusDetail): Record<string, unknown> {
  if (outcome === "failed") return { failure: detail.failure ?? failures.exit() };
  if (outcome === "canceled" && detail.newDeploy !== undefined)
    return { newDeploy: { id: detail.newDeploy } };
  return {};
}

function leavePhase(world: World, deploy: DeployState, change: { next: string; detail: StatusDetail }): void {
  const { next, detail } = change;
  const { serviceId } = deploy;
  if (deploy.record.status === "build_in_progress") {
    const outcome = outcomeOf(next, "build_failed");
    const status = OUTCOME_NUMBER[outcome];
    const details = {
      buildId: deploy.buildId,
      buildStatus: outcome,
      reason: reasonOf(outcome, detail),
      status,
    };
    world.event(serviceId, { type: "build_ended", details });
  }
  if (deploy.record.status === "pre_deploy_in_progress") {
    const outcome = outcomeOf(next, "pre_deploy_failed");
    const details = {
      deployCommandExecutionId: deploy.commandId,
      deployId: deploy.record.id,
      preDeployStatus: outcome,
      status: OUTCOME_NUMBER[outcome],
      reason: reasonOf(outcome, detail),
    };
    world.event(serviceId, { type: "pre_deploy_ended", details });
  }
}

function bringInstances(world: World, deploy: DeployState): void {
  const state = world.serviceState(deploy.serviceId);
  if (state.instances.some((one) => one.deployId === deploy.record.id)) return;
  if ("disk" in state.record.serviceDetails) {
    // A disk can be mounted once only: the old version stops before the new one starts.
    for (const old of world.instances(deploy.serviceId)) old.endsAt = world.timeline.now();
  }
  for (const suffix of deploy.suffixes) {
    world.addInstance(deploy.serviceId, { suffix, deployId: deploy.record.id });
  }
}

function switchTraffic(world: World, deploy: DeployState): void {
  const state = world.serviceState(deploy.serviceId);
  const now = world.timeline.now();
  const shutdownMs = Number(state.record.serviceDetails["maxShutdownDelaySeconds"] ?? 30) * 1000;
  for (const other of state.deploys) {
    if (other === deploy || other.record.status !== "live") continue;
    other.record.status = "deactivated";
    other.record.updatedAt = timeText(now);
  }
  for (const instance of state.instances) {
    if (instance.deployId !== deploy.record.id) instance.endsAt ??= now + SWITCH_OVER_MS + shutdownMs;
  }
}

function end(world: World, deploy: DeployState, change: { next: DeployStatus; detail: StatusDetail }): void {
  const { next, detail } = change;
  const { record, serviceId } = deploy;
  const now = world.timeline.now();
  record.finishedAt = timeText(now);
  if (next === "live") {
    bringInstances(world, deploy);
    switchTraffic(world, deploy);
  } else {
    for (const instance of world.serviceState(serviceId).instances) {
      if (instance.deployId !== record.id) continue;
      instance.endsAt ??= now;
      const reason = detail.failure ?? failures.exit();
      const isCrash = next === "update_failed" && reason.timedOutSeconds === undefined;
      if (isCrash)
        world.event(serviceId, { type: "server_failed", details: { instanceID: instance.id, reason } });
    }
  }
  // A deploy that was skipped while it waited never started, and so never ended for the events.
  if (typeof record.startedAt !== "string") return;
  const outcome = next === "live" ? "succeeded" : next === "canceled" ? "canceled" : "failed";
  const reason =
    next === "build_failed" ? { buildFailed: { id: deploy.buildId } } : reasonOf(outcome, detail);
  const details = { deployId: record.id, deployStatus: outcome, status: OUTCOME_NUMBER[outcome], reason };
  world.event(serviceId, { type: "deploy_ended", details });
}

/** Moves a deploy to a status now, with times, instances and events as Render would have them. */
export function moveDeploy(
  world: World,
  deployId: string,
  change: { readonly status: DeployStatus; readonly detail?: StatusDetail },
): void {
  const deploy = world.deployState(deployId);
  const { record, serviceId } = deploy;
  const { status: next, detail = {} } = change;
  if (record.status === next) return;
  const now = world.timeline.now();
  const isSkipped = next === "canceled" && WAITING.has(record.status);
  if (!WAITING.has(next) && !isSkipped && typeof record.startedAt !== "string") {
    record.startedAt = timeText(now);
    const details = { deployId, trigger: deploy.triggerDetails };
    world.event(serviceId, { type: "deploy_started", details });
  }
  leavePhase(world, deploy, { next, detail });
  if (next === "build_in_progress") {
    const details = { buildId: deploy.buildId, trigger: deploy.triggerDetails };
    world.event(serviceId, { type: "build_started", details });
  }
  if (next === "pre_deploy_in_progress") {
    const details = { deployCommandExecutionId: deploy.commandId, deployId };
    world.event(serviceId, { type: "pre_deploy_started", details });
  }
  if (next === "update_in_progress") bringInstances(world, deploy);
  if (ENDED.has(next) && next !== "deactivated") end(world, deploy, { next, detail });
  record.status = next;
  record.updatedAt = timeText(now);
}
