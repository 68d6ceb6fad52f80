import type { Check, Stage } from "./check.ts";

/** When each check is due next (ms), by name. */
export type DueTimes = { readonly [check: string]: number };

/** The beat of a check in a stage, ms. */
export function beatMs(check: Check, stage: Stage): number {
  return check.everyMs ?? stage.everyMs;
}

/** The checks that belong to a stage. */
export function checksOf(checks: readonly Check[], stage: Stage): readonly Check[] {
  return checks.filter((check) => check.stages === undefined || check.stages.includes(stage.name));
}

/** Names of the checks due at `now`, those that others ask about (`only_if`) first. */
export function dueChecks(checks: readonly Check[], due: DueTimes, now: number): readonly Check[] {
  const isDue = checks.filter((check) => (due[check.name] ?? now) <= now);
  return [
    ...isDue.filter((check) => check.onlyIf === undefined),
    ...isDue.filter((check) => check.onlyIf !== undefined),
  ];
}

/** The next beat after `now` of a check that was due at `wasDue`; beats that were missed are skipped. */
export function nextBeat(wasDue: number, everyMs: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - wasDue) / everyMs));
  return wasDue + (missed + 1) * everyMs;
}

/** How many samples a beat makes due in [from, to], the one at `from` included; grace (ms) makes none due. */
export function expectedSamples(from: number, to: number, everyMs: number, graceMs = 0): number {
  const first = Math.ceil(graceMs / everyMs) * everyMs;
  return to - from < first ? 0 : Math.floor((to - from - first) / everyMs) + 1;
}
