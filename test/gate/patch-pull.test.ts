import { describe, expect, it } from "vitest";
import type { PatchStep } from "../../src/core/remedy.ts";
import type { Action } from "../../src/core/outcome.ts";
import { patchPull, type PatchRequest } from "../../src/gate/step-patch.ts";
import { treeAfter } from "./revert-world.ts";
import { startStepWorld, type StepOptions, type StepWorld } from "./step-world.ts";

const PATH = ".github/gate/old-scheduler.patch";
const TITLE = "rollback: re-enable old sitemap_scheduler";
/** Option 3 of the runbook: the old scheduler in, the new ones out. */
const MAIN = [
  "import schedulers",
  "",
  "def lifespan():",
  "    setup_domain_scheduler()",
  "    setup_deep_scan_scheduler()",
  "    setup_domain_extraction_scheduler()",
  "    # try:",
  "    #     setup_sitemap_scheduler()",
  "    # except Exception as e:",
  '    #     logger.error("Failed")',
  "    yield",
  "",
].join("\n");
const PATCHED = MAIN.replace("    setup_deep", "    # setup_deep")
  .replace("    setup_domain_ext", "    # setup_domain_ext")
  .replace("    # try:", "    try:")
  .replace("    #     setup_site", "        setup_site")
  .replace("    # except", "    except")
  .replace("    #     logger", "        logger");
const PATCH = `diff --git a/src/main.py b/src/main.py
index 1111111..2222222 100644
--- a/src/main.py
+++ b/src/main.py
@@ -2,10 +2,10 @@ import schedulers
${" "}
 def lifespan():
     setup_domain_scheduler()
-    setup_deep_scan_scheduler()
-    setup_domain_extraction_scheduler()
-    # try:
-    #     setup_sitemap_scheduler()
-    # except Exception as e:
-    #     logger.error("Failed")
+    # setup_deep_scan_scheduler()
+    # setup_domain_extraction_scheduler()
+    try:
+        setup_sitemap_scheduler()
+    except Exception as e:
+        logger.error("Failed")
     yield
`;

const STEP: PatchStep = {
  kind: "patch_pr",
  patch: PATH,
  title: TITLE,
  labels: ["rollback"],
  reviewers: ["ada"],
  assignees: ["grace"],
  draft: false,
};

/** Pushes the commit that goes wrong, which has the patch file. */
async function bad(
  world: StepWorld,
  files: Readonly<Record<string, string | null>> = {},
  branch = "main",
): Promise<string> {
  await world.github.commit({ files: { "README.md": "shop\n" }, message: "First", branch });
  return world.github.commit({
    branch,
    files: { "src/main.py": MAIN, [PATH]: PATCH, ...files },
    message: "Switch to the new schedulers (#4)",
  });
}

async function patch(
  world: StepWorld,
  sha: string,
  options: StepOptions & {
    readonly step?: Partial<PatchStep>;
    readonly request?: Partial<PatchRequest>;
  } = {},
): Promise<{ readonly action: Action | undefined; readonly notes: readonly string[] }> {
  const run = world.run(sha, options);
  const { actions } = await patchPull(run, {
    step: { ...STEP, ...options.step },
    commit: await world.commit(sha),
    reasons: ['"errors": 3 matches > 0'],
    evidence: [{ text: "Traceback of @ada [skip ci]", from: "x7k2p" }],
    checkRunUrl: "https://github.example/acme/shop/runs/1",
    stillOurs: async () => undefined,
    ...options.request,
  });
  expect(actions).toHaveLength(1);
  return { action: actions[0], notes: run.teller.notes };
}

const branchOf = (sha: string): string => `deploy-gate/patch-${sha.slice(0, 12)}-github-gate-old-scheduler`;
const noBranches = async (world: StepWorld, sha: string): Promise<void> =>
  expect(await world.github.head(branchOf(sha))).toBeUndefined();

