import { describe, expect, it } from "vitest";
import type { MetricSource } from "../../src/core/source.ts";
import { metricReading } from "../../src/core/metric-reading.ts";
import { isMixed, metricSample, settledTime } from "../../src/core/metric-sample.ts";
import type { MetricSeries } from "../../src/core/metric-series.ts";
import { metricQueryOf, type MetricContext } from "../../src/core/metric-window.ts";
import { condition, DAY, HOUR, MINUTE, SECOND, T0 } from "./given.ts";

const source = (name: MetricSource["name"], over: Partial<MetricSource> = {}): MetricSource => ({
  kind: "metric",
  name,
  ofLimit: false,
  asRatio: false,
  ...over,
});

/** Points of the last minutes before `T0 + 10m`, the newest last. */
const NOW = T0 + 10 * MINUTE;
const series = (
  values: readonly number[],
  over: Partial<MetricSeries> & { readonly label?: readonly [string, string]; readonly endsAt?: number } = {},
): MetricSeries => {
  const { label, endsAt = NOW - MINUTE, ...rest } = over;
  return {
    labels: label === undefined ? {} : { [label[0]]: label[1] },
    unit: "unitless",
    points: values.map((value, index) => ({ at: endsAt - (values.length - 1 - index) * MINUTE, value })),
    ...rest,
  };
};
const status = (code: string, ...values: readonly number[]): MetricSeries =>
  series(values, { label: ["statuscode", code] });
const instance = (id: string, values: readonly number[], over: Partial<MetricSeries> = {}): MetricSeries => ({
  ...series(values, { unit: "cores" }),
  labels: { resource: "srv-1", instance: `srv-1-${id}` },
  ...over,
});

const read = (
  name: MetricSource["name"],
  all: readonly MetricSeries[],
  over: { readonly source?: Partial<MetricSource>; readonly context?: Partial<MetricContext> } = {},
) =>
  metricReading(source(name, over.source), {
    at: NOW,
    since: T0,
    settledAt: T0 + 90 * SECOND,
    stepMs: MINUTE,
    series: all,
    ...over.context,
  });
const isNew = (id: string): boolean | undefined =>
  id.endsWith("bbbbb") || id.endsWith("ccccc") ? true : id.endsWith("aaaaa") ? false : undefined;

describe("units are read from the answer", () => {
  const rows: readonly (readonly [MetricSource["name"], string, number, number])[] = [
    ["http_latency", "ms", 120, 120],
    ["http_latency", "milliseconds", 120, 120],
    ["http_latency", "s", 0.12, 120],
    ["http_latency", "Seconds", 0.12, 120],
    ["http_latency", "us", 120_000, 120],
    ["memory", "bytes", 512, 512],
    ["memory", "MB", 512, 512_000_000],
    ["memory", "MiB", 1, 1_048_576],
    ["memory", "GB", 2, 2_000_000_000],
    ["cpu", "cores", 0.5, 0.5],
    ["cpu", "cpu", 0.5, 0.5],
    ["cpu", "unitless", 0.5, 0.5],
    ["cpu", "millicores", 500, 0.5],
    ["active_connections", "unitless", 7, 7],
    ["active_connections", "connections", 7, 7],
    ["instance_count", "instances", 2, 2],
  ];
  it.each(rows)("%s in %s", (name, unit, given, value) => {
    const reading = read(name, [series([given, given, given], { unit })]);
    expect(reading).toMatchObject({ kind: "value", value });
    expect(JSON.stringify(reading)).not.toContain("not known");
  });

  it.each([
    ["cpu", "percent", 'unit "percent" is not known'],
    ["memory", "toString", 'unit "toString" is not known'],
    ["memory", "", "Render names no unit"],
    ["http_latency", "fortnights", 'unit "fortnights" is not known'],
  ] as const)("%s in %j compares with nothing", (name, unit, why) => {
    const reading = read(name, [series([42], { unit })]);
    expect(reading).toMatchObject({ kind: "error", reason: expect.stringContaining(why) });
  });

  it("a count in an unknown unit is as it is, and said", () => {
    const reading = read("instance_count", [series([42], { unit: "dozens" })]);
    expect(reading).toMatchObject({ kind: "value", value: 42, note: expect.stringContaining("dozens") });
  });
});

