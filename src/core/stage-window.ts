import type { Check, Stage } from "./check.ts";
import { dependenciesOf } from "./dependencies.ts";

/** A stage by wall clock: from the end of the one before it to its own, ms. */
export interface StageWindow {
  readonly stage: Stage;
  readonly from: number;
  readonly to: number;
}

/** Every stage's window after `liveAt` (ms). When it was looked at changes nothing about it. */
export function stageWindows(stages: readonly Stage[], liveAt: number): readonly StageWindow[] {
  return stages.map((stage, index) => ({
    stage,
    from: liveAt + (stages[index - 1]?.forMs ?? 0),
    to: liveAt + stage.forMs,
  }));
}

/** The first beat after `after` (ms) of the grid that begins with the window. */
export function beatAfter({ from }: StageWindow, everyMs: number, after: number): number {
  return after < from ? from : from + (Math.floor((after - from) / everyMs) + 1) * everyMs;
}

/** In which beat of the window a moment falls, from 0; negative before it. Times in ms. */
export function beatOf({ from }: StageWindow, everyMs: number, at: number): number {
  return Math.floor((at - from) / everyMs);
}

/** Looks may lie hours apart: two of them that fail say little of a time that nobody saw. */
const LEAST_LOOKS = 3;

/** The checks as looks judge them: what only a look can see needs some failing samples for a `fail_after` in time. */
export function asLooked(checks: readonly Check[]): readonly Check[] {
  return checks.map((check) =>
    check.failAfter.kind !== "duration" || isRetained(check, checks)
      ? check
      : { ...check, failAfter: { ...check.failAfter, least: LEAST_LOOKS } },
  );
}

const RETAINED: ReadonlySet<string> = new Set(["logs", "metric", "events", "source"]);

/**
 * Whether what the check looks at is kept, so that a moment which nobody saw can be judged afterwards: logs,
 * metrics, events, files of a commit, and what is derived from them alone. All else is seen only while somebody looks.
 */
export function isRetained(check: Check, checks: readonly Check[], above: readonly string[] = []): boolean {
  if (above.includes(check.name)) return true;
  if (check.source.kind !== "derive" && !RETAINED.has(check.source.kind)) return false;
  return dependenciesOf(check).every((name) => {
    const other = checks.find((one) => one.name === name);
    return other === undefined || isRetained(other, checks, [...above, check.name]);
  });
}
