import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MetricSource } from "../../src/core/source.ts";
import { parseCondition } from "../../src/core/condition-parser.ts";
import { createMetricReader, type MetricReader } from "../../src/gate/metric-reader.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { readMetricWindow } from "../../src/gate/sample-metric.ts";
import { createMetrics } from "../../src/io/metrics.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import { givenService } from "../core/given.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { sha, startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let clock: SimulatedClock;
let render: RenderStandIn;
let api: RenderApi;
let reader: MetricReader;
let id: string;

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  id = render.service({ name: "shop-api" }).id;
  render.serving(id, sha("old"), { instances: ["aaaaa"] });
  api = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: render.url,
    redact: (text) => text,
    proxyEnv: {},
  });
  const run = {
    edges: { clock, metrics: createMetrics(api) },
    plan: { checks: [] },
    service: givenService({ id }),
    teller: { note: () => undefined },
    signal: new AbortController().signal,
  };
  reader = createMetricReader(run as unknown as ServiceRun);
});
afterEach(async () => {
  await api.close();
  await render.close();
  expect(render.violations).toEqual([]);
});

const source = (name: MetricSource["name"], over: Partial<MetricSource> = {}): MetricSource => ({
  kind: "metric",
  name,
  ofLimit: false,
  asRatio: false,
  ...over,
});
const parsed = parseCondition("status >= 500");
const where = parsed.ok ? parsed.condition : undefined;

/** An hour that ended half an hour ago. */
const past = (): { readonly from: number; readonly to: number } => ({
  from: clock.now() - 90 * MINUTE,
  to: clock.now() - 30 * MINUTE,
});

describe("a metric over a window that is past", () => {
  it("gives what samples at its beat would have shown, with one request", async () => {
    render.metric(id, "memory", ({ at }) => (clock.now() - at) / MINUTE);
    const { from, to } = past();
    const history = await readMetricWindow(reader, {
      source: source("memory"),
      from,
      to,
      everyMs: 10 * MINUTE,
    });
    expect(history).toEqual({
      kind: "known",
      points: [90, 80, 70, 60, 50, 40, 30].map((value) => ({ at: clock.now() - value * MINUTE, value })),
    });
    expect(render.requests).toHaveLength(1);
  });

  it("windows of `agg` are full from the first point on", async () => {
    render.metric(id, "cpu", ({ at }) => (at < past().from ? 9 : 1));
    const agg = { name: "max", windowMs: 20 * MINUTE } as const;
    const history = await readMetricWindow(reader, {
      source: source("cpu", { agg }),
      ...past(),
      everyMs: 15 * MINUTE,
    });
    expect(history.kind === "known" && history.points.map(({ value }) => value)).toEqual([9, 9, 1, 1, 1]);
  });

  it("counts requests over a beat, with their total, or a share", async () => {
    render.metric(id, "http-requests", () => ({ 200: 90, 500: 10 }));
    const window = { ...past(), everyMs: 15 * MINUTE };
    const counted = await readMetricWindow(reader, { source: source("http_requests"), ...window });
    expect(counted.kind === "known" && counted.points.slice(1)).toMatchObject(
      Array.from({ length: 4 }, () => ({ value: 1_500, total: 1_500 })),
    );
    const ratio = source("http_requests", { asRatio: true, ...(where === undefined ? {} : { where }) });
    const shares = await readMetricWindow(reader, { source: ratio, ...window });
    expect(shares.kind === "known" && shares.points.map(({ value }) => value)).toEqual([
      0.1, 0.1, 0.1, 0.1, 0.1,
    ]);
  });

  it("of the instances that count only", async () => {
    render.metric(id, "cpu", () => 0.4);
    const window = { source: source("cpu"), ...past(), everyMs: HOUR };
    const isCounted = (instanceId: string): boolean => instanceId.endsWith("bbbbb");
    expect(await readMetricWindow(reader, { ...window, isCounted })).toMatchObject({ kind: "none" });
    expect(await readMetricWindow(reader, { ...window, isCounted: (one) => !isCounted(one) })).toMatchObject({
      kind: "known",
    });
  });

  it.each([
    ["nothing was collected", (): void => undefined, /no data points/],
    ["Render refuses", (): void => void render.fault({ kind: "forbidden" }), /the key may not read metrics/],
  ] as const)("%s: none, with the reason", async (_what, prepare, why) => {
    prepare();
    const window = { source: source("http_latency"), ...past(), everyMs: MINUTE };
    expect(await readMetricWindow(reader, window)).toEqual({ kind: "none", why: expect.stringMatching(why) });
  });
});
