import * as z from "zod";
import type { Forge, PullRequest } from "../ports.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { createCommenter } from "./github-commenter.ts";
import { createOnce } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";

type Pulls = Pick<
  Forge,
  | "pullsOfCommit"
  | "pull"
  | "pullsSince"
  | "pullsFrom"
  | "createPull"
  | "updatePull"
  | "comment"
  | "openWithLabel"
>;

/** Of a hundred pull requests each. */
const MOST_PAGES = 5;

const pull = z
  .object({
    number: z.number(),
    node_id: z.string(),
    html_url: z.string(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(["open", "closed"]),
    created_at: z.string().nullish(),
    merged_at: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    draft: z.boolean().nullish(),
    labels: z.array(z.object({ name: z.string().nullish() })).nullish(),
    /** The repository is absent where a fork was deleted. */
    head: z.object({
      ref: z.string(),
      sha: z.string(),
      repo: z.object({ full_name: z.string() }).nullish(),
    }),
    base: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }) }),
    user: z.object({ login: z.string() }).nullish(),
  })
  .transform((one): PullRequest & { readonly isFromFork: boolean } => ({
    isFromFork: one.head.repo?.full_name !== one.base.repo.full_name,
    number: one.number,
    nodeId: one.node_id,
    url: one.html_url,
    title: one.title,
    body: one.body ?? "",
    state: one.state,
    merged: Boolean(one.merged_at),
    draft: one.draft ?? false,
    labels: (one.labels ?? []).flatMap((label) => (label.name ? [label.name] : [])),
    headRef: one.head.ref,
    headSha: one.head.sha,
    baseRef: one.base.ref,
    // An account that was deleted.
    author: one.user?.login ?? "ghost",
    createdAt: Date.parse(one.created_at ?? "") || 0,
    // While it is open this is a merge that GitHub made for trying.
    ...(one.merged_at && one.merge_commit_sha ? { mergeCommit: one.merge_commit_sha } : {}),
  }));

const numbered = z.object({ number: z.number(), html_url: z.string() });

/** Pull requests: read with `github-token`, written with `pr-token`. */
export function createPulls(client: GitHubApi): Pulls {
  const { at, job, pr } = client;

  const pullsFrom: Pulls["pullsFrom"] = async (branch) => {
    const found = await job.list(z.array(pull), (page) =>
      job.request("GET /repos/{owner}/{repo}/pulls", {
        ...at,
        state: "all",
        head: `${at.owner}:${branch}`,
        sort: "created",
        direction: "desc",
        per_page: FULL_PAGE,
        page,
      }),
    );
    // A head that GitHub cannot make sense of is ignored, and everything listed.
    return found
      .filter((one) => one.headRef === branch && !one.isFromFork)
      .toSorted((one, two) => two.number - one.number);
  };

  return {
    pullsFrom,

    pullsOfCommit: (sha) =>
      job.list(z.array(pull), (page) =>
        job.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
          ...at,
          commit_sha: sha,
          per_page: FULL_PAGE,
          page,
        }),
      ),

    pull: (number) =>
      job.find(pull, () =>
        job.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...at, pull_number: number }),
      ),

    async pullsSince(since) {
      const pulls: PullRequest[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const found = await job.read(z.array(pull), () =>
          job.request("GET /repos/{owner}/{repo}/pulls", {
            ...at,
            state: "all",
            sort: "created",
            direction: "desc",
            per_page: FULL_PAGE,
            page,
          }),
        );
        const recent = found.filter((one) => one.createdAt > since);
        // Anybody may open one from a fork, under a branch name of the gate's.
        pulls.push(...recent.filter((one) => !one.isFromFork));
        if (recent.length < FULL_PAGE) return { pulls, cut: false };
      }
      return { pulls, cut: true };
    },

    createPull(wish) {
      return createOnce(
        () =>
          pr.write(pull, () =>
            pr.request("POST /repos/{owner}/{repo}/pulls", {
              ...at,
              title: titleOf(client, wish.title),
              body: bodyOf(client, wish.body),
              head: wish.head,
              base: wish.base,
              draft: wish.draft,
            }),
          ),
        async () =>
          (await pullsFrom(wish.head)).find((one) => one.state === "open" && one.baseRef === wish.base),
      );
    },

    async updatePull(number, change) {
      await pr.write(z.object({ number: z.number() }), () =>
        pr.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
          ...at,
          pull_number: number,
          ...(change.title === undefined ? {} : { title: titleOf(client, change.title) }),
          ...(change.body === undefined ? {} : { body: bodyOf(client, change.body) }),
        }),
      );
    },

    comment: createCommenter(client, pr),

    async openWithLabel(label) {
      const found = await job.list(z.array(numbered), (page) =>
        job.request("GET /repos/{owner}/{repo}/issues", {
          ...at,
          labels: label,
          state: "open",
          per_page: FULL_PAGE,
          page,
        }),
      );
      return found.map((one) => ({ number: one.number, url: one.html_url }));
    },
  };
}

function titleOf(client: GitHubApi, title: string): string {
  return cutText(client.redact(title), LIMITS.title);
}

function bodyOf(client: GitHubApi, body: string): string {
  return cutText(client.redact(body), LIMITS.body);
}
