import type { DeployEnding } from "../core/deploy-verdict.ts";
import type { RenderEvent } from "../core/event.ts";
import { isIgnored, skipReason } from "../core/skip-reason.ts";
import type { Commit } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { readEvents } from "./aside.ts";
import type { ServiceRun } from "./run.ts";

/** Waiting for a deploy that has not appeared. */
export interface Absence {
  /** Ends the wait where it can be said why no deploy will come, and when the time for it is over. */
  ending(about: { readonly isTriggered: boolean }): Promise<DeployEnding | undefined>;
  /** When it is over at the latest, ms. */
  readonly until: number;
}

const EVENTS_MS = 30_000;
/** Render may have ignored the commit before the gate began. */
const BEFORE_MS = 10 * 60_000;
/** A message or a build filter that keeps Render from deploying is believed after this; a deploy would have come. */
const SETTLE_MS = 2 * 60_000;

/** A wait of `deploy.appear_within` from the run's start on. `onRead` is told (ms) when Render is read. */
export function createAbsence(
  run: ServiceRun,
  options: {
    readonly commit: Pick<Commit, "message">;
    readonly changedFiles: () => Promise<readonly string[] | undefined>;
    readonly onRead: (at: number) => void;
  },
): Absence {
  const { service, plan, startedAt } = run;
  const { clock } = run.edges;
  const until = startedAt + plan.deploy.appearWithinMs;
  let events: readonly RenderEvent[] = [];
  let readAt = -Infinity;
  let files: readonly string[] | undefined;

  async function readFiles(): Promise<void> {
    try {
      files ??= await options.changedFiles();
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
    }
  }

  return {
    until,
    async ending({ isTriggered }) {
      if (clock.now() - readAt >= EVENTS_MS) {
        readAt = clock.now();
        options.onRead(readAt);
        events = (await readEvents(run, startedAt - BEFORE_MS)) ?? events;
      }
      const facts = {
        service,
        commit: run.commit,
        message: options.commit.message,
        events,
        triggered: isTriggered,
      };
      const now = clock.now();
      if (isIgnored(facts) || now >= Math.min(until, startedAt + SETTLE_MS)) {
        await readFiles();
        const reason = skipReason({ ...facts, ...(files === undefined ? {} : { files }) });
        // With auto-deploy off somebody else may still ask for the deploy.
        if (reason !== undefined && (now >= until || service.autoDeploy)) return { kind: "skipped", reason };
      }
      if (now < until) return undefined;
      const seconds = Math.round(plan.deploy.appearWithinMs / 1000);
      return { kind: "absent", reason: `no deploy of ${run.commit.slice(0, 7)} appeared within ${seconds}s` };
    },
  };
}