describe("no data", () => {
  const rows: readonly (readonly [string, ReturnType<typeof read>, string, RegExp])[] = [
    ["no series", read("cpu", []), "error", /^no data points in the last 10m: no traffic, or not collected/],
    ["no points", read("http_requests", [status("200")]), "error", /no data points in the last 10m/],
    [
      "points before the time that counts",
      read("memory", [series([1, 2], { unit: "bytes", endsAt: T0 - 1 })]),
      "error",
      /no data points in the last 10m/,
    ],
    [
      "points that ended minutes ago",
      read("active_connections", [series([1, 2], { endsAt: NOW - 6 * MINUTE })]),
      "error",
      /no data points in the last 6m/,
    ],
    ["a point that is no number", read("cpu", [series([Number.NaN])]), "error", /no data points/],
    [
      "right at the beginning",
      read("cpu", [], { context: { at: T0 + 90 * SECOND } }),
      "none",
      /no data points yet; they come a minute or two late/,
    ],
    [
      "two steps and two minutes from the beginning",
      read("cpu", [], { context: { at: T0 + 4 * MINUTE - SECOND, stepMs: MINUTE } }),
      "none",
      /no data points yet/,
    ],
    [
      "after the beginning",
      read("cpu", [], { context: { at: T0 + 4 * MINUTE, stepMs: MINUTE } }),
      "error",
      /no data points in the last 4m/,
    ],
  ];
  it.each(rows)("%s", (_what, reading, kind, reason) => {
    expect(reading.kind).toBe(kind);
    expect("reason" in reading && reading.reason).toMatch(reason);
  });
});

describe("cpu and memory", () => {
  const counted = { context: { isCounted: isNew } };

  it("count the new instances only, and the highest decides", () => {
    const all = [instance("aaaaa", [9]), instance("bbbbb", [0.2]), instance("ccccc", [0.7, 0.6])];
    expect(read("cpu", all, counted)).toMatchObject({
      value: 0.6,
      note: "instance ccccc, the highest of 2, newest point, 1m old",
      evidence: ["instance bbbbb: 0.2 cores", "instance ccccc: 0.6 cores"],
    });
  });

  it("know an instance by what follows its last hyphen", () => {
    const long = { labels: { instance: "srv-1-6d8f9-bbbbb" } };
    expect(read("cpu", [instance("", [0.3], long)], counted)).toMatchObject({ value: 0.3 });
  });

  it("of old instances only are no data", () => {
    expect(read("cpu", [instance("aaaaa", [9])], counted)).toMatchObject({
      kind: "error",
      reason: expect.stringContaining("no data points"),
    });
  });

  it("of an instance that cannot be told are an error, or said beside the others", () => {
    const unsure = instance("zzzzz", [9]);
    expect(read("cpu", [unsure], counted)).toEqual({
      kind: "error",
      reason: "whether instance zzzzz is old or new cannot be said",
    });
    expect(read("cpu", [unsure, instance("bbbbb", [0.1])], counted)).toMatchObject({
      value: 0.1,
      note: expect.stringContaining("whether instance zzzzz is old or new cannot be said"),
    });
  });

  it("that name no instance count once the old version has stopped", () => {
    const points = [
      { at: T0 + MINUTE, value: 9 },
      { at: T0 + 2 * MINUTE, value: 1 },
    ];
    const early = { at: T0 + 2 * MINUTE, isCounted: isNew };
    const plain = { labels: {}, unit: "bytes", points };
    const max = { agg: { name: "max", windowMs: 2 * MINUTE } } as const;
    expect(read("memory", [plain], { source: max, context: early })).toMatchObject({ value: 1 });
  });

  it.each([
    ["max", 4],
    ["min", 1],
    ["avg", 2.5],
    ["sum", 10],
  ] as const)("agg %s over its window", (name, value) => {
    const agg = { name, windowMs: 5 * MINUTE };
    const all = [instance("bbbbb", [100, 1, 2, 3, 4])];
    expect(read("cpu", all, { source: { agg }, context: { isCounted: isNew } })).toMatchObject({
      value,
      note: `instance bbbbb, ${name} of 4 points in 5m`,
    });
  });

  it("keep in a window what an instance showed before it stopped", () => {
    const gone = instance("bbbbb", [], { points: [{ at: NOW - 8 * MINUTE, value: 5 }] });
    const all = [gone, instance("ccccc", [1])];
    const agg = { name: "max", windowMs: 10 * MINUTE } as const;
    expect(read("cpu", all, { source: { agg } })).toMatchObject({ value: 5 });
    expect(read("cpu", all)).toMatchObject({ value: 1 });
  });

  it("say nothing before the window has filled", () => {
    const agg = { name: "max", windowMs: 11 * MINUTE } as const;
    expect(read("cpu", [instance("bbbbb", [1])], { source: { agg } })).toEqual({
      kind: "none",
      reason: "the window of 11m has not filled: 10m so far",
    });
  });
});

