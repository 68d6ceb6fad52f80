import type { Outcome } from "../core/outcome.ts";
import { checksOf } from "../core/schedule.ts";
import { inlineStages } from "../core/stage-results.ts";
import type { WatchState } from "../core/watch-state.ts";
import { verdictSentence } from "../report/title.ts";
import type { Judged } from "./judge.ts";
import { openTimes } from "./look-outcome.ts";
import { windowsLeft } from "./windows-left.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { closeIndex, openIndex } from "./watch-index.ts";

/** Leaves the stages that outlast the job to later runs. */
export interface Leaving {
  /** Keeps what the later looks need; gives the outcome with what is still to come. */
  keep(judged: Pick<Judged, "outcome" | "watch">): Promise<Outcome>;
  /** After the verdict: where nothing is left to watch, the index entry is closed. */
  leave(outcome: Outcome): Promise<void>;
}

/**
 * Opens the index entry before anything is waited for, so that a missing permission is said at once and a job that is
 * killed is found by later runs. Without later stages nothing is opened.
 */
export async function startLeaving(run: ServiceRun, told: Told): Promise<Leaving> {
  const { plan, edges, teller, service } = run;
  const inline = inlineStages(plan.stages, run.inlineMs).length;
  const later = plan.stages.slice(inline).filter((stage) => checksOf(plan.checks, stage).length > 0);
  const last = later.at(-1);
  if (last === undefined)
    return { keep: ({ outcome }) => Promise.resolve(outcome), leave: () => Promise.resolve() };
  const indexing = { forge: edges.forge, note: (text: string) => teller.note(text) };
  const { appearWithinMs, liveWithinMs } = plan.deploy;
  const index = await openIndex(indexing, told, {
    service,
    ...(plan.file === undefined ? {} : { config: plan.file }),
    stages: later.map(({ name }) => name),
    until: edges.clock.now() + appearWithinMs + liveWithinMs + last.forMs,
  });
  let isLeft = false;

  return {
    async keep({ outcome, watch }) {
      const { watch: earlier } = told.book.current ?? {};
      if (index === undefined || watch === undefined) {
        if (earlier !== undefined) told.book.change({ service: service.id, watch: undefined });
        const { laterStages: _, ...rest } = outcome;
        return rest;
      }
      const state = goingOn(await watch(), earlier);
      const windows = windowsLeft(run, state);
      const now = edges.clock.now();
      if (isRepeated(told, outcome) && windows.every(({ to }) => to < now)) {
        teller.note("The stages after this job's were over before it ran again, and are not watched twice");
        const { laterStages: _, ...rest } = outcome;
        return rest;
      }
      told.book.change({ service: service.id, watch: state });
      isLeft = true;
      return {
        ...outcome,
        laterStages: windows.map(({ stage }) => stage.name),
        ...openTimes(windows, now),
      };
    },
    async leave(outcome) {
      if (index === undefined || isLeft) return;
      const url = told.checkRun?.url;
      await closeIndex(indexing, index, {
        verdict: outcome.verdict,
        sentence: verdictSentence(outcome),
        ...(url === undefined ? {} : { url }),
      });
    },
  };
}

/** A re-run of the job goes on with what looks have seen since; its own stages end as it has judged them now. */
function goingOn(own: WatchState, earlier: WatchState | undefined): WatchState {
  if (earlier === undefined || earlier.over !== undefined || earlier.deploy.id !== own.deploy.id) return own;
  const isOwn = (name: string): boolean => own.ended.some((stage) => stage.name === name);
  return { ...earlier, ended: [...own.ended, ...earlier.ended.filter(({ name }) => !isOwn(name))] };
}

/** Whether an earlier run has judged this deploy to the end of its watch. */
function isRepeated({ state }: Told, { deploy }: Outcome): boolean {
  if (state.kind !== "state" || state.state.watch !== undefined) return false;
  return state.state.verdict !== undefined && state.state.deploy === deploy?.id;
}
