import type { Forge } from "../ports.ts";
import { createChecks } from "./github-checks.ts";
import { createGitHubClient } from "./github-client.ts";
import { createGit } from "./github-git.ts";
import { createPulls } from "./github-pulls.ts";
import type { Fetch } from "./http.ts";

export interface ForgeOptions {
  readonly owner: string;
  readonly repo: string;
  /** `GITHUB_API_URL`. */
  readonly apiUrl: string;
  /** `GITHUB_SERVER_URL`. */
  readonly serverUrl: string;
  /** For checks, statuses and reads: only the app that made a check run may update it. */
  readonly token: string;
  /** For branches and pull requests; default: `token`. */
  readonly prToken?: string;
  readonly fetch: Fetch;
  readonly redact: (text: string) => string;
  readonly sleep: (ms: number) => Promise<void>;
}

/** GitHub for one repository. */
export function createForge(options: ForgeOptions): Forge {
  const { owner, repo, token, prToken } = options;
  const reads = createGitHubClient({ ...options, token });
  const writes = prToken === undefined ? reads : createGitHubClient({ ...options, token: prToken });
  return {
    owner,
    repo,
    webUrl: `${options.serverUrl.replace(/\/+$/, "")}/${owner}/${repo}`,
    hasPrToken: prToken !== undefined,
    ...createChecks(reads),
    ...createGit(reads, writes),
    ...createPulls(reads, writes, { owner, sleep: options.sleep }),
  };
}
