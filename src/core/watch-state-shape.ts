import { actionOf } from "./action-shape.ts";
import { keptCheckOf } from "./check-memory.ts";
import type { Baseline } from "./condition.ts";
import type { CoverageGap, StageCoverage } from "./coverage.ts";
import { keptBookOf } from "./kept-log.ts";
import { keptStandingOf } from "./kept-standing.ts";
import type { Moment, ToldValue } from "./outcome.ts";
import {
  count,
  fields,
  finite,
  flag,
  list,
  number,
  oneOf,
  optional,
  record,
  strings,
  text,
  yes,
  type Fields,
} from "./shape.ts";
import { VERDICTS } from "./verdict.ts";
import type {
  KeptDeploy,
  KeptFailure,
  KeptInstances,
  KeptResult,
  KeptSeen,
  KeptStage,
  WatchState,
} from "./watch-state.ts";

const RESULTS = ["pass", "warn", "fail", "unknown", "not-applied"] as const;
const UNITS = ["ratio", "duration", "size"] as const;
const TIERS = ["pass", "warn", "fail"] as const;

const each =
  <Item>(item: (value: unknown, name: string) => Item) =>
  (of: Fields, name: string): { readonly [key: string]: Item } =>
    record(of[name], name, item);
const texts = (of: Fields, name: string): readonly string[] => strings(of[name], name);

function deployOf(value: unknown): KeptDeploy {
  const from = fields(value, "deploy");
  return {
    id: text(from, "id"),
    ...optional(from, "sha", text),
    createdAt: number(from, "createdAt"),
    ...optional(from, "startedAt", number),
    ...optional(from, "finishedAt", number),
  };
}

function gapOf(value: unknown): CoverageGap {
  const from = fields(value, "gaps");
  return {
    from: number(from, "from"),
    to: number(from, "to"),
    backFilled: flag(from, "backFilled"),
    unseen: texts(from, "unseen"),
    ...optional(from, "looks", count),
  };
}

function coverageOf(value: unknown): StageCoverage {
  const from = fields(value, "coverage");
  return {
    stage: text(from, "stage"),
    from: number(from, "from"),
    to: number(from, "to"),
    due: count(from, "due"),
    seen: count(from, "seen"),
    gaps: list(from, "gaps", gapOf),
  };
}

function seenOf(value: unknown): KeptSeen {
  const from = fields(value, "seen");
  return {
    count: count(from, "count"),
    ...optional(from, "lastAt", number),
    late: count(from, "late"),
  };
}

function stageOf(value: unknown): KeptStage {
  const from = fields(value, "open");
  return {
    name: text(from, "name"),
    standings: each(keptStandingOf)(from, "standings"),
    seen: each(seenOf)(from, "seen"),
    gaps: list(from, "gaps", gapOf),
    ...optional(from, "lateFrom", number),
  };
}

function endedOf(value: unknown): WatchState["ended"][number] {
  const from = fields(value, "ended");
  return {
    name: text(from, "name"),
    from: number(from, "from"),
    to: number(from, "to"),
    verdict: oneOf(from, "verdict", VERDICTS),
    reason: text(from, "reason"),
  };
}

function resultOf(value: unknown): KeptResult {
  const from = fields(value, "results");
  return {
    verdict: oneOf(from, "verdict", RESULTS),
    measured: flag(from, "measured"),
    reason: text(from, "reason"),
    samples: count(from, "samples"),
    errors: count(from, "errors"),
    ...optional(from, "stage", text),
    ...optional(from, "told", (of, told) => list(of, told, toldOf)),
  };
}

function toldOf(value: unknown): ToldValue {
  const from = fields(value, "told");
  const { value: what } = from;
  return {
    subject: text(from, "subject"),
    value: typeof what === "string" || typeof what === "boolean" ? what : number(from, "value"),
    ...optional(from, "unit", (of, unit) => oneOf(of, unit, UNITS)),
  };
}

function baselineOf(value: unknown): Baseline {
  const from = fields(value, "baselines");
  if (oneOf(from, "kind", ["known", "none"]) === "none")
    return { kind: "none", why: text(from, "why"), isYet: flag(from, "isYet") };
  return {
    kind: "known",
    values: each(finite)(from, "values"),
    from: text(from, "from"),
    ...optional(from, "rows", texts),
  };
}

function failureOf(value: unknown): KeptFailure {
  const from = fields(value, "failedBefore");
  return {
    reason: text(from, "reason"),
    lines: list(from, "lines", (one) => {
      const line = fields(one, "lines");
      return { tier: oneOf(line, "tier", TIERS), condition: text(line, "condition") };
    }),
  };
}

function instancesOf(value: unknown): KeptInstances {
  const from = fields(value, "instances");
  return {
    seen: each(finite)(from, "seen"),
    ...optional(from, "before", texts),
    ...optional(from, "old", texts),
    ...optional(from, "present", texts),
    ...optional(from, "presentAt", number),
    ...optional(from, "listedAt", number),
    ...optional(from, "oldUntil", number),
  };
}

function momentOf(value: unknown): Moment {
  const from = fields(value, "moments");
  return { at: number(from, "at"), event: text(from, "event") };
}

function holdOf(of: Fields, name: string): NonNullable<WatchState["hold"]> {
  const from = fields(of[name], name);
  return { by: text(from, "by"), at: number(from, "at"), ...optional(from, "reason", text) };
}

/** Parsed JSON as the state of a watch; throws a misfit. */
export function watchStateOf(of: Fields, name: string): WatchState {
  const from = fields(of[name], name);
  return {
    deploy: deployOf(from["deploy"]),
    liveAt: number(from, "liveAt"),
    anchor: number(from, "anchor"),
    startedAt: number(from, "startedAt"),
    committedAt: number(from, "committedAt"),
    mode: oneOf(from, "mode", ["observe", "advise", "enforce"]),
    ...optional(from, "config", text),
    ...optional(from, "deployId", text),
    ...optional(from, "isAssumed", flag),
    ...optional(from, "follows", text),
    ...optional(from, "previousCommit", text),
    at: number(from, "at"),
    looks: count(from, "looks"),
    by: text(from, "by"),
    ...optional(from, "lines", (one, lines) => keptBookOf(one[lines], lines)),
    judgedTo: each(finite)(from, "judgedTo"),
    ended: list(from, "ended", endedOf),
    results: each(resultOf)(from, "results"),
    coverage: list(from, "coverage", coverageOf),
    open: list(from, "open", stageOf),
    checks: each(keptCheckOf)(from, "checks"),
    baselines: each(baselineOf)(from, "baselines"),
    failedBefore: each(failureOf)(from, "failedBefore"),
    passedBefore: texts(from, "passedBefore"),
    instances: instancesOf(from["instances"]),
    counted: each(finite)(from, "counted"),
    moments: list(from, "moments", momentOf),
    ...optional(from, "over", number),
    ...optional(from, "reason", text),
    ...optional(from, "isOwed", yes),
    ...optional(from, "deeds", (of, deeds) => list(of, deeds, actionOf)),
    ...optional(from, "pulls", (of, pulls) => list(of, pulls, finite)),
    ...optional(from, "hold", holdOf),
  };
}
