import { describe, expect, it } from "vitest";
import type { GateOptions, GateResult } from "./scene.ts";
import { failures } from "../stand-ins/render/records.ts";
import {
  configOf,
  expectClean,
  startRevertWorld,
  treeAfter,
  treeOfGitRevert,
  withLine,
  type RevertWorld,
} from "./revert-world.ts";

const BAD = { "app.py": withLine(1, "broken") };

interface Hold {
  readonly name: string;
  readonly config?: string;
  readonly service?: Readonly<Record<string, unknown>>;
  /** Makes the bad commit; may do more around it. */
  readonly make?: (world: RevertWorld) => Promise<string>;
  readonly gate?: Partial<GateOptions>;
  readonly state: "held" | "advised" | "skipped";
  readonly reason: RegExp;
  readonly url?: RegExp;
}

/** Another push ahead of the bad one, with a committer date so long ago. */
async function oldPush(world: RevertWorld, ageMs: number): Promise<string> {
  const at = world.scene.clock.now() - ageMs;
  await world.scene.github.commit({ files: { "older.py": "1\n" }, message: "An older push", at });
  return world.push(BAD);
}
async function manyPushes(world: RevertWorld, count: number): Promise<string> {
  for (let one = 0; one < count; one += 1) await world.push({ [`other-${one}.py`]: "1\n" });
  return world.push(BAD);
}
const DAY = 24 * 60 * 60_000;
const COMPARE = /\/compare\/[0-9a-f]{40}\.\.\.[0-9a-f]{40}$/;

const HOLDS: readonly Hold[] = [
  {
    name: "more than 20 pushes",
    make: (world) => manyPushes(world, 20),
    state: "held",
    reason: /21 pushes since the previous deploy, at most 20/,
  },
  {
    name: "a range older than 14 days",
    make: (world) => oldPush(world, 15 * DAY),
    state: "held",
    reason: /older than 14 days/,
  },
  {
    name: "G is not an ancestor",
    async make(world) {
      const { scene, serviceId, good } = world;
      const elsewhere = await scene.github.commit({
        branch: "side",
        files: { "side.py": "1\n" },
        message: "m",
        parents: [good],
      });
      scene.render.serving(serviceId, elsewhere, { at: scene.clock.now() - 3_600_000 });
      return world.push(BAD);
    },
    state: "held",
    reason: /is not an ancestor of/,
  },
  {
    name: "G is a commit that GitHub does not know",
    make(world) {
      world.scene.render.serving(world.serviceId, "e".repeat(40), {
        at: world.scene.clock.now() - 3_600_000,
      });
      return world.push(BAD);
    },
    state: "held",
    reason: /\(eeeeeee\) is not an ancestor of/,
  },
  {
    name: "an open issue with the hold label",
    async make(world) {
      world.scene.github.openIssue({ title: "Hands off", labels: ["gate:hold"] });
      return world.push(BAD);
    },
    state: "held",
    reason: /held by label "gate:hold": https:\/\/github\.example\/acme\/shop\/issues\/1/,
  },
  {
    name: "the merged pull request has the hold label, in another case",
    make: async (world) => (await world.land("squash", [BAD], { labels: ["Gate:Hold"] })).sha,
    state: "held",
    reason: /held by label "gate:hold": .*\/pull\/1/,
  },
  {
    name: "act_within is over",
    config: configOf({ guards: "{ act_within: 1s }" }),
    state: "held",
    reason: /longer than act_within/,
  },
  {
    name: "a commit with the trailer",
    make: (world) =>
      world.push(BAD, `Revert "x"\n\nIt broke.\n\nDeploy-Gate-Revert: ${"a".repeat(40)}..${"b".repeat(40)}`),
    state: "held",
    reason: /is itself a revert by the gate; a failing revert needs a person/,
  },
  {
    name: "a merge of a gate's own branch",
    make: async (world) =>
      (await world.land("merge", [BAD], { branch: "deploy-gate/revert-aaaaaaaaaaaa-to-bbbbbbbbbbbb" })).sha,
    state: "held",
    reason: /is itself a revert by the gate/,
  },
  {
    name: "a squash of a gate's own branch that lost the trailer",
    make: async (world) =>
      (await world.land("squash", [BAD], { branch: "deploy-gate/revert-aaaaaaaaaaaa-to-bbbbbbbbbbbb" })).sha,
    state: "held",
    reason: /is itself a revert by the gate/,
  },
  {
    name: "the branch has none of it any more",
    async make(world) {
      const bad = await world.push(BAD);
      await world.push({ "app.py": withLine(-1, "") }, "By hand");
      return bad;
    },
    state: "skipped",
    reason: /nothing to revert: main has none of these changes any more/,
  },
  {
    name: "mode advise",
    config: configOf({ mode: "advise" }),
    state: "advised",
    reason:
      /would open a pull request onto main that takes back [0-9a-f]{7}\.\.[0-9a-f]{7} \(1 commit\)\. By hand: git fetch origin && git switch -c deploy-gate\/revert-[0-9a-f]{12}-to-[0-9a-f]{12} origin\/main && git cherry-pick/,
  },
  { name: "mode observe", config: configOf({ mode: "observe" }), state: "advised", reason: /never acts/ },
];

