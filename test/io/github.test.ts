import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Annotation } from "../../src/core/annotation.ts";
import { createHttp, type Http } from "../../src/io/http.ts";
import { createForge, type ForgeOptions } from "../../src/io/github.ts";
import { githubRetryOf } from "../../src/io/github-retry.ts";
import type { Forge, PullRequest } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { startGitHubStandIn, type GitHubStandIn } from "../stand-ins/github/stand-in.ts";

const SECRET = "rnd_verysecretvalue";
const redact = (text: string): string => text.replaceAll(SECRET, "***");
const output = { title: "t", summary: "s" };

let clock: SimulatedClock;
let github: GitHubStandIn;
let http: Http;
let forge: Forge;

beforeEach(async () => {
  await start({});
});

afterEach(async () => {
  await stop();
});

async function start(options: { readonly basePath?: "/api/v3" }): Promise<void> {
  clock = simulatedClock();
  github = await startGitHubStandIn({ now: () => clock.now(), ...options });
  http = createHttp({
    clock,
    service: "GitHub",
    baseUrl: github.url,
    headers: {},
    redact,
    proxyEnv: {},
    random: () => 0.5,
    // Real time, and short, for the answers that never come.
    attemptTimeoutMs: 2_000,
    overallMs: 20_000,
    retryOf: githubRetryOf,
  });
  forge = forgeOf();
}

async function stop(): Promise<void> {
  await http.close();
  await github.close();
  expect(github.violations).toEqual([]);
}

function forgeOf(options: Partial<ForgeOptions> = {}): Forge {
  return createForge({
    owner: github.owner,
    repo: github.repo,
    apiUrl: github.url,
    serverUrl: github.serverUrl,
    token: github.actionsToken,
    fetch: http.fetch,
    redact,
    sleep: (ms) => clock.sleep(ms),
    ...options,
  });
}

/** What was asked since the last call of it, without the repository's path. */
function asked(): readonly string[] {
  const all = github.requests.map((one) => `${one.method} ${one.path.replace("/repos/acme/shop", "")}`);
  const seen = all.slice(told);
  told = all.length;
  return seen;
}
let told = 0;
beforeEach(() => {
  told = 0;
});

/** The problem that a call ends with. */
async function problem(call: Promise<unknown>): Promise<ServiceProblem> {
  const error = await call.then(
    () => new Error("it worked"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceProblem);
  return error as ServiceProblem;
}

const commit = (files: Record<string, string | null>, message = "m", branch?: string): Promise<string> =>
  github.commit({ files, message, ...(branch === undefined ? {} : { branch }) });

describe("the repository", () => {
  it("knows its name and page", () => {
    expect(forge).toMatchObject({ owner: "acme", repo: "shop", hasPrToken: false });
    expect(forge.webUrl).toBe("https://github.example/acme/shop");
    expect(forgeOf({ prToken: "x", serverUrl: "https://g.example/" })).toMatchObject({
      hasPrToken: true,
      webUrl: "https://g.example/acme/shop",
    });
  });

  it("counts the requests it hands out", async () => {
    let count = 0;
    await commit({ a: "1" });
    await forgeOf({ onRequest: () => (count += 1) }).branchHead("main");
    expect(count).toBe(1);
  });

  it("does not fail before anything is asked when the token is empty", async () => {
    expect(await problem(forgeOf({ token: "" }).branchHead("main"))).toMatchObject({ status: 401 });
  });
});

describe("commit", () => {
  it("reads a commit by sha, without its files", async () => {
    const first = await commit({ a: "1" });
    const second = await github.commit({
      files: { a: "2" },
      message: "Two\n\nmore",
      at: Date.UTC(2026, 0, 2),
    });
    expect(await forge.commit(second)).toEqual({
      sha: second,
      message: "Two\n\nmore",
      tree: await github.treeOf(second),
      parents: [first],
      committedAt: Date.UTC(2026, 0, 2),
    });
    expect(asked()).toEqual([`GET /git/commits/${second}`]);
  });

  it("reads a branch's head by name", async () => {
    const sha = await commit({ a: "1" }, "m", "fix/one#2");
    expect((await forge.commit("fix/one#2"))?.sha).toBe(sha);
    expect(asked()).toHaveLength(1);
  });

  it.each([["a".repeat(40)], ["nobody"]])("is undefined for %s", async (name) => {
    await commit({ a: "1" });
    expect(await forge.commit(name)).toBeUndefined();
  });
});

describe("file", () => {
  it("reads the text at a commit", async () => {
    const old = await commit({ ".github/deploy gate.yml": "één: 1\n" });
    await commit({ ".github/deploy gate.yml": "two: 2\n" });
    expect(await forge.file(".github/deploy gate.yml", old)).toBe("één: 1\n");
    expect(asked()).toHaveLength(1);
  });

  it("is undefined for a file that is not there", async () => {
    const sha = await commit({ a: "1" });
    expect(await forge.file("b", sha)).toBeUndefined();
    expect(asked()).toHaveLength(1);
  });

  it("says that a file is too large", async () => {
    const sha = await commit({ big: "x".repeat(1_000_001) });
    expect((await problem(forge.file("big", sha))).failure.code).toBe("too-large");
  });

  it.each([
    ["a folder", [{ path: "a/b", type: "file" }]],
    ["a submodule", { type: "submodule", sha: "x" }],
  ])("is undefined for %s", async (_what, body) => {
    github.fault({ route: /contents/, kind: "wrong-type", body });
    expect(await forge.file("a", "main")).toBeUndefined();
  });

  // "No config file" must never come from an answer that nobody understood.
  it("does not take a garbled answer for an absent file", async () => {
    github.fault({ route: /contents/, kind: "wrong-type" });
    expect((await problem(forge.file("a", "main"))).failure.code).toBe("garbled");
  });
});

describe("compare", () => {
  it("lists what head has beyond base, oldest first", async () => {
    const base = await commit({ a: "1", "old.py": "x\ny\nz\n" });
    const one = await commit({ a: "2" }, "one");
    const two = await commit({ "old.py": null, "new.py": "x\ny\nz\n" }, "two");
    expect(await forge.compare(base, two)).toMatchObject({
      relation: "ahead",
      mergeBase: base,
      commits: [
        { sha: one, message: "one", parents: [base] },
        { sha: two, message: "two" },
      ],
      commitsCut: false,
      files: [
        { path: "a", status: "modified" },
        { path: "new.py", previousPath: "old.py", status: "renamed" },
      ],
      filesCut: false,
    });
    expect(asked()).toEqual([`GET /compare/${base}...${two}`]);
    expect(await forge.compare(two, base)).toMatchObject({
      relation: "behind",
      commits: [],
      filesCut: false,
    });
    expect(await forge.compare(two, two)).toMatchObject({ relation: "identical", commits: [] });
  });

  it("tells branches that went apart, whatever their names", async () => {
    const base = await commit({ a: "1" });
    await commit({ b: "1" }, "m", "fix/a#1");
    await commit({ c: "1" });
    expect(await forge.compare("main", "fix/a#1")).toMatchObject({ relation: "diverged", mergeBase: base });
  });

  it("is undefined when one is not there", async () => {
    const sha = await commit({ a: "1" });
    expect(await forge.compare(sha, "b".repeat(40))).toBeUndefined();
    expect(asked()).toHaveLength(1);
  });

  it("reads further pages of commits, in order", async () => {
    const base = await commit({ a: "0" });
    const shas: string[] = [];
    for (let count = 1; count <= 101; count += 1) shas.push(await commit({ a: String(count) }));
    const found = await forge.compare(base, "main");
    expect(found?.commits.map((one) => one.sha)).toEqual(shas);
    expect(found).toMatchObject({ commitsCut: false, files: [{ path: "a" }] });
    expect(asked()).toHaveLength(2);
  });

  it.each([
    [1_000, false, 10],
    [1_001, true, 10],
  ])("of %s commits stops at 1000", async (total, isCut, requests) => {
    const sha = "a".repeat(40);
    const one = { sha, parents: [{ sha }], commit: { message: "m", tree: { sha }, committer: null } };
    github.fault({
      route: /compare/,
      kind: "wrong-type",
      body: {
        status: "ahead",
        merge_base_commit: { sha },
        total_commits: total,
        commits: Array.from({ length: 100 }, () => one),
        files: [],
      },
    });
    const found = await forge.compare("a", "b");
    expect(found).toMatchObject({ commitsCut: isCut });
    expect(found?.commits).toHaveLength(1_000);
    expect(asked()).toHaveLength(requests);
    // Older than any limit on age.
    expect(found?.commits[0]?.committedAt).toBe(0);
  });

  it("brings its commits along, so that none is asked for again", async () => {
    const base = await commit({ a: "1" });
    const head = await commit({ a: "2" }, "head");
    await forge.compare(base, head);
    asked();
    expect(await forge.commit(base)).toMatchObject({ sha: base, tree: await github.treeOf(base) });
    expect(await forge.commit(head)).toMatchObject({ sha: head, message: "head", parents: [base] });
    expect(asked()).toEqual([]);
  });

  it("says when the files were cut", async () => {
    const base = await commit({ a: "1" });
    const files = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`f${index}`, "x"]));
    await commit(files);
    const found = await forge.compare(base, "main");
    expect(found?.files).toHaveLength(300);
    expect(found?.filesCut).toBe(true);
  });
});

