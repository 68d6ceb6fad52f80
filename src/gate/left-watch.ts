import { decidingLines } from "../core/broken-before.ts";
import type { Baseline } from "../core/condition.ts";
import { cutText } from "../core/cut.ts";
import type { KeptLogs } from "../core/kept-log.ts";
import { dependenciesOf } from "../core/dependencies.ts";
import type { Deploy } from "../core/deploy.ts";
import type { LogBook } from "../core/log-book.ts";
import type { CheckResult, Moment } from "../core/outcome.ts";
import { mergedResults } from "../core/stage-results.ts";
import type { KeptResult, WatchState } from "../core/watch-state.ts";
import type { Commit } from "../ports.ts";
import type { Baselines } from "./baselines.ts";
import { liveTime } from "./live-look.ts";
import { keptResultsOf } from "./look-outcome.ts";
import type { LookResult } from "./look.ts";
import type { OldVersion } from "./old-version.ts";
import type { ServiceRun } from "./run.ts";
import type { WatchFacts } from "./watch-facts.ts";
import { keptDeploy, keptInstances, keptStage } from "./watch-keeping.ts";
import type { WatchMemory } from "./watch-memory.ts";
import type { StagesWatched } from "./watch-stages.ts";

const MOST_MOMENTS = 30;
const MOST_REASON = 160;
const MOST_EVENT = 200;

/** The watch as the job leaves it: the stages of its own are over, the later ones have not begun. */
export async function leftWatch(
  run: ServiceRun,
  about: {
    /** The first deploy that was watched: stage clocks begin when it went live. */
    readonly first: Deploy;
    readonly watched: StagesWatched;
    readonly commit: Commit;
    readonly previousCommit: string | undefined;
    readonly facts: WatchFacts;
    readonly memory: WatchMemory;
    readonly book: LogBook;
    readonly counted: ReadonlyMap<string, number>;
    readonly baselines: Baselines;
    readonly old: OldVersion;
  },
): Promise<WatchState> {
  const { first, watched, facts, memory, old, previousCommit } = about;
  const { deploy, liveAt } = watched.last;
  const now = run.edges.clock.now();
  const baselines: Record<string, Baseline> = {};
  for (const check of run.plan.checks) {
    const baseline = await about.baselines.of(check);
    if (baseline !== undefined) baselines[check.name] = baseline;
  }
  const before = [...old.findings];
  return {
    deploy: keptDeploy(deploy),
    liveAt,
    anchor: liveTime(first, now),
    startedAt: run.startedAt,
    committedAt: about.commit.committedAt,
    mode: run.mode,
    ...(run.plan.file === undefined ? {} : { config: run.plan.file }),
    ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
    ...(run.isAssumed === undefined ? {} : { isAssumed: run.isAssumed }),
    ...(previousCommit === undefined ? {} : { previousCommit }),
    at: now,
    looks: 0,
    by: run.runUrl,
    judgedTo: {},
    ended: watched.ended.map(({ stage, decision }) => ({
      ...stage,
      reason: cutText(decision.reason, MOST_REASON),
    })),
    results: keptResults(watched.results),
    coverage: [],
    open: [],
    ...keptChecks(run, memory, about.book.kept(now)),
    baselines,
    failedBefore: Object.fromEntries(
      before.flatMap(([name, finding]) =>
        finding.outcome === "fail"
          ? [
              [
                name,
                {
                  reason: cutText(finding.reason, MOST_REASON),
                  lines: decidingLines(finding).map(({ tier, condition }) => ({ tier, condition })),
                },
              ],
            ]
          : [],
      ),
    ),
    passedBefore: before.flatMap(([name, { outcome }]) => (outcome === "pass" ? [name] : [])),
    instances: keptInstances(facts.instances),
    counted: Object.fromEntries(about.counted),
    moments: keptMoments(run.teller.timeline),
  };
}

/** The watch as a look leaves it to the next one. */
export function watchAfter(
  run: ServiceRun,
  state: WatchState,
  found: Extract<LookResult, { readonly kind: "looked" }>,
): WatchState {
  const { watch, looked, next } = found;
  const { deploy, instances, liveAt = state.liveAt } = watch.facts;
  const now = run.edges.clock.now();
  const results = mergedResults([
    keptResultsOf(run.plan.checks, state),
    ...looked.ended.map((one) => one.results),
  ]);
  const { lines: _, ...rest } = state;
  return {
    ...rest,
    deploy: keptDeploy(deploy),
    liveAt,
    at: now,
    looks: state.looks + 1,
    by: run.runUrl,
    judgedTo: Object.fromEntries(looked.judgedTo),
    ended: [
      ...state.ended,
      ...looked.ended.map(({ stage, decision }) => ({
        ...stage,
        reason: cutText(decision.reason, MOST_REASON),
      })),
    ],
    results: keptResults(results),
    coverage: [...state.coverage, ...looked.ended.map(({ coverage }) => coverage)],
    open: looked.open.map(keptStage),
    moments: keptMoments([...state.moments, ...run.teller.timeline]),
    ...(next === undefined
      ? {
          ...keptChecks(run, watch.memory, found.lines),
          instances: keptInstances(instances),
          counted: Object.fromEntries(watch.counted),
        }
      : followed(looked.judgedTo, next, now)),
  };
}

/** What is remembered of the checks, with what their logs go on from. */
function keptChecks(
  run: ServiceRun,
  memory: WatchMemory,
  lines: KeptLogs | undefined,
): Pick<WatchState, "checks" | "lines"> {
  const asked = new Set(run.plan.checks.flatMap(dependenciesOf));
  const checks = memory.kept({ keep: run.edges.redact, isAsked: (name) => asked.has(name) });
  const logs = Object.entries(lines?.checks ?? {}).map(
    ([name, log]) => [name, { ...checks[name], log }] as const,
  );
  return {
    checks: { ...checks, ...Object.fromEntries(logs) },
    ...(lines === undefined || logs.length === 0 ? {} : { lines: lines.book }),
  };
}

/** A stage that goes on over deploys is watched by the next one: its lines, instances and points are others. */
function followed(
  judgedTo: ReadonlyMap<string, number>,
  next: Deploy,
  now: number,
): Pick<WatchState, "deploy" | "liveAt" | "judgedTo" | "checks" | "counted" | "instances" | "follows"> {
  const liveAt = liveTime(next, now);
  return {
    deploy: keptDeploy(next),
    liveAt,
    judgedTo: Object.fromEntries([...judgedTo].map(([name, at]) => [name, Math.max(at, liveAt)])),
    checks: {},
    counted: {},
    instances: { seen: {} },
    ...(next.commit === undefined ? {} : { follows: next.commit.sha }),
  };
}

/** How the checks stood in the stages that have ended, by name. */
export function keptResults(results: readonly CheckResult[]): WatchState["results"] {
  return Object.fromEntries(
    results.map(({ name, verdict, measured, reason, samples, errors, stage, told }): [string, KeptResult] => [
      name,
      {
        verdict,
        measured,
        reason: cutText(reason, MOST_REASON),
        samples,
        errors,
        ...(stage === undefined ? {} : { stage }),
        ...(told === undefined ? {} : { told }),
      },
    ]),
  );
}

/** The first moments of a watch and its latest. */
export function keptMoments(moments: readonly Moment[]): readonly Moment[] {
  const short = moments.map(({ at, event }) => ({ at, event: cutText(event, MOST_EVENT) }));
  const half = MOST_MOMENTS / 2;
  return short.length <= MOST_MOMENTS ? short : [...short.slice(0, half), ...short.slice(-half)];
}