describe("a patch that applies", () => {
  it("becomes one signed commit on the head, and a pull request that says why", async () => {
    await using world = await startStepWorld();
    const { github } = world;
    const sha = await bad(world);
    const head = await github.commit({ files: { "later.py": "1\n" }, message: "Later" });
    const { action, notes } = await patch(world, sha);
    expect(action).toEqual({
      kind: "patch_pr",
      state: "done",
      reason: "opened #1",
      url: "https://github.example/acme/shop/pull/1",
    });
    expect(notes).toEqual([]);
    const [pull] = github.pulls;
    expect(pull).toMatchObject({
      title: TITLE,
      headRef: branchOf(sha),
      baseRef: "main",
      draft: false,
      labels: ["rollback"],
      reviewers: ["ada"],
      assignees: ["grace"],
    });
    const [commit] = await github.log(branchOf(sha));
    expect(commit).toMatchObject({
      parents: [head],
      author: { name: "github-actions[bot]" },
      committer: { name: "GitHub" },
    });
    expect(commit?.message).toBe(
      `${TITLE}\n\nThe deploy of ${sha.slice(0, 7)} to shop-api failed its gate:\n- "errors": 3 matches > 0\n\nThis applies ${PATH} as it is in ${sha.slice(0, 7)}.\n\nDeploy-Gate-Patch: ${sha}`,
    );
    expect(await github.fileAt(branchOf(sha), "src/main.py")).toBe(PATCHED);
    const changed = Object.entries(await github.tree(branchOf(sha)));
    const before = await github.tree(head);
    expect(changed.filter(([path, blob]) => before[path] !== blob).map(([path]) => path)).toEqual([
      "src/main.py",
    ]);
    expect(changed).toHaveLength(Object.keys(before).length);
    expect(await github.head()).toBe(head);
    for (const words of ["errors", "(+6 −6)", PATH, "Closing this pull request", "runs/1"])
      expect(pull?.body).toContain(words);
    expect(pull?.body).not.toContain("[skip ci]");
    expect(pull?.body).not.toMatch(/@ada/);
  });

  it("goes onto the service's own branch", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world, {}, "production");
    expect((await patch(world, sha, { branch: "production" })).action).toMatchObject({ state: "done" });
    expect(world.github.pulls).toMatchObject([{ baseRef: "production" }]);
  });

  it("adds, removes, renames and keeps modes", async () => {
    await using world = await startStepWorld();
    const { github } = world;
    const text = `diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/deep/er/new.sh b/deep/er/new.sh
new file mode 100755
--- /dev/null
+++ b/deep/er/new.sh
@@ -0,0 +1 @@
+ünï
diff --git "a/\\303\\244.txt" b/moved/a.txt
similarity index 90%
rename from "\\303\\244.txt"
rename to moved/a.txt
--- "a/\\303\\244.txt"
+++ b/moved/a.txt
@@ -1,2 +1,2 @@
-one\r
+eins\r
 two
\\ No newline at end of file
diff --git a/run.sh b/run.sh
--- a/run.sh
+++ b/run.sh
@@ -1 +1 @@
-echo 1
+echo 2
`;
    const sha = await bad(world, { [PATH]: text, "gone.txt": "gone\n", "ä.txt": "one\r\ntwo" });
    // The stand-in's own commits have no executable files.
    const { forge } = world.run(sha).edges;
    const { tree } = await world.commit(sha);
    const run = await forge.createTree(tree, [{ path: "run.sh", mode: "100755", text: "echo 1\n" }]);
    const head = await forge.createCommit({ message: "Executable", tree: run, parents: [sha] });
    await forge.moveBranch("main", head);
    const { action } = await patch(world, sha);
    expect(action).toMatchObject({ state: "done" });
    const branch = branchOf(sha);
    expect(await github.fileAt(branch, "gone.txt")).toBeUndefined();
    expect(await github.fileAt(branch, "ä.txt")).toBeUndefined();
    expect(await github.fileAt(branch, "moved/a.txt")).toBe("eins\r\ntwo");
    expect(await github.fileAt(branch, "deep/er/new.sh")).toBe("ünï\n");
    expect(await github.fileAt(branch, "run.sh")).toBe("echo 2\n");
    const [commit] = await github.log(branch);
    const modes = new Map((await forge.folder(commit?.tree ?? "")).map((entry) => [entry.name, entry.mode]));
    expect(modes.get("run.sh")).toBe("100755");
    expect(github.pulls[0]?.body).toContain("`moved/a.txt` (+1 −1, was `ä.txt`)");
  });

  it("is read from the workspace when that commit is checked out", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    const asked: string[] = [];
    const { action } = await patch(world, sha, {
      edges: (edges) => ({
        ...edges,
        workspace: {
          head: async () => sha,
          async read(path) {
            asked.push(path);
            return PATCH;
          },
        },
      }),
    });
    expect(action).toMatchObject({ state: "done" });
    expect(asked).toEqual([PATH]);
  });

  it("is a draft when that is asked for, else says that there are none", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    const step = { draft: true };
    expect((await patch(world, sha, { step })).action).toMatchObject({ reason: "opened draft #1" });
    expect(world.github.pulls).toMatchObject([{ draft: true }]);
    const next = await bad(world, { "src/main.py": MAIN, "x.py": "1\n" });
    world.github.settings.draftPulls = false;
    expect((await patch(world, next, { step })).action).toMatchObject({
      reason: "opened #2: this repository has no drafts, so do not merge it unread",
    });
  });

  it("takes few requests", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    const before = world.github.requests.length;
    await patch(world, sha, { step: { labels: [], reviewers: [], assignees: [] } });
    // One of them reads the commit, which a gate has read already.
    expect(world.github.requests.length - before).toBeLessThanOrEqual(13);
  });
});

