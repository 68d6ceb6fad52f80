import * as z from "zod";
import type { Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import type { GitHubApi } from "./github-api.ts";
import { graphqlErrors } from "./github-graphql.ts";
import { isDoubtful } from "./github-retry.ts";

const ENABLE = `mutation ($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { pullRequest { number } }
}`;

/** A repository may forbid any of them; in the order in which they are tried. */
const METHODS = ["MERGE", "SQUASH", "REBASE"] as const;
/** Between attempts, ms: right after a pull request was opened, parts of GitHub do not know it yet. */
const PAUSES_MS: readonly number[] = [1_000, 2_000, 4_000];

/** GitHub's refusals, which come with a doubled "Pull request": https://github.com/peter-evans/enable-pull-request-automerge */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/auto.?merge is not allowed/i, 'the repository\'s setting "Allow auto-merge" is off'],
  [
    /clean status/i,
    "the base branch requires nothing that is still open, so there is nothing to wait for; it was not merged",
  ],
  [
    /unstable status/i,
    "one of its checks has failed or still runs, and the base branch does not require it; it was not merged",
  ],
  [
    /protected branch rules not configured/i,
    "the base branch requires nothing, so there is nothing to wait for; it was not merged",
  ],
  [/not authorized for this protected branch/i, "the token's user may not merge into this protected branch"],
  [/draft/i, "a draft is never merged automatically"],
  [/is closed/i, "the pull request is closed"],
  [/head branch was modified/i, "somebody else has changed its branch since"],
  [
    /resource not accessible/i,
    'the token in "pr-token" needs contents: write and pull-requests: write for it',
  ],
];

const autoMerge = z.object({ auto_merge: z.looseObject({}).nullish() });

/** Switches auto-merge on with `pr-token`, by the first merge method that the repository allows. Never throws ServiceProblem. */
export function createAutoMerge(client: GitHubApi): Forge["enableAutoMerge"] {
  const { at, job, pr } = client;

  const isEnabled = async (number: number): Promise<boolean> => {
    const found = await job.read(autoMerge, () =>
      job.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...at, pull_number: number }),
    );
    return Boolean(found.auto_merge);
  };

  return async (pull) => {
    const refused = (reason: string): { readonly kind: "refused"; readonly reason: string } => ({
      kind: "refused",
      reason: client.redact(reason),
    });
    let pauses = PAUSES_MS;
    let methods: readonly (typeof METHODS)[number][] = METHODS;
    let looked = false;
    for (;;) {
      const [mergeMethod, ...others] = methods;
      try {
        const input = { pullRequestId: pull.nodeId, expectedHeadOid: pull.headSha, mergeMethod };
        const words = await refusalOf(pr, input);
        if (words === undefined) return { kind: "enabled" };
        const [pause, ...later] = pauses;
        if (/could not resolve to a node/i.test(words) && pause !== undefined) {
          pauses = later;
          await client.sleep(pause);
        } else if (
          /(?:merge method|merge commits|squash merges|rebase merges).*not allowed/i.test(words) &&
          others.length > 0
        ) {
          methods = others;
        } else {
          return refused(
            REFUSALS.find(([pattern]) => pattern.test(words))?.[1] ?? `GitHub refused: ${words}`,
          );
        }
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        if (looked || !isDoubtful(error)) return refused(error.message);
        looked = true;
        try {
          if (await isEnabled(pull.number)) return { kind: "enabled" };
        } catch (second) {
          if (!(second instanceof ServiceProblem)) throw second;
          return refused(error.message);
        }
      }
    }
  };
}

/** GitHub's words of refusal, undefined when it did as asked. Throws ServiceProblem when there was no answer. */
async function refusalOf(
  pr: GitHubApi["pr"],
  input: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  try {
    await pr.write(z.unknown(), async () => ({ data: await pr.graphql(ENABLE, { input }), url: "" }));
    return undefined;
  } catch (error) {
    const words = graphqlErrors(error);
    if (words === undefined) throw error;
    return words;
  }
}
