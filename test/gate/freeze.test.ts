import { describe, expect, it } from "vitest";
import type { MergeMethod } from "../stand-ins/github/landing.ts";
import { Killed, killedAt } from "./killing.ts";
import { expectClean, withLine } from "./revert-world.ts";
import { rollbackConfig, short, startRollbackWorld, type RollbackWorld } from "./rollback-world.ts";

const FAST = rollbackConfig({ steps: "render_rollback: { freeze_auto_deploy: true }, revert_pr: {}" });

interface Frozen {
  readonly world: RollbackWorld;
  readonly bad: string;
  /** Number of the open revert. */
  readonly revert: number;
}

/** A service that a gate has rolled back and frozen. */
async function frozen(config = FAST): Promise<Frozen & AsyncDisposable> {
  const world = await startRollbackWorld({ config });
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  await world.gateBad(bad);
  expect(world.autoDeploy()).toBe("off");
  return {
    world,
    bad,
    revert: world.revertPull().number,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

const frozenBy = (bad: string): RegExp =>
  new RegExp(
    `auto-deploy of shop-api is frozen by the gate of ${bad.slice(0, 7)} since .* UTC \\(http\\S+/actions/runs/1\\)`,
  );

describe("while a freeze stands", () => {
  it.each([
    { name: "another commit", config: FAST },
    {
      name: "another commit, although the file says trigger",
      config: FAST.replace("appear_within: 1m", "appear_within: 20m, trigger: true"),
    },
  ])("$name is unknown at once, and nothing is deployed", async ({ config }) => {
    await using place = await frozen(config);
    const { world, bad, revert } = place;
    const next = await world.push({ "other.py": "2\n" });
    const started = world.scene.clock.now();
    const orders = world.orders().length;
    const result = await world.scene.gate({ commit: next });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(result.report.reason).toMatch(frozenBy(bad));
    expect(result.report.reason).toContain(
      `It ends when the deploy of revert #${revert} (open) has passed its gate`,
    );
    expect(world.scene.clock.now() - started).toBeLessThan(30_000);
    expect(world.orders()).toHaveLength(orders);
    expectClean(world.scene);
  });

  it("the version that serves again is not judged as if nothing had been", async () => {
    await using place = await frozen();
    const { world, bad } = place;
    const result = await world.scene.gate({ commit: world.good });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(frozenBy(bad));
  });

  it("the bad commit's own gate keeps its verdict", async () => {
    await using place = await frozen();
    const { world, bad } = place;
    const result = await world.scene.gate({ commit: bad });
    expect(result.report.verdict).toBe("fail");
    expect(short(result.report.actions)).toEqual([
      "freeze: done",
      "render_rollback: done",
      "revert_pr: done",
    ]);
    expect(world.rollbacks()).toHaveLength(1);
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");
  });

  it("a revert that was closed unmerged is announced", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    await world.close(revert);
    const next = await world.push({ "other.py": "2\n" });
    const result = await world.scene.gate({ commit: next });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(frozenBy(bad));
    expect(
      result.lines.some((line) =>
        line.startsWith(`warning: The revert #${revert} was closed without being merged`),
      ),
    ).toBe(true);
  });

  it.each([
    { name: "for days, with a deploy by hand on the last of them", days: 3, deploys: 1 },
    { name: "over many deploys by hand", days: 0, deploys: 6 },
  ])("it is remembered $name", async ({ days, deploys }) => {
    await using place = await frozen();
    const { world, bad } = place;
    const { scene, serviceId } = world;
    await scene.clock.sleep(days * 24 * 60 * 60_000);
    for (let count = 0; count < deploys; count += 1) {
      const byHand = await world.push({ "other.py": `${count}\n` });
      scene.render.story(serviceId, byHand, {
        trigger: "manual",
        buildMs: 1_000,
        updateMs: 1_000,
        boot: ["INFO: up"],
      });
      await scene.clock.sleep(60_000);
    }
    const result = await scene.gate({ commit: await world.push({ "next.py": "1\n" }) });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(frozenBy(bad));
    expectClean(scene);
  });

  it("a state that cannot be read is not passed over", async () => {
    await using place = await frozen();
    const { world, bad } = place;
    const run = world.scene.github.checkRuns.find(({ sha }) => sha === bad);
    run!.text = run!.text!.replace('"version": 1', '"version": 9');
    const next = await world.push({ "other.py": "2\n" });
    const result = await world.scene.gate({ commit: next });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(
      /auto-deploy may be frozen: .* it has version 9, and this gate reads version 1/,
    );
  });

  it("a gate that was waiting for its deploy says so in the end", async () => {
    await using world = await startRollbackWorld({ config: FAST });
    const { scene } = world;
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    world.deployBad(bad);
    const next = await world.push({ "other.py": "2\n" });
    const waiting = await scene.gate({
      commit: next,
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          async events(service, query) {
            // Meanwhile, the other gate.
            if (world.rollbacks().length === 0) await scene.gate({ commit: bad });
            return edges.deploys.events(service, query);
          },
        },
      }),
    });
    expect(waiting.report.verdict).toBe("unknown");
    expect(waiting.report.reason).toMatch(frozenBy(bad));
  });
});

