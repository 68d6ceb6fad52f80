import type { Inputs } from "../config/inputs.ts";
import type { Verdict } from "../core/check.ts";
import { gatedCommit, type TriggerEvent } from "../core/gated-commit.ts";
import type { Mistake } from "../problem.ts";

/** What starts a run: the action's inputs and where it stands. */
export interface Start {
  readonly inputs: Inputs;
  /** Mistakes already found in the inputs. */
  readonly mistakes: readonly Mistake[];
  readonly event: TriggerEvent;
  /** `GITHUB_SHA`: the commit this workflow run is a check of. */
  readonly runSha: string;
  readonly runUrl: string;
  /** Stages after the first that end so long after live (ms) are watched by this job; 0: only the first. */
  readonly inlineMs: number;
  /** Reads a variable of the step's environment, for `$NAME` in the config file. */
  readonly env: (name: string) => string | undefined;
  /** Aborts when the job is canceled; with an error as its reason when the process broke beside the story. */
  readonly signal: AbortSignal;
}

/** Whether this run has no commit of its own: then it looks at what earlier ones left open (design 4). */
export function isResuming({ event, inputs }: Pick<Start, "event" | "inputs">): boolean {
  return inputs.commit === undefined && inputs.deployId === undefined && gatedCommit(event).kind === "resume";
}

/** How a run ended. */
export interface Ending {
  readonly verdict: Verdict;
  readonly exitCode: 0 | 1;
}
