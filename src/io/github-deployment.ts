import * as z from "zod";
import type { WatchEnd } from "../core/watch-entry.ts";
import type { WatchRecord, WatchStatus } from "../ports.ts";
import { FULL_PAGE } from "./github-api.ts";
import { instant } from "./instant.ts";

export type Page = z.infer<typeof page>;
export type Status = z.infer<typeof status>;

/** A deployment as both APIs tell of it. */
export interface Listed extends Omit<WatchRecord, "isDeep"> {
  readonly task: string;
}

/** The environment and the task of the gate's own deployments. */
export const OWN = "deploy-gate";
/** Whoever looks, at least every other day, opens anew what lies behind so many newer ones. */
const DEEP = 200;
const LOOKED_MS = 2 * 24 * 60 * 60_000;
const ENDS: readonly WatchEnd[] = ["success", "failure", "error", "inactive"];

/** A page of the environment's deployments, newest first. */
export const QUERY = `query ($owner: String!, $repo: String!, $after: String) {
  repository(owner: $owner, name: $repo) {
    deployments(first: ${FULL_PAGE}, after: $after, environments: ["${OWN}"], orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { databaseId commitOid task payload createdAt latestStatus { state description createdAt logUrl } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const described = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

const node = z
  .object({
    // Beyond 32 bits, whatever the schema says: https://github.com/obmarg/cynic/issues/711
    databaseId: z.number(),
    commitOid: z.string(),
    task: z.string().nullish(),
    payload: z.unknown(),
    createdAt: instant,
    latestStatus: z
      .object({
        state: z.string(),
        description: described,
        createdAt: instant,
        logUrl: z.string().nullish(),
      })
      .nullish(),
  })
  .transform((one): Listed => ({
    id: one.databaseId,
    sha: one.commitOid,
    task: one.task ?? "",
    payload: one.payload,
    createdAt: one.createdAt,
    ...(one.latestStatus
      ? { status: statusOf({ ...one.latestStatus, at: one.latestStatus.createdAt }) }
      : {}),
  }));

/** The answer to it. */
export const page = z
  .object({
    repository: z.object({
      deployments: z.object({
        nodes: z.array(node),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    }),
  })
  .transform(({ repository }) => repository.deployments);

/** REST's deployment; its statuses are asked for apart. */
export const deployment = z
  .object({
    id: z.number(),
    sha: z.string(),
    task: z.string(),
    payload: z.unknown(),
    created_at: instant,
  })
  .transform(({ created_at: createdAt, ...one }): Listed => ({ ...one, createdAt }));

/** REST's status of a deployment. */
export const status = z
  .object({
    id: z.number(),
    state: z.string(),
    description: described,
    created_at: instant,
    log_url: z.string().nullish(),
  })
  .transform((one) => ({ id: one.id, ...statusOf({ ...one, at: one.created_at, logUrl: one.log_url }) }));

function statusOf(one: {
  readonly state: string;
  readonly description: string;
  readonly at: number;
  readonly logUrl?: string | null | undefined;
}): WatchStatus {
  const closed = ENDS.find((end) => end === one.state.toLowerCase());
  return {
    ...(closed === undefined ? {} : { closed }),
    description: one.description,
    ...(one.logUrl ? { url: one.logUrl } : {}),
    at: one.at,
  };
}

/** A state that is not known is open: no watch is lost. */
function isOpen({ task, status }: Listed): boolean {
  return task === OWN && status?.closed === undefined;
}

/** The deployment as it stands in the list, the newest at 0. */
export function recordOf(listed: Listed, position: number): WatchRecord {
  const { task: _, ...one } = listed;
  return { ...one, isDeep: position >= DEEP };
}

/** Those of the gate's own task that nothing has closed; given and taken newest first. */
export function openOf(listed: readonly Listed[]): readonly WatchRecord[] {
  return listed.map((one, position) => (isOpen(one) ? [recordOf(one, position)] : [])).flat();
}

/**
 * Whether no open one can stand behind these, the newest ones: the last page holds none, and what follows was opened
 * anew by the last look, wherever it had come to lie so deep.
 */
export function isAll(listed: readonly Listed[]): boolean {
  const [newest] = listed;
  if (newest === undefined) return true;
  if (listed.slice(-FULL_PAGE).some(isOpen)) return false;
  const young = listed.filter((one) => newest.createdAt - one.createdAt < LOOKED_MS).length;
  return listed.length >= DEEP + young;
}
