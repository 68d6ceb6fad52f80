import type { Condition, Line, Path } from "./condition.ts";
import type { AfterRule, NotifyRole, ReportPlan } from "./communication.ts";
import type { Subjects } from "./value.ts";

export type Verdict = "pass" | "warn" | "fail" | "unknown" | "superseded" | "skipped";
export type Mode = "observe" | "advise" | "enforce";
export type ServiceType =
  | "static_site"
  | "web_service"
  | "private_service"
  | "background_worker"
  | "cron_job";

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

/** What a relative condition compares with. */
export type BaselineKind =
  | "while-building"
  | "previous deploy"
  | "same hour last week"
  | "last 5 good deploys";

/** A query that is run once when its check fails, for the reader. */
export interface Diagnosis {
  readonly query: string;
  readonly database: string;
}

/** How many failing samples make a failed check. */
export type FailAfter =
  | { readonly kind: "consecutive"; readonly count: number }
  | { readonly kind: "of"; readonly count: number; readonly of: number }
  | { readonly kind: "duration"; readonly ms: number };

/** One configured check, defaults filled in. */
export interface Check {
  readonly name: string;
  /** Line of its name in the config file, from 1; absent for built-in defaults. */
  readonly line?: number;
  readonly source: Source;
  readonly pass: readonly Condition[];
  readonly warn: readonly Condition[];
  readonly fail: readonly Condition[];
  /** Beat in ms; absent: the stage's. */
  readonly everyMs?: number;
  readonly graceMs: number;
  readonly failAfter: FailAfter;
  readonly passAfter: number;
  readonly need?: Condition;
  /** Its path starts with the name of another check. */
  readonly onlyIf?: Condition;
  readonly ifUnknown: "unknown" | "warn";
  readonly baseline?: BaselineKind;
  /** In the subject's own unit: relative lines are judged only if the larger of value and baseline reaches it. */
  readonly floor?: number;
  readonly diagnose: readonly Diagnosis[];
  /** Names of stages; absent: every stage. */
  readonly stages?: readonly string[];
  /** `alert` or the name of a remedy. */
  readonly onFail: string;
  readonly hint?: string;
}

export interface Stage {
  readonly name: string;
  /** Window after live, ms. */
  readonly forMs: number;
  /** Default beat of a check, ms. */
  readonly everyMs: number;
  /** Goes on over descendants whose gates passed. */
  readonly acrossDeploys: boolean;
}

/** The options of one `revert_pr` step. */
export interface RevertStep {
  readonly kind: "revert_pr";
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
  readonly autoMerge: boolean;
  readonly scope: "deploy" | "push";
  readonly despiteMigrations: boolean;
}

/** Rolls Render back to what served before. */
export interface RollbackStep {
  readonly kind: "render_rollback";
  /** Switches auto-deploy off until the revert's own deploy has passed. */
  readonly freezeAutoDeploy: boolean;
  readonly despiteMigrations: boolean;
}

/** After a rollback: whether the old version passes what it passed before. */
export interface RecheckStep {
  readonly kind: "recheck";
  /** Name of the stage whose length and beat it has. */
  readonly stage: string;
}

/** A patch file of the repository as a pull request. */
export interface PatchStep {
  readonly kind: "patch_pr";
  /** Repository path of the patch. */
  readonly patch: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

/** An issue that tells people, with the evidence. */
export interface IssueStep {
  readonly kind: "issue";
  readonly title?: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

export type RemedyStep = RevertStep | RollbackStep | RecheckStep | PatchStep | IssueStep;

export interface Remedy {
  readonly name: string;
  readonly steps: readonly RemedyStep[];
}

/** What holds a remedy back. */
export interface Guards {
  /** After live, ms; later: advise only. */
  readonly actWithinMs: number;
  /** Remedies of one service in so many ms; a re-run does not count. */
  readonly maxActions: { readonly count: number; readonly perMs: number };
  readonly holdLabel: string;
  /** Globs. */
  readonly migrations: readonly string[];
}

/** The whole config file, parsed, with defaults. */
export interface Plan {
  /** Name or `srv-…`; absent when only the action's input may name it. */
  readonly service?: string;
  readonly mode: Mode;
  readonly deploy: {
    readonly trigger: boolean;
    readonly appearWithinMs: number;
    readonly liveWithinMs: number;
    readonly retry: number;
    readonly onFail: string;
  };
  readonly stages: readonly Stage[];
  readonly databases: Readonly<Record<string, { readonly url: string; readonly timeoutMs: number }>>;
  readonly checks: readonly Check[];
  readonly remedies: Readonly<Record<string, Remedy>>;
  readonly guards: Guards;
  readonly notify: readonly NotifyRole[];
  readonly report: ReportPlan;
  readonly after: readonly AfterRule[];
  /** The config file's repository path; absent when there is none and defaults are used. */
  readonly file?: string;
  /** Every value that came from a `$NAME`; to be masked. */
  readonly secrets: readonly string[];
}

/** Something kept for the reader: a log line, a row, a response. Untrusted text, already redacted and cut. */
export interface Evidence {
  readonly at?: number;
  readonly text: string;
  /** Such as an instance id or `database main`. */
  readonly from?: string;
}

/**
 * One observation, or the failure to observe.
 * `failing` is a failure that needs no condition (the service refused the connection);
 * `error` is a sample that could not be taken and says nothing about the service;
 * `none` is an observation that is not yet a finding: a window that has not filled, nothing to divide by.
 */
export type Sample =
  | {
      readonly kind: "ok";
      readonly at: number;
      readonly subjects: Subjects;
      readonly evidence: readonly Evidence[];
      readonly note?: string;
      /** Subjects of which only a part was read: a text that goes on, a count that may be larger. */
      readonly partial?: readonly string[];
      /** Subjects that cannot have a value yet: the window they speak of has not filled. */
      readonly open?: readonly string[];
      /** Fingerprints of all rows of a query, where a condition asks which of them are new. */
      readonly rows?: readonly string[];
      /** Something is still awaited: only a failure counts as a finding by now. */
      readonly pending?: string;
      /** Until when it may still come, ms. */
      readonly pendingUntil?: number;
    }
  | {
      readonly kind: "failing";
      readonly at: number;
      readonly reason: string;
      readonly subjects: Subjects;
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: "error"; readonly at: number; readonly reason: string }
  | { readonly kind: "none"; readonly at: number; readonly reason: string };

/**
 * A sample judged. `not-applied`: `only_if` was false. `none`: `need` unmet, or what it compares with is still being read. `open`: only time
 * is missing, because of grace, of what may still come, or of windows that have not filled.
 */
export interface Finding {
  readonly at: number;
  readonly outcome: "pass" | "warn" | "fail" | "unknown" | "error" | "none" | "open" | "not-applied";
  readonly reason: string;
  readonly lines: readonly Line[];
  readonly evidence: readonly Evidence[];
}