describe("tree, branches and rules", () => {
  it("lists every file", async () => {
    const sha = await commit({ "a.py": "1", "b/c/d.py": "2" });
    expect(await forge.tree(sha)).toEqual({ paths: ["a.py", "b/c/d.py"], cut: false });
    github.settings.treeLimit = 1;
    expect((await forge.tree(sha)).cut).toBe(true);
    expect(asked()).toHaveLength(2);
  });

  it("lists one folder, with modes", async () => {
    const sha = await commit({ "a.py": "1", "b/c/d.py": "2" });
    const top = await forge.folder(await github.treeOf(sha));
    expect(top).toMatchObject([
      { name: "a.py", type: "blob", mode: "100644" },
      { name: "b", type: "tree", mode: "040000" },
    ]);
    expect((await forge.folder(top[1]?.sha ?? "")).map((entry) => entry.name)).toEqual(["c"]);
    github.settings.treeLimit = 1;
    const cut = await problem(forge.folder(await github.treeOf(sha)));
    expect(cut.message).toMatch(/^GitHub does not list everything in the folder [0-9a-f]{7}$/);
  });

  it("writes a tree with some files changed, byte for byte", async () => {
    const sha = await commit({ "a.py": "1\n", "b/c/d.py": "2\n", "e.py": "3\n" });
    const tree = await forge.createTree(await github.treeOf(sha), [
      { path: "a.py", mode: "100755", text: `é\r\n${SECRET}` },
      { path: "b/c/d.py", mode: "100644" },
      { path: "f/g.py", mode: "100644", text: "" },
    ]);
    const made = await forge.createCommit({ message: "m", tree, parents: [sha] });
    expect(Object.keys(await github.tree(made))).toEqual(["a.py", "e.py", "f/g.py"]);
    expect(await github.fileAt(made, "a.py")).toBe(`é\r\n${SECRET}`);
    expect(await github.fileAt(made, "f/g.py")).toBe("");
    expect((await forge.folder(tree))[0]).toMatchObject({ name: "a.py", mode: "100755" });
  });

  it("finds the head of a branch", async () => {
    const sha = await commit({ a: "1" }, "m", "fix/one");
    expect(await forge.branchHead("fix/one")).toBe(sha);
    expect(await forge.branchHead("fix")).toBeUndefined();
    expect(asked()).toHaveLength(2);
  });

  it("lists branches that start so", async () => {
    const sha = await commit({ a: "1" });
    for (const name of ["gate/revert-a", "gate/revert-b", "gate/other"]) await forge.createBranch(name, sha);
    expect(await forge.branchesStartingWith("gate/revert-")).toEqual(["gate/revert-a", "gate/revert-b"]);
    expect(await forge.branchesStartingWith("none-")).toEqual([]);
  });

  it("reads the rules of a branch", async () => {
    const parameters = { required_status_checks: [{ context: "ci" }, { context: "deploy-gate / api" }] };
    github.settings.branchRules = {
      "rel/1": [
        { type: "creation" },
        {
          type: "required_status_checks",
          parameters: { ...parameters, strict_required_status_checks_policy: false },
        },
      ],
    };
    expect(await forge.branchRules("rel/1")).toEqual({
      types: ["creation", "required_status_checks"],
      requiredChecks: ["ci", "deploy-gate / api"],
    });
    expect(await forge.branchRules("main")).toEqual({ types: [], requiredChecks: [] });
  });

  it.each([403, 404])("has no rules where GitHub answers %s", async (status) => {
    github.fault({ route: /rules/, kind: "status", status });
    expect(await forge.branchRules("main")).toEqual({ types: [], requiredChecks: [] });
  });
});

