import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMetrics } from "../../src/io/metrics.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import type { MetricQuery, Metrics } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { sha, startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

const MINUTE = 60_000;
let clock: SimulatedClock;
let render: RenderStandIn;
let api: RenderApi;
let metrics: Metrics;
let service: { readonly id: string; readonly ownerId: string };

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  service = render.service({ name: "shop-api" });
  render.serving(service.id, sha("old"), { instances: ["aaaaa"], platformLines: false });
  api = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: render.url,
    redact: (text) => text,
    random: () => 0.5,
    proxyEnv: {},
    attemptTimeoutMs: 2_000,
  });
  metrics = createMetrics(api);
});

afterEach(async () => {
  await api.close();
  await render.close();
  expect(render.violations).toEqual([]);
});

function query(options: Partial<MetricQuery> & Pick<MetricQuery, "metric">): MetricQuery {
  const window = { from: clock.now() - 10 * MINUTE, to: clock.now(), stepMs: MINUTE };
  return { resourceId: service.id, ...window, ...options };
}

/** Answers of a metric, one after the other. */
function answers(...bodies: readonly unknown[]): void {
  for (const body of bodies)
    render.fault({ route: /^GET \/metrics\//, kind: "status", status: 200, body, times: 1 });
}

describe("series", () => {
  it("come with labels, unit and points, oldest first", async () => {
    render.metric(service.id, "cpu", ({ at }) => (clock.now() - at) / MINUTE);
    const series = await metrics.read(query({ metric: "cpu" }));
    expect(series).toHaveLength(1);
    expect(series[0]?.labels).toEqual({ resource: service.id, instance: `${service.id}-aaaaa` });
    expect(series[0]?.unit).toBe("cores");
    expect(series[0]?.points).toHaveLength(10);
    expect(series[0]?.points[0]).toEqual({ at: clock.now() - 10 * MINUTE, value: 10 });
  });

  it.each([
    ["cpu", {}, { resolutionSeconds: "60" }],
    ["memory_limit", { stepMs: 30_000 }, { resolutionSeconds: "30" }],
    ["memory", { stepMs: 1_000 }, { resolutionSeconds: "30" }],
    ["http_requests", {}, { resolutionSeconds: "60", aggregateBy: "statusCode" }],
    ["http_latency", { quantile: 0.99 }, { resolutionSeconds: "60", quantile: "0.99" }],
    ["instance_count", {}, { resolutionSeconds: "60" }],
  ] as const)("%s is asked for as the contract has it", async (metric, over, wanted) => {
    await metrics.read(query({ metric, ...over }));
    expect(render.requests[0]?.path).toBe(`/metrics/${metric.replace("_", "-")}`);
    expect(Object.fromEntries(render.requests[0]?.query ?? [])).toEqual({
      resource: service.id,
      startTime: new Date(clock.now() - 10 * MINUTE).toISOString(),
      endTime: new Date(clock.now()).toISOString(),
      ...wanted,
    });
  });

  it("of a database", async () => {
    const { id } = render.postgres();
    render.metric(String(id), "active-connections", () => 7);
    const [series] = await metrics.read(query({ metric: "active_connections", resourceId: String(id) }));
    expect(series).toMatchObject({ unit: "connections", labels: { resource: id } });
    expect(series?.points.at(-1)?.value).toBe(7);
  });

  it("without traffic there are none", async () => {
    expect(await metrics.read(query({ metric: "http_requests" }))).toEqual([]);
  });

  it("are read as they come", async () => {
    const values = [
      { timestamp: "2026-11-23T09:59:00Z", value: 2, unit: "GB" },
      { timestamp: "2026-11-23T09:58:00.123456789Z", value: 1 },
      { timestamp: "2026-11-23T09:57:00Z", value: null },
    ];
    const labels = [{ field: "statusCode", value: "500" }];
    answers(
      [
        { labels, unit: "", values, added: true },
        { labels: null, values: null, unit: null },
      ],
      null,
    );
    expect(await metrics.read(query({ metric: "memory" }))).toEqual([
      {
        labels: { statuscode: "500" },
        unit: "GB",
        points: [
          { at: Date.UTC(2026, 10, 23, 9, 58, 0, 123), value: 1 },
          { at: Date.UTC(2026, 10, 23, 9, 59, 0), value: 2 },
        ],
      },
      { labels: {}, unit: "", points: [] },
    ]);
    expect(await metrics.read(query({ metric: "memory" }))).toEqual([]);
  });

  it("with a malformed value are asked for again", async () => {
    answers([{ labels: [], unit: "ms", values: [{ timestamp: "now", value: 1 }] }]);
    expect(await metrics.read(query({ metric: "cpu" }))).toEqual([]);
    expect(render.requests).toHaveLength(2);
  });
});

describe("refusals", () => {
  it.each([
    ["a plan without latency", () => void (render.quirks.workspacePlan = "hobby"), 400],
    ["a key without the permission", () => void render.fault({ kind: "forbidden" }), 403],
    ["trouble that passes not", () => void render.fault({ kind: "status", status: 503 }), 503],
  ])("%s", async (_what, prepare, status) => {
    prepare();
    const problem = await metrics.read(query({ metric: "http_latency" })).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ServiceProblem);
    expect((problem as ServiceProblem).status).toBe(status);
  });

  it("too many points at once", async () => {
    const from = clock.now() - 2_000 * MINUTE;
    const problem = await metrics.read(query({ metric: "cpu", from })).catch((error: unknown) => error);
    expect((problem as ServiceProblem).status).toBe(500);
    expect((problem as ServiceProblem).message).toContain("too many data points");
  });
});

it("all databases of the workspace are listed", async () => {
  for (let index = 0; index < 120; index += 1) render.postgres({ name: `db-${index}` });
  render.postgres({ owner: { id: "tea-other", name: "Other", email: "a@b.test", type: "team" } });
  const found = await metrics.databases(service.ownerId);
  expect(found).toHaveLength(120);
  expect(found[0]).toEqual({ id: expect.stringMatching(/^dpg-/), name: "db-0", region: "frankfurt" });
  expect(render.requests).toHaveLength(2);
});
