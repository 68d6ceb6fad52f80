import { describe, expect, it } from "vitest";
import { failures, type Failure, type StoryOptions } from "../stand-ins/render/server.ts";
import { expectClean, expectNoAct, gatePush, quick, startShop, told } from "./deploy-scene.ts";

interface Failed {
  readonly end: NonNullable<StoryOptions["end"]>;
  readonly failure?: Failure;
  readonly says: string;
  /** Whether the code is to blame, so that the revert is opened. */
  readonly acts: boolean;
  readonly verdict?: "fail" | "unknown";
  readonly event?: string;
}

const FAILED: readonly Failed[] = [
  {
    end: "build_failed",
    failure: failures.exit(1),
    says: "the build failed: exited with status 1",
    acts: true,
  },
  {
    end: "build_failed",
    failure: failures.outOfMemory("8Gi"),
    says: "the build failed: out of memory (limit 8Gi)",
    acts: true,
  },
  {
    end: "pre_deploy_failed",
    failure: failures.exit(3),
    says: "the pre-deploy command failed: exited with status 3",
    acts: true,
  },
  {
    end: "update_failed",
    failure: failures.outOfMemory(),
    says: "did not come up: out of memory (limit 512Mi)",
    acts: true,
  },
  {
    end: "update_failed",
    failure: failures.exit(137),
    says: "did not come up: exited with status 137",
    acts: true,
  },
  { end: "update_failed", failure: failures.earlyExit(), says: "did not come up: exited early", acts: true },
  {
    end: "update_failed",
    failure: failures.unhealthy(),
    says: "did not come up: unhealthy: HTTP health check failed",
    acts: true,
  },
  {
    end: "update_failed",
    failure: failures.timedOut(900),
    says: "did not come up: timed out after 900 s: Port scan",
    acts: true,
  },
  {
    end: "build_failed",
    failure: failures.timedOut(7200),
    says: "the build failed: timed out after 7200 s",
    acts: false,
  },
  {
    end: "update_failed",
    failure: failures.evicted(),
    says: "evicted by Render, which is not the code's doing",
    acts: false,
    verdict: "unknown",
  },
  {
    end: "build_failed",
    failure: failures.evicted(),
    says: "evicted by Render",
    acts: false,
    verdict: "unknown",
  },
  {
    end: "update_failed",
    event: "server_hardware_failure",
    says: "hardware failure at Render",
    acts: false,
    verdict: "unknown",
  },
  {
    end: "build_failed",
    event: "image_pull_failed",
    says: "the image could not be pulled",
    acts: false,
    verdict: "unknown",
  },
  {
    end: "build_failed",
    event: "pipeline_minutes_exhausted",
    says: "pipeline minutes exhausted",
    acts: false,
    verdict: "unknown",
  },
];

const trigger = {
  firstBuild: false,
  envUpdated: false,
  manual: false,
  deployedByRender: false,
  clearCache: false,
  rollback: false,
};
const DETAILS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  image_pull_failed: { message: "manifest unknown", imageURL: "docker.io/acme/shop:1" },
  pipeline_minutes_exhausted: { buildId: "bld-0000000000000000000a", trigger },
};

