import { checksOf } from "../core/schedule.ts";
import { stageWindows, type StageWindow } from "../core/stage-window.ts";
import type { WatchState } from "../core/watch-state.ts";
import type { ServiceRun } from "./run.ts";

/** Lines and data points come late by a minute or two: what is younger is left to the next look, ms. */
export const SETTLE_MS = 2 * 60_000;

/** The stages that have not ended, those without a check of their own left out. */
export function windowsLeft(run: ServiceRun, state: WatchState): readonly StageWindow[] {
  const ended = new Set(state.ended.map(({ name }) => name));
  return stageWindows(run.plan.stages, state.anchor).filter(
    ({ stage }) => !ended.has(stage.name) && checksOf(run.plan.checks, stage).length > 0,
  );
}
