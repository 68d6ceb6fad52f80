import { describe, expect, it } from "vitest";
import { expectNoAct, gatePush, quick, QUICK, startShop, told, type Shop } from "./deploy-scene.ts";

const MINUTE_MS = 60_000;
const LONG = QUICK.replace("for: 20s", "for: 2m");

interface Row {
  readonly title: string;
  readonly story: (shop: Shop, next: string) => void;
  readonly verdict: "superseded" | "unknown" | "pass";
  readonly says?: RegExp;
}

const BEFORE_LIVE: readonly Row[] = [
  {
    title: "Override: canceled by the deploy of a later commit",
    story: ({ scene, service, bad }, next) =>
      void scene.render.overridden(service.id, { older: bad, newer: next }),
    verdict: "superseded",
  },
  {
    title: "Override, and the gate looks when the later one is live",
    story: ({ scene, service, bad }, next) =>
      void scene.render.overridden(service.id, {
        older: bad,
        newer: next,
        options: { at: scene.clock.now() - 10 * MINUTE_MS },
      }),
    verdict: "superseded",
  },
  {
    title: "Override, and the later one has failed by then",
    story({ scene, service, bad }, next) {
      const at = scene.clock.now() - 10 * MINUTE_MS;
      const { deployId } = scene.render.story(service.id, next, {
        at: at + 10_000,
        end: "build_failed",
        buildMs: 5_000,
      });
      scene.render.story(service.id, bad, {
        at,
        end: "canceled",
        cancelAfterMs: 10_000,
        newDeploy: deployId,
      });
    },
    verdict: "superseded",
  },
  {
    title: "Override by a deploy that appears in the list a moment later",
    story({ scene, service, bad }, next) {
      const at = scene.clock.now();
      scene.render.story(service.id, bad, { end: "canceled", cancelAfterMs: 20_000 });
      scene.render.story(service.id, next, { at: at + 24_000 });
    },
    verdict: "superseded",
  },
  {
    title: "Wait: canceled while it was queued",
    story: ({ scene, service, bad, good }, next) =>
      void scene.render.waited(service.id, { running: good, skipped: bad, next }),
    verdict: "superseded",
  },
  {
    title: "Wait: never created",
    story: ({ scene, service, bad, good }, next) =>
      void scene.render.waited(service.id, { running: good, skipped: bad, next, as: "never" }),
    verdict: "superseded",
  },
  {
    title: "Wait: stays queued while the later one goes live",
    story: ({ scene, service, bad, good }, next) =>
      void scene.render.waited(service.id, { running: good, skipped: bad, next, as: "stuck" }),
    verdict: "superseded",
  },
  {
    title: "never created, and the later one is live before the gate starts",
    story: ({ scene, service }, next) =>
      void scene.render.story(service.id, next, { at: scene.clock.now() - 10 * MINUTE_MS }),
    verdict: "superseded",
  },
];

describe("superseded before it was live, by ancestry", () => {
  it.each(BEFORE_LIVE)("$title", async ({ story, verdict }) => {
    await using shop = await startShop();
    const next = await shop.scene.push({ "app.py": "print('three')\n" }, "Third");
    story(shop, next);
    const result = await gatePush(shop);
    expect([result.report.verdict, result.report.reason]).toEqual([
      verdict,
      expect.stringContaining(next.slice(0, 7)),
    ]);
    expect(result.ending.exitCode).toBe(0);
    expect(told(shop, shop.bad)).toEqual({ status: "pending", check: "neutral" });
    expect(shop.scene.github.statuses.at(-1)?.description).toContain(next.slice(0, 7));
    expectNoAct(shop);
  });
});

describe("a newer deploy that does not contain the commit", () => {
  /** A commit of another branch, deployed later. */
  async function stranger({ scene, good }: Shop): Promise<string> {
    const files = { "app.py": "print('hot')\n" };
    return scene.github.commit({ branch: "hotfix", parents: [good], files, message: "Hotfix" });
  }

  it("canceled ours: unknown, whatever its time", async () => {
    await using shop = await startShop();
    const other = await stranger(shop);
    shop.scene.render.overridden(shop.service.id, { older: shop.bad, newer: other });
    const result = await gatePush(shop);
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(result.report.reason).toMatch(/canceled for the newer deploy dep-/);
    expectNoAct(shop);
  });

  it("runs while ours is queued: ours is waited for", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const other = await stranger(shop);
    const at = scene.clock.now();
    const { liveAt } = scene.render.story(service.id, other, { at: at + 2_000, buildMs: 20_000 });
    scene.render.story(service.id, bad, { at: at + 1_000, queuedMs: liveAt! + 5_000 - at });
    expect((await gatePush(shop)).report).toMatchObject({ verdict: "pass" });
    expectNoAct(shop);
  });

  it("went live where ours never appeared: unknown", async () => {
    await using shop = await startShop({ config: quick("appear_within: 3m") });
    shop.scene.render.story(shop.service.id, await stranger(shop));
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("no deploy of") as string,
    });
    expectNoAct(shop);
  });

  it("took over during the watch: unknown", async () => {
    await using shop = await startShop({ config: LONG });
    const other = await stranger(shop);
    const { liveAt } = shop.scene.render.story(shop.service.id, shop.bad);
    shop.scene.render.story(shop.service.id, other, {
      at: liveAt! + 10_000,
      buildMs: 5_000,
      updateMs: 5_000,
    });
    const result = await gatePush(shop);
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectNoAct(shop);
  });
});

