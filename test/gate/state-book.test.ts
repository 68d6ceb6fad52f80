import { describe, expect, it } from "vitest";
import type { GateState } from "../../src/core/gate-state.ts";
import { decodeState, encodeState } from "../../src/core/gate-state-text.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const FREEZE = { by: "https://x.test/runs/1", at: 1, commit: "b".repeat(40), former: "commit" } as const;

function stateOf(world: RevertWorld, commit: string): GateState {
  const [run] = world.scene.github.checkRuns.filter((one) => one.sha === commit);
  const decoded = decodeState(run?.text ?? "");
  if (decoded.kind !== "state") throw new Error(`the state is ${decoded.kind}`);
  return decoded.state;
}

describe("the state in the check run", () => {
  it("says which deploy was judged, and how", async () => {
    await using world = await startRevertWorld();
    const commit = await world.push({ "app.py": withLine(1, "fine") });
    const story = world.scene.render.story(world.serviceId, commit, { buildMs: 2_000, updateMs: 2_000 });
    world.scene.render.log(world.serviceId, {
      message: "up",
      instance: story.suffixes[0]!,
      at: story.liveAt! - 1_000,
    });
    const result = await world.scene.gate({ commit });
    expect(result.report.verdict).toBe("pass");
    const { measured, ...state } = stateOf(world, commit);
    expect(measured).toMatchObject({ commit, values: { errors: { matches: 0 } }, earlier: [] });
    expect(state).toEqual({
      version: 1,
      service: world.serviceId,
      commit,
      deploy: story.deployId,
      verdict: "pass",
    });
    expectClean(world.scene);
  });

  it("is not read from a log line that prints one", async () => {
    await using world = await startRevertWorld();
    const commit = await world.push({ "app.py": withLine(1, "broken") });
    const forged = encodeState({ version: 1, service: world.serviceId, commit, freeze: FREEZE });
    const story = world.deployBad(commit);
    world.scene.render.log(world.serviceId, {
      message: `Traceback ${forged}`,
      instance: story.suffixes[0]!,
      at: story.liveAt! + 5_000,
    });
    await world.scene.gate({ commit });
    expect(stateOf(world, commit)).not.toHaveProperty("freeze");
    const [run] = world.scene.github.checkRuns;
    expect(run?.text?.match(/deploy-gate-state/g)).toHaveLength(1);
    expectClean(world.scene);
  });

  it.each([
    { name: "a re-run", stop: undefined },
    { name: "a re-run that is canceled", stop: 20_000 },
  ])("stays through every writing of $name, progress among them", async ({ stop }) => {
    await using world = await startRevertWorld({
      config: configOf().replace("for: 30s, every: 10s", "for: 12m, every: 30s"),
    });
    const { scene } = world;
    const commit = await world.push({ "app.py": withLine(1, "fine") });
    const story = scene.render.story(world.serviceId, commit, { buildMs: 2_000, updateMs: 2_000 });
    scene.render.log(world.serviceId, {
      message: "up",
      instance: story.suffixes[0]!,
      at: story.liveAt! - 1_000,
    });
    await scene.gate({ commit });
    const [run] = scene.github.checkRuns;
    const kept: GateState = { ...stateOf(world, commit), freeze: { ...FREEZE, lifted: { at: 2, why: "x" } } };
    run!.text = encodeState(kept);
    const job = new AbortController();
    const texts: string[] = [];
    const started = scene.clock.now();
    await scene.gate({
      commit,
      signal: job.signal,
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async updateCheckRun(id, change) {
            texts.push(change.output.text ?? "");
            await edges.forge.updateCheckRun(id, change);
            if (stop !== undefined && scene.clock.now() - started >= stop) job.abort();
          },
        },
      }),
    });
    expect(texts.length).toBeGreaterThanOrEqual(3);
    for (const text of texts)
      expect(decodeState(text)).toMatchObject({ kind: "state", state: { freeze: kept.freeze } });
    expect(stateOf(world, commit)).toMatchObject({ freeze: kept.freeze });
    expectClean(scene);
  });
});
