import type { Deploy } from "./deploy.ts";
import type { LogWindow } from "./log-facts.ts";

const DAY_MS = 24 * 60 * 60_000;
/** What a version prints when it starts, it prints within this after live. */
const START_UP_MS = 10 * 60_000;

/**
 * Where the previous deploy's lines are looked for: its start, build included, and the last day before the judged
 * deploy. The first window holds the start. Times in ms.
 */
export function oldWindows(
  previous: Pick<Deploy, "createdAt" | "startedAt" | "finishedAt">,
  before: number,
): readonly LogWindow[] {
  const start = Math.min(previous.startedAt ?? previous.createdAt, before);
  const started = (previous.finishedAt ?? start) + START_UP_MS;
  const lastDay = before - DAY_MS;
  return started >= lastDay
    ? [{ from: start, to: before }]
    : [
        { from: start, to: started },
        { from: lastDay, to: before },
      ];
}
