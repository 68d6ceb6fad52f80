import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { startScene, type GateOptions, type GateResult, type Scene } from "./scene.ts";

const FILE = ".github/deploy-gate.yml";
const GOOD = "version: 1\nservice: shop-api\nchecks:\n  health: { http: /health }\n";
const run = promisify(execFile);

interface Stage extends AsyncDisposable {
  readonly scene: Scene;
  readonly sha: string;
}

async function sceneWith(config: string | null): Promise<Stage> {
  const scene = await startScene();
  const service = scene.render.service({
    name: "shop-api",
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
  });
  const old = await scene.push({ "app.py": "print('one')\n" }, "First");
  scene.render.serving(service.id, old);
  const files = { "app.py": "print('two')\n", ...(config === null ? {} : { [FILE]: config }) };
  const sha = await scene.push(files, "Second (#2)");
  scene.render.story(service.id, sha, { buildMs: 60_000 });
  return { scene, sha, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

function errorsOf(result: GateResult): readonly string[] {
  return result.lines.filter((line) => line.startsWith("error: ")).map((line) => line.slice(7));
}

/** Exit 1 before any wait; at Render nothing but reads, at GitHub nothing but check runs and statuses. */
function expectNothingTouched(scene: Scene, result: GateResult): void {
  expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
  expect(result.report.verdict).toBe("unknown");
  expect(result.outputs).toMatchObject({ verdict: "unknown" });
  expect(scene.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(5_000);
  expect(scene.render.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  const writes = scene.github.requests.filter(({ method }) => method !== "GET").map(({ path }) => path);
  expect(writes.filter((path) => !/\/(?:check-runs|statuses)\b/.test(path))).toEqual([]);
  expect(scene.github.pulls).toEqual([]);
  expect([...scene.render.violations, ...scene.github.violations]).toEqual([]);
}

/** Closed as action_required with status error, and every mistake in its summary. */
function expectTold(scene: Scene, about: { name: string; sha: string; errors: readonly string[] }): void {
  const { name, sha, errors } = about;
  expect(scene.github.checkRuns).toMatchObject([
    { name: `deploy-gate / ${name}`, sha, status: "completed", conclusion: "action_required" },
  ]);
  const status = scene.github.statuses.at(-1);
  expect(status).toMatchObject({ context: `deploy-gate / ${name}`, sha, state: "error" });
  expect(status?.description).toMatch(/^Configuration: /);
  const [checkRun] = scene.github.checkRuns;
  expect(checkRun?.summary?.match(/^- /gm)).toHaveLength(errors.length);
}

const TEN = `version: 1
service: shop-api
mod: enforce
stages:
  boot: { for: 5 minutes }
databases:
  main: { url: $NOT_SET }
  other: { url: mysql://db/shop }
checks:
  a: { http: /health, pas: status == 200 }
  b: { logs: { forbid: ["/(unclosed/"] } }
  c: { http: /health, pass: status == "ok" }
  d: { http: /health, pass: status = 200 }
  e: { http: /health, on_fail: revrt }
  f: { http: /health, every: 15 }
`;

const TEN_FOUND: readonly (readonly [place: string, text: RegExp])[] = [
  ["3:1", /unknown key "mod"\. did you mean "mode"\?/],
  ["5:16", /"5 minutes"; use a number with a unit, such as 30s/],
  ["7:16", /\$NOT_SET, which is not set\..*secrets\.NOT_SET/],
  ["8:17", /"databases\.other\.url" is no address of a PostgreSQL database\. it must look like postgres:/],
  ["10:23", /unknown key "pas" in "checks\.a"\. did you mean "pass"\?/],
  ["11:25", /the expression does not parse: unterminated group/],
  ["12:39", /status is a number and cannot be compared with the text "ok"/],
  ["13:36", /write ==/],
  ["14:32", /no remedy "revrt"\. did you mean "revert"\?/],
  ["15:30", /15.*use a number with a unit/],
];

describe("a config file with ten mistakes", () => {
  it("has all of them reported with line, column and a way out, in the log and as annotations", async () => {
    await using stage = await sceneWith(TEN);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha });
    const errors = errorsOf(result);
    expect(errors).toHaveLength(TEN_FOUND.length);
    for (const [index, [place, text]] of TEN_FOUND.entries()) {
      expect(errors[index]).toMatch(text);
      expect(errors[index]?.startsWith(`${FILE}:${place} `), `${place}: ${errors[index] ?? ""}`).toBe(true);
    }
    const annotations = scene.github.checkRuns[0]?.annotations ?? [];
    expect(annotations.map(({ path, start_line }) => `${path}:${String(start_line)}`)).toEqual(
      TEN_FOUND.map(([place]) => `${FILE}:${place.split(":")[0] ?? ""}`),
    );
    expect(scene.render.requests).toEqual([]);
    expectTold(scene, { name: "shop-api", sha, errors });
    expectNothingTouched(scene, result);
  });

  it("comes together with the mistakes in the inputs", async () => {
    await using stage = await sceneWith(TEN);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha, inputs: { "render-api-key": "", mode: "enforced" } });
    expect(errorsOf(result)).toHaveLength(TEN_FOUND.length + 2);
    expectNothingTouched(scene, result);
  });
});

