import type { MetricSource } from "../core/source.ts";
import type { MetricKind, MetricSeries } from "../core/metric-series.ts";
import { metricQueryOf } from "../core/metric-window.ts";
import { ServiceProblem } from "../problem.ts";
import { findMetricResource, type MetricResource } from "./metric-resource.ts";
import type { ServiceRun } from "./run.ts";
import { createSharedReads } from "./shared-reads.ts";

/** The series a source is read from. Times in ms. */
export interface MetricAnswer {
  readonly series: readonly MetricSeries[];
  /** Where a share of the plan's limit is wanted. */
  readonly limits?: readonly MetricSeries[];
  /** Up to when they were read. */
  readonly to: number;
}

/** Reads metrics, each once for all checks that ask for the same within one step: nothing new comes sooner. */
export interface MetricReader {
  /**
   * Series of the last `backMs` up to now, or up to `to`; or why there are none. Throws ServiceProblem for what
   * may pass.
   */
  read(
    source: MetricSource,
    window: { readonly backMs: number; readonly stepMs: number; readonly to?: number },
  ): Promise<MetricAnswer | { readonly why: string }>;
}

/** A beat of just a step's length reads anew every time. */
const SLACK_MS = 1_000;

/** A reader for this run: resources are looked up once. */
export function createMetricReader(run: ServiceRun): MetricReader {
  const { edges, plan, teller, signal } = run;
  const { clock, metrics } = edges;
  const shared = createSharedReads<Omit<MetricAnswer, "limits">>(clock);
  const resources = createSharedReads<MetricResource | { readonly why: string }>(clock);
  const sources = plan.checks.flatMap(({ source }) => (source.kind === "metric" ? [source] : []));
  let isPlanTold = false;

  /** As far back as any check looks that is read in the same steps: one request for all of them. */
  function widestOf(source: MetricSource, { backMs, stepMs }: { backMs: number; stepMs: number }): number {
    const alike = sources.filter(
      ({ name, of, quantile }) => name === source.name && of === source.of && quantile === source.quantile,
    );
    const windows = alike.map((one) => metricQueryOf(one, { at: 0 }));
    return Math.max(backMs, ...windows.flatMap((one) => (one.stepMs === stepMs ? [one.backMs] : [])));
  }

  function refusalOf(
    problem: ServiceProblem,
    source: MetricSource,
    resource: MetricResource,
  ): string | undefined {
    const said = `Render answered ${problem.status}: ${problem.message}`;
    switch (problem.status) {
      case 400:
        if (source.name !== "http_latency") return `${source.name} of ${resource.text} was refused; ${said}`;
        if (!isPlanTold)
          teller.note("Latency is not measured: Render gives it from the Professional workspace plan on");
        isPlanTold = true;
        return `Render gives latency from the Professional workspace plan on; ${said}`;
      case 403:
        return `the key may not read metrics; ${said}`;
      case 404:
      case 410:
        return `Render knows no metrics of ${resource.text}, or the key does not see it; ${said}`;
      default:
        return undefined;
    }
  }

  return {
    async read(source, { stepMs, to, ...window }) {
      const backMs = to === undefined ? widestOf(source, { ...window, stepMs }) : window.backMs;
      const named = { key: JSON.stringify([source.of ?? "", source.name]), freshMs: Infinity };
      const resource = await resources(named, () => findMetricResource(run, source));
      if ("why" in resource) return resource;
      const quantile = source.quantile === undefined ? {} : { quantile: source.quantile };
      const one = (metric: MetricKind): Promise<Omit<MetricAnswer, "limits">> => {
        const query = { metric, resourceId: resource.id, stepMs, ...quantile };
        const wanted = { key: JSON.stringify([query, backMs, to]), freshMs: stepMs - SLACK_MS };
        return shared(wanted, async () => {
          const until = to ?? clock.now();
          const series = await metrics.read({ ...query, from: until - backMs, to: until, signal });
          return { series, to: until };
        });
      };
      try {
        const isLimited = source.name === "cpu" || source.name === "memory";
        const [answer, limits] = await Promise.all([
          one(source.name),
          source.ofLimit && isLimited ? one(`${source.name}_limit` as MetricKind) : undefined,
        ]);
        return { ...answer, ...(limits === undefined ? {} : { limits: limits.series }) };
      } catch (error) {
        const why = error instanceof ServiceProblem ? refusalOf(error, source, resource) : undefined;
        if (why === undefined) throw error;
        return { why };
      }
    },
  };
}
