import { describe, expect, it } from "vitest";
import type { ServiceInput } from "../stand-ins/render/server.ts";
import { expectNoAct, gatePush, QUICK, quick, startShop, told, type Shop } from "./deploy-scene.ts";

const MINUTE_MS = 60_000;

interface Found {
  readonly title: string;
  /** Gives the id of the deploy that must be judged. */
  readonly story: (shop: Shop) => string;
  readonly inputs?: Readonly<Record<string, string>>;
}

const FOUND: readonly Found[] = [
  { title: "among many, on the second page", story: (shop) => buried(shop, 130) },
  {
    title: "on the second page of a list that has the oldest first",
    story: (shop) => {
      shop.scene.render.quirks.oldestFirst = true;
      return buried(shop, 130);
    },
  },
  {
    title: "appearing later, in a list that has the oldest first",
    story({ scene, service, bad }) {
      scene.render.quirks.oldestFirst = true;
      scene.render.fillers(service.id, 40, { at: scene.clock.now() - 10 * MINUTE_MS });
      return scene.render.story(service.id, bad, { at: scene.clock.now() + MINUTE_MS }).deployId;
    },
  },
  {
    title: "with deploys without commit and of images around",
    story({ scene, service, bad }) {
      scene.render.story(service.id, null, { end: "canceled", buildMs: 1_000 });
      const { deployId } = scene.render.story(service.id, bad);
      scene.render.story(service.id, null, {
        image: "docker.io/acme/shop:2",
        end: "canceled",
        buildMs: 1_000,
      });
      return deployId;
    },
  },
  {
    title: "that appears after minutes",
    story: ({ scene, service, bad }) =>
      scene.render.story(service.id, bad, { at: scene.clock.now() + 9 * MINUTE_MS }).deployId,
  },
  {
    title: "that is live before the gate starts",
    story: ({ scene, service, bad }) =>
      scene.render.story(service.id, bad, { at: scene.clock.now() - 3 * MINUTE_MS }).deployId,
  },
  {
    title: "the newest of several of the commit",
    story({ scene, service, bad }) {
      scene.render.story(service.id, bad, { end: "canceled", cancelAfterMs: 5_000 });
      return scene.render.story(service.id, bad, { at: scene.clock.now() + 5_000, trigger: "manual" })
        .deployId;
    },
  },
  {
    title: "the one that serves, where a newer one of the commit did not work out",
    story({ scene, service, bad }) {
      const now = scene.clock.now();
      const { deployId } = scene.render.story(service.id, bad, { at: now - 10 * MINUTE_MS });
      scene.render.story(service.id, bad, { at: now - 5 * MINUTE_MS, end: "build_failed", buildMs: 5_000 });
      return deployId;
    },
  },
  {
    title: "with a status that Render adds later",
    story: ({ scene, service, bad }) =>
      scene.render.story(service.id, bad, { future: { status: "future_verifying", ms: 40_000 } }).deployId,
  },
  {
    title: "queued for an hour, and then quick",
    story({ scene, service, bad, good }) {
      scene.render.story(service.id, good, { buildMs: 3_500_000, end: "build_failed" });
      return scene.render.story(service.id, bad, { at: scene.clock.now() + 1_000, queuedMs: 3_600_000 })
        .deployId;
    },
  },
];

/** The deploy of the commit, and so many canceled ones after it. */
function buried({ scene, service, bad }: Shop, count: number): string {
  const at = scene.clock.now() - 10 * MINUTE_MS;
  const { deployId } = scene.render.story(service.id, bad, { at });
  scene.render.fillers(service.id, count, { at: at + 2 * MINUTE_MS });
  return deployId;
}

describe("the deploy of the commit is found", () => {
  it.each(FOUND)("$title", async ({ story }) => {
    await using shop = await startShop();
    const deployId = story(shop);
    const result = await gatePush(shop);
    expect([result.report.verdict, result.report.reason, result.report.deploy?.id]).toEqual([
      "pass",
      "1 check measured and passed",
      deployId,
    ]);
    expect(result.report.deploy?.previousCommit).toBe(shop.good);
    expect(result.ending.exitCode).toBe(0);
    expectNoAct(shop);
  });

  it("with what served before it months ago", async () => {
    await using shop = await startShop({ serving: false });
    const { scene, service, good, bad } = shop;
    scene.render.serving(service.id, good, { at: scene.clock.now() - 90 * 24 * 60 * MINUTE_MS });
    scene.render.story(service.id, bad);
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({ verdict: "pass", deploy: { previousCommit: good } });
    expectNoAct(shop);
  });

  it("as the very first one of a service", async () => {
    await using shop = await startShop({ serving: false });
    shop.scene.render.story(shop.service.id, shop.bad, { at: shop.scene.clock.now() + 30_000 });
    const result = await gatePush(shop);
    expect(result.report.verdict).toBe("pass");
    expect(result.report.deploy?.previousCommit ?? undefined).toBeUndefined();
    expectNoAct(shop);
  });
});