it("what a file can hardly mean is a warning with its place, and the gate goes on", async () => {
  await using stage = await sceneWith(`${GOOD}  errors: { logs: { forbid: ["/.*/"] } }\n`);
  const { scene, sha } = stage;
  const result = await scene.gate({ commit: sha });
  expect(result.lines.filter((line) => line.startsWith("warning: "))).toEqual([
    `warning: ${FILE}:5:30 /.*/ matches every line of text, so every line is a match.`,
  ]);
  expect(errorsOf(result)).toEqual([]);
  expect(result.report.checks.map(({ name }) => name)).toEqual(["health", "errors"]);
});

interface Row {
  readonly title: string;
  readonly config?: string | null;
  readonly gate?: Omit<GateOptions, "commit">;
  readonly error: RegExp;
  /** Of the check run; shop-api unless it says otherwise. */
  readonly name?: string;
}

const check = (line: string): string => `version: 1\nservice: shop-api\nchecks:\n  one: ${line}\n`;
const database = (url: string): string =>
  `version: 1\nservice: shop-api\ndatabases:\n  main: { url: ${url} }\nchecks:\n  one: { sql: select 1 as n, pass: n == 1 }\n`;

const ROWS: readonly Row[] = [
  { title: "no key", gate: { inputs: { "render-api-key": "" } }, error: /"render-api-key" is empty.*secret/ },
  { title: "a key in two lines", gate: { inputs: { "render-api-key": "a\nb" } }, error: /line break/ },
  {
    title: "a wrong key",
    gate: { inputs: { "render-api-key": "rnd_wrong" } },
    error: /answered 401 .*Set the input "render-api-key" to a valid key/,
  },
  {
    title: "a wrong key and a service by id",
    gate: { inputs: { "render-api-key": "rnd_wrong", service: "srv-abcdefghij0123456789" } },
    error: /answered 401 /,
    name: "srv-abcdefghij0123456789",
  },
  {
    title: "a service that does not exist",
    gate: { inputs: { service: "shop-apx" } },
    error: /No service named "shop-apx" .*Check the spelling/,
    name: "shop-apx",
  },
  {
    title: "an id that does not exist",
    gate: { inputs: { service: "srv-abcdefghij0123456789" } },
    error: /"srv-abcdefghij0123456789" does not exist.*Check the id/,
    name: "srv-abcdefghij0123456789",
  },
  {
    title: "no service named anywhere",
    config: "version: 1\nchecks:\n  one: { http: / }\n",
    error: /No service is named.*"service" in \.github/,
    name: "unknown service",
  },
  {
    title: "a wrong mode",
    gate: { inputs: { mode: "enforced" } },
    error: /"mode" is "enforced"; use observe, advise or enforce.*did you mean "enforce"/,
  },
  { title: "a deploy-id that is none", gate: { inputs: { "deploy-id": "latest" } }, error: /id of a deploy/ },
  {
    title: "a deploy of nobody",
    gate: { inputs: { "deploy-id": "dep-abcdefghij0123456789" } },
    error: /"dep-abcdefghij0123456789" does not belong to the service "shop-api"/,
  },
  {
    title: "a named config that is not there",
    gate: { inputs: { config: "ops/gate.yml", service: "shop-api" } },
    error: /"ops\/gate\.yml" does not exist at [0-9a-f]{7}\. Commit it/,
  },
  {
    title: "a config outside",
    gate: { inputs: { config: "../gate.yml" } },
    error: /path inside the repository/,
  },
  { title: "an empty file", config: "", error: /:1:1 the file holds nothing/, name: "unknown service" },
  { title: "no YAML", config: "service: shop-api\nchecks: {\n", error: /:\d+:\d+ .*not closed/ },
  { title: "another version", config: GOOD.replace("1", "2"), error: /:1:10 "version" holds 2; use 1/ },
  {
    title: "nothing selected",
    config: "version: 1\nservice: shop-api\nchecks: {}\n",
    error: /no check is selected/,
  },
  { title: "no checks at all", config: "version: 1\nservice: shop-api\n", error: /"checks" is missing/ },
  {
    title: "a $NAME not set",
    config: database("$DATABASE_URL"),
    error: /:4:16 .*\$DATABASE_URL, which is not set/,
  },
  {
    title: "a $NAME that holds no database",
    config: database("$DATABASE_URL"),
    gate: { env: { DATABASE_URL: "https://example.com/hunter2secret" } },
    error: /:4:16 .*no address of a PostgreSQL database/,
  },
  { title: "a database URL that is none", config: database("nowhere"), error: /no address of a PostgreSQL/ },
  {
    title: "a bad expression",
    config: check('{ logs: { forbid: ["/a(b/"] } }'),
    error: /:4:\d+ .*does not parse/,
  },
  {
    title: "text against a number",
    config: check('{ http: /, pass: status == "200" }'),
    error: /:4:\d+ .*status is a number and cannot be compared with the text "200"/,
  },
];

