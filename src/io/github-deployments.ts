import * as z from "zod";
import type { WatchEnd } from "../core/watch-entry.ts";
import type { Forge, WatchRecord, WatchStatus } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { graphqlErrors } from "./github-graphql.ts";
import { createOnce, isDoubtful } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";
import { instant } from "./instant.ts";

type Watches = Pick<Forge, "openWatch" | "setWatch" | "watchStatuses" | "watches" | "watchesOf">;

/** A deployment as both APIs tell of it. */
interface Listed extends Omit<WatchRecord, "position"> {
  readonly task: string;
}

/** The environment and the task of the gate's own deployments. */
const OWN = "deploy-gate";
/** The longest a watch can be: the longest a workflow run is kept, https://docs.github.com/actions/reference/limits */
const LONGEST_MS = 35 * 24 * 60 * 60_000;
const MOST_PAGES = 10;
/** Entries behind so many newer ones are opened anew by whoever looks, at least every other day. */
const DEEPEST = 300;
const LOOKED_MS = 2 * 24 * 60 * 60_000;
/** Questions at once, where one is needed per entry. */
const AT_ONCE = 10;
const PAUSE_MS = 2_000;
const ENDS: readonly WatchEnd[] = ["success", "failure", "error", "inactive"];

const QUERY = `query ($owner: String!, $repo: String!, $after: String) {
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

const page = z
  .object({
    repository: z.object({
      deployments: z.object({
        nodes: z.array(node),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    }),
  })
  .transform(({ repository }) => repository.deployments);

const deployment = z
  .object({
    id: z.number(),
    sha: z.string(),
    task: z.string(),
    payload: z.unknown(),
    created_at: instant,
  })
  .transform(({ created_at: createdAt, ...one }): Listed => ({ ...one, createdAt }));

const status = z
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

function recordOf(listed: Listed, position: number): WatchRecord {
  const { task: _, ...one } = listed;
  return { ...one, position };
}

function openOf(listed: readonly Listed[]): readonly WatchRecord[] {
  return listed.map((one, position) => (isOpen(one) ? [recordOf(one, position)] : [])).flat();
}

/** Whether no open one can stand behind these, the newest ones. */
function isAll(listed: readonly Listed[]): boolean {
  const [newest] = listed;
  const oldest = listed.at(-1);
  if (newest === undefined || oldest === undefined) return true;
  if (listed.slice(-FULL_PAGE).some(isOpen)) return false;
  const young = listed.filter((one) => newest.createdAt - one.createdAt < LOOKED_MS).length;
  return newest.createdAt - oldest.createdAt > LONGEST_MS || listed.length >= DEEPEST + young;
}

/** GitHub says so with the status of a success: https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
function limited(words: string, cause: unknown): ServiceProblem {
  const message = `GitHub answered POST /graphql with a refusal: ${words}`;
  return new ServiceProblem({ service: "GitHub", message, status: 200, code: "rate-limited" }, { cause });
}

/** The open watches of a repository, as its deployments; with `github-token`. */
export function createDeployments(client: GitHubApi): Watches {
  const { at, job, redact } = client;

  const statuses = (id: number, count: number): Promise<readonly z.infer<typeof status>[]> =>
    job.read(z.array(status), () =>
      job.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
        ...at,
        deployment_id: id,
        per_page: count,
      }),
    );

  const list = (sha?: string): Promise<readonly Listed[]> =>
    job.read(z.array(deployment), () =>
      job.request("GET /repos/{owner}/{repo}/deployments", {
        ...at,
        environment: OWN,
        task: OWN,
        ...(sha === undefined ? {} : { sha }),
        per_page: FULL_PAGE,
      }),
    );

  /** With the newest status of each. */
  const withStatus = async (listed: readonly Listed[]): Promise<readonly Listed[]> => {
    const known: Listed[] = [];
    for (let from = 0; from < listed.length; from += AT_ONCE) {
      const some = listed.slice(from, from + AT_ONCE).map(async (one): Promise<Listed> => {
        const [newest] = await statuses(one.id, 1);
        return newest === undefined ? one : { ...one, status: newest };
      });
      known.push(...(await Promise.all(some)));
    }
    return known;
  };

  const pageAfter = async (after: string | undefined): Promise<z.infer<typeof page>> => {
    const ask = (): Promise<z.infer<typeof page>> =>
      job.write(page, async () => ({
        data: await job.graphql(QUERY, { ...at, after: after ?? null }),
        url: "/graphql",
      }));
    try {
      return await ask();
    } catch (error) {
      if (!isDoubtful(error)) throw error;
      await client.sleep(PAUSE_MS);
      return ask();
    }
  };

  const byGraphql: Watches["watches"] = async () => {
    const listed: Listed[] = [];
    let after: string | undefined;
    for (let count = 0; count < MOST_PAGES; count += 1) {
      const { nodes, pageInfo } = await pageAfter(after);
      listed.push(...nodes);
      after = pageInfo.endCursor ?? undefined;
      if (!pageInfo.hasNextPage || after === undefined || isAll(listed))
        return { open: openOf(listed), cut: false };
    }
    return { open: openOf(listed), cut: true };
  };

  /** A question per entry, so of the newest page only. */
  const byRest: Watches["watches"] = async () => {
    const listed = await withStatus(await list());
    return { open: openOf(listed), cut: listed.length === FULL_PAGE && !isAll(listed) };
  };

  const watchesOf: Watches["watchesOf"] = async (sha, isWanted) =>
    openOf(await withStatus((await list(sha)).filter((one) => isWanted(one.payload))));

  return {
    openWatch(watch) {
      const wanted = Object.entries(watch.payload);
      const isSame = (payload: unknown): boolean =>
        wanted.every(
          ([name, value]) => (payload as Readonly<Record<string, unknown>> | null)?.[name] === value,
        );
      return createOnce<WatchRecord>(
        async () =>
          recordOf(
            await job.write(deployment, () =>
              job.request("POST /repos/{owner}/{repo}/deployments", {
                ...at,
                ref: watch.sha,
                environment: OWN,
                task: OWN,
                auto_merge: false,
                required_contexts: [],
                production_environment: false,
                transient_environment: true,
                payload: { ...watch.payload },
                description: cutText(redact(watch.description), LIMITS.description),
              }),
            ),
            0,
          ),
        async () => (await watchesOf(watch.sha, isSame))[0],
      );
    },

    async setWatch(id, { state, description, url }) {
      await job.write(z.object({ id: z.number() }), () =>
        job.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
          ...at,
          deployment_id: id,
          state,
          auto_inactive: false,
          description: cutText(redact(description), LIMITS.description),
          ...(url === undefined ? {} : { log_url: redact(url) }),
        }),
      );
    },

    watchStatuses: (id) => statuses(id, FULL_PAGE),

    async watches() {
      try {
        return await byGraphql();
      } catch (error) {
        const words = graphqlErrors(error);
        if (words === undefined && !(error instanceof ServiceProblem)) throw error;
        if (words !== undefined && /rate limit/i.test(words)) throw limited(redact(words), error);
        if (error instanceof ServiceProblem && error.failure.code === "rate-limited") throw error;
        return byRest();
      }
    },

    watchesOf,
  };
}