describe("check runs", () => {
  let sha: string;
  beforeEach(async () => {
    sha = await commit({ "a.py": "1" });
  });
  const create = (externalId = "e"): ReturnType<Forge["createCheckRun"]> =>
    forge.createCheckRun({ sha, name: "gate", externalId, output: { ...output, text: "state" } });
  const annotation = (number: number): Annotation => ({
    path: "a.py",
    line: number,
    level: "failure",
    title: "T",
    message: `m${number}`,
  });
  const annotations = (count: number): readonly Annotation[] =>
    Array.from({ length: count }, (_, index) => annotation(index + 1));

  it("creates one in progress", async () => {
    expect(await create()).toEqual({
      id: github.checkRuns[0]?.id,
      url: `${github.webUrl}/runs/${github.checkRuns[0]?.id}`,
      externalId: "e",
      status: "in_progress",
      title: "t",
      summary: "s",
      text: "state",
      annotationsCount: 0,
    });
    expect(asked()).toEqual(["POST /check-runs"]);
  });

  it("finds the newest of that name and id", async () => {
    await create("e");
    const newest = await create("e");
    await create("other");
    expect((await forge.findCheckRun(sha, "gate", "e"))?.id).toBe(newest.id);
    expect(await forge.findCheckRun(sha, "gate", "none")).toBeUndefined();
    expect(await forge.findCheckRun(sha, "another", "e")).toBeUndefined();
    expect(asked().slice(3)).toHaveLength(3);
  });

  it("looks through further pages for it", async () => {
    github.settings.secondaryLimits = false;
    const first = await create("e");
    for (let count = 0; count < 100; count += 1) await create("other");
    asked();
    expect((await forge.findCheckRun(sha, "gate", "e"))?.id).toBe(first.id);
    expect(asked()).toHaveLength(2);
  });

  it("goes on, closes and opens again", async () => {
    const { id } = await create();
    await forge.updateCheckRun(id, { output: { title: "2", summary: "s2" } });
    expect(github.checkRuns[0]).toMatchObject({ status: "in_progress", title: "2", summary: "s2" });
    await forge.updateCheckRun(id, { conclusion: "failure", output });
    expect(github.checkRuns[0]).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(await forge.findCheckRun(sha, "gate", "e")).toMatchObject({ conclusion: "failure" });
    await forge.updateCheckRun(id, { output });
    expect(github.checkRuns[0]).toMatchObject({ status: "in_progress", conclusion: null });
    expect(asked()).toHaveLength(5);
  });

  it.each([
    [0, 1],
    [1, 1],
    [50, 1],
    [51, 2],
    [120, 3],
  ])("sends %s annotations in %s requests and reads them back", async (count, requests) => {
    const { id } = await create();
    asked();
    await forge.updateCheckRun(id, { conclusion: "failure", output, annotations: annotations(count) });
    expect(asked()).toHaveLength(requests);
    expect(github.checkRuns[0]).toMatchObject({ conclusion: "failure", title: "t" });
    expect(await forge.annotations(id)).toEqual(annotations(count));
  });

  it("keeps every field of an annotation", async () => {
    const { id } = await create();
    const one: Annotation = { ...annotation(3), level: "notice", detail: "trace" };
    await forge.updateCheckRun(id, { output, annotations: [one] });
    expect(await forge.annotations(id)).toEqual([one]);
  });

  it("cuts texts to GitHub's limits with a mark, and redacts them first", async () => {
    const long = `${SECRET}${"x".repeat(70_000)}`;
    const { id } = await create();
    await forge.updateCheckRun(id, {
      output: { title: long, summary: long, text: long },
      annotations: [
        { ...annotation(1), title: long, message: "é".repeat(70_000), detail: "😀".repeat(20_000) },
      ],
    });
    const run = github.checkRuns[0];
    expect([run?.title?.length, run?.summary?.length, run?.text?.length]).toEqual([256, 65_535, 65_535]);
    for (const text of [run?.title, run?.summary, run?.text]) expect(text).toMatch(/^\*\*\*x+… \(cut\)$/);
    const [kept] = run?.annotations ?? [];
    expect(kept?.title).toHaveLength(255);
    expect(kept?.message).toMatch(/^é+… \(cut\)$/);
    expect(kept?.raw_details).toMatch(/^(?:😀)+… \(cut\)$/u);
  });

  it("finds it instead of making a second one when the answer was lost", async () => {
    const fault = github.fault({
      route: /POST .*check-runs/,
      kind: "status",
      status: 502,
      times: 1,
      takesEffect: true,
    });
    const run = await create();
    expect(fault.hits()).toBe(1);
    expect(github.checkRuns.map((one) => one.id)).toEqual([run.id]);
    expect(asked()).toEqual(["POST /check-runs", `GET /commits/${sha}/check-runs`]);
  });

  it("tries once more when it is not there", async () => {
    github.fault({ route: /POST .*check-runs/, kind: "reset", times: 1 });
    await create();
    expect(asked()).toEqual(["POST /check-runs", `GET /commits/${sha}/check-runs`, "POST /check-runs"]);
    expect(github.checkRuns).toHaveLength(1);
  });

  it("gives up after that", async () => {
    github.fault({ route: /POST .*check-runs/, kind: "status", status: 500 });
    expect(await problem(create())).toMatchObject({ status: 500 });
    expect(asked().filter((one) => one.startsWith("POST"))).toHaveLength(2);
  });

  it("does not try again what GitHub refused", async () => {
    github.fault({ route: /POST .*check-runs/, kind: "forbidden" });
    await problem(create());
    expect(asked()).toEqual(["POST /check-runs"]);
  });

  it("sends no annotation twice when an answer was lost", async () => {
    const { id } = await create();
    github.fault({ route: /PATCH/, kind: "reset", times: 1, takesEffect: true });
    await forge.updateCheckRun(id, { conclusion: "failure", output, annotations: annotations(60) });
    expect(await forge.annotations(id)).toEqual(annotations(60));
    expect(github.checkRuns[0]?.conclusion).toBe("failure");
  });

  it("sends them again when the request was lost", async () => {
    const { id } = await create();
    github.fault({ route: /PATCH/, kind: "status", status: 502, times: 2 });
    await forge.updateCheckRun(id, { conclusion: "failure", output, annotations: annotations(3) });
    expect(await forge.annotations(id)).toEqual(annotations(3));
    expect(clock.sleeps).toEqual([1_000, 5_000]);
  });

  it("tells the verdict even when GitHub refuses the annotations", async () => {
    const { id } = await create();
    github.fault({ route: /PATCH/, kind: "status", status: 422, times: 1 });
    const refused = await problem(
      forge.updateCheckRun(id, { conclusion: "failure", output, annotations: annotations(1) }),
    );
    expect(refused.message).toMatch(
      /^The check run was written, but without its annotations: GitHub answered 422/,
    );
    expect(github.checkRuns[0]).toMatchObject({ conclusion: "failure", annotations: [] });
  });

  it("cannot change the run of another app", async () => {
    const { id } = await create();
    const other = github.token("bot", { kind: "app", permissions: { checks: "write" } });
    const refused = await problem(forgeOf({ token: other }).updateCheckRun(id, { output }));
    expect(refused.message).toMatch(/^GitHub answered 403 to PATCH …\/check-runs\/\d+: Invalid app_id/);
    expect(refused.failure.hint).toBeUndefined();
  });
});

