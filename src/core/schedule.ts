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

/** The checks due at `now`, in the order given. */
export function dueChecks(checks: readonly Check[], due: DueTimes, now: number): readonly Check[] {
  return checks.filter((check) => (due[check.name] ?? now) <= now);
}

/** The next beat after `now` of a check that was due at `wasDue`; beats that were missed are skipped. */
export function nextBeat(wasDue: number, everyMs: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - wasDue) / everyMs));
  return wasDue + (missed + 1) * everyMs;
}

/**
 * How many samples fell due in [wasDue, now] and were not taken, times in ms. The newest was if `isTaken`; those
 * before `judgedFrom` (grace) are not asked for.
 */
export function missedBeats(input: {
  readonly wasDue: number;
  readonly everyMs: number;
  readonly now: number;
  readonly judgedFrom: number;
  readonly isTaken: boolean;
}): number {
  const { wasDue, everyMs, now, judgedFrom, isTaken } = input;
  const all = Math.floor((now - wasDue) / everyMs) + 1;
  const inGrace = Math.min(all, Math.max(0, Math.ceil((judgedFrom - wasDue) / everyMs)));
  return Math.max(0, all - inGrace - (isTaken ? 1 : 0));
}
