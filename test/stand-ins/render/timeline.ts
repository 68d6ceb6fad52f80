/** Steps of a story in the order of their times (ms since the epoch). */
export interface Timeline {
  /** The time now; inside a step the step's own time, so that records carry planned times exactly. */
  readonly now: () => number;
  /** A step in the past runs with the next `run`; asked for inside a step it cannot lie before that step. */
  readonly at: (time: number, step: () => void) => void;
  /** Runs everything due. Throws what a step throws. */
  readonly run: () => void;
}

/** A timeline over a clock that may jump. */
export function timeline(clock: () => number): Timeline {
  let steps: { readonly time: number; readonly step: () => void }[] = [];
  let head = 0;
  let isSorted = true;
  let current: number | undefined;
  return {
    now: () => current ?? clock(),
    at(time, step) {
      const when = current === undefined ? time : Math.max(time, current);
      const last = steps.at(-1);
      if (last && last.time > when) isSorted = false;
      steps.push({ time: when, step });
    },
    run() {
      if (current !== undefined) return;
      try {
        for (;;) {
          if (!isSorted) {
            steps = steps.slice(head).sort((a, b) => a.time - b.time);
            head = 0;
            isSorted = true;
          }
          const next = steps[head];
          if (!next || next.time > clock()) break;
          head += 1;
          current = next.time;
          next.step();
        }
      } finally {
        current = undefined;
        if (head > 0 && head * 2 > steps.length) {
          steps = steps.slice(head);
          head = 0;
        }
      }
    },
  };
}