describe("a pull request that is there", () => {
  it("is brought up to date by a re-run, and nothing is doubled", async () => {
    await using world = await startStepWorld();
    const { github } = world;
    const sha = await bad(world);
    await patch(world, sha);
    const first = await github.head(branchOf(sha));
    await github.commit({ files: { "src/main.py": "gone its own way\n" }, message: "Later" });
    const { action } = await patch(world, sha, { request: { reasons: ["something new"] } });
    expect(action).toMatchObject({
      state: "done",
      reason: "#1 was opened by an earlier attempt; its evidence is up to date",
    });
    expect(github.pulls).toHaveLength(1);
    expect(github.pulls[0]?.body).toContain("something new");
    expect(github.pulls[0]?.body).not.toContain("3 matches");
    expect(await github.head(branchOf(sha))).toBe(first);
  });

  it("is where the gates of several services meet", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    await patch(world, sha);
    const { action } = await patch(world, sha, { service: "shop-worker" });
    expect(action?.reason).toBe("added the evidence to #1, which applies the same patch");
    for (const service of ["shop-api", "shop-worker"])
      expect(world.github.pulls[0]?.body).toContain(`What failed: ${service}`);
  });

  it("that was merged is done", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    await patch(world, sha);
    await world.github.mergePull(1, "squash");
    expect((await patch(world, sha)).action).toMatchObject({
      state: "skipped",
      reason: "#1 has applied it already",
    });
    expect(world.github.pulls).toHaveLength(1);
  });

  it("that a person closed is a no", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    await patch(world, sha);
    Object.assign(world.github.pulls[0]!, { state: "closed" });
    expect((await patch(world, sha)).action).toMatchObject({
      state: "held",
      reason: "#1 was closed without being merged, which is a no",
      url: "https://github.example/acme/shop/pull/1",
    });
    expect(world.github.pulls).toHaveLength(1);
  });

  it("is told from that of another patch with the same file name", async () => {
    await using world = await startStepWorld();
    const other = "services/worker/old-scheduler.patch";
    const sha = await bad(world, { [other]: PATCH });
    await patch(world, sha);
    await patch(world, sha, { step: { patch: other } });
    expect(world.github.pulls).toHaveLength(2);
  });

  it("is made from a branch that a stopped run has left", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    await world.run(sha).edges.forge.createBranch(branchOf(sha), sha);
    const { action, notes } = await patch(world, sha);
    expect(action).toMatchObject({ state: "done", reason: "opened #1" });
    expect(notes).toEqual([expect.stringContaining("left by a run that was stopped")]);
    expect(await world.github.fileAt(branchOf(sha), "src/main.py")).toBe(PATCHED);
  });

  it("of another run, opened meanwhile, is joined", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    const [one, two] = await Promise.all([patch(world, sha), patch(world, sha, { service: "shop-worker" })]);
    expect([one.action?.state, two.action?.state]).toEqual(["done", "done"]);
    expect(world.github.pulls).toHaveLength(1);
    for (const service of ["shop-api", "shop-worker"])
      expect(world.github.pulls[0]?.body).toContain(`What failed: ${service}`);
  });
});

interface Refusal {
  readonly name: string;
  readonly files?: Readonly<Record<string, string | null>>;
  /** After the bad commit was pushed. */
  readonly set?: (world: StepWorld, sha: string) => unknown;
  readonly options?: Parameters<typeof patch>[2];
  readonly state?: Action["state"];
  readonly reason: RegExp;
  readonly url?: RegExp;
  readonly branchStays?: boolean;
}

const BLOB = /\/blob\/[0-9a-f]{40}\/\.github\/gate\/old-scheduler\.patch$/;
const READY = /\/compare\/main\.\.\.deploy-gate\/patch-[0-9a-f]{12}-github-gate-old-scheduler\?expand=1$/;
const forbid =
  (route: RegExp) =>
  (world: StepWorld): void =>
    void world.github.fault({ route, kind: "forbidden" });
