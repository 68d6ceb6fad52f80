import type { LogLine } from "./log-line.ts";

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
  /** Up to when lines were read or heard, ms; absent: up to now. */
  readonly knownTo?: number;
  readonly thinned?: Thinned;
  /** How long an instance that wrote its last line `at` lived, as far as is known; absent: nobody looks. */
  readonly lifeOf?: (suffix: string, at: number) => Life;
}

/** Windows of which not all lines were read that count for these subjects. */
export interface Thinned {
  readonly value: readonly LogWindow[];
  readonly rate: readonly LogWindow[];
}

export const NOT_THINNED: Thinned = { value: [], rate: [] };

/** Up to when an instance was surely there, ms, and whether it has stopped since. */
export interface Life {
  readonly to: number;
  readonly isGone: boolean;
}

/** From one moment to another, ms. */
export interface LogWindow {
  readonly from: number;
  readonly to: number;
}

/** Render's clock and ours differ by this much at most where a deploy starts, ms. */
export const START_SLACK_MS = 1_000;

/** Request lines carry no instance: they count only once old instances are gone (render-api.md 7.2). */
export function requestsFrom(facts: LogFacts): number | undefined {
  return facts.liveAt === undefined ? undefined : facts.liveAt + 60_000 + facts.shutdownDelayMs;
}

/** The windows, and this one too; those that touch become one. */
export function withWindow(windows: readonly LogWindow[], window: LogWindow): readonly LogWindow[] {
  const isApart = ({ from, to }: LogWindow): boolean => to < window.from || from > window.to;
  const joined = [...windows.filter((one) => !isApart(one)), window];
  return [
    ...windows.filter(isApart),
    { from: Math.min(...joined.map(({ from }) => from)), to: Math.max(...joined.map(({ to }) => to)) },
  ];
}

/** What is left of the windows without this one. */
export function withoutWindow(windows: readonly LogWindow[], window: LogWindow): readonly LogWindow[] {
  return windows
    .flatMap(({ from, to }) => [
      { from, to: Math.min(to, window.from) },
      { from: Math.max(from, window.to), to },
    ])
    .filter(({ from, to }) => from < to);
}

/** Lines may be written so long before they can be read, as far as nothing else is seen; and no later than the most. */
const LEAST_LAG_MS = 15_000;
export const MOST_LAG_MS = 60_000;

/**
 * Up to when all lines are there: what was written later may still be on its way. `at` is now, `lagMs` the largest
 * delay seen, all in ms.
 */
export function settledAt(
  facts: LogFacts,
  { at, lagMs = 0 }: { readonly at: number; readonly lagMs?: number | undefined },
): number {
  return Math.min(at, facts.knownTo ?? at) - Math.min(MOST_LAG_MS, Math.max(LEAST_LAG_MS, lagMs));
}

/** Whether a line is of this deploy's version and window; undefined when it cannot be said yet. */
export function belongs(line: LogLine, facts: LogFacts): boolean | undefined {
  const isSinceStart = line.at >= facts.startedAt - START_SLACK_MS;
  switch (line.type) {
    case "build":
      return isSinceStart && (facts.liveAt === undefined || line.at <= facts.liveAt);
    case "request":
      return line.at >= (requestsFrom(facts) ?? Infinity);
    case "app":
      if (!facts.hasInstances) return isSinceStart;
      // The platform's own lines carry no instance.
      if (line.instance === undefined) return false;
      // Where the list of instances does not tell, time may: the old version's have stopped by then.
      return (
        facts.isNew(line.instance, line.at) ??
        (line.at >= (requestsFrom(facts) ?? Infinity) && line.at <= (facts.checkedAt ?? Infinity)
          ? true
          : undefined)
      );
    default:
      return false;
  }
}
