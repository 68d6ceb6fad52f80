import { describe, expect, it } from "vitest";
import type { Story } from "../stand-ins/render/stories.ts";
import { failures } from "../stand-ins/render/records.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const CONTEXT = "deploy-gate / shop-api";

/** The newest status of a commit, in two words. */
function statusOf(world: RevertWorld, sha: string): string | undefined {
  const status = world.scene.github.statuses.findLast((one) => one.sha === sha && one.context === CONTEXT);
  return status === undefined ? undefined : `${status.state}: ${status.description}`;
}

async function setStatus(
  world: RevertWorld,
  sha: string,
  description: string,
  state = "pending",
): Promise<void> {
  const { github } = world.scene;
  const response = await fetch(`${github.url}/repos/acme/shop/statuses/${sha}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${github.actionsToken}`,
      "content-type": "application/json",
      "user-agent": "test",
    },
    body: JSON.stringify({ state, context: CONTEXT, description }),
  });
  expect(response.status).toBe(201);
}

/** A deploy whose new version says hello, and a traceback too if it is bad. */
function deploy(
  world: RevertWorld,
  commit: string,
  options: { readonly at?: number; readonly isBad?: boolean } = {},
): Story {
  const { scene, serviceId } = world;
  const { at = scene.clock.now(), isBad = false } = options;
  const story = scene.render.story(serviceId, commit, {
    at,
    createdMs: 100,
    buildMs: 2_000,
    updateMs: 2_000,
  });
  const line = { instance: story.suffixes[0]! };
  scene.render.log(serviceId, { ...line, message: "INFO: up", at: story.liveAt! - 100 });
  if (isBad) scene.render.log(serviceId, { ...line, message: "Traceback: boom", at: story.liveAt! + 5_000 });
  return story;
}

/** Two pushes, of which the second goes live while the first is watched. */
async function overtaken(
  isBad: boolean,
): Promise<RevertWorld & { readonly first: string; readonly last: string }> {
  const world = await startRevertWorld({ config: configOf().replaceAll("on_fail: undo", "on_fail: alert") });
  const first = await world.push({ "one.py": "1\n" }, "One");
  const last = await world.push({ "two.py": "2\n" }, "Two");
  const story = deploy(world, first);
  deploy(world, last, { at: story.liveAt! + 8_000, isBad });
  return { ...world, first, last };
}

describe("a superseded commit", () => {
  it.each([
    {
      isBad: false,
      settled: /^success: Covered by [0-9a-f]{7}: passed$/,
      adopted: /^success: Covered by [0-9a-f]{7}: Passed/,
    },
    {
      isBad: true,
      settled: /^failure: Covered by [0-9a-f]{7}: failed$/,
      adopted: /^failure: Covered by [0-9a-f]{7}: Failed/,
    },
  ])(
    "is pending, names the commit that covers it, and is settled by that one's gate (bad: $isBad)",
    async ({ isBad, settled, adopted }) => {
      {
        await using world = await overtaken(isBad);
        const { scene, first, last } = world;
        const one = await scene.gate({ commit: first });
        expect(one.ending).toEqual({ verdict: "superseded", exitCode: 0 });
        expect(scene.github.checkRuns.find(({ sha }) => sha === first)).toMatchObject({
          conclusion: "neutral",
        });
        expect(statusOf(world, first)).toBe(
          `pending: Superseded by ${last.slice(0, 7)}, whose gate covers this commit`,
        );
        await scene.gate({ commit: last });
        expect(statusOf(world, first)).toMatch(settled);
        expectClean(scene);
      }
      // The other way round.
      await using world = await overtaken(isBad);
      const { scene, first, last } = world;
      await scene.gate({ commit: last });
      expect((await scene.gate({ commit: first })).ending.verdict).toBe("superseded");
      expect(statusOf(world, first)).toMatch(adopted);
      expectClean(scene);
    },
  );

  it("is settled through a chain, whichever of them ever served", async () => {
    await using world = await startRevertWorld();
    const { scene, serviceId } = world;
    const [one, two, three] = [
      await world.push({ a: "1" }),
      await world.push({ a: "2" }),
      await world.push({ a: "3" }),
    ];
    const four = await world.push({ a: "4" });
    // One never had a deploy, two and three served for a moment each.
    await setStatus(world, one, `Superseded by ${two.slice(0, 7)}, whose gate covers this commit`);
    await setStatus(world, two, `Superseded by ${three.slice(0, 7)}, whose gate covers this commit`);
    await setStatus(world, three, `Superseded by ${four.slice(0, 7)}, whose gate covers this commit`);
    for (const commit of [two, three]) {
      scene.render.serving(serviceId, commit, {
        at: scene.clock.now() - 60_000,
        createdMs: 10,
        buildMs: 10,
        updateMs: 10,
      });
      await scene.clock.advance(1_000);
    }
    deploy(world, four);
    expect((await scene.gate({ commit: four })).ending.verdict).toBe("pass");
    for (const commit of [one, two, three]) expect(statusOf(world, commit)).toMatch(/^success: Covered by/);
    expect(statusOf(world, world.good)).toBeUndefined();
    expectClean(scene);
  });

  it("keeps other contexts and finished statuses as they are", async () => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const failed = await world.push({ a: "1" });
    await setStatus(world, failed, "Failed: it broke", "failure");
    const last = await world.push({ a: "2" });
    deploy(world, last);
    await scene.gate({ commit: last });
    expect(statusOf(world, failed)).toBe("failure: Failed: it broke");
    expectClean(scene);
  });
});

