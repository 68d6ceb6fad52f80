import { EXCUSING_EVENTS } from "../core/event-sample.ts";
import type { RenderEvent } from "../core/event.ts";
import type { ServiceRun } from "./run.ts";
import { createSharedReads } from "./shared-reads.ts";

/** Events of the service since a day before live, those that excuse others included. */
export interface RecentEvents {
  /** One request for all checks that ask within a few seconds. `liveAt` in ms. */
  read(liveAt: number): Promise<readonly RenderEvent[]>;
}

const FRESH_MS = 5_000;
/** Maintenance that began longer than this before what it would excuse is over. */
const BACK_MS = 24 * 60 * 60_000;

/** Reads the types that the plan's checks count, and those that tell whose doing an event was. */
export function createRecentEvents({ edges, service, plan }: ServiceRun): RecentEvents {
  const { clock, deploys } = edges;
  const types = [
    ...new Set(
      plan.checks
        .flatMap((check) => (check.source.kind === "events" ? check.source.types : []))
        .concat(EXCUSING_EVENTS),
    ),
  ];
  const shared = createSharedReads<readonly RenderEvent[]>(clock);
  let earliestLiveAt = Infinity;
  return {
    read(liveAt) {
      earliestLiveAt = Math.min(earliestLiveAt, liveAt);
      return shared({ key: "events", freshMs: FRESH_MS }, () =>
        deploys.events(service.id, {
          from: Math.min(clock.now(), earliestLiveAt) - BACK_MS,
          to: clock.now() + 60_000,
          types,
        }),
      );
    },
  };
}
