import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { simulatedClock } from "./clock.ts";
import { operationKeys } from "./github/contract.ts";
import { gitEnvironment } from "./github/objects.ts";
import { ROUTES } from "./github/routes.ts";
import type { GitHubStandIn } from "./github/stand-in.ts";
import { startGitHubStandIn } from "./github/stand-in.ts";

interface Reply {
  readonly status: number;
  // Tests read answers of many shapes.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

const clock = simulatedClock();
let github: GitHubStandIn;

beforeEach(async () => {
  github = await startGitHubStandIn({ now: () => clock.now() });
});

afterEach(async () => {
  await github.close();
});

/** One request; paths begin below the repository unless they begin with two slashes. */
async function ask(
  method: string,
  path: string,
  options: {
    readonly body?: unknown;
    readonly token?: string;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<Reply> {
  const url = path.startsWith("//")
    ? `${github.url}${path.slice(1)}`
    : `${github.url}/repos/acme/shop${path}`;
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? github.actionsToken}`,
      "user-agent": "test",
      ...(options.body !== undefined && { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

const get = (path: string, options?: Parameters<typeof ask>[2]): Promise<Reply> => ask("GET", path, options);
const post = (path: string, body: unknown, token?: string): Promise<Reply> =>
  ask("POST", path, { body, ...(token !== undefined && { token }) });
const patch = (path: string, body: unknown, token?: string): Promise<Reply> =>
  ask("PATCH", path, { body, ...(token !== undefined && { token }) });

const first = (): Promise<string> =>
  github.commit({ files: { "app.py": "one\ntwo\nthree\n" }, message: "First" });

/** git in a clone, as a person would run it. */
function gitIn(folder: string, ...args: readonly string[]): string {
  const person = {
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@b",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@b",
  };
  return execFileSync("git", [...args], {
    cwd: folder,
    env: gitEnvironment(person),
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

function cloned<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "clone-"));
  try {
    gitIn(folder, "clone", "--quiet", github.gitDir, ".");
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the contract", () => {
  it("knows every route that is built, and only a few are not", () => {
    const keys = new Set(operationKeys());
    expect([...ROUTES.keys()].filter((key) => !keys.has(key))).toEqual([]);
    expect([...keys].filter((key) => !ROUTES.has(key) && key !== "GET /rate_limit")).toEqual([
      "GET /repos/{owner}/{repo}/issues/{issue_number}/timeline",
      "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
      "GET /repos/{owner}/{repo}/actions/runs/{run_id}",
    ]);
  });

  const sha = "a".repeat(40);
  const output = { title: "t", summary: "s" };
  const annotation = { path: "a.py", start_line: 1, end_line: 1, annotation_level: "failure", message: "m" };
  const check = { name: "gate", head_sha: sha };
  it.each<[string, string, string, unknown, number]>([
    ["a route nobody knows", "GET", "/nothing", undefined, 404],
    ["a route that is not built", "GET", "/issues/1/timeline", undefined, 501],
    ["an unknown query parameter", "GET", "/pulls?label=x", undefined, 422],
    ["a query parameter that is not built", "GET", "/issues?milestone=1", undefined, 501],
    ["per_page over 100", "GET", "/pulls?per_page=101", undefined, 422],
    ["a state outside the list", "GET", "/pulls?state=merged", undefined, 422],
    ["a head without owner", "GET", "/pulls?head=branch", undefined, 422],
    ["an unknown body property", "POST", "/check-runs", { ...check, titel: "x" }, 422],
    ["an unknown nested property", "POST", "/check-runs", { ...check, output: { ...output, txt: "x" } }, 422],
    ["a missing body property", "POST", "/check-runs", { name: "gate" }, 422],
    ["no body", "POST", "/check-runs", undefined, 422],
    [
      "51 annotations",
      "POST",
      "/check-runs",
      { ...check, output: { ...output, annotations: Array.from({ length: 51 }, () => annotation) } },
      422,
    ],
    [
      "level error",
      "POST",
      "/check-runs",
      { ...check, output: { ...output, annotations: [{ ...annotation, annotation_level: "error" }] } },
      422,
    ],
    [
      "a summary of 65536",
      "POST",
      "/check-runs",
      { ...check, output: { ...output, summary: "x".repeat(65536) } },
      422,
    ],
    [
      "a text of 65536",
      "POST",
      "/check-runs",
      { ...check, output: { ...output, text: "x".repeat(65536) } },
      422,
    ],
    ["an unknown commit", "POST", "/check-runs", check, 422],
    ["a status state outside the list", "POST", `/statuses/${sha}`, { state: "neutral" }, 422],
    ["a status of an unknown commit", "POST", `/statuses/${sha}`, { state: "success" }, 422],
    ["a ref without refs/", "POST", "/git/refs", { ref: "heads/x", sha }, 422],
    ["a ref of an unknown commit", "POST", "/git/refs", { ref: "refs/heads/x", sha }, 422],
    ["a commit of an unknown tree", "POST", "/git/commits", { message: "m", tree: sha }, 422],
    ["a deployment that would merge", "POST", "/deployments", { ref: "main", required_contexts: [] }, 422],
    [
      "a deployment that waits for all checks",
      "POST",
      "/deployments",
      { ref: "main", auto_merge: false },
      422,
    ],
    ["a pull request without title", "POST", "/pulls", { head: "x", base: "main" }, 422],
    ["a folder through contents", "GET", "/contents/src", undefined, 501],
  ])("calls %s a violation", async (_, method, path, body, status) => {
    await github.commit({ files: { "src/a.py": "a\n" }, message: "First" });
    const reply = await ask(method, path, body === undefined ? {} : { body });
    expect(reply.status).toBe(status);
    expect(github.violations).toHaveLength(1);
    expect(github.violations[0]).toContain(
      `${method} /repos/acme/shop${new URL(path, "http://x/").pathname}: `,
    );
  });

  it.each<[string, RequestInit, number]>([
    ["a request without User-Agent", { headers: { "user-agent": "" } }, 403],
    ["a request without token", { headers: { authorization: "" } }, 401],
    ["an API version that never was", { headers: { "x-github-api-version": "2020-01-01" } }, 400],
    [
      "a body that is not JSON",
      { method: "POST", body: "{", headers: { "content-type": "application/json" } },
      400,
    ],
    [
      "a form",
      { method: "POST", body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
      422,
    ],
  ])("calls %s a violation", async (_, init, status) => {
    const headers = {
      authorization: `Bearer ${github.actionsToken}`,
      "user-agent": "t",
      ...(init.headers as Record<string, string>),
    };
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
    // fetch always sends a User-Agent; an empty one counts as none.
    const response = await fetch(`${github.url}/repos/acme/shop/pulls`, {
      ...init,
      headers: headers["user-agent"] === "" ? { ...given, "user-agent": "" } : given,
    });
    expect(response.status).toBe(status);
    expect(github.violations).toHaveLength(1);
  });
});

describe("tokens", () => {
  it.each([
    ["actions", "integration"],
    ["app", "integration"],
    ["pat", "personal access token"],
  ] as const)("refuse an %s token without the permission, naming what would do", async (kind, who) => {
    await first();
    const token = github.token("poor", { kind, permissions: { contents: "read", checks: "read" } });
    expect((await get("/commits/main", { token })).status).toBe(200);
    const reply = await post("/git/blobs", { content: "x" }, token);
    expect(reply.status).toBe(403);
    expect(reply.body.message).toBe(`Resource not accessible by ${who}`);
    expect(reply.headers.get("x-accepted-github-permissions")).toBe("contents=write");
    expect((await get("/pulls", { token })).status).toBe(403);
    github.settings.private = false;
    expect((await get("/pulls", { token })).status).toBe(200);
    expect(github.violations).toEqual([]);
  });

  it("hide a repository from a token that does not see it, and refuse unknown tokens", async () => {
    const token = github.token("stranger", {
      kind: "app",
      permissions: { contents: "write" },
      access: false,
    });
    expect((await get("", { token })).status).toBe(404);
    expect((await get("//repos/acme/other")).status).toBe(404);
    expect(await get("", { token: "ghs_none" })).toMatchObject({
      status: 401,
      body: { message: "Bad credentials" },
    });
    expect(github.violations).toEqual([]);
  });
});

describe("check runs", () => {
  it("append annotations, keep the text, and complete with a conclusion", async () => {
    const sha = await first();
    const annotation = {
      path: "app.py",
      start_line: 1,
      end_line: 1,
      annotation_level: "failure",
      message: "m",
    };
    const output = { title: "t", summary: "s" };
    const made = await post("/check-runs", {
      name: "deploy-gate / api",
      head_sha: sha,
      status: "in_progress",
      external_id: "srv-1",
      details_url: "https://example.com",
      output: { ...output, text: "state", annotations: Array.from({ length: 50 }, () => annotation) },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { status: "in_progress", conclusion: null, app: { id: 15368 } },
    });
    expect(made.body.details_url).not.toContain("example.com");
    const changed = await patch(`/check-runs/${made.body.id}`, {
      conclusion: "failure",
      output: { ...output, annotations: [annotation, annotation] },
    });
    expect(changed.body).toMatchObject({
      status: "completed",
      conclusion: "failure",
      output: { annotations_count: 52, text: null },
    });
    const page = await get(`/check-runs/${made.body.id}/annotations?per_page=50&page=2`);
    expect(page.body).toHaveLength(2);
    expect(page.headers.get("link")).toContain('rel="prev"');
    const again = await patch(`/check-runs/${made.body.id}`, { status: "in_progress", output });
    expect(again.body).toMatchObject({ status: "in_progress", conclusion: null, completed_at: null });
    expect(github.checkRuns).toHaveLength(1);
    expect(github.checkRuns[0]).toMatchObject({ name: "deploy-gate / api", externalId: "srv-1", updates: 2 });
    expect(github.violations).toEqual([]);
  });

  it("belong to the app that made them, and never to a person", async () => {
    const sha = await first();
    const permissions = { checks: "write", contents: "read" } as const;
    const app = github.token("gatekeeper", { kind: "app", permissions });
    const pat = github.token("ada", { kind: "pat", permissions });
    const second = github.token("later-run", { kind: "actions", permissions });
    const made = await post("/check-runs", { name: "gate", head_sha: sha });
    const path = `/check-runs/${made.body.id}`;
    const foreign = await patch(path, { status: "in_progress" }, app);
    expect(foreign.status).toBe(403);
    expect(foreign.body.message).toMatch(
      /^Invalid app_id `\d+` - check run can only be modified by the GitHub App that created it\.$/,
    );
    expect((await patch(path, { status: "in_progress" }, second)).status).toBe(200);
    expect((await patch(path, { status: "in_progress" }, pat)).body.message).toBe(
      "You must authenticate via a GitHub App.",
    );
    expect((await get(path, { token: pat })).status).toBe(200);
    expect(github.violations).toEqual([]);
  });

  it("list the latest of a name and app, or all", async () => {
    const sha = await first();
    const app = github.token("gatekeeper", {
      kind: "app",
      permissions: { checks: "write", contents: "read" },
    });
    for (const name of ["gate", "gate", "other"]) await post("/check-runs", { name, head_sha: sha });
    await post("/check-runs", { name: "gate", head_sha: sha }, app);
    const count = async (query: string): Promise<number> =>
      (await get(`/commits/${sha}/check-runs?${query}`)).body.total_count as number;
    expect(await count("")).toBe(3);
    expect(await count("filter=all")).toBe(4);
    expect(await count("check_name=gate&app_id=15368")).toBe(1);
    expect(await count("check_name=gate&filter=all&app_id=15368")).toBe(2);
    expect(await count("status=completed")).toBe(0);
    expect((await get("/commits/nowhere/check-runs")).status).toBe(422);
    expect(github.violations).toEqual([]);
  });

  it.each<[string, object]>([
    ["an absolute path", { path: "/app.py" }],
    ["a path out of the repository", { path: "../app.py" }],
    ["a path with ./", { path: "./app.py" }],
    ["line 0", { start_line: 0 }],
    ["an end before the start", { start_line: 3, end_line: 2 }],
    ["columns over several lines", { start_line: 1, end_line: 2, start_column: 1 }],
    ["a title of 256", { title: "x".repeat(256) }],
    ["a message over 64 KB", { message: "x".repeat(65537) }],
  ])("refuse an annotation with %s", async (_, wrong) => {
    const sha = await first();
    const annotation = {
      path: "app.py",
      start_line: 1,
      end_line: 1,
      annotation_level: "notice",
      message: "m",
      ...wrong,
    };
    const reply = await post("/check-runs", {
      name: "g",
      head_sha: sha,
      output: { title: "t", summary: "s", annotations: [annotation] },
    });
    expect(reply.status).toBe(422);
    expect(github.checkRuns).toEqual([]);
    expect(github.violations).toHaveLength(1);
  });

  it.each([
    ["completed without conclusion", { status: "completed" }],
    ["a conclusion while in progress", { status: "in_progress", conclusion: "success" }],
    ["stale", { conclusion: "stale" }],
    ["waiting", { status: "waiting" }],
    ["a long external_id", { external_id: "x".repeat(201) }],
  ])("refuse a change to %s", async (_, change) => {
    const made = await post("/check-runs", { name: "g", head_sha: await first() });
    expect((await patch(`/check-runs/${made.body.id}`, change)).status).toBe(422);
    expect(github.violations).toHaveLength(1);
  });
});

describe("statuses", () => {
  it("combine the newest of each context, whatever its case", async () => {
    const sha = await first();
    expect((await get(`/commits/${sha}/status`)).body).toMatchObject({ state: "pending", total_count: 0 });
    await post(`/statuses/${sha}`, { state: "failure", context: "Gate", description: "x".repeat(140) });
    await post(`/statuses/${sha}`, {
      state: "success",
      context: "gate",
      target_url: "https://example.com/1",
    });
    await post(`/statuses/${sha}`, { state: "pending" });
    const combined = await get(`/commits/${sha}/status`);
    expect(combined.body).toMatchObject({ state: "pending", total_count: 2 });
    expect((await get(`/commits/main/statuses`)).body).toHaveLength(3);
    expect(github.statuses.map((status) => status.state)).toEqual(["failure", "success", "pending"]);
    expect(github.violations).toEqual([]);
  });

  it("take 140 characters and 1000 posts of a context", async () => {
    const sha = await first();
    github.settings.secondaryLimits = false;
    github.settings.rateLimit = 5000;
    const long = await post(`/statuses/${sha}`, { state: "success", description: "x".repeat(141) });
    expect(long.body.errors[0].message).toBe("description is too long (maximum is 140 characters)");
    for (let count = 0; count < 1000; count += 50) {
      await Promise.all(
        Array.from({ length: 50 }, () => post(`/statuses/${sha}`, { state: "success", context: "c" })),
      );
    }
    const over = await post(`/statuses/${sha}`, { state: "success", context: "C" });
    expect(over.body.errors[0].message).toBe(
      "This SHA and context has reached the maximum number of statuses.",
    );
    expect(github.violations).toHaveLength(2);
  });
});

describe("limits", () => {
  it("count an hour's requests of all Actions tokens together", async () => {
    await first();
    github.settings.rateLimit = 3;
    const other = github.token("other-job", { kind: "actions", permissions: { contents: "read" } });
    const app = github.token("app", { kind: "app", permissions: { contents: "read" } });
    const one = await get("/commits/main");
    expect(one.headers.get("x-ratelimit-remaining")).toBe("2");
    expect(Number(one.headers.get("x-ratelimit-reset"))).toBe(Math.ceil(clock.now() / 1000) + 3600);
    await get("/commits/main", { token: other });
    expect((await get("//rate_limit")).body.rate).toMatchObject({ remaining: 1, used: 2 });
    await get("/commits/main");
    const over = await get("/commits/main", { token: other });
    expect(over.status).toBe(403);
    expect(over.body.message).toMatch(/^API rate limit exceeded/);
    expect(over.headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await get("/commits/main", { token: app })).status).toBe(200);
    await clock.advance(3_600_000);
    expect((await get("/commits/main")).status).toBe(200);
    expect(github.violations).toEqual([]);
  });

  it("refuse more than 80 contents a minute", async () => {
    const sha = await first();
    const state = { state: "success" };
    for (let count = 0; count < 80; count += 1) await post(`/statuses/${sha}`, state);
    const over = await post(`/statuses/${sha}`, state);
    expect(over.status).toBe(403);
    expect(over.body.message).toMatch(/secondary rate limit/);
    expect(over.headers.get("retry-after")).toBe("60");
    await clock.advance(60_001);
    expect((await post(`/statuses/${sha}`, state)).status).toBe(201);
  });

  it("answer 304 to an unchanged thing", async () => {
    await first();
    const one = await get("/commits/main");
    const headers = { "if-none-match": one.headers.get("etag") ?? "" };
    expect((await get("/commits/main", { headers })).status).toBe(304);
    await github.commit({ files: { x: "x" }, message: "Second" });
    expect((await get("/commits/main", { headers })).status).toBe(200);
  });
});

describe("faults", () => {
  it("strike as often as asked, then pass", async () => {
    await first();
    const fault = github.fault({
      route: /^GET \/repos\/acme\/shop\/commits\/main$/,
      kind: "status",
      status: 502,
      times: 2,
    });
    expect((await get("/commits/main")).status).toBe(502);
    expect((await get("/git/ref/heads/main")).status).toBe(200);
    expect((await get("/commits/main")).status).toBe(502);
    expect((await get("/commits/main")).status).toBe(200);
    expect(fault.hits()).toBe(2);
    expect(github.violations).toEqual([]);
  });

  it.each(["reset", "truncated"] as const)(
    "%s breaks the connection, with or without effect",
    async (kind) => {
      const sha = await first();
      github.fault({ route: /statuses/, kind, times: 1 });
      await expect(post(`/statuses/${sha}`, { state: "success" })).rejects.toThrow(/fetch failed|terminated/);
      expect(github.statuses).toHaveLength(0);
      github.fault({ route: /statuses/, kind, times: 1, takesEffect: true });
      await expect(post(`/statuses/${sha}`, { state: "success" })).rejects.toThrow(/fetch failed|terminated/);
      expect(github.statuses).toHaveLength(1);
      expect(github.requests.map((request) => request.status)).toEqual([0, 0]);
    },
  );

  it.each(["hang", "slow-body"] as const)("%s never ends", async (kind) => {
    await first();
    github.fault({ route: /./, kind });
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${github.actionsToken}` };
    const body = fetch(`${github.url}/repos/acme/shop`, { headers, signal: stop.signal }).then((one) =>
      one.text(),
    );
    const settled = body.then(
      () => "ended",
      (error: Error) => error.name,
    );
    while (github.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await settled).toBe("AbortError");
  });

  it("come as refusals and as nonsense", async () => {
    await first();
    const ask = async (
      kind: "forbidden" | "secondary-limit" | "rate-limit" | "not-json" | "wrong-type",
      retryAfter?: number,
    ): Promise<Reply> => {
      github.fault({ route: /./, kind, times: 1, ...(retryAfter !== undefined && { retryAfter }) });
      return get("/commits/main");
    };
    expect((await ask("forbidden")).body.message).toBe("Resource not accessible by integration");
    expect((await ask("secondary-limit")).headers.get("retry-after")).toBeNull();
    expect((await ask("secondary-limit", 7)).headers.get("retry-after")).toBe("7");
    const limited = await ask("rate-limit", 30);
    expect(limited.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(Number(limited.headers.get("x-ratelimit-reset"))).toBe(Math.ceil(clock.now() / 1000) + 30);
    expect((await ask("not-json")).headers.get("content-type")).toMatch(/^text\/html/);
    expect((await ask("wrong-type")).body).toBeInstanceOf(Array);
  });

  it("and planned steps follow the simulated time", async () => {
    const sha = await first();
    github.at(clock.now() + 5000, async () => {
      await github.commit({ files: { later: "x" }, message: "Later" });
    });
    clock.onAdvance(() => github.settle());
    await clock.advance(4999);
    expect(await github.head()).toBe(sha);
    await clock.advance(1);
    expect(await github.head()).not.toBe(sha);
    expect((await get("/commits/main")).body.commit.committer.date).toBe(
      new Date(clock.now()).toISOString().replace(/\.\d+/, ""),
    );
  });
});