it("a freeze that began after this gate had read the service is not taken for one that somebody has lifted", async () => {
  await using world = await startRollbackWorld({ config: FAST });
  const { scene } = world;
  const bad = await world.push({ "app.py": withLine(1, "broken") });
  world.deployBad(bad);
  const next = await world.push({ "other.py": "2\n" });
  let hasRun = false;
  const result = await scene.gate({
    commit: next,
    runNumber: 2,
    edges: (edges) => ({
      ...edges,
      deploys: {
        ...edges.deploys,
        async deploys(service, query) {
          if (!hasRun) {
            hasRun = true;
            await scene.gate({ commit: bad });
          }
          return edges.deploys.deploys(service, query);
        },
      },
    }),
  });
  expect(result.report.verdict).toBe("unknown");
  expect(result.report.reason).toMatch(frozenBy(bad));
  expect(world.autoDeploy()).toBe("off");
  expect(world.state(bad).freeze).not.toHaveProperty("lifted");
  expectClean(scene);
});

describe("the deploy that takes the bad commit back", () => {
  it.each<MergeMethod>(["merge", "squash", "rebase"])(
    "is asked for by its own gate, and lifts the freeze when it passes: %s",
    async (method) => {
      await using place = await frozen();
      const { world, bad, revert } = place;
      const merged = await world.scene.github.mergePull(revert, method);
      const result = await world.scene.gate({ commit: merged, runNumber: 2 });
      expect(result.report.verdict).toBe("pass");
      expect(short(result.report.actions)).toEqual(["trigger: done", "unfreeze: done"]);
      expect(world.autoDeploy()).toBe("commit");
      expect(world.orders().slice(2)).toEqual([
        `POST /services/srv/deploys {"commitId":"${merged}"}`,
        'PATCH /services/srv {"autoDeployTrigger":"commit"}',
      ]);
      expect(world.state(bad).freeze?.lifted?.why).toMatch(/has passed/);
      expect(world.scene.github.checkRuns.find(({ sha }) => sha === bad)).toMatchObject({
        conclusion: "failure",
      });

      // From here on everything is as ever.
      const next = await world.push({ "other.py": "2\n" });
      const story = world.scene.render.story(world.serviceId, next, {
        buildMs: 1_000,
        updateMs: 1_000,
        boot: ["INFO: up"],
      });
      expect(story.liveAt).toBeDefined();
      expect((await world.scene.gate({ commit: next })).report.verdict).toBe("pass");
      expectClean(world.scene);
    },
  );

  it.each([
    {
      name: "a person's own revert",
      message: (bad: string) => `Revert "broken"\n\nThis reverts commit ${bad}.`,
      is: "pass",
    },
    { name: "a squash that says nothing is no revert", message: () => "Tidy up", is: "unknown" },
  ])("$name", async ({ message, is }) => {
    await using place = await frozen();
    const { world, bad } = place;
    const commit = await world.push({ "app.py": withLine(-1, "") }, message(bad));
    const later = await world.push({ "later.py": "1\n" });
    const result = await world.scene.gate({ commit: later });
    expect(commit).not.toBe(later);
    expect(result.report.verdict).toBe(is);
    expect(world.autoDeploy()).toBe(is === "pass" ? "commit" : "off");
  });

  it("leaves the freeze when it does not pass, and says how it ends", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    const merged = await world.scene.github.mergePull(revert, "merge");
    world.scene.web.answerWith(() => ({ status: 503 }));
    const result = await world.scene.gate({ commit: merged });
    expect(result.report.verdict).toBe("fail");
    expect(result.report.actions.at(-1)).toMatchObject({
      kind: "unfreeze",
      state: "held",
      reason: expect.stringMatching(/stays off: .* did not pass \(fail\)\. It ends when/) as string,
    });
    expect(world.autoDeploy()).toBe("off");
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");
    const again = await world.scene.gate({ commit: merged });
    expect(again.report.verdict).toBe("fail");
    expect(world.orders().filter((order) => order.startsWith("POST /services/srv/deploys"))).toHaveLength(1);
  });

  it("is never rolled back itself, even where a squash has lost its trailer", async () => {
    await using place = await frozen();
    const { world, revert } = place;
    const { scene } = world;
    const merged = await scene.github.mergePull(revert, "squash");
    scene.render.quirks.trigger = {
      buildMs: 1_000,
      updateMs: 1_000,
      boot: ["Traceback (most recent call last): boom"],
    };
    const result = await scene.gate({ commit: merged, runNumber: 2 });
    expect(result.report.verdict).toBe("fail");
    expect(result.report.actions.find(({ kind }) => kind === "render_rollback")).toMatchObject({
      state: "held",
      reason: expect.stringMatching(/a failing revert needs a person/) as string,
    });
    expect(world.rollbacks()).toHaveLength(1);
  });

  it("does not count once GitHub's own revert has taken it back", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    await world.scene.github.mergePull(revert, "squash");
    const orders = world.orders().length;
    const again = await world.push(
      { "app.py": withLine(1, "broken") },
      `Bring it again (#9)\n\nReverts acme/shop#${revert}`,
    );
    const result = await world.scene.gate({ commit: again, runNumber: 2 });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(frozenBy(bad));
    expect(world.orders()).toHaveLength(orders);
  });

  it("passes with a warning where the freeze cannot be lifted, and a later one lifts it", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    const { scene } = world;
    const merged = await scene.github.mergePull(revert, "merge");
    scene.render.fault({ route: /^PATCH /, kind: "forbidden", times: 1 });
    const result = await scene.gate({ commit: merged, runNumber: 2 });
    expect(result.report.verdict).toBe("warn");
    expect(scene.github.checkRuns.find(({ sha }) => sha === merged)?.title).toMatch(
      /^Passed with warnings: .*, but auto-deploy is still off/,
    );
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");
    const next = await world.push({ "other.py": "2\n" });
    expect((await scene.gate({ commit: next, runNumber: 3 })).report.verdict).toBe("pass");
    expect(world.autoDeploy()).toBe("commit");
  });

  it.each(["advise", "observe"])("is not asked for in mode %s", async (mode) => {
    await using place = await frozen();
    const { world, revert } = place;
    const merged = await world.scene.github.mergePull(revert, "merge");
    const orders = world.orders().length;
    const result = await world.scene.gate({ commit: merged, inputs: { mode } });
    expect(result.report.verdict).toBe("unknown");
    expect(result.report.reason).toMatch(
      new RegExp(`mode ${mode} does not ask for the deploy of this commit`),
    );
    expect(world.orders()).toHaveLength(orders);
  });

  it("does not touch what somebody has set meanwhile", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    const merged = await world.scene.github.mergePull(revert, "merge");
    const result = await world.scene.gate({
      commit: merged,
      edges: (edges) => ({
        ...edges,
        prober: {
          probe(request) {
            world.scene.render.serviceState(world.serviceId).record.autoDeploy = "yes";
            world.scene.render.serviceState(world.serviceId).record.autoDeployTrigger = "checksPass";
            return edges.prober.probe(request);
          },
        },
      }),
    });
    expect(result.report.verdict).toBe("pass");
    expect(world.autoDeploy()).toBe("checksPass");
    expect(world.orders().filter((order) => order.startsWith("PATCH"))).toHaveLength(1);
    expect(world.state(bad).freeze?.lifted?.why).toBe("auto-deploy was switched on");
  });
});

