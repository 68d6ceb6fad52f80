import type { Check, Finding, Sample, Stage } from "../core/check.ts";
import type { Path } from "../core/condition.ts";
import type { Deploy } from "../core/deploy.ts";
import { appliesAt, findingOf, type JudgingContext } from "../core/finding.ts";
import type { Following } from "../core/following.ts";
import { isNewInstance, newInstances, type InstanceBook } from "../core/new-instances.ts";
import type { CheckResult } from "../core/outcome.ts";
import { beatMs, checksOf, dueChecks, expectedSamples, nextBeat } from "../core/schedule.ts";
import { createSeries } from "../core/series-book.ts";
import {
  extensionMs,
  isUndecided,
  NEW_STANDING,
  resultOf,
  withFinding,
  type Standing,
} from "../core/standing.ts";
import { standingWord, isNews } from "../core/standing-change.ts";
import type { Subjects } from "../core/value.ts";
import { findingLine } from "../report/line.ts";
import { logText } from "../report/plain.ts";
import { ServiceProblem } from "../problem.ts";
import { lookAtInstances, type DeployList } from "./follow-deploy.ts";
import type { LogReader } from "./log-reader.ts";
import { goOn, wait, type ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";

/** How a stage was left. */
export type WatchEnding =
  | { readonly kind: "finished" }
  /** A check failed whose remedy waits: the watch ends at once. */
  | { readonly kind: "failed" }
  /** Something else serves now. */
  | { readonly kind: "replaced"; readonly following: Exclude<Following, { readonly kind: "live" }> }
  /** What is live could not be read when it had to be. */
  | { readonly kind: "unsure"; readonly reason: string };

export interface Watched {
  readonly ending: WatchEnding;
  readonly results: readonly CheckResult[];
  readonly from: number;
  readonly to: number;
  /** The deploy that was watched last: a redeploy of the same commit is followed. */
  readonly deploy: Deploy;
  readonly liveAt: number;
}

/** What the log book asks about, kept up to date by the watch. */
export interface WatchFacts {
  deploy: Deploy | undefined;
  liveAt: number | undefined;
  instances: InstanceBook;
  rereadTo: number | undefined;
}

/** The list of deploys is looked at this often while watching: six reads a minute. */
const LOOK_MS = 10_000;
/** Log lines may arrive late by half a minute and more; the window is read again after this at least, one beat at most. */
const MAX_SETTLE_MS = 60_000;

/** When Render says it went live, or now if it does not. */
export function liveTime(deploy: Deploy, now: number): number {
  return deploy.finishedAt === undefined ? now : Math.min(deploy.finishedAt, now);
}

/**
 * Watches one stage after live: asks the core what is due, takes samples, judges them, and looks at what is
 * live, until the stage has ended, a check with a remedy has failed, or another deploy serves.
 */
export async function watchStage(
  run: ServiceRun,
  options: {
    readonly stage: Stage;
    readonly deploy: Deploy;
    readonly list: DeployList;
    readonly facts: WatchFacts;
    readonly sampler: Sampler;
    readonly reader?: LogReader;
    readonly lagMs: () => number;
    /** Called when more is known of the instances. */
    readonly onInstances: () => void;
    readonly hasRemedy: (check: Check) => boolean;
  },
): Promise<Watched> {
  const { edges, plan, teller, commit } = run;
  const { clock } = edges;
  const { stage, list, facts, sampler, reader } = options;
  const checks = checksOf(plan.checks, stage);
  const from = clock.now();
  let deploy = options.deploy;
  let liveAt = liveTime(deploy, from);
  facts.deploy = deploy;
  facts.liveAt = liveAt;
  // Reached late: http and sql get a fresh window of the stage's length; logs and events are judged backwards.
  const end = from - liveAt > stage.everyMs ? from + stage.forMs : liveAt + stage.forMs;
  const standings = new Map<string, Standing>();
  const due: Record<string, number> = Object.fromEntries(checks.map((check) => [check.name, from]));
  const series = new Map(checks.map((check) => [check.name, createSeries(check)]));
  const latest: Record<string, Subjects> = {};
  let lastLook = from;
  let lastInstances = -Infinity;
  let lookProblem: string | undefined;

  const contextOf = (check: Check): JudgingContext => ({
    liveAt,
    since: from,
    sha: commit,
    series: (path: Path) => series.get(check.name)?.of(path) ?? [],
    latest,
  });
  const isNew = (instanceId: string): boolean | undefined =>
    isNewInstance(facts.instances, instanceId.slice(instanceId.lastIndexOf("-") + 1), deploy);

  function judge(check: Check, sample: Sample): void {
    if (sample.kind === "ok" || sample.kind === "failing") {
      latest[check.name] = sample.subjects;
      series.get(check.name)?.add(sample.at, sample.subjects);
    }
    note(check, findingOf(check, sample, contextOf(check)));
  }

  function note(check: Check, finding: Finding): void {
    const before = standings.get(check.name) ?? NEW_STANDING;
    const after = withFinding(before, check, finding);
    standings.set(check.name, after);
    if (isNews(before, after)) {
      teller.line(findingLine(check.name, { finding, samples: after.taken, errors: after.errors }));
    }
    teller.standings(
      checks.map((one) => ({
        name: one.name,
        standing: standingWord(standings.get(one.name) ?? NEW_STANDING),
      })),
    );
  }

  async function sampleAll(wanted: readonly Check[]): Promise<void> {
    const take = async (check: Check): Promise<void> => {
      const applies = appliesAt(check, clock.now(), contextOf(check));
      if (applies === true)
        return judge(check, await sampler.take(check, { liveAt, stageStart: from, isNew }));
      const at = clock.now();
      if (applies === false)
        note(check, {
          at,
          outcome: "not-applied",
          reason: `only_if ${check.onlyIf?.text ?? ""} is false`,
          lines: [],
          evidence: [],
        });
      else judge(check, { kind: "error", at, reason: applies });
    };
    await Promise.all(wanted.filter((check) => check.onlyIf === undefined).map(take));
    await Promise.all(wanted.filter((check) => check.onlyIf !== undefined).map(take));
  }

  /** Looks at what is live; a newer deploy of the commit is followed, grace anew. */
  async function look(): Promise<Exclude<Following, { readonly kind: "live" }> | undefined> {
    lastLook = clock.now();
    const following = await list.look().catch((error: unknown) => {
      if (!(error instanceof ServiceProblem)) throw error;
      lookProblem = error.message;
      teller.line(logText(`What is live could not be read: ${error.message}`));
      return undefined;
    });
    if (following !== undefined) lookProblem = undefined;
    if (following === undefined) return undefined;
    if (following.kind === "live") {
      if (following.deploy.id !== deploy.id) {
        teller.moment(
          `Deploy ${following.deploy.id} of the same commit went live; it is watched now, grace anew`,
        );
        deploy = following.deploy;
        liveAt = liveTime(deploy, clock.now());
        facts.deploy = deploy;
        facts.liveAt = liveAt;
      }
      return undefined;
    }
    // A newer deploy of the commit at work, while the one before it still serves.
    const stillServes = list.deploys.some((one) => one.id === deploy.id && one.status === "live");
    if (following.kind === "running" && stillServes) return undefined;
    return following.kind === "running" ? undefined : following;
  }

  async function lookForInstances(): Promise<void> {
    if (newInstances(facts.instances, deploy).length > 0 && clock.now() - lastInstances < 60_000) return;
    if (clock.now() - lastInstances < LOOK_MS) return;
    lastInstances = clock.now();
    facts.instances = (await lookAtInstances(run, facts.instances, false)) ?? facts.instances;
    options.onInstances();
  }

  const needsInstances = checks.some(
    (check) => check.source.kind === "logs" || check.source.kind === "events",
  );
  const expected = (check: Check, to: number): number =>
    check.source.kind === "http" || check.source.kind === "sql"
      ? expectedSamples(from, to, beatMs(check, stage), Math.max(0, liveAt + check.graceMs - from))
      : 0;
  const watched = (ending: WatchEnding): Watched => {
    const to = clock.now();
    return {
      ending,
      from,
      to,
      deploy,
      liveAt,
      results: checks.map((check) =>
        resultOf(check, standings.get(check.name) ?? NEW_STANDING, expected(check, Math.min(to, end))),
      ),
    };
  };
  const failedForRemedy = (): boolean =>
    checks.some((check) => options.hasRemedy(check) && standings.get(check.name)?.failed !== undefined);

  teller.phase({ phase: `watching ${stage.name}`, waitingFor: `the end of stage ${stage.name}`, until: end });
  for (;;) {
    goOn(run);
    const now = clock.now();
    if (needsInstances) await lookForInstances();
    await reader?.turn();
    await rereadForRequired(run, { checks, liveAt, facts, reader, stage, lagMs: options.lagMs });
    const wanted = dueChecks(checks, due, now);
    for (const check of wanted) due[check.name] = nextBeat(due[check.name] ?? now, beatMs(check, stage), now);
    await sampleAll(wanted);
    if (failedForRemedy()) return watched({ kind: "failed" });
    if (clock.now() - lastLook >= LOOK_MS) {
      const following = await look();
      if (following !== undefined) return watched({ kind: "replaced", following });
    }
    const undecided = checks.filter((check) => isUndecided(standings.get(check.name) ?? NEW_STANDING));
    const until = Math.max(end, ...undecided.map((check) => end + extensionMs(check, beatMs(check, stage))));
    if (clock.now() >= until) break;
    if (clock.now() >= end) {
      const names = undecided.map((check) => `"${check.name}"`).join(", ");
      teller.phase({ phase: `watching ${stage.name}`, waitingFor: `${names} to be decided`, until });
    }
    await teller.beat();
    const next = Math.min(...Object.values(due), lastLook + LOOK_MS, clock.now() < end ? end : until);
    await wait(run, Math.max(0, next - clock.now()));
  }

  const ok = await rereadAtEnd(run, { checks, facts, reader, stage, lagMs: options.lagMs });
  await sampleAll(checks.filter((check) => check.source.kind === "logs" || check.source.kind === "events"));
  const following = await look();
  if (lookProblem !== undefined)
    return watched({ kind: "unsure", reason: `what is live could not be read: ${lookProblem}` });
  if (following !== undefined) return watched({ kind: "replaced", following });
  const finished = watched({ kind: failedForRemedy() ? "failed" : "finished" });
  if (ok) return finished;
  // A window that was not read a second time is not called clean.
  const doubt = (result: CheckResult, check: Check | undefined): CheckResult =>
    result.source === "logs" && (result.verdict === "pass" || result.verdict === "warn")
      ? {
          ...result,
          verdict: check?.ifUnknown ?? "unknown",
          reason: "the log window could not be read once more at the end",
        }
      : result;
  return {
    ...finished,
    results: finished.results.map((result) =>
      doubt(
        result,
        checks.find((check) => check.name === result.name),
      ),
    ),
  };
}

interface Reread {
  readonly checks: readonly Check[];
  readonly facts: WatchFacts;
  readonly reader: LogReader | undefined;
  readonly stage: Stage;
  readonly lagMs: () => number;
}

/** One beat at least, twice the log delay seen, a minute at most. */
function settleMs({ stage, lagMs }: Pick<Reread, "stage" | "lagMs">): number {
  return Math.min(MAX_SETTLE_MS, Math.max(stage.everyMs, 2 * lagMs()));
}

function windowStart(facts: WatchFacts): number {
  return (facts.deploy?.startedAt ?? facts.deploy?.createdAt ?? 0) - 1_000;
}

/** A required line is missing only once the window was read again, some time after its deadline. */
async function rereadForRequired(
  run: ServiceRun,
  input: Reread & { readonly liveAt: number },
): Promise<void> {
  const { facts, reader, liveAt } = input;
  if (reader === undefined) return;
  const now = run.edges.clock.now();
  const deadlines = input.checks.flatMap((check) =>
    check.source.kind === "logs" && check.source.require.length > 0 ? [liveAt + check.source.withinMs] : [],
  );
  const passed = deadlines.filter(
    (deadline) =>
      now >= deadline + settleMs(input) && (facts.rereadTo === undefined || facts.rereadTo < deadline),
  );
  if (passed.length === 0) return;
  if (await reader.reread(windowStart(facts), now)) facts.rereadTo = now;
}

async function rereadAtEnd(run: ServiceRun, input: Reread): Promise<boolean> {
  const { facts, reader } = input;
  if (reader === undefined || !input.checks.some((check) => check.source.kind === "logs")) return true;
  run.teller.phase({
    phase: `watching ${input.stage.name}`,
    waitingFor: "late log lines",
    until: run.edges.clock.now() + settleMs(input),
  });
  await wait(run, settleMs(input));
  const now = run.edges.clock.now();
  const ok = await reader.reread(windowStart(facts), now);
  if (ok) facts.rereadTo = now;
  return ok;
}
