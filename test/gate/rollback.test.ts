import { describe, expect, it } from "vitest";
import { expectClean, withLine } from "./revert-world.ts";
import { rollbackConfig, short, startRollbackWorld, type RollbackWorld } from "./rollback-world.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Pushes a bad commit, lets it fail, and gives the result. */
async function fail(world: RollbackWorld, more: Parameters<RollbackWorld["gateBad"]>[1] = {}) {
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  return { bad, result: await world.gateBad(bad, more) };
}

const actionOf = (
  result: Awaited<ReturnType<RollbackWorld["gateBad"]>>,
  kind = "render_rollback",
): { readonly kind: string; readonly state: string; readonly reason?: string } | undefined =>
  result.report.actions.find((action) => action.kind === kind);

describe("render_rollback", () => {
  it("freezes, rolls back, checks again, and opens the revert", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId, good } = world;
    const { bad, result } = await fail(world);
    expect(result.report.verdict).toBe("fail");
    expect(short(result.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: done",
      "revert_pr: done",
    ]);
    const [rollback, ...others] = world.rollbacks();
    expect(others).toEqual([]);
    expect(rollback).toMatchObject({ status: "live", commit: good });
    expect(result.outputs["rollback-deploy-id"]).toBe(rollback?.id);
    expect(world.autoDeploy()).toBe("off");
    const [goodDeploy] = scene.render.serviceState(serviceId).deploys;
    expect(world.orders()).toEqual([
      'PATCH /services/srv {"autoDeployTrigger":"off"}',
      `POST /services/srv/rollback {"deployId":"${goodDeploy?.record.id}"}`,
    ]);
    expect(actionOf(result)?.reason).toContain(
      "the environment values of that deploy came back with it, data and migrations did not",
    );
    expect(world.state(bad)).toMatchObject({
      verdict: "fail",
      freeze: { commit: bad, former: "commit", by: `${scene.github.serverUrl}/acme/shop/actions/runs/1` },
      remedy: {
        name: "back",
        finished: true,
        steps: [
          { kind: "render_rollback", state: "done", deploy: rollback?.id, target: goodDeploy?.record.id },
          { kind: "recheck", state: "done" },
          { kind: "revert_pr", state: "done", pull: world.revertPull().number },
        ],
      },
    });
    expect(world.state(bad).remedy).not.toHaveProperty("busyUntil");
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");
    const [checkRun] = scene.github.checkRuns;
    expect(checkRun?.title).toMatch(/; rolled back; revert #\d+ opened$/);
    expect(checkRun?.summary).toContain("The version before is live again, by rollback");
    expectClean(scene);
  });

  it("writes what it is about to freeze before it tells Render so", async () => {
    await using world = await startRollbackWorld();
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    let seen: unknown;
    await world.gateBad(bad, {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          setAutoDeploy(id, setting) {
            seen = world.state(bad);
            return edges.deploys.setAutoDeploy(id, setting);
          },
        },
      }),
    });
    expect(seen).toMatchObject({
      freeze: { commit: bad, former: "commit" },
      remedy: { steps: [{ state: "begun", actions: [] }, {}, {}], finished: false },
    });
  });

  it.each([
    {
      former: "checksPass",
      service: { autoDeployTrigger: "checksPass" },
      sent: '{"autoDeployTrigger":"off"}',
    },
    { former: "yes", service: { autoDeployTrigger: undefined }, sent: '{"autoDeploy":"no"}' },
  ])(
    "keeps the former setting $former and sends the field that the service has",
    async ({ former, service, sent }) => {
      await using world = await startRollbackWorld({ service });
      const bad = await world.push({ "app.py": withLine(1, "broken") });
      world.deployBad(bad);
      await world.scene.clock.advance(200);
      const result = await world.scene.gate({ commit: bad });
      expect(actionOf(result)?.state).toBe("done");
      expect(world.orders()[0]).toBe(`PATCH /services/srv ${sent}`);
      expect(world.state(bad).freeze?.former).toBe(former);
      expectClean(world.scene);
    },
  );

  it("freezes nothing where that is not asked, and where auto-deploy is off already", async () => {
    await using world = await startRollbackWorld({
      config: rollbackConfig({ steps: "render_rollback: {}, revert_pr: {}" }),
    });
    const { bad, result } = await fail(world);
    expect(short(result.report.actions)).toEqual(["render_rollback: done", "revert_pr: done"]);
    expect(world.state(bad)).not.toHaveProperty("freeze");
    expect(world.autoDeploy()).toBe("commit");

    await using off = await startRollbackWorld({ service: { autoDeploy: "no", autoDeployTrigger: "off" } });
    const second = await fail(off);
    expect(short(second.result.report.actions)).toEqual([
      "freeze: skipped",
      "render_rollback: done",
      "recheck: done",
      "revert_pr: done",
    ]);
    expect(off.state(second.bad)).not.toHaveProperty("freeze");
  });

  it("never rolls back a deploy that never went live", async () => {
    await using world = await startRollbackWorld();
    const { result } = await fail(world, { story: { end: "build_failed" } });
    expect(short(result.report.actions)).toEqual([
      "render_rollback: skipped",
      "recheck: skipped",
      "revert_pr: done",
    ]);
    expect(world.orders()).toEqual([]);
    expect(world.autoDeploy()).toBe("commit");
  });
});

