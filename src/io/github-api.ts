import { getOctokit } from "@actions/github";
import type * as z from "zod";
import { ServiceProblem } from "../problem.ts";
import { garbled, problemOf, type Told, type TokenInput } from "./github-problem.ts";
import type { Fetch } from "./http.ts";

export interface GitHubOptions {
  readonly owner: string;
  readonly repo: string;
  /** Such as `https://api.github.com` or `https://github.acme.example/api/v3`. */
  readonly apiUrl: string;
  readonly token: string;
  /** For refs, merges, pull requests; without it `token` does that too. */
  readonly prToken?: string;
  /** With time limits and the repeats that `githubRetryOf` allows. */
  readonly fetch: Fetch;
  readonly redact: (text: string) => string;
  /** Waits so many ms before something is tried again. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Called before each request is given to `fetch`; leave it out where `fetch` counts by itself. */
  readonly onRequest?: () => void;
}

type Octokit = ReturnType<typeof getOctokit>;

/** What Octokit's `request` gives, as far as it is believed. */
interface Reply {
  readonly data: unknown;
  readonly url: string;
}

/** One token's way to the API. */
export interface Line {
  readonly request: Octokit["request"];
  readonly graphql: Octokit["graphql"];
  /** The answer, parsed. Throws ServiceProblem. */
  write<T>(schema: z.ZodType<T>, send: () => Promise<Reply>): Promise<T>;
  /** Like `write`, and asks up to twice more when the answer has the wrong shape. */
  read<T>(schema: z.ZodType<T>, send: () => Promise<Reply>): Promise<T>;
  /** Like `read`; undefined for 404, or for the statuses given. */
  find<T>(
    schema: z.ZodType<T>,
    send: () => Promise<Reply>,
    absent?: readonly number[],
  ): Promise<T | undefined>;
  /** Items of a list from all its pages of 100, at most ten of them or as many as are given. */
  list<T>(
    schema: z.ZodType<readonly T[]>,
    send: (page: number) => Promise<Reply>,
    mostPages?: number,
  ): Promise<readonly T[]>;
}

export interface GitHubApi {
  readonly at: { readonly owner: string; readonly repo: string };
  /** With `github-token`: checks, statuses, reads. */
  readonly job: Line;
  /** With `pr-token` where there is one: whatever writes commits, refs and pull requests. */
  readonly pr: Line;
  readonly redact: (text: string) => string;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Items of a full page, GitHub's largest: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export const FULL_PAGE = 100;
const MOST_PAGES = 10;
/** Before a read is repeated, ms. */
const PAUSES_MS: readonly number[] = [1_000, 4_000];

/** GitHub's REST and GraphQL API of one repository. */
export function createGitHubApi(options: GitHubOptions): GitHubApi {
  const { owner, repo, redact, sleep, token, prToken } = options;
  return {
    at: { owner, repo },
    job: lineOf(options, "github-token", token),
    pr: lineOf(options, prToken === undefined ? "github-token" : "pr-token", prToken ?? token),
    redact,
    sleep,
  };
}

function lineOf(options: GitHubOptions, input: TokenInput, token: string): Line {
  const { owner, repo, redact, sleep, onRequest } = options;
  const baseUrl = options.apiUrl.replace(/\/+$/, "");
  const fetch: Fetch = (url, init) => {
    onRequest?.();
    return options.fetch(url, init);
  };
  const silent = (): void => undefined;
  // Octokit throws for an empty token at once; GitHub's 401 says it where it matters.
  const octokit = getOctokit(token === "" ? "none" : token, {
    baseUrl,
    userAgent: "render-deploy-gate",
    request: { fetch, log: { debug: silent, info: silent, warn: silent, error: silent } },
  });
  // Octokit drops an empty last part: instead of one thing GitHub would be asked for the list of all.
  octokit.hook.before("request", ({ url, ...given }) => {
    const names = [...url.matchAll(/\{(\w+)\}/gu)].map(([, name = ""]) => name);
    const empty = names.find((name) => (given as Readonly<Record<string, unknown>>)[name] === "");
    if (empty === undefined) return;
    const message = `A request to GitHub was not sent: its ${empty} is empty`;
    throw new ServiceProblem({ service: "GitHub", message, code: "bad-address" });
  });
  const told: Told = {
    token: input,
    repositoryPath: `${new URL(baseUrl).pathname.replace(/\/$/, "")}/repos/${owner}/${repo}`,
    redact,
  };
  const ask = async <T>(
    schema: z.ZodType<T>,
    send: () => Promise<Reply>,
  ): Promise<{ readonly value: T } | ServiceProblem> => {
    let reply: Reply;
    try {
      reply = await send();
    } catch (error) {
      // Whatever is no failure of GitHub's goes on as it came.
      // oxlint-disable-next-line typescript/only-throw-error
      throw problemOf(error, told);
    }
    const result = schema.safeParse(reply.data);
    if (result.success) return { value: result.data };
    const issue = result.error.issues[0];
    const place = issue?.path.map(String).join(".") ?? "";
    const at = `at ${place === "" ? "the top" : place}: ${issue?.message ?? "mismatch"}`;
    return garbled(reply.url, at, told);
  };

  const write: Line["write"] = async (schema, send) => {
    const answer = await ask(schema, send);
    if (answer instanceof ServiceProblem) throw answer;
    return answer.value;
  };
  const read: Line["read"] = async (schema, send) => {
    for (const pause of PAUSES_MS) {
      const answer = await ask(schema, send);
      if (!(answer instanceof ServiceProblem)) return answer.value;
      await sleep(pause);
    }
    return write(schema, send);
  };
  return {
    request: octokit.request,
    graphql: octokit.graphql,
    write,
    read,
    async find(schema, send, absent = [404]) {
      try {
        return await read(schema, send);
      } catch (error) {
        if (error instanceof ServiceProblem && absent.includes(error.status ?? 0)) return undefined;
        throw error;
      }
    },
    async list<T>(
      schema: z.ZodType<readonly T[]>,
      send: (page: number) => Promise<Reply>,
      mostPages = MOST_PAGES,
    ) {
      const items: T[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const found = await read(schema, () => send(page));
        items.push(...found);
        if (found.length < FULL_PAGE) break;
      }
      return items;
    },
  };
}
