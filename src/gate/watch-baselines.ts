import type { Check } from "../core/check.ts";
import { servedCommits } from "../core/following.ts";
import { isNewAt } from "../core/new-instances.ts";
import { beatMs } from "../core/schedule.ts";
import { ServiceProblem } from "../problem.ts";
import { createBaselines, type Baselines, type PastNumbers, type PastWindow } from "./baselines.ts";
import type { DeployList } from "./deploy-list.ts";
import { blemishOf, hasFailed, readEarlierGates } from "./earlier-gates.ts";
import type { MetricReader } from "./metric-reader.ts";
import { readOldIntervals } from "./old-intervals.ts";
import type { OldVersion } from "./old-version.ts";
import type { ServiceRun } from "./run.ts";
import { readMetricWindow } from "./sample-metric.ts";
import type { WatchFacts } from "./watch-facts.ts";

const MINUTE_MS = 60_000;

/** The baselines of one watch, read from wherever they are kept when a check first asks. */
export function createWatchBaselines(
  run: ServiceRun,
  about: {
    readonly old: OldVersion;
    readonly list: DeployList;
    readonly facts: WatchFacts;
    readonly metrics: MetricReader;
  },
): Baselines {
  const { facts, list, metrics, old } = about;
  const [stage] = run.plan.stages;
  const served = (): readonly string[] =>
    servedCommits({
      deploys: list.deploys,
      commit: run.commit,
      ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
    });
  const startedAt = (): number => facts.deploy?.startedAt ?? facts.deploy?.createdAt ?? run.startedAt;

  /** While the new version is built only the old one runs; long before that, all that ran then counts. */
  function isOldInstance(instanceId: string, at: number): boolean | undefined {
    const suffix = instanceId.slice(instanceId.lastIndexOf("-") + 1);
    const isNew = facts.deploy && isNewAt(facts.instances, { suffix, at }, facts.deploy);
    return isNew === undefined ? at < startedAt() : !isNew;
  }

  async function past(check: Check, window: PastWindow): Promise<PastNumbers> {
    const { source } = check;
    if (source.kind !== "metric") {
      const found = await readOldIntervals(run, check, window);
      return found.kind === "known" ? { values: found.values } : { why: found.why };
    }
    try {
      const everyMs = Math.max(MINUTE_MS, stage === undefined ? 0 : beatMs(check, stage));
      const isCounted = window.to <= startedAt() ? {} : { isCounted: isOldInstance };
      const found = await readMetricWindow(metrics, { source, ...window, everyMs, ...isCounted });
      if (found.kind === "none") return { why: found.why };
      const totals = found.points.flatMap(({ total }) => (total === undefined ? [] : [total]));
      return { values: { value: found.points.map(({ value }) => value), total: totals } };
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return { why: error.message };
    }
  }

  return createBaselines({
    old,
    hasPrevious: () => served().length > 0,
    startedAt,
    liveAt: () => facts.liveAt ?? run.edges.clock.now(),
    past,
    blemish: (window) => blemishOf(run, window),
    earlier: () => readEarlierGates(run, served()),
    hasOldFailed: () => hasFailed(run, served()[0]),
  });
}
