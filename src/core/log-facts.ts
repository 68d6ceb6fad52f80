/** What the lines are judged against; asked anew for every line and sample, because it becomes known bit by bit. */
export interface LogFacts {
  /** When the deploy started, ms. */
  readonly startedAt: number;
  readonly liveAt?: number;
  /** Old and new answer side by side for 60 s after live plus this, ms. */
  readonly shutdownDelayMs: number;
  /** When the list of deploys was last read, ms: what an unknown instance wrote later may be a newer deploy's. */
  readonly checkedAt?: number;
  /** Whether an instance that wrote a line `at` is of the new version; `undefined`: cannot be said yet. */
  readonly isNew: (suffix: string, at: number) => boolean | undefined;
  /** False for cron jobs, whose runs have no lasting instances: every line since the deploy counts. */
  readonly hasInstances: boolean;
  readonly knowsNewInstances: boolean;
  /** Up to when the whole window was read a second time, ms. */
  readonly rereadTo?: number;
  /** Why part of the window could not be read. */
  readonly gap?: string;
}

/** Render's clock and ours differ by this much at most where a deploy starts, ms. */
export const START_SLACK_MS = 1_000;

/** Request lines carry no instance: they count only once old instances are gone (render-api.md 7.2). */
export function requestsFrom(facts: LogFacts): number | undefined {
  return facts.liveAt === undefined ? undefined : facts.liveAt + 60_000 + facts.shutdownDelayMs;
}