describe("commits and comparison", () => {
  it("compare as git does", async () => {
    const base = await first();
    const left = await github.commit({ branch: "left", files: { "left.txt": "l\n" }, message: "Left" });
    await github.commit({ files: { "app.py": "one\n2\nthree\n" }, message: "Change" });
    const head = await github.commit({
      files: { "moved.py": "one\n2\nthree\n", "app.py": null },
      message: "Move",
    });
    const compare = async (range: string): Promise<Reply["body"]> => (await get(`/compare/${range}`)).body;
    expect(await compare(`${base}...${head}`)).toMatchObject({
      status: "ahead",
      ahead_by: 2,
      behind_by: 0,
      merge_base_commit: { sha: base },
      files: [
        { filename: "moved.py", previous_filename: "app.py", status: "renamed", additions: 1, deletions: 1 },
      ],
    });
    expect(
      (await compare(`${base}...${head}`)).commits.map((one: Reply["body"]) => one.commit.message),
    ).toEqual(["Change", "Move"]);
    expect(await compare(`${head}...${base}`)).toMatchObject({
      status: "behind",
      ahead_by: 0,
      behind_by: 2,
      files: [],
    });
    expect(await compare(`${head}...main`)).toMatchObject({ status: "identical" });
    const apart = await compare(`main...left`);
    expect(apart).toMatchObject({
      status: "diverged",
      ahead_by: 1,
      behind_by: 2,
      merge_base_commit: { sha: base },
    });
    expect(apart.commits[0].sha).toBe(left);
    expect(apart.files[0].patch).toBe("@@ -0,0 +1 @@\n+l");
    expect((await get(`/compare/main...nowhere`)).status).toBe(404);
    expect(
      (await get(`/compare/main...left`, { headers: { accept: "application/vnd.github.diff" } })).body,
    ).toContain("+l");
    expect(github.violations).toEqual([]);
  });

  it("list every kind of change, whatever the names", async () => {
    const text = Array.from({ length: 20 }, (_, index) => `${index}\n`).join("");
    const base = await github.commit({
      files: { "gone.txt": "g\n", 'straße und "mehr".txt': "1\n", "pure.txt": text, "bin.dat": "\0a" },
      message: "First",
    });
    await github.commit({
      files: {
        "gone.txt": null,
        'straße und "mehr".txt': "2\n",
        "pure.txt": null,
        "dir/pure.txt": text,
        "bin.dat": "\0b",
      },
      message: "Second",
    });
    const { files } = (await get(`/compare/${base}...main`)).body as { files: Reply["body"][] };
    const short = files.map((file) => [file.filename, file.status, file.changes, file.patch !== undefined]);
    expect(short).toEqual([
      ["bin.dat", "modified", 0, false],
      ["dir/pure.txt", "renamed", 0, false],
      ["gone.txt", "removed", 1, true],
      ['straße und "mehr".txt', "modified", 2, true],
    ]);
    expect((await get(`/git/blobs/${files[2]!.sha}`)).body.content).toBe(
      Buffer.from("g\n").toString("base64"),
    );
    expect((await get(`/git/blobs/${base}`)).status).toBe(404);
    expect(github.violations).toEqual([]);
  });

  it("give 250 commits and 300 files, or pages with files on the first", async () => {
    const base = await first();
    for (let count = 0; count < 260; count += 1) {
      await github.commit({
        files: { [`n/${count}`]: "x", [`m/${count}`]: `y${count}` },
        message: `c${count}`,
        at: clock.now() + count * 1000,
      });
    }
    const whole = (await get(`/compare/${base}...main`)).body;
    expect([whole.total_commits, whole.commits.length, whole.files.length]).toEqual([260, 250, 300]);
    expect([whole.commits[0].commit.message, whole.commits.at(-1).commit.message]).toEqual(["c10", "c259"]);
    const page = await get(`/compare/${base}...main?per_page=100&page=3`);
    expect(page.body.commits).toHaveLength(60);
    expect(page.body.files).toBeUndefined();
    expect(page.headers.get("link")).toContain('rel="prev"');
    expect((await get("/commits?per_page=2")).body.map((one: Reply["body"]) => one.commit.message)).toEqual([
      "c259",
      "c258",
    ]);
    expect((await get("/commits?path=n/7")).body).toHaveLength(1);
    expect(github.violations).toEqual([]);
  });

  it("give one commit by branch, tag name, short sha or not at all", async () => {
    const sha = await first();
    for (const ref of ["main", "heads/main", sha.slice(0, 8), sha])
      expect((await get(`/commits/${ref}`)).body.sha).toBe(sha);
    expect((await get("/commits/main")).body.stats).toEqual({ additions: 3, deletions: 0, total: 3 });
    expect((await get(`/commits/${"0".repeat(40)}`)).status).toBe(422);
    expect((await get("/commits/main", { headers: { accept: "application/vnd.github.sha" } })).body).toBe(
      sha,
    );
    const [shortened] = [sha.slice(0, 7)];
    expect((await get(`/branches/main`)).body.commit.sha.slice(0, 7)).toBe(shortened);
    expect((await get(`/branches/nope`)).status).toBe(404);
    expect(github.violations).toEqual([]);
  });

  it("give files as JSON and raw", async () => {
    const sha = await github.commit({
      files: { ".github/deploy gate.yml": "version: 1\n".repeat(20) },
      message: "Config",
    });
    await github.commit({ files: { ".github/deploy gate.yml": "later\n" }, message: "Later" });
    const path = `/contents/.github/deploy%20gate.yml?ref=${sha}`;
    const file = await get(path);
    expect(Buffer.from(file.body.content as string, "base64").toString()).toBe("version: 1\n".repeat(20));
    expect(file.body.content).toContain("\n");
    expect((await get(path, { headers: { accept: "application/vnd.github.raw+json" } })).body).toBe(
      "version: 1\n".repeat(20),
    );
    expect((await get(`/contents/nothing?ref=${sha}`)).status).toBe(404);
    expect((await get("/contents/nothing?ref=nowhere")).status).toBe(404);
    expect(github.violations).toEqual([]);
  });
});

