import { describe, expect, it } from "vitest";
import {
  checkOf,
  expectLawful,
  expectNoAct,
  expectTold,
  NEW,
  OLD,
  startWatch,
  type Watch,
  type WatchOptions,
} from "./watch-scene.ts";

const MINUTE = 60_000;
const LONG: WatchOptions = { boot: "{ for: 6m, every: 30s }" };

interface Row {
  readonly what: string;
  readonly check: string;
  readonly set: (watch: Watch) => void;
  readonly verdict: string;
  readonly reason: RegExp;
}

const ROWS: readonly Row[] = [
  {
    what: "cpu of the new instance, whatever the old one does",
    check: "{ metric: cpu, fail: value > 0.4 }",
    set: ({ render, service }) =>
      render.metric(service.id, "cpu", ({ instance }) => (instance === OLD ? 9 : 0.2)),
    verdict: "pass",
    reason: /\(instance bbbbb, newest point, \d+s old\)/,
  },
  {
    what: "cpu that stays too high",
    check: "{ metric: cpu, pass: value < 0.3, fail: value > 0.4, on_fail: revert }",
    set: ({ render, service }) => render.metric(service.id, "cpu", () => 0.45),
    verdict: "fail",
    reason:
      /fails on value > 0.4, got 0.45; wanted value < 0.3, got 0.45 \(instance bbbbb, newest point, \d+s old\); 2 of 2 samples failed \(fail_after 2\)/,
  },
  {
    what: "one bad point, however often it is looked at",
    check: "{ metric: cpu, every: 10s, fail: value > 0.4, on_fail: revert }",
    set: ({ render, service, liveAt }) =>
      render.metric(service.id, "cpu", ({ at }) =>
        at >= liveAt + 2 * MINUTE && at < liveAt + 2 * MINUTE + 30_000 ? 1 : 0.1,
      ),
    verdict: "warn",
    reason: /1 of \d+ samples failed, short of fail_after 2/,
  },
  {
    what: "memory in bytes against a size",
    check: "{ metric: { name: memory, agg: max 2m }, pass: value < 300MB }",
    set: ({ render, service }) => {
      render.quirks.units = { memory: "MB" };
      render.metric(service.id, "memory", () => 420);
    },
    verdict: "fail",
    reason: /wanted value < 300MB, got 420 MB \(instance bbbbb, max of \d points in 2m\)/,
  },
  {
    what: "memory as a share of the plan's limit",
    check: "{ metric: { name: memory, of_limit: true }, fail: value > 80% }",
    set: ({ render, service }) => render.metric(service.id, "memory", () => 256 * 1024 ** 2),
    verdict: "pass",
    reason: /value > 80% does not hold \(50%\)/,
  },
  {
    what: "5xx as a share of all requests",
    check:
      "{ metric: { name: http_requests, where: status >= 500, as: ratio }, fail: value > 5%, need: total >= 20 }",
    set: ({ render, service }) =>
      render.metric(service.id, "http-requests", () => ({ 200: 90, 502: 6, 503: 4 })),
    verdict: "fail",
    reason: /value > 5%, got 10% \(10 of 100 requests in 1m\)/,
  },
  {
    what: "errors of the old version while both answer",
    check: "{ metric: { name: http_requests, where: status >= 500 }, pass: value == 0 }",
    set: ({ render, service, liveAt }) =>
      render.metric(service.id, "http-requests", ({ at }) =>
        at < liveAt + 90_000 ? { 200: 9, 500: 90 } : { 200: 99, 500: 0 },
      ),
    verdict: "pass",
    reason: /value == 0 \(0\).*of 99 requests/,
  },
  {
    what: "latency in seconds against milliseconds",
    check: "{ metric: { name: http_latency, quantile: 0.95 }, pass: value < 300ms }",
    set: ({ render, service }) => {
      render.quirks.units = { "http-latency": "s" };
      render.metric(service.id, "http-latency", ({ quantile }) => quantile);
    },
    verdict: "fail",
    reason: /wanted value < 300ms, got 950/,
  },
  {
    what: "connections of a database by its name",
    check: "{ metric: { name: active_connections, of: shop-db }, pass: value < 50, fail: value > 80 }",
    set: ({ render }) => {
      render.postgres({ name: "other-db" });
      render.metric(String(render.postgres()["id"]), "active-connections", () => 60);
    },
    verdict: "warn",
    reason: /wanted value < 50, got 60/,
  },
  {
    what: "how many instances there are",
    check: "{ metric: instance_count, pass: value == 1 }",
    set: () => undefined,
    verdict: "pass",
    reason: /value == 1 \(1\)/,
  },
  {
    what: "memory of another service, by its name",
    check: "{ metric: { name: memory, of: worker }, pass: value < 1GB }",
    set: ({ render, good }) => {
      const worker = render.service({ name: "worker", type: "background_worker" });
      render.serving(worker.id, good, { instances: ["wwwww"] });
      render.metric(worker.id, "memory", () => 5e8);
    },
    verdict: "pass",
    reason: /instance wwwww/,
  },
];