it("a freeze is not forgotten over an unfinished remedy of a later commit", async () => {
  await using place = await frozen(
    FAST.replace("remedies:", "guards: { max_actions: 9 per 24h }\nremedies:"),
  );
  const { world, bad } = place;
  const { scene } = world;
  const own = await world.push(
    { "app.py": withLine(-1, ""), "own.py": "1\n" },
    `Undo\n\nThis reverts commit ${bad}.`,
  );
  scene.render.quirks.trigger = {
    buildMs: 1_000,
    updateMs: 1_000,
    boot: ["Traceback (most recent call last): boom"],
  };
  await expect(
    scene.gate({
      commit: own,
      edges: (edges) => killedAt(edges, { method: "createCommit", nth: 1, when: "before" }),
    }),
  ).rejects.toThrow(Killed);
  expect(world.state(own)).toMatchObject({ remedy: { finished: false } });
  expect(world.state(own)).not.toHaveProperty("freeze");
  const next = await world.push({ "app.py": withLine(1, "broken") }, `Again\n\nThis reverts commit ${own}.`);
  const result = await scene.gate({ commit: next, runNumber: 2 });
  expect(world.state(own).remedy?.finished).toBe(true);
  expect(result.report.verdict).toBe("unknown");
  expect(result.report.reason).toMatch(frozenBy(bad));
});

