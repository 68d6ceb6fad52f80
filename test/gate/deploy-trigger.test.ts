import { describe, expect, it } from "vitest";
import { failures } from "../stand-ins/render/server.ts";
import {
  expectClean,
  expectNoAct,
  gatePush,
  quick,
  startShop,
  told,
  triggers,
  type Shop,
} from "./deploy-scene.ts";

const OFF = { autoDeploy: "no", autoDeployTrigger: "off" } as const;
const TRIGGER = { config: quick("trigger: true"), service: OFF };
const MINUTE_MS = 60_000;

function asks({ bad }: Shop): string[] {
  return [JSON.stringify({ commitId: bad })];
}

describe("trigger: true", () => {
  it.each([
    ["201", false],
    ["the empty 202", true],
  ])("%s: asks once, follows the deploy, and a re-run asks no more", async (_answer, emptyTrigger) => {
    await using shop = await startShop(TRIGGER);
    const { render } = shop.scene;
    render.quirks.emptyTrigger = emptyTrigger;
    const first = await gatePush(shop);
    expect(first.report).toMatchObject({ verdict: "pass", actions: [{ kind: "trigger", state: "done" }] });
    expect(triggers(shop)).toEqual(asks(shop));
    const again = await gatePush(shop);
    expect(again.report).toMatchObject({
      verdict: "pass",
      actions: [],
      deploy: { id: first.report.deploy?.id },
    });
    expect(triggers(shop)).toEqual(asks(shop));
    expectClean(shop);
  });

  it.each(["observe", "advise"])("mode %s asks for nothing", async (mode) => {
    await using shop = await startShop(TRIGGER);
    const result = await gatePush(shop, { mode });
    expect(result.report).toMatchObject({
      verdict: "skipped",
      actions: [{ kind: "trigger", state: "advised" }],
    });
    expectNoAct(shop);
  });

  it("not where a deploy of the commit exists", async () => {
    await using shop = await startShop(TRIGGER);
    shop.scene.render.story(shop.service.id, shop.bad, { trigger: "deploy_hook" });
    expect((await gatePush(shop)).report).toMatchObject({ verdict: "pass", actions: [] });
    expectNoAct(shop);
  });

  it("not where a descendant serves or is about to", async () => {
    await using shop = await startShop(TRIGGER);
    const next = await shop.scene.push({ "app.py": "print('three')\n" }, "Third");
    shop.scene.render.story(shop.service.id, next, { trigger: "api" });
    expect((await gatePush(shop)).report.verdict).toBe("superseded");
    expectNoAct(shop);
  });

  it("an old event that Render ignored the commit does not make the asked-for deploy skipped", async () => {
    await using shop = await startShop(TRIGGER);
    shop.scene.render.ignored(shop.service.id, shop.bad);
    shop.scene.render.quirks.trigger = { queuedMs: 40_000 };
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expect(triggers(shop)).toEqual(asks(shop));
    expectClean(shop);
  });

  it("a lost answer: the deploy that came of it is followed, none is asked for again", async () => {
    await using shop = await startShop(TRIGGER);
    shop.scene.render.fault({ route: /^POST .*\/deploys$/, kind: "truncated", times: 1 });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({ verdict: "pass", actions: [{ kind: "trigger", state: "done" }] });
    expect(triggers(shop)).toEqual(asks(shop));
    expectClean(shop);
  });

  it("a lost request: unknown in time, none is asked for again", async () => {
    await using shop = await startShop(TRIGGER);
    shop.scene.render.fault({ route: /^POST .*\/deploys$/, kind: "reset", times: 1 });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("no deploy of") as string,
    });
    expect(triggers(shop)).toEqual(asks(shop));
    expectClean(shop);
  });

  it("turned away by the rate limit: asks again when it may", async () => {
    await using shop = await startShop(TRIGGER);
    shop.scene.render.fault({ route: /^POST .*\/deploys$/, kind: "rate-limit", times: 1, retryAfter: 20 });
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expect(triggers(shop)).toEqual([...asks(shop), ...asks(shop)]);
    expectClean(shop);
  });

  it.each([402, 403, 409])("refused with %i: unknown at once, with Render's words", async (status) => {
    await using shop = await startShop(TRIGGER);
    shop.scene.render.fault({
      route: /^POST .*\/deploys$/,
      kind: "status",
      status,
      body: { message: "no more today" },
    });
    const start = shop.scene.clock.now();
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/Render refused to deploy the commit.*no more today/) as string,
      actions: [{ kind: "trigger", state: "failed" }],
    });
    expect(shop.scene.clock.now() - start).toBeLessThan(10_000);
    expect(told(shop, shop.bad)).toEqual({ status: "error", check: "action_required" });
    expect(shop.scene.github.pulls).toEqual([]);
    expectClean(shop);
  });
});