describe("deploy-id", () => {
  const image = { image: "docker.io/acme/shop:1" };

  it("names a deploy of an image", async () => {
    await using shop = await startShop({ service: image });
    shop.scene.render.story(shop.service.id, null, { end: "canceled", buildMs: 1_000 });
    const { deployId } = shop.scene.render.story(shop.service.id, null, { buildMs: 5_000 });
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.report).toMatchObject({ verdict: "pass", deploy: { id: deployId } });
    expect(told(shop, shop.bad)).toEqual({ status: "success", check: "success" });
    expectNoAct(shop);
  });

  it("an image that a newer image replaced during the watch is neither pass nor fail", async () => {
    await using shop = await startShop({ service: image });
    const { deployId, liveAt } = shop.scene.render.story(shop.service.id, null, { buildMs: 5_000 });
    shop.scene.render.story(shop.service.id, null, { at: liveAt! + 5_000, buildMs: 0, updateMs: 3_000 });
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectNoAct(shop);
  });

  it("brings its own commit, and the config file of that commit", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const newer = await scene.push(
      { ".github/deploy-gate.yml": "version: 1\nservice: elsewhere\nchecks: {}\n" },
      "Third",
    );
    const { deployId } = scene.render.story(service.id, bad);
    const result = await gatePush(shop, { service: "shop-api", "deploy-id": deployId }, bad);
    expect(result.report).toMatchObject({ verdict: "pass", deploy: { id: deployId } });
    expect(result.outputs["commit"]).toBe(bad);
    expect(told(shop, newer)).toEqual({});
    expectNoAct(shop);
  });

  it("is judged on a schedule, too", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const { deployId } = scene.render.story(service.id, bad);
    const result = await scene.gate({
      commit: bad,
      inputs: { "deploy-id": deployId },
      event: { name: "schedule", payload: { schedule: "0 * * * *" } },
    });
    expect(result.report).toMatchObject({ verdict: "pass", deploy: { id: deployId } });
    expectNoAct(shop);
  });

  it("judges the one named, although an older one of the commit serves", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    scene.render.story(service.id, bad, { at: scene.clock.now() - 10 * MINUTE_MS });
    const { deployId } = scene.render.story(service.id, bad, { end: "build_failed", trigger: "manual" });
    const result = await gatePush(shop, { "deploy-id": deployId, mode: "advise" });
    expect(result.report).toMatchObject({
      verdict: "fail",
      deploy: { id: deployId, status: "build_failed" },
    });
    expectNoAct(shop);
  });

  it("of another service is refused", async () => {
    await using shop = await startShop();
    const other = shop.scene.render.service({ name: "blog" });
    const { deployId } = shop.scene.render.story(other.id, shop.bad);
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(result.lines.join("\n")).toMatch(
      new RegExp(`error: The deploy "${deployId}" does not belong to the service "shop-api"`),
    );
    expectNoAct(shop);
  });

  it("that contradicts the input commit is refused", async () => {
    await using shop = await startShop();
    const { deployId } = shop.scene.render.story(shop.service.id, shop.bad);
    const result = await gatePush(shop, { "deploy-id": deployId, commit: shop.good });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(result.lines.join("\n")).toMatch(
      /error: The inputs "commit" \(\w{7}\) and "deploy-id" \(a deploy of \w{7}\) contradict/,
    );
    expectNoAct(shop);
  });

  it("together with trigger is refused", async () => {
    await using shop = await startShop({ config: quick("trigger: true") });
    const { deployId } = shop.scene.render.story(shop.service.id, shop.bad);
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(result.lines.join("\n")).toMatch(/error: .*deploy-id.*trigger|error: .*trigger.*deploy-id/);
    expectNoAct(shop);
  });
});

interface Absent {
  readonly title: string;
  readonly message?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly service?: ServiceInput;
  readonly story?: (shop: Shop) => void;
  readonly config?: string;
  readonly verdict: "skipped" | "unknown";
  readonly says: RegExp;
  /** The wait, in minutes, that may not be longer. */
  readonly within: number;
}

const docs = { "docs/a.md": "two\n" };
const filter = { paths: ["api/**"], ignoredPaths: [] };