const UNKNOWN: readonly Row[] = [
  {
    what: "no data at all",
    check: "{ metric: cpu, fail: value > 1 }",
    set: () => undefined,
    verdict: "unknown",
    reason: /no data points in the last .*: no traffic, or not collected yet/,
  },
  {
    what: "data that stops",
    check: "{ metric: memory, fail: value > 1GB }",
    set: ({ render, service, liveAt }) =>
      render.metric(service.id, "memory", ({ at }) => (at < liveAt - MINUTE ? 1 : undefined)),
    verdict: "unknown",
    reason: /no data points/,
  },
  {
    what: "no requests, asked for a share of them",
    check: "{ metric: { name: http_requests, where: status >= 500, as: ratio }, fail: value > 5% }",
    set: ({ render, service }) => render.metric(service.id, "http-requests", () => ({ 200: 0 })),
    verdict: "unknown",
    reason: /no requests in 1m, so there is no share of them/,
  },
  {
    what: "latency on the Hobby plan",
    check: "{ metric: http_latency, pass: value < 1s }",
    set: ({ render }) => void (render.quirks.workspacePlan = "hobby"),
    verdict: "unknown",
    reason: /Render gives latency from the Professional workspace plan on/,
  },
  {
    what: "a key without the permission",
    check: "{ metric: cpu, fail: value > 1 }",
    set: ({ render }) => void render.fault({ route: /^GET \/metrics/, kind: "forbidden" }),
    verdict: "unknown",
    reason: /the key may not read metrics; Render answered 403/,
  },
  {
    what: "a database that is not there",
    check: "{ metric: { name: active_connections, of: shop }, fail: value > 1 }",
    set: ({ render }) => void render.postgres({ name: "shop-db" }),
    verdict: "unknown",
    reason: /the workspace has no database "shop"; there are shop-db/,
  },
  {
    what: "two databases of one name",
    check: "{ metric: { name: active_connections, of: shop-db }, fail: value > 1 }",
    set: ({ render }) => {
      render.postgres();
      render.postgres({ region: "ohio" });
    },
    verdict: "unknown",
    reason:
      /"shop-db" names database shop-db \(dpg-\w+-a, frankfurt\) and database shop-db \(dpg-\w+-a, ohio\); name one by its id/,
  },
  {
    what: "a service that is not there",
    check: "{ metric: { name: cpu, of: api }, fail: value > 1 }",
    set: () => undefined,
    verdict: "unknown",
    reason: /the workspace has no service or database "api"; there are shop-api/,
  },
  {
    what: "Render's metrics out of order",
    check: "{ metric: cpu, fail: value > 1 }",
    set: ({ render }) => void render.fault({ route: /^GET \/metrics/, kind: "status", status: 503 }),
    verdict: "unknown",
    reason: /Render API answered 503/,
  },
];

describe("a metric check", () => {
  it.each(ROWS)("$what: $verdict", async ({ check, set, verdict, reason }) => {
    const watch = await startWatch(`measured: ${check}`, LONG);
    await using _watch = watch;
    set(watch);
    const result = await watch.run();
    expect(checkOf(result, "measured")).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    expect(result.ending.verdict).toBe(verdict);
    expectTold(watch, result);
    expectLawful(watch);
  });

  it.each(UNKNOWN)("$what: $verdict, and nothing is done", async ({ check, set, verdict, reason }) => {
    const watch = await startWatch(`measured: ${check.replace(/ }$/, ", on_fail: revert }")}`, LONG);
    await using _watch = watch;
    set(watch);
    const result = await watch.run();
    expect(checkOf(result, "measured")).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    expect(result.ending.verdict).toBe("unknown");
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("says once that the plan has no latency", async () => {
    const watch = await startWatch(
      "a: { metric: http_latency, pass: value < 1s }\nb: { metric: http_latency, pass: value < 2s }",
      LONG,
    );
    await using _watch = watch;
    watch.render.quirks.workspacePlan = "hobby";
    const result = await watch.run();
    const told = result.lines.filter((line) => line.includes("Latency is not measured"));
    expect(told).toEqual([
      "warning: Latency is not measured: Render gives it from the Professional workspace plan on",
    ]);
  });

  it("a crash brings a new instance, which counts", async () => {
    const watch = await startWatch("measured: { metric: cpu, fail: value > 0.4, on_fail: revert }", LONG);
    await using _watch = watch;
    let fresh = "";
    watch.after(MINUTE, () => void (fresh = watch.render.crash(watch.service.id, NEW)));
    watch.render.metric(watch.service.id, "cpu", ({ instance }) => (instance === fresh ? 0.9 : 0.1));
    const result = await watch.run();
    expect(checkOf(result, "measured")).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining(`instance ${fresh}`),
    });
  });
});

describe("what it costs", () => {
  it("checks that ask for the same share a request, and one step is read once", async () => {
    const watch = await startWatch(
      [
        "cpu: { metric: cpu, every: 5s, fail: value > 1 }",
        "peak: { metric: { name: cpu, agg: max 1m }, every: 10s, fail: value > 1 }",
        "long: { metric: { name: cpu, agg: max 5m }, every: 10s, fail: value > 1 }",
        "errors: { metric: { name: http_requests, where: status >= 500, as: ratio }, every: 10s, fail: value > 5% }",
        "traffic: { metric: http_requests, every: 10s, pass: value > 0 }",
      ].join("\n"),
      LONG,
    );
    await using _watch = watch;
    watch.render.metric(watch.service.id, "cpu", () => 0.1);
    watch.render.metric(watch.service.id, "http-requests", () => ({ 200: 100 }));
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    const asked = (path: string): number => watch.render.requests.filter((one) => one.path === path).length;
    expect(asked("/metrics/cpu")).toBeLessThanOrEqual(13);
    expect(asked("/metrics/http-requests")).toBeLessThanOrEqual(6);
    const times = watch.render.requests.filter(({ group }) => group === "read").map(({ at }) => at);
    const most = Math.max(
      ...times.map((start) => times.filter((at) => at >= start && at < start + MINUTE).length),
    );
    expect(most).toBeLessThanOrEqual(20);
    expectNoAct(watch);
  });
});
