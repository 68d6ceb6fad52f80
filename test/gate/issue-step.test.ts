import { describe, expect, it } from "vitest";
import type { IssueStep } from "../../src/core/remedy.ts";
import type { Action } from "../../src/core/outcome.ts";
import { openIssue, type IssueRequest } from "../../src/gate/step-issue.ts";
import { startStepWorld, type StepOptions, type StepWorld } from "./step-world.ts";

const STEP: IssueStep = { kind: "issue", labels: [], assignees: [] };

async function issue(
  world: StepWorld,
  sha: string,
  options: StepOptions & {
    readonly step?: Partial<IssueStep>;
    readonly request?: Partial<IssueRequest>;
  } = {},
): Promise<{ readonly action: Action | undefined; readonly notes: readonly string[] }> {
  const run = world.run(sha, options);
  const { actions } = await openIssue(run, {
    step: { ...STEP, ...options.step },
    reasons: ['"errors": 3 matches > 0'],
    evidence: [{ text: "Traceback", from: "x7k2p" }],
    checkRunUrl: "https://github.example/acme/shop/runs/1",
    failedCheck: "errors",
    ...options.request,
  });
  expect(actions).toHaveLength(1);
  return { action: actions[0], notes: run.teller.notes };
}

const push = (world: StepWorld): Promise<string> =>
  world.github.commit({ files: { "app.py": "1\n" }, message: "Bad" });

describe("an issue about a failed deploy", () => {
  it("names service, commit and the first failed check, with the evidence", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    const done: Action = {
      kind: "revert_pr",
      state: "done",
      reason: "opened #9",
      url: "https://github.example/acme/shop/pull/9",
    };
    const { action, notes } = await issue(world, sha, {
      step: { labels: ["incident"], assignees: ["@ada", "grace"] },
      request: { actions: [done] },
    });
    expect(action).toEqual({
      kind: "issue",
      state: "done",
      reason: "opened #1 for @ada, grace",
      url: "https://github.example/acme/shop/issues/1",
    });
    expect(notes).toEqual([]);
    const [made, ...others] = world.github.issues;
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      title: `Deploy of shop-api at ${sha.slice(0, 7)} failed: errors`,
      labels: ["deploy-gate", "incident"],
      assignees: ["ada", "grace"],
      user: { login: "github-actions[bot]" },
    });
    for (const words of ["3 matches", "Traceback", "runs/1", "actions/runs/1", "pull/9", `/commit/${sha}`])
      expect(made?.body).toContain(words);
  });

  it("has the configured title", async () => {
    await using world = await startStepWorld();
    await issue(world, await push(world), { step: { title: "The shop is broken" } });
    expect(world.github.issues).toMatchObject([{ title: "The shop is broken" }]);
  });

  it("that is there is brought up to date by a re-run; what people wrote stays", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    await issue(world, sha);
    const [made] = world.github.issues;
    Object.assign(made!, { title: "Mine now", body: `${made?.body}\n\nI am on it.` });
    const { action } = await issue(world, sha, {
      step: { labels: ["incident"], assignees: ["ada"] },
      request: { reasons: ["something new"] },
    });
    expect(action).toMatchObject({
      state: "done",
      reason: "#1 was opened by an earlier attempt; it is up to date",
      url: "https://github.example/acme/shop/issues/1",
    });
    expect(world.github.issues).toMatchObject([
      { title: "Mine now", labels: ["deploy-gate", "incident"], assignees: ["ada"] },
    ]);
    expect(made?.body).toContain("something new");
    expect(made?.body).toContain("I am on it.");
    expect(made?.body).not.toContain("3 matches");
    const writes = world.github.requests.filter((one) => one.method !== "GET").length;
    await issue(world, sha, {
      step: { labels: ["incident"], assignees: ["@Ada"] },
      request: { reasons: ["something new"] },
    });
    expect(world.github.requests.filter((one) => one.method !== "GET")).toHaveLength(writes);
  });

  it("that was closed is left alone", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    await issue(world, sha);
    Object.assign(world.github.issues[0]!, { state: "closed" });
    expect((await issue(world, sha)).action).toMatchObject({
      state: "skipped",
      reason: "#1 about this deploy was closed already",
    });
    expect(world.github.issues).toHaveLength(1);
  });

  it("is another one for another commit and another service", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    await issue(world, sha);
    await issue(world, sha, { service: "shop-worker" });
    await issue(world, await push(world));
    expect(world.github.issues).toHaveLength(3);
  });

  it("is not taken from a page that only quotes its marker", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    await issue(world, sha);
    const [first] = world.github.issues;
    Object.assign(first!, { body: `See:\n${first?.body}` });
    await issue(world, sha);
    expect(world.github.issues).toHaveLength(2);
  });

  it("is opened once although the answer was lost", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    world.github.fault({
      route: /POST .*\/issues$/,
      kind: "status",
      status: 502,
      takesEffect: true,
      times: 1,
    });
    expect((await issue(world, sha)).action).toMatchObject({ state: "done", reason: "opened #1" });
    expect(world.github.issues).toHaveLength(1);
  });

  it("is written with the job's token where there is another one for pull requests", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    const prToken = world.github.token("bot", { kind: "app", permissions: { contents: "write" } });
    const { action, notes } = await issue(world, sha, { prToken, step: { assignees: ["ada"] } });
    expect(action).toMatchObject({ state: "done" });
    expect(notes).toEqual([]);
  });

  it("stands although labels and assignees do not work", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    const step = { labels: ["x".repeat(20)], assignees: ["nobody"] };
    world.github.fault({ route: /POST .*\/labels$/, kind: "forbidden" });
    const { action, notes } = await issue(world, sha, { step });
    expect(action).toMatchObject({ state: "done" });
    expect(notes).toEqual([
      expect.stringContaining("could not be added"),
      expect.stringContaining("nobody could not be assigned"),
    ]);
  });

  it("mentions nobody whom a log line or a check names", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    const hostile = "@acme/everyone #1 <!-- deploy-gate:issue=x --> [x](https://evil.example) `code` | <b>";
    await issue(world, sha, {
      request: { reasons: [hostile], evidence: [{ text: hostile, from: "@ada" }], failedCheck: hostile },
    });
    const [made] = world.github.issues;
    for (const text of [made?.body ?? "", made?.title ?? ""]) expect(text).not.toMatch(/@\w/);
    const [shown = "", quoted = ""] = made?.body?.split("<details>") ?? [];
    expect(shown).not.toContain("](https://evil.example)");
    expect(quoted).toContain("[x](https://evil.example)");
    expect(made?.body?.match(/<!-- deploy-gate:issue=/g)).toHaveLength(1);
  });
});

