import * as z from "zod";
import type { Forge } from "../ports.ts";
import { FULL_PAGE, type GitHubApi, type Line } from "./github-api.ts";
import { createOnce } from "./github-retry.ts";
import { cutText, LIMITS } from "./github-text.ts";

const comment = z.object({ id: z.number(), body: z.string().nullish() });

/** Comments of a pull request or issue, with the token of that line. */
export function createCommenter(client: GitHubApi, line: Line): Forge["comment"] {
  const { at, job, redact } = client;

  return async (number, text) => {
    const body = cutText(redact(text), LIMITS.body);
    const all = (): Promise<readonly z.infer<typeof comment>[]> =>
      job.list(z.array(comment), (page) =>
        job.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...at,
          issue_number: number,
          per_page: FULL_PAGE,
          page,
        }),
      );
    const mark = /^<!-- [^\n]* -->(?=\n)/.exec(body)?.[0];
    const earlier =
      mark === undefined ? undefined : (await all()).find((one) => one.body?.startsWith(`${mark}\n`));
    if (earlier !== undefined) {
      await line.write(comment, () =>
        line.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
          ...at,
          comment_id: earlier.id,
          body,
        }),
      );
      return;
    }
    await createOnce(
      () =>
        line.write(comment, () =>
          line.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
            ...at,
            issue_number: number,
            body,
          }),
        ),
      async () => (await all()).find((one) => one.body?.trim() === body.trim()),
    );
  };
}
