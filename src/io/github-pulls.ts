import * as z from "zod";
import type { Forge, PullRequest } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { isLost } from "./github-checks.ts";
import type { GitHubClient } from "./github-client.ts";
import { pullReply } from "./github-shapes.ts";

type Pulls = Pick<
  Forge,
  | "pullsOfCommit"
  | "pullsFrom"
  | "createPull"
  | "updatePull"
  | "comment"
  | "decorate"
  | "enableAutoMerge"
  | "openWithLabel"
>;

const TITLE_MAX = 256;
const BODY_MAX = 65_536;
/** https://docs.github.com/en/rest/issues/assignees: ten a call. */
const ASSIGNEES_PER_CALL = 10;
const TRIES = 4;

/** Why GitHub would not merge by itself, in our words; matched on parts of its own. */
const AUTO_MERGE_REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /clean status/i,
    "nothing has to be waited for: the branch requires nothing, so the pull request is not merged by itself",
  ],
  [
    /not allowed for this repository/i,
    `the repository does not allow auto-merge (setting "Allow auto-merge")`,
  ],
  [
    /branch rules not configured/i,
    "the branch has no rules, so there is nothing that auto-merge could wait for",
  ],
  [/unstable status/i, "its checks are failing or running in a way auto-merge does not wait for"],
  [/not authorized/i, "the token may not merge into this branch"],
  [/draft/i, "it is a draft"],
];

/** Pull requests and what hangs on them. `reads` and `writes` may be different tokens. */
export function createPulls(
  reads: GitHubClient,
  writes: GitHubClient,
  options: { readonly owner: string; readonly sleep: (ms: number) => Promise<void> },
): Pulls {
  async function pullsFrom(branch: string): Promise<readonly PullRequest[]> {
    const pulls = await reads.ask(
      "GET /repos/{owner}/{repo}/pulls",
      { state: "all", head: `${options.owner}:${branch}`, sort: "created", direction: "desc", per_page: 30 },
      z.array(pullReply),
    );
    return pulls.filter((pull) => pull.headRef === branch);
  }

  /** Labels, assignees and reviewers may come too early for a pull request just made (eventual consistency). */
  async function patiently(what: string, ask: () => Promise<unknown>): Promise<readonly string[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await ask();
        return [];
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        const isEarly = error.status === 422 && /could not resolve to a node/i.test(error.message);
        if (!isEarly || attempt === TRIES) return [`${what} could not be set: ${error.message}`];
        await options.sleep(500 * 2 ** (attempt - 1));
      }
    }
  }

  return {
    pullsFrom,
    async pullsOfCommit(sha) {
      const pulls = await reads.find(
        "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
        { commit_sha: sha, per_page: 30 },
        z.array(pullReply),
      );
      return pulls ?? [];
    },
    async createPull(pull) {
      try {
        return await writes.ask(
          "POST /repos/{owner}/{repo}/pulls",
          {
            title: pull.title.slice(0, TITLE_MAX),
            body: pull.body.slice(0, BODY_MAX),
            head: pull.head,
            base: pull.base,
            draft: pull.draft,
            maintainer_can_modify: true,
          },
          pullReply,
        );
      } catch (error) {
        if (!isLost(error)) throw error;
        const [made] = await pullsFrom(pull.head);
        if (made !== undefined) return made;
        throw error;
      }
    },
    async updatePull(number, change) {
      await writes.ask(
        "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
        { pull_number: number, ...change },
        z.unknown(),
      );
    },
    async comment(number, body) {
      await writes.ask(
        "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
        { issue_number: number, body: body.slice(0, BODY_MAX) },
        z.unknown(),
      );
    },
    async decorate(number, wishes) {
      const { labels, assignees, reviewers } = wishes;
      const problems: string[] = [];
      if (labels.length > 0) {
        problems.push(
          ...(await patiently("Labels", () =>
            writes.ask(
              "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
              { issue_number: number, labels },
              z.unknown(),
            ),
          )),
        );
      }
      for (let from = 0; from < assignees.length; from += ASSIGNEES_PER_CALL) {
        const some = assignees.slice(from, from + ASSIGNEES_PER_CALL);
        problems.push(
          ...(await patiently("Assignees", () =>
            writes.ask(
              "POST /repos/{owner}/{repo}/issues/{issue_number}/assignees",
              { issue_number: number, assignees: some },
              z.unknown(),
            ),
          )),
        );
      }
      if (reviewers.length > 0) {
        const teams = reviewers
          .filter((name) => name.includes("/"))
          .map((name) => name.slice(name.lastIndexOf("/") + 1));
        const people = reviewers.filter((name) => !name.includes("/"));
        problems.push(
          ...(await patiently("Reviewers", () =>
            writes.ask(
              "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
              { pull_number: number, reviewers: people, team_reviewers: teams },
              z.unknown(),
            ),
          )),
        );
      }
      return problems;
    },
    async enableAutoMerge(pull) {
      try {
        await writes.graphql(
          "mutation ($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id }) { pullRequest { number } } }",
          { id: pull.nodeId },
          z.unknown(),
        );
        return { kind: "enabled" };
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        const known = AUTO_MERGE_REFUSALS.find(([pattern]) => pattern.test(error.message));
        return { kind: "refused", reason: known?.[1] ?? error.message };
      }
    },
    async openWithLabel(label) {
      return await reads.ask(
        "GET /repos/{owner}/{repo}/issues",
        { labels: label, state: "open", per_page: 100 },
        z.array(
          z
            .object({ number: z.number(), html_url: z.string() })
            .transform((issue) => ({ number: issue.number, url: issue.html_url })),
        ),
      );
    },
  };
}
