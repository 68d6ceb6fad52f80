import { describe, expect, it } from "vitest";
import { encodeState } from "../../src/core/gate-state-text.ts";
import { Killed, killedAt, type Boundary } from "./killing.ts";
import { expectClean, withLine } from "./revert-world.ts";
import { short, startRollbackWorld, type RollbackWorld } from "./rollback-world.ts";

interface Place {
  readonly method: Boundary;
  readonly nth: number;
  readonly when: "before" | "after";
}

/** Runs the gate of a bad commit and kills it there. */
async function killed(world: RollbackWorld, at: Place): Promise<string> {
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  world.deployBad(bad);
  await expect(world.scene.gate({ commit: bad, edges: (edges) => killedAt(edges, at) })).rejects.toThrow(
    Killed,
  );
  return bad;
}

/** What an undisturbed run leaves behind. */
function expectDone(world: RollbackWorld, bad: string): void {
  const { scene, good } = world;
  expect(scene.github.checkRuns.filter(({ sha }) => sha === bad)).toMatchObject([
    { status: "completed", conclusion: "failure" },
  ]);
  expect(scene.github.statuses.filter(({ sha }) => sha === bad).at(-1)?.state).toBe("failure");
  const rollbacks = world.rollbacks();
  expect(rollbacks).toMatchObject([{ status: "live", commit: good }]);
  expect(world.autoDeploy()).toBe("off");
  expect(world.orders().map((order) => order.split(" ").slice(0, 2).join(" "))).toEqual([
    "PATCH /services/srv",
    "POST /services/srv/rollback",
  ]);
  const pull = world.revertPull();
  const state = world.state(bad);
  expect(state.freeze).toMatchObject({ commit: bad, former: "commit" });
  expect(state.freeze).not.toHaveProperty("lifted");
  expect(state.remedy).toMatchObject({
    finished: true,
    steps: [
      { kind: "render_rollback", state: "done", deploy: rollbacks[0]?.id },
      { kind: "recheck", state: "done" },
      { kind: "revert_pr", state: "done", pull: pull.number },
    ],
  });
  expect(pull.body).toContain("Traceback");
  expectClean(scene);
}

describe("a run that nothing disturbs", () => {
  it("leaves this behind", async () => {
    await using world = await startRollbackWorld();
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    await world.gateBad(bad);
    expectDone(world, bad);
  });

  it("and run again says the same and does nothing", async () => {
    await using world = await startRollbackWorld();
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    await world.gateBad(bad);
    const again = await world.scene.gate({ commit: bad });
    expect(again.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(again.outputs["rollback-deploy-id"]).toBe(world.rollbacks()[0]?.id);
    expect(short(again.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: done",
      "revert_pr: done",
    ]);
    expect(world.scene.github.checkRuns.at(-1)?.annotations).toMatchObject([
      { title: 'Check "errors" failed' },
    ]);
    expectDone(world, bad);
  });
});

describe("the gate of another commit", () => {
  it.each([
    { method: "setAutoDeploy", nth: 1, when: "after" },
    { method: "rollback", nth: 1, when: "before" },
    { method: "rollback", nth: 1, when: "after" },
    { method: "updateCheckRun", nth: 4, when: "after" },
    { method: "createPull", nth: 1, when: "after" },
    { method: "updateCheckRun", nth: 6, when: "before" },
  ] as const)("finishes it, and names the freeze: $when $method, number $nth", async (at) => {
    await using world = await startRollbackWorld();
    const bad = await killed(world, at);
    const next = await world.push({ "other.py": "2\n" });
    const started = world.scene.clock.now();
    const result = await world.scene.gate({ commit: next, runNumber: 2 });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(
      new RegExp(
        `auto-deploy of shop-api is frozen by the gate of ${bad.slice(0, 7)} since .*revert #\\d+ \\(open\\)`,
      ),
    );
    // The run that began it could still have been at work for six minutes.
    expect(world.scene.clock.now() - started).toBeLessThan(10 * 60_000);
    expectDone(world, bad);
  });

  it("leaves it alone while the run that began it is at work", async () => {
    await using world = await startRollbackWorld();
    const { scene } = world;
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    await world.gateBad(bad);
    // As if the first run were still at its last step.
    const run = scene.github.checkRuns.find(({ sha }) => sha === bad)!;
    const whole = run.text;
    const { remedy, ...state } = world.state(bad);
    const [rollback, recheck] = remedy!.steps;
    run.text = encodeState({
      ...state,
      remedy: {
        ...remedy!,
        finished: false,
        busyUntil: scene.clock.now() + 5 * 60_000,
        steps: [rollback!, recheck!, { kind: "revert_pr", state: "begun", actions: [] }],
      },
    });
    const next = await world.push({ "other.py": "2\n" });
    const started = scene.clock.now();
    const writes = run.updates;
    const result = await scene.gate({
      commit: next,
      runNumber: 2,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          findCheckRun(sha, name, id) {
            if (scene.clock.now() - started > 2 * 60_000) run.text = whole;
            return edges.forge.findCheckRun(sha, name, id);
          },
        },
      }),
    });
    expect(result.report.verdict).toBe("unknown");
    expect(result.lines.some((line) => line.includes("runs/1, which may be at work on the remedy"))).toBe(
      true,
    );
    expect(scene.clock.now() - started).toBeGreaterThan(2 * 60_000);
    expect(scene.clock.now() - started).toBeLessThan(5 * 60_000);
    expect(run.updates).toBe(writes);
    expectDone(world, bad);
  });
});

