import type { Check, Finding, Stage } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import type { LogBook } from "../core/log-book.ts";
import type { CheckResult } from "../core/outcome.ts";
import type { WatchEnding } from "../core/watch-verdict.ts";
import type { Baseline } from "../core/condition.ts";
import { dependenciesOf, inOrder } from "../core/dependencies.ts";
import { beatMs, dueChecks, missedBeats, nextBeat } from "../core/schedule.ts";
import { namesInstances } from "../core/metric-sample.ts";
import { extensionMs, isUndecided } from "../core/standing.ts";
import { createBoard, isBackwards } from "./board.ts";
import type { Diagnoses } from "./diagnose.ts";
import type { DeployList } from "./deploy-list.ts";
import { createLiveLook, liveTime } from "./live-look.ts";
import { createRereads, readOnceMore, tellOld, withDoubt } from "./last-read.ts";
import type { LogReader } from "./log-reader.ts";
import { goOn, wait, type ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";
import { createTasks } from "./tasks.ts";
import type { WatchFacts } from "./watch-facts.ts";
import type { WatchMemory } from "./watch-memory.ts";

export interface Watched {
  readonly ending: WatchEnding;
  readonly results: readonly CheckResult[];
  readonly from: number;
  readonly to: number;
  /** The deploy that was watched last: a redeploy of the same commit is followed. */
  readonly deploy: Deploy;
  readonly liveAt: number;
}

export interface WatchOptions {
  readonly stage: Stage;
  /** The checks of this stage. */
  readonly checks: readonly Check[];
  /** Reached late, the first stage is watched in full. */
  readonly isFirst: boolean;
  /** A later stage that is reached when it should be over gets a fresh window of this length, ms. */
  readonly freshMs: number;
  readonly deploy: Deploy;
  readonly list: DeployList;
  readonly facts: WatchFacts;
  readonly sampler: Sampler;
  readonly book: LogBook;
  readonly reader?: LogReader;
  readonly memory: WatchMemory;
  readonly diagnoses: Diagnoses;
  /** What the check's relative conditions compare with. */
  readonly baselineOf: (check: Check) => Promise<Baseline | undefined>;
  /** Whether this failure of the check calls for a remedy, which ends the watch. */
  readonly hasRemedy: (check: Check, finding: Finding) => boolean;
}

/** The list of deploys is looked at this often while watching: six reads a minute, one where the beat is slow. */
const LOOK_MS = 10_000;
const SLOW_LOOK_MS = 60_000;

/**
 * Watches one stage after live: asks the core what is due, takes samples, judges them, and looks at what is
 * live, until the stage has ended, a check with a remedy has failed, or another deploy serves. Nothing waits for
 * anything slower than itself: samples, looks and log reads go on side by side.
 */
export async function watchStage(run: ServiceRun, options: WatchOptions): Promise<Watched> {
  const { teller } = run;
  const { clock } = run.edges;
  const { stage, facts, book, reader, diagnoses } = options;
  const checks = inOrder(options.checks);
  const from = clock.now();
  facts.deploy = options.deploy;
  facts.liveAt = liveTime(options.deploy, from);
  const board = createBoard(run, {
    ...options,
    since: from,
    onFail: (check) => diagnoses.start(check, { since: from, liveAt: facts.liveAt ?? from }),
  });
  const live = createLiveLook(run, {
    ...options,
    onInstances: () => book.reclassify(),
    onRedeploy() {
      board.restart();
      diagnoses.forget();
    },
  });
  const tasks = createTasks();
  const lookMs = Math.min(SLOW_LOOK_MS, Math.max(LOOK_MS, stage.everyMs / 2));
  const due = new Map(checks.map((check) => [check.name, from]));
  let end = endOf(options, { from, liveAt: facts.liveAt });
  const reread = createRereads(run, { checks, facts, stage, book, reader, tasks });
  const needsInstances = checks.some((check) => isBackwards(check) || namesInstances(check));
  let isReady = !needsInstances;

  /** Instances and logs are read for the first time before anything is said about them. */
  async function getReady(): Promise<void> {
    await Promise.all([live.lookAtInstances(), reader?.settled()]);
    await tellOld(run, { facts, book, reader });
    isReady = true;
  }

  /** How many samples fell due after the one that was taken. */
  function missedSince(check: Check, span: { readonly wasDue: number; readonly now: number }): number {
    const judgedFrom = (facts.liveAt ?? from) + check.graceMs;
    return missedBeats({ ...span, everyMs: beatMs(check, stage), judgedFrom, isTaken: true });
  }

  async function takeInTurn(check: Check): Promise<void> {
    // Of checks that look at each other, only those that were started before are waited for.
    const before = checks.slice(0, checks.indexOf(check)).map(({ name }) => name);
    for (const name of dependenciesOf(check)) if (before.includes(name)) await tasks.settled(name);
    const began = clock.now();
    const isFirst = board.standing(check).last === undefined;
    await board.take(check);
    // In the beats that passed meanwhile nothing was seen.
    if (!isBackwards(check) && board.standing(check).last?.outcome === "error")
      board.miss(check, missedSince(check, { wasDue: began, now: Math.min(clock.now(), lastMoment()) }));
    // A free service was asleep: the window begins with its first answer.
    const isWoken = isFirst && run.service.plan === "free" && check.source.kind === "http";
    if (isWoken && clock.now() - began > stage.everyMs) end = Math.max(end, clock.now() + stage.forMs);
  }

  function startDue(now: number): void {
    for (const check of dueChecks(checks, Object.fromEntries(due), now)) {
      if (isBackwards(check) && !isReady) continue;
      const everyMs = beatMs(check, stage);
      const wasDue = due.get(check.name) ?? now;
      // While a sample is under way no other is due.
      if (!isBackwards(check) && !tasks.isRunning(check.name))
        board.miss(check, missedSince(check, { wasDue, now }));
      due.set(check.name, nextBeat(wasDue, everyMs, now));
      tasks.start(check.name, () => takeInTurn(check));
    }
  }

  function startReads(now: number): void {
    if (now - live.lookedAt >= lookMs) tasks.start("look", () => live.look());
    if (needsInstances && isReady && now >= live.instancesDueAt(book.unsure().length > 0))
      tasks.start("instances", () => live.lookAtInstances(), { isQuiet: true });
    reader?.turn();
    if (!isReady) tasks.start("instances", getReady);
    reread();
  }

  const failedForRemedy = (): boolean =>
    checks.some((check) => {
      const { failed } = board.standing(check);
      return failed !== undefined && options.hasRemedy(check, failed);
    });
  const undecided = (): readonly Check[] => checks.filter((check) => isUndecided(board.standing(check)));
  const lastMoment = (): number =>
    Math.max(end, ...undecided().map((check) => end + extensionMs(check, beatMs(check, stage))));
  const isSampling = (): boolean => checks.some((check) => tasks.isRunning(check.name));

  async function watched(ending: WatchEnding): Promise<Watched> {
    const { deploy = options.deploy, liveAt = from } = facts;
    const found = await diagnoses.results();
    const results = board.results().map((result) => ({ ...result, diagnosis: found.get(result.name) ?? [] }));
    return { ending, results, from, to: clock.now(), deploy, liveAt };
  }

  /** Before a verdict: what is live, read after everything it is about. */
  async function ended(kind: "finished" | "failed"): Promise<Watched> {
    board.close();
    await Promise.all([tasks.settled("look"), tasks.settled("progress")]);
    if (live.replaced === undefined) await live.look();
    tasks.turn();
    if (live.replaced !== undefined) return watched({ kind: "replaced", following: live.replaced });
    if (live.problem !== undefined)
      return watched({ kind: "unsure", reason: `what is live could not be read: ${live.problem}` });
    return watched({ kind });
  }

  function tellWhere(now: number): void {
    const names = undecided().map((check) => `"${check.name}"`);
    const waitingFor =
      now >= end && names.length > 0 ? `${names.join(", ")} to be decided` : `the end of stage ${stage.name}`;
    teller.phase({ phase: `watching ${stage.name}`, waitingFor, until: lastMoment() });
  }

  while (checks.length > 0) {
    goOn(run);
    tasks.turn();
    const now = clock.now();
    if (live.replaced !== undefined || failedForRemedy()) {
      const measured: string | undefined = facts.deploy?.id;
      const early = await ended("failed");
      if (facts.deploy?.id === measured || early.ending.kind !== "failed") return early;
      // What failed was a deploy that a redeploy of the commit has replaced by now: that one is judged.
      continue;
    }
    if (now <= lastMoment()) startDue(now);
    if (now >= lastMoment() && !isSampling()) break;
    startReads(now);
    tellWhere(now);
    tasks.start("progress", () => teller.beat(), { isQuiet: true });
    const times = [...due.values(), live.lookedAt + lookMs, now + lookMs, end, lastMoment()].filter(
      (at) => at > now,
    );
    await wait(run, Math.min(...times) - now, tasks.wakeSignal());
  }

  const isWhole = await readOnceMore(run, { checks, facts, stage, book, live, reader });
  for (const check of checks.filter(isBackwards)) await board.take(check);
  const last = await ended(failedForRemedy() ? "failed" : "finished");
  return { ...last, results: withDoubt(last.results, { checks, isWhole, board }) };
}

/**
 * When the stage ends, ms: so long after live, however late the one before it ended. The first stage, reached late, is
 * watched in full; a later one that should be over gets a fresh window. Logs, metrics and events are judged backwards.
 */
function endOf(
  { stage, isFirst, freshMs }: Pick<WatchOptions, "stage" | "isFirst" | "freshMs">,
  { from, liveAt }: { readonly from: number; readonly liveAt: number },
): number {
  if (isFirst) return (from - liveAt > stage.everyMs ? from : liveAt) + stage.forMs;
  return from < liveAt + stage.forMs ? liveAt + stage.forMs : from + freshMs;
}
