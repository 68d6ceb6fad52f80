import { afterEach, beforeEach, expect, test } from "vitest";
import { simulatedClock, type SimulatedClock } from "./clock.ts";
import { sha, startRenderStandIn, type RenderStandIn } from "./render/server.ts";

interface Series {
  readonly labels: readonly { readonly field: string; readonly value: string }[];
  readonly unit: string;
  readonly values: readonly { readonly timestamp: string; readonly value: number }[];
}

const MINUTE = 60_000;
let clock: SimulatedClock;
let render: RenderStandIn;
let id: string;

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  id = render.service().id;
});
afterEach(() => render.close());

async function ask(
  name: string,
  query = "",
): Promise<{ readonly status: number; readonly series: Series[] }> {
  const times = `startTime=${time(-10)}&endTime=${time(0)}`;
  const response = await fetch(`${render.url}/metrics/${name}?${times}${query}`, {
    headers: { Authorization: `Bearer ${render.apiKey}`, Accept: "application/json" },
  });
  return { status: response.status, series: (await response.json()) as Series[] };
}
const time = (minutes: number): string => new Date(clock.now() + minutes * MINUTE).toISOString();
const labelsOf = (series: readonly Series[]): readonly string[] =>
  series.map(({ labels }) => labels.map(({ field, value }) => `${field}=${value}`).join(" "));

test("cpu and memory come per instance, while it lives, with the plan's limits", async () => {
  render.serving(id, sha("old"), { instances: ["aaaaa"] });
  const story = render.story(id, sha("new"), { instances: ["bbbbb"] });
  render.metric(id, "cpu", ({ instance }) => (instance === "bbbbb" ? 0.4 : 0.1));
  await clock.advance(story.liveAt! - clock.now() + 5 * MINUTE);
  const { series } = await ask("cpu", `&resource=${id}&resolutionSeconds=30`);
  expect(labelsOf(series)).toEqual([
    `resource=${id} instance=${id}-aaaaa`,
    `resource=${id} instance=${id}-bbbbb`,
  ]);
  expect(series[1]?.unit).toBe("cores");
  const [old, fresh] = series.map(({ values }) => values.map(({ timestamp }) => Date.parse(timestamp)));
  expect(old!.at(-1)).toBeLessThan(story.liveAt! + 90_000);
  expect(fresh![0]).toBeGreaterThanOrEqual(story.updateAt!);
  expect(fresh!.at(-1)).toBeGreaterThan(clock.now() - MINUTE);
  const limits = await ask("cpu-limit", `&resource=${id}&instance=${id}-bbbbb`);
  expect(limits.series).toHaveLength(1);
  expect(limits.series[0]?.values[0]?.value).toBe(0.5);
  expect(
    (await ask("instance-count", `&resource=${id}`)).series[0]?.values.map(({ value }) => value),
  ).toContain(2);
  expect(render.violations).toEqual([]);
});

test("requests are counted per step and status, the last step as far as it has come", async () => {
  render.quirks.metricLagMs = 0;
  render.metric(id, "http-requests", () => ({ 200: 60, 503: 6 }));
  await clock.advance(30_000);
  const whole = await ask("http-requests", `&resource=${id}`);
  expect(whole.series.map(({ values }) => values.at(-1)?.value)).toEqual([33]);
  expect(whole.series[0]?.values.at(-2)?.value).toBe(66);
  const byStatus = await ask("http-requests", `&resource=${id}&aggregateBy=statusCode`);
  expect(labelsOf(byStatus.series)).toEqual([
    `resource=${id} statusCode=200`,
    `resource=${id} statusCode=503`,
  ]);
});

test("latency comes per quantile, in the unit that is told", async () => {
  render.quirks.units = { "http-latency": "s" };
  render.metric(id, "http-latency", ({ quantile }) => quantile);
  const { series } = await ask("http-latency", `&resource=${id}&quantile=0.5&quantile=0.95`);
  expect(labelsOf(series)).toEqual([`resource=${id} quantile=0.5`, `resource=${id} quantile=0.95`]);
  expect(series.map(({ unit }) => unit)).toEqual(["s", "s"]);
  expect(render.violations).toEqual([]);
});

test("empty without traffic, refused on the Hobby plan, too much at once", async () => {
  expect(await ask("http-latency", `&resource=${id}`)).toEqual({ status: 200, series: [] });
  render.quirks.workspacePlan = "hobby";
  expect((await ask("http-latency", `&resource=${id}`)).status).toBe(400);
  const long = `${render.url}/metrics/cpu?resource=${id}&startTime=${time(-2_000)}`;
  const headers = { Authorization: `Bearer ${render.apiKey}`, Accept: "application/json" };
  expect((await fetch(long, { headers })).status).toBe(500);
  expect((await ask("cpu", "&resource=srv-none")).status).toBe(404);
  expect(render.violations).toEqual([]);
});

test.each([
  ["http-latency", "&quantile=95", "a quantile lies between 0 and 1"],
  ["http-requests", "&aggregateBy=status", "aggregateBy"],
  ["cpu", "&resolutionSeconds=10", "resolutionSeconds"],
  ["cpu", "&quantile=0.5", "quantile"],
  ["active-connections", "", "of databases"],
])("%s with %s is a violation", async (name, query, problem) => {
  expect((await ask(name, `&resource=${id}${query}`)).status).toBe(400);
  expect(render.violations.join()).toContain(problem);
});