describe("statuses", () => {
  it("sets and reads the newest of a context", async () => {
    const sha = await commit({ a: "1" });
    await forge.setStatus(sha, { state: "pending", context: "gate / api", description: "waiting" });
    await forge.setStatus(sha, {
      state: "failure",
      context: "gate / api",
      description: `${SECRET} ${"x".repeat(200)}`,
      url: "https://github.example/x",
    });
    await forge.setStatus(sha, { state: "success", context: "other", description: "" });
    expect(github.statuses.map((one) => one.description?.length)).toEqual([7, 140, 0]);
    asked();
    expect(await forge.status(sha, "Gate / API")).toEqual({
      state: "failure",
      description: expect.stringMatching(/^\*\*\* x+… \(cut\)$/) as string,
      url: "https://github.example/x",
      at: clock.now(),
    });
    expect(await forge.status(sha, "none")).toBeUndefined();
    expect(asked()).toHaveLength(2);
  });

  it("looks through further pages", async () => {
    github.settings.secondaryLimits = false;
    const sha = await commit({ a: "1" });
    for (let count = 0; count <= 100; count += 1)
      await forge.setStatus(sha, { state: "pending", context: `c${count}`, description: "" });
    expect(await forge.status(sha, "c0")).toMatchObject({ state: "pending", description: "" });
  });
});

describe("commits and branches", () => {
  it("writes a signed commit, redacted", async () => {
    const first = await commit({ a: "1" });
    const second = await commit({ a: "2" });
    const sha = await forge.createCommit({
      message: `Revert ${SECRET}`,
      tree: await github.treeOf(first),
      parents: [second],
    });
    expect(await forge.commit(sha)).toMatchObject({ message: "Revert ***", parents: [second] });
    expect(github.requests[0]?.body).not.toHaveProperty("author");
    expect(asked()).toHaveLength(2);
  });

  it("creates a branch once: the name is the mutex", async () => {
    const sha = await commit({ a: "1" });
    expect(await forge.createBranch("gate/x", sha)).toBe("created");
    expect(await forge.createBranch("gate/x", sha)).toBe("exists");
    expect(asked()).toEqual(["POST /git/refs", "POST /git/refs"]);
  });

  it.each<[string, boolean, "created" | "exists", number]>([
    ["was carried out", true, "created", 1],
    ["was lost", false, "created", 2],
  ])("reads the ref when the request %s without an answer", async (_what, takesEffect, expected, posts) => {
    const sha = await commit({ a: "1" });
    github.fault({ route: /POST .*refs/, kind: "reset", times: 1, takesEffect });
    expect(await forge.createBranch("gate/x", sha)).toBe(expected);
    expect(asked().filter((one) => one.startsWith("POST"))).toHaveLength(posts);
    expect(await github.head("gate/x")).toBe(sha);
  });

  it("sees that somebody else has made it meanwhile", async () => {
    const sha = await commit({ a: "1" });
    await commit({ a: "2" }, "m", "gate/x");
    github.fault({ route: /POST .*refs/, kind: "status", status: 500, times: 1 });
    expect(await forge.createBranch("gate/x", sha)).toBe("exists");
  });

  it("names a name that is not allowed", async () => {
    const sha = await commit({ a: "1" });
    github.settings.protectedPatterns = ["gate/*"];
    expect(await problem(forge.createBranch("gate/x", sha))).toMatchObject({
      status: 422,
      message: expect.stringContaining("422 to POST …/git/refs: Reference update failed") as string,
    });
  });

  it("tells what workflow files need", async () => {
    const old = await commit({ ".github/workflows/ci.yml": "1" });
    await commit({ ".github/workflows/ci.yml": "2" });
    const refused = await problem(forge.createBranch("gate/x", old));
    expect(refused.message).toContain(
      "(needs contents=write, or contents=write and workflows=write; request id",
    );
    expect(refused.failure).toMatchObject({
      acceptedPermissions: "contents=write; contents=write,workflows=write",
      hint: expect.stringContaining('pass one as "pr-token"') as string,
    });
  });

  it("moves and removes a branch, twice if need be", async () => {
    const first = await commit({ a: "1" });
    const second = await commit({ a: "2" });
    await forge.createBranch("gate/x", second);
    await forge.moveBranch("gate/x", first);
    expect(await github.head("gate/x")).toBe(first);
    github.fault({ route: /DELETE/, kind: "reset", times: 1, takesEffect: true });
    await forge.deleteBranch("gate/x");
    expect(await github.head("gate/x")).toBeUndefined();
    await forge.deleteBranch("gate/x");
    expect(await problem(forge.moveBranch("gate/x", first))).toMatchObject({ status: 422 });
    expect(await problem(forge.deleteBranch("main"))).toMatchObject({ status: 422 });
  });
});

describe("merge", () => {
  let good: string;
  let bad: string;
  let undone: string;
  beforeEach(async () => {
    good = await commit({ a: "1\n", b: "1\n" });
    bad = await commit({ a: "2\n" });
    undone = await forge.createCommit({ message: "undo", tree: await github.treeOf(good), parents: [bad] });
    asked();
  });

  it("merges three ways on the server", async () => {
    const head = await commit({ b: "later\n" });
    await forge.createBranch("gate/x", head);
    asked();
    const merged = await forge.merge("gate/x", undone, `undo ${SECRET}`);
    expect(merged).toEqual({
      kind: "merged",
      sha: await github.head("gate/x"),
      tree: await github.treeOf("gate/x"),
    });
    expect(await github.fileAt("gate/x", "a")).toBe("1\n");
    expect(await github.fileAt("gate/x", "b")).toBe("later\n");
    expect((await github.log("gate/x"))[0]?.message).toContain("undo ***");
    expect(asked()).toEqual(["POST /merges"]);
  });

  it("finds nothing to merge", async () => {
    await forge.createBranch("gate/x", undone);
    expect(await forge.merge("gate/x", bad, "m")).toEqual({ kind: "nothing" });
  });

  it("finds a conflict", async () => {
    await forge.createBranch("gate/x", await commit({ a: "3\n" }));
    expect(await forge.merge("gate/x", undone, "m")).toEqual({ kind: "conflict" });
  });

  it("says that the branch is gone", async () => {
    expect(await problem(forge.merge("gate/x", undone, "m"))).toMatchObject({ status: 404 });
  });

  it.each([
    [true, 1],
    [false, 2],
  ])("looks at the branch when no answer came (carried out: %s)", async (takesEffect, posts) => {
    await forge.createBranch("gate/x", await commit({ b: "later\n" }));
    asked();
    github.fault({ route: /merges/, kind: "status", status: 504, times: 1, takesEffect });
    expect(await forge.merge("gate/x", undone, "m")).toMatchObject({
      kind: "merged",
      sha: await github.head("gate/x"),
    });
    expect(asked().filter((one) => one === "POST /merges")).toHaveLength(posts);
  });
});

