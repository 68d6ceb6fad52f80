import * as z from "zod";
import type { EventFailure, RenderEvent } from "../core/event.ts";
import { instant } from "./instant.ts";

// Each type has details of its own, and a type of tomorrow may use the same names for other things: what does not
// fit is left out, never refused.
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const boolean = z.boolean().optional().catch(undefined);
const reference = z.object({ id: text }).optional().catch(undefined);

const failure = z.object({
  evicted: boolean,
  nonZeroExit: number,
  earlyExit: boolean,
  oomKilled: z.object({ memoryLimit: text }).optional().catch(undefined),
  timedOutSeconds: number,
  timedOutReason: text,
  unhealthy: text,
});

const reason = failure.extend({
  newDeploy: reference,
  newBuild: reference,
  buildFailed: reference,
  failure: failure.optional().catch(undefined),
});

const user = z
  .union([z.string(), z.object({ name: text })])
  .nullish()
  .catch(undefined);

const details = z.object({
  deployId: text,
  deployStatus: text,
  buildStatus: text,
  preDeployStatus: text,
  instanceID: text,
  id: text,
  reason: reason.optional().catch(undefined),
  triggeredByUser: user,
  user,
  trigger: z.object({ user }).optional().catch(undefined),
});

type Details = z.output<typeof details>;

/** `event` of Render's API, flattened. Only id, type and time are insisted on. */
export const eventReply = z
  .object({ id: z.string(), type: z.string(), timestamp: instant, details: z.unknown().optional() })
  .transform(({ id, type, timestamp, details: given }): RenderEvent => {
    const parsed = details.safeParse(given);
    return { id, type, at: timestamp, ...(parsed.success ? flat(type, parsed.data) : {}) };
  });

function flat(type: string, about: Details): Omit<RenderEvent, "id" | "type" | "at"> {
  const status = about.deployStatus ?? about.buildStatus ?? about.preDeployStatus;
  // `server_failed` has the failure itself as its reason; the ended ones wrap it.
  const failed = failureOf(about.reason?.failure ?? about.reason);
  const newDeployId = about.reason?.newDeploy?.id;
  const newBuildId = about.reason?.newBuild?.id;
  const person = personOf(about.triggeredByUser) ?? personOf(about.user) ?? personOf(about.trigger?.user);
  return {
    ...(about.deployId === undefined ? {} : { deployId: about.deployId }),
    ...(status === undefined ? {} : { status }),
    ...(about.instanceID === undefined ? {} : { instanceId: about.instanceID }),
    ...(failed === undefined ? {} : { failure: failed }),
    ...(newDeployId === undefined ? {} : { newDeployId }),
    ...(newBuildId === undefined ? {} : { newBuildId }),
    ...(about.reason?.buildFailed === undefined ? {} : { buildFailed: true }),
    ...(type === "commit_ignored" && about.id !== undefined ? { commit: about.id } : {}),
    ...(person === undefined ? {} : { user: person }),
  };
}

function failureOf(given: z.output<typeof failure> | undefined): EventFailure | undefined {
  if (given === undefined) return undefined;
  const { evicted, nonZeroExit, earlyExit, oomKilled, timedOutSeconds, timedOutReason, unhealthy } = given;
  const found: EventFailure = {
    ...(evicted === undefined ? {} : { evicted }),
    ...(nonZeroExit === undefined ? {} : { nonZeroExit }),
    ...(earlyExit === undefined ? {} : { earlyExit }),
    ...(oomKilled === undefined ? {} : { oomKilled: oomKilled.memoryLimit ?? "" }),
    ...(timedOutSeconds === undefined ? {} : { timedOutSeconds }),
    ...(timedOutReason === undefined ? {} : { timedOutReason }),
    ...(unhealthy === undefined ? {} : { unhealthy }),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

/** A name to show: an address is cut to what stands before the `@`, for job logs can be public. */
function personOf(given: z.output<typeof user>): string | undefined {
  if (given === null || given === undefined || given === "") return undefined;
  const name = typeof given === "string" ? given : (given.name ?? "");
  return name.split("@", 1)[0] ?? "";
}
