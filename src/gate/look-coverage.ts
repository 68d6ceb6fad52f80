import type { Check } from "../core/check.ts";
import {
  backFilled,
  SURELY_KEPT_MS,
  withGap,
  type CoverageGap,
  type StageCoverage,
} from "../core/coverage.ts";
import { beatMs } from "../core/schedule.ts";
import { beatOf, type StageWindow } from "../core/stage-window.ts";
import { lookBeatMs, type StageProgress } from "./stage-progress.ts";

/** A stage under way, with its checks: what is kept of them can be judged afterwards, or only a look sees them. */
export interface Placed {
  readonly window: StageWindow;
  readonly progress: StageProgress;
  readonly kept: readonly Check[];
  readonly momentary: readonly Check[];
}

/** A stretch that nobody can judge any more, ms. */
export interface Unjudged {
  readonly from: number;
  readonly to: number;
}

/**
 * The gaps so far, with what came since the last look: where that was longer ago than the stage's beat, where Render may
 * not keep it any more, and where it was of a deploy that nobody judged. Times in ms.
 */
export function gapsOf(
  { window, progress, kept, momentary }: Placed,
  about: {
    readonly now: number;
    readonly lookedAt: number;
    readonly unread: ReadonlyMap<string, string>;
    readonly unjudged: Unjudged | undefined;
  },
): StageProgress["gaps"] {
  const { now, lookedAt, unread, unjudged } = about;
  const { everyMs } = window.stage;
  const sources = (checks: readonly Check[]): readonly string[] => [
    ...new Set(checks.map(({ source }) => source.kind)),
  ];
  let gaps = unread.size === 0 ? backFilled(progress.gaps, sources(kept)) : progress.gaps;
  function add(stretch: Unjudged, gap: Pick<CoverageGap, "backFilled" | "unseen">): void {
    const from = Math.max(window.from, stretch.from);
    const to = Math.min(window.to, stretch.to);
    const missed = beatOf(window, everyMs, to) - beatOf(window, everyMs, from) - 1;
    if (to > from && missed >= 1) gaps = withGap(gaps, { from, to, ...gap });
  }
  const lost = { backFilled: false, unseen: sources([...kept, ...momentary]) };
  const keptFrom = Math.max(lookedAt, now - SURELY_KEPT_MS);
  add({ from: lookedAt, to: keptFrom }, lost);
  if (unjudged !== undefined) add(unjudged, lost);
  const from = Math.max(keptFrom, unjudged?.to ?? keptFrom);
  add({ from, to: now }, { backFilled: unread.size === 0, unseen: sources(momentary) });
  return gaps;
}

/** What was seen of a stage up to now (ms): beats of all its checks. */
export function coverageOf(
  progress: StageProgress,
  { kept, momentary }: Placed,
  { now, judgedTo }: { readonly now: number; readonly judgedTo: ReadonlyMap<string, number> },
): StageCoverage {
  const { window, seen, gaps } = progress;
  const to = Math.min(now, window.to);
  const beats = (everyMs: number, upTo: number): number => Math.max(0, beatOf(window, everyMs, upTo) + 1);
  const counts = [
    ...kept.map((check) => {
      const everyMs = beatMs(check, window.stage);
      const known = Math.min(to, judgedTo.get(check.name) ?? -Infinity);
      const lost = gaps
        .filter((gap) => gap.to <= known && gap.unseen.includes(check.source.kind))
        .reduce((sum, gap) => sum + beats(everyMs, gap.to) - beats(everyMs, gap.from), 0);
      return { due: beats(everyMs, to), seen: Math.max(0, beats(everyMs, known) - lost) };
    }),
    ...momentary.map((check) => ({
      due: beats(lookBeatMs(check, window), to),
      seen: seen.get(check.name)?.count ?? 0,
    })),
  ];
  return {
    stage: window.stage.name,
    from: window.from,
    to,
    due: counts.reduce((sum, one) => sum + one.due, 0),
    seen: counts.reduce((sum, one) => sum + one.seen, 0),
    gaps,
  };
}
