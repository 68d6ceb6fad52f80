import { describe, expect, it } from "vitest";
import { revertBranch } from "../../src/core/revert-plan.ts";
import {
  expectClean,
  startMergingWorld,
  startRevertWorld,
  withLine,
  type RevertWorld,
} from "./revert-world.ts";

const BAD = { "app.py": withLine(1, "broken") };
const SECTION = (service: string): string => `<!-- deploy-gate:service=${service.replaceAll("-", "%2D")} -->`;

/** Another service of the same repository, served by the same commit, whose new version logs the same traceback. */
function second(world: RevertWorld, name = "worker"): string {
  const { scene, good } = world;
  const service = scene.render.service({
    name,
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
  });
  scene.render.serving(service.id, good);
  return service.id;
}

it.each(["open", "closed"] as const)(
  "a stranger's %s pull request under the branch's name says nothing",
  async (state) => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const { github } = scene;
    const bad = await world.push(BAD);
    const branch = revertBranch(world.good, bad);
    await github.commit({ branch, files: { "x.py": "1\n" }, message: "Mine" });
    const { number } = await github.openPull({ head: branch, title: "Mine" });
    const pull = github.pulls.find((one) => one.number === number)!;
    Object.assign(pull, { fork: "stranger", state, body: SECTION("shop-api") });
    const path = `${github.url}/repos/${github.owner}/${github.repo}/git/refs/heads/${branch}`;
    const headers = { authorization: `Bearer ${github.actionsToken}` };
    expect((await fetch(path, { method: "DELETE", headers })).status).toBe(204);
    const result = await world.gateBad(bad);
    expect(result.report.actions).toMatchObject([
      { kind: "revert_pr", state: "done", reason: expect.stringContaining("opened #") as string },
    ]);
    expect(pull.body).toBe(SECTION("shop-api"));
  },
);

describe("several services' gates", () => {
  it("meet in one pull request, each with its section", async () => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const worker = second(world);
    const bad = await world.push(BAD);
    world.deployBad(bad, { service: worker });
    const one = await world.gateBad(bad);
    const two = await scene.gate({ commit: bad, inputs: { service: "worker" } });
    const pull = world.revertPull();
    for (const service of ["shop-api", "worker"]) expect(pull.body?.split(SECTION(service))).toHaveLength(2);
    expect(pull.body).toMatch(/Deploy-Gate-Revert: [0-9a-f]{40}\.\.[0-9a-f]{40}$/);
    expect(one.report.actions).toMatchObject([
      { kind: "revert_pr", state: "done", reason: expect.stringContaining("opened #") as string },
    ]);
    expect(two.report.actions).toMatchObject([
      { kind: "revert_pr", state: "done", reason: expect.stringContaining("added the evidence") as string },
    ]);
    for (const result of [one, two]) expect(result.outputs["revert-pr-number"]).toBe(String(pull.number));
    expect(scene.github.comments).toEqual([]);
    expectClean(scene);
  });

  it("meet in one pull request when they run at the same time", async () => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const bad = await world.push(BAD);
    await world.push({ "later.py": "1\n" });
    const names = ["worker", "mailer"];
    for (const name of names) world.deployBad(bad, { service: second(world, name) });
    world.deployBad(bad);
    await Promise.all(
      ["shop-api", ...names].map((service) => scene.gate({ commit: bad, inputs: { service } })),
    );
    const pull = world.revertPull();
    for (const service of ["shop-api", ...names]) expect(pull.body).toContain(SECTION(service));
    const [commit] = await scene.github.log(pull.headSha);
    expect(commit?.parents).toEqual([await scene.github.head()]);
    expect(commit?.message).not.toContain("skip ci");
    expectClean(scene);
  });

  it("with another range comment and never widen", async () => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const worker = second(world);
    const between = await world.push({ "between.py": "1\n" });
    // The worker was served by the commit in between, so its own range is shorter.
    scene.render.serving(worker, between, { at: scene.clock.now() - 3_600_000 });
    const bad = await world.push(BAD);
    await world.gateBad(bad, { before: between });
    const pull = world.revertPull();
    const { headSha, body } = pull;
    world.deployBad(bad, { service: worker });
    const run = () => scene.gate({ commit: bad, before: between, inputs: { service: "worker" } });
    const two = await run();
    expect(two.report.actions).toMatchObject([
      { state: "done", reason: expect.stringContaining("another range") as string },
    ]);
    expect(world.revertPull()).toMatchObject({ headSha, body });
    expect(scene.github.comments).toHaveLength(1);
    expect(scene.github.comments[0]?.body).toContain("### What failed: worker");
    // A re-run replaces its comment.
    await run();
    expect(scene.github.comments).toHaveLength(1);
    expectClean(scene);
  });
});

