import * as z from "zod";
import type { Forge } from "../ports.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { createOnce } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";

const comment = z.object({ body: z.string().nullish() });

/**
 * Comments on a commit, written with `github-token`: reading contents is permission enough. One that begins with a
 * hidden mark is written once, whatever an earlier run could keep.
 */
export function createCommitComments(client: GitHubApi): Pick<Forge, "commentOnCommit"> {
  const { at, job, redact } = client;
  return {
    async commentOnCommit(sha, text) {
      const body = cutText(redact(text), LIMITS.body);
      const all = (): Promise<readonly z.infer<typeof comment>[]> =>
        job.list(z.array(comment), (page) =>
          job.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
            ...at,
            commit_sha: sha,
            per_page: FULL_PAGE,
            page,
          }),
        );
      const mark = /^<!-- [^\n]* -->\n/.exec(body)?.[0];
      if (mark !== undefined && (await all()).some((one) => one.body?.startsWith(mark))) return;
      await createOnce(
        () =>
          job.write(comment, () =>
            job.request("POST /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
              ...at,
              commit_sha: sha,
              body,
            }),
          ),
        async () => (await all()).find((one) => one.body?.trim() === body.trim()),
      );
    },
  };
}
