import type { Occasion } from "./communication.ts";
import type { Action, Outcome, StageResult } from "./outcome.ts";

/** Something that happened to a watch and is told once. */
export type Transition = {
  /** The same whenever it is met again: `stage boot pass`, `verdict fail`, `action revert_pr done https://…`. */
  readonly key: string;
  readonly occasion: Occasion;
  /** When it happened, ms. */
  readonly at?: number;
} & (
  | { readonly kind: "verdict" }
  | { readonly kind: "stage"; readonly stage: StageResult }
  | { readonly kind: "action"; readonly action: Action }
  /** A status update: what it is called and its text, line by line. */
  | { readonly kind: "report"; readonly title: string; readonly lines: readonly string[] }
);

/** How often people are told of a watch at most; older keys give way. */
const MOST_TOLD = 60;
const KEY_MAX = 200;

/** What the gate does to get a deploy at all is no remedy. */
const ORDERS: ReadonlySet<string> = new Set(["trigger", "retry"]);
const TOLD_STATES: ReadonlySet<Action["state"]> = new Set(["done", "failed", "held"]);

/**
 * Everything in an outcome that people may be told: the verdict once it is final or bad, every stage that ended, and
 * what a remedy did, could not do, or was kept from. A pass so far is none: its stages are.
 */
export function transitionsOf(outcome: Outcome): readonly Transition[] {
  const { verdict, endedAt } = outcome;
  const isSoFar =
    (verdict === "pass" || verdict === "warn") &&
    outcome.laterStages !== undefined &&
    outcome.laterStages.length > 0;
  const stages = outcome.stages.map((stage): Transition => ({
    kind: "stage",
    key: `stage ${stage.name} ${stage.verdict}`,
    occasion: "stage",
    at: stage.to,
    stage,
  }));
  const actions = outcome.actions
    .filter(({ kind, state }) => TOLD_STATES.has(state) && !ORDERS.has(kind))
    .map((action): Transition => ({ kind: "action", key: actionKey(action), occasion: "action", action }));
  return [
    ...(isSoFar
      ? []
      : [{ kind: "verdict", key: `verdict ${verdict}`, occasion: verdict, at: endedAt } as const]),
    ...stages,
    ...actions,
  ];
}

/** Reasons hold counts and times that differ from one look to the next; an address says which one it was. */
function actionKey({ kind, state, url }: Action): string {
  return `action ${kind} ${state}${url === undefined ? "" : ` ${url}`}`.slice(0, KEY_MAX).toWellFormed();
}

/** A key that one way alone (`dev slack`) was told, where others still wait for it. */
export function keyOfWay(way: string, key: string): string {
  return `${way}: ${key}`;
}

/** The transitions that were not told yet, by `way` if one is named. */
export function untold(
  transitions: readonly Transition[],
  told: readonly string[],
  way?: string,
): readonly Transition[] {
  return transitions.filter(
    ({ key }) => !told.includes(key) && (way === undefined || !told.includes(keyOfWay(way, key))),
  );
}

/**
 * What was told and still holds. A verdict that is another one now, and a stage that ended otherwise in another
 * attempt, are news again when they come back.
 */
export function stillTold(outcome: Outcome, told: readonly string[]): readonly string[] {
  const { verdict, stages } = outcome;
  return told.filter((kept) => {
    const [, kind, what = ""] = /^(?:[\w-]+ [a-z]+: )?(verdict|stage) (.*)$/su.exec(kept) ?? [];
    if (kind === "verdict") return what === verdict;
    const stage = kind === "stage" ? stages.find(({ name }) => what.startsWith(`${name} `)) : undefined;
    return stage === undefined || what === `${stage.name} ${stage.verdict}`;
  });
}

/** What is kept as told once `told` by each of its `ways` has arrived: the key alone where nobody waits for it. */
export function toldAfter(
  told: readonly string[],
  wanted: readonly { readonly key: string; readonly ways: readonly string[] }[],
): readonly string[] {
  const kept = new Set(told);
  for (const { key, ways } of wanted) {
    const own = ways.map((way) => keyOfWay(way, key));
    if (!kept.has(key) && !own.every((one) => kept.has(one))) continue;
    for (const one of own) kept.delete(one);
    kept.add(key);
  }
  return [...kept].slice(-MOST_TOLD);
}
