import { createForge, type ForgeOptions } from "../../src/io/github.ts";
import { githubRetryOf } from "../../src/io/github-retry.ts";
import { createHttp } from "../../src/io/http.ts";
import type { Forge } from "../../src/ports.ts";
import { simulatedClock, type SimulatedClock } from "./clock.ts";
import { startGitHubStandIn, type GitHubStandIn, type GitHubStandInOptions } from "./github/stand-in.ts";

/** The stand-in for GitHub with a commit in it, and the gate's own way to it. */
export interface ForgeWorld {
  readonly clock: SimulatedClock;
  readonly github: GitHubStandIn;
  readonly forge: Forge;
  readonly sha: string;
  /** Another way to the same repository. */
  forgeOf(options: Partial<ForgeOptions>): Forge;
  /** What was asked since the last call, without the repository's path; `N` for a number. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/** Replaced by `***` in everything that goes out. */
export const SECRET = "rnd_verysecretvalue";

export async function startForgeWorld(options: Omit<GitHubStandInOptions, "now"> = {}): Promise<ForgeWorld> {
  const clock = simulatedClock();
  const github = await startGitHubStandIn({ now: () => clock.now(), ...options });
  const redact = (text: string): string => text.replaceAll(SECRET, "***");
  const http = createHttp({
    clock,
    service: "GitHub",
    baseUrl: github.url,
    headers: {},
    redact,
    proxyEnv: {},
    random: () => 0.5,
    overallMs: 20_000,
    retryOf: githubRetryOf,
  });
  const forgeOf: ForgeWorld["forgeOf"] = (more) =>
    createForge({
      owner: github.owner,
      repo: github.repo,
      apiUrl: github.url,
      serverUrl: github.serverUrl,
      token: github.actionsToken,
      fetch: http.fetch,
      redact,
      sleep: (ms) => clock.sleep(ms),
      ...more,
    });
  let seen = 0;
  return {
    clock,
    github,
    forge: forgeOf({}),
    sha: await github.commit({ files: { a: "1" }, message: "m" }),
    forgeOf,
    asked() {
      const fresh = github.requests.slice(seen);
      seen = github.requests.length;
      return fresh.map(({ method, path }) =>
        `${method} ${path.replace(`/repos/${github.owner}/${github.repo}`, "")}`.replace(/\d+/, "N"),
      );
    },
    async close() {
      await http.close();
      await github.close();
    },
  };
}
