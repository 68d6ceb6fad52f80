import type { Check, Sample } from "../core/check.ts";
import { deriveSample } from "../core/derive-sample.ts";
import type { LogBook } from "../core/log-book.ts";
import { problemText, ServiceProblem } from "../problem.ts";
import { createMetricReader, type MetricReader } from "./metric-reader.ts";
import type { Moment } from "./moment.ts";
import { createRecentEvents } from "./recent-events.ts";
import type { ServiceRun } from "./run.ts";
import { createEnvSamples } from "./sample-env.ts";
import { createEventSamples } from "./sample-events.ts";
import { createHttpSamples } from "./sample-http.ts";
import { createMetricSamples } from "./sample-metric.ts";
import { createSourceSamples } from "./sample-source.ts";
import { createSqlSamples } from "./sample-sql.ts";

/** Takes samples. Never throws for what a remote service does: that is an error sample. */
export interface Sampler {
  take(check: Check, moment: Moment): Promise<Sample>;
}

/** A sampler for this run; `customDomains` are the verified ones. */
export function createSampler(
  run: ServiceRun,
  options: {
    readonly book?: LogBook;
    readonly customDomains: readonly string[];
    readonly metrics?: MetricReader;
    /** The newest data point that each metric check counted, ms; kept up to date. */
    readonly counted?: Map<string, number>;
  },
): Sampler {
  const { clock } = run.edges;
  const { book, customDomains, metrics = createMetricReader(run), counted = new Map() } = options;
  const recent = createRecentEvents(run);
  const takeHttp = createHttpSamples(run, { customDomains, recent });
  const takeSql = createSqlSamples(run);
  const takeEvents = createEventSamples(run, recent);
  const takeMetric = createMetricSamples(run, metrics, counted);
  const takeEnv = createEnvSamples(run);
  const takeSource = createSourceSamples(run);

  function sampleOf(check: Check, moment: Moment): Promise<Sample> | Sample {
    const { source } = check;
    const at = clock.now();
    switch (source.kind) {
      case "http":
        return takeHttp(check, source, moment);
      case "sql":
        return takeSql(check, source, moment);
      case "events":
        return takeEvents(source, moment);
      case "logs":
        return book?.sample(check, at) ?? { kind: "error", at, reason: "no log reader" };
      case "metric":
        return takeMetric(check, source, moment);
      case "env":
        return takeEnv(source);
      case "source":
        return takeSource(check, source);
      case "derive": {
        const { latest = {}, lastErrors: failed = {} } = moment;
        return deriveSample(source, { at, latest, failed });
      }
    }
  }

  return {
    async take(check, moment) {
      try {
        return await sampleOf(check, moment);
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        return { kind: "error", at: clock.now(), reason: problemText(error) };
      }
    },
  };
}
