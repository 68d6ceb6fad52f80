import { expect } from "vitest";
import { defaultPlan } from "../../src/config/default-plan.ts";
import { readInputs } from "../../src/config/inputs.ts";
import type { Mode } from "../../src/core/check.ts";
import type { Guards } from "../../src/core/remedy.ts";
import { createEdges } from "../../src/edges.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { createTeller } from "../../src/gate/teller.ts";
import type { Commit, Edges } from "../../src/ports.ts";
import { givenService } from "../core/given.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { startGitHubStandIn, type GitHubStandIn } from "../stand-ins/github/stand-in.ts";

export interface StepOptions {
  readonly service?: string;
  readonly branch?: string;
  readonly mode?: Mode;
  readonly guards?: Partial<Guards>;
  readonly githubToken?: string;
  /** A token of its own for branch and pull request. */
  readonly prToken?: string;
  readonly secret?: string;
  readonly edges?: (edges: Edges) => Edges;
}

/** A repository whose newest commit went wrong, and runs that have come to a step of a remedy. */
export interface StepWorld extends AsyncDisposable {
  readonly clock: SimulatedClock;
  readonly github: GitHubStandIn;
  /** A run that gates that commit, and its notes. */
  run(commit: string, options?: StepOptions): ServiceRun;
  /** As the gate has read it. */
  commit(sha: string): Promise<Commit>;
}

const silent = {
  info: () => undefined,
  notice: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  startGroup: () => undefined,
  endGroup: () => undefined,
};

export async function startStepWorld(): Promise<StepWorld> {
  const clock = simulatedClock();
  const github = await startGitHubStandIn({ now: () => clock.now() });
  const opened: { close(): Promise<void> }[] = [];
  const edgesOf = (options: StepOptions): Edges => {
    const given: Readonly<Record<string, string>> = {
      "render-api-key": "rnd_none",
      "github-token": options.githubToken ?? github.actionsToken,
      ...(options.prToken === undefined ? {} : { "pr-token": options.prToken }),
    };
    const environment = {
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
    };
    const real = createEdges(readInputs((name) => given[name] ?? "").inputs, environment, { clock });
    opened.push(real);
    if (options.secret !== undefined) real.runner.mask(options.secret);
    const edges: Edges = { ...real, runner: { ...real.runner, ...silent } };
    return options.edges === undefined ? edges : options.edges(edges);
  };
  return {
    clock,
    github,
    run(commit, options = {}) {
      const edges = edgesOf(options);
      const { service = "shop-api", branch = "main", mode = "enforce" } = options;
      const plan = defaultPlan();
      return {
        edges,
        plan: { ...plan, mode, guards: { ...plan.guards, ...options.guards } },
        mode,
        commit,
        runSha: commit,
        runUrl: `${github.webUrl}/actions/runs/1`,
        startedAt: clock.now(),
        inlineMs: 0,
        signal: new AbortController().signal,
        teller: createTeller(edges, { serviceName: service, commit }),
        service: givenService({ name: service, branch }),
      };
    },
    async commit(sha) {
      const found = await edgesOf({}).forge.commit(sha);
      if (found === undefined) throw new Error(`no commit ${sha}`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(opened.map((edges) => edges.close()));
      await github.close();
      expect(github.violations).toEqual([]);
    },
  };
}
