import type { Mode, Plan } from "../core/check.ts";
import type { Service } from "../core/service.ts";
import type { Edges } from "../ports.ts";
import type { Teller } from "./teller.ts";

/** One run of the gate: what every chapter of the story shares. */
export interface Run {
  readonly edges: Edges;
  readonly plan: Plan;
  readonly mode: Mode;
  /** The gated commit. */
  readonly commit: string;
  /** No event or input names the commit: it is only where the workflow stands, and nobody's doing. */
  readonly isAssumed?: boolean;
  /** The branch before the push, when the event says. */
  readonly before?: string;
  readonly deployId?: string;
  /** The commit this workflow run is a check of (`GITHUB_SHA`). */
  readonly runSha: string;
  /** Address of the workflow run. */
  readonly runUrl: string;
  readonly startedAt: number;
  /** Stages after the first that end so long after live (ms) are watched by this job. */
  readonly inlineMs: number;
  /** Aborts when the job is canceled. */
  readonly signal: AbortSignal;
  readonly teller: Teller;
}

/** A run that has found its service. */
export interface ServiceRun extends Run {
  readonly service: Service;
}

/** The job was canceled. Caught only at the top of the gate. */
export class Canceled extends Error {
  override readonly name = "Canceled";
}

/** Throws Canceled when the job was canceled; call before anything that changes the world. */
export function goOn(run: Pick<Run, "signal">): void {
  if (run.signal.aborted) throw new Canceled("the job was canceled");
}

/** Waits `ms` and throws Canceled when the job is canceled meanwhile. */
export async function wait(
  run: Pick<Run, "signal" | "edges">,
  ms: number,
  wake?: AbortSignal,
): Promise<void> {
  goOn(run);
  await run.edges.clock.sleep(ms, wake === undefined ? run.signal : AbortSignal.any([run.signal, wake]));
  goOn(run);
}
