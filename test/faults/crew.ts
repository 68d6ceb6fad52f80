import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Outcome } from "./trial.ts";

/** A trial that takes longer, real time, hangs. */
const LONGEST_MS = 120_000;

/** Runs trials, given by their numbers, in a process for each core, until aborted; tells each outcome as it comes. */
export async function runByCrew(
  indices: readonly number[],
  told: (index: number, outcome: Outcome) => void,
  signal: AbortSignal,
): Promise<void> {
  const left = [...indices];
  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    for (let index = left.shift(); index !== undefined && !signal.aborted; index = left.shift()) {
      worker ??= hire();
      const outcome = await outcomeOf(worker, index);
      if (outcome === undefined) {
        worker.kill("SIGKILL");
        worker = undefined;
      }
      told(index, outcome ?? HUNG);
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), left.length) }, work));
}

const HUNG: Outcome = {
  verdict: "none",
  acts: [],
  struck: true,
  wrong: [`the trial did not end within ${LONGEST_MS / 1_000} s, or its process died`],
};

/** What the gates print for their runner is nobody's business here. */
function hire(): ChildProcess {
  return fork(new URL("worker.ts", import.meta.url), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

/** Undefined when none came. */
function outcomeOf(worker: ChildProcess, index: number): Promise<Outcome | undefined> {
  return new Promise((resolve) => {
    const end = (outcome?: Outcome): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(outcome);
    };
    const timer = setTimeout(end, LONGEST_MS);
    worker.once("message", (outcome: Outcome) => end(outcome));
    worker.once("exit", () => end());
    worker.send(index);
  });
}
