import type { FailAfter } from "../core/check.ts";
import type { Source } from "../core/source.ts";

/** A stage as one check lives in it, ms. */
export interface Window {
  /** Its start after live. */
  readonly fromMs: number;
  /** How long it is. */
  readonly forMs: number;
  readonly everyMs: number;
  /** How much of its beginning is not judged. */
  readonly graceMs: number;
}

/** A stage's end, as time after live, and its beat, ms. */
export interface StageTimes {
  readonly name: string;
  readonly forMs: number;
  readonly everyMs: number;
}

/** When and how often a check looks, as it says itself; `graceMs` is after live. */
export interface Beat {
  readonly stages?: readonly string[] | undefined;
  readonly everyMs?: number | undefined;
  readonly graceMs: number;
}

/** The windows of the stages that a check runs in: each from the end of the stage before to live + `for`. */
export function windowsIn(
  stages: readonly StageTimes[],
  { stages: named, everyMs, graceMs }: Beat,
): readonly Window[] {
  return stages.flatMap(({ name, forMs, everyMs: beat }, index) => {
    const fromMs = index === 0 ? 0 : (stages[index - 1]?.forMs ?? 0);
    if (named?.includes(name) === false || forMs <= fromMs) return [];
    return [
      { fromMs, forMs: forMs - fromMs, everyMs: everyMs ?? beat, graceMs: Math.max(0, graceMs - fromMs) },
    ];
  });
}

/** When the last stage ends that a check runs in, ms after live; 0 without any. */
export function lastEnd(stages: readonly StageTimes[], { stages: named }: Pick<Beat, "stages">): number {
  const own = stages.filter(({ name }) => named?.includes(name) !== false);
  return Math.max(0, ...own.map((stage) => stage.forMs));
}

/** How many samples are judged in the window: the first at its start, or at the first beat after grace. */
export function judgedSamples({ forMs, everyMs, graceMs }: Window): number {
  const first = Math.ceil(graceMs / everyMs) * everyMs;
  return first > forMs ? 0 : Math.floor((forMs - first) / everyMs) + 1;
}

/** Whether so many failing samples can come together in the window. */
export function isPossible(failAfter: FailAfter, window: Window): boolean {
  return failAfter.kind === "duration"
    ? failAfter.ms <= (judgedSamples(window) - 1) * window.everyMs
    : failAfter.count <= judgedSamples(window);
}

/** What counts as a failed check when the file says nothing (design 5): 3 for http, 2 for sql, metric and derive, 1 else. */
export function defaultFailAfter(kind: Source["kind"]): FailAfter {
  const count = kind === "http" ? 3 : kind === "sql" || kind === "metric" || kind === "derive" ? 2 : 1;
  return { kind: "consecutive", count };
}

/** A limit nobody wrote for this check, made as small as the widest window needs. */
export function shrunk(failAfter: FailAfter, windows: readonly Window[]): FailAfter {
  if (windows.some((window) => isPossible(failAfter, window))) return failAfter;
  const most = Math.max(1, ...windows.map(judgedSamples));
  switch (failAfter.kind) {
    case "consecutive":
      return { kind: "consecutive", count: Math.min(failAfter.count, most) };
    case "of":
      return { kind: "of", count: Math.min(failAfter.count, most), of: failAfter.of };
    case "duration":
      return {
        kind: "duration",
        ms: Math.max(0, ...windows.map((window) => (judgedSamples(window) - 1) * window.everyMs)),
      };
  }
}

/** Whether what the check counts only grows over the watch, or never changes, so that samples in a row say nothing. */
export function accumulates(source: Source): boolean {
  if (source.kind === "logs") return source.require.length > 0 || source.forbid.length > 0;
  return source.kind === "events" || source.kind === "source";
}
