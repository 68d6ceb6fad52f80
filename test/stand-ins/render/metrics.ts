import type { Query } from "./contract.ts";
import type { Answer } from "./routes.ts";
import type { World } from "./world.ts";

/** Metrics that a test tells; the number of instances the stand-in knows by itself. */
export type MetricName =
  | "cpu"
  | "cpu-limit"
  | "memory"
  | "memory-limit"
  | "http-requests"
  | "http-latency"
  | "active-connections";

/** What a value may depend on. */
export interface MetricMoment {
  /** ms. */
  readonly at: number;
  /** Suffix; of cpu and memory and their limits. */
  readonly instance?: string;
  /** Of http-latency; 0.5 when nobody asks for one. */
  readonly quantile: number;
}

/** A value at a moment, or none; for http-requests how many a minute by status. In the unit of the quirks. */
export type MetricStory = (
  moment: MetricMoment,
) => number | undefined | Readonly<Record<string, number | undefined>>;

/** How metrics are answered. */
export interface MetricQuirks {
  /** How late a step can be read. */
  metricLagMs: number;
  /** By metric; default: what render-api.md 6 says. */
  units: Partial<Record<MetricName | "instance-count", string>>;
  /** `hobby` refuses http-latency. */
  workspacePlan: "hobby" | "professional";
}

interface Point {
  readonly timestamp: string;
  readonly value: number;
}

const UNITS: Readonly<Record<string, string>> = {
  cpu: "cores",
  "cpu-limit": "cores",
  memory: "bytes",
  "memory-limit": "bytes",
  "http-requests": "unitless",
  "http-latency": "ms",
  "active-connections": "connections",
  "instance-count": "instances",
};
const LIMITS: Readonly<Record<string, { readonly cpu: number; readonly memory: number }>> = {
  free: { cpu: 0.1, memory: 512 * 1024 ** 2 },
  starter: { cpu: 0.5, memory: 512 * 1024 ** 2 },
  standard: { cpu: 1, memory: 2 * 1024 ** 3 },
  pro: { cpu: 2, memory: 4 * 1024 ** 3 },
};
const PER_INSTANCE = new Set(["cpu", "memory", "cpu-limit", "memory-limit"]);
const HOUR_MS = 3_600_000;
const MOST_POINTS = 1_000;

