import type { Baseline } from "../core/condition.ts";
import type { Check, Finding } from "../core/check.ts";
import type { StageCoverage } from "../core/coverage.ts";
import type { Decision } from "../core/deploy-verdict.ts";
import type { CheckResult, StageResult } from "../core/outcome.ts";
import { dependentsOf } from "../core/dependencies.ts";
import { checksOf } from "../core/schedule.ts";
import { stillOpen, wantsFreshWindow, type CheckProgress } from "../core/stage-closing.ts";
import { asLooked, isRetained, type StageWindow } from "../core/stage-window.ts";
import { thinWindowMs } from "../core/thin-trend.ts";
import { watchVerdict } from "../core/watch-verdict.ts";
import { createBoard } from "./board.ts";
import type { Diagnoses } from "./diagnose.ts";
import { lookBack } from "./look-back.ts";
import { coverageOf, gapsOf, type Unjudged } from "./look-coverage.ts";
import type { LogsUnread } from "./look-logs.ts";
import { lookNow } from "./look-now.ts";
import type { ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";
import { newProgress, UNSEEN, type StageProgress } from "./stage-progress.ts";
import type { WatchFacts } from "./watch-facts.ts";
import type { WatchMemory } from "./watch-memory.ts";

/** What a look needs. Times in ms. */
export interface LookOptions {
  /** The stages that have not ended, in their order; only those that have begun are looked at. */
  readonly windows: readonly StageWindow[];
  /** Those that earlier looks have begun. */
  readonly begun: readonly StageProgress[];
  readonly judgedTo: ReadonlyMap<string, number>;
  /** The look before this one. */
  readonly lookedAt: number;
  /** Up to when everything that is kept is surely there. */
  readonly until: number;
  /** A stage that nobody saw the end of is looked at afresh for so long. */
  readonly freshMs: number;
  /** Nothing but what is kept is looked at: another deploy serves by now. */
  readonly isReplaced: boolean;
  readonly facts: WatchFacts;
  readonly sampler: Sampler;
  readonly memory: WatchMemory;
  readonly diagnoses: Diagnoses;
  readonly baselineOf: (check: Check) => Promise<Baseline | undefined>;
  readonly hasRemedy: (check: Check, finding: Finding) => boolean;
  /** Sets the world to a moment of the past, or to now. */
  readonly goTo: (at: number | undefined) => void;
  readonly logsUnread: LogsUnread | undefined;
  /** A stretch of a deploy that nobody judged. */
  readonly unjudged: Unjudged | undefined;
}

export interface StageEnded {
  readonly stage: StageResult;
  readonly decision: Decision;
  readonly results: readonly CheckResult[];
  readonly coverage: StageCoverage;
}

/** What a look found. */
export interface Looked {
  readonly ended: readonly StageEnded[];
  /** Stages that have begun and not ended. */
  readonly open: readonly (StageProgress & {
    readonly results: readonly CheckResult[];
    readonly coverage: StageCoverage;
  })[];
  readonly judgedTo: ReadonlyMap<string, number>;
  readonly unread: ReadonlyMap<string, string>;
  /** A check has failed whose remedy waits. */
  readonly hasFailed: boolean;
  /** What the first open stage waits for. */
  readonly waitingFor?: string;
}

/** Looks once at every stage that has begun: at what is kept since the last look, and at what can be seen now. */
export async function lookAtStages(run: ServiceRun, options: LookOptions): Promise<Looked> {
  const { clock } = run.edges;
  const { until, diagnoses, facts, lookedAt } = options;
  options.goTo(undefined);
  const now = clock.now();
  const checks = asLooked(run.plan.checks);
  const last = options.isReplaced ? until : now;
  const stages = options.windows
    .filter(({ from }) => from <= last)
    .map((window) => {
      const progress =
        options.begun.find((one) => one.window.stage.name === window.stage.name) ?? newProgress(window);
      const own = checksOf(checks, window.stage);
      const kept = own.filter((check) => isRetained(check, checks));
      const board = createBoard(run, {
        ...options,
        stage: window.stage,
        checks: own,
        since: window.from,
        standings: progress.standings,
        onFail: (check) =>
          diagnoses.start(check, { since: window.from, liveAt: facts.liveAt ?? window.from }),
      });
      return { window, progress, board, own, kept, momentary: own.filter((check) => !kept.includes(check)) };
    });
  const hasFailed = (): boolean =>
    stages.some(({ board, own }) =>
      own.some((check) => {
        const { failed } = board.standing(check);
        return failed !== undefined && options.hasRemedy(check, failed);
      }),
    );

  const { judgedTo: backTo, unread } = await lookBack(
    stages.map(({ window, kept, board }) => ({ window, checks: kept, board })),
    {
      until,
      judgedTo: options.judgedTo,
      goTo: options.goTo,
      logsUnread: options.logsUnread,
      isOver: hasFailed,
    },
  );
  options.goTo(undefined);
  const judgedTo = new Map(backTo);

  const thinMs = ({ window }: (typeof stages)[number], check: Check): number => {
    const { series, firstAt } = options.memory.of(check);
    return thinWindowMs(check, { series: series.of, since: firstAt, to: window.to, now });
  };
  const progressOf = (
    stage: (typeof stages)[number],
    seen: StageProgress["seen"],
  ): readonly CheckProgress[] =>
    stage.own.map((check) => {
      const { lastAt, late } = seen.get(check.name) ?? UNSEEN;
      return {
        check,
        standing: stage.board.standing(check),
        isRetained: stage.kept.includes(check),
        judgedTo: judgedTo.get(check.name) ?? -Infinity,
        late,
        thinMs: stage.momentary.includes(check) ? thinMs(stage, check) : 0,
        ...(lastAt === undefined ? {} : { seenTo: lastAt }),
      };
    });
  const isFresh = (stage: (typeof stages)[number]): boolean =>
    now > stage.window.to &&
    wantsFreshWindow(stage.window, progressOf(stage, stage.progress.seen), options.freshMs);
  const fresh = stages.map(isFresh);
  const blind = dependentsOf(new Set(unread.keys()), checks);
  const seen =
    options.isReplaced || hasFailed()
      ? stages.map(({ progress }) => progress.seen)
      : await lookNow(
          stages.map((stage, index) => ({
            window: stage.window,
            // Of what it looks at nothing is known now.
            checks: stage.momentary.filter(({ name }) => !blind.has(name)),
            board: stage.board,
            seen: stage.progress.seen,
            isFresh: fresh[index] === true,
            thinMs: (check) => thinMs(stage, check),
          })),
          now,
        );
  for (const [index, stage] of stages.entries())
    for (const { name } of stage.momentary)
      if (seen[index] !== stage.progress.seen && seen[index]?.get(name) !== stage.progress.seen.get(name))
        judgedTo.set(name, now);

  const found = await diagnoses.results();
  const ended: StageEnded[] = [];
  const open: Looked["open"][number][] = [];
  let waitingFor: string | undefined;
  for (const [index, stage] of stages.entries()) {
    const { window, progress, board } = stage;
    const after: StageProgress = {
      window,
      standings: new Map(stage.own.map((check) => [check.name, board.standing(check)])),
      seen: seen[index] ?? progress.seen,
      gaps: gapsOf(stage, { now, lookedAt, unread, unjudged: options.unjudged }),
      ...(now > window.to && !options.isReplaced ? { lateFrom: progress.lateFrom ?? now } : {}),
    };
    const results = board.results().map((result) => ({ ...result, diagnosis: found.get(result.name) ?? [] }));
    const coverage = coverageOf(after, stage, { now, judgedTo });
    const why = stillOpen(window, {
      now: last,
      checks: progressOf(stage, after.seen),
      freshMs: options.freshMs,
      lateFrom: after.lateFrom,
    });
    if (why === undefined && waitingFor === undefined && !hasFailed()) {
      const decision = watchVerdict({ kind: "finished" }, results);
      const { name } = window.stage;
      ended.push({
        stage: { name, from: window.from, to: Math.min(now, window.to), verdict: decision.verdict },
        decision,
        results,
        coverage,
      });
    } else {
      waitingFor ??= why;
      open.push({ ...after, results, coverage });
    }
  }
  return {
    ended,
    open,
    judgedTo,
    unread,
    hasFailed: hasFailed(),
    ...(waitingFor === undefined ? {} : { waitingFor }),
  };
}
