import type { Edges, MetricQuery } from "../ports.ts";
import type { RenderEvent } from "../core/event.ts";
import { EXCUSING_EVENTS } from "../core/event-sample.ts";
import type { MetricSeries } from "../core/metric-series.ts";
import { ServiceProblem } from "../problem.ts";

/** What Render keeps could not be read now; a later look may read it. */
export class Unread extends Error {
  override readonly name = "Unread";
}

/** Edges that can be set back in time: what Render keeps is then given as it was known at that moment. */
export interface RetainedEdges {
  readonly edges: Edges;
  /** Goes to a moment of the past (ms), or to now. In the past, what cannot be read throws Unread. */
  goTo(at: number | undefined): void;
}

/** More points than this in one answer are answered 500 (render-api.md 6). */
const MOST_POINTS = 240;

type Point = MetricSeries["points"][number];

/** A stretch of one metric that was read, in the order of time. */
interface Stretch {
  from: number;
  to: number;
  readonly parts: (readonly MetricSeries[])[];
}

/**
 * Edges over the given ones. Metrics and events of the past are read once, up to `until` (ms), however many moments
 * ask for them.
 */
export function createRetainedEdges(edges: Edges, { until }: { readonly until: number }): RetainedEdges {
  let at: number | undefined;
  const stretches = new Map<string, Promise<Stretch>>();
  const lost = new Map<string, Unread>();
  let events: Promise<readonly RenderEvent[]> | undefined;
  let eventsFrom = Infinity;

  /** In the past, what may pass is no sample: it is left to a later look. */
  async function read<T>(key: string, asking: () => Promise<T>): Promise<T> {
    if (at === undefined) return asking();
    const known = lost.get(key);
    if (known !== undefined) throw known;
    try {
      return await asking();
    } catch (error) {
      if (!(error instanceof ServiceProblem) || !mayPass(error)) throw error;
      const unread = new Unread(error.message, { cause: error });
      lost.set(key, unread);
      throw unread;
    }
  }

  /** Extends what is known of a metric so that it holds [from, to]. */
  async function extended(stretch: Stretch, query: MetricQuery): Promise<Stretch> {
    const spanMs = MOST_POINTS * query.stepMs;
    while (stretch.to < query.to) {
      const from = stretch.to;
      const to = Math.min(until, Math.max(query.to, from + spanMs));
      const upTo = Math.min(to, from + spanMs);
      stretch.parts.push(await edges.metrics.read({ ...query, from, to: upTo }));
      stretch.to = upTo;
    }
    return stretch;
  }

  async function metricsOf(query: MetricQuery): Promise<readonly MetricSeries[]> {
    const { from, to, signal: _, ...kind } = query;
    const key = JSON.stringify(kind);
    const known = await (stretches.get(key) ?? Promise.resolve(undefined));
    const fits = known !== undefined && known.from <= from && from <= known.to;
    const next = extended(fits ? known : { from, to: from, parts: [] }, {
      ...query,
      to: Math.min(to, until),
    });
    stretches.set(key, next);
    next.catch(() => stretches.delete(key));
    return slicesOf(await next, { from, to });
  }

  async function eventsOf(
    serviceId: string,
    query: Parameters<Edges["deploys"]["events"]>[1],
  ): Promise<readonly RenderEvent[]> {
    if (events === undefined || query.from < eventsFrom) {
      eventsFrom = query.from;
      events = edges.deploys.events(serviceId, { ...query, to: until });
    }
    const all = await events;
    // What explains another event may come after it.
    return all.filter((event) => event.at <= (at ?? Infinity) || EXCUSING_EVENTS.includes(event.type));
  }

  return {
    goTo(moment) {
      at = moment;
    },
    edges: {
      ...edges,
      clock: { now: () => at ?? edges.clock.now(), sleep: (ms, signal) => edges.clock.sleep(ms, signal) },
      metrics: {
        read: (query) =>
          read(`metric ${query.resourceId} ${query.metric}`, () =>
            at === undefined ? edges.metrics.read(query) : metricsOf(query),
          ),
        databases: (ownerId) => read("databases", () => edges.metrics.databases(ownerId)),
      },
      deploys: {
        ...edges.deploys,
        events: (serviceId, query) =>
          at === undefined
            ? edges.deploys.events(serviceId, query)
            : read("events", () => eventsOf(serviceId, query)),
        servicesOf: (ownerId) => read("services", () => edges.deploys.servicesOf(ownerId)),
      },
      forge: {
        ...edges.forge,
        tree: (sha) => read("tree", () => edges.forge.tree(sha)),
        file: (path, ref) => read(`file ${path}`, () => edges.forge.file(path, ref)),
      },
    },
  };
}

/** What is refused for good is the sample's to tell; everything else may be answered by a later look. */
function mayPass({ status }: ServiceProblem): boolean {
  return status === undefined || status === 429 || status >= 500;
}

/** The points in [from, to] of every series, each once. */
function slicesOf(
  { parts }: Stretch,
  { from, to }: { readonly from: number; readonly to: number },
): readonly MetricSeries[] {
  const byLabels = new Map<string, { readonly series: MetricSeries; readonly points: Map<number, Point> }>();
  for (const series of parts.flat()) {
    const { points, ...rest } = series;
    const key = JSON.stringify(rest);
    const known = byLabels.get(key) ?? { series, points: new Map<number, Point>() };
    byLabels.set(key, known);
    for (const point of points) if (point.at >= from && point.at <= to) known.points.set(point.at, point);
  }
  return [...byLabels.values()].flatMap(({ series, points }) =>
    points.size === 0 ? [] : [{ ...series, points: [...points.values()].toSorted((a, b) => a.at - b.at) }],
  );
}
