import type { Forge } from "../ports.ts";
import { createAutoMerge } from "./github-auto-merge.ts";
import { createBranches } from "./github-branches.ts";
import { createChecks } from "./github-checks.ts";
import { createGitHubApi, type GitHubOptions } from "./github-api.ts";
import { createDeployments } from "./github-deployments.ts";
import { createCommitComments } from "./github-commit-comments.ts";
import { createComments } from "./github-comments.ts";
import { createDecorator } from "./github-decorate.ts";
import { createGitReads } from "./github-git.ts";
import { createIssues } from "./github-issues.ts";
import { createPulls } from "./github-pulls.ts";
import { createStatuses } from "./github-statuses.ts";

export interface ForgeOptions extends GitHubOptions {
  /** Such as `https://github.com`; for links. */
  readonly serverUrl: string;
}

/**
 * GitHub through Octokit. All texts that go out are redacted and cut to GitHub's limits; a failure of GitHub's is a
 * ServiceProblem. What creates something is never blindly repeated.
 */
export function createForge(options: ForgeOptions): Forge {
  const client = createGitHubApi(options);
  const reads = createGitReads(client);
  return {
    ...client.at,
    webUrl: `${options.serverUrl.replace(/\/+$/, "")}/${options.owner}/${options.repo}`,
    hasPrToken: options.prToken !== undefined,
    ...reads,
    ...createChecks(client),
    ...createStatuses(client),
    ...createDeployments(client),
    ...createBranches(client, reads),
    ...createPulls(client),
    ...createCommitComments(client),
    decorate: createDecorator(client, client.pr),
    ...createIssues(client),
    ...createComments(client),
    enableAutoMerge: createAutoMerge(client),
  };
}