describe("a share of the limit", () => {
  const limit = (points: readonly (readonly [number, number])[], over: Partial<MetricSeries> = {}) => ({
    labels: {},
    unit: "bytes",
    points: points.map(([at, value]) => ({ at: T0 + at * MINUTE, value })),
    ...over,
  });
  const used = instance("bbbbb", [100, 400], { unit: "bytes" });
  const share = (limits: readonly MetricSeries[], over: Partial<MetricSource> = {}) =>
    read("memory", [used], { source: { ofLimit: true, ...over }, context: { limits } });

  it("divides by the limit of the same time", () => {
    expect(share([limit([[9, 800]])])).toMatchObject({
      value: 0.5,
      evidence: ["instance bbbbb: 50% of the limit"],
    });
  });
  it("or the nearest before it", () => {
    expect(share([limit([[7, 1_000], [8, 500], [9.5, 1]])])).toMatchObject({ value: 0.8 }); // prettier-ignore
  });
  it("each in its own unit", () => {
    expect(share([limit([[9, 0.8]], { unit: "KB" })])).toMatchObject({ value: 0.5 });
  });
  it("of the instance's own limit where there is one", () => {
    const own = limit([[9, 400]], { labels: { instance: "srv-1-bbbbb" } });
    expect(share([limit([[9, 800]]), own])).toMatchObject({ value: 1 });
  });
  it.each([
    ["no limit at all", []],
    ["none before the point", [limit([[9.5, 800]])]],
    ["a limit of nothing", [limit([[9, 0]])]],
    ["another instance's", [limit([[9, 800]], { labels: { instance: "srv-1-ccccc" } })]],
  ])("%s is an error", (_what, limits) => {
    expect(share(limits)).toEqual({
      kind: "error",
      reason: "Render gave no memory limit of instance bbbbb for that time",
    });
  });
  it("of a window needs the limit of every point", () => {
    const agg = { name: "max", windowMs: 3 * MINUTE } as const;
    expect(share([limit([[9, 800]])], { agg }).kind).toBe("error");
    expect(share([limit([[8, 200], [9, 800]])], { agg })).toMatchObject({ value: 0.5 }); // prettier-ignore
  });
});

