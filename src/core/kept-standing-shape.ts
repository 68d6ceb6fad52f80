import type { Evidence, Finding } from "./check.ts";
import type { Line } from "./condition.ts";
import { count, fields, finite, list, misfit, number, oneOf, optional, text, type Fields } from "./shape.ts";
import type { Standing } from "./standing.ts";
import type { Value } from "./value.ts";

/** A finding as it is written down; without an outcome it passed. */
export interface KeptFinding {
  readonly at: number;
  readonly outcome?: Finding["outcome"];
  readonly reason: string;
  readonly lines?: readonly Line[];
  readonly evidence?: readonly Evidence[];
}

type Counts = Pick<Standing, (typeof COUNTS)[number]>;

/**
 * A standing as it is written down. What is left out is as in a check that has always passed; of the findings each
 * that is left out is the one before it: `failed`, `lastFailing`, `lastJudged`, `last`.
 */
export interface KeptStanding extends Partial<Counts> {
  readonly failingSince?: number;
  readonly current?: Standing["current"];
  /** Latest judged outcomes, newest last: 1 is failing. */
  readonly recent?: string;
  /** Whether each of the last two due samples was judged: 1 is judged. */
  readonly lastTwo?: string;
  readonly failed?: KeptFinding;
  readonly lastFailing?: KeptFinding;
  readonly lastJudged?: KeptFinding;
  readonly last?: KeptFinding;
}

const COUNTS = [
  "due",
  "taken",
  "judged",
  "errors",
  "starved",
  "unapplied",
  "open",
  "graced",
  "failingRun",
  "failingSamples",
  "passingRun",
] as const;
const OUTCOMES: readonly Finding["outcome"][] = [
  "pass",
  "warn",
  "fail",
  "unknown",
  "error",
  "none",
  "open",
  "not-applied",
];
const TIERS: readonly Line["tier"][] = ["pass", "warn", "fail"];
const UNITS: readonly NonNullable<Line["unit"]>[] = ["ratio", "duration", "size"];
const CAUSES: readonly NonNullable<Line["cause"]>[] = ["open", "no baseline yet"];

export function asFlags(flags: readonly boolean[]): string {
  return flags.map((one) => (one ? "1" : "0")).join("");
}

export function flagsOf(flags: string): readonly boolean[] {
  return Array.from(flags, (one) => one === "1");
}

/** Parsed JSON as a kept standing; throws a misfit. */
export function keptStandingOf(value: unknown, name: string): KeptStanding {
  const from = fields(value, name);
  return {
    ...Object.assign({}, ...COUNTS.map((one) => optional(from, one, count))),
    ...optional(from, "failingSince", number),
    ...optional(from, "current", (of, current) => oneOf(of, current, ["unknown", "pass", "warn"])),
    ...optional(from, "recent", flagText),
    ...optional(from, "lastTwo", flagText),
    ...optional(from, "failed", findingOf),
    ...optional(from, "lastFailing", findingOf),
    ...optional(from, "lastJudged", findingOf),
    ...optional(from, "last", findingOf),
  };
}

function flagText(from: Fields, name: string): string {
  const flags = text(from, name);
  return /^[01]*$/.test(flags) ? flags : misfit(name);
}

function findingOf(of: Fields, name: string): KeptFinding {
  const from = fields(of[name], name);
  return {
    at: number(from, "at"),
    ...optional(from, "outcome", (one, outcome) => oneOf(one, outcome, OUTCOMES)),
    reason: text(from, "reason"),
    ...optional(from, "lines", (one, lines) => list(one, lines, lineOf)),
    ...optional(from, "evidence", (one, evidence) => list(one, evidence, evidenceOf)),
  };
}

/** A line of evidence; throws a misfit. */
export function evidenceOf(value: unknown): Evidence {
  const from = fields(value, "evidence");
  return { text: text(from, "text"), ...optional(from, "at", number), ...optional(from, "from", text) };
}

function lineOf(value: unknown): Line {
  const from = fields(value, "lines");
  const { holds } = from;
  return {
    condition: text(from, "condition"),
    subject: text(from, "subject"),
    tier: oneOf(from, "tier", TIERS),
    holds: typeof holds === "boolean" || holds === null ? holds : misfit("holds"),
    ...optional(from, "value", plainValue),
    ...optional(from, "baseline", plainValue),
    ...optional(from, "unit", (of, unit) => oneOf(of, unit, UNITS)),
    ...optional(from, "limits", (of, limits) => list(of, limits, finite)),
    ...optional(from, "why", text),
    ...optional(from, "cause", (of, cause) => oneOf(of, cause, CAUSES)),
  };
}

/** Text, a number, true, false or null; throws a misfit. */
export function plainValue(from: Fields, name: string): Value {
  const value = from[name];
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  return finite(value, name);
}