describe("a commit that never went live", () => {
  const build = { createdMs: 10, buildMs: 1_000, end: "build_failed", failure: failures.exit() } as const;

  it("settles what it had superseded, and leaves the gate of the serving commit alone", async () => {
    await using world = await startRevertWorld();
    const { scene, serviceId, good } = world;
    const waiting = await world.push({ a: "1" });
    const last = await world.push({ "app.py": withLine(1, "broken") });
    await setStatus(world, good, "watching boot: waiting for its end");
    await setStatus(world, waiting, `Superseded by ${last.slice(0, 7)}, whose gate covers this commit`);
    scene.render.story(serviceId, last, build);
    await scene.gate({ commit: last });
    expect(statusOf(world, waiting)).toBe(`failure: Covered by ${last.slice(0, 7)}: failed`);
    expect(statusOf(world, good)).toBe("pending: watching boot: waiting for its end");
    expectClean(scene);
  });

  it("does not judge an older commit whose gate may still be at work", async () => {
    await using world = await startRevertWorld();
    const { scene, serviceId } = world;
    const other = await world.push({ a: "1" });
    const last = await world.push({ a: "2" });
    await setStatus(world, other, "Starting");
    scene.render.story(serviceId, last, build);
    await scene.gate({ commit: last });
    expect(statusOf(world, other)).toBe("pending: Starting");
    expectClean(scene);
  });
});

describe("a status that is pending for longer than a day", () => {
  it.each([
    { hours: 23, after: /^success: Covered by/ },
    { hours: 25, after: /^error: Never judged/ },
  ])("is $after after $hours h", async ({ hours, after }) => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const lost = await world.push({ a: "1" });
    await setStatus(world, lost, "Starting");
    await scene.clock.advance(hours * 3_600_000);
    const last = await world.push({ a: "2" });
    deploy(world, last);
    await scene.gate({ commit: last });
    expect(statusOf(world, lost)).toMatch(after);
    expectClean(scene);
  });
});

describe("settling", () => {
  it("changes no verdict when it is not permitted", async () => {
    await using world = await startRevertWorld();
    const { scene } = world;
    const lost = await world.push({ a: "1" });
    await setStatus(world, lost, "Superseded by abc1234, whose gate covers this commit");
    const last = await world.push({ a: "2" });
    deploy(world, last);
    scene.github.fault({ route: /GET .*\/status$/, kind: "forbidden" });
    const result = await scene.gate({ commit: last });
    expect(result.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(result.summary).toContain(`The status of ${lost.slice(0, 7)} could not be settled`);
    expectClean(scene);
  });

  it("is not for mode observe", async () => {
    await using world = await overtaken(false);
    const { scene, first, last } = world;
    await setStatus(world, first, `Superseded by ${last.slice(0, 7)}, whose gate covers this commit`);
    await scene.gate({ commit: last, inputs: { mode: "observe" } });
    expect(statusOf(world, first)).toMatch(/^pending/);
    expect(statusOf(world, last)).toBeUndefined();
    expectClean(scene);
  });
});