describe("what holds a rollback back", () => {
  it.each([
    {
      name: "migrations in the range",
      files: { "db/migrations/2.sql": "alter" },
      reason: /it would take back migrations \(db\/migrations\/2\.sql\).*despite_migrations: true/,
    },
    {
      name: "a hold label",
      config: rollbackConfig({ guards: "{ hold_label: stop }" }),
      label: "stop",
      reason: /held by label "stop": http/,
    },
    {
      name: "act_within",
      config: rollbackConfig({ guards: "{ act_within: 1s }" }),
      reason: /live for longer than act_within \(1s\)/,
    },
  ])(
    "$name, with the call to make by hand",
    async ({ files = {}, config = rollbackConfig(), label, reason }) => {
      await using world = await startRollbackWorld({ config });
      if (label !== undefined) {
        await world.scene.github.commit({ branch: "held", files: { "x.py": "1\n" }, message: "Hold" });
        await world.scene.github.openPull({ head: "held", title: "Hold", labels: [label] });
      }
      const bad = await world.push({ "app.py": withLine(1, "broken"), ...files });
      const result = await world.gateBad(bad);
      expect(result.report.verdict).toBe("fail");
      expect(actionOf(result)?.state).toBe("held");
      expect(actionOf(result)?.reason).toMatch(reason);
      expect(actionOf(result)?.reason).toMatch(
        /By hand: curl .*PATCH .*"off".*\/rollback .*"deployId":"dep-/,
      );
      expect(actionOf(result, "recheck")?.state).toBe("skipped");
      expect(world.orders()).toEqual([]);
      expectClean(world.scene);
    },
  );

  it("not migrations that the step may go back over", async () => {
    await using world = await startRollbackWorld({
      config: rollbackConfig({ steps: "render_rollback: { despite_migrations: true }" }),
    });
    const bad = await world.push({ "db/migrations/2.sql": "alter" });
    expect(short((await world.gateBad(bad)).report.actions)).toEqual(["render_rollback: done"]);
  });

  it("a newer deploy that is on its way", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId } = world;
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const story = world.deployBad(bad);
    const next = await world.push({ "other.py": "2\n" });
    scene.render.story(serviceId, next, { at: story.liveAt! + 1_000, queuedMs: 10 * MINUTE });
    const result = await scene.gate({ commit: bad });
    expect(actionOf(result)?.state).toBe("held");
    expect(actionOf(result)?.reason).toMatch(/a newer deploy is on its way \(dep-\w+, queued\)/);
    expect(world.orders()).toEqual([]);
  });

  it("a newer deploy that came before the freeze took hold, and the freeze goes with it", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId } = world;
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const next = await world.push({ "other.py": "2\n" });
    const result = await world.gateBad(bad, {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          async setAutoDeploy(id, setting) {
            if ("autoDeployTrigger" in setting && setting.autoDeployTrigger === "off")
              scene.render.story(serviceId, next, { queuedMs: 10 * MINUTE });
            return edges.deploys.setAutoDeploy(id, setting);
          },
        },
      }),
    });
    expect(short(result.report.actions).slice(0, 3)).toEqual([
      "freeze: done",
      "render_rollback: held",
      "unfreeze: done",
    ]);
    expect(world.autoDeploy()).toBe("commit");
    expect(world.state(bad).freeze?.lifted).toBeDefined();
    expect(world.rollbacks()).toEqual([]);
  });

  it("a state that cannot be written", async () => {
    await using world = await startRollbackWorld();
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    world.deployBad(bad);
    const result = await world.scene.gate({
      commit: bad,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async updateCheckRun(id, change) {
            if (change.output.text?.includes('"freeze"') === true)
              world.scene.github.fault({
                route: /^PATCH .*\/check-runs\//,
                kind: "status",
                status: 403,
                times: 1,
              });
            return edges.forge.updateCheckRun(id, change);
          },
        },
      }),
    });
    expect(short(result.report.actions)).toEqual([
      "freeze: held",
      "render_rollback: held",
      "recheck: skipped",
      "revert_pr: done",
    ]);
    expect(actionOf(result)?.reason).toMatch(/the gate's state could not be written to the check run/);
    expect(world.orders()).toEqual([]);
    expect(world.state(bad)).not.toHaveProperty("freeze");
  });
});

