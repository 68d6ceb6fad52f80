import type { GateState } from "../core/gate-state.ts";
import { decodeState, encodeState } from "../core/gate-state-text.ts";
import type { Outcome } from "../core/outcome.ts";
import type { OpenWatch } from "./open-watch.ts";
import { ServiceProblem } from "../problem.ts";
import { gateCheckRun } from "./publish.ts";
import { Canceled, goOn, type ServiceRun } from "./run.ts";
import { claimWatch, newClaim, releaseWatch } from "./watch-claim.ts";

/** What a visit of an open watch came to. */
export type Visit =
  | {
      readonly kind: "told";
      readonly outcome: Outcome;
      /** The verdict was told before: only what was owed is made good. */
      readonly isAgain?: true;
      /** Lets go of the watch, once everybody is told. */
      readonly release?: () => Promise<void>;
    }
  | Left;

/** Nothing was changed. */
export interface Left {
  readonly kind: "left";
  readonly why: string;
}

/**
 * Does the work unless another run has written since this one read, or is at work on what only one may do: then the
 * watch is left to that one.
 */
export async function alone<Done extends { readonly kind: string }>(
  { run, indexed, told, state }: Pick<OpenWatch, "run" | "indexed" | "told" | "state">,
  isExclusive: boolean,
  work: () => Promise<Done>,
): Promise<Done | Left> {
  const { edges } = run;
  const { id } = indexed.record;
  const claim = isExclusive ? newClaim(run) : undefined;
  const release = async (): Promise<void> => {
    try {
      if (claim !== undefined) await releaseWatch(edges, id, claim);
    } catch (error) {
      // It ends by itself.
      if (!(error instanceof ServiceProblem || error instanceof Canceled)) throw error;
    }
  };
  if (claim !== undefined) {
    const answer = await claimWatch(edges, id, claim);
    if (answer.kind === "taken") return { kind: "left", why: `${answer.by} is at work on it` };
    if (answer.kind === "closed") return { kind: "left", why: "another run has closed it" };
  }
  if (await hasMoved(run, state)) {
    await release();
    return { kind: "left", why: "another run has written meanwhile" };
  }
  goOn(run);
  const done = await work();
  // Of a watch that has ended the messages come first: until they are told, no other run may tell them.
  if (done.kind === "told" && told.book.current?.watch?.isOwed === true) return { ...done, release };
  await release();
  return done;
}

/**
 * Whether another run has written since `state` was read, or written by this one: a look, or whoever keeps a remedy or
 * a freeze there. Throws ServiceProblem.
 */
export async function hasMoved(run: ServiceRun, state: GateState): Promise<boolean> {
  const written = decodeState((await gateCheckRun(run, run.commit))?.text ?? "");
  return JSON.stringify(written) !== JSON.stringify(decodeState(encodeState(state)));
}