describe("bad input", () => {
  it.each(ROWS)("$title: one clear line, action_required, nothing touched", async (row) => {
    await using stage = await sceneWith(row.config === undefined ? GOOD : row.config);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha, ...row.gate });
    const errors = errorsOf(result);
    expect(errors.length).toBeGreaterThan(0);
    expect(
      errors.some((line) => row.error.test(line)),
      errors.join("\n"),
    ).toBe(true);
    for (const line of errors) expect(line).not.toMatch(/\n|hunter2secret|rnd_wrong/);
    expectTold(scene, { name: row.name ?? "shop-api", sha, errors });
    expectNothingTouched(scene, result);
  });

  it.each([
    { title: "no github-token", token: "", error: /"github-token" is empty/ },
    {
      title: "a wrong github-token",
      token: "ghs_wrong",
      error: /401 .*Give the input "github-token" a valid/,
    },
  ])("$title: the job alone is told", async ({ token, error }) => {
    await using stage = await sceneWith(GOOD);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha, inputs: { "github-token": token } });
    expect(errorsOf(result)).toHaveLength(1);
    expect(errorsOf(result)[0]).toMatch(error);
    expect(scene.github.checkRuns).toEqual([]);
    expect(scene.github.statuses).toEqual([]);
    expectNothingTouched(scene, result);
  });

  it("a commit that does not exist: the job alone is told", async () => {
    await using stage = await sceneWith(GOOD);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha, inputs: { commit: "deadbeef" } });
    expect(errorsOf(result)).toEqual([expect.stringMatching(/commit deadbeef does not exist in acme\/shop/)]);
    expect(scene.github.checkRuns).toEqual([]);
    expectNothingTouched(scene, result);
  });

  it("a key without access to the workspace", async () => {
    await using stage = await sceneWith(GOOD);
    const { scene, sha } = stage;
    scene.render.fault({ kind: "forbidden" });
    const result = await scene.gate({ commit: sha });
    const errors = errorsOf(result);
    expect(errors).toEqual([expect.stringMatching(/answered 403 .*Give the key of "render-api-key" access/)]);
    expectTold(scene, { name: "shop-api", sha, errors });
    expectNothingTouched(scene, result);
  });

  it("a token that cannot read contents is no missing file", async () => {
    await using stage = await sceneWith(null);
    const { scene, sha } = stage;
    const token = scene.github.token("narrow", {
      kind: "actions",
      permissions: { checks: "write", statuses: "write" },
    });
    const result = await scene.gate({ commit: sha, inputs: { "github-token": token, service: "shop-api" } });
    const errors = errorsOf(result);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/contents: read/);
    expectTold(scene, { name: "shop-api", sha, errors });
    expectNothingTouched(scene, result);
  });

  it("a commit that cannot be read is no missing file", async () => {
    await using stage = await sceneWith(null);
    const { scene, sha } = stage;
    scene.github.fault({ route: new RegExp(`^GET .*/commits/${sha}$`), kind: "status", status: 404 });
    const result = await scene.gate({ commit: sha, inputs: { service: "shop-api" } });
    const errors = errorsOf(result);
    expect(errors).toEqual([expect.stringMatching(/Neither ".*" nor the commit [0-9a-f]{40} can be read/)]);
    expectTold(scene, { name: "shop-api", sha, errors });
    expectNothingTouched(scene, result);
  });
});

