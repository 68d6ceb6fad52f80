import type { Condition, Line } from "./condition.ts";
import type { AfterRule, NotifyRole, ReportPlan } from "./communication.ts";
import type { Guards, Remedy } from "./remedy.ts";
import type { Source } from "./source.ts";
import type { Subjects } from "./value.ts";

export type Verdict = "pass" | "warn" | "fail" | "unknown" | "superseded" | "skipped";
export type Mode = "observe" | "advise" | "enforce";
export type ServiceType =
  | "static_site"
  | "web_service"
  | "private_service"
  | "background_worker"
  | "cron_job";

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
  /** `least`: so many samples besides, where nobody sees what is between them. */
  | { readonly kind: "duration"; readonly ms: number; readonly least?: number };

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
  /** `open` because of grace. */
  readonly isInGrace?: true;
  readonly reason: string;
  readonly lines: readonly Line[];
  readonly evidence: readonly Evidence[];
}
