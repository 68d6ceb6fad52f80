import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  startGitHubStandIn,
  type GitHubStandIn,
  type GitHubStandInOptions,
} from "../stand-ins/github/stand-in.ts";
import { startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";
import { standInRunner, type StandInRunner } from "../stand-ins/runner.ts";
import { startWebService, type WebService } from "../stand-ins/web-service.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** What the runner starts: `main` and `post` of action.yml. */
export const MAIN = resolve(dist, "index.js");
export const POST = resolve(dist, "post.js");

/** The smallest watch: two looks, one second apart. */
export const CONFIG = `version: 1
service: shop-api
stages:
  boot: { for: 1s, every: 1s }
checks:
  health: { http: /health, on_fail: revert }
`;

/** Render, GitHub and the service in real time; the old version of `shop-api` serves, the new commit is on main. */
export interface World extends AsyncDisposable {
  readonly render: RenderStandIn;
  readonly github: GitHubStandIn;
  readonly web: WebService;
  readonly serviceId: string;
  /** What serves. */
  readonly good: string;
  /** What is gated. */
  readonly sha: string;
  /** A job of the runner for that push. */
  job(options?: JobOptions): Promise<StandInRunner>;
  /** What both stand-ins have to complain about. */
  violations(): readonly unknown[];
}

export interface JobOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
  readonly onLine?: (line: string) => void;
}

/** Opens a world whose second commit holds `config`; nothing is deployed yet. */
export async function openWorld(
  options: Pick<GitHubStandInOptions, "basePath" | "serverUrl"> & {
    readonly config?: string;
    readonly message?: string;
  } = {},
): Promise<World> {
  const render = await startRenderStandIn();
  const github = await startGitHubStandIn(options);
  const web = await startWebService();
  const service = render.service({
    name: "shop-api",
    repo: github.webUrl,
    branch: "main",
    serviceDetails: { url: web.url, healthCheckPath: "/health" },
  });
  const files = { "app.py": "print('one')\n", ".github/deploy-gate.yml": options.config ?? CONFIG };
  const good = await github.commit({ files, message: "First", at: Date.now() - 86_400_000 });
  render.serving(service.id, good);
  const sha = await github.commit({
    files: { "app.py": "print('two')\n" },
    message: options.message ?? "Second (#2)",
  });
  const folders: string[] = [];

  return {
    render,
    github,
    web,
    serviceId: service.id,
    good,
    sha,
    async job(job = {}) {
      const runner = await standInRunner({
        inputs: {
          "render-api-key": render.apiKey,
          "github-token": github.actionsToken,
          config: ".github/deploy-gate.yml",
          "render-api-url": render.url,
          ...job.inputs,
        },
        env: {
          GITHUB_API_URL: github.url,
          GITHUB_SERVER_URL: github.serverUrl,
          GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
          GITHUB_SHA: sha,
          GITHUB_RUN_ID: "4711",
          ...job.env,
        },
        event: job.event ?? { name: "push", payload: { after: sha, before: good } },
        ...(job.onLine === undefined ? {} : { onLine: job.onLine }),
      });
      folders.push(resolve(runner.temp, ".."));
      return runner;
    },
    violations: () => [...render.violations, ...github.violations],
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([render.close(), github.close(), web.close()]);
      await Promise.allSettled(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** The deploy of the gated commit, which goes live almost at once unless `end` says otherwise. */
export function deploy(
  world: World,
  options: Parameters<RenderStandIn["story"]>[2] = {},
): ReturnType<RenderStandIn["story"]> {
  const quick = { createdMs: 50, buildMs: 50, updateMs: 50 };
  return world.render.story(world.serviceId, world.sha, { ...quick, ...options });
}

/** The parsed `report.json` that the step named. */
export async function reportOf(outputs: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(outputs["report"] ?? "", "utf8")) as Record<string, unknown>;
}

/** Writes at GitHub, as `POST /repos/…`, check runs and statuses left out. */
export function otherWrites(github: GitHubStandIn): readonly string[] {
  return github.requests
    .filter(({ method, path }) => method !== "GET" && !/\/(?:check-runs|statuses|graphql)\b/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
}