describe("the target", () => {
  it.each([
    {
      name: "a deploy that served too short a time is passed over",
      async prepare(world: RollbackWorld, mid: string) {
        const { scene, serviceId } = world;
        const at = scene.clock.now() - 10_000;
        scene.render.story(serviceId, mid, {
          at: at - 3_000,
          createdMs: 1_000,
          buildMs: 1_000,
          updateMs: 1_000,
        });
      },
      target: "first",
    },
    {
      name: "a deploy whose gate failed is passed over",
      async prepare(world: RollbackWorld, mid: string) {
        const { scene, serviceId } = world;
        scene.render.serving(serviceId, mid, { at: scene.clock.now() - DAY / 2 });
        await world.gateEnded(mid, "failure");
      },
      target: "first",
    },
    {
      name: "a deploy whose gate passed is taken",
      async prepare(world: RollbackWorld, mid: string) {
        const { scene, serviceId } = world;
        scene.render.serving(serviceId, mid, { at: scene.clock.now() - DAY / 2 });
        await world.gateEnded(mid, "success");
      },
      target: "mid",
    },
  ])("$name", async ({ prepare, target }) => {
    await using world = await startRollbackWorld();
    const mid = await world.push({ "mid.py": "1\n" });
    await prepare(world, mid);
    await world.scene.clock.advance(100);
    const { result } = await fail(world);
    expect(actionOf(result)?.state).toBe("done");
    expect(world.rollbacks().map(({ commit }) => commit)).toEqual([target === "first" ? world.good : mid]);
    expectClean(world.scene);
  });

  it("a deploy whose gate failed in mode observe is passed over", async () => {
    await using world = await startRollbackWorld();
    const mid = await world.push({ "mid.py": "1\n" });
    const observed = await world.gateBad(mid, { inputs: { mode: "observe" } });
    expect(observed.report.verdict).toBe("fail");
    await world.scene.clock.advance(DAY / 2);
    const { result } = await fail(world);
    expect(actionOf(result)?.state).toBe("done");
    expect(world.rollbacks().map(({ commit }) => commit)).toEqual([world.good]);
  });

  it("none: said, and the remedy goes on", async () => {
    await using world = await startRollbackWorld({ config: rollbackConfig() });
    const { scene, serviceId, good } = world;
    await world.gateEnded(good, "failure");
    const { result } = await fail(world);
    expect(short(result.report.actions)).toEqual([
      "render_rollback: skipped",
      "recheck: skipped",
      "revert_pr: done",
    ]);
    expect(actionOf(result)?.reason).toMatch(
      /no earlier deploy .* is fit to be rolled back to: the gate of dep-\w+ \(\w+\) failed/,
    );
    expect(scene.render.serviceState(serviceId).record.autoDeployTrigger).toBe("commit");
  });
});

describe("modes that do not act", () => {
  it.each(["observe", "advise"])("%s says which deploy and which call", async (mode) => {
    await using world = await startRollbackWorld({ config: rollbackConfig({ mode }) });
    const { bad, result } = await fail(world);
    expect(actionOf(result)?.state).toBe("advised");
    expect(actionOf(result)?.reason).toMatch(
      /would roll shop-api back to dep-\w+ \(\w{7}\)\. By hand: curl .*-d '\{"autoDeployTrigger":"off"\}' && curl .*\/rollback .*-d '\{"deployId":"dep-\w+"\}'/,
    );
    expect(result.report.actions.every(({ state }) => state === "advised")).toBe(true);
    expect(world.orders()).toEqual([]);
    expect(world.state(bad)).not.toHaveProperty("remedy");
    expectClean(world.scene);
  });
});
