import { wait, type Run } from "./run.ts";

const STEP_MS = 1_000;

/**
 * The work's result once it is there; `undefined` when it is not within `ms`, and the work goes on alone. Throws
 * what the work throws, and Canceled.
 */
export async function waitFor<T>(
  run: Pick<Run, "signal" | "edges">,
  work: Promise<T>,
  ms: number,
): Promise<T | undefined> {
  const { clock } = run.edges;
  const until = clock.now() + ms;
  const ended = new AbortController();
  let end: (() => T) | undefined;
  const isOver = (): boolean => end !== undefined || clock.now() >= until;
  void work
    .then(
      (value) => (end = () => value),
      (error: unknown) => {
        const reason = error instanceof Error ? error : new Error(String(error));
        end = () => {
          throw reason;
        };
      },
    )
    .then(() => ended.abort());
  while (!isOver()) await wait(run, Math.min(STEP_MS, until - clock.now()), ended.signal);
  return end?.();
}
