import type { EventFailure } from "../../src/core/event.ts";
import type { Platform } from "./platform.ts";
import { SECOND } from "./world.ts";

/** How a deploy does not go live. */
export type FailedDeploy =
  | { readonly status: "build_failed" }
  | { readonly status: "update_failed"; readonly failure: EventFailure };

/** The deploy fails in its build or while it comes up, and the old version goes on. */
export function failDeploy(platform: Platform, end: FailedDeploy): void {
  const { deploys, instances, events, updateAt, liveAt } = platform;
  const last = deploys.length - 1;
  const [previous, course] = [deploys[last - 1], deploys[last]];
  if (previous === undefined || course === undefined) throw new Error("a platform has deploys");
  const at = end.status === "build_failed" ? updateAt : Math.max(liveAt, updateAt + 60 * SECOND);
  const steps = course.steps.filter((one) => one.at < at && one.status !== "live");
  deploys[last] = { ...course, steps: [...steps, { at, status: end.status }] };
  deploys[last - 1] = { ...previous, steps: previous.steps.filter(({ status }) => status !== "deactivated") };
  for (const [index, one] of instances.entries()) {
    const endsAt = one.createdAt < updateAt ? Infinity : end.status === "build_failed" ? one.createdAt : at;
    instances[index] = { ...one, endsAt };
  }
  const failure = end.status === "build_failed" ? { buildFailed: true } : { failure: end.failure };
  events.push({
    id: "evt-ended",
    type: "deploy_ended",
    at,
    deployId: course.id,
    status: "failed",
    ...failure,
  });
}