describe("a revert that exists already", () => {
  it.each([
    {
      name: "merged",
      end: (world: RevertWorld, number: number) => world.scene.github.mergePull(number, "squash"),
      state: "skipped",
      reason: /#\d+ has taken it back already/,
    },
    {
      name: "closed by a person",
      end: close,
      state: "held",
      reason: /#\d+ was closed without being merged, which is a no/,
    },
  ])("$name is left alone", async ({ end, state, reason }) => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const bad = await world.push(BAD);
    await world.gateBad(bad);
    const { number } = world.revertPull();
    await end(world, number);
    const again = await scene.gate({ commit: bad });
    expect(again.report).toMatchObject({
      verdict: "fail",
      actions: [{ kind: "revert_pr", state, reason: expect.stringMatching(reason) as string }],
    });
    expect(again.outputs["revert-pr-number"]).toBe(String(number));
    expect(world.revertPull().number).toBe(number);
    expectClean(scene);
  });

  it("opened by hand from the branch gets the evidence, and keeps what people wrote", async () => {
    await using world = await startRevertWorld();
    const { github } = world.scene;
    github.settings.allowActionsPullRequests = false;
    const bad = await world.push(BAD);
    const first = await world.gateBad(bad);
    const head = /\.\.\.([^?]+)\?expand/.exec(first.report.actions[0]?.url ?? "")?.[1] ?? "";
    await github.openPull({ head, title: "Take it back", body: "Because I say so." });
    await world.scene.gate({ commit: bad });
    expect(world.revertPull().body).toMatch(/^Because I say so\.\n\n<!-- deploy-gate:service=shop%2Dapi -->/);
    expect(world.revertPull().title).toBe("Take it back");
    expectClean(world.scene);
  });
});

async function close(world: RevertWorld, number: number): Promise<void> {
  const { github } = world.scene;
  const response = await fetch(`${github.url}/repos/acme/shop/pulls/${number}`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${github.actionsToken}`,
      "content-type": "application/json",
      "user-agent": "test",
    },
    body: JSON.stringify({ state: "closed" }),
  });
  expect(response.status).toBe(200);
}

describe("answers that are lost although GitHub did what was asked", () => {
  it.each([
    /POST .*\/check-runs$/,
    /PATCH .*\/check-runs\//,
    /POST .*\/statuses\//,
    /POST .*\/git\/commits$/,
    /POST .*\/git\/refs$/,
    /POST .*\/merges$/,
    /PATCH .*\/git\/refs\//,
    /POST .*\/pulls$/,
    /POST .*\/labels$/,
    /POST \/graphql$/,
  ])("%s", async (route) => {
    await using world = await startMergingWorld({ isBelow: true });
    const { scene, bad, inputs } = world;
    const fault = scene.github.fault({ route, kind: "reset", takesEffect: true, times: 1 });
    const result = await scene.gate({ commit: bad, inputs });
    expect(fault.hits()).toBe(1);
    expect(result.report.actions).toMatchObject([
      { kind: "revert_pr", state: "done" },
      { kind: "auto_merge", state: "done" },
    ]);
    const pull = world.revertPull();
    const [commit] = await scene.github.log(pull.headSha);
    expect(commit?.parents).toEqual([await scene.github.head()]);
    expect(commit?.message).not.toContain("skip ci");
    expect(scene.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    const keys = scene.github.checkRuns[0]!.annotations.map(({ path, title }) => `${path} ${title}`);
    expect(keys).toEqual([...new Set(keys)]);
    expectClean(scene);
  });
});

describe("the pull request", () => {
  it("never shows the temporary merge that says [skip ci]", async () => {
    await using world = await startMergingWorld({ isBelow: true });
    const { github } = world.scene;
    const shown: string[] = [];
    const result = await world.scene.gate({
      commit: world.bad,
      inputs: world.inputs,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async createPull(wish) {
            const pull = await edges.forge.createPull(wish);
            shown.push(...(await github.log(pull.headSha)).map((commit) => commit.message));
            return pull;
          },
        },
      }),
    });
    expect(result.report.actions[0]).toMatchObject({ state: "done" });
    expect(github.requests.filter(({ path }) => path.endsWith("/merges"))).toMatchObject([
      { body: { commit_message: expect.stringMatching(/\[skip ci\]$/) as string } },
    ]);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.join("\n")).not.toContain("skip ci");
  });
});