const ABSENT: readonly Absent[] = [
  {
    title: "nothing appeared",
    verdict: "unknown",
    says: /no deploy of \w{7} appeared within 600s/,
    within: 10.1,
  },
  {
    title: "nothing appeared within a shorter time",
    config: quick("appear_within: 2m"),
    verdict: "unknown",
    says: /appeared within 120s/,
    within: 2.1,
  },
  {
    title: "the message says so",
    message: "Typo [skip render]",
    verdict: "skipped",
    says: /says \[skip render\]/,
    within: 2.2,
  },
  {
    title: "the message says it the other way round",
    message: "Typo\n\n[CD skip]",
    verdict: "skipped",
    says: /says \[CD skip\]/,
    within: 2.2,
  },
  {
    title: "a phrase for others means nothing",
    message: "Typo [skip ci]",
    verdict: "unknown",
    says: /no deploy/,
    within: 10.1,
  },
  {
    title: "outside of the build filter",
    files: docs,
    service: { buildFilter: filter },
    verdict: "skipped",
    says: /no changed file is under/,
    within: 2.2,
  },
  {
    title: "all ignored",
    files: docs,
    service: { buildFilter: { paths: [], ignoredPaths: ["docs/**"] } },
    verdict: "skipped",
    says: /no changed file/,
    within: 2.2,
  },
  {
    title: "outside of the root directory",
    files: docs,
    service: { rootDir: "api" },
    verdict: "skipped",
    says: /no changed file/,
    within: 2.2,
  },
  {
    title: "inside of the root directory",
    files: { "api/a.py": "1\n" },
    service: { rootDir: "api" },
    verdict: "unknown",
    says: /no deploy/,
    within: 10.1,
  },
  {
    title: "auto-deploy is off",
    service: { autoDeploy: "no", autoDeployTrigger: "off" },
    verdict: "skipped",
    says: /auto-deploy is off/,
    within: 10.1,
  },
  {
    title: "Render says that it ignored the commit",
    story: ({ scene, service, bad }) => scene.render.ignored(service.id, bad, scene.clock.now() + 5_000),
    verdict: "skipped",
    says: /commit_ignored/,
    within: 1.1,
  },
  {
    title: "Render ignored another commit",
    story: ({ scene, service, good }) => scene.render.ignored(service.id, good, scene.clock.now() + 5_000),
    verdict: "unknown",
    says: /no deploy/,
    within: 10.1,
  },
];

describe("no deploy appears", () => {
  it.each(ABSENT)(
    "$title: $verdict",
    async ({ message, files, service, story, config, verdict, says, within }) => {
      await using shop = await startShop({
        ...(message === undefined ? {} : { message }),
        ...(files === undefined ? {} : { files }),
        ...(service === undefined ? {} : { service }),
        ...(config === undefined ? {} : { config }),
      });
      const start = shop.scene.clock.now();
      story?.(shop);
      const result = await gatePush(shop);
      expect([result.report.verdict, result.report.reason]).toEqual([verdict, expect.stringMatching(says)]);
      expect((shop.scene.clock.now() - start) / MINUTE_MS).toBeLessThan(within);
      expect(result.ending.exitCode).toBe(verdict === "skipped" ? 0 : 1);
      expect(told(shop, shop.bad)).toEqual(
        verdict === "skipped"
          ? { status: "success", check: "skipped" }
          : { status: "error", check: "action_required" },
      );
      expectNoAct(shop);
    },
  );

  it("a push of two commits, seen without the push: the filter judges both", async () => {
    await using shop = await startShop({ files: { "api/a.py": "1\n" }, service: { rootDir: "api" } });
    const head = await shop.scene.push(docs, "Docs");
    const result = await shop.scene.gate({
      commit: head,
      event: { name: "workflow_run", payload: { workflow_run: { head_sha: head } } },
    });
    expect(result.report).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/no deploy/) as string,
    });
    expectNoAct(shop);
  });

  it("a deploy that comes although the message says otherwise is judged", async () => {
    await using shop = await startShop({ message: "Typo [skip render]" });
    shop.scene.render.story(shop.service.id, shop.bad, {
      at: shop.scene.clock.now() + 90_000,
      trigger: "manual",
    });
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expectNoAct(shop);
  });

  it("a deploy that a person makes of a service whose auto-deploy is off is judged", async () => {
    await using shop = await startShop({
      config: QUICK,
      service: { autoDeploy: "no", autoDeployTrigger: "off" },
    });
    shop.scene.render.story(shop.service.id, shop.bad, {
      at: shop.scene.clock.now() + 8 * MINUTE_MS,
      trigger: "manual",
    });
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expectNoAct(shop);
  });
});
