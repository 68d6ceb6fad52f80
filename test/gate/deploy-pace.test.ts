import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectNoAct, gatePush, QUICK, startShop, type Shop } from "./deploy-scene.ts";

const MINUTE_MS = 60_000;
/** Two files at most at a time; a gate takes a tenth of a second. */
const RUNS = 15;

/** The most reads in any sliding minute. */
function mostReads({ scene }: Shop): number {
  const times = scene.render.requests.filter(({ group }) => group === "read").map(({ at }) => at);
  return Math.max(
    ...times.map((start) => times.filter((at) => at >= start && at < start + MINUTE_MS).length),
  );
}

/** ms from `live` at Render to the first list that shows it. */
function noticedMs({ scene, service }: Shop, liveAt: number): number {
  const seen = scene.render.requests.find(
    ({ method, path, at, status }) =>
      method === "GET" && path === `/services/${service.id}/deploys` && at >= liveAt && status === 200,
  );
  return (seen?.at ?? Infinity) - liveAt;
}

async function timed(
  options: {
    readonly buildMs: number;
    readonly updateMs: number;
    readonly preDeployMs?: number;
    readonly lateMs?: number;
  },
  about: { readonly type?: string; readonly config?: string | null } = {},
): Promise<{
  readonly noticed: number;
  /** ms from live to the first sample. */
  readonly sampled: number;
  readonly reads: number;
  readonly github: number;
}> {
  const { type = "web_service", config } = about;
  await using shop = await startShop({ service: { type }, ...(config === undefined ? {} : { config }) });
  const { scene, service, bad } = shop;
  if (type === "static_site") service.serviceDetails["url"] = scene.web.url;
  const { lateMs = 0, ...story } = options;
  const { liveAt } = scene.render.story(service.id, bad, {
    ...story,
    at: scene.clock.now() + 3_000 - lateMs,
  });
  let sampledAt = Infinity;
  scene.web.answerWith(() => {
    if (scene.clock.now() >= liveAt!) sampledAt = Math.min(sampledAt, scene.clock.now());
    return { body: "ok" };
  });
  const result = await gatePush(shop, config === null ? { service: "shop-api" } : {});
  expect(result.report.verdict).toBe("pass");
  expectNoAct(shop);
  return {
    noticed: noticedMs(shop, liveAt!),
    sampled: sampledAt - liveAt!,
    reads: mostReads(shop),
    github: result.report.requests.github,
  };
}

describe("live is noticed within 3 s, on no more than 20 reads in any minute", () => {
  it("whatever build and update take", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 40_000, max: 900_000 }),
        fc.integer({ min: 2_000, max: 240_000 }),
        fc.option(fc.integer({ min: 1_000, max: 60_000 }), { nil: undefined }),
        async (buildMs, updateMs, preDeployMs) => {
          const { noticed, sampled, reads } = await timed({
            buildMs,
            updateMs,
            ...(preDeployMs === undefined ? {} : { preDeployMs }),
          });
          expect(noticed).toBeLessThanOrEqual(3_000);
          expect(sampled).toBeLessThanOrEqual(3_000);
          expect(reads).toBeLessThanOrEqual(20);
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  it("for a static site, which has no update", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 60_000, max: 400_000 }), async (buildMs) => {
        const { noticed, reads } = await timed(
          { buildMs, updateMs: 0 },
          { type: "static_site", config: null },
        );
        expect(noticed).toBeLessThanOrEqual(3_000);
        expect(reads).toBeLessThanOrEqual(20);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it("and hardly later when the gate comes into the middle of a deploy: the budget is spread, never used up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5_000, max: 90_000 }), async (leftMs) => {
        const { noticed, reads } = await timed({
          buildMs: 60_000,
          updateMs: 120_000,
          lateMs: 182_000 - leftMs,
        });
        expect(noticed).toBeLessThanOrEqual(3_600);
        expect(reads).toBeLessThanOrEqual(20);
      }),
      { examples: [[49_500], [51_500]], numRuns: 6, endOnFailure: true },
    );
  });
});

it("a quiet gate of ten minutes needs no more than 12 requests to GitHub", async () => {
  const config = QUICK.replace("for: 20s", "for: 5m");
  const { github, reads } = await timed({ buildMs: 240_000, updateMs: 40_000 }, { config });
  expect(github).toBeLessThanOrEqual(12);
  expect(reads).toBeLessThanOrEqual(20);
});

it("many log and event checks read no more", async () => {
  const config = `${QUICK}  crashes: { events: [server_failed] }\n  errors: { logs: { forbid: [FATAL] } }\n  warnings: { logs: { forbid: [WARN] } }\n`;
  await using shop = await startShop({ config: config.replace("for: 20s", "for: 3m") });
  const { scene, service, bad } = shop;
  const { liveAt } = scene.render.story(service.id, bad, { instances: ["bbbbb"], buildMs: 80_000 });
  scene.render.log(service.id, { message: "INFO: started", instance: "bbbbb", at: liveAt! - 2_000 });
  expect((await gatePush(shop)).report.verdict).toBe("pass");
  expect(noticedMs(shop, liveAt!)).toBeLessThanOrEqual(3_000);
  expect(mostReads(shop)).toBeLessThanOrEqual(20);
  expectNoAct(shop);
});