describe("http_requests", () => {
  const where = condition("status >= 500");
  const ok = status("200", 50, 50, 90, 100);
  const bad = status("503", 0, 0, 10, 0);
  const worse = status("500", 0, 0, 0, 5);

  it("are summed over the series of the newest whole step", () => {
    expect(read("http_requests", [ok, bad, worse])).toMatchObject({
      value: 105,
      total: 105,
      countedTo: NOW - MINUTE,
      note: "105 requests in 1m",
    });
  });

  it("leave out a step that may still be filling", () => {
    const filling = { ...ok, points: [...ok.points, { at: NOW - 30 * SECOND, value: 3 }] };
    expect(read("http_requests", [filling])).toMatchObject({ value: 100, countedTo: NOW - MINUTE });
  });

  it("go on where the check's last sample ended", () => {
    const context = { countedTo: NOW - 3 * MINUTE };
    expect(read("http_requests", [ok, bad, worse], { context })).toMatchObject({ value: 205 });
    const again = { countedTo: NOW - MINUTE };
    expect(read("http_requests", [ok, bad, worse], { context: again })).toMatchObject({ value: 105 });
  });

  it("of some statuses, with those that decided", () => {
    expect(
      read("http_requests", [ok, bad, worse], {
        source: { where },
        context: { countedTo: NOW - 3 * MINUTE },
      }),
    ).toMatchObject({
      value: 15,
      total: 205,
      note: "15 of 205 requests in 2m",
      evidence: ["status 503: 10 requests", "status 500: 5 requests"],
    });
  });

  it("as a ratio over the whole window, whatever agg is called", () => {
    const agg = { name: "max", windowMs: 3 * MINUTE } as const;
    const ratio = { where, asRatio: true, agg };
    expect(read("http_requests", [ok, bad, worse], { source: ratio })).toMatchObject({
      value: 15 / 255,
      total: 255,
      note: "15 of 255 requests in 3m",
    });
  });

  it.each([
    ["sum", 330],
    ["avg", 82.5],
    ["max", 105],
    ["min", 50],
  ] as const)("agg %s, by the minute", (name, value) => {
    const agg = { name, windowMs: 4 * MINUTE };
    const all = [ok, worse, status("201", 0, 35, 0, 0)];
    expect(read("http_requests", all, { source: { agg } })).toMatchObject({ value });
  });

  it("of longer steps are still by the minute", () => {
    const agg = { name: "max", windowMs: 5 * MINUTE } as const;
    const points = [{ at: NOW - 5 * MINUTE, value: 500 }];
    const one = { labels: { statuscode: "200" }, unit: "unitless", points };
    expect(read("http_requests", [one], { source: { agg }, context: { stepMs: 5 * MINUTE } })).toMatchObject({
      value: 100,
    });
  });

  it("a class of statuses counts where all of it does", () => {
    expect(read("http_requests", [ok, status("5xx", 1, 1, 1, 1)], { source: { where } })).toMatchObject({
      value: 1,
    });
    const exact = condition("status == 503");
    expect(read("http_requests", [status("5xx", 1)], { source: { where: exact } })).toEqual({
      kind: "error",
      reason: 'whether status == 503 holds cannot be said of requests of status "5xx"',
    });
  });

  it.each([
    ["without a status", series([1])],
    ['of status "unknown"', status("unknown", 1)],
  ])("%s are an error where statuses matter", (what, one) => {
    expect(read("http_requests", [ok, one], { source: { where } })).toEqual({
      kind: "error",
      reason: `whether status >= 500 holds cannot be said of requests ${what}`,
    });
    expect(read("http_requests", [ok, one])).toMatchObject({ value: 101 });
  });

  it("none at all have no share", () => {
    const none = [status("200", 0, 0), status("500", 0, 0)];
    expect(read("http_requests", none, { source: { where, asRatio: true } })).toEqual({
      kind: "error",
      reason: "no requests in 1m, so there is no share of them",
    });
    expect(read("http_requests", none, { source: { where } })).toMatchObject({ value: 0, total: 0 });
  });

  it("say nothing before the window has filled", () => {
    const agg = { name: "sum", windowMs: 5 * MINUTE } as const;
    const context = { since: NOW - 4 * MINUTE };
    expect(read("http_requests", [ok], { source: { agg }, context })).toMatchObject({
      kind: "none",
      reason: "the window of 5m has not filled: 4m so far",
    });
    expect(read("http_requests", [ok], { source: { agg } }).kind).toBe("value");
  });
});

