import type { Evidence, Finding, Mode, Verdict } from "./check.ts";
import type { StageCoverage } from "./coverage.ts";
import type { Deploy } from "./deploy.ts";
import type { GateMemory } from "./earlier-gates.ts";
import type { Unit } from "./quantity.ts";
import type { Service } from "./service.ts";

/** The numbers of one subject over the watch, to be drawn. */
export interface MeasuredSeries {
  /** As a condition writes it: `latency`, `p95(latency)`, `value`. */
  readonly subject: string;
  readonly unit: Unit | "number";
  /** Oldest first; times in ms, values in the unit (ratio 0 to 1, ms, bytes). */
  readonly points: readonly { readonly at: number; readonly value: number }[];
  readonly baseline?: number;
  /** Limits of its conditions that are numbers, relative ones worked out. */
  readonly limits: readonly {
    readonly tier: "pass" | "warn" | "fail";
    readonly text: string;
    readonly value: number;
  }[];
}

/** The latest value of a subject that status updates tell, in its unit; texts are redacted. */
export interface ToldValue {
  readonly subject: string;
  readonly value: string | number | boolean;
  readonly unit?: Unit;
}

/** How one check stands at the end of a stage, with everything the reader is shown. */
export interface CheckResult {
  readonly name: string;
  readonly source: string;
  readonly verdict: "pass" | "warn" | "fail" | "unknown" | "not-applied";
  /** Whether enough was judged to say anything, whatever `if_unknown` makes of the verdict. */
  readonly measured: boolean;
  /** One sentence with the arithmetic: value, condition, samples, limit. */
  readonly reason: string;
  /** Samples taken, errors not among them. */
  readonly samples: number;
  readonly errors: number;
  /** The finding that decided, or the last one. */
  readonly finding?: Finding;
  readonly evidence: readonly Evidence[];
  readonly onFail: string;
  readonly hint?: string;
  readonly series: readonly MeasuredSeries[];
  /** What status updates tell of its latest sample; absent where they tell nothing. */
  readonly told?: readonly ToldValue[];
  /** What the queries of `diagnose` answered when it failed. */
  readonly diagnosis: readonly Evidence[];
  /** The stage it was watched in. */
  readonly stage?: string;
  /** Its line in the config file. */
  readonly line?: number;
}

/** Something the gate did, tried or refused to do. */
export interface Action {
  /** `revert_pr`, `retry`, `trigger`, `auto_merge`, … */
  readonly kind: string;
  /** `done`: it happened; `held`: a guard or a doubt kept it back; `failed`: the platform refused; `advised`: mode keeps us from it; `skipped`: nothing to do. */
  readonly state: "done" | "held" | "failed" | "advised" | "skipped";
  readonly reason?: string;
  readonly url?: string;
}

export interface StageResult {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly verdict: Verdict;
}

/** One moment of the run, in words that are already safe to show. */
export interface Moment {
  readonly at: number;
  readonly event: string;
}

/** A stack frame that names a file of the repository. */
export interface SourceSpot {
  readonly path: string;
  readonly line: number;
  readonly message: string;
  readonly check: string;
}

/** Everything a run has to tell; the report turns it into text, `report.json` is made of it. */
export interface Outcome {
  readonly verdict: Verdict;
  /** One sentence: what decided. */
  readonly reason: string;
  readonly mode: Mode;
  /** As it was asked for; the name once known. */
  readonly serviceName: string;
  readonly service?: Service;
  readonly commit: string;
  readonly deploy?: Deploy;
  readonly deployUrl?: string;
  readonly liveAt?: number;
  /** G: the commit that served just before this deploy. */
  readonly previousCommit?: string;
  readonly stages: readonly StageResult[];
  readonly checks: readonly CheckResult[];
  readonly actions: readonly Action[];
  readonly timeline: readonly Moment[];
  /** What the reader must know besides: `no config file: defaults only`, warnings about branch rules. */
  readonly notes: readonly string[];
  /** Render's last words when the deploy failed. */
  readonly deployEvidence: readonly Evidence[];
  readonly spots: readonly SourceSpot[];
  /** The config file's path, for annotations; absent when there is none. */
  readonly configFile?: string;
  /** For `superseded`: the commit whose gate covers this one. */
  readonly coveredBy?: string;
  readonly revert?: { readonly number: number; readonly url: string };
  /** Stages that this job does not watch. */
  readonly laterStages?: readonly string[];
  /** What was seen of the stages that are watched by looks. */
  readonly coverage?: readonly StageCoverage[];
  /** When the next look is due, ms; absent once the watch is over. */
  readonly nextLookAt?: number;
  /** When the last stage ends, ms; absent once the watch is over. */
  readonly watchedUntil?: number;
  /** The tracking issue of this deploy. */
  readonly issue?: { readonly number: number; readonly url: string };
  /** Why a person holds the watch. */
  readonly held?: string;
  /** What later gates may compare with. */
  readonly measured?: GateMemory;
  /** The deploy that a rollback of this gate made. */
  readonly rollbackDeployId?: string;
  readonly requests: { readonly render: number; readonly github: number };
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What an outcome holds before anything was found. */
export const NOTHING_FOUND: Pick<
  Outcome,
  "stages" | "checks" | "actions" | "timeline" | "notes" | "deployEvidence" | "spots"
> = { stages: [], checks: [], actions: [], timeline: [], notes: [], deployEvidence: [], spots: [] };