/** The answers of `GET /metrics/<name>` over a world; undefined: not served. */
export function metricRoutes(
  world: World,
  quirks: MetricQuirks,
): (name: string, query: Query) => Answer | undefined {
  const refusal = (status: number, message: string, isViolation = false): Answer => ({
    status,
    body: { message },
    ...(isViolation ? { violation: message } : {}),
  });

  /** Steps of the window that can be read by now. */
  const stepsOf = (query: Query): { readonly times: readonly number[]; readonly stepMs: number } | Answer => {
    const now = world.timeline.now();
    const to = query["endTime"]?.[0] === undefined ? now : Date.parse(query["endTime"][0]);
    const from = query["startTime"]?.[0] === undefined ? to - HOUR_MS : Date.parse(query["startTime"][0]);
    if (from > to) return refusal(400, "startTime lies after endTime", true);
    const stepMs = Number(query["resolutionSeconds"]?.[0] ?? 60) * 1_000;
    if ((to - from) / stepMs > MOST_POINTS) return refusal(500, "too many data points");
    const times: number[] = [];
    for (
      let at = Math.ceil(from / stepMs) * stepMs;
      at <= Math.min(to, now - quirks.metricLagMs);
      at += stepMs
    )
      times.push(at);
    return { times, stepMs };
  };

  const storyOf = (resource: string, name: string): MetricStory | undefined => {
    const told = world.metrics.get(`${resource} ${name}`);
    const plan = world.services.get(resource)?.record.serviceDetails["plan"];
    const limit = LIMITS[String(plan)];
    if (told !== undefined || limit === undefined) return told;
    if (name === "cpu-limit") return () => limit.cpu;
    return name === "memory-limit" ? () => limit.memory : undefined;
  };

  return (name, query) => {
    const unit = quirks.units[name as MetricName] ?? UNITS[name];
    if (unit === undefined) return undefined;
    const resources = [...(query["resource"] ?? []), ...(query["service"] ?? [])].flatMap((one) =>
      one.split(","),
    );
    if (resources.length === 0) return refusal(400, "no resource is named", true);
    const quantiles = (query["quantile"] ?? []).map(Number);
    if (quantiles.some((one) => !(one > 0 && one < 1)))
      return refusal(400, "a quantile lies between 0 and 1", true);
    if (name === "http-latency" && quirks.workspacePlan === "hobby")
      return refusal(400, "HTTP latency is not available on this workspace's plan");
    const steps = stepsOf(query);
    if ("status" in steps) return steps;
    const { times, stepMs } = steps;

    const all: object[] = [];
    const add = (
      labels: Readonly<Record<string, string>>,
      valueAt: (at: number) => number | undefined,
    ): void => {
      const values = times.flatMap((at): Point[] => {
        const value = valueAt(at);
        return value === undefined
          ? []
          : [{ timestamp: new Date(at).toISOString().replace(".000Z", "Z"), value }];
      });
      if (values.length === 0) return;
      all.push({ labels: Object.entries(labels).map(([field, value]) => ({ field, value })), unit, values });
    };
    for (const resource of resources) {
      const isDatabase = world.databases.has(resource);
      const service = world.services.get(resource);
      if (!isDatabase && service === undefined) return refusal(404, `not found: ${resource}`);
      if (isDatabase && /^(?:http-|instance-)/.test(name))
        return refusal(400, `${name} is of services`, true);
      if (!isDatabase && name === "active-connections")
        return refusal(400, "active-connections is of databases", true);
      const story = storyOf(resource, name);
      const instances = (service?.instances ?? []).filter((one) => {
        const asked = query["instance"]?.flatMap((text) => text.split(","));
        return asked?.includes(one.id) ?? true;
      });
      const lives = (one: (typeof instances)[number], at: number): boolean =>
        one.createdAt <= at && (one.endsAt ?? Infinity) > at;
      if (name === "instance-count") {
        if (service !== undefined)
          add({ resource }, (at) => instances.filter((one) => lives(one, at)).length);
      } else if (story === undefined) continue;
      else if (name === "http-requests") {
        const now = world.timeline.now();
        const counts = (at: number): Readonly<Record<string, number | undefined>> => {
          const told = story({ at, quantile: 0.5 });
          return typeof told === "object" ? told : { 200: told };
        };
        // What of the last step has passed.
        const share = (at: number): number => Math.min(stepMs, now - at) / 60_000;
        const isByStatus = query["aggregateBy"]?.[0] === "statusCode";
        const codes = isByStatus ? [...new Set(times.flatMap((at) => Object.keys(counts(at))))] : [undefined];
        for (const code of codes)
          add(code === undefined ? { resource } : { resource, statusCode: code }, (at) => {
            const told = Object.entries(counts(at)).filter(([one]) => code === undefined || one === code);
            const known = told.flatMap(([, value]) => (value === undefined ? [] : [value]));
            return known.length === 0
              ? undefined
              : Math.round(known.reduce((sum, value) => sum + value, 0) * share(at));
          });
      } else if (PER_INSTANCE.has(name) && !isDatabase) {
        for (const one of instances)
          add({ resource, instance: one.id }, (at) =>
            lives(one, at)
              ? (story({ at, instance: one.suffix, quantile: 0.5 }) as number | undefined)
              : undefined,
          );
      } else {
        for (const quantile of quantiles.length === 0 ? [undefined] : quantiles)
          add(
            { resource, ...(quantile === undefined ? {} : { quantile: String(quantile) }) },
            (at) => story({ at, quantile: quantile ?? 0.5 }) as number | undefined,
          );
      }
    }
    return { status: 200, body: all };
  };
}
