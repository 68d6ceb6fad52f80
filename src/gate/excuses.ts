import type { HttpAnswer } from "../core/http-sample.ts";
import type { Service } from "../core/service.ts";
import { ServiceProblem } from "../problem.ts";
import type { RecentEvents } from "./recent-events.ts";
import type { ServiceRun } from "./run.ts";
import { createSharedReads } from "./shared-reads.ts";

/** What other than the new version may explain that the service does not answer (design 5.1). */
export interface Excuses {
  /**
   * Whether Render's API answers at this very time, whatever it says. Asked without repeats: one that succeeds later
   * says nothing of now.
   */
  isReached(): Promise<boolean>;
  /**
   * The excuse of a bad answer that has just come; undefined when the service has none. `meanwhile` is whether
   * Render's API was reached while a slow answer was waited for. `liveAt` in ms.
   */
  of(
    answer: HttpAnswer,
    about: { readonly liveAt: number; readonly meanwhile: Promise<boolean> | undefined },
  ): Promise<string | undefined>;
}

/** Checks that failed at the same moment share a look at the network; a second later it may be another. */
const NETWORK_FRESH_MS = 1_000;
const EXCUSE_FRESH_MS = 5_000;

/** Reads of Render's service and its events tell, as does whether they can be had at all. */
export function createExcuses({ edges, service }: ServiceRun, recent: RecentEvents): Excuses {
  const { clock, deploys } = edges;
  const looks = createSharedReads<Look>(clock);
  const shared = createSharedReads<string | undefined>(clock);

  type Look = { readonly isReached: boolean; readonly service?: Service | undefined };
  async function look(): Promise<Look> {
    try {
      return { isReached: true, service: await deploys.service(service.id, { isOnce: true }) };
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return { isReached: error.status !== undefined };
    }
  }
  const lookNow = (): Promise<Look> => looks({ key: "network", freshMs: NETWORK_FRESH_MS }, look);

  async function readExcuse(liveAt: number, known: Service | undefined): Promise<string | undefined> {
    try {
      const fresh = known ?? (await deploys.service(service.id));
      if (fresh?.suspended) return "the service is suspended";
      if (fresh?.maintenanceMode) return "maintenance mode is on";
      const maintenance = (await recent.read(liveAt)).findLast(
        ({ type }) => type === "maintenance_started" || type === "maintenance_ended",
      );
      return maintenance?.type === "maintenance_started" ? "Render's maintenance is in progress" : undefined;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return "Render's API does not say whether the service is suspended or under maintenance";
    }
  }

  return {
    isReached: async () => (await lookNow()).isReached,
    async of(answer, { liveAt, meanwhile }) {
      let known: Service | undefined;
      // An answer has shown that the network carries.
      if (answer.kind === "silence") {
        if ((await meanwhile) === false)
          return "Render's API was not reached while this was waited for, so the runner's own network may be the cause";
        const now = await lookNow();
        if (!now.isReached)
          return "Render's API did not answer either, so the runner's own network may be the cause";
        known = now.service;
      }
      return shared({ key: "excuse", freshMs: EXCUSE_FRESH_MS }, () => readExcuse(liveAt, known));
    },
  };
}
