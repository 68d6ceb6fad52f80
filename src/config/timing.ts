import type { FailAfter, Source } from "../core/check.ts";

/** A stage as one check lives in it, ms. */
export interface Window {
  readonly forMs: number;
  readonly everyMs: number;
  readonly graceMs: number;
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
