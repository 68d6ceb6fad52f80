import { beatMs, checksOf } from "../core/schedule.ts";
import { beatAfter, isRetained, type StageWindow } from "../core/stage-window.ts";
import { dueUpdate } from "../core/status-moments.ts";
import type { WatchState } from "../core/watch-state.ts";
import { SETTLE_MS, windowsLeft } from "./windows-left.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { lookBeatMs } from "./stage-progress.ts";
import { toldSoFar } from "./told-state.ts";

/**
 * When a look at the watch has something to judge or to tell again, ms: a beat of one of its checks, a stage's end, a
 * status update, or what is owed to people.
 */
export function dueAt(run: ServiceRun, state: WatchState, told: Told): number {
  const windows = windowsLeft(run, state);
  if (windows.length === 0 || state.isOwed === true) return -Infinity;
  const update = dueUpdate(run.plan.report.at, {
    liveAt: state.liveAt,
    now: run.edges.clock.now(),
    stages: run.plan.stages,
    stagesEnded: state.ended.map(({ name }) => name),
    told: toldSoFar(told).updates,
  });
  if (update !== undefined) return -Infinity;
  return Math.min(...windows.flatMap((window) => [window.to + SETTLE_MS, ...beatsOf(run, state, window)]));
}

/** Whether Render still serves what is watched. One request. Throws ServiceProblem. */
export async function isServing({ edges, service }: ServiceRun, { deploy }: WatchState): Promise<boolean> {
  return (await edges.deploys.deploy(service.id, deploy.id))?.status === "live";
}

/** The next beat of each check of a stage, once everything that it is judged by is there. */
function beatsOf(run: ServiceRun, state: WatchState, window: StageWindow): readonly number[] {
  const { checks } = run.plan;
  const seen = state.open.find(({ name }) => name === window.stage.name)?.seen ?? {};
  return checksOf(checks, window.stage).map((check) => {
    if (isRetained(check, checks)) {
      const judgedTo = state.judgedTo[check.name] ?? -Infinity;
      return beatAfter(window, beatMs(check, window.stage), judgedTo) + SETTLE_MS;
    }
    return beatAfter(window, lookBeatMs(check, window), seen[check.name]?.lastAt ?? -Infinity);
  });
}
