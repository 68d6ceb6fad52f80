import type { Sample } from "../core/check.ts";
import type { EventsSource } from "../core/source.ts";
import { eventSample } from "../core/event-sample.ts";
import type { Moment } from "./moment.ts";
import type { RecentEvents } from "./recent-events.ts";
import type { ServiceRun } from "./run.ts";

/** Takes samples of events checks. */
export function createEventSamples(
  { edges, service }: ServiceRun,
  recent: RecentEvents,
): (source: EventsSource, moment: Moment) => Promise<Sample> {
  return async (source, moment) => {
    const at = edges.clock.now();
    const events = await recent.read(moment.liveAt);
    return eventSample({
      at,
      liveAt: moment.liveAt,
      types: source.types,
      events,
      isNew: moment.isNew,
      ...(moment.bornAt === undefined ? {} : { bornAt: moment.bornAt }),
      ...(moment.checkedAt === undefined ? {} : { checkedAt: moment.checkedAt }),
      shutdownDelayMs: service.shutdownDelayMs,
      keep: edges.redact,
    });
  };
}
