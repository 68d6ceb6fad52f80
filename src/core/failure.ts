import type { Deploy } from "./deploy.ts";
import type { EventFailure, RenderEvent } from "./event.ts";

/** Whose doing a failed deploy was. Only `code` may act. */
export interface Failure {
  readonly blame: "code" | "platform" | "person" | "unknown";
  /** Render's reason in words. */
  readonly reason: string;
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

/**
 * The reason of a deploy that ended `*_failed` or `canceled`, from Render's events since it was created;
 * `events` undefined means that they could not be read, and then nobody is blamed.
 */
export function failureOf(deploy: Deploy, events: readonly RenderEvent[] | undefined): Failure {
  const phase = PHASE[deploy.status] ?? `the deploy ended as ${deploy.status}`;
  if (events === undefined)
    return { blame: "unknown", reason: `${phase}; Render's events could not be read` };
  const since = events.filter((event) => event.at >= deploy.createdAt - 1_000);
  const has = (type: string): boolean => since.some((event) => event.type === type);
  if (has("pipeline_minutes_exhausted"))
    return { blame: "platform", reason: `${phase}: pipeline minutes exhausted` };
  if (has("image_pull_failed"))
    return { blame: "platform", reason: `${phase}: the image could not be pulled` };
  if (has("server_hardware_failure"))
    return { blame: "platform", reason: `${phase}: hardware failure at Render` };
  const ended = since.filter(
    (event) =>
      (event.type === "deploy_ended" && (event.deployId === undefined || event.deployId === deploy.id)) ||
      ((event.type === "build_ended" || event.type === "pre_deploy_ended") && event.status !== "succeeded"),
  );
  if (deploy.status === "canceled") {
    const user = since.find((event) => event.deployId === deploy.id && event.user !== undefined)?.user;
    return { blame: "person", reason: user ? `${phase} by ${user}` : phase };
  }
  const failure = ended
    .map((event) => event.failure)
    .find((shape) => shape !== undefined && failureText(shape) !== undefined);
  if (failure !== undefined) {
    const text = `${phase}: ${failureText(failure)}`;
    if (failure.evicted) return { blame: "platform", reason: text };
    const timedOut = failure.timedOutSeconds !== undefined || failure.timedOutReason !== undefined;
    const ownReason =
      failure.nonZeroExit !== undefined ||
      failure.earlyExit ||
      failure.oomKilled !== undefined ||
      failure.unhealthy !== undefined;
    // A start that timed out never became healthy; a build or pre-deploy that did may have been Render's slowness.
    if (timedOut && !ownReason && deploy.status !== "update_failed")
      return { blame: "unknown", reason: text };
    return { blame: "code", reason: text };
  }
  if (deploy.status === "build_failed" && ended.some((event) => event.buildFailed))
    return { blame: "code", reason: phase };
  return { blame: "unknown", reason: `${phase}; Render gave no reason` };
}
