import type { Condition, Path } from "./condition.ts";

/** A pattern as configured: plain text is a substring, `/…/flags` a regular expression. */
export type Pattern =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string };

/** Patterns that belong together; reported as N/M. Unnamed lists have the name "". */
export interface PatternGroup {
  readonly name: string;
  readonly patterns: readonly Pattern[];
}

export interface HttpSource {
  readonly kind: "http";
  /** A path of the service, or an absolute URL. */
  readonly url: string;
  readonly method: string;
  /** `$NAME` already replaced; values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface LogsSource {
  readonly kind: "logs";
  readonly type: "app" | "build" | "request";
  /** Only lines of these levels; empty means all. */
  readonly levels: readonly string[];
  readonly require: readonly PatternGroup[];
  /** All of `require` must appear by live + this. */
  readonly withinMs: number;
  readonly forbid: readonly PatternGroup[];
  /** Lines of the last full interval that hold the pattern: subject `value`. */
  readonly count?: { readonly pattern: Pattern; readonly perMs: number };
  /** All lines (of the levels) of the last full interval: subject `rate`. */
  readonly rate?: { readonly perMs: number };
  /** What begins with a line and ends with another: subjects `gap`, `duration`, `overlap`, `unfinished`. */
  readonly span?: { readonly start: Pattern; readonly end: Pattern };
  /** Regular expressions with named groups, looked for between the two lines of a span; each name is a subject. */
  readonly inside: readonly Pattern[];
}

export interface SqlSource {
  readonly kind: "sql";
  readonly query: string;
  readonly database: string;
}

export interface EventsSource {
  readonly kind: "events";
  readonly types: readonly string[];
}

export type MetricName =
  | "cpu"
  | "memory"
  | "http_requests"
  | "http_latency"
  | "active_connections"
  | "instance_count";

/** One of Render's metrics: subject `value`, and `total` where requests are counted. */
export interface MetricSource {
  readonly kind: "metric";
  readonly name: MetricName;
  /** Another resource: name or id of a service, or of a database for `active_connections`. */
  readonly of?: string;
  /** As a share of the plan's limit, 0 to 1; cpu and memory only. */
  readonly ofLimit: boolean;
  /** Which series of `http_requests` count, such as `status >= 500`. */
  readonly where?: Condition;
  /** Those that `where` picks as a share of all. */
  readonly asRatio: boolean;
  /** Of `http_latency`, 0 to 1. */
  readonly quantile?: number;
  /** Over the points of the last so many ms; absent: the newest point. */
  readonly agg?: { readonly name: "avg" | "max" | "min" | "sum"; readonly windowMs: number };
}

/** Variables of the service's environment: subjects `equal`, `different`, `absent`, the names counted. */
export interface EnvSource {
  readonly kind: "env";
  /** As written in the file. Never shown. */
  readonly expected: Readonly<Record<string, string>>;
}

/** Files at the deployed commit: subjects `files`, and as in logs `matches`, `found`, `missing`. */
export interface SourceSource {
  readonly kind: "source";
  readonly glob: string;
  readonly require: readonly PatternGroup[];
  readonly forbid: readonly PatternGroup[];
}

/** Arithmetic over numbers and other checks' latest subjects. */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "subject"; readonly check: string; readonly path: Path }
  | {
      readonly kind: "operation";
      readonly operator: "+" | "-" | "*" | "/";
      readonly left: Formula;
      readonly right: Formula;
    };

/** Each name is a subject. */
export interface DeriveSource {
  readonly kind: "derive";
  readonly formulas: Readonly<Record<string, Formula>>;
}

export type Source =
  | HttpSource
  | LogsSource
  | SqlSource
  | MetricSource
  | EventsSource
  | EnvSource
  | SourceSource
  | DeriveSource;
