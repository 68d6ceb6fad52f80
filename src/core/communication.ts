import type { Verdict } from "./check.ts";

/** What somebody can be told about: a verdict, a stage that ended, what a remedy did, a status update. */
export type Occasion = Verdict | "stage" | "action" | "report";

/** Somebody who is told, by a role that the team names. The addresses are secrets. */
export interface NotifyRole {
  readonly name: string;
  /** Address of a Slack incoming webhook. */
  readonly slack?: string;
  /** Any address that takes JSON. */
  readonly webhook?: string;
  /** `@user` or `@org/team`, mentioned in a comment. */
  readonly mention?: string;
  readonly when: readonly Occasion[];
}

/** When a status update is due: at the end of a stage, or once a day. */
export type ReportMoment =
  | { readonly kind: "stage end"; readonly stage: string }
  | { readonly kind: "daily" };

/** Status updates and the tracking issue. */
export interface ReportPlan {
  /** One tracking issue per deploy, with a checklist. */
  readonly issue: boolean;
  /** Updates as comments of the merged pull request. */
  readonly comment: boolean;
  readonly at: readonly ReportMoment[];
  /** The team's own status update; absent: the built-in one. */
  readonly template?: string;
}

/** A pull request that deletes what is not needed any more, and lists what a person has to do besides. */
export interface CleanUpPull {
  readonly kind: "cleanup_pr";
  /** Globs of the files to delete. */
  readonly delete: readonly string[];
  readonly title: string;
  /** What is left to do by hand, one line each. */
  readonly list: readonly string[];
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

/** An issue with what is to be cleaned up. */
export interface CleanUpIssue {
  readonly kind: "issue";
  readonly title: string;
  readonly list: readonly string[];
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** What follows when a stage ended so: `week pass: […]`. */
export interface AfterRule {
  readonly stage: string;
  readonly verdict: Extract<Verdict, "pass" | "warn" | "fail" | "unknown">;
  readonly steps: readonly (CleanUpPull | CleanUpIssue)[];
}

/** Nobody is told, nothing is reported. */
export const QUIET: {
  readonly notify: readonly NotifyRole[];
  readonly report: ReportPlan;
  readonly after: readonly AfterRule[];
} = { notify: [], report: { issue: false, comment: false, at: [] }, after: [] };
