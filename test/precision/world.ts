import type { Instance } from "../../src/core/deploy.ts";
import type { RenderEvent } from "../../src/core/event.ts";
import type { HttpAnswer } from "../../src/core/http-sample.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import type { MetricKind } from "../../src/core/metric-series.ts";
import type { Service } from "../../src/core/service.ts";
import type { Subjects } from "../../src/core/value.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** One deploy from its creation on; `steps` are its statuses in their order. Times in ms. */
export interface DeployCourse {
  readonly id: string;
  readonly sha: string;
  readonly trigger: string;
  readonly createdAt: number;
  readonly steps: readonly { readonly at: number; readonly status: string }[];
}

/** An instance that came and perhaps went, ms. */
export interface Lived extends Instance {
  readonly endsAt: number;
}

/** A line, and from when on it can be read. */
export interface Written extends LogLine {
  readonly seenAt: number;
}

/** What cannot be reached for a while. */
export interface Outage {
  readonly edge: "Render" | "logs" | "metrics" | "stream" | "GitHub" | "database" | "network";
  readonly from: number;
  readonly to: number;
}

/**
 * Everything that happens around one deploy: a pure function of time, so that a gate that comes later or twice sees the
 * same. All times in ms.
 */
export interface World {
  /** The config file. */
  readonly config: string;
  /** Other files of the commit that checks look at. */
  readonly files: Readonly<Record<string, string>>;
  readonly service: Service;
  /** Commits of main, oldest first, and when each was pushed. */
  readonly commits: readonly { readonly sha: string; readonly at: number }[];
  readonly deployed: string;
  readonly pushAt: number;
  /** When the judged deploy goes live; undefined when it does not. */
  readonly liveAt: number | undefined;
  readonly deploys: readonly DeployCourse[];
  readonly instances: readonly Lived[];
  /** Oldest first. */
  readonly events: readonly RenderEvent[];
  /** By `at`. */
  readonly lines: readonly Written[];
  readonly environment: Readonly<Record<string, string>>;
  /** In Render's unit; requests a minute by status. */
  readonly metric: (
    kind: MetricKind,
    at: number,
    instance: Lived | undefined,
  ) => number | Readonly<Record<string, number>> | undefined;
  /** How late a step can be read. */
  readonly metricLagMs: number;
  readonly probe: (url: string, at: number) => HttpAnswer;
  readonly rows: (
    query: string,
    moment: { readonly at: number; readonly liveAt: number },
  ) => readonly Subjects[];
  /** How long the database takes for a query then. */
  readonly queryMs: (at: number) => number;
  readonly outages: readonly Outage[];
  /** When cycles of a worker have been missing for longer than the runbook allows. */
  readonly gapShownAt?: Readonly<Record<"wf2" | "wf3", number>>;
}