const merged = (sha: string, isMerged: boolean): object => ({
  action: "closed",
  pull_request: { merged: isMerged, merge_commit_sha: sha },
});

describe("events that deploy nothing", () => {
  it.each([
    ["pull_request", merged("a".repeat(40), false), /Render deploys nothing for this pull_request event/],
    ["pull_request", { action: "opened", pull_request: {} }, /Render deploys nothing for this pull_request/],
    ["merge_group", { merge_group: {} }, /Render deploys nothing for a merge_group event/],
    ["push", { after: "0".repeat(40), deleted: true }, /This push deleted a branch/],
    ["issues", { action: "opened" }, /The event "issues" names no commit/],
    ["", undefined, /The event "" names no commit/],
  ])("%s is refused at once, and no commit is told", async (name, payload, error) => {
    await using stage = await sceneWith(GOOD);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha, event: { name, payload } });
    expect(errorsOf(result)).toEqual([expect.stringMatching(error)]);
    // GITHUB_SHA of such a run is another commit, whose verdict must not be overwritten.
    expect(scene.github.requests).toEqual([]);
    expect(scene.render.requests).toEqual([]);
    expectNothingTouched(scene, result);
  });

  it("a merged pull request is gated by its merge commit, a dispatch by its input", async () => {
    for (const [name, payload, inputs] of [
      ["pull_request", merged, {}],
      ["workflow_dispatch", () => ({}), { commit: true }],
    ] as const) {
      await using stage = await sceneWith("");
      const { scene, sha } = stage;
      const result = await scene.gate({
        commit: "b".repeat(40),
        event: { name, payload: payload(sha, true) },
        inputs: "commit" in inputs ? { commit: sha.slice(0, 10).toUpperCase() } : {},
      });
      expectTold(scene, { name: "unknown service", sha, errors: errorsOf(result) });
    }
  });
});

describe("where the config file comes from", () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  async function checkedOut(scene: Scene, sha: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "deploy-gate-checkout-"));
    folders.push(folder);
    await run("git", ["clone", "--quiet", scene.github.gitDir, folder]);
    await run("git", ["-C", folder, "checkout", "--quiet", sha]);
    return folder;
  }

  it("is the workspace when it stands at the commit", async () => {
    await using stage = await sceneWith("version: 2\nservice: shop-api\nchecks: {}\n");
    const { scene, sha } = stage;
    const folder = await checkedOut(scene, sha);
    const result = await scene.gate({ commit: sha, env: { GITHUB_WORKSPACE: folder } });
    expect(scene.github.requests.some(({ path }) => path.includes("/contents/"))).toBe(false);
    expectTold(scene, { name: "shop-api", sha, errors: errorsOf(result) });
  });

  it("is the contents API when a sparse checkout left the file out", async () => {
    await using stage = await sceneWith("version: 2\nservice: shop-api\nchecks: {}\n");
    const { scene, sha } = stage;
    const folder = await checkedOut(scene, sha);
    await rm(join(folder, FILE));
    const result = await scene.gate({ commit: sha, env: { GITHUB_WORKSPACE: folder } });
    expectTold(scene, { name: "shop-api", sha, errors: errorsOf(result) });
  });

  it("is the contents API when the workspace stands elsewhere", async () => {
    await using stage = await sceneWith("version: 2\nservice: shop-api\nchecks: {}\n");
    const { scene, sha } = stage;
    const folder = await checkedOut(scene, `${sha}^`);
    await writeFile(join(folder, "deploy-gate.yml"), GOOD);
    const result = await scene.gate({ commit: sha, env: { GITHUB_WORKSPACE: folder } });
    expect(scene.github.requests.some(({ path }) => path.includes("/contents/"))).toBe(true);
    expectTold(scene, { name: "shop-api", sha, errors: errorsOf(result) });
  });

  it("may be nowhere at the default path: then title and summary say so", async () => {
    await using stage = await sceneWith(null);
    const { scene, sha } = stage;
    const result = await scene.gate({ commit: sha, inputs: { service: "shop-api" } });
    expect(scene.github.checkRuns).toMatchObject([{ status: "completed" }]);
    expect(scene.github.checkRuns[0]?.title).toContain("no config file: defaults only");
    expect(result.summary).toContain("no config file: defaults only");
    expect(result.report.checks.map(({ name }) => name)).toEqual(["health", "crashes"]);
    expect([...scene.render.violations, ...scene.github.violations]).toEqual([]);
  });
});
