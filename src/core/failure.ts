import type { Deploy } from "./deploy.ts";
import type { EventFailure, RenderEvent } from "./event.ts";

/** Whose doing a failed deploy was. Only `code` may act. */
export interface Failure {
  readonly blame: "code" | "platform" | "person" | "unknown";
  /** Render's reason in words. */
  readonly reason: string;
  /** Of a cancellation: the deploy it made room for. */
  readonly newDeployId?: string;
}

const PHASE: { readonly [status: string]: string } = {
  build_failed: "the build failed",
  pre_deploy_failed: "the pre-deploy command failed",
  update_failed: "the new version did not come up",
  canceled: "the deploy was canceled",
};

/** What Render says of the failure, in words; undefined when it says nothing. */
export function failureText(failure: EventFailure): string | undefined {
  if (failure.evicted) return "evicted by Render";
  if (failure.oomKilled !== undefined) {
    return failure.oomKilled === "" ? "out of memory" : `out of memory (limit ${failure.oomKilled})`;
  }
  if (failure.nonZeroExit !== undefined) return `exited with status ${failure.nonZeroExit}`;
  if (failure.earlyExit) return "exited early";
  if (failure.unhealthy !== undefined) {
    return failure.unhealthy === "" ? "the health check failed" : `unhealthy: ${failure.unhealthy}`;
  }
  if (failure.timedOutSeconds !== undefined || failure.timedOutReason !== undefined) {
    const after = failure.timedOutSeconds === undefined ? "" : ` after ${failure.timedOutSeconds} s`;
    return `timed out${after}${failure.timedOutReason ? `: ${failure.timedOutReason}` : ""}`;
  }
  return undefined;
}

/** The event that ends the phase in which a deploy failed; Render names no deploy in `build_ended`. */
const PHASE_END: { readonly [status: string]: string } = {
  build_failed: "build_ended",
  pre_deploy_failed: "pre_deploy_ended",
};

/** Events that explain a failure by what is not the code's doing. A build runs on no server of the service. */
const EXCUSES: readonly { readonly type: string; readonly reason: string; readonly statuses?: string }[] = [
  { type: "pipeline_minutes_exhausted", reason: "pipeline minutes exhausted" },
  { type: "image_pull_failed", reason: "the image could not be pulled" },
  { type: "server_hardware_failure", reason: "hardware failure at Render", statuses: "update_failed" },
];

/**
 * The reason of a deploy that ended `*_failed` or `canceled`, from Render's events since it was created;
 * `events` undefined means that they could not be read, and then nobody is blamed.
 */
export function failureOf(deploy: Deploy, events: readonly RenderEvent[] | undefined): Failure {
  const phase = PHASE[deploy.status] ?? `the deploy ended as ${deploy.status}`;
  if (events === undefined)
    return { blame: "unknown", reason: `${phase}; Render's events could not be read` };
  const ended = endsOf(deploy, events);
  if (deploy.status === "canceled") return cancellation(phase, ended);
  const since = events.filter((event) => event.at >= deploy.createdAt - 1_000);
  const excuse = EXCUSES.find(
    ({ type, statuses }) =>
      (statuses === undefined || statuses === deploy.status) && since.some((event) => event.type === type),
  );
  if (excuse !== undefined) return { blame: "platform", reason: `${phase}: ${excuse.reason}` };
  const failure = ended
    .map((event) => event.failure)
    .find((shape) => shape !== undefined && failureText(shape) !== undefined);
  if (failure !== undefined) {
    return { blame: blameOf(deploy, failure), reason: `${phase}: ${failureText(failure) ?? ""}` };
  }
  if (deploy.status === "build_failed" && ended.some((event) => event.buildFailed))
    return { blame: "code", reason: phase };
  return { blame: "unknown", reason: `${phase}; Render gave no reason` };
}

/** What ended this deploy, its own words first. While it was queued, others may have failed: their ends are not its. */
function endsOf(deploy: Deploy, events: readonly RenderEvent[]): readonly RenderEvent[] {
  const isMine = (event: RenderEvent): boolean =>
    event.deployId === deploy.id ||
    (event.deployId === undefined && event.at >= (deploy.startedAt ?? deploy.createdAt) - 1_000);
  const phaseEnd = PHASE_END[deploy.status];
  return [
    ...events.filter((event) => event.type === "deploy_ended" && isMine(event)),
    ...events.filter((event) => event.type === phaseEnd && event.status !== "succeeded" && isMine(event)),
  ];
}

function cancellation(phase: string, ended: readonly RenderEvent[]): Failure {
  const newer = ended.find((event) => event.newDeployId !== undefined)?.newDeployId;
  if (newer !== undefined) {
    return { blame: "platform", reason: `${phase} for the newer deploy ${newer}`, newDeployId: newer };
  }
  const user = ended.find((event) => event.user !== undefined)?.user;
  return { blame: "person", reason: user ? `${phase} by ${user}` : phase };
}

/** Whose doing a failure of that shape is (design 5, deploy.on_fail). */
function blameOf(deploy: Deploy, failure: EventFailure): Failure["blame"] {
  if (failure.evicted) return "platform";
  const isOwn =
    failure.nonZeroExit !== undefined ||
    failure.earlyExit === true ||
    failure.oomKilled !== undefined ||
    failure.unhealthy !== undefined;
  // A start that timed out never became healthy; a build or pre-deploy that did may have been Render's slowness.
  return isOwn || deploy.status === "update_failed" ? "code" : "unknown";
}