describe("retry", () => {
  const config = quick("retry: 1");

  it("a build that failed once is built again, and judged", async () => {
    await using shop = await startShop({ config });
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 20_000 });
    shop.scene.render.quirks.trigger = { buildMs: 20_000 };
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({ verdict: "pass", actions: [{ kind: "retry", state: "done" }] });
    expect(triggers(shop)).toEqual(asks(shop));
    expect(shop.scene.github.pulls).toEqual([]);
    expectClean(shop);
  });

  it("fails again: counts, is reverted, and a re-run builds no more", async () => {
    await using shop = await startShop({ config });
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 20_000 });
    shop.scene.render.quirks.trigger = { buildMs: 20_000, end: "build_failed", failure: failures.exit(2) };
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("exited with status 2") as string,
      actions: [
        { kind: "retry", state: "done" },
        { kind: "revert_pr", state: "done" },
      ],
    });
    const again = await gatePush(shop);
    expect(again.report.verdict).toBe("fail");
    expect(triggers(shop)).toEqual(asks(shop));
    expect(shop.scene.github.pulls).toHaveLength(1);
    expectClean(shop);
  });

  it("an answer of zero bytes is understood", async () => {
    await using shop = await startShop({ config });
    shop.scene.render.quirks.emptyTrigger = true;
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 20_000 });
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expectClean(shop);
  });

  it("refused: the failure stands", async () => {
    await using shop = await startShop({ config });
    shop.scene.render.story(shop.service.id, shop.bad, { end: "build_failed", buildMs: 20_000 });
    shop.scene.render.fault({ route: /^POST .*\/deploys$/, kind: "status", status: 403 });
    expect((await gatePush(shop)).report).toMatchObject({
      verdict: "fail",
      actions: [
        { kind: "retry", state: "failed" },
        { kind: "revert_pr", state: "done" },
      ],
    });
    expectClean(shop);
  });

  it.each([
    { title: "a failed update", end: "update_failed", inputs: {} },
    { title: "a failed build in mode advise", end: "build_failed", inputs: { mode: "advise" } },
  ] as const)("$title is not built again", async ({ end, inputs }) => {
    await using shop = await startShop({ config });
    shop.scene.render.story(shop.service.id, shop.bad, { end });
    expect((await gatePush(shop, inputs)).report.verdict).toBe("fail");
    expect(triggers(shop)).toEqual([]);
    expectClean(shop);
  });

  it("never over the head of a newer deploy", async () => {
    await using shop = await startShop({ config });
    const { scene, service, bad } = shop;
    const next = await scene.push({ "app.py": "print('three')\n" }, "Third");
    scene.render.story(service.id, bad, { end: "build_failed", buildMs: 30_000 });
    scene.render.story(service.id, next, {
      at: scene.clock.now() + 5_000,
      queuedMs: 30_000,
      buildMs: 10 * MINUTE_MS,
    });
    expect((await gatePush(shop)).report.verdict).toBe("fail");
    expectNoAct(shop);
  });
});