describe("git data", () => {
  it("writes objects that git accepts", async () => {
    const sha = await github.commit({
      files: { "src/a.js": "a\n", "src.js": "s\n", "src/b/c.js": "c\n" },
      message: "First",
    });
    const base = (await get(`/git/commits/${sha}`)).body.tree.sha as string;
    const blob = (
      await post("/git/blobs", { content: Buffer.from([0, 255, 10]).toString("base64"), encoding: "base64" })
    ).body;
    const tree = await post("/git/trees", {
      base_tree: base,
      tree: [
        { path: "src/a.js", mode: "100755", type: "blob", sha: blob.sha },
        { path: "src/b/c.js", mode: "100644", type: "blob", sha: null },
        { path: "new/deep/file", mode: "100644", type: "blob", content: "hello\n" },
      ],
    });
    const commit = await post("/git/commits", {
      message: "Second\n\nBody",
      tree: tree.body.sha,
      parents: [sha],
    });
    expect(commit.status).toBe(201);
    await post("/git/refs", { ref: "refs/heads/second", sha: commit.body.sha });
    const all = (await get("/git/trees/second?recursive=1")).body;
    expect(all.tree.map((entry: Reply["body"]) => `${entry.mode} ${entry.path}`)).toEqual([
      "040000 new",
      "040000 new/deep",
      "100644 new/deep/file",
      "100644 src.js",
      "040000 src",
      "100755 src/a.js",
    ]);
    expect(await github.fileAt("second", "new/deep/file")).toBe("hello\n");
    github.settings.treeLimit = 2;
    expect((await get(`/git/trees/${commit.body.sha}?recursive=1`)).body).toMatchObject({
      truncated: true,
      tree: { length: 2 },
    });
    cloned((folder) => {
      gitIn(folder, "fsck", "--strict");
      expect(gitIn(folder, "log", "-1", "--format=%B", "origin/second")).toBe("Second\n\nBody");
      expect(gitIn(folder, "ls-tree", "-r", "--name-only", "origin/second").split("\n")).toEqual([
        "new/deep/file",
        "src.js",
        "src/a.js",
      ]);
    });
    expect(
      execFileSync("git", ["fsck", "--strict", "--no-dangling"], {
        env: gitEnvironment({ GIT_DIR: github.gitDir }),
        encoding: "utf8",
      }),
    ).toBe("");
    expect(github.violations).toEqual([]);
  });

  it.each<[string, "actions" | "app" | "pat", object, boolean]>([
    ["an Actions token's", "actions", {}, true],
    ["an app's", "app", {}, true],
    ["an app's with an author", "app", { author: { name: "a", email: "a@b" } }, false],
    ["an app's with a committer", "app", { committer: { name: "a", email: "a@b" } }, false],
    ["a person's", "pat", {}, false],
  ])("signs %s commit: %s %j %s", async (_, kind, extra, verified) => {
    const sha = await first();
    const token = github.token("committer", { kind, permissions: { contents: "write" } });
    const tree = await github.treeOf(sha);
    const made = await post("/git/commits", { message: "m", tree, parents: [sha], ...extra }, token);
    expect(made.body.verification.verified).toBe(verified);
    expect((await get(`/commits/${made.body.sha}`)).body.commit.verification.verified).toBe(verified);
  });
});

