import type { Hold } from "./answers.ts";
import type { Mode } from "./check.ts";
import type { Baseline } from "./condition.ts";
import type { CoverageGap, StageCoverage } from "./coverage.ts";
import type { KeptCheck } from "./check-memory.ts";
import type { KeptBook } from "./kept-log.ts";
import type { KeptStanding } from "./kept-standing.ts";
import type { Action, CheckResult, Moment, StageResult } from "./outcome.ts";

/** How a check stood in the stages that have ended. */
export type KeptResult = Pick<
  CheckResult,
  "verdict" | "measured" | "reason" | "samples" | "errors" | "stage" | "told"
>;

/** Samples of a check that only a look can see: before the stage's end, the last of them, and after it. Times in ms. */
export interface KeptSeen {
  readonly count: number;
  readonly lastAt?: number;
  readonly late: number;
}

/** A stage that looks have begun. Times in ms. */
export interface KeptStage {
  readonly name: string;
  /** By check. */
  readonly standings: { readonly [check: string]: KeptStanding };
  /** What was seen of checks that only a look can see: count, last time, samples after the end. */
  readonly seen: { readonly [check: string]: KeptSeen };
  readonly gaps: readonly CoverageGap[];
  readonly lateFrom?: number;
}

/** A deploy as far as a watch needs it. Times in ms. */
export interface KeptDeploy {
  readonly id: string;
  readonly sha?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** What is known of the service's instances. Times in ms. */
export interface KeptInstances {
  readonly seen: { readonly [suffix: string]: number };
  readonly before?: readonly string[];
  readonly old?: readonly string[];
  readonly present?: readonly string[];
  readonly presentAt?: number;
  readonly listedAt?: number;
  readonly oldUntil?: number;
}

/** A check that the old version failed, by the lines that decided. */
export interface KeptFailure {
  readonly reason: string;
  readonly lines: readonly { readonly tier: "pass" | "warn" | "fail"; readonly condition: string }[];
}

/** A watch whose later stages are still to come, as one look leaves it to the next. Times in ms. */
export interface WatchState {
  /** The deploy that is watched now. */
  readonly deploy: KeptDeploy;
  /** When it went live, and when the first deploy of the watch did: stage clocks are kept over redeploys. */
  readonly liveAt: number;
  readonly anchor: number;
  /** When the gate began that left it. */
  readonly startedAt: number;
  readonly committedAt: number;
  /** The mode of the gate that left it: a later run may be more careful, never less. */
  readonly mode: Mode;
  /** Path of the config file; absent where there was none. */
  readonly config?: string;
  /** The deploy that the job was told to judge. */
  readonly deployId?: string;
  readonly isAssumed?: boolean;
  /** The later commit that serves for it, where a stage goes on over deploys. */
  readonly follows?: string;
  /** G. */
  readonly previousCommit?: string;
  /** When it was looked at last, how often, and by which run. */
  readonly at: number;
  readonly looks: number;
  readonly by: string;
  /** What log checks have in common; absent where no line was read. */
  readonly lines?: KeptBook;
  readonly judgedTo: { readonly [check: string]: number };
  /** Stages that have ended, each with its reason. */
  readonly ended: readonly (StageResult & { readonly reason: string })[];
  readonly results: { readonly [check: string]: KeptResult };
  readonly coverage: readonly StageCoverage[];
  readonly open: readonly KeptStage[];
  readonly checks: { readonly [check: string]: KeptCheck };
  readonly baselines: { readonly [check: string]: Baseline };
  /** What the old version failed, and what it passed. */
  readonly failedBefore: { readonly [check: string]: KeptFailure };
  readonly passedBefore: readonly string[];
  readonly instances: KeptInstances;
  /** The newest data point that each metric check counted. */
  readonly counted: { readonly [check: string]: number };
  readonly moments: readonly Moment[];
  /** When it ended; from then on only answers of people, and what is owed to them, are waited for. */
  readonly over?: number;
  /** What decided, once it has ended. */
  readonly reason?: string;
  /** Its end is not told everywhere yet, or what follows it is held back. */
  readonly isOwed?: true;
  /** What was done, tried and held back so far. */
  readonly deeds?: readonly Action[];
  /** Merged pull requests that brought the commit: people may answer there. */
  readonly pulls?: readonly number[];
  /** A person holds it. */
  readonly hold?: Hold;
}
