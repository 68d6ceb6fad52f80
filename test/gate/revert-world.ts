import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { MergeMethod } from "../stand-ins/github/landing.ts";
import type { Story, StoryOptions } from "../stand-ins/render/stories.ts";
import { startScene, type GateOptions, type GateResult, type Scene } from "./scene.ts";

const execute = promisify(execFile);

/** A config file whose one check fails as soon as the new version logs a traceback. */
export function configOf(
  more: {
    readonly guards?: string;
    readonly step?: string;
    readonly mode?: string;
    readonly file?: string;
  } = {},
): string {
  return `version: 1
service: shop-api
${more.mode === undefined ? "" : `mode: ${more.mode}\n`}stages:
  boot: { for: 30s, every: 10s }
${more.guards === undefined ? "" : `guards: ${more.guards}\n`}remedies:
  undo: [revert_pr: ${more.step ?? "{}"}]
deploy: { on_fail: undo, appear_within: 1m }
checks:
  errors: { logs: { forbid: [Traceback] }, on_fail: undo }
${more.file ?? ""}`;
}

type Files = Readonly<Record<string, string | null>>;

/** A scene with a service that serves its first commit. */
export interface RevertWorld extends AsyncDisposable {
  readonly scene: Scene;
  readonly serviceId: string;
  /** The commit that serves: G. */
  readonly good: string;
  /** Pushes one commit to main. */
  push(files: Files, message?: string): Promise<string>;
  /** Opens a pull request with these commits and merges it; gives main's new head. */
  land(
    method: MergeMethod,
    commits: readonly Files[],
    more?: { readonly labels?: readonly string[]; readonly branch?: string; readonly title?: string },
  ): Promise<{ readonly sha: string; readonly number: number }>;
  /** Lets Render deploy a commit that logs a traceback 5 s after it went live. */
  deployBad(commit: string, options?: StoryOptions & { readonly service?: string }): Story;
  /** Deploys it badly and runs its gate. */
  gateBad(
    commit: string,
    options?: Omit<GateOptions, "commit"> & { readonly story?: StoryOptions },
  ): Promise<GateResult>;
  /** The one pull request that the gate opened. */
  revertPull(): Scene["github"]["pulls"][number];
}

/** Lines of a file, so that two changes of it can merge. */
export const LINES = Array.from({ length: 12 }, (_, line) => `line ${line}`);
export function withLine(number: number, text: string, lines: readonly string[] = LINES): string {
  return `${lines.map((line, index) => (index === number ? text : line)).join("\n")}\n`;
}

export async function startRevertWorld(
  options: {
    readonly config?: string;
    readonly files?: Files;
    readonly service?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<RevertWorld> {
  const scene = await startScene();
  const service = scene.render.service({
    name: "shop-api",
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
    ...options.service,
  });
  const good = await scene.push(
    {
      "app.py": withLine(-1, ""),
      "keep.py": "kept\n",
      ".github/deploy-gate.yml": options.config ?? configOf(),
      ...options.files,
    },
    "First",
  );
  scene.render.serving(service.id, good);
  let feature = 0;
  const world: RevertWorld = {
    scene,
    serviceId: service.id,
    good,
    push: (files, message) => scene.push(files, message),
    async land(method, commits, more = {}) {
      feature += 1;
      const branch = more.branch ?? `feature-${feature}`;
      for (const [index, files] of commits.entries())
        await scene.github.commit({ branch, files, message: `Step ${index + 1} of ${branch}` });
      const pull = await scene.github.openPull({
        head: branch,
        title: more.title ?? `Bring ${branch}`,
        ...(more.labels === undefined ? {} : { labels: more.labels }),
      });
      return { sha: await scene.github.mergePull(pull.number, method), number: pull.number };
    },
    deployBad(commit, { service: id = service.id, ...more } = {}) {
      const story = scene.render.story(id, commit, {
        createdMs: 100,
        buildMs: 2_000,
        updateMs: 2_000,
        ...more,
      });
      if (story.liveAt !== undefined)
        scene.render.log(id, {
          message: "Traceback (most recent call last): boom",
          instance: story.suffixes[0]!,
          at: story.liveAt + 5_000,
        });
      return story;
    },
    async gateBad(commit, { story, ...more } = {}) {
      world.deployBad(commit, story);
      return scene.gate({ commit, ...more });
    },
    revertPull() {
      const [pull, ...others] = scene.github.pulls.filter((one) => one.headRef.startsWith("deploy-gate/"));
      expect(others).toEqual([]);
      if (pull === undefined) throw new Error("no revert was opened");
      return pull;
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
  return world;
}

/**
 * A failed deploy whose revert, with a label and a reviewer, merges itself once the check `ci` has passed; `isBelow`:
 * below a later commit of the branch.
 */
export async function startMergingWorld(about: {
  readonly isBelow: boolean;
}): Promise<RevertWorld & { readonly bad: string; readonly inputs: Readonly<Record<string, string>> }> {
  const step = "{ labels: [revert], reviewers: [ada], auto_merge: true }";
  const world = await startRevertWorld({ config: configOf({ step }) });
  const { github } = world.scene;
  const parameters = {
    required_status_checks: [{ context: "ci" }],
    strict_required_status_checks_policy: false,
  };
  github.settings.branchRules = { main: [{ type: "required_status_checks", parameters }] };
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  if (about.isBelow) await world.push({ "later.py": "1\n" });
  world.deployBad(bad);
  const permissions = { contents: "write", "pull-requests": "write" } as const;
  const inputs = { "pr-token": github.token("bot", { kind: "app", permissions }) };
  return Object.assign(world, { bad, inputs });
}

/** Runs in a fresh clone, and gives the tree of what is checked out afterwards. */
async function inClone(scene: Scene, work: (folder: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "git-revert-"));
  try {
    await execute("git", ["clone", "--quiet", scene.github.gitDir, "."], { cwd: folder });
    await work(folder);
    return (await execute("git", ["rev-parse", "HEAD^{tree}"], { cwd: folder })).stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PERSON = {
  GIT_AUTHOR_NAME: "t",
  GIT_AUTHOR_EMAIL: "t@example.com",
  GIT_COMMITTER_NAME: "t",
  GIT_COMMITTER_EMAIL: "t@example.com",
};

/** The tree that `git revert` gives on the branch: of a range commit by commit, or of a merge against its first parent. */
export function treeOfGitRevert(scene: Scene, what: readonly string[], branch = "main"): Promise<string> {
  return inClone(scene, async (cwd) => {
    const options = { cwd, env: { ...process.env, ...PERSON } };
    await execute("git", ["checkout", "--quiet", "--detach", `origin/${branch}`], options);
    await execute("git", ["revert", "--no-edit", ...what], options);
  });
}

/** The tree after a person has pasted the command into a shell. */
export function treeAfter(scene: Scene, command: string): Promise<string> {
  return inClone(scene, async (cwd) => {
    await execute("bash", ["-c", command], { cwd, env: { ...process.env, ...PERSON } });
  });
}

/** No request of the gate's was wrong, and GitHub was never told to do something that nobody asked for. */
export function expectClean(scene: Scene): void {
  expect(scene.github.violations).toEqual([]);
  expect(scene.render.violations).toEqual([]);
}
