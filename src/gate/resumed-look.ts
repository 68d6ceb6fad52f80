import type { Action, Outcome } from "../core/outcome.ts";
import { OVERDUE_MS } from "../core/stage-closing.ts";
import type { Deploy } from "../core/deploy.ts";
import type { WatchState } from "../core/watch-state.ts";
import { remedyFor } from "../core/watch-verdict.ts";
import type { Comparison, Edges } from "../ports.ts";
import { broughtNoCode } from "./acting.ts";
import { alone, type Visit } from "./alone.ts";
import { tellsPeople } from "./communicate.ts";
import { conclude } from "./conclude.ts";
import { writerOf } from "./course.ts";
import type { DeployList } from "./deploy-list.ts";
import { endedWatch } from "./ended-watch.ts";
import { spotsOf } from "./evidence.ts";
import { readCommit } from "./find-service.ts";
import type { Judged } from "./judge.ts";
import { watchAfter } from "./left-watch.ts";
import { lookOutcome, overdueOutcome } from "./look-outcome.ts";
import { lookAtWatch, watchList, type LookResult } from "./look.ts";
import { windowsLeft } from "./windows-left.ts";
import type { OpenWatch } from "./open-watch.ts";
import { publishActions } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { tellLook } from "./tell-look.ts";

/** What was judged, and what is kept of it for the next look. */
interface Judgement {
  readonly judged: Judged;
  readonly after: WatchState;
  readonly isOver: boolean;
}

type Publisher = Pick<Edges, "forge" | "runner">;

/** Two runs at once need not look twice, ms. */
const JUST_NOW_MS = 60_000;

/**
 * Looks once at a watch, tells what was found, and does what it calls for. `publisher` writes a verdict whatever
 * becomes of the job. Throws ServiceProblem; the watch is as it was then.
 */
export async function resumedLook(watch: OpenWatch, state: WatchState, publisher: Publisher): Promise<Visit> {
  const { run } = watch;
  const agoMs = run.edges.clock.now() - state.at;
  if (state.looks > 0 && agoMs >= 0 && agoMs < JUST_NOW_MS)
    return { kind: "left", why: `${state.by} has looked just now` };
  const serving = state.follows === undefined ? run : { ...run, commit: state.follows };
  const found = await lookAtWatch(serving, state);
  const waits = overdueWait(run, state, found);
  if (waits !== undefined) return settled(watch, state, { ...overdue(run, state, waits), publisher });
  if (found.kind === "postponed") return { kind: "left", why: found.why };
  return settled(watch, state, { ...(await judgedBy(watch, state, found)), publisher });
}

/** Closed as unknown, because it could not be decided long after its end. */
function overdue(run: ServiceRun, state: WatchState, why: string): Judgement {
  return {
    judged: {
      outcome: overdueOutcome(run, state, why),
      list: watchList(run, state),
      preDeployFailed: false,
      passedOnOld: new Set(state.passedBefore),
    },
    after: { ...state, at: run.edges.clock.now(), looks: state.looks + 1, by: run.runUrl },
    isOver: true,
  };
}

/**
 * What a watch still waits for that is not waited for any more: what looks could not read for a day after a stage's end,
 * or, where no look can be taken, anything a day after the last one's. However late the first look after a stage's end
 * comes, it is taken; all else is decided by the next ones.
 */
function overdueWait(run: ServiceRun, state: WatchState, found: LookResult): string | undefined {
  const before = run.edges.clock.now() - OVERDUE_MS;
  if (found.kind === "postponed") {
    const isOver = windowsLeft(run, state).every(({ to }) => to < before);
    return isOver ? found.why : undefined;
  }
  const { open, unread, waitingFor = "a look" } = found.looked;
  const isLate = unread.size > 0 && open.some(({ lateFrom = Infinity }) => lateFrom < before);
  return found.ending.kind === "open" && isLate ? `it waits for ${waitingFor}` : undefined;
}