describe("what a correct client never sends", () => {
  const none = "a".repeat(40);
  const entry = { path: "x", mode: "100644", type: "blob" };
  it.each<[string, string, string, unknown, string]>([
    [
      "an unknown parent",
      "POST",
      "/git/commits",
      { message: "m", tree: "TREE", parents: [none] },
      "Parent SHA",
    ],
    ["an empty message", "POST", "/git/commits", { message: " ", tree: "TREE" }, "without message"],
    ["an unknown base tree", "POST", "/git/trees", { base_tree: none, tree: [] }, "base_tree"],
    [
      "an entry of an unknown blob",
      "POST",
      "/git/trees",
      { tree: [{ ...entry, sha: none }] },
      "not a valid blob",
    ],
    [
      "an entry of the wrong type",
      "POST",
      "/git/trees",
      { tree: [{ ...entry, sha: "TREE" }] },
      "not a valid blob",
    ],
    ["an entry of nothing", "POST", "/git/trees", { tree: [entry] }, "need sha or content"],
    ["an entry of both", "POST", "/git/trees", { tree: [{ ...entry, sha: none, content: "" }] }, "not both"],
    [
      "an absolute path",
      "POST",
      "/git/trees",
      { tree: [{ ...entry, path: "/x", content: "" }] },
      "malformed",
    ],
    [
      "a path into .git",
      "POST",
      "/git/trees",
      { tree: [{ ...entry, path: "a/.git/x", content: "" }] },
      "malformed",
    ],
    ["an empty tree", "POST", "/git/trees", { tree: [] }, "Invalid tree info"],
    ["a ref path with refs/", "PATCH", "/git/refs/refs/heads/main", { sha: none }, "without refs/"],
    ["a ref moved to nothing", "PATCH", "/git/refs/heads/main", { sha: none }, "Object does not exist"],
    ["half a comparison", "GET", "/compare/main", undefined, "BASE...HEAD"],
    ["a target that is no address", "POST", "/statuses/HEAD", { state: "success", target_url: "x" }, "http"],
    ["a diff of a list", "GET", "/commits", undefined, "media type diff"],
  ])("%s", async (_, method, path, body, words) => {
    const sha = await first();
    const tree = await github.treeOf(sha);
    const text = JSON.stringify(body)?.replaceAll("TREE", tree);
    const headers: Record<string, string> = words.startsWith("media")
      ? { accept: "application/vnd.github.diff" }
      : {};
    await ask(method, path.replace("HEAD", sha), {
      headers,
      ...(text && { body: JSON.parse(text) as unknown }),
    });
    expect(github.violations).toHaveLength(1);
    expect(github.violations[0]).toContain(words);
  });
});