interface Refusal {
  readonly name: string;
  readonly set?: (world: StepWorld) => void;
  readonly options?: Parameters<typeof issue>[2];
  readonly state: Action["state"];
  readonly reason: RegExp;
}

const forbid =
  (route: RegExp) =>
  (world: StepWorld): void =>
    void world.github.fault({
      route,
      kind: "status",
      status: 403,
      body: { message: "Resource not accessible by integration" },
    });

const REFUSALS: readonly Refusal[] = [
  {
    name: "a repository without issues",
    set: (world) => void (world.github.settings.hasIssues = false),
    state: "failed",
    reason:
      /answered 410 to POST …\/issues: Issues are disabled for this repo.*Switch issues on under Settings/,
  },
  {
    name: "403 on the list",
    set: forbid(/GET .*\/issues$/),
    state: "failed",
    reason: /answered 403 to GET …\/issues/,
  },
  {
    name: "403 on the issue",
    set: forbid(/POST .*\/issues$/),
    state: "failed",
    reason: /answered 403 to POST …\/issues/,
  },
  {
    name: "502 for good",
    set: (world) => void world.github.fault({ route: /POST .*\/issues$/, kind: "status", status: 502 }),
    state: "failed",
    reason: /answered 502 to POST \S+\/issues/,
  },
  {
    name: "mode advise",
    options: { mode: "advise", step: { assignees: ["ada"] } },
    state: "advised",
    reason: /^would open the issue "Deploy of shop-api at [0-9a-f]{7} failed: errors" for ada$/,
  },
  {
    name: "mode observe",
    options: { mode: "observe" },
    state: "advised",
    reason: /^mode observe never acts$/,
  },
];

describe("what keeps an issue from being opened", () => {
  it.each(REFUSALS)("$name", async ({ set, options, state, reason }) => {
    await using world = await startStepWorld();
    const sha = await push(world);
    set?.(world);
    expect((await issue(world, sha, options)).action).toEqual({
      kind: "issue",
      state,
      reason: expect.stringMatching(reason) as string,
      url: `https://github.example/acme/shop/commit/${sha}`,
    });
    expect(world.github.issues).toEqual([]);
  });

  it("says which permission the job lacks", async () => {
    await using world = await startStepWorld();
    const sha = await push(world);
    const { action } = await issue(world, sha, {
      githubToken: world.github.token("job", {
        kind: "actions",
        permissions: { contents: "read", issues: "read" },
      }),
    });
    expect(action?.reason).toMatch(/needs issues=write.*Add to the job's permissions: issues: write\./);
  });
});