describe("a failed deploy", () => {
  it.each(FAILED)("$end: $says", async ({ end, failure, says, acts, verdict = "fail", event }) => {
    await using shop = await startShop();
    const { scene, service, bad, good } = shop;
    const story = scene.render.story(service.id, bad, {
      end,
      buildMs: 30_000,
      updateMs: 10_000,
      ...(failure === undefined ? {} : { failure }),
    });
    if (event !== undefined)
      scene.render.event(service.id, {
        type: event,
        details: DETAILS[event] ?? {},
        at: story.endsAt - 1_000,
      });
    scene.render.log(service.id, {
      type: "build",
      message: "npm ERR! missing script",
      at: story.startedAt + 5_000,
    });
    const result = await gatePush(shop);
    expect([result.report.verdict, result.report.reason]).toEqual([verdict, expect.stringContaining(says)]);
    expect(result.report.deploy).toMatchObject({ id: story.deployId, status: end });
    expect(result.ending.exitCode).toBe(1);
    expect(told(shop, bad)).toEqual(
      verdict === "fail"
        ? { status: "failure", check: "failure" }
        : { status: "error", check: "action_required" },
    );
    // The last lines are shown where the reader looks first.
    expect(result.summary).toContain("npm ERR! missing script");
    if (acts) {
      expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
      const [pull] = scene.github.pulls;
      expect(await scene.github.treeOf(pull!.headSha)).toBe(await scene.github.treeOf(good));
      // A pre-deploy command may have migrated half a database.
      expect(pull!.draft).toBe(end === "pre_deploy_failed");
      expectClean(shop);
    } else expectNoAct(shop);
  });

  it("shows the lines of the version that did not come up, however much the old one writes", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const story = scene.render.story(service.id, bad, {
      end: "update_failed",
      failure: failures.exit(1),
      buildMs: 30_000,
      updateMs: 10_000,
      instances: ["bbbbb"],
    });
    const line = (instance: string, message: string, at: number) =>
      scene.render.log(service.id, { instance, message, at });
    for (let n = 0; n < 120; n += 1) line("aaaaa", "INFO: GET /orders 200", story.endsAt - 20_000 + n * 150);
    line("bbbbb", "ImportError: cannot import name 'Orders'", story.endsAt - 9_000);
    const result = await gatePush(shop);
    expect(result.summary).toContain("ImportError: cannot import name 'Orders'");
    expect(result.summary).not.toContain("GET /orders 200");
    expect(scene.github.pulls[0]?.body).toContain("ImportError");
    expectClean(shop);
  });

  it("alert only: fails, and nothing else", async () => {
    await using shop = await startShop({
      config: quick().replace("deploy: { on_fail: revert }", "deploy: { on_fail: alert }"),
    });
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 5_000 });
    expect((await gatePush(shop)).ending).toEqual({ verdict: "fail", exitCode: 1 });
    expectNoAct(shop);
  });

  it("defaults.on_fail holds for the deploy where it says nothing itself", async () => {
    await using shop = await startShop({
      config: quick().replace("deploy: { on_fail: revert }", "defaults: { on_fail: revert }"),
    });
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 5_000 });
    expect((await gatePush(shop)).report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expectClean(shop);
  });

  it.each(["observe", "advise"])("in mode %s nothing is done", async (mode) => {
    await using shop = await startShop();
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 5_000 });
    const result = await gatePush(shop, { mode });
    expect(result.ending).toEqual({ verdict: "fail", exitCode: mode === "observe" ? 0 : 1 });
    expect(told(shop, shop.bad)).toEqual(
      mode === "observe" ? { check: "neutral" } : { status: "failure", check: "failure" },
    );
    expectNoAct(shop);
  });

  it("is not blamed for the build that failed while it was queued", async () => {
    await using shop = await startShop();
    const { scene, service, bad, good } = shop;
    scene.render.story(service.id, good, { end: "build_failed", failure: failures.exit(7), buildMs: 40_000 });
    scene.render.story(service.id, bad, {
      queuedMs: 45_000,
      end: "update_failed",
      failure: failures.unhealthy("502 from /health"),
    });
    const result = await gatePush(shop);
    expect(result.report.reason).toContain("unhealthy: 502 from /health");
    expect(result.report.reason).not.toContain("status 7");
    expectClean(shop);
  });

  it("with a newer deploy already at work: fails, and the revert is held", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const next = await scene.push({ "app.py": "print('three')\n" }, "Third");
    scene.render.story(service.id, bad, { end: "build_failed", buildMs: 30_000 });
    scene.render.story(service.id, next, { at: scene.clock.now() + 10_000, queuedMs: 30_000 });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({ verdict: "fail", actions: [{ kind: "revert_pr", state: "held" }] });
    expectNoAct(shop);
  });

  it("events refused by the key: fails, says so, and blames nobody", async () => {
    await using shop = await startShop();
    shop.scene.render.fault({ route: /\/events$/, kind: "forbidden" });
    shop.scene.render.story(shop.service.id, shop.bad, {
      end: "update_failed",
      failure: failures.exit(1),
      buildMs: 5_000,
    });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("events could not be read") as string,
    });
    expect(result.report.actions).toMatchObject([{ state: "held" }]);
    expectNoAct(shop);
  });
});