/** What was found as a judgement: with a failure, the remedy that it calls for. */
async function judgedBy(
  { run, state: gate }: Pick<OpenWatch, "run" | "state">,
  state: WatchState,
  found: Extract<LookResult, { readonly kind: "looked" }>,
): Promise<Judgement> {
  const { ending, looked, watch, list, book, next } = found;
  const outcome = lookOutcome(run, state, found);
  const after = watchAfter(run, state, found);
  const isOver = ending.kind !== "open";
  const judged = { list, preDeployFailed: false, passedOnOld: new Set(state.passedBefore) };
  // What the first stages measured is what later gates compare with, as long as nothing has failed.
  const hasFailed = outcome.checks.some(({ verdict }) => verdict === "fail");
  const kept = gate.measured === undefined || hasFailed ? {} : { measured: gate.measured };
  if (outcome.verdict !== "fail" || ending.kind === "open")
    return { judged: { ...judged, outcome: { ...outcome, ...kept } }, after, isOver };
  const results = [...looked.ended, ...looked.open].flatMap((stage) => stage.results);
  const remedy = remedyFor(ending, results, watch.old);
  const held: readonly Action[] = remedy.held.map((action) => ({
    ...action,
    kind: stepOf(run, action.kind),
  }));
  const foreign = foreignCause(run, state, { outcome, list, next });
  const heldBack: readonly Action[] =
    remedy.name === undefined || foreign === undefined
      ? held
      : [...held, { kind: stepOf(run, remedy.name), state: "held", reason: foreign }];
  const range = await rangeOf(run, state);
  const spots = await spotsOf(run, { book, results });
  return {
    judged: {
      ...judged,
      outcome: { ...outcome, spots, actions: [...outcome.actions, ...heldBack] },
      ...(remedy.name === undefined || foreign !== undefined ? {} : { remedy: remedy.name }),
      ...(range === undefined ? {} : { range }),
    },
    after,
    isOver,
  };
}

/** Why something else than the gated commit may have caused a failure that was measured in a stage after the first. */
function foreignCause(
  run: ServiceRun,
  state: WatchState,
  about: { readonly outcome: Outcome; readonly list: DeployList; readonly next: Deploy | undefined },
): string | undefined {
  const { outcome, list, next } = about;
  const later = next?.commit?.sha;
  if (state.follows === undefined && later !== undefined)
    return `a later deploy, of ${later.slice(0, 7)}, serves by now`;
  // Which of the deploys since then caused it nobody has measured.
  if (state.follows !== undefined)
    return `it was measured while ${state.follows.slice(0, 7)} served, a later deploy: which of them is to blame is not known`;
  const firstEnd = state.anchor + (run.plan.stages[0]?.forMs ?? 0);
  if (outcome.deploy === undefined || outcome.deploy.createdAt < firstEnd) return undefined;
  return broughtNoCode({ ...run, startedAt: firstEnd }, { outcome, list });
}

/** What was held back is told as the step that was not done. */
function stepOf(run: ServiceRun, remedy: string): string {
  return run.plan.remedies[remedy]?.steps[0]?.kind ?? remedy;
}

/** G..commit; undefined without G. Throws ServiceProblem. */
export async function rangeOf(
  run: ServiceRun,
  { previousCommit }: WatchState,
): Promise<Comparison | undefined> {
  return previousCommit === undefined ? undefined : run.edges.forge.compare(previousCommit, run.commit);
}

/** Tells what was judged. Whatever changes more than numbers is done by one run alone. */
async function settled(
  watch: OpenWatch,
  state: WatchState,
  about: Judgement & { readonly publisher: Publisher },
): Promise<Visit> {
  const { run, told, course } = watch;
  const { judged, after, isOver, publisher } = about;
  const { outcome } = judged;
  const isNews =
    isOver || outcome.verdict !== watch.state.verdict || after.ended.length !== state.ended.length;
  const kept = isOver ? endedWatch(after, outcome, run.edges.clock.now()) : after;
  return alone(watch, isNews || tellsPeople(run, told, outcome), async () => {
    told.book.change({ service: run.service.id, watch: kept });
    const written = isNews
      ? await conclude(run, {
          judged,
          commit: await readCommit(run, run.commit),
          told,
          course,
          publisher,
          freeze: { settle: () => Promise.resolve([]) },
        })
      : outcome;
    const before = isNews ? told.book.block() : undefined;
    const done = await tellLook(watch, state, written);
    if (told.book.block() !== before) await publishActions(writerOf(publisher, course), told, done);
    return { kind: "told", outcome: done };
  });
}