describe("pull requests", () => {
  let head: string;
  beforeEach(async () => {
    await commit({ a: "1" });
    head = await commit({ a: "2" }, "feature", "gate/x");
  });
  const wish = { title: "Revert", body: "why", head: "gate/x", base: "main", draft: false };

  it("opens one", async () => {
    const pull = await forge.createPull({ ...wish, title: `Revert ${SECRET}`, body: SECRET, draft: true });
    expect(pull).toEqual({
      number: 1,
      nodeId: expect.any(String) as string,
      url: `${github.webUrl}/pull/1`,
      title: "Revert ***",
      body: "***",
      state: "open",
      merged: false,
      draft: true,
      labels: [],
      isFromFork: false,
      headRef: "gate/x",
      headSha: head,
      baseRef: "main",
      author: "github-actions[bot]",
      createdAt: expect.any(Number) as number,
    });
    expect(asked()).toEqual(["POST /pulls"]);
  });

  it("reads one by its number", async () => {
    await github.openPull({ head: "gate/x", title: "one" });
    const merged = await github.mergePull(1, "squash");
    expect(await forge.pull(1)).toMatchObject({ number: 1, merged: true, mergeCommit: merged });
    expect(await forge.pull(99)).toBeUndefined();
  });

  it("lists those opened since, of any state and no older ones", async () => {
    await github.openPull({ head: "gate/x", title: "before" });
    await clock.advance(60_000);
    const since = clock.now();
    await clock.advance(60_000);
    await commit({ b: "1" }, "m", "gate/y");
    await github.openPull({ head: "gate/y", title: "after" });
    await github.mergePull(2, "squash");
    asked();
    const { pulls, cut } = await forge.pullsSince(since);
    expect(pulls.map(({ title, merged }) => [title, merged])).toEqual([["after", true]]);
    expect(cut).toBe(false);
    expect(asked()).toEqual(["GET /pulls"]);
  });

  it("lists those of a branch, newest first, whatever became of them", async () => {
    await github.openPull({ head: "gate/x", title: "one", labels: ["l"] });
    await github.mergePull(1, "squash");
    await commit({ a: "3" }, "m", "gate/x");
    await github.openPull({ head: "gate/x", title: "two" });
    await commit({ c: "1" }, "m", "gate/xy");
    await github.openPull({ head: "gate/xy", title: "three" });
    asked();
    const found = await forge.pullsFrom("gate/x");
    expect(found.map((pull) => [pull.title, pull.state, pull.merged, pull.labels])).toEqual([
      ["two", "open", false, []],
      ["one", "closed", true, ["l"]],
    ]);
    expect(found[1]?.mergeCommit).toBe(await github.head());
    expect(found[0]).not.toHaveProperty("mergeCommit");
    expect(asked()).toHaveLength(1);
  });

  it("finds the pull request of a commit", async () => {
    await github.openPull({ head: "gate/x", title: "one" });
    const merged = await github.mergePull(1, "squash");
    asked();
    expect(await forge.pullsOfCommit(merged)).toMatchObject([
      { number: 1, merged: true, mergeCommit: merged },
    ]);
    expect(asked()).toHaveLength(1);
    expect(await problem(forge.pullsOfCommit("b".repeat(40)))).toMatchObject({ status: 422 });
  });

  it.each<[string, () => Promise<unknown> | void, Partial<typeof wish>, number, RegExp]>([
    [
      "the setting",
      () => void (github.settings.allowActionsPullRequests = false),
      {},
      403,
      /not permitted to create/,
    ],
    ["a second one", () => forge.createPull(wish), {}, 422, /A pull request already exists for acme:gate\/x/],
    [
      "no commits",
      () => forge.createBranch("same", "main"),
      { head: "same" },
      422,
      /No commits between main and same/,
    ],
    ["no such head", () => {}, { head: "nobody" }, 422, /head invalid/],
    [
      "no drafts",
      () => void (github.settings.draftPulls = false),
      { draft: true },
      422,
      /Draft pull requests/,
    ],
  ])("is refused: %s", async (what, prepare, change, status, words) => {
    if (what === "no commits") await forge.createBranch("same", (await github.head())!);
    else await prepare();
    asked();
    const refused = await problem(forge.createPull({ ...wish, ...change }));
    expect(refused).toMatchObject({ status });
    expect(refused.message).toMatch(words);
    expect(asked()).toEqual(["POST /pulls"]);
  });

  it("says how to permit it", async () => {
    github.settings.allowActionsPullRequests = false;
    const refused = await problem(forge.createPull(wish));
    expect(refused.failure.hint).toContain("Settings > Actions > General");
  });

  it.each([
    [true, 1],
    [false, 2],
  ])("is never opened twice (carried out: %s)", async (takesEffect, posts) => {
    github.fault({ route: /POST .*pulls$/, kind: "hang", times: 1, takesEffect });
    expect(await forge.createPull(wish)).toMatchObject({ number: 1 });
    expect(github.pulls).toHaveLength(1);
    expect(asked().filter((one) => one === "POST /pulls")).toHaveLength(posts);
  });

  it("changes only what it is told to", async () => {
    await forge.createPull(wish);
    await forge.updatePull(1, { body: `${SECRET}${"x".repeat(70_000)}` });
    expect(github.pulls[0]?.title).toBe("Revert");
    expect(github.pulls[0]?.body).toHaveLength(65_536);
    await forge.updatePull(1, { title: "y".repeat(300) });
    expect(github.pulls[0]?.title).toHaveLength(256);
    expect(github.pulls[0]?.body).toMatch(/^\*\*\*x/);
  });

  it("comments once", async () => {
    await forge.createPull(wish);
    github.fault({ route: /POST .*comments/, kind: "truncated", times: 1, takesEffect: true });
    await forge.comment(1, `evidence ${SECRET}`);
    expect(github.comments.map((one) => one.body)).toEqual(["evidence ***"]);
    await forge.comment(1, "evidence ***");
    expect(github.comments).toHaveLength(2);
  });

  it.each([true, false])("comments on a commit once (carried out: %s)", async (takesEffect) => {
    const sha = await github.commit({ files: { "c.txt": "1" }, message: "c" });
    github.fault({ route: /POST .*comments/, kind: "truncated", times: 1, takesEffect });
    await forge.commentOnCommit(sha, `evidence ${SECRET}`);
    expect(github.comments).toMatchObject([{ sha, body: "evidence ***" }]);
  });

  it("replaces its own comment when the first line marks it, whatever the rest says", async () => {
    await forge.createPull(wish);
    await forge.comment(1, "<!-- gate:one -->\nfirst");
    await forge.comment(1, "<!-- gate:two -->\nother");
    await forge.comment(1, "<!-- gate:one -->\nsecond");
    expect(github.comments.map((one) => one.body)).toEqual([
      "<!-- gate:one -->\nsecond",
      "<!-- gate:two -->\nother",
    ]);
  });

  it("lists issues with a label, the newest first and closed ones too", async () => {
    const first = github.openIssue({ title: "one", labels: ["gate"] });
    Object.assign(first, { state: "closed" });
    await github.openPull({ head: "gate/x", title: "p", labels: ["gate"] });
    github.openIssue({ title: "two", labels: ["gate", "x"] });
    github.openIssue({ title: "other" });
    asked();
    expect(await forge.issuesWithLabel("gate")).toMatchObject([
      { number: 3, title: "two", body: "", state: "open", labels: ["gate", "x"], assignees: [] },
      { number: 1, title: "one", state: "closed", url: `${github.webUrl}/issues/1` },
    ]);
    expect(asked()).toEqual(["GET /issues"]);
  });

  it("opens an issue once, redacted and within the limits", async () => {
    github.fault({ route: /POST .*\/issues$/, kind: "reset", takesEffect: true, times: 1 });
    const wish = {
      title: `${SECRET} ${"t".repeat(300)}`,
      body: `${SECRET}${"b".repeat(70_000)}`,
      labels: ["gate"],
    };
    const made = await forge.createIssue(wish);
    expect(made).toMatchObject({ state: "open", labels: ["gate"] });
    expect(github.issues.filter((one) => one.number === made.number)).toHaveLength(1);
    expect(github.issues.at(-1)?.number).toBe(made.number);
    for (const text of [made.title, made.body]) expect(text).toMatch(/^\*{3}.*… \(cut\)$/);
    await forge.updateIssue(made.number, { body: `now ${SECRET}` });
    expect(github.issues.at(-1)).toMatchObject({ title: made.title, body: "now ***" });
    expect(await forge.decorateIssue(made.number, { labels: ["x"], assignees: ["@ada", "mallory"] })).toEqual(
      [expect.stringContaining("mallory could not be assigned")],
    );
    expect(github.issues.at(-1)).toMatchObject({ labels: ["gate", "x"], assignees: ["ada"] });
    await forge.updateIssue(made.number, { state: "closed" });
    expect(await forge.issue(made.number)).toMatchObject({ state: "closed", body: "now ***" });
    expect(await forge.issue(999)).toBeUndefined();
    for (const text of ["one", `two ${SECRET}`]) await forge.commentIssue(made.number, `<!-- x -->\n${text}`);
    expect(github.comments.filter(({ number }) => number === made.number)).toMatchObject([
      { body: "<!-- x -->\ntwo ***" },
    ]);
  });

  it("lists open issues and pull requests with a label", async () => {
    github.openIssue({ title: "hold", labels: ["gate:hold"] });
    github.openIssue({ title: "other" });
    await github.openPull({ head: "gate/x", title: "p", labels: ["gate:hold"] });
    asked();
    expect(await forge.openWithLabel("gate:hold")).toEqual([
      { number: 3, url: `${github.webUrl}/pull/3` },
      { number: 1, url: `${github.webUrl}/issues/1` },
    ]);
    expect(await forge.openWithLabel("none")).toEqual([]);
    expect(asked()).toHaveLength(2);
  });
});

