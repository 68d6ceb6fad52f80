import { describe, expect, it } from "vitest";
import type { FaultInput } from "../stand-ins/render/server.ts";
import { expectClean, expectNoAct, gatePush, startShop, told, type Shop } from "./deploy-scene.ts";

const DEPLOYS = /^GET \/services\/[^/]+\/deploys$/;
const MINUTE_MS = 60_000;

interface Row {
  readonly title: string;
  /** `from` and `until` in ms since the start. */
  readonly fault: FaultInput;
  readonly quirks?: Partial<Shop["scene"]["render"]["quirks"]>;
}

/** In the middle of the build, and when it goes live. */
const SPELLS = [
  { when: "at the start", from: 0 },
  { when: "in the build", from: 20_000 },
  { when: "when it goes live", from: 80_000 },
  { when: "during the watch", from: 92_000 },
] as const;

const WAYS: readonly Row[] = [
  { title: "503 once", fault: { kind: "status", status: 503, times: 1 } },
  {
    title: "500 with a proxy's page, twice",
    fault: { kind: "status", status: 500, body: "<html>", times: 2 },
  },
  { title: "429 with Retry-After", fault: { kind: "rate-limit", retryAfter: 5, times: 1 } },
  {
    title: "429 with the seconds to go",
    fault: { kind: "rate-limit", headers: { "Ratelimit-Reset": "7" }, times: 1 },
  },
  { title: "a reset connection, three times", fault: { kind: "reset", times: 3 } },
  { title: "half an answer", fault: { kind: "truncated", times: 1 } },
  { title: "a page that is not JSON", fault: { kind: "not-json", times: 1 } },
  { title: "JSON of another shape", fault: { kind: "wrong-type", times: 1 } },
  {
    title: "deploys without their fields",
    fault: { kind: "not-json", body: [{ cursor: "x", deploy: { id: "dep-1" } }], times: 1 },
  },
  { title: "an empty list once", fault: { kind: "empty-list", times: 1 } },
];

describe("one bad answer never decides anything", () => {
  it.each(WAYS.flatMap((way) => SPELLS.map((spell) => ({ ...way, ...spell }))))(
    "$title, $when",
    async ({ fault, from }) => {
      await using shop = await startShop();
      const { scene, service, bad } = shop;
      const hit = scene.render.fault({ ...fault, route: DEPLOYS, from: scene.clock.now() + from });
      scene.render.story(service.id, bad, { buildMs: 60_000, updateMs: 20_000 });
      const result = await gatePush(shop);
      expect([result.report.verdict, result.report.reason]).toEqual(["pass", "1 check measured and passed"]);
      expect(hit.hits()).toBe(fault.times);
      expectNoAct(shop);
    },
  );
});

describe("a bad spell", () => {
  it("of eight minutes is waited out while the deploy builds", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const now = scene.clock.now();
    scene.render.fault({
      route: DEPLOYS,
      kind: "status",
      status: 503,
      from: now + MINUTE_MS,
      until: now + 9 * MINUTE_MS,
    });
    scene.render.story(service.id, bad, { buildMs: 12 * MINUTE_MS });
    expect((await gatePush(shop)).ending).toEqual({ verdict: "pass", exitCode: 0 });
    expectNoAct(shop);
  });

  it("in which the deploy went live and failed nothing: judged when it is over", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const now = scene.clock.now();
    scene.render.fault({ route: DEPLOYS, kind: "reset", from: now + 30_000, until: now + 5 * MINUTE_MS });
    scene.render.story(service.id, bad, { buildMs: MINUTE_MS });
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expectNoAct(shop);
  });

  it("that does not end: unknown, with Render's word for it, and no act", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const start = scene.clock.now();
    scene.render.fault({ route: DEPLOYS, kind: "status", status: 503, from: start + MINUTE_MS });
    scene.render.story(service.id, bad, { buildMs: 5 * MINUTE_MS });
    const result = await gatePush(shop);
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(result.report.reason).toMatch(/Render.*503/);
    expect((scene.clock.now() - start) / MINUTE_MS).toBeLessThan(14);
    expect(told(shop, bad)).toEqual({ status: "error", check: "action_required" });
    expectNoAct(shop);
  });

  it("of GitHub, when it is asked about ancestry, is waited out", async () => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    const next = await scene.push({ "app.py": "print('three')\n" }, "Third");
    const now = scene.clock.now();
    scene.github.fault({
      route: /GET .*\/compare\//,
      kind: "status",
      status: 502,
      from: now + 20_000,
      until: now + 4 * MINUTE_MS,
    });
    scene.render.overridden(service.id, { older: bad, newer: next });
    expect((await gatePush(shop)).report.verdict).toBe("superseded");
    expectNoAct(shop);
  });

  it("of the events only changes no verdict of a good deploy", async () => {
    await using shop = await startShop();
    shop.scene.render.fault({ route: /\/events$/, kind: "forbidden" });
    shop.scene.render.story(shop.service.id, shop.bad, { at: shop.scene.clock.now() + 70_000 });
    const result = await gatePush(shop);
    expect(result.report.verdict).toBe("pass");
    expect(
      result.lines.filter((line) => line.startsWith("warning: Render's events could not be read")),
    ).toHaveLength(1);
    expectNoAct(shop);
  });

  it("of the instances only changes no verdict of an http check", async () => {
    await using shop = await startShop();
    shop.scene.render.fault({ route: /\/instances$/, kind: "status", status: 404 });
    shop.scene.render.story(shop.service.id, shop.bad);
    expect((await gatePush(shop)).report.verdict).toBe("pass");
    expectNoAct(shop);
  });
});

describe("a refusal is not waited out", () => {
  it.each([401, 403, 404])("%i of the deploys: unknown within seconds", async (status) => {
    await using shop = await startShop();
    const start = shop.scene.clock.now();
    shop.scene.render.fault({ route: DEPLOYS, kind: "status", status });
    const result = await gatePush(shop);
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(shop.scene.clock.now() - start).toBeLessThan(10_000);
    expect(told(shop, shop.bad).check).toBe("action_required");
    expectNoAct(shop);
  });
});

describe("the rate limit of a key that others use up", () => {
  it.each([
    ["seconds to go, no Retry-After", { retryAfter: false, resetAsEpoch: false }],
    ["epoch seconds, no Retry-After", { retryAfter: false, resetAsEpoch: true }],
    ["Retry-After, and the limit sent twice", { retryAfter: true, doubledLimit: true }],
  ])("%s: goes on at the pace that is left", async (_title, quirks) => {
    await using shop = await startShop();
    const { scene, service, bad } = shop;
    Object.assign(scene.render.quirks, quirks);
    scene.render.limits.read = 6;
    const { deployId } = scene.render.story(service.id, bad);
    const result = await gatePush(shop);
    expect(result.report).toMatchObject({ verdict: "pass", deploy: { id: deployId } });
    expect(scene.render.requests.filter(({ status }) => status === 429).length).toBeLessThan(8);
    expectNoAct(shop);
    expectClean(shop);
  });
});