describe("refs", () => {
  it("are created once, moved forward or by force, and deleted", async () => {
    const one = await first();
    const two = await github.commit({ files: { b: "b" }, message: "Second" });
    const side = await github.commit({ branch: "side", parents: [one], files: { c: "c" }, message: "Side" });
    const create = (ref: string): Promise<Reply> => post("/git/refs", { ref: `refs/heads/${ref}`, sha: two });
    const message = async (reply: Promise<Reply>): Promise<string> => {
      const { status, body } = await reply;
      return `${status} ${body?.message ?? ""}`.trim();
    };
    expect((await create("gate/revert-1")).body).toMatchObject({
      ref: "refs/heads/gate/revert-1",
      object: { sha: two, type: "commit" },
    });
    expect(await message(create("gate/revert-1"))).toBe("422 Reference already exists");
    expect(await message(create("gate"))).toBe("422 Reference update failed");
    expect(await message(create("gate/revert-1/x"))).toBe("422 Reference update failed");
    const path = "/git/refs/heads/gate/revert-1";
    expect(await message(patch(path, { sha: side }))).toBe("422 Update is not a fast forward");
    expect((await patch(path, { sha: side, force: true })).body.object.sha).toBe(side);
    expect(await message(patch("/git/refs/heads/none", { sha: side }))).toBe("422 Reference does not exist");
    expect((await get("/git/ref/heads%2Fgate%2Frevert-1")).body.object.sha).toBe(side);
    expect((await get("/git/ref/heads/gate")).status).toBe(404);
    expect((await get("/git/matching-refs/heads/gate/")).body).toHaveLength(1);
    expect((await get("/git/matching-refs/heads/gate/revert-")).body).toHaveLength(1);
    expect((await ask("DELETE", path)).status).toBe(204);
    expect(await message(ask("DELETE", path))).toBe("422 Reference does not exist");
    expect(await message(ask("DELETE", "/git/refs/heads/main"))).toBe("422 Reference update failed");
    expect(github.violations).toEqual([]);
  });

  it("of protected names fail without saying why", async () => {
    const sha = await first();
    github.settings.protectedPatterns.push("deploy-gate/**");
    github.settings.branchRules["main"] = [{ type: "pull_request", parameters: {} }];
    const refused = { status: 422, body: { message: "Reference update failed" } };
    expect(await post("/git/refs", { ref: "refs/heads/deploy-gate/a/b", sha })).toMatchObject(refused);
    expect((await post("/git/refs", { ref: "refs/heads/deploy-gates", sha })).status).toBe(201);
    expect(await patch("/git/refs/heads/main", { sha })).toMatchObject(refused);
    expect(github.violations).toEqual([]);
  });

  it.each(["a..b", "a b", "a~1", "x.lock", ".hidden", "a//b", "trailing/"])(
    "reject the name %j",
    async (name) => {
      const sha = await first();
      expect((await post("/git/refs", { ref: `refs/heads/${name}`, sha })).status).toBe(422);
      expect(github.violations).toHaveLength(1);
    },
  );

  it("whose workflows differ from the default branch's need the workflows permission", async () => {
    const old = await github.commit({
      files: { ".github/workflows/ci.yml": "one\n", a: "a" },
      message: "First",
    });
    const head = await github.commit({ files: { ".github/workflows/ci.yml": "two\n" }, message: "Second" });
    const create = (sha: string, name: string, token?: string): Promise<Reply> =>
      post("/git/refs", { ref: `refs/heads/${name}`, sha }, token);
    const refused = await create(old, "old");
    expect(refused).toMatchObject({
      status: 403,
      body: { message: "Resource not accessible by integration" },
    });
    expect(refused.headers.get("x-accepted-github-permissions")).toBe(
      "contents=write; contents=write,workflows=write",
    );
    expect((await create(head, "work")).status).toBe(201);
    expect((await patch("/git/refs/heads/work", { sha: old, force: true })).status).toBe(403);
    const app = github.token("app", { kind: "app", permissions: { contents: "write", workflows: "write" } });
    expect((await create(old, "old", app)).status).toBe(201);
    const branch = await github.commit({
      branch: "feature",
      files: { ".github/workflows/new.yml": "n\n" },
      message: "New",
    });
    const merge = await post("/merges", { base: "work", head: branch });
    expect(merge.status).toBe(403);
    expect(merge.body.message).toBe(
      "refusing to allow a GitHub App to create or update workflow `.github/workflows/new.yml` without `workflows` permission",
    );
    expect((await post("/merges", { base: "work", head: branch }, app)).status).toBe(201);
    expect(github.violations).toEqual([]);
  });
});