describe("/gate unfreeze", () => {
  const answers = (world: RollbackWorld): readonly string[] =>
    world.scene.github.comments
      .map(({ body }) => body)
      .filter((body) => body.startsWith("<!-- deploy-gate:answer="));

  it("on the revert lifts the freeze, and is answered once", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    const { scene } = world;
    scene.github.say(revert, "/gate unfreeze", "mallory");
    const next = await world.push({ "other.py": "2\n" });
    const refused = await scene.gate({ commit: next, runNumber: 2 });
    expect(refused.report.reason).toMatch(frozenBy(bad));
    expect(refused.report.reason).toContain(`by the comment "/gate unfreeze" on #${revert}, or by switching`);
    expect(answers(world)).toMatchObject([expect.stringMatching(/Not followed: only people who may write/)]);
    expect(world.state(bad).freeze).not.toHaveProperty("lifted");

    scene.github.say(revert, "Enough.\r\n\r\n/gate unfreeze\r\n", "grace");
    const lifted = await scene.gate({ commit: next, runNumber: 3 });
    expect(lifted.report.verdict).toBe("unknown");
    expect(lifted.report.reason).toMatch(
      /was frozen until now by the gate of .*: deploy it by hand, or push/,
    );
    expect(world.autoDeploy()).toBe("commit");
    expect(world.state(bad).freeze?.lifted?.why).toBe("/gate unfreeze by @grace");
    expect(lifted.lines.join("\n")).toContain(
      "Freeze lifted: auto-deploy is on again (commit): /gate unfreeze by @grace",
    );

    const last = await world.push({ "other.py": "3\n" });
    scene.render.story(world.serviceId, last, { buildMs: 1_000, updateMs: 1_000, boot: ["INFO: up"] });
    expect((await scene.gate({ commit: last, runNumber: 4 })).report.verdict).toBe("pass");
    expect(answers(world)).toHaveLength(2);
    expectClean(scene);
  });

  it("that Render does not follow is tried again, and answered then", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    const { scene } = world;
    const other = await world.push({ "other.py": "2\n" });
    const merged = await scene.github.mergePull(revert, "merge");
    scene.github.say(revert, "/gate unfreeze");
    const fault = scene.render.fault({ route: /^PATCH /, kind: "forbidden", times: 1 });
    scene.github.fault({ route: /GET .*comments/, kind: "status", status: 403, times: 1 });
    const unread = await scene.gate({ commit: other, runNumber: 2 });
    expect(unread.report.notes).toMatchObject([expect.stringMatching(/^Comments could not be read/)]);
    const failed = await scene.gate({ commit: other, runNumber: 3 });
    expect(fault.hits()).toBe(1);
    expect(failed.report.notes.join("\n")).toMatch(
      /auto-deploy is still off and could not be switched on again/,
    );
    expect(answers(world)).toEqual([]);

    // The revert's own gate goes on: its deploy is still asked for, and nothing is left to lift.
    const result = await scene.gate({ commit: merged, runNumber: 4 });
    expect(short(result.report.actions)).toEqual(["trigger: done"]);
    expect(world.state(bad).freeze?.lifted?.why).toBe("/gate unfreeze by @ada");
    expect(answers(world)).toHaveLength(1);
  });

  it("is not read where the mode does not act", async () => {
    await using place = await frozen();
    const { world, bad, revert } = place;
    world.scene.github.say(revert, "/gate unfreeze");
    const next = await world.push({ "other.py": "2\n" });
    const result = await world.scene.gate({ commit: next, inputs: { mode: "advise" } });
    expect(result.report.reason).toMatch(frozenBy(bad));
    expect(world.autoDeploy()).toBe("off");
    expect(answers(world)).toEqual([]);
  });
});

