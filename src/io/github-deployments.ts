import * as z from "zod";
import type { Forge, WatchRecord } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import {
  deployment,
  isAll,
  openOf,
  OWN,
  page,
  QUERY,
  recordOf,
  status,
  type Listed,
  type Page,
  type Status,
} from "./github-deployment.ts";
import { graphqlErrors } from "./github-graphql.ts";
import { createOnce, isDoubtful } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";

type Watches = Pick<Forge, "openWatch" | "setWatch" | "watchStatuses" | "watches" | "watchesOf">;

const MOST_PAGES = 10;
/** Questions at once, where one is needed per entry. */
const AT_ONCE = 10;
const PAUSE_MS = 2_000;

/** GitHub says so with the status of a success: https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
function limited(words: string, cause: unknown): ServiceProblem {
  const message = `GitHub answered POST /graphql with a refusal: ${words}`;
  return new ServiceProblem({ service: "GitHub", message, status: 200, code: "rate-limited" }, { cause });
}

/** The open watches of a repository, as its deployments; with `github-token`. */
export function createDeployments(client: GitHubApi): Watches {
  const { at, job, redact } = client;

  const statuses = (id: number, count: number): Promise<readonly Status[]> =>
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

  const pageAfter = async (after: string | undefined): Promise<Page> => {
    const ask = (): Promise<Page> =>
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
