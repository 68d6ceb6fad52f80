import { fork, type ChildProcess } from "node:child_process";

/** How a crew works on jobs: by processes that get one at a time as a message, and answer with what came of it. */
export interface CrewWork<Job, Answer> {
  readonly worker: URL;
  readonly jobs: readonly Job[];
  /** How many processes. */
  readonly size: number;
  /** A job that takes longer, ms of real time, hangs: its process is killed and replaced. */
  readonly longestMs: number;
  /** Comes in no order; `undefined` when a job hung or its process died. */
  readonly told: (job: Job, answer: Answer | undefined) => void;
  readonly signal?: AbortSignal;
}

/** Works on all jobs, until aborted. What the processes print on stdout is nobody's business. */
export async function runByCrew<Job extends object | number, Answer>(
  crew: CrewWork<Job, Answer>,
): Promise<void> {
  const { worker: script, jobs, size, longestMs, told, signal } = crew;
  const left = [...jobs];
  const isOver = (): boolean => signal?.aborted === true;
  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    for (let job = left.shift(); job !== undefined && !isOver(); job = left.shift()) {
      worker ??= fork(script, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
      const answer = await answerOf<Answer>(worker, job, longestMs);
      if (answer === undefined) {
        worker.kill("SIGKILL");
        worker = undefined;
      }
      told(job, answer);
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(size, left.length) }, work));
}

/** Undefined when none came. */
function answerOf<Answer>(
  worker: ChildProcess,
  job: object | number,
  longestMs: number,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const end = (answer?: Answer): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(answer);
    };
    const timer = setTimeout(end, longestMs);
    worker.once("message", (answer: Answer) => end(answer));
    worker.once("exit", () => end());
    worker.send(job);
  });
}