describe("decorate", () => {
  beforeEach(async () => {
    await commit({ a: "1" });
    await commit({ a: "2" }, "feature", "gate/x");
    await github.openPull({ head: "gate/x", title: "p", user: "ada" });
    asked();
  });
  const none = { labels: [], assignees: [], reviewers: [] };

  it("asks for nothing where nothing is wished", async () => {
    expect(await forge.decorate(1, none)).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it("adds labels, assignees and reviewers, a request each", async () => {
    const wishes = {
      labels: ["revert", "gate"],
      assignees: ["@ada", "grace"],
      reviewers: ["grace", "linus"],
    };
    expect(await forge.decorate(1, wishes)).toEqual([]);
    expect(github.pulls[0]).toMatchObject({
      labels: ["revert", "gate"],
      assignees: ["ada", "grace"],
      reviewers: ["grace", "linus"],
    });
    expect(asked()).toHaveLength(3);
  });

  it("assigns at most ten at once and names whom GitHub left out", async () => {
    const assignees = ["ada", ...Array.from({ length: 10 }, (_, index) => `nobody${index}`)];
    expect(await forge.decorate(1, { ...none, assignees })).toEqual([
      expect.stringMatching(/^nobody0, .*nobody8 could not be assigned: GitHub takes only people/),
      expect.stringMatching(/^nobody9 could not be assigned/),
    ]);
    expect(github.pulls[0]?.assignees).toEqual(["ada"]);
    expect(asked()).toHaveLength(2);
  });

  it("does not let one reviewer spoil the others", async () => {
    const sentences = await forge.decorate(1, { ...none, reviewers: ["grace", "mallory", "ada"] });
    expect(github.pulls[0]?.reviewers).toEqual(["grace"]);
    expect(sentences).toEqual([
      expect.stringMatching(
        /^mallory could not be asked for a review: .*may only be requested from collaborators/,
      ),
      expect.stringMatching(/^ada could not be asked for a review: .*pull request author/),
    ]);
  });

  it("asks a team by its short name", async () => {
    const [sentence] = await forge.decorate(1, { ...none, reviewers: ["@acme/ops"] });
    expect(sentence).toMatch(/^acme\/ops could not be asked for a review/);
    expect(github.requests.at(-1)?.body).toEqual({ team_reviewers: ["ops"] });
  });

  it("waits for a pull request that GitHub does not know everywhere yet", async () => {
    github.settings.eventualConsistency = true;
    await commit({ b: "2" }, "feature", "gate/y");
    await github.openPull({ head: "gate/y", title: "q" });
    expect(await forge.decorate(2, { ...none, labels: ["revert"] })).toEqual([]);
    expect(clock.sleeps).toEqual([1_000]);
  });

  it("gives up on it after some seconds", async () => {
    github.fault({
      route: /labels/,
      kind: "status",
      status: 422,
      body: {
        message: "Validation Failed",
        errors: ["Could not resolve to a node with the global id of 'x'."],
      },
    });
    const [sentence] = await forge.decorate(1, { ...none, labels: ["revert"] });
    expect(sentence).toMatch(/^The labels revert could not be added: .*Could not resolve to a node/);
    expect(clock.sleeps).toEqual([1_000, 2_000, 4_000]);
  });

  it("never throws", async () => {
    github.fault({ route: /./, kind: "status", status: 500 });
    expect(await forge.decorate(1, { labels: ["a"], assignees: ["ada"], reviewers: ["grace"] })).toHaveLength(
      3,
    );
  });
});

describe("auto-merge", () => {
  let pull: PullRequest;
  const rules = {
    main: [{ type: "pull_request", parameters: { required_approving_review_count: 1 } }],
  };
  beforeEach(async () => {
    await commit({ a: "1" });
    await commit({ a: "2" }, "feature", "gate/x");
    github.settings.branchRules = rules;
    pull = await forge.createPull({ title: "p", body: "", head: "gate/x", base: "main", draft: false });
    asked();
  });

  it("is switched on", async () => {
    expect(await forge.enableAutoMerge(pull)).toEqual({ kind: "enabled" });
    expect(github.pulls[0]?.autoMerge).toMatchObject({ method: "merge" });
    expect(asked()).toEqual(["POST /graphql"]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["the repository's setting", () => (github.settings.allowAutoMerge = false), /"Allow auto-merge" is off/],
    [
      "nothing to wait for",
      () => (github.settings.branchRules = {}),
      /nothing to wait for; it was not merged/,
    ],
    [
      "no rules",
      () => {
        github.settings.branchRules = {};
        github.settings.noRulesAnswer = "not-configured";
      },
      /the base branch requires nothing, so/,
    ],
    [
      "a failed check",
      async () => {
        github.settings.branchRules = {};
        await forge.setStatus(pull.headSha, { state: "failure", context: "c", description: "" });
      },
      /one of its checks has failed/,
    ],
    ["another head", () => commit({ a: "3" }, "m", "gate/x"), /somebody else has changed its branch/],
    [
      "GitHub's own words",
      () => fault("Pull request Something new"),
      /^GitHub refused: Pull request Something new$/,
    ],
    [
      "a protected branch",
      () => fault("User is not authorized for this protected branch"),
      /may not merge into/,
    ],
  ])("is refused: %s", async (_what, prepare, reason) => {
    await prepare();
    const answer = await forge.enableAutoMerge(pull);
    expect(answer).toEqual({ kind: "refused", reason: expect.stringMatching(reason) as string });
    expect(github.pulls[0]?.autoMerge).toBeNull();
  });

  function fault(message: string, times = 9): void {
    github.fault({
      route: /graphql/,
      kind: "wrong-type",
      times,
      body: { data: null, errors: [{ message }] },
    });
  }

  it("is refused for a draft, and for a token without the permission", async () => {
    await commit({ b: "2" }, "feature", "gate/y");
    const draft = await forge.createPull({ title: "p", body: "", head: "gate/y", base: "main", draft: true });
    expect(await forge.enableAutoMerge(draft)).toMatchObject({
      reason: "a draft is never merged automatically",
    });
    const weak = github.token("weak", { kind: "app", permissions: { contents: "read" } });
    expect(await forgeOf({ prToken: weak }).enableAutoMerge(pull)).toMatchObject({
      reason: expect.stringContaining("needs contents: write") as string,
    });
  });

  it("takes a merge method that the repository allows", async () => {
    fault("Pull request Merge commits are not allowed on this repository.", 1);
    expect(await forge.enableAutoMerge(pull)).toEqual({ kind: "enabled" });
    expect(github.pulls[0]?.autoMerge).toMatchObject({ method: "squash" });
  });

  it("waits for a pull request that GitHub does not know everywhere yet", async () => {
    fault("Could not resolve to a node with the global id of 'x'.", 2);
    expect(await forge.enableAutoMerge(pull)).toEqual({ kind: "enabled" });
    expect(clock.sleeps).toEqual([1_000, 2_000]);
  });

  it("looks whether it happened when no answer came", async () => {
    github.fault({ route: /graphql/, kind: "status", status: 502, times: 1, takesEffect: true });
    expect(await forge.enableAutoMerge(pull)).toEqual({ kind: "enabled" });
    expect(asked()).toEqual(["POST /graphql", "GET /pulls/1"]);
  });

  it("never throws", async () => {
    github.fault({ route: /./, kind: "status", status: 502 });
    expect(await forge.enableAutoMerge(pull)).toMatchObject({ kind: "refused" });
  });
});

describe("failures", () => {
  it("names the permission that would have worked", async () => {
    const sha = await commit({ a: "1" });
    const weak = github.token("weak", { kind: "app", permissions: { contents: "read" } });
    const refused = await problem(
      forgeOf({ token: weak }).createCheckRun({ sha, name: "n", externalId: "e", output }),
    );
    expect(refused.message).toBe(
      "GitHub answered 403 to POST …/check-runs: Resource not accessible by integration (needs checks=write; request id 0000:0000:0000:0000)",
    );
    expect(refused.failure).toMatchObject({
      service: "GitHub",
      status: 403,
      acceptedPermissions: "checks=write",
      hint: "Add to the job's permissions: checks: write.",
    });
  });

  it("names the token that lacks it", async () => {
    const sha = await commit({ a: "1" });
    const weak = github.token("weak", { kind: "pat", permissions: { contents: "read" } });
    const other = forgeOf({ prToken: weak });
    const refused = await problem(other.comment(1, "x").catch(() => other.merge("main", sha, "m")));
    expect(refused.failure.hint).toBe('Give the token in "pr-token" these permissions: contents: write.');
  });

  it("keeps secrets out of what it says", async () => {
    github.fault({ route: /git\/ref/, kind: "status", status: 400, body: { message: `bad ${SECRET}` } });
    const refused = await problem(forge.branchHead("x"));
    expect(refused.message).toContain("bad ***");
    expect(JSON.stringify(refused.failure)).not.toContain(SECRET);
  });

  it.each([["a token that is none", "nonsense", 401, /Give the input "github-token" a valid token/]])(
    "says what to do about %s",
    async (_what, token, status, hint) => {
      const refused = await problem(forgeOf({ token }).branchHead("main"));
      expect(refused).toMatchObject({ status });
      expect(refused.failure.hint).toMatch(hint);
    },
  );

  it("asks again when an answer has the wrong shape, and in the end says so", async () => {
    const sha = await commit({ a: "1" });
    github.fault({ route: /git\/ref/, kind: "wrong-type", times: 1 });
    expect(await forge.branchHead("main")).toBe(sha);
    github.fault({ route: /git\/ref/, kind: "wrong-type" });
    expect((await problem(forge.branchHead("main"))).failure).toMatchObject({
      code: "garbled",
      message: expect.stringContaining(
        "GitHub answered unreadably for …/git/ref/heads%2Fmain (at ",
      ) as string,
    });
  });

  it.each([
    ["status" as const, 500],
    ["reset" as const, undefined],
    ["not-json" as const, undefined],
    ["truncated" as const, undefined],
  ])("reads again after %s", async (kind, status) => {
    const sha = await commit({ a: "1" });
    github.fault({ route: /git\/ref/, kind, times: 2, ...(status === undefined ? {} : { status }) });
    expect(await forge.branchHead("main")).toBe(sha);
  });

  it("passes on what the HTTP client found out, not Octokit's stand-in for it", async () => {
    github.fault({ route: /git\/ref/, kind: "status", status: 503 });
    const refused = await problem(forge.branchHead("main"));
    expect(refused.message).toMatch(/^GitHub API answered 503 to GET .* \d times over \d+s/);
    expect(refused.status).toBe(503);
  });

  it("waits out a secondary limit, also for what must not come twice", async () => {
    const sha = await commit({ a: "1" });
    github.fault({ route: /POST/, kind: "secondary-limit", times: 1, retryAfter: 3 });
    await forge.createCheckRun({ sha, name: "n", externalId: "e", output });
    expect(github.checkRuns).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThanOrEqual(3_000);
    expect(asked()).toEqual(["POST /check-runs", "POST /check-runs"]);
  });

  it("works over a plain fetch too, and says when nobody answers", async () => {
    const sha = await commit({ a: "1" });
    const plain = forgeOf({ fetch: (url, init) => fetch(url, init) });
    expect(await plain.branchHead("main")).toBe(sha);
    const nobody = createForge({
      owner: "acme",
      repo: "shop",
      apiUrl: "http://127.0.0.1:1",
      serverUrl: "https://github.example",
      token: "t",
      fetch: (url, init) => fetch(url, init),
      redact,
      sleep: (ms) => clock.sleep(ms),
    });
    const refused = await problem(nobody.branchHead("main"));
    expect(refused.status).toBeUndefined();
    expect(refused.message).toMatch(/^GitHub gave no answer to GET …\/git\/ref\/heads%2Fmain: /);
  });
});

describe("two tokens", () => {
  it("writes checks and statuses with one, commits and pull requests with the other", async () => {
    const sha = await commit({ a: "1" });
    const bot = github.token("bot", {
      kind: "app",
      permissions: { contents: "write", "pull-requests": "write" },
    });
    const both = forgeOf({ prToken: bot });
    await both.createCheckRun({ sha, name: "n", externalId: "e", output });
    await both.setStatus(sha, { state: "pending", context: "c", description: "" });
    await both.branchHead("main");
    await both.pullsFrom("gate/x");
    await both.openWithLabel("l");
    const { number } = await both.createIssue({ title: "t", body: "b", labels: ["l"] });
    await both.issuesWithLabel("l");
    await both.updateIssue(number, { body: "c" });
    await both.decorateIssue(number, { labels: ["m"], assignees: ["ada"] });
    const tree = await both.createTree(await github.treeOf(sha), [{ path: "b", mode: "100644", text: "2" }]);
    const made = await both.createCommit({ message: "m", tree, parents: [sha] });
    await both.createBranch("gate/x", sha);
    await both.merge("gate/x", made, "m");
    await both.moveBranch("gate/x", made);
    const pull = await both.createPull({ title: "t", body: "", head: "gate/x", base: "main", draft: false });
    await both.updatePull(pull.number, { title: "u" });
    await both.comment(pull.number, "c");
    await both.decorate(pull.number, { labels: ["l"], assignees: ["ada"], reviewers: ["grace"] });
    github.settings.branchRules = {
      main: [{ type: "pull_request", parameters: { required_approving_review_count: 1 } }],
    };
    await both.enableAutoMerge(pull);
    await both.deleteBranch("gate/x");
    expect(github.requests.map((one) => one.token)).toEqual([
      ...Array<string>(10).fill("actions"),
      ...Array<string>(13).fill("bot"),
    ]);
    expect(github.requests.every((one) => one.status < 300)).toBe(true);
  });
});

describe("GitHub Enterprise Server", () => {
  it("keeps the path of its API, and finds GraphQL beside it", async () => {
    await stop();
    await start({ basePath: "/api/v3" });
    const sha = await commit({ a: "1" });
    await commit({ a: "2" }, "feature", "gate/x");
    expect(await forge.branchHead("main")).toBe(sha);
    const slashed = forgeOf({ apiUrl: `${github.url}/` });
    expect(await slashed.branchHead("main")).toBe(sha);
    github.settings.branchRules = {
      main: [{ type: "pull_request", parameters: { required_approving_review_count: 1 } }],
    };
    const pull = await forge.createPull({ title: "t", body: "", head: "gate/x", base: "main", draft: false });
    expect(await forge.enableAutoMerge(pull)).toEqual({ kind: "enabled" });
    const weak = github.token("weak", { kind: "app", permissions: {} });
    const refused = await problem(forgeOf({ token: weak }).branchHead("main"));
    expect(refused.message).toContain("GitHub answered 403 to GET …/git/ref/heads%2Fmain");
  });
});

describe("githubRetryOf", () => {
  it.each([
    ["GET", "/repos/a/b/pulls", "safe"],
    ["PATCH", "/repos/a/b/git/refs/heads%2Fx", "safe"],
    ["DELETE", "/api/v3/repos/a/b/git/refs/heads%2Fx", "safe"],
    ["PATCH", "/repos/a/b/pulls/1", "safe"],
    ["POST", "/repos/a/b/statuses/abc", "safe"],
    ["POST", "/repos/a/b/deployments/7/statuses", "safe"],
    ["POST", "/repos/a/b/deployments", "refused-only"],
    ["POST", "/repos/a/b/git/commits", "safe"],
    ["POST", "/repos/a/b/git/trees", "safe"],
    ["PATCH", "/repos/a/b/issues/1", "safe"],
    ["POST", "/repos/a/b/issues", "refused-only"],
    ["PATCH", "/repos/a/b/issues/comments/1", "refused-only"],
    ["POST", "/repos/a/b/issues/1/labels", "safe"],
    ["POST", "/repos/a/b/issues/1/assignees", "safe"],
    ["POST", "/repos/a/b/pulls/1/requested_reviewers", "safe"],
    ["POST", "/repos/a/b/git/refs", "refused-only"],
    ["POST", "/repos/a/b/check-runs", "refused-only"],
    ["PATCH", "/repos/a/b/check-runs/1", "refused-only"],
    ["POST", "/repos/a/b/pulls", "refused-only"],
    ["POST", "/repos/a/b/merges", "refused-only"],
    ["POST", "/repos/a/b/issues/1/comments", "refused-only"],
    ["POST", "/graphql", "refused-only"],
  ])("%s %s: %s", (method, path, mode) => {
    expect(githubRetryOf(method, new URL(`https://github.example${path}`))).toBe(mode);
  });
});
