import type { Point } from "./points.ts";
import type { Unit } from "./quantity.ts";
import type { Value } from "./value.ts";

/** `body.items[0].name` as its steps. */
export type Path = readonly (string | number)[];

export type FunctionName = "trend" | "p50" | "p95" | "p99" | "avg" | "max" | "min" | "sum" | "len" | "has";

/** What a condition looks at: a value of the sample, or a function over the samples of the watch. */
export type Subject =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "call"; readonly name: FunctionName; readonly path: Path; readonly windowMs?: number };

export type Operator = "<" | "<=" | ">" | ">=" | "==" | "!=" | "contains" | "matches" | "in" | "between";

/** `90%` is unit ratio and value 0.9; durations are ms, sizes bytes; a bare number has no unit. */
export interface NumberOperand {
  readonly kind: "number";
  readonly value: number;
  readonly unit?: Unit;
}

export type Operand =
  | NumberOperand
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string }
  | { readonly kind: "literal"; readonly value: true | false | null }
  | { readonly kind: "list"; readonly items: readonly Operand[] }
  | { readonly kind: "range"; readonly from: NumberOperand; readonly to: NumberOperand }
  /** `+50%` is change 0.5; `3x` is factor 3; `-2pp` is points -0.02. */
  | { readonly kind: "relative"; readonly by: "change" | "factor" | "points"; readonly value: number }
  | { readonly kind: "deploy.sha" };

/** One parsed condition; `text` is as the user wrote it. */
export interface Condition {
  readonly text: string;
  readonly subject: Subject;
  readonly operator: Operator;
  readonly operand: Operand;
}

/** Numbers one path held over the watch, oldest first. */
export type Series = readonly Point[];

/** Everything one condition may look at. */
export interface Scope {
  /** Time of the sample, ms since the epoch. */
  readonly at: number;
  /** When the watch of this stage began, ms since the epoch. */
  readonly since: number;
  readonly subjects: { readonly [name: string]: Value };
  /** The numeric samples of the watch for a path, this sample included. */
  readonly series: (path: Path) => Series;
  readonly baseline?: Baseline;
  /** Relative lines are judged only if the larger of value and baseline reaches it. */
  readonly floor?: number;
  /** Subjects of which only a part was read: a text that goes on, a count that may be larger. */
  readonly partial?: readonly string[];
  /** Subjects that cannot have a value yet: the window they speak of has not filled. */
  readonly open?: readonly string[];
  readonly sha: string;
  /** How the numbers that a condition looks at are to be read. */
  readonly unitOf?: (condition: Condition) => Unit | undefined;
}

/** What relative lines compare with, or why there is nothing to compare with. */
export type Baseline =
  | {
      readonly kind: "known";
      /** By the subject as a condition writes it: `rows`, `p95(latency)`. In the subject's unit. */
      readonly values: { readonly [subject: string]: number };
      /** Fingerprints of the rows it had. */
      readonly rows?: readonly string[];
      /** Where it comes from, for the reader: `the old version while building, 12 samples`. */
      readonly from: string;
    }
  | {
      readonly kind: "none";
      readonly why: string;
      /** It cannot exist yet (first deploy, new check): the line is skipped with a warning. */
      readonly isYet: boolean;
    };

/** A condition judged: true, false, or not evaluated (`holds: null`) and why. */
export interface Line {
  readonly condition: string;
  /** What it looks at, as a condition writes it: `latency`, `p95(latency)`. */
  readonly subject: string;
  readonly tier: "pass" | "warn" | "fail";
  readonly holds: boolean | null;
  readonly value?: Value;
  readonly baseline?: Value;
  /** How value and baseline are to be read. */
  readonly unit?: Unit;
  /** The numbers that the value was compared with, relative ones worked out. */
  readonly limits?: readonly number[];
  readonly why?: string;
  /** Why it was not evaluated: its window has not filled, or its baseline cannot exist yet. */
  readonly cause?: "open" | "no baseline yet";
}