describe("other metrics", () => {
  it("latency is of the last whole step and of the quantile asked for", () => {
    const p50 = series([10, 20], { label: ["quantile", "0.5"], unit: "ms" });
    const p95 = series([100, 200], { label: ["quantile", "0.95"], unit: "ms" });
    const all = [p50, { ...p95, points: [...p95.points, { at: NOW - 10 * SECOND, value: 9_000 }] }];
    expect(read("http_latency", all, { source: { quantile: 0.95 } })).toMatchObject({ value: 200 });
    expect(read("http_latency", all, { source: { quantile: 0.5 } })).toMatchObject({ value: 20 });
  });

  it("of several series the slowest decides", () => {
    const all = [series([10], { unit: "ms" }), series([30], { unit: "ms" })];
    expect(read("http_latency", all)).toMatchObject({ value: 30 });
  });

  it("connections are summed, each series as it last was", () => {
    const late = series([5], { endsAt: NOW - 3 * MINUTE });
    expect(read("active_connections", [series([1, 2, 3]), late])).toMatchObject({
      value: 8,
      note: "sum of 2 series, newest point, 1m old",
    });
  });
});

describe("what is asked for", () => {
  it.each([
    ["cpu", undefined, {}, 5 * MINUTE, 30 * SECOND],
    ["cpu", 5 * MINUTE, {}, 15 * MINUTE, 30 * SECOND],
    ["memory", HOUR, {}, 2 * HOUR, MINUTE],
    ["http_requests", undefined, {}, 5 * MINUTE, MINUTE],
    ["http_requests", undefined, { countedTo: NOW - 6 * HOUR }, 8 * HOUR, 2 * MINUTE],
    ["cpu", undefined, { countedTo: NOW - 6 * HOUR }, 5 * MINUTE, 30 * SECOND],
    ["memory", 7 * DAY, {}, 7 * DAY + HOUR, 43 * MINUTE],
  ] as const)("%s with agg %s %j", (name, windowMs, about, backMs, stepMs) => {
    const agg = windowMs === undefined ? {} : { agg: { name: "max" as const, windowMs } };
    expect(metricQueryOf({ name, ...agg }, { at: NOW, ...about })).toEqual({ backMs, stepMs });
  });
});

describe("as a sample", () => {
  const keep = (text: string): string => text.replaceAll("hunter2", "***");

  it("has value and total, and texts made safe before they are cut", () => {
    const reading = {
      kind: "value",
      value: 1,
      total: 2,
      countedTo: NOW,
      note: "hunter2",
      evidence: ["hunter2"],
    };
    expect(metricSample(reading as Parameters<typeof metricSample>[0], { at: NOW, keep })).toEqual({
      kind: "ok",
      at: NOW,
      subjects: { value: 1, total: 2 },
      evidence: [{ at: NOW, text: "***", from: "Render metrics" }],
      note: "***",
    });
    expect(metricSample({ kind: "error", reason: "no hunter2" }, { at: NOW, keep })).toEqual({
      kind: "error",
      at: NOW,
      reason: "no ***",
    });
  });

  it.each([
    ["cpu", undefined, false],
    ["memory", undefined, false],
    ["cpu", "other", true],
    ["http_requests", undefined, true],
    ["http_latency", undefined, true],
    ["active_connections", "main", true],
    ["instance_count", undefined, true],
  ] as const)("%s of %s: old and new mixed %s", (name, of, mixed) => {
    expect(isMixed({ name, ...(of === undefined ? {} : { of }) })).toBe(mixed);
  });

  it("old and new are mixed for 60 s and the shutdown delay", () => {
    expect(settledTime(T0, 30 * SECOND)).toBe(T0 + 90 * SECOND);
  });
});
