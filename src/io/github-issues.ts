import * as z from "zod";
import type { Forge, Issue } from "../ports.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { createCommenter } from "./github-commenter.ts";
import { createDecorator } from "./github-decorate.ts";
import { createOnce } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";

type Issues = Pick<
  Forge,
  "issue" | "issuesWithLabel" | "createIssue" | "updateIssue" | "commentIssue" | "decorateIssue"
>;

const issue = z
  .object({
    number: z.number(),
    html_url: z.string(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(["open", "closed"]),
    labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
    assignees: z.array(z.object({ login: z.string() })).nullish(),
    /** There when it is a pull request: https://docs.github.com/rest/issues/issues */
    pull_request: z.object({}).nullish(),
  })
  .transform((one): Issue & { readonly isPull: boolean } => ({
    number: one.number,
    url: one.html_url,
    title: one.title,
    body: one.body ?? "",
    state: one.state,
    labels: one.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
    assignees: (one.assignees ?? []).map(({ login }) => login),
    isPull: one.pull_request !== undefined && one.pull_request !== null,
  }));

/** Issues, read and written with `github-token`. */
export function createIssues(client: GitHubApi): Issues {
  const { at, job, redact } = client;
  const decorate = createDecorator(client, job);

  const issuesWithLabel: Issues["issuesWithLabel"] = async (label) => {
    const found = await job.read(z.array(issue), () =>
      job.request("GET /repos/{owner}/{repo}/issues", {
        ...at,
        labels: label,
        state: "all",
        direction: "desc",
        per_page: FULL_PAGE,
      }),
    );
    return found.filter((one) => !one.isPull);
  };

  return {
    issuesWithLabel,

    // What was deleted for good answers 410.
    issue: (number) =>
      job.find(
        issue,
        () => job.request("GET /repos/{owner}/{repo}/issues/{issue_number}", { ...at, issue_number: number }),
        [404, 410],
      ),

    createIssue(wish) {
      const body = cutText(redact(wish.body), LIMITS.body);
      const [label] = wish.labels;
      return createOnce<Issue>(
        () =>
          job.write(issue, () =>
            job.request("POST /repos/{owner}/{repo}/issues", {
              ...at,
              title: cutText(redact(wish.title), LIMITS.title),
              body,
              labels: [...wish.labels],
            }),
          ),
        async () =>
          label === undefined ? undefined : (await issuesWithLabel(label)).find((one) => one.body === body),
      );
    },

    async updateIssue(number, change) {
      await job.write(z.object({ number: z.number() }), () =>
        job.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
          ...at,
          issue_number: number,
          ...(change.body === undefined ? {} : { body: cutText(redact(change.body), LIMITS.body) }),
          ...(change.state === undefined ? {} : { state: change.state }),
        }),
      );
    },

    commentIssue: createCommenter(client, job),

    decorateIssue: (number, wishes) => decorate(number, { ...wishes, reviewers: [] }),
  };
}
