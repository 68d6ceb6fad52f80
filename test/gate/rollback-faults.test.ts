import { describe, expect, it } from "vitest";
import { expectClean, withLine } from "./revert-world.ts";
import { rollbackConfig, short, startRollbackWorld, type RollbackWorld } from "./rollback-world.ts";

const CONFIG = rollbackConfig({
  steps: "render_rollback: { freeze_auto_deploy: true }, recheck: boot, revert_pr: {}",
});

async function run(prepare: (world: RollbackWorld) => void, config = CONFIG) {
  const world = await startRollbackWorld({ config });
  prepare(world);
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  const result = await world.gateBad(bad);
  return { world, bad, result, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

const UNDONE = [
  "freeze: done",
  "render_rollback: failed",
  "unfreeze: done",
  "recheck: skipped",
  "revert_pr: done",
];

describe("what Render refuses or fails at", () => {
  it.each([
    {
      name: "a target that it no longer keeps",
      prepare: (world: RollbackWorld) => void (world.scene.render.quirks.keptDeploys = 0),
      actions: UNDONE,
      reason: /Render refused to roll back to dep-\w+: .* It keeps only some earlier deploys/,
    },
    {
      name: "a key that may read but not roll back",
      prepare: (world: RollbackWorld) =>
        void world.scene.render.fault({ route: /POST .*\/rollback$/, kind: "forbidden" }),
      actions: UNDONE,
      reason: /The key may read this service but not change it/,
    },
    {
      name: "a conflict",
      prepare: (world: RollbackWorld) =>
        void world.scene.render.fault({ route: /POST .*\/rollback$/, kind: "status", status: 409 }),
      actions: UNDONE,
      reason: /Render refused to roll back to dep-\w+: .*409/,
    },
    {
      name: "a rollback of which nothing is heard",
      prepare: (world: RollbackWorld) =>
        void world.scene.render.fault({ route: /POST .*\/rollback$/, kind: "not-json", times: 1 }),
      actions: UNDONE,
      reason: /its answer was lost .* no rollback has appeared within 60s/,
    },
    {
      name: "a rollback that does not come up",
      prepare: (world: RollbackWorld) =>
        void (world.scene.render.quirks.trigger = { buildMs: 0, updateMs: 2_000, end: "update_failed" }),
      actions: UNDONE,
      reason: /ended as update_failed: the failed version may still serve/,
    },
  ])("$name: said, the freeze undone, the rest done", async ({ prepare, actions, reason }) => {
    await using place = await run(prepare);
    const { world, bad, result } = place;
    expect(result.report.verdict).toBe("fail");
    expect(short(result.report.actions)).toEqual(actions);
    expect(result.report.actions[1]?.reason).toMatch(reason);
    expect(world.autoDeploy()).toBe("commit");
    expect(world.state(bad).freeze?.lifted).toBeDefined();
    expect(result.outputs).not.toHaveProperty("rollback-deploy-id");
    expect(world.scene.github.pulls).toHaveLength(1);
    expect(world.orders().filter((order) => order.includes("/rollback"))).toHaveLength(1);
    expectClean(world.scene);
  });

  it("a key that may not switch auto-deploy off: nothing is rolled back", async () => {
    await using place = await run(
      (world) => void world.scene.render.fault({ route: /^PATCH /, kind: "forbidden" }),
    );
    const { world, bad, result } = place;
    expect(short(result.report.actions)).toEqual([
      "freeze: failed",
      "render_rollback: held",
      "recheck: skipped",
      "revert_pr: done",
    ]);
    expect(result.report.actions[0]?.reason).toMatch(/Render did not switch auto-deploy off: .*403/);
    expect(world.rollbacks()).toEqual([]);
    expect(world.state(bad).freeze?.lifted).toBeDefined();
  });

  it("an answer that was lost is settled by the list", async () => {
    await using place = await run(
      (world) => void world.scene.render.fault({ route: /POST .*\/rollback$/, kind: "truncated", times: 1 }),
    );
    const { world, result } = place;
    expect(short(result.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: done",
      "revert_pr: done",
    ]);
    expect(world.rollbacks()).toHaveLength(1);
  });

  it("an answer that names another deploy is not believed", async () => {
    await using world = await startRollbackWorld({ config: CONFIG });
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const result = await world.gateBad(bad, {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          async rollback(service, deploy) {
            const before = await edges.deploys.deploys(service, {});
            await edges.deploys.rollback(service, deploy);
            return before[0]!;
          },
        },
      }),
    });
    expect(result.outputs["rollback-deploy-id"]).toBe(world.rollbacks()[0]?.id);
    expect(world.rollbacks()).toHaveLength(1);
  });

  it("a freeze that cannot be undone is said loudly, and the next gate undoes it", async () => {
    await using world = await startRollbackWorld({ config: CONFIG });
    world.scene.render.quirks.keptDeploys = 0;
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const result = await world.gateBad(bad, {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          setAutoDeploy(service, setting) {
            const isBack = "autoDeployTrigger" in setting && setting.autoDeployTrigger === "commit";
            if (isBack) world.scene.render.fault({ route: /^PATCH /, kind: "forbidden", times: 1 });
            return edges.deploys.setAutoDeploy(service, setting);
          },
        },
      }),
    });
    expect(short(result.report.actions).slice(0, 3)).toEqual([
      "freeze: done",
      "render_rollback: failed",
      "unfreeze: failed",
    ]);
    expect(
      result.lines.some((line) =>
        line.startsWith("warning: Nothing deploys to shop-api: auto-deploy is still off"),
      ),
    ).toBe(true);
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");

    const next = await world.push({ "other.py": "2\n" });
    const second = await world.scene.gate({ commit: next });
    expect(second.report.verdict).toBe("unknown");
    expect(second.report.reason).toMatch(
      /was frozen until now by the gate of \w{7}.*deploy it by hand, or push again/,
    );
    expect(world.autoDeploy()).toBe("commit");
    expect(world.state(bad).freeze?.lifted).toBeDefined();
  });

  it("a rollback that cannot be read by itself is followed in the list", async () => {
    await using place = await run(
      (world) =>
        void world.scene.render.fault({
          route: /^GET \/services\/[^/]+\/deploys\/[^/]+$/,
          kind: "forbidden",
        }),
    );
    expect(short(place.result.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: done",
      "revert_pr: done",
    ]);
    expectClean(place.world.scene);
  });

  it("a revert that GitHub refused is made by the same job run again, and nothing else is", async () => {
    await using world = await startRollbackWorld({ config: CONFIG });
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const fault = world.scene.github.fault({ route: /^POST .*\/git\/refs$/, kind: "forbidden" });
    const first = await world.gateBad(bad);
    expect(short(first.report.actions).at(-1)).toBe("revert_pr: failed");
    fault.stop();
    const orders = world.orders();
    const second = await world.scene.gate({ commit: bad });
    expect(short(second.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: done",
      "revert_pr: done",
    ]);
    expect(world.revertPull().state).toBe("open");
    expect(world.orders()).toEqual(orders);
    expect(world.state(bad).remedy).toMatchObject({ finished: true });
    expectClean(world.scene);
  });

  it("a rollback that takes longer than live_within: said, and the freeze stays", async () => {
    await using place = await run(
      (world) => void (world.scene.render.quirks.trigger = { buildMs: 0, updateMs: 60 * 60_000 }),
      CONFIG.replace("appear_within: 1m", "appear_within: 1m, live_within: 2m"),
    );
    const { world, bad, result } = place;
    expect(short(result.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: failed",
      "recheck: skipped",
      "revert_pr: done",
    ]);
    expect(result.report.actions[1]?.reason).toMatch(
      /is not live after 2 min \(live_within\), still update_in_progress/,
    );
    // It may yet serve, and does so later, until somebody deploys by hand.
    const { scene, serviceId } = world;
    for (const status of ["update_in_progress", "live", "deactivated"]) {
      expect(world.rollbacks()[0]?.status).toBe(status);
      const next = await world.push({ "other.py": `${status}\n` });
      const later = await scene.gate({ commit: next });
      expect(later.report.reason).toMatch(/is frozen by the gate of/);
      await scene.clock.advance(60 * 60_000);
      if (status === "live") {
        scene.render.story(serviceId, next, { trigger: "manual", buildMs: 1_000, updateMs: 1_000 });
        await scene.clock.advance(60_000);
      }
    }
    expect(world.autoDeploy()).toBe("off");
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");
  });
});

describe("recheck", () => {
  it("says loudly that the old version fails as well, and stops nothing", async () => {
    await using world = await startRollbackWorld({ config: CONFIG });
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const result = await world.gateBad(bad, {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          rollback(service, deploy) {
            world.scene.web.answerWith(() => ({ status: 503 }));
            return edges.deploys.rollback(service, deploy);
          },
        },
      }),
    });
    expect(short(result.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: failed",
      "revert_pr: done",
    ]);
    expect(result.report.actions[2]?.reason).toMatch(/dep-\w+ fails as well: .*"health"/);
    expect(
      result.lines.some((line) =>
        line.startsWith("warning: The version that was rolled back to fails as well"),
      ),
    ).toBe(true);
  });

  it("asks nothing that the old version had failed", async () => {
    await using world = await startRollbackWorld({ config: CONFIG });
    world.scene.web.answerWith(() => ({ status: 503 }));
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const result = await world.gateBad(bad);
    expect(result.report.actions[2]).toMatchObject({ kind: "recheck", state: "done" });
    expect(result.report.actions[2]?.reason).toMatch(/passes 1 of 1 checks/);
  });
});
