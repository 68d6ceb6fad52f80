import { brokenBefore } from "../core/broken-before.ts";
import type { Deploy } from "../core/deploy.ts";
import type { Decision } from "../core/deploy-verdict.ts";
import type { KeptLogs } from "../core/kept-log.ts";
import type { LogBook } from "../core/log-book.ts";
import { stagesVerdict } from "../core/stage-results.ts";
import type { StageWindow } from "../core/stage-window.ts";
import type { WatchState } from "../core/watch-state.ts";
import { watchVerdict, type WatchEnding } from "../core/watch-verdict.ts";
import { logText } from "../report/plain.ts";
import { customDomains } from "./custom-domains.ts";
import { createDeployList, type DeployList } from "./deploy-list.ts";
import { createDiagnoses } from "./diagnose.ts";
import { createLiveLook, liveTime, type Replacement } from "./live-look.ts";
import type { Unjudged } from "./look-coverage.ts";
import { createLookLogs } from "./look-logs.ts";
import { lookAtStages, type Looked } from "./look-stages.ts";
import { firstReplacement, followedNext } from "./replacement.ts";
import { createRetainedEdges } from "./retained-edges.ts";
import type { ServiceRun } from "./run.ts";
import { createSampler } from "./sample.ts";
import { sharedSampler } from "./shared-sampler.ts";
import { factsOf, restoredWatch, withoutPast, type RestoredWatch } from "./watch-keeping.ts";
import { SETTLE_MS, windowsLeft } from "./windows-left.ts";

/** How a look leaves a watch. */
export type LookEnding = Exclude<WatchEnding, { readonly kind: "unsure" }> | { readonly kind: "open" };

/** What one look at a watch found. */
export type LookResult =
  /** It could not be taken; the watch is as it was. */
  | { readonly kind: "postponed"; readonly why: string }
  | {
      readonly kind: "looked";
      readonly watch: RestoredWatch;
      readonly book: LogBook;
      /** What log checks go on from at the next look. */
      readonly lines: KeptLogs | undefined;
      readonly looked: Looked;
      readonly ending: LookEnding;
      readonly decision: Decision;
      readonly list: DeployList;
      /** The deploy that a stage which goes on over deploys is watched by from now on. */
      readonly next?: Deploy;
    };

/**
 * One look at a watch that is left open. `run.commit` is the commit that serves for it: another one than the gated
 * commit where a stage goes on over deploys. Throws ServiceProblem when Render or GitHub cannot be read.
 */
export async function lookAtWatch(run: ServiceRun, state: WatchState): Promise<LookResult> {
  const { clock } = run.edges;
  const now = clock.now();
  const list = watchList(run, state);
  const served = await whatServes(run, state, list);
  if ("why" in served) {
    run.edges.runner.warning(logText(`${served.why}. The watch stays open; the next run goes on.`));
    return { kind: "postponed", why: served.why };
  }
  const { watch } = served;
  const left = windowsLeft(run, state);
  const replaced =
    served.replaced &&
    (await firstReplacement(run, { list, deploy: watch.facts.deploy, now: served.replaced }));
  const goesOn = left.find(({ to }) => to > (replaced?.at ?? now))?.stage.acrossDeploys === true;
  const next = replaced !== undefined && goesOn ? await followedNext(run, replaced) : undefined;
  if (next === "undecided")
    return { kind: "postponed", why: "the gate of the deploy that serves now has not decided yet" };
  const until = Math.min(now - SETTLE_MS, replaced?.at ?? Infinity);
  const retained = createRetainedEdges(run.edges, { until });
  const past: ServiceRun = { ...run, edges: retained.edges };
  const logs = createLookLogs(past, watch.facts, watch.lines);
  watch.facts.rereadTo = until;
  const logsUnread = await logs.read(until, list);
  const sampler = createSampler(past, {
    book: logs.book,
    customDomains: await customDomains(run),
    counted: watch.counted,
  });
  // How an instance ended is told by the look before: of a moment that is past, a stop that came later says nothing.
  const { instances } = watch.facts;
  const before = { ...instances, ...watch.presence };
  const looked = await lookAtStages(past, {
    windows: left,
    begun: watch.begun,
    judgedTo: watch.judgedTo,
    lookedAt: state.at,
    until,
    freshMs: run.plan.stages[0]?.forMs ?? 0,
    isReplaced: replaced !== undefined,
    facts: watch.facts,
    sampler: sharedSampler(sampler, retained.edges.clock),
    memory: watch.memory,
    diagnoses: createDiagnoses(run),
    baselineOf: (check) => Promise.resolve(watch.baselineOf(check)),
    hasRemedy: (check, finding) =>
      check.onFail !== "alert" && !brokenBefore(watch.old.get(check.name), finding),
    goTo(at) {
      retained.goTo(at);
      watch.facts.instances = at === undefined ? instances : before;
      if (at !== undefined) logs.goTo(at);
    },
    logsUnread,
    unjudged: served.unjudged ?? (next && replaced && { from: replaced.at, to: liveTime(next, now) }),
  });
  for (const [name, why] of looked.unread)
    run.teller.note(
      `"${name}" could not be judged up to now: ${why}. The next look goes on where it stopped`,
    );
  // What follows is judged from when the next deploy went live: nothing before that may be left.
  if (next !== undefined && looked.unread.size > 0 && !looked.hasFailed)
    return { kind: "postponed", why: `the time before ${next.id} took over could not be read` };
  // Between the last beat and now lines were written, too: they count at the next one.
  logs.goTo(until);
  // Before anything is said: what is live, read after everything it is about.
  if ((looked.ended.length > 0 || looked.hasFailed) && replaced === undefined) {
    const following = await list.look();
    if (following.kind !== "live" || following.deploy.id !== watch.facts.deploy?.id)
      return { kind: "postponed", why: "another deploy took over while this look was taken" };
  }
  const ending = endingOf({ replaced: replaced?.by, next, looked, left });
  return {
    kind: "looked",
    watch,
    lines: logsUnread === undefined ? logs.book.kept(until) : watch.lines,
    book: logs.book,
    looked,
    ending,
    decision: decisionOf(state, { looked, left, ending, now }),
    list,
    ...(next === undefined ? {} : { next }),
  };
}

