import { afterEach, beforeEach, expect, it } from "vitest";
import type { MetricName } from "../../src/core/source.ts";
import type { Service } from "../../src/core/service.ts";
import { findMetricResource } from "../../src/gate/metric-resource.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { createDeploys } from "../../src/io/deploys.ts";
import { createMetrics } from "../../src/io/metrics.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import { simulatedClock } from "../stand-ins/clock.ts";
import { startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

const OTHER_OWNER = "tea-zzzz0123456789efghij";
const ID = {
  own: "srv-aaaa0123456789efghij",
  worker: "srv-bbbb0123456789efghij",
  foreign: "srv-cccc0123456789efghij",
  main: "dpg-aaaa0123456789efghij-a",
  store: "red-aaaa0123456789efghij",
};
let render: RenderStandIn;
let api: RenderApi;
let run: ServiceRun;

beforeEach(async () => {
  const clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  render.service({ name: "shop-api", id: ID.own });
  render.service({ name: "worker", id: ID.worker, type: "background_worker" });
  render.service({ name: "foreign", id: ID.foreign, ownerId: OTHER_OWNER });
  render.postgres({ name: "main", id: ID.main, region: "ohio" });
  render.postgres({ name: "worker" });
  api = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: render.url,
    redact: (text) => text,
    proxyEnv: {},
  });
  const deploys = createDeploys(api);
  const service = (await deploys.service(ID.own)) as Service;
  run = { edges: { deploys, metrics: createMetrics(api) }, service } as unknown as ServiceRun;
});
afterEach(async () => {
  await api.close();
  await render.close();
  expect(render.violations).toEqual([]);
});

const rows: readonly (readonly [MetricName, string | undefined, string])[] = [
  ["cpu", undefined, ID.own],
  ["cpu", ID.own, ID.own],
  ["http_latency", "shop-api", ID.own],
  ["memory", ID.worker, ID.worker],
  ["http_requests", "worker", ID.worker],
  ["active_connections", "main", ID.main],
  ["active_connections", ID.main, ID.main],
  ["cpu", "main", ID.main],
  ["active_connections", ID.store, ID.store],
];
it.each(rows)("%s of %s is of %s", async (name, of, id) => {
  expect(await findMetricResource(run, { name, ...(of === undefined ? {} : { of }) })).toMatchObject({ id });
});

const refused: readonly (readonly [MetricName, string | undefined, RegExp])[] = [
  ["active_connections", undefined, /needs "of": the database it is about/],
  ["active_connections", ID.own, /is of a database, and "srv-\w+" is a service/],
  ["active_connections", "shop-api", /no database "shop-api"; there are main, worker/],
  ["active_connections", "dpg-none", /no database "dpg-none"; there are main, worker/],
  ["http_requests", "main", /no service "main"; there are shop-api, worker$/],
  ["instance_count", "foreign", /no service "foreign"/],
  ["cpu", ID.foreign, /no service "srv-cccc/],
  ["cpu", "srv-none", /no service "srv-none"/],
  [
    "cpu",
    "worker",
    /"worker" names service worker \(srv-\w+\) and database worker \(dpg-\w+-a, frankfurt\); name one by its id/,
  ],
];
it.each(refused)("%s of %s cannot be said", async (name, of, why) => {
  expect(await findMetricResource(run, { name, ...(of === undefined ? {} : { of }) })).toEqual({
    why: expect.stringMatching(why),
  });
});

it("a workspace without databases has none of that name", async () => {
  const service = { ...run.service, ownerId: OTHER_OWNER };
  expect(await findMetricResource({ ...run, service }, { name: "active_connections", of: "main" })).toEqual({
    why: 'the workspace has no database, so none named "main"',
  });
});
