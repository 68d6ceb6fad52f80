import type { Inputs } from "./config/inputs.ts";
import { createClock } from "./io/clock.ts";
import { createDeploys } from "./io/deploys.ts";
import { hasProxy, proxySecrets } from "./io/dispatcher.ts";
import { githubRetryOf } from "./io/github-retry.ts";
import { createForge } from "./io/github.ts";
import { createHttp } from "./io/http.ts";
import { createLogs } from "./io/logs.ts";
import { createMessenger } from "./io/messenger.ts";
import { createMetrics } from "./io/metrics.ts";
import { createDatabase } from "./io/postgres.ts";
import { createProber } from "./io/probe.ts";
import { createRenderApi } from "./io/render-api.ts";
import { createRunner } from "./io/runner.ts";
import { createServiceEnv } from "./io/service-env.ts";
import { createWorkspace } from "./io/workspace.ts";
import type { Clock, Edges, GitHubHour } from "./ports.ts";
import { createRedactor } from "./report/redact.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Render allows 400 for all that use the key. */
const RESUMED_READS_PER_MINUTE = 60;
/** What Render does not answer in so long is left to the next look, ms. */
const RESUMED_OVERALL_MS = 10_000;

/** Two waits for GitHub's secondary limits: gates that start at the same time meet them. */
const GITHUB_PATIENCE_MS = 130_000;

/** A redactor that learns: every secret that is masked is replaced from then on. */
function learningRedactor(): {
  readonly redact: (text: string) => string;
  readonly learn: (secret: string) => void;
} {
  const secrets = new Set<string>();
  let current = createRedactor([]);
  return {
    redact: (text) => current(text),
    learn(secret) {
      if (secret === "" || secrets.has(secret)) return;
      secrets.add(secret);
      current = createRedactor([...secrets]);
    },
  };
}

/**
 * The real edges of one run. Secrets among the inputs are masked before anything else happens. `clock` and
 * `background` (for tasks beside the story) are the system's unless given, and so is `random`, the jitter of repeats.
 */
export function createEdges(
  inputs: Inputs,
  env: Environment,
  options: {
    readonly clock?: Clock;
    readonly background?: Clock;
    readonly overallMs?: number;
    readonly random?: () => number;
    /** Real time of one attempt at Render or GitHub, ms. */
    readonly attemptTimeoutMs?: number;
    /** Looks at all open watches in one job, instead of a gate for each. */
    readonly isResuming?: boolean;
  } = {},
): Edges & { close(): Promise<void> } {
  const clock = options.clock ?? createClock();
  const { redact, learn } = learningRedactor();
  const base = createRunner({ redact });
  const runner = {
    ...base,
    mask(secret: string) {
      learn(secret);
      base.mask(secret);
    },
  };
  for (const secret of [inputs.renderApiKey, inputs.githubToken, inputs.prToken, ...proxySecrets(env)])
    if (secret !== undefined) runner.mask(secret);
  let githubRequests = 0;
  let githubHour: GitHubHour = {};
  const random = options.random ?? Math.random;
  const { attemptTimeoutMs } = options;
  const attemptTimeout = attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs };
  const api = createRenderApi({
    clock,
    apiKey: inputs.renderApiKey ?? "",
    redact,
    proxyEnv: env,
    random,
    ...(options.isResuming === true
      ? { readsPerMinute: RESUMED_READS_PER_MINUTE, overallMs: RESUMED_OVERALL_MS }
      : {}),
    ...(inputs.renderApiUrl === undefined ? {} : { baseUrl: inputs.renderApiUrl }),
    ...(options.overallMs === undefined ? {} : { overallMs: options.overallMs }),
    ...attemptTimeout,
  });
  const [owner = "", repo = ""] = (env["GITHUB_REPOSITORY"] ?? "").split("/");
  const apiUrl = env["GITHUB_API_URL"] ?? "https://api.github.com";
  const github = createHttp({
    clock,
    service: "GitHub",
    retryOf: githubRetryOf,
    patienceMs: GITHUB_PATIENCE_MS,
    baseUrl: apiUrl,
    headers: {},
    redact,
    proxyEnv: env,
    random,
    ...attemptTimeout,
    onRequest: () => (githubRequests += 1),
    // GraphQL has an hour of its own.
    onRemaining(told, _method, url) {
      if (told.remaining !== undefined && !url.pathname.endsWith("/graphql")) githubHour = told;
    },
  });
  const forge = createForge({
    owner,
    repo,
    apiUrl,
    serverUrl: env["GITHUB_SERVER_URL"] ?? "https://github.com",
    // Octokit refuses to be made without a token; the gate asks nothing when there is none.
    token: inputs.githubToken ?? "none",
    redact,
    sleep: (ms: number) => clock.sleep(ms),
    fetch: github.fetch,
    ...(inputs.prToken === undefined ? {} : { prToken: inputs.prToken }),
  });
  const database = createDatabase({ redact, hasProxy: hasProxy(env) });
  const messenger = createMessenger({ clock, redact, proxyEnv: env });
  return {
    clock,
    deploys: createDeploys(api),
    logs: createLogs(api, options.background === undefined ? {} : { background: options.background }),
    metrics: createMetrics(api),
    serviceEnv: createServiceEnv(api),
    prober: createProber(env),
    database,
    messenger,
    forge,
    runner,
    workspace: createWorkspace(env["GITHUB_WORKSPACE"]),
    requests: () => ({ render: api.requests(), github: githubRequests }),
    githubHour: () => githubHour,
    redact,
    async close() {
      await Promise.allSettled([api.close(), github.close(), database.close(), messenger.close()]);
    },
  };
}