async function forcePush(world: RevertWorld, sha: string): Promise<void> {
  const { github } = world.scene;
  const response = await fetch(`${github.url}/repos/acme/shop/git/refs/heads%2Fmain`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${github.actionsToken}`,
      "content-type": "application/json",
      "user-agent": "test",
    },
    body: JSON.stringify({ sha, force: true }),
  });
  expect(response.status).toBe(200);
}

/** Branches, pull requests and comments are as they were. */
async function expectUntouched(world: RevertWorld, result: GateResult, pullsBefore: number): Promise<void> {
  const { github } = world.scene;
  expect(github.pulls).toHaveLength(pullsBefore);
  expect(github.comments).toEqual([]);
  const response = await fetch(
    `${github.url}/repos/acme/shop/git/matching-refs/heads%2Fdeploy-gate%2Frevert-`,
    {
      headers: { authorization: `Bearer ${github.actionsToken}`, "user-agent": "test" },
    },
  );
  const refs = (await response.json()) as readonly { readonly ref: string }[];
  expect(refs.filter(({ ref }) => !ref.includes("aaaaaaaaaaaa-to-bbbbbbbbbbbb"))).toEqual([]);
  expect(result.outputs["revert-pr-url"]).toBeUndefined();
}

describe("no pull request, and why", () => {
  it.each(HOLDS)("$name", async ({ config, service, make, gate = {}, state, reason, url }) => {
    await using world = await startRevertWorld({
      ...(config === undefined ? {} : { config }),
      ...(service === undefined ? {} : { service }),
    });
    const bad = await (make === undefined ? world.push(BAD) : make(world));
    const pulls = world.scene.github.pulls.length;
    const before = world.scene.github.requests.length;
    const result = await world.gateBad(bad, gate);
    const isObserve = result.report.mode === "observe";
    expect(result.ending).toEqual({ verdict: "fail", exitCode: isObserve ? 0 : 1 });
    expect(result.report.actions).toHaveLength(1);
    const [action] = result.report.actions;
    expect(action).toMatchObject({ state, reason: expect.stringMatching(reason) as string });
    if (!isObserve) expect(action?.url).toMatch(url ?? COMPARE);
    await expectUntouched(world, result, pulls);
    expect(world.scene.github.checkRuns.at(-1)).toMatchObject({
      conclusion: isObserve ? "neutral" : "failure",
      status: "completed",
    });
    if (isObserve) {
      expect(world.scene.github.statuses).toEqual([]);
      const writes = world.scene.github.requests
        .slice(before)
        .filter(({ method, path }) => method !== "GET" && !/check-runs|graphql/.test(path));
      expect(writes).toEqual([]);
    } else {
      expect(world.scene.github.statuses.at(-1)).toMatchObject({ state: "failure" });
      expect(result.summary).toContain("Revert pull request");
    }
    expectClean(world.scene);
  });

  it.each(["main", "release/o'brien$(id)"])(
    "prints commands in mode advise that do what the gate would, on %s",
    async (branch) => {
      await using world = await startRevertWorld({
        config: configOf({ mode: "advise" }),
        service: { branch },
      });
      const { scene, good } = world;
      const onBranch = { branch, message: "m" };
      const bad = await scene.github.commit({ ...onBranch, files: BAD });
      await scene.github.commit({ ...onBranch, files: { "later.py": "1\n" } });
      const result = await world.gateBad(bad);
      const command = / By hand: (git fetch .*)$/.exec(result.report.actions[0]?.reason ?? "")?.[1] ?? "";
      expect(result.lines.join("\n")).toContain(command);
      expect(result.summary).toContain(command);
      const tree = await treeOfGitRevert(scene, [`${good}..${bad}`], branch);
      expect(await treeAfter(scene, command)).toBe(tree);
      expectClean(scene);
    },
  );
});

describe("a draft instead", () => {
  it.each([
    {
      name: "the range touches migrations",
      files: { "db/migrations/0001.sql": "alter\n" },
      step: "{}",
      draft: true,
      reason: /touches migrations \(db\/migrations\/0001\.sql\)/,
    },
    {
      name: "migrations despite",
      files: { "db/migrations/0001.sql": "alter\n" },
      step: "{ despite_migrations: true }",
      draft: false,
    },
    { name: "draft: true", files: {}, step: "{ draft: true }", draft: true },
  ])("$name", async ({ files, step, draft, reason }) => {
    await using world = await startRevertWorld({ config: configOf({ step }) });
    const bad = await world.push({ ...BAD, ...files });
    const result = await world.gateBad(bad);
    const pull = world.revertPull();
    expect(pull.draft).toBe(draft);
    if (reason !== undefined) {
      expect(result.report.actions[0]?.reason).toMatch(reason);
      expect(pull.body).toContain("### Why this is a draft");
    }
    expectClean(world.scene);
  });

  it("the pre-deploy command failed", async () => {
    await using world = await startRevertWorld();
    const bad = await world.push(BAD);
    const { scene, serviceId } = world;
    const end = { end: "pre_deploy_failed", failure: failures.exit() } as const;
    scene.render.story(serviceId, bad, { createdMs: 10, buildMs: 100, preDeployMs: 100, ...end });
    const result = await scene.gate({ commit: bad });
    expect(result.report).toMatchObject({ verdict: "fail" });
    expect(world.revertPull()).toMatchObject({
      draft: true,
      body: expect.stringContaining("half migrated") as string,
    });
    expectClean(scene);
  });

  it("a plain pull request where the repository has no drafts, never merged automatically", async () => {
    await using world = await startRevertWorld({
      config: configOf({ step: "{ draft: true, auto_merge: true }" }),
    });
    world.scene.github.settings.draftPulls = false;
    const bad = await world.push(BAD);
    const result = await world.gateBad(bad);
    expect(world.revertPull()).toMatchObject({ draft: false, autoMerge: null });
    expect(result.report.actions).toMatchObject([
      { kind: "revert_pr", state: "done", reason: expect.stringContaining("no drafts") as string },
      { kind: "auto_merge", state: "held" },
    ]);
    expectClean(world.scene);
  });
});

describe("what is live by the time of the remedy", () => {
  it.each([
    {
      name: "a descendant took over",
      trigger: "new_commit",
      descendant: true,
      reason: /has changed \(dep-\w+ of [0-9a-f]{7} has taken over\)/,
    },
    {
      name: "somebody rolled back",
      trigger: "rollback",
      descendant: false,
      reason: /has changed \(dep-\w+ of [0-9a-f]{7} has taken over\)/,
    },
    {
      name: "a newer deploy of the same commit serves",
      trigger: "manual",
      descendant: undefined,
      reason: /a newer deploy of the same commit, is live by now/,
    },
  ])("$name between verdict and remedy", async ({ trigger, descendant, reason }) => {
    await using world = await startRevertWorld();
    const { scene, serviceId, good } = world;
    const bad = await world.push(BAD);
    const fix = await world.push({ "fix.py": "1\n" });
    world.deployBad(bad);
    const result = await scene.gate({
      commit: bad,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          // The last thing that is read before the remedy looks at what is live.
          async openWithLabel(label) {
            const found = await edges.forge.openWithLabel(label);
            const commit = descendant === undefined ? bad : descendant ? fix : good;
            scene.render.story(serviceId, commit, { createdMs: 0, buildMs: 0, updateMs: 0, trigger });
            await scene.clock.advance(1);
            return found;
          },
        },
      }),
    });
    expect(result.report.verdict).toBe("fail");
    expect(result.report.actions).toMatchObject([
      { kind: "revert_pr", state: "held", reason: expect.stringMatching(reason) as string },
    ]);
    expect(scene.github.pulls).toEqual([]);
    expectClean(scene);
  });

  it("holds once the branch no longer holds the commit", async () => {
    await using world = await startRevertWorld();
    const { scene, good } = world;
    const bad = await world.push(BAD);
    const files = { "side.py": "1\n" };
    const side = await scene.github.commit({ branch: "side", files, message: "m", parents: [good] });
    const result = await world.gateBad(bad, {
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async setStatus(sha, status) {
            await edges.forge.setStatus(sha, status);
            if (status.state === "failure") await forcePush(world, side);
          },
        },
      }),
    });
    expect(result.report).toMatchObject({
      verdict: "fail",
      actions: [{ state: "held", reason: expect.stringContaining("is no longer in main") as string }],
    });
    expect(scene.github.pulls).toEqual([]);
    expectClean(scene);
  });

  it("holds when Render does not say what is live", async () => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const bad = await world.push(BAD);
    world.deployBad(bad);
    const result = await scene.gate({
      commit: bad,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async openWithLabel(label) {
            scene.render.fault({ route: /^GET \/services\/[^/]+\/deploys/, kind: "status", status: 503 });
            return edges.forge.openWithLabel(label);
          },
        },
      }),
    });
    expect(result.report.actions).toMatchObject([
      { state: "held", reason: expect.stringContaining("could not be read") as string },
    ]);
    expect(scene.github.pulls).toEqual([]);
    expectClean(scene);
  });

  it.each([
    { name: "is reverted while it is the newest", newer: false, state: "done" },
    { name: "is left alone once a newer deploy runs", newer: true, state: "held" },
  ])("a deploy that never went live $name", async ({ newer, state }) => {
    await using world = await startRevertWorld();
    const { scene, serviceId } = world;
    const bad = await world.push(BAD);
    const fix = await world.push({ "fix.py": "1\n" });
    const story = scene.render.story(serviceId, bad, {
      createdMs: 10,
      buildMs: 5_000,
      end: "build_failed",
      failure: failures.exit(),
    });
    if (newer) scene.render.story(serviceId, fix, { at: story.endsAt + 1, createdMs: 10, buildMs: 600_000 });
    const result = await scene.gate({ commit: bad });
    expect(result.report.verdict).toBe("fail");
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state }]);
    expect(scene.github.pulls).toHaveLength(newer ? 0 : 1);
    expectClean(scene);
  });
});