const later = (text: string) => (world: StepWorld) =>
  world.github.commit({ files: { "src/main.py": text }, message: "Later" });
const WORKFLOW = `diff --git a/.github/workflows/ci.yml b/.github/workflows/ci.yml
new file mode 100644
--- /dev/null
+++ b/.github/workflows/ci.yml
@@ -0,0 +1 @@
+on: push
`;

const REFUSALS: readonly Refusal[] = [
  {
    name: "a patch that does not apply any more",
    set: later(MAIN.replace("setup_deep_scan_scheduler", "setup_deeper_scan_scheduler")),
    reason:
      /^the patch does not apply to main: hunk 1 of src\/main\.py does not apply at line 5: expected " {4}setup_deep_scan_scheduler\(\)", it is " {4}setup_deeper_scan_scheduler\(\)"\. By hand: git fetch origin && git switch -c deploy-gate\/patch-\S+ origin\/main && git show '[0-9a-f]{40}:\.github\/gate\/old-scheduler\.patch' \| git apply --3way$/,
  },
  {
    name: "a file that is gone",
    set: (world) => world.github.commit({ files: { "src/main.py": null, "src/x": "1" }, message: "Gone" }),
    reason: /^the patch does not apply to main: src\/main\.py is not there\. By hand: /,
  },
  {
    name: "a folder in its place",
    files: { [PATH]: PATCH.replaceAll("src/main.py", "src") },
    reason: /src is a folder\. By hand: /,
  },
  {
    name: "a file where a folder should be",
    files: { [PATH]: PATCH.replaceAll("src/main.py", "README.md/x") },
    reason: /README\.md is a file, not a folder\. By hand: /,
  },
  {
    name: "a file that is no UTF-8 text",
    async set(world, sha) {
      const { forge } = world.run(sha).edges;
      const text = "\ufffd\n";
      const tree = await forge.createTree((await world.commit(sha)).tree, [
        { path: "src/main.py", mode: "100644", text },
      ]);
      await forge.moveBranch("main", await forge.createCommit({ message: "m", tree, parents: [sha] }));
    },
    reason: /src\/main\.py is not UTF-8 text\. By hand: /,
  },
  {
    name: "a branch that has it already",
    set: later(PATCHED),
    state: "skipped",
    reason: /^main has everything that the patch brings already$/,
  },
  {
    name: "a patch file that the commit does not have",
    files: { [PATH]: null },
    reason: /^the patch file \.github\/gate\/old-scheduler\.patch does not exist at [0-9a-f]{7}: commit it$/,
  },
  {
    name: "a patch file that is none",
    files: { [PATH]: "no patch\n" },
    reason:
      /^\.github\/gate\/old-scheduler\.patch:1: no line begins with "diff --git": make it with git diff/,
  },
  {
    name: "a patch that would leave the repository",
    files: { [PATH]: PATCH.replaceAll("src/main.py", "../main.py") },
    reason: /^\.github\/gate\/old-scheduler\.patch:1: the path "\.\.\/main\.py" leaves the repository$/,
  },
  {
    name: "workflow files with the job's token",
    files: { [PATH]: WORKFLOW },
    reason: /changes workflow files, which the job's token may never push; pass an App token or PAT/,
  },
  {
    name: "a protected name",
    set: (world) => void world.github.settings.protectedPatterns.push("deploy-gate/**"),
    reason: /Reference update failed.*let the gate create branches below deploy-gate\//,
  },
  {
    name: "pull requests that GitHub Actions may not open",
    set: (world) => void (world.github.settings.allowActionsPullRequests = false),
    reason:
      /^the branch deploy-gate\/\S+ is ready, but its pull request could not be opened: .*not permitted.*Settings > Actions/,
    url: READY,
    branchStays: true,
  },
  {
    name: "403 on the pull request",
    set: forbid(/POST .*\/pulls$/),
    reason: /is ready, but/,
    url: READY,
    branchStays: true,
  },
  {
    name: "403 on the tree",
    set: forbid(/POST .*\/git\/trees$/),
    reason: /403 to POST …\/git\/trees.*contents: write/,
  },
  { name: "403 on the commit", set: forbid(/POST .*\/git\/commits$/), reason: /403 to POST …\/git\/commits/ },
  { name: "403 on the branch", set: forbid(/POST .*\/git\/refs$/), reason: /403 to POST …\/git\/refs/ },
  { name: "403 on the folders", set: forbid(/GET .*\/git\/trees\//), reason: /403 to GET …\/git\/trees/ },
  { name: "403 on the file", set: forbid(/GET .*\/contents\//), reason: /403 to GET …\/contents/ },
  { name: "403 on the hold label", set: forbid(/GET .*\/issues$/), reason: /403 to GET …\/issues/ },
  {
    name: "an open issue with the hold label",
    set: (world) => world.github.openIssue({ title: "Hands off", labels: ["gate:hold"] }),
    state: "held",
    reason:
      /^held by label "gate:hold": https:\S+\/issues\/1\. By hand: git fetch .* git apply --index && git commit -m 'rollback: re-enable old sitemap_scheduler'$/,
  },
  {
    name: "act_within is over",
    options: { guards: { actWithinMs: 1_000 }, request: { liveAt: 0 } },
    state: "held",
    reason: /^live for longer than act_within \(1s\): advice only\. By hand: /,
  },
  {
    name: "a commit that is no longer in the branch",
    async set(world, sha) {
      const [, first] = await world.github.log(sha);
      await world.run(sha).edges.forge.moveBranch("main", first?.sha ?? "");
    },
    state: "held",
    reason: /^[0-9a-f]{7} is no longer in main: nothing to patch there$/,
  },
  {
    name: "a deploy that is no longer ours",
    options: { request: { stillOurs: async () => "dep-2 has taken over" } },
    state: "held",
    reason: /^dep-2 has taken over$/,
  },
  {
    name: "mode advise",
    options: { mode: "advise" },
    state: "advised",
    reason:
      /^would open a pull request onto main that applies \.github\/gate\/old-scheduler\.patch \(1 file\)\. By hand: git fetch origin && git switch -c \S+ origin\/main && git show '\S+' \| git apply --index && git commit -m '.*'$/,
  },
  {
    name: "mode advise with a patch that does not apply",
    set: later("other\n"),
    options: { mode: "advise" },
    reason: /^the patch does not apply to main: hunk 1/,
  },
  {
    name: "mode observe",
    options: { mode: "observe" },
    state: "advised",
    reason: /^mode observe never acts$/,
  },
];

describe("what keeps a patch from becoming a pull request", () => {
  it.each(REFUSALS)("$name", async (one) => {
    await using world = await startStepWorld();
    const sha = await bad(world, one.files);
    await one.set?.(world, sha);
    const head = await world.github.head();
    const { action } = await patch(world, sha, one.options);
    expect(action).toEqual({
      kind: "patch_pr",
      state: one.state ?? "failed",
      reason: expect.stringMatching(one.reason) as string,
      url: expect.stringMatching(one.url ?? BLOB) as string,
    });
    expect(world.github.pulls).toEqual([]);
    expect(await world.github.head()).toBe(head);
    if (one.branchStays !== true) await noBranches(world, sha);
  });

  it("a deploy that is taken over while the branch is made", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    let asked = 0;
    const stillOurs = async (): Promise<string | undefined> => ((asked += 1) > 1 ? "taken over" : undefined);
    const { action } = await patch(world, sha, { request: { stillOurs } });
    expect(action).toMatchObject({ state: "held", reason: "taken over" });
    expect(world.github.pulls).toEqual([]);
    await noBranches(world, sha);
  });

  it("shows no secret of a line that does not match", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    await later(MAIN.replace("setup_deep_scan_scheduler", "s".repeat(60) + "pass-word-1".repeat(9)))(world);
    const { action } = await patch(world, sha, { secret: "pass-word-1".repeat(9) });
    expect(action?.reason).toContain("***");
    expect(action?.reason).not.toContain("pass-word");
  });

  it("leaves workflow files to a token that may push them", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world, { [PATH]: WORKFLOW });
    const permissions = { contents: "write", "pull-requests": "write" } as const;
    const prToken = world.github.token("bot", { kind: "app", permissions, workflows: true });
    expect((await patch(world, sha, { prToken })).action).toMatchObject({ state: "done" });
    expect(await world.github.fileAt(branchOf(sha), ".github/workflows/ci.yml")).toBe("on: push\n");
  });
});

describe("the commands by hand", () => {
  it("make the same tree", async () => {
    await using world = await startStepWorld();
    const sha = await bad(world);
    const { action } = await patch(world, sha, { mode: "advise" });
    const [, command = ""] = action?.reason?.split(" By hand: ") ?? [];
    const scene = { github: world.github } as Parameters<typeof treeAfter>[0];
    const tree = await treeAfter(scene, command);
    await patch(world, sha);
    expect(tree).toBe(await world.github.treeOf(branchOf(sha)));
  });
});
