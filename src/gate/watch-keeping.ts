import type { Check, Finding } from "../core/check.ts";
import type { Baseline } from "../core/condition.ts";
import type { Deploy } from "../core/deploy.ts";
import { keptStanding, standingOf } from "../core/kept-standing.ts";
import type { KeptLogs } from "../core/kept-log.ts";
import type { InstanceBook } from "../core/new-instances.ts";
import { stageWindows } from "../core/stage-window.ts";
import type { KeptDeploy, KeptInstances, KeptStage, WatchState } from "../core/watch-state.ts";
import type { ServiceRun } from "./run.ts";
import type { StageProgress } from "./stage-progress.ts";
import type { WatchFacts } from "./watch-facts.ts";
import { createWatchMemory, type WatchMemory } from "./watch-memory.ts";

/** What one look begins with: a watch as it was left. Times in ms. */
export interface RestoredWatch {
  readonly facts: WatchFacts & { deploy: Deploy };
  /** Which instances there were at the look before. */
  readonly presence: Pick<InstanceBook, "present" | "presentAt">;
  readonly memory: WatchMemory;
  /** What log checks go on from. */
  readonly lines: KeptLogs | undefined;
  /** The newest data point that each metric check counted. */
  readonly counted: Map<string, number>;
  readonly begun: readonly StageProgress[];
  readonly judgedTo: ReadonlyMap<string, number>;
  /** What the old version failed. */
  readonly old: ReadonlyMap<string, Finding>;
  readonly baselineOf: (check: Check) => Baseline | undefined;
}

/** More instances than this are not kept: the newest are. */
const MOST_INSTANCES = 60;

/** What was known of deploy and instances. */
export function factsOf(state: WatchState): RestoredWatch["facts"] {
  return {
    deploy: deployOf(state.deploy),
    liveAt: state.liveAt,
    instances: instancesOf(state.instances),
    rereadTo: undefined,
  };
}

/**
 * The state without what was measured of a deploy that a redeploy of its commit has replaced; stage clocks are kept. All
 * checks begin when that one went live: what came between the last look and then nobody has seen.
 */
export function withoutPast(
  run: ServiceRun,
  state: WatchState,
  { deploy, liveAt = state.liveAt }: RestoredWatch["facts"],
): WatchState {
  const { lines: _, ...rest } = state;
  return {
    ...rest,
    deploy: keptDeploy(deploy),
    liveAt,
    judgedTo: Object.fromEntries(run.plan.checks.map(({ name }) => [name, liveAt])),
    open: state.open.map((stage) => ({ ...stage, standings: {} })),
    checks: {},
    counted: {},
  };
}

/** The watch as it was left. */
export function restoredWatch(
  run: ServiceRun,
  state: WatchState,
  about: Pick<RestoredWatch, "facts" | "presence">,
): RestoredWatch {
  const windows = stageWindows(run.plan.stages, state.anchor);
  return {
    ...about,
    memory: createWatchMemory(state.checks),
    lines: linesOf(state),
    counted: new Map(Object.entries(state.counted)),
    begun: state.open.flatMap((kept) => {
      const window = windows.find(({ stage }) => stage.name === kept.name);
      return window === undefined ? [] : [progressOf(kept, window)];
    }),
    judgedTo: new Map(Object.entries(state.judgedTo)),
    old: new Map(
      Object.entries(state.failedBefore).map(([name, kept]) => [name, failureOf(kept, state.liveAt)]),
    ),
    baselineOf: (check) =>
      check.baseline === undefined
        ? undefined
        : (own(state.baselines, check.name) ?? {
            kind: "none",
            why: "what it compares with was not kept",
            isYet: false,
          }),
  };
}

/** What log checks go on from. */
function linesOf({ lines, checks }: WatchState): KeptLogs | undefined {
  if (lines === undefined) return undefined;
  const known = Object.entries(checks);
  return {
    book: lines,
    checks: Object.fromEntries(known.flatMap(([name, { log }]) => (log === undefined ? [] : [[name, log]]))),
  };
}

/** A stage under way, as it is written down. */
export function keptStage({ window, standings, seen, gaps, lateFrom }: StageProgress): KeptStage {
  return {
    name: window.stage.name,
    standings: Object.fromEntries([...standings].map(([name, standing]) => [name, keptStanding(standing)])),
    seen: Object.fromEntries(seen),
    gaps,
    ...(lateFrom === undefined ? {} : { lateFrom }),
  };
}

export function keptDeploy({ id, commit, createdAt, startedAt, finishedAt }: Deploy): KeptDeploy {
  return {
    id,
    createdAt,
    ...(commit === undefined ? {} : { sha: commit.sha }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

/** What is known of the instances, the newest of them. */
export function keptInstances(book: InstanceBook): KeptInstances {
  const { present, presentAt, listedAt, oldUntil } = book;
  const newest = [...book.seen].toSorted(([, a], [, b]) => b - a).slice(0, MOST_INSTANCES);
  const list = (suffixes: ReadonlySet<string>): readonly string[] => [...suffixes].slice(-MOST_INSTANCES);
  return {
    seen: Object.fromEntries(newest),
    ...(book.before === undefined ? {} : { before: list(book.before) }),
    ...(book.old === undefined ? {} : { old: list(book.old) }),
    ...(present === undefined ? {} : { present: list(present) }),
    ...(presentAt === undefined ? {} : { presentAt }),
    ...(listedAt === undefined ? {} : { listedAt }),
    ...(oldUntil === undefined ? {} : { oldUntil }),
  };
}

function own<Value>(from: { readonly [name: string]: Value }, name: string): Value | undefined {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function progressOf(kept: KeptStage, window: StageProgress["window"]): StageProgress {
  return {
    window,
    standings: new Map(Object.entries(kept.standings).map(([name, one]) => [name, standingOf(one)])),
    seen: new Map(Object.entries(kept.seen)),
    gaps: kept.gaps,
    ...(kept.lateFrom === undefined ? {} : { lateFrom: kept.lateFrom }),
  };
}

function deployOf({ sha, ...deploy }: KeptDeploy): Deploy {
  return {
    ...deploy,
    status: "live",
    ...(sha === undefined ? {} : { commit: { sha, message: "" } }),
  };
}

function instancesOf(kept: KeptInstances): InstanceBook {
  const { seen, before, old, present, ...times } = kept;
  return {
    seen: new Map(Object.entries(seen)),
    ...(before === undefined ? {} : { before: new Set(before) }),
    ...(old === undefined ? {} : { old: new Set(old) }),
    ...(present === undefined ? {} : { present: new Set(present) }),
    ...times,
  };
}

/** The lines that decided are all that is compared of it. */
function failureOf({ reason, lines }: WatchState["failedBefore"][string], at: number): Finding {
  return {
    at,
    outcome: "fail",
    reason,
    lines: lines.map(({ tier, condition }) => ({ tier, condition, subject: "", holds: tier !== "pass" })),
    evidence: [],
  };
}
