import { describe, expect, it } from "vitest";
import { configOf, expectClean, withLine } from "./revert-world.ts";
import { rollbackConfig, short, startRollbackWorld, type RollbackWorld } from "./rollback-world.ts";

const HOUR = 3_600_000;
const ROLLBACK_ONLY = rollbackConfig({ steps: "render_rollback: {}" });

/** One more bad commit, and what its gate did. */
async function another(world: RollbackWorld, line: number) {
  const bad = await world.push({ "app.py": withLine(line, "broken") });
  return { bad, result: await world.gateBad(bad) };
}

/** A bad commit that served for an hour, and what its gate did. */
async function first(world: RollbackWorld) {
  const done = await another(world, 1);
  await world.scene.clock.advance(HOUR);
  return done;
}

describe("guards.max_actions", () => {
  it.each([
    { name: "a revert", config: configOf(), kind: "revert_pr", what: /done already: #\d+ \(/ },
    {
      name: "a rollback without a pull request",
      config: ROLLBACK_ONLY,
      kind: "render_rollback",
      what: /done already: rollback dep-\w+ \(/,
    },
  ])("one remedy a day by default: $name holds the next one", async ({ config, kind, what }) => {
    await using world = await startRollbackWorld({ config });
    const one = await first(world);
    expect(short(one.result.report.actions)).toEqual([`${kind}: done`]);
    const two = await another(world, 5);
    expect(two.result.report.verdict).toBe("fail");
    expect(short(two.result.report.actions)).toEqual([`${kind}: held`]);
    expect(two.result.report.actions[0]?.reason).toMatch(/guards\.max_actions allows 1 per 1d/);
    expect(two.result.report.actions[0]?.reason).toMatch(what);

    await world.scene.clock.advance(24 * HOUR);
    const three = await another(world, 8);
    expect(short(three.result.report.actions)).toEqual([`${kind}: done`]);
    expectClean(world.scene);
  });

  it("a file that allows more allows more", async () => {
    await using world = await startRollbackWorld({
      config: configOf({ guards: "{ max_actions: 2 per 24h }" }),
    });
    for (const line of [1, 5])
      expect((await another(world, line)).result.report.actions[0]?.state).toBe("done");
    expect((await another(world, 8)).result.report.actions[0]?.state).toBe("held");
  });

  it("a re-run is no other remedy", async () => {
    await using world = await startRollbackWorld({ config: configOf() });
    const { bad } = await another(world, 1);
    const again = await world.scene.gate({ commit: bad });
    expect(short(again.report.actions)).toEqual(["revert_pr: done"]);
    expect(world.scene.github.pulls).toHaveLength(1);
  });

  it("a person's rollback is no remedy", async () => {
    await using world = await startRollbackWorld({ config: configOf() });
    const { scene, serviceId, good } = world;
    const fine = await world.push({ "fine.py": "1\n" });
    scene.render.serving(serviceId, fine, { at: scene.clock.now() - 2 * HOUR });
    scene.render.serving(serviceId, good, { at: scene.clock.now() - HOUR, trigger: "rollback", buildMs: 0 });
    const { result } = await another(world, 1);
    expect(short(result.report.actions)).toEqual(["revert_pr: done"]);
  });

  it("another service's revert is not this one's", async () => {
    await using world = await startRollbackWorld({ config: configOf() });
    const { scene } = world;
    const other = scene.render.service({
      name: "shop-web",
      repo: "https://github.com/acme/shop",
      branch: "main",
      serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
    });
    scene.render.serving(other.id, world.good);
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    world.deployBad(bad, { service: other.id });
    const theirs = await scene.gate({ commit: bad, inputs: { service: "shop-web" } });
    expect(theirs.report.actions[0]?.state).toBe("done");
    const fine = await world.push({ "fine.py": "1\n" });
    scene.render.serving(world.serviceId, fine, { at: scene.clock.now() });
    await scene.clock.advance(10 * 60_000);
    const { result } = await another(world, 6);
    expect(short(result.report.actions)).toEqual(["revert_pr: done"]);
  });
});