describe("canceled by a person", () => {
  it("is unknown, and nothing is done", async () => {
    await using shop = await startShop();
    shop.scene.render.story(shop.service.id, shop.bad, {
      end: "canceled",
      trigger: "manual",
      triggerDetails: { user: { id: "usr-1", email: "ada@acme.test" } },
    });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({ verdict: "unknown", reason: "the deploy was canceled" });
    expect(told(shop, shop.bad)).toEqual({ status: "error", check: "action_required" });
    expectNoAct(shop);
  });
});

describe("not live in time", () => {
  it("live_within counts from the start: fails, and nothing is done while Render is at work", async () => {
    await using shop = await startShop({ config: quick("live_within: 10m") });
    const { clock } = shop.scene;
    const start = clock.now();
    shop.scene.render.story(shop.service.id, shop.bad, { queuedMs: 20 * 60_000, buildMs: 60 * 60_000 });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "fail",
      reason: expect.stringMatching(
        /not live 10 min after it started \(live_within\), still build_in_progress/,
      ) as string,
      actions: [{ state: "held", reason: "Render is still at work on the deploy" }],
    });
    expect((clock.now() - start) / 60_000).toBeGreaterThan(30);
    expect((clock.now() - start) / 60_000).toBeLessThan(31);
    expectNoAct(shop);
  });

  it("a status of tomorrow that never ends is waited for no longer", async () => {
    await using shop = await startShop({ config: quick("live_within: 10m") });
    shop.scene.render.story(shop.service.id, shop.bad, { future: { status: "future_x", ms: 3_600_000 } });
    expect((await gatePush(shop)).report).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("still future_x") as string,
    });
    expectNoAct(shop);
  });

  it("queued for good, with nobody before it: unknown", async () => {
    await using shop = await startShop({ config: quick("live_within: 10m") });
    shop.scene.render.story(shop.service.id, shop.bad, { queuedMs: 24 * 3_600_000 });
    const start = shop.scene.clock.now();
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/is still queued, although no other deploy/) as string,
    });
    expect((shop.scene.clock.now() - start) / 60_000).toBeLessThan(61);
    expectNoAct(shop);
  });
});

it("live: the checks decide", async () => {
  await using shop = await startShop();
  shop.scene.render.story(shop.service.id, shop.bad, { preDeployMs: 20_000 });
  expect((await gatePush(shop)).ending).toEqual({ verdict: "pass", exitCode: 0 });
  expectNoAct(shop);
});

it("an update that begins while the instances are read: the new one is not taken for an old one", async () => {
  const config = `${quick()}  errors: { logs: { forbid: [Traceback] } }\n`;
  await using shop = await startShop({ config });
  const { scene, service, bad, good } = shop;
  const story = scene.render.story(service.id, bad, {
    buildMs: 34_000,
    updateMs: 20_000,
    instances: ["bbbbb"],
  });
  scene.render.log(service.id, {
    message: "Traceback (most recent call last):",
    instance: "bbbbb",
    at: story.liveAt! + 1_000,
  });
  const result = await scene.gate({
    commit: bad,
    before: good,
    edges: (edges) => ({
      ...edges,
      deploys: {
        ...edges.deploys,
        async instances(id) {
          if (scene.clock.now() < story.updateAt!) await edges.clock.sleep(8_000);
          return edges.deploys.instances(id);
        },
      },
    }),
  });
  expect(result.report.checks).toContainEqual(expect.objectContaining({ name: "errors", verdict: "fail" }));
  expectNoAct(shop);
});
