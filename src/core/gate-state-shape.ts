import { ACTION_STATES, actionOf } from "./action-shape.ts";
import type {
  DecodedState,
  FailedCheck,
  FreezeState,
  GateState,
  RemedyState,
  StepState,
  ToldState,
} from "./gate-state.ts";
import type { GateMemory, GateNumbers } from "./earlier-gates.ts";
import { evidenceOf } from "./kept-standing-shape.ts";
import {
  fields,
  finite,
  flag,
  list,
  Misfit,
  number,
  oneOf,
  optional,
  record,
  string,
  strings,
  text,
  type Fields,
} from "./shape.ts";
import { VERDICTS } from "./verdict.ts";
import { watchStateOf } from "./watch-state-shape.ts";

const STEP_STATES: readonly NonNullable<StepState["state"]>[] = ["begun", ...ACTION_STATES];

function numbersOf(from: unknown): GateNumbers {
  const value = fields(from, "measured");
  return {
    commit: text(value, "commit"),
    at: number(value, "at"),
    values: record(value["values"], "values", (subjects) => record(subjects, "values", finite)),
  };
}

function measuredOf(from: Fields, name: string): GateMemory {
  const value = fields(from[name], name);
  return {
    ...numbersOf(value),
    earlier: list(value, "earlier", numbersOf),
    ...optional(value, "rows", (of, rows) => record(of[rows], rows, strings)),
  };
}

function stepOf(value: unknown): StepState {
  const from = fields(value, "steps");
  return {
    kind: text(from, "kind"),
    ...optional(from, "state", (of, name) => oneOf(of, name, STEP_STATES)),
    ...optional(from, "deploy", text),
    ...optional(from, "target", text),
    ...optional(from, "pull", number),
    actions: list(from, "actions", actionOf),
  };
}

function failedOf(value: unknown): FailedCheck {
  const from = fields(value, "failed");
  return {
    name: text(from, "name"),
    source: text(from, "source"),
    reason: text(from, "reason"),
    ...optional(from, "hint", text),
    onFail: text(from, "onFail"),
    samples: number(from, "samples"),
    errors: number(from, "errors"),
  };
}

function remedyOf(of: Fields, name: string): RemedyState {
  const from = fields(of[name], name);
  return {
    name: text(from, "name"),
    at: number(from, "at"),
    by: text(from, "by"),
    ...optional(from, "busyUntil", number),
    reason: text(from, "reason"),
    failed: list(from, "failed", failedOf),
    evidence: list(from, "evidence", evidenceOf),
    ...optional(from, "deploy", text),
    ...optional(from, "liveAt", number),
    ...optional(from, "previousCommit", text),
    preDeployFailed: flag(from, "preDeployFailed"),
    ...optional(from, "hold", text),
    ...optional(from, "approvedBy", text),
    passedOnOld: list(from, "passedOnOld", string),
    steps: list(from, "steps", stepOf),
    finished: flag(from, "finished"),
  };
}

function freezeOf(of: Fields, name: string): FreezeState {
  const from = fields(of[name], name);
  return {
    by: text(from, "by"),
    at: number(from, "at"),
    commit: text(from, "commit"),
    former: oneOf(from, "former", ["commit", "checksPass", "yes"]),
    ...optional(from, "lifted", (inner, lifted) => {
      const told = fields(inner[lifted], lifted);
      return { at: number(told, "at"), why: text(told, "why") };
    }),
  };
}

function toldOf(of: Fields, name: string): ToldState {
  const from = fields(of[name], name);
  return {
    transitions: list(from, "transitions", string),
    updates: list(from, "updates", string),
    after: list(from, "after", string),
    ...optional(from, "issue", number),
    ...optional(from, "comment", number),
  };
}

/** Parsed JSON as a state, field by field; fields that it does not know are passed over. */
export function asGateState(value: unknown): DecodedState {
  try {
    const from = fields(value, "state");
    const { version: written } = from;
    if (written !== 1) {
      const version = JSON.stringify(written)?.slice(0, 20) ?? "none";
      const isNewer = typeof written === "number" && written > 1 ? { isNewer: true as const } : {};
      return { kind: "damaged", why: `it has version ${version}, and this gate reads version 1`, ...isNewer };
    }
    const state: GateState = {
      version: 1,
      service: text(from, "service"),
      commit: text(from, "commit"),
      ...optional(from, "deploy", text),
      ...optional(from, "verdict", (of, name) => oneOf(of, name, VERDICTS)),
      ...optional(from, "measured", measuredOf),
      ...optional(from, "remedy", remedyOf),
      ...optional(from, "freeze", freezeOf),
      ...optional(from, "told", toldOf),
      ...optional(from, "watch", watchStateOf),
    };
    return { kind: "state", state };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { kind: "damaged", why: error.message };
  }
}