describe("during the watch", () => {
  it("a descendant took over: superseded", async () => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad } = shop;
    const next = await scene.push({ "app.py": "print('three')\n" }, "Third");
    const { liveAt } = scene.render.story(service.id, bad);
    scene.render.story(service.id, next, { at: liveAt! + 10_000, buildMs: 5_000, updateMs: 5_000 });
    const result = await gatePush(shop);
    expect(result.ending).toEqual({ verdict: "superseded", exitCode: 0 });
    expect(told(shop, bad)).toEqual({ status: "pending", check: "neutral" });
    expectNoAct(shop);
  });

  it("a descendant that failed took nothing over", async () => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad } = shop;
    const next = await scene.push({ "app.py": "print('three')\n" }, "Third");
    const { liveAt } = scene.render.story(service.id, bad);
    scene.render.story(service.id, next, { at: liveAt! + 10_000, buildMs: 5_000, end: "build_failed" });
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expectNoAct(shop);
  });

  it("a redeploy of the commit is followed, with grace anew", async () => {
    await using shop = await startShop({
      config: LONG.replace("http: /health,", "http: /health, grace: 30s,"),
    });
    const { scene, service, bad } = shop;
    const { liveAt } = scene.render.story(service.id, bad);
    const again = scene.render.story(service.id, bad, {
      at: liveAt! + 40_000,
      buildMs: 5_000,
      updateMs: 5_000,
      trigger: "service_updated",
    });
    // Down while it comes up: inside the new grace, that is nobody's fault.
    scene.web.answerWith(() => {
      const now = scene.clock.now();
      return { status: now >= again.liveAt! && now < again.liveAt! + 25_000 ? 503 : 200 };
    });
    const result = await gatePush(shop);
    expect([result.report.verdict, result.report.reason]).toEqual(["pass", "1 check measured and passed"]);
    expect(result.report.deploy).toMatchObject({ id: again.deployId, status: "live" });
    expectNoAct(shop);
  });

  it("a redeploy of the commit that failed changes nothing", async () => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad } = shop;
    const { liveAt, deployId } = scene.render.story(service.id, bad);
    scene.render.story(service.id, bad, {
      at: liveAt! + 20_000,
      buildMs: 5_000,
      end: "build_failed",
      trigger: "manual",
    });
    expect((await gatePush(shop)).report).toMatchObject({ verdict: "pass", deploy: { id: deployId } });
    expectNoAct(shop);
  });

  it("a redeploy that still builds when another commit serves: never a pass", async () => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad, good } = shop;
    const { liveAt } = scene.render.story(service.id, bad);
    scene.render.story(service.id, good, {
      at: liveAt! + 10_000,
      buildMs: 2_000,
      updateMs: 2_000,
      trigger: "manual",
    });
    scene.render.story(service.id, bad, { at: liveAt! + 15_000, buildMs: 30 * MINUTE_MS, trigger: "manual" });
    expect((await gatePush(shop)).ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectNoAct(shop);
  });
});

interface Out {
  readonly title: string;
  /** ms after live. */
  readonly afterMs: number;
  readonly trigger: "rollback" | "manual";
}

const OUT: readonly Out[] = [
  { title: "a rollback during the watch", afterMs: 20_000, trigger: "rollback" },
  { title: "an older commit, deployed by hand during the watch", afterMs: 20_000, trigger: "manual" },
  { title: "a rollback before the gate came", afterMs: -5 * MINUTE_MS, trigger: "rollback" },
  { title: "an older commit before the gate came", afterMs: -5 * MINUTE_MS, trigger: "manual" },
];

describe("taken out of production by", () => {
  it.each(OUT)("$title: fails, and nothing is done", async ({ afterMs, trigger }) => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad, good } = shop;
    const isPast = afterMs < 0;
    const { liveAt } = scene.render.story(
      service.id,
      bad,
      isPast ? { at: scene.clock.now() - 20 * MINUTE_MS } : {},
    );
    const by = scene.render.story(service.id, good, {
      at: isPast ? scene.clock.now() + afterMs : liveAt! + afterMs,
      buildMs: trigger === "rollback" ? 0 : 5_000,
      updateMs: 5_000,
      trigger,
    });
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining(`taken out of production by ${by.deployId}`) as string,
    });
    expect(result.report.reason).toContain(trigger);
    expect(told(shop, bad)).toEqual({ status: "failure", check: "failure" });
    expectNoAct(shop);
  });

  it("a rollback to another image: fails as well", async () => {
    await using shop = await startShop({ config: LONG, service: { image: "docker.io/acme/shop:1" } });
    const { scene, service } = shop;
    const { liveAt, deployId } = scene.render.story(service.id, null, { buildMs: 5_000 });
    scene.render.story(service.id, null, {
      at: liveAt! + 20_000,
      buildMs: 0,
      updateMs: 5_000,
      trigger: "rollback",
    });
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.report).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("taken out of production") as string,
    });
    expectNoAct(shop);
  });

  it("nobody: suspended during the watch is unknown", async () => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad } = shop;
    const { liveAt, deployId } = scene.render.story(service.id, bad);
    scene.render.at(liveAt! + 20_000, () => scene.render.status(deployId, "deactivated"));
    expect((await gatePush(shop)).ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectNoAct(shop);
  });

  it("nobody: a list that shows the switch half done decides nothing", async () => {
    await using shop = await startShop({ config: LONG });
    const { scene, service, bad } = shop;
    const next = await scene.push({ "app.py": "print('three')\n" }, "Third");
    const { liveAt, deployId } = scene.render.story(service.id, bad);
    scene.render.story(service.id, next, {
      at: liveAt! + 12_000,
      buildMs: 5_000,
      updateMs: 5_000,
      createdMs: 4_000,
    });
    scene.render.at(liveAt! + 10_000, () => scene.render.status(deployId, "deactivated"));
    expect((await gatePush(shop)).ending).toEqual({ verdict: "superseded", exitCode: 0 });
    expectNoAct(shop);
  });
});
