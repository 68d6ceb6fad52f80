import type { MetricSeries } from "../../src/core/metric-series.ts";
import type { Metrics } from "../../src/ports.ts";
import { MINUTE, type Lived, type World } from "./world.ts";

const UNITS = {
  cpu: "cores",
  cpu_limit: "cores",
  memory: "bytes",
  memory_limit: "bytes",
  http_requests: "unitless",
  http_latency: "ms",
  active_connections: "connections",
  instance_count: "instances",
} as const;

/** Render's metrics in memory: points of a step, as late as the world has them. */
export function memoryMetrics(
  world: World,
  { now, call }: { readonly now: () => number; readonly call: () => Promise<void> },
): Metrics {
  return {
    async databases() {
      await call();
      return [
        { id: "dpg-1", name: "scrapersky-db" },
        { id: "dpg-2", name: "shop-db" },
      ];
    },
    async read({ metric, resourceId, from, to, stepMs }) {
      await call();
      const unit = UNITS[metric];
      const end = Math.min(to, now() - world.metricLagMs);
      const times: number[] = [];
      for (let at = Math.ceil(from / stepMs) * stepMs; at <= end; at += stepMs) times.push(at);
      const series = (
        labels: MetricSeries["labels"],
        valueAt: (at: number) => number | undefined,
      ): readonly MetricSeries[] => {
        const points = times.flatMap((at) => {
          const value = valueAt(at);
          return value === undefined ? [] : [{ at, value }];
        });
        return points.length === 0 ? [] : [{ labels, unit, points }];
      };
      const alive = (one: Lived, at: number): boolean => one.createdAt <= at && at < one.endsAt;
      if (metric === "instance_count")
        return series(
          { resource: resourceId },
          (at) => world.instances.filter((one) => alive(one, at)).length,
        );
      if (metric === "http_requests") {
        const counts = new Map(
          times.map((at) => [at, world.metric(metric, at, undefined) as Readonly<Record<string, number>>]),
        );
        const codes = [...new Set([...counts.values()].flatMap((one) => Object.keys(one)))];
        return codes.flatMap((code) =>
          series({ resource: resourceId, statuscode: code }, (at) => {
            const perMinute = counts.get(at)?.[code];
            return perMinute === undefined ? undefined : Math.round((perMinute * stepMs) / MINUTE);
          }),
        );
      }
      if (metric === "http_latency" || metric === "active_connections")
        return series(
          { resource: resourceId },
          (at) => world.metric(metric, at, undefined) as number | undefined,
        );
      return world.instances.flatMap((one) =>
        series({ resource: resourceId, instance: one.id }, (at) =>
          alive(one, at) ? (world.metric(metric, at, one) as number | undefined) : undefined,
        ),
      );
    },
  };
}