/** A reader of the deploys since the watched one; nothing read yet. */
export function watchList(run: ServiceRun, { committedAt, previousCommit }: WatchState): DeployList {
  return createDeployList(run, {
    committedAt,
    parents: previousCommit === undefined ? [] : [previousCommit],
  });
}

interface Serving {
  readonly watch: RestoredWatch;
  readonly replaced?: Replacement;
  /** Since the last look, until a redeploy of the commit went live. */
  readonly unjudged?: Unjudged;
}

/** What serves by now, and what is known of the watch; or why that cannot be said. */
async function whatServes(
  run: ServiceRun,
  state: WatchState,
  list: DeployList,
): Promise<Serving | { readonly why: string }> {
  const facts = factsOf(state);
  const { present, presentAt } = facts.instances;
  let isRedeployed = false;
  const live = createLiveLook(run, {
    list,
    facts,
    deploy: facts.deploy,
    onInstances: () => undefined,
    onRedeploy: () => (isRedeployed = true),
  });
  await live.look();
  if (live.problem !== undefined) return { why: live.problem };
  // What Render says of the deploy by now.
  facts.deploy = list.deploys.find(({ id }) => id === facts.deploy.id) ?? facts.deploy;
  await live.lookAtInstances();
  const presence = {
    ...(present === undefined ? {} : { present }),
    ...(presentAt === undefined ? {} : { presentAt }),
  };
  const watch = restoredWatch(run, isRedeployed ? withoutPast(run, state, facts) : state, {
    facts,
    presence,
  });
  return {
    watch,
    ...(live.replaced === undefined ? {} : { replaced: live.replaced }),
    ...(isRedeployed ? { unjudged: { from: state.at, to: facts.liveAt ?? state.at } } : {}),
  };
}

function endingOf(about: {
  readonly replaced: Replacement | undefined;
  readonly next: Deploy | undefined;
  readonly looked: Looked;
  readonly left: readonly StageWindow[];
}): LookEnding {
  const { replaced, next, looked, left } = about;
  // A stage over deploys has failed whichever of them serves by now.
  if (looked.hasFailed && (replaced === undefined || next !== undefined)) return { kind: "failed" };
  if (looked.ended.some(({ decision }) => decision.verdict === "fail")) return { kind: "finished" };
  if (left.length === looked.ended.length) return { kind: "finished" };
  if (replaced !== undefined && next === undefined) return { kind: "replaced", following: replaced };
  return { kind: "open" };
}

/** The verdict so far: of the stages that ended, and of those under way what has failed already. */
function decisionOf(
  state: WatchState,
  about: {
    readonly looked: Looked;
    readonly left: readonly StageWindow[];
    readonly ending: LookEnding;
    readonly now: number;
  },
): Decision {
  const { looked, left, ending, now } = about;
  const ended = [
    ...state.ended.map(({ reason, ...stage }) => ({ stage, decision: { verdict: stage.verdict, reason } })),
    ...looked.ended,
  ];
  const hasFailed = ({ results }: (typeof looked.open)[number]): boolean =>
    results.some(({ verdict }) => verdict === "fail");
  if (ending.kind === "replaced") {
    const current = looked.open.find(hasFailed) ?? looked.open[0];
    // The stage that it cut short may not have begun.
    const stage = current?.window.stage ?? left[looked.ended.length]?.stage;
    if (stage !== undefined)
      return stagesVerdict(ended, { name: stage.name, ending, results: current?.results ?? [] });
  }
  const failing = looked.open.filter(hasFailed).map(({ window, results }) => {
    const decision = watchVerdict({ kind: "failed" }, results);
    const stage = { name: window.stage.name, from: window.from, to: now, verdict: decision.verdict };
    return { stage, decision };
  });
  return stagesVerdict([...ended, ...failing], undefined);
}
