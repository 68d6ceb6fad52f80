/** Work that goes on beside a loop, of each kind one at a time. */
export interface Tasks {
  /** Starts the work unless one of its kind is under way. A quiet one cuts no wait short when it ends. */
  start(kind: string, work: () => Promise<void>, options?: { readonly isQuiet?: boolean }): void;
  isRunning(kind: string): boolean;
  /** Resolves when no work of that kind is under way; never rejects. */
  settled(kind: string): Promise<void>;
  /** Begins a turn of the loop. Throws what a task has thrown since. */
  turn(): void;
  /** Aborts when a task ends after the turn began: to cut a wait short. */
  wakeSignal(): AbortSignal;
}

/** No tasks yet. */
export function createTasks(): Tasks {
  const running = new Map<string, Promise<void>>();
  const thrown: unknown[] = [];
  let wake = new AbortController();

  async function go(kind: string, work: () => Promise<void>, isQuiet: boolean): Promise<void> {
    try {
      await work();
    } catch (error) {
      thrown.push(error);
    }
    running.delete(kind);
    if (!isQuiet || thrown.length > 0) wake.abort();
  }

  return {
    start(kind, work, { isQuiet = false } = {}) {
      if (!running.has(kind)) running.set(kind, go(kind, work, isQuiet));
    },
    isRunning: (kind) => running.has(kind),
    settled: (kind) => running.get(kind) ?? Promise.resolve(),
    turn() {
      if (thrown.length > 0) throw thrown[0];
      if (wake.signal.aborted) wake = new AbortController();
    },
    wakeSignal: () => wake.signal,
  };
}
