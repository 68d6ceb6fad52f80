import * as z from "zod";
import type { Forge } from "../ports.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { createOnce } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";

const comment = z.object({ body: z.string().nullish() });

/** Comments on a commit, written with `github-token`: reading contents is permission enough. */
export function createCommitComments(client: GitHubApi): Pick<Forge, "commentOnCommit"> {
  const { at, job, redact } = client;
  return {
    async commentOnCommit(sha, text) {
      const body = cutText(redact(text), LIMITS.body);
      await createOnce(
        () =>
          job.write(comment, () =>
            job.request("POST /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
              ...at,
              commit_sha: sha,
              body,
            }),
          ),
        async () =>
          (
            await job.list(z.array(comment), (page) =>
              job.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
                ...at,
                commit_sha: sha,
                per_page: FULL_PAGE,
                page,
              }),
            )
          ).find((one) => one.body?.trim() === body.trim()),
      );
    },
  };
}