describe("a revert through commit and merges", () => {
  async function revert(good: string, bad: string): Promise<Reply> {
    const tree = (await get(`/git/commits/${good}`)).body.tree.sha as string;
    const undo = (await post("/git/commits", { message: "Undo", tree, parents: [bad] })).body.sha as string;
    const head = (await get("/git/ref/heads/main")).body.object.sha as string;
    await post("/git/refs", { ref: "refs/heads/revert", sha: head });
    return post("/merges", { base: "revert", head: undo, commit_message: "Revert" });
  }

  it.each(["direct", "squash", "merge", "rebase"] as const)("equals git revert after a %s", async (how) => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`);
    const changed = (at: number): string =>
      lines.map((line, index) => (index === at ? `changed ${at}\n` : line)).join("");
    const good = await github.commit({
      files: { "a.txt": lines.join(""), "b.txt": "b\n", "gone.txt": "g\n" },
      message: "Good",
    });
    const branch = how === "direct" ? "main" : "feature";
    await github.commit({ branch, files: { "a.txt": changed(3), "new.txt": "n\n" }, message: "Bad 1" });
    await github.commit({ branch, files: { "gone.txt": null, "b.txt": "bad\n" }, message: "Bad 2" });
    if (how !== "direct") {
      const pull = await github.openPull({ head: "feature", title: "Bad" });
      await github.mergePull(pull.number, how);
    }
    const bad = (await github.head())!;
    await github.commit({
      files: { "later.txt": "kept\n", "a.txt": changed(3).replace("line 25", "later 25") },
      message: "Later",
    });
    const merged = await revert(good, bad);
    expect(merged.status).toBe(201);
    const head = (await github.head())!;
    expect(merged.body.parents.map((one: Reply["body"]) => one.sha)[0]).toBe(head);
    const expected = cloned((folder) => {
      if (how === "merge") gitIn(folder, "revert", "--no-edit", "-m", "1", bad);
      else gitIn(folder, "revert", "--no-edit", `${good}..${bad}`);
      return gitIn(folder, "rev-parse", "HEAD^{tree}");
    });
    expect(await github.treeOf("revert")).toBe(expected);
    expect(merged.body.commit.tree.sha).toBe(expected);
    expect(await github.fileAt("revert", "later.txt")).toBe("kept\n");
    expect(github.violations).toEqual([]);
  });

  it("says conflict, nothing to merge, and what is missing", async () => {
    const good = await first();
    const bad = await github.commit({ files: { "app.py": "one\nbad\nthree\n" }, message: "Bad" });
    await github.commit({ files: { "app.py": "one\nworse\nthree\n" }, message: "Later" });
    expect(await revert(good, bad)).toMatchObject({ status: 409, body: { message: "Merge conflict" } });
    expect(await post("/merges", { base: "main", head: good })).toMatchObject({ status: 204 });
    expect((await post("/merges", { base: "nowhere", head: good })).status).toBe(404);
    expect((await post("/merges", { base: "main", head: "nowhere" })).status).toBe(404);
    expect(github.violations).toEqual([]);
  });

  it("makes a merge commit even where the base is an ancestor of the head", async () => {
    const one = await first();
    await post("/git/refs", { ref: "refs/heads/old", sha: one });
    const two = await github.commit({ files: { b: "b" }, message: "Second" });
    const merged = await post("/merges", { base: "old", head: two });
    expect(merged.body.parents.map((parent: Reply["body"]) => parent.sha)).toEqual([one, two]);
    expect(await github.head("old")).toBe(merged.body.sha);
  });
});

describe("pull requests", () => {
  const open = (body: object = {}, token?: string): Promise<Reply> =>
    post("/pulls", { title: "Revert", head: "revert", base: "main", ...body }, token);

  async function branches(): Promise<string> {
    await first();
    return github.commit({ branch: "revert", files: { "app.py": "one\n" }, message: "Revert it" });
  }

  it("are opened, listed by head, changed and merged", async () => {
    const sha = await branches();
    const made = await open({ body: "why", draft: true });
    expect(made).toMatchObject({
      status: 201,
      body: {
        number: 1,
        draft: true,
        user: { login: "github-actions[bot]" },
        head: { sha, ref: "revert" },
        mergeable: true,
        changed_files: 1,
      },
    });
    const list = (query: string): Promise<Reply> => get(`/pulls?${query}`);
    expect((await list("head=acme:revert&state=all")).body).toHaveLength(1);
    expect((await list("head=acme:other&state=all")).body).toHaveLength(0);
    expect((await list("base=other")).body).toHaveLength(0);
    expect((await get("/pulls/1/files")).body[0]).toMatchObject({ filename: "app.py", deletions: 2 });
    expect((await get("/pulls/1/commits")).body[0].sha).toBe(sha);
    expect((await get(`/commits/${sha}/pulls`)).body[0].number).toBe(1);
    expect((await patch("/pulls/1", { title: "Better", body: "more" })).body).toMatchObject({
      title: "Better",
      body: "more",
    });
    expect((await ask("PUT", "/pulls/1/merge", { body: {} })).status).toBe(405);
    expect((await patch("/pulls/1", { state: "closed" })).body).toMatchObject({
      state: "closed",
      merged: false,
    });
    expect((await list("head=acme:revert")).body).toHaveLength(0);
    const again = await open();
    const merged = await ask("PUT", `/pulls/${again.body.number}/merge`, {
      body: { merge_method: "squash" },
    });
    expect(merged.body).toMatchObject({ merged: true, sha: await github.head() });
    expect((await get("/pulls/2")).body).toMatchObject({
      merged: true,
      merge_commit_sha: merged.body.sha,
      state: "closed",
    });
    expect((await get(`/commits/${merged.body.sha}/pulls`)).body[0].number).toBe(2);
    expect((await get(`/commits/${merged.body.sha}`)).body.commit.message).toBe("Revert (#2)");
    expect(await github.fileAt("main", "app.py")).toBe("one\n");
    expect(github.violations).toEqual([]);
  });

  it("are refused in GitHub's words", async () => {
    const sha = await branches();
    const why = async (body: object, token?: string): Promise<unknown> => {
      const reply = await open(body, token);
      const error = reply.body.errors?.[0];
      return [reply.status, error?.message ?? error?.field ?? reply.body.message];
    };
    expect(await why({ head: "nowhere" })).toEqual([422, "head"]);
    expect(await why({ head: "other:revert" })).toEqual([422, "head"]);
    expect(await why({ base: "nowhere" })).toEqual([422, "base"]);
    await post("/git/refs", { ref: "refs/heads/same", sha: await github.head() });
    expect(await why({ head: "same" })).toEqual([422, "No commits between main and same"]);
    github.settings.allowActionsPullRequests = false;
    expect(await why({})).toEqual([
      403,
      "GitHub Actions is not permitted to create or approve pull requests.",
    ]);
    const app = github.token("app", { kind: "app", permissions: { "pull-requests": "write" } });
    expect((await open({}, app)).body.user.login).toBe("app[bot]");
    github.settings.allowActionsPullRequests = true;
    expect(await why({})).toEqual([422, "A pull request already exists for acme:revert."]);
    expect(await why({ head: "acme:revert" })).toEqual([
      422,
      "A pull request already exists for acme:revert.",
    ]);
    github.settings.draftPulls = false;
    expect(await why({ head: sha, draft: true })).toEqual([422, "head"]);
    expect(github.violations).toEqual([]);
  });

  it.each([
    ["title", { title: "x".repeat(257) }],
    ["body", { body: "x".repeat(65537) }],
  ])("with too long a %s are a violation", async (field, body) => {
    await branches();
    const reply = await open(body);
    expect(reply.body.errors[0].message).toMatch(new RegExp(`^${field} is too long`));
    expect(github.violations).toHaveLength(1);
    expect(github.pulls).toEqual([]);
  });

  it.each(["merge", "squash", "rebase"] as const)("keep later commits when merged by %s", async (how) => {
    await branches();
    await github.commit({ branch: "revert", files: { "two.txt": "2\n" }, message: "Two" });
    const later = await github.commit({ files: { "later.txt": "l\n" }, message: "Later" });
    const pull = await github.openPull({ head: "revert", title: "Revert", labels: ["gate"] });
    const sha = await github.mergePull(pull.number, how);
    expect(Object.keys(await github.tree("main"))).toEqual(["app.py", "later.txt", "two.txt"]);
    expect(await github.fileAt("main", "app.py")).toBe("one\n");
    const log = await github.log("main");
    expect(log.map((commit) => commit.message.split("\n")[0])).toEqual(
      {
        merge: ["Merge pull request #1 from acme/revert", "Later", "Two", "Revert it", "First"],
        squash: ["Revert (#1)", "Later", "First"],
        rebase: ["Two", "Revert it", "Later", "First"],
      }[how].map((message) => (how === "merge" ? expect.any(String) : message)),
    );
    expect(log[0]!.sha).toBe(sha);
    expect(log[0]!.parents.includes(later)).toBe(how !== "rebase");
    for (const commit of how === "merge" ? [log[0]!] : log.slice(0, how === "squash" ? 1 : 2)) {
      expect(
        (await get(`/commits/${commit.sha}/pulls`)).body.map((one: Reply["body"]) => one.number),
      ).toEqual([1]);
    }
    expect((await get(`/commits/${later}/pulls`)).body).toEqual([]);
    await expect(github.mergePull(1, how)).rejects.toThrow("Pull Request is not mergeable");
  });

  it("follow their branch: pushed to, deleted, conflicting, landed by hand", async () => {
    await branches();
    await open();
    const pushed = await github.commit({ branch: "revert", files: { x: "x" }, message: "More" });
    expect((await get("/pulls/1")).body).toMatchObject({
      head: { sha: pushed },
      mergeable: true,
      mergeable_state: "clean",
    });
    await github.commit({ files: { "app.py": "other\n" }, message: "Conflict" });
    expect((await get("/pulls/1")).body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    expect((await ask("PUT", "/pulls/1/merge", { body: {} })).status).toBe(405);
    await ask("DELETE", "/git/refs/heads/revert");
    expect((await get("/pulls/1")).body).toMatchObject({ state: "closed", merged: false });
    const tip = await github.commit({ branch: "by-hand", files: { y: "y" }, message: "By hand" });
    await open({ head: "by-hand" });
    cloned((folder) => gitIn(folder, "push", "--quiet", "origin", `${tip}:refs/heads/main`));
    expect((await get("/pulls/2")).body).toMatchObject({
      state: "closed",
      merged: true,
      merge_commit_sha: tip,
    });
    expect(github.violations).toEqual([]);
  });

  it("refuse a merge of another head, a rebase that conflicts, and what rules ask for", async () => {
    const start = (await github.commit({ files: { "a.txt": "1\n" }, message: "First" })) ?? "";
    await github.commit({ branch: "revert", files: { "a.txt": "2\n" }, message: "Two" });
    const head = await github.commit({
      branch: "revert",
      files: { "a.txt": "1\n", b: "b" },
      message: "Back",
    });
    await github.commit({ files: { "a.txt": "3\n" }, message: "Three" });
    await open();
    const merge = (body: object): Promise<Reply> => ask("PUT", "/pulls/1/merge", { body });
    expect((await merge({ sha: start })).status).toBe(409);
    expect((await merge({ sha: head, merge_method: "rebase" })).body.message).toBe(
      "This branch can't be rebased",
    );
    github.settings.branchRules["main"] = [
      { type: "pull_request", parameters: { required_approving_review_count: 1 } },
    ];
    expect((await merge({})).body.message).toMatch(/^At least 1 approving review/);
    expect((await get("/pulls/1")).body.mergeable_state).toBe("blocked");
    github.settings.branchRules["main"] = [];
    const done = await merge({ commit_title: "Title", commit_message: "Text" });
    expect((await get(`/commits/${done.body.sha}`)).body.commit).toMatchObject({
      message: "Title\n\nText",
      verification: { verified: true },
    });
    expect((await patch("/pulls/1", { state: "open" })).status).toBe(422);
    expect(github.violations).toEqual([]);
  });

  it("are not quite there at first when GitHub is slow", async () => {
    await branches();
    github.settings.eventualConsistency = true;
    const made = await open();
    expect(made.body).toMatchObject({ mergeable: null, mergeable_state: "unknown" });
    const label = (): Promise<Reply> => post("/issues/1/labels", { labels: ["gate"] });
    const early = await label();
    expect(early.status).toBe(422);
    expect(early.body.errors[0]).toMatch(/^Could not resolve to a node/);
    expect((await label()).status).toBe(200);
    expect((await get("/pulls/1")).body.mergeable).toBe(true);
    expect(github.violations).toEqual([]);
  });

  it("carry labels, assignees, reviewers and comments", async () => {
    await branches();
    await open();
    expect(
      (await post("/issues/1/labels", { labels: ["brand-new", "Gate"] })).body.map(
        (label: Reply["body"]) => label.name,
      ),
    ).toEqual(["brand-new", "Gate"]);
    expect((await get("/labels/gate")).status).toBe(200);
    expect(
      (await post("/issues/1/assignees", { assignees: ["ada", "mallory"] })).body.assignees.map(
        (user: Reply["body"]) => user.login,
      ),
    ).toEqual(["ada"]);
    const reviewers = (logins: readonly string[]): Promise<Reply> =>
      post("/pulls/1/requested_reviewers", { reviewers: logins });
    expect((await reviewers(["grace"])).status).toBe(201);
    expect((await reviewers(["mallory"])).body.message).toMatch(
      /^Reviews may only be requested from collaborators\./,
    );
    expect((await reviewers(["github-actions[bot]"])).status).toBe(422);
    expect((await post("/pulls/1/requested_reviewers", { team_reviewers: ["core"] })).status).toBe(422);
    expect((await post("/issues/1/comments", { body: "hello" })).status).toBe(201);
    expect((await get("/issues/1/comments")).body[0].body).toBe("hello");
    expect(github.comments).toMatchObject([{ number: 1, body: "hello" }]);
    github.openIssue({ title: "Hold", labels: ["gate:hold"] });
    const numbers = async (query: string): Promise<number[]> =>
      (await get(`/issues?${query}`)).body.map((issue: Reply["body"]) => issue.number) as number[];
    expect(await numbers("state=open&labels=gate:hold")).toEqual([2]);
    expect(await numbers("labels=GATE")).toEqual([1]);
    expect(await numbers("labels=gate,gate:hold")).toEqual([]);
    expect((await get("/issues?labels=gate")).body[0].pull_request.html_url).toBe(
      "https://github.example/acme/shop/pull/1",
    );
    expect(github.violations).toEqual([]);
  });

  it.each([
    ["eleven assignees", "/issues/1/assignees", { assignees: Array(11).fill("ada") }],
    ["a label of 51", "/issues/1/labels", { labels: ["x".repeat(51)] }],
    ["a comment of 65537", "/issues/1/comments", { body: "x".repeat(65537) }],
    ["nobody to review", "/pulls/1/requested_reviewers", { reviewers: [] }],
  ])("refuse %s", async (_, path, body) => {
    await branches();
    await open();
    expect((await post(path, body)).status).toBe(422);
    expect(github.violations).toHaveLength(1);
  });
});

describe("issues", () => {
  it("are gone where the repository has none, pull requests are not", async () => {
    github.openIssue({ title: "old" });
    github.settings.hasIssues = false;
    expect((await post("/issues", { title: "t" })).status).toBe(410);
    expect((await patch("/issues/1", { body: "b" })).status).toBe(410);
    expect((await get("")).body.has_issues).toBe(false);
  });

  it("are opened, changed, commented on and closed", async () => {
    const sha = await first();
    const made = await post("/issues", { title: "Could not open a revert", body: "why", labels: ["gate"] });
    expect(made).toMatchObject({
      status: 201,
      body: { number: 1, state: "open", labels: [{ name: "gate" }] },
    });
    expect((await patch("/issues/1", { state: "closed", labels: ["done"] })).body).toMatchObject({
      state: "closed",
      labels: [{ name: "done" }],
    });
    const comment = (await post("/issues/1/comments", { body: "one" })).body;
    expect((await patch(`/issues/comments/${comment.id}`, { body: "two" })).body.body).toBe("two");
    expect((await get("/pulls/1")).status).toBe(404);
    expect((await post(`/commits/${sha}/comments`, { body: "on a commit" })).status).toBe(201);
    expect((await get(`/commits/${sha}/comments`)).body).toHaveLength(1);
    const poor = github.token("poor", { kind: "app", permissions: { "pull-requests": "write" } });
    expect((await post("/issues/1/comments", { body: "x" }, poor)).status).toBe(403);
    expect(github.violations).toEqual([]);
  });
});

describe("deployments", () => {
  it("are an append-only index", async () => {
    const sha = await first();
    const wish = {
      ref: sha,
      task: "gate",
      environment: "deploy-gate",
      auto_merge: false,
      required_contexts: [],
      production_environment: false,
    };
    const made = await post("/deployments", { ...wish, payload: { check: 7 } });
    expect(made).toMatchObject({
      status: 201,
      body: { sha, payload: { check: 7 }, production_environment: false },
    });
    const second = await post("/deployments", wish);
    const statuses = (id: number, body: object): Promise<Reply> => post(`/deployments/${id}/statuses`, body);
    await statuses(made.body.id as number, { state: "success" });
    await statuses(second.body.id as number, { state: "success" });
    expect(
      (await get(`/deployments/${made.body.id}/statuses`)).body.map((one: Reply["body"]) => one.state),
    ).toEqual(["inactive", "success"]);
    expect(
      (await get("/deployments?task=gate&environment=deploy-gate")).body.map((one: Reply["body"]) => one.id),
    ).toEqual([second.body.id, made.body.id]);
    expect((await get("/deployments?task=other")).body).toEqual([]);
    expect((await post("/deployments", { ...wish, required_contexts: ["ci"] })).status).toBe(409);
    expect(github.violations).toEqual([]);
    expect((await statuses(1001, { state: "success", description: "x".repeat(141) })).status).toBe(422);
    expect(github.violations).toHaveLength(1);
  });
});

describe("the repository", () => {
  it("tells rules, people and takes dispatches", async () => {
    await first();
    const parameters = {
      required_status_checks: [{ context: "ci" }],
      strict_required_status_checks_policy: false,
    };
    github.settings.branchRules["main"] = [{ type: "required_status_checks", parameters }];
    expect((await get("/rules/branches/main")).body).toMatchObject([
      { type: "required_status_checks", parameters },
    ]);
    expect((await get("/rules/branches/never%2Fmade")).body).toEqual([]);
    expect((await get("")).body).toMatchObject({ full_name: "acme/shop", default_branch: "main" });
    expect((await get("/collaborators/ada/permission")).body.permission).toBe("write");
    expect((await get("/collaborators/mallory/permission")).body.permission).toBe("none");
    expect((await get("/collaborators/nobody/permission")).status).toBe(404);
    expect((await post("/dispatches", { event_type: "gate", client_payload: { a: 1 } })).status).toBe(204);
    expect(github.dispatches).toMatchObject([{ eventType: "gate", clientPayload: { a: 1 } }]);
    expect(github.violations).toEqual([]);
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 1]));
    expect((await post("/dispatches", { event_type: "gate", client_payload: eleven })).status).toBe(422);
    expect(github.violations).toHaveLength(1);
  });
});

describe("GraphQL", () => {
  const enable = `mutation($id: ID!) { enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: SQUASH}) {
    pullRequest { number autoMergeRequest { mergeMethod } } } }`;
  const graphql = (query: string, variables: object = {}, token?: string): Promise<Reply> =>
    ask("POST", "//graphql", { body: { query, variables }, ...(token !== undefined && { token }) });

  async function pull(): Promise<string> {
    await first();
    await github.commit({ branch: "revert", files: { "app.py": "one\n" }, message: "Revert" });
    return (await post("/pulls", { title: "Revert", head: "revert", base: "main" })).body.node_id as string;
  }
  const rules = [
    { type: "required_status_checks", parameters: { required_status_checks: [{ context: "ci" }] } },
  ];

  it("enables auto-merge where something is still required", async () => {
    const id = await pull();
    github.settings.branchRules["main"] = rules;
    const done = await graphql(enable, { id });
    expect(done.body).toEqual({
      data: {
        enablePullRequestAutoMerge: {
          pullRequest: { number: 1, autoMergeRequest: { mergeMethod: "SQUASH" } },
        },
      },
    });
    expect(github.pulls[0]!.autoMerge).toMatchObject({ method: "squash" });
    expect((await get("/pulls/1")).body).toMatchObject({
      auto_merge: { merge_method: "squash" },
      mergeable_state: "blocked",
    });
    expect((await ask("PUT", "/pulls/1/merge", { body: {} })).body.message).toBe(
      'Required status check "ci" is expected.',
    );
    expect(github.violations).toEqual([]);
  });

  it.each<[string, () => Promise<void> | void]>([
    [
      "Pull request Auto merge is not allowed for this repository",
      () => void (github.settings.allowAutoMerge = false),
    ],
    ["Pull request Pull request is in clean status", () => {}],
    [
      "Pull request Protected branch rules not configured for this branch",
      () => void (github.settings.noRulesAnswer = "not-configured"),
    ],
    [
      "Pull request Pull request is in clean status",
      async () => {
        github.settings.branchRules["main"] = rules;
        await post(`/statuses/${await github.head("revert")}`, { state: "success", context: "ci" });
      },
    ],
    [
      "Pull request Pull request is in unstable status",
      async () => {
        github.settings.branchRules["main"] = rules;
        await post(`/statuses/${await github.head("revert")}`, { state: "success", context: "ci" });
        await post(`/statuses/${await github.head("revert")}`, { state: "failure", context: "optional" });
      },
    ],
  ])("refuses: %s", async (message, prepare) => {
    const id = await pull();
    await prepare();
    const refused = await graphql(enable, { id });
    expect(refused.body.data).toEqual({ enablePullRequestAutoMerge: null });
    expect(refused.body.errors[0]).toMatchObject({
      type: "UNPROCESSABLE",
      path: ["enablePullRequestAutoMerge"],
      message,
    });
    expect(github.violations).toEqual([]);
  });

  it("refuses a draft, another head, and a pull request that is not there yet", async () => {
    const id = await pull();
    const input = { pullRequestId: id, expectedHeadOid: "0".repeat(40) };
    const query = `mutation($input: EnablePullRequestAutoMergeInput!) { enablePullRequestAutoMerge(input: $input) { clientMutationId } }`;
    const why = async (): Promise<string> =>
      (await graphql(query, { input })).body.errors[0].message as string;
    github.settings.branchRules["main"] = rules;
    expect(await why()).toBe("Pull request Head branch was modified. Review and try the merge again.");
    Object.assign(github.pulls[0]!, { draft: true });
    expect(await why()).toBe("Pull request Pull request is in draft status");
    Object.assign(github.pulls[0]!, { unsettled: 1 });
    expect(await why()).toMatch(/^Could not resolve to a node/);
    expect(github.violations).toEqual([]);
  });

  it("answers a query, asks for permissions, and calls what does not fit the schema a violation", async () => {
    const id = await pull();
    const query = `query { repository(owner: "acme", name: "shop") { autoMergeAllowed pullRequest(number: 1) { id mergeable state } } }`;
    expect((await graphql(query)).body.data.repository).toEqual({
      autoMergeAllowed: true,
      pullRequest: { id, mergeable: "MERGEABLE", state: "OPEN" },
    });
    const poor = github.token("poor", { kind: "app", permissions: { "pull-requests": "write" } });
    expect((await graphql(enable, { id }, poor)).body.errors[0]).toMatchObject({
      type: "FORBIDDEN",
      message: "Resource not accessible by integration",
    });
    expect((await graphql(enable, { id: "PR_none" })).body.errors[0].type).toBe("NOT_FOUND");
    expect(github.violations).toEqual([]);
    await graphql("query { nonsense }");
    await graphql("query {");
    await graphql("query { viewer { login } }");
    await graphql(enable, {});
    expect(github.violations).toHaveLength(4);
  });

  it("lists deployments page by page, within GitHub's bounds", async () => {
    const sha = await first();
    const wish = { ref: sha, auto_merge: false, required_contexts: [] };
    for (const environment of ["gate", "other", "gate"])
      await post("/deployments", { ...wish, environment, payload: { of: environment } });
    const [oldest, , newest] = github.deployments;
    await post(`/deployments/${newest!.id}/statuses`, { state: "in_progress", log_url: "https://x.test/1" });
    const query = (args: string): string =>
      `query($after: String) { repository(owner: "acme", name: "shop") { deployments(${args}) { totalCount nodes { databaseId commitOid payload latestStatus { state description logUrl } } pageInfo { hasNextPage endCursor } } } }`;
    const own = query(
      'first: 1, after: $after, environments: ["gate"], orderBy: {field: CREATED_AT, direction: DESC}',
    );
    const page = (await graphql(own)).body.data.repository.deployments;
    expect(page).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    expect(page.nodes).toEqual([
      {
        databaseId: newest!.id,
        commitOid: sha,
        payload: '{"of":"gate"}',
        latestStatus: { state: "IN_PROGRESS", description: null, logUrl: "https://x.test/1" },
      },
    ]);
    const next = (await graphql(own, { after: page.pageInfo.endCursor as string })).body.data.repository
      .deployments;
    expect(next).toMatchObject({
      nodes: [{ databaseId: oldest!.id, latestStatus: null }],
      pageInfo: { hasNextPage: false },
    });
    const poor = github.token("poor", { kind: "app", permissions: { contents: "write" } });
    expect((await graphql(own, {}, poor)).body).toMatchObject({
      data: { repository: null },
      errors: [{ type: "FORBIDDEN", path: ["repository", "deployments"] }],
    });
    expect(github.violations).toEqual([]);
    const types = [];
    for (const args of ["first: 101", "orderBy: null", "last: 1", "first: 1"])
      types.push((await graphql(query(`${args}, after: $after`), { after: "x" })).body.errors[0].type);
    expect(types).toEqual([
      "EXCESSIVE_PAGINATION",
      "MISSING_PAGINATION_BOUNDARIES",
      "NOT_BUILT",
      "INVALID_CURSOR_ARGUMENTS",
    ]);
    expect(github.violations).toHaveLength(4);
  });

  it("has an hour of its own, and says with a 200 that it is used up", async () => {
    github.settings.rateLimit = 1;
    const query = `query { repository(owner: "acme", name: "shop") { name } }`;
    expect((await graphql(query)).headers.get("x-ratelimit-resource")).toBe("graphql");
    expect((await get("")).status).toBe(200);
    const refused = await graphql(query);
    expect(refused).toMatchObject({ status: 200, body: { errors: [{ type: "RATE_LIMITED" }] } });
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
  });

  it("answers below /api for an enterprise server", async () => {
    const other = await startGitHubStandIn({
      now: () => clock.now(),
      basePath: "/api/v3",
      owner: "corp",
      repo: "app",
      defaultBranch: "trunk",
    });
    const headers = { authorization: `Bearer ${other.actionsToken}`, "content-type": "application/json" };
    expect(other.url).toMatch(/\/api\/v3$/);
    expect((await fetch(`${other.url}/repos/corp/app`, { headers })).status).toBe(200);
    const query = `query { repository(owner: "corp", name: "app") { name } }`;
    const reply = await fetch(`${other.url.replace("/v3", "")}/graphql`, {
      method: "POST",
      headers,
      body: JSON.stringify({ query }),
    });
    expect(await reply.json()).toEqual({ data: { repository: { name: "app" } } });
    expect(other.requests.map((request) => request.path)).toEqual(["/repos/corp/app", "/graphql"]);
    expect(other.violations).toEqual([]);
    expect((await fetch(new URL("/repos/corp/app", other.url), { headers })).status).toBe(404);
    expect(other.violations).toHaveLength(1);
    await other.close();
  });
});

it("leaves nothing behind when closed", async () => {
  const other = await startGitHubStandIn();
  expect(readFileSync(join(other.gitDir, "HEAD"), "utf8")).toBe("ref: refs/heads/main\n");
  writeFileSync(join(other.gitDir, "stray"), "");
  await other.close();
  expect(() => readFileSync(join(other.gitDir, "HEAD"))).toThrow("ENOENT");
});
