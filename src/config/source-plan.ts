import type { EnvSource, HttpSource, LogsSource, MetricSource, Source } from "../core/source.ts";
import type { CheckFile } from "./check-schema.ts";
import { sources } from "./source-schema.ts";

const DEFAULT_WITHIN_MS = 120_000;
/** Render does not say which latency it answers with when no quantile is asked for. */
const DEFAULT_QUANTILE = 0.95;

export interface SourceSurroundings {
  readonly databases: Readonly<Record<string, unknown>>;
  /** Replaces `$NAME` and keeps what came in. */
  readonly secret: (text: string) => string;
  /** When the last stage ends that the check runs in, ms after live. */
  readonly lastEndMs: number;
}

/** The source of a check with every default filled in. */
export function sourceOf(check: CheckFile, { databases, secret, lastEndMs }: SourceSurroundings): Source {
  if (check.http !== undefined) return httpOf(check.http, secret);
  if (check.logs !== undefined) return logsOf(check.logs, lastEndMs);
  if (check.sql !== undefined) return { kind: "sql", ...statementOf(check.sql, databases) };
  if (check.metric !== undefined) return metricOf(check.metric);
  if (check.env !== undefined) return { kind: "env", expected: check.env } satisfies EnvSource;
  if (check.source !== undefined) {
    const { glob, require = [], forbid = [] } = check.source;
    return { kind: "source", glob, require, forbid };
  }
  if (check.derive !== undefined) return { kind: "derive", formulas: check.derive };
  return { kind: "events", types: check.events ?? [] };
}

type Written<Name extends keyof CheckFile> = NonNullable<CheckFile[Name]>;

/** A statement and its database: the one that is named, or the only one. */
export function statementOf(
  written: Written<"sql">,
  databases: Readonly<Record<string, unknown>>,
): { readonly query: string; readonly database: string } {
  const { query, database } = typeof written === "string" ? { query: written } : written;
  return { query, database: database ?? Object.keys(databases)[0] ?? "" };
}

function httpOf(written: Written<"http">, secret: SourceSurroundings["secret"]): HttpSource {
  const http = typeof written === "string" ? sources.http.parse({ url: written }) : written;
  if (typeof http !== "object") throw new Error("an http mapping stays a mapping");
  const headers = Object.entries(http.headers).map(([name, value]) => [name, secret(value)] as const);
  return {
    kind: "http",
    url: http.url,
    method: http.method,
    headers: Object.fromEntries(headers),
    ...(http.body === undefined ? {} : { body: http.body }),
    timeoutMs: http.timeout,
  };
}

function logsOf(logs: Written<"logs">, lastEndMs: number): LogsSource {
  const { type, level = [], require = [], within, forbid = [], count, per, span, inside = [] } = logs;
  const [start, end] = span ?? [];
  return {
    kind: "logs",
    type,
    levels: level,
    require,
    withinMs: within ?? Math.min(DEFAULT_WITHIN_MS, lastEndMs),
    forbid,
    ...(count === undefined || per === undefined ? {} : { count: { pattern: count, perMs: per } }),
    ...(count === undefined && per !== undefined ? { rate: { perMs: per } } : {}),
    ...(start === undefined || end === undefined ? {} : { span: { start, end } }),
    inside,
  };
}

function metricOf(written: Written<"metric">): MetricSource {
  const metric = typeof written === "string" ? { name: written, of_limit: false } : written;
  const quantile = metric.quantile ?? (metric.name === "http_latency" ? DEFAULT_QUANTILE : undefined);
  return {
    kind: "metric",
    name: metric.name,
    ...(metric.of === undefined ? {} : { of: metric.of }),
    ofLimit: metric.of_limit,
    ...(metric.where === undefined ? {} : { where: metric.where }),
    asRatio: metric.as === "ratio",
    ...(quantile === undefined ? {} : { quantile }),
    ...(metric.agg === undefined ? {} : { agg: metric.agg }),
  };
}
