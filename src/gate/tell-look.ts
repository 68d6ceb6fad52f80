import type { Outcome } from "../core/outcome.ts";
import type { WatchState } from "../core/watch-state.ts";
import { communicate } from "./communicate.ts";
import { keptMoments } from "./left-watch.ts";
import type { OpenWatch } from "./open-watch.ts";

/**
 * What a look has to tell people besides check run and status, with everything that it did until then; `before` is the
 * watch as the look found it. What happened is kept for the next one.
 */
export async function tellLook(open: OpenWatch, before: WatchState, found: Outcome): Promise<Outcome> {
  const { run, told, issue, course } = open;
  const { book } = told;
  const isOver = book.current?.watch?.over !== undefined;
  const outcome = await communicate(run, told, { outcome: found, issue, notifier: course.notifier, isOver });
  const timeline = [...before.moments, ...run.teller.timeline];
  const { watch } = book.current ?? {};
  if (watch !== undefined)
    book.change({ service: run.service.id, watch: { ...watch, moments: keptMoments(timeline) } });
  return { ...outcome, timeline, requests: run.edges.requests(), endedAt: run.edges.clock.now() };
}