describe("auto-deploy switched on by hand", () => {
  it("lifts the freeze for good", async () => {
    await using place = await frozen();
    const { world, bad } = place;
    const { record } = world.scene.render.serviceState(world.serviceId);
    Object.assign(record, { autoDeploy: "yes", autoDeployTrigger: "commit" });
    const next = await world.push({ "other.py": "2\n" });
    world.scene.render.story(world.serviceId, next, { buildMs: 1_000, updateMs: 1_000, boot: ["INFO: up"] });
    expect((await world.scene.gate({ commit: next })).report.verdict).toBe("pass");
    expect(world.state(bad).freeze?.lifted?.why).toBe("auto-deploy was switched on by hand");
    // Off again, for reasons of their own: that is no freeze of a gate.
    Object.assign(record, { autoDeploy: "no", autoDeployTrigger: "off" });
    const last = await world.push({ "other.py": "3\n" });
    expect((await world.scene.gate({ commit: last })).report.reason).not.toMatch(/frozen/);
    expectClean(world.scene);
  });

  it("is kept also where the check run is full", async () => {
    await using place = await frozen();
    const { world, bad } = place;
    const run = world.scene.github.checkRuns.find(({ sha }) => sha === bad)!;
    run.text = `${"- 10:00:00 something was seen\n".repeat(3_000).slice(0, 65_535 - run.text!.length)}${run.text!}`;
    const { record } = world.scene.render.serviceState(world.serviceId);
    Object.assign(record, { autoDeploy: "yes", autoDeployTrigger: "commit" });
    const next = await world.push({ "other.py": "2\n" });
    world.scene.render.story(world.serviceId, next, { buildMs: 1_000, updateMs: 1_000, boot: ["INFO: up"] });
    await world.scene.gate({ commit: next });
    expect(world.state(bad).freeze?.lifted?.why).toBe("auto-deploy was switched on by hand");
    expectClean(world.scene);
  });
});