it("two gates of the same commit at once act once, and neither loses what the other keeps", async () => {
  await using world = await startRollbackWorld();
  const { scene } = world;
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  world.deployBad(bad);
  let hasRun = false;
  const second = await scene.gate({
    commit: bad,
    runNumber: 2,
    edges: (edges) => ({
      ...edges,
      deploys: {
        ...edges.deploys,
        async instances(service) {
          if (!hasRun) {
            hasRun = true;
            await scene.gate({ commit: bad });
          }
          return edges.deploys.instances(service);
        },
      },
    }),
  });
  expect(second.report.verdict).toBe("fail");
  expectDone(world, bad);
});

describe("what an earlier run began", () => {
  it("is not finished in a mode that does not act", async () => {
    await using world = await startRollbackWorld();
    const bad = await killed(world, { method: "rollback", nth: 1, when: "before" });
    const again = await world.scene.gate({ commit: bad, inputs: { mode: "advise" } });
    expect(world.rollbacks()).toEqual([]);
    expect(world.state(bad).remedy?.finished).toBe(false);
    expect(again.report.actions.some(({ state }) => state === "done")).toBe(false);
  });

  it("puts back what somebody has set since", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId } = world;
    const bad = await killed(world, { method: "setAutoDeploy", nth: 1, when: "before" });
    expect(world.state(bad).freeze?.former).toBe("commit");
    scene.render.serviceState(serviceId).record.autoDeployTrigger = "checksPass";
    const again = await scene.gate({ commit: bad });
    expect(short(again.report.actions)[0]).toBe("freeze: done");
    expect(world.autoDeploy()).toBe("off");
    expect(world.state(bad).freeze?.former).toBe("checksPass");
  });

  it("is still held where the deploy brought no new code", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId } = world;
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    scene.render.story(serviceId, bad, { buildMs: 1_000, updateMs: 1_000, boot: ["INFO: up"] });
    await scene.clock.advance(60 * 60_000);
    world.deployBad(bad, { trigger: "service_updated" });
    const at = { method: "setStatus", nth: 2, when: "after" } as const;
    await expect(scene.gate({ commit: bad, edges: (edges) => killedAt(edges, at) })).rejects.toThrow(Killed);
    const again = await scene.gate({ commit: bad });
    expect(again.report.verdict).toBe("fail");
    expect(short(again.report.actions)).toEqual([
      "render_rollback: held",
      "recheck: held",
      "revert_pr: held",
    ]);
    expect(again.report.actions[0]?.reason).toMatch(/brought no new code that could be taken back/);
    expect(world.orders()).toEqual([]);
    expect(scene.github.pulls).toEqual([]);
  });

  it("is held where something else serves by now", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId } = world;
    const bad = await killed(world, { method: "updateCheckRun", nth: 4, when: "after" });
    const next = await world.push({ "other.py": "2\n" });
    scene.render.story(serviceId, next, { trigger: "manual", buildMs: 1_000, updateMs: 1_000 });
    await scene.clock.advance(60_000);
    const again = await scene.gate({ commit: bad });
    expect(short(again.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "recheck: held",
      "revert_pr: held",
    ]);
    expect(again.report.actions[2]?.reason).toMatch(
      /dep-\w+ is live instead of dep-\w+, which the rollback of this remedy made/,
    );
    expect(world.state(bad).remedy?.finished).toBe(true);
    expect(scene.github.pulls).toEqual([]);
  });

  it("keeps its freeze where the rollback has served and something else was deployed by hand", async () => {
    await using world = await startRollbackWorld();
    const { scene, serviceId } = world;
    const bad = await killed(world, { method: "rollback", nth: 1, when: "after" });
    await scene.clock.advance(60_000);
    const next = await world.push({ "other.py": "2\n" });
    scene.render.story(serviceId, next, { trigger: "manual", buildMs: 1_000, updateMs: 1_000 });
    await scene.clock.advance(60_000);
    const again = await scene.gate({ commit: bad });
    expect(short(again.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: failed",
      "recheck: skipped",
      "revert_pr: held",
    ]);
    expect(again.report.actions[1]?.reason).toMatch(/has served, and was replaced since/);
    expect(world.autoDeploy()).toBe("off");
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");
  });

  it("is canceled, and then finished", async () => {
    await using world = await startRollbackWorld();
    const job = new AbortController();
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const first = await world.gateBad(bad, {
      signal: job.signal,
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          rollback(service, deploy) {
            job.abort();
            return edges.deploys.rollback(service, deploy);
          },
        },
      }),
    });
    expect(first.report.verdict).toBe("fail");
    expect(world.state(bad).remedy).toMatchObject({ finished: false });
    expect(world.state(bad).remedy).not.toHaveProperty("busyUntil");
    await world.scene.clock.advance(30_000);
    const next = await world.push({ "other.py": "2\n" });
    const result = await world.scene.gate({ commit: next, runNumber: 2 });
    expect(result.report.verdict).toBe("unknown");
    expectDone(world, bad);
  });
});
