import type { Evidence, Verdict } from "./check.ts";
import type { GateMemory } from "./earlier-gates.ts";
import type { Action } from "./outcome.ts";
import type { WatchState } from "./watch-state.ts";

/** A failed check as far as a later run needs it to tell what had failed. */
export interface FailedCheck {
  readonly name: string;
  readonly source: string;
  readonly reason: string;
  readonly hint?: string;
  readonly onFail: string;
  readonly samples: number;
  readonly errors: number;
}

/** One step of a remedy. Without `state` it has not begun; `begun` may have happened or not. */
export interface StepState {
  readonly kind: string;
  readonly state?: "begun" | Action["state"];
  /** The deploy that a rollback made. */
  readonly deploy?: string;
  /** The deploy that a rollback goes back to. */
  readonly target?: string;
  /** The pull request that it opened or joined. */
  readonly pull?: number;
  /** What was told of it. */
  readonly actions: readonly Action[];
}

/** A remedy on its way: whatever another run needs to finish it. Times in ms. */
export interface RemedyState {
  readonly name: string;
  readonly at: number;
  /** Address of the run that carries it out. */
  readonly by: string;
  /** Until then that run may still be at work; absent once it has let go. */
  readonly busyUntil?: number;
  /** Why the verdict is `fail`. */
  readonly reason: string;
  readonly failed: readonly FailedCheck[];
  /** The most telling lines, redacted and cut. */
  readonly evidence: readonly Evidence[];
  readonly deploy?: string;
  readonly liveAt?: number;
  /** G. */
  readonly previousCommit?: string;
  readonly preDeployFailed: boolean;
  /** Why nothing is taken back, only told. */
  readonly hold?: string;
  /** Login of the person who has overridden the guards. */
  readonly approvedBy?: string;
  /** Checks that the old version passed while the new one was being built. */
  readonly passedOnOld: readonly string[];
  readonly steps: readonly StepState[];
  readonly finished: boolean;
}

/** Auto-deploy switched off by a gate. */
export interface FreezeState {
  /** Address of the run that did it. */
  readonly by: string;
  readonly at: number;
  /** The bad commit. */
  readonly commit: string;
  /** `commit` or `checksPass` of `autoDeployTrigger`; `yes` where the service has only `autoDeploy`. */
  readonly former: "commit" | "checksPass" | "yes";
  readonly lifted?: { readonly at: number; readonly why: string };
}

/** What people were told and what they answered, so that nothing is told or done twice. */
export interface ToldState {
  /** Keys of the transitions that were told: `stage boot pass`, `verdict fail`. */
  readonly transitions: readonly string[];
  /** Keys of the status updates that were told: `hour end`, `day 3`. */
  readonly updates: readonly string[];
  /** Keys of the rules of `after` that were carried out: `week pass`. */
  readonly after: readonly string[];
  /** Number of the tracking issue. */
  readonly issue?: number;
  /** Id of the newest comment that was read. */
  readonly comment?: number;
}

export const NOTHING_TOLD: ToldState = { transitions: [], updates: [], after: [] };

/** What a gate keeps in its check run for the runs after it. */
export interface GateState {
  readonly version: 1;
  /** The service's id. */
  readonly service: string;
  readonly commit: string;
  readonly deploy?: string;
  readonly verdict?: Verdict;
  readonly measured?: GateMemory;
  readonly remedy?: RemedyState;
  readonly freeze?: FreezeState;
  readonly told?: ToldState;
  /** Stages that are still to be watched. */
  readonly watch?: WatchState;
}

export type DecodedState =
  | { readonly kind: "state"; readonly state: GateState }
  | { readonly kind: "none" }
  /** `isNewer`: a later version of the gate wrote it, and will read it. */
  | { readonly kind: "damaged"; readonly why: string; readonly isNewer?: true };
