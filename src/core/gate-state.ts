import { asGateState } from "./gate-state-shape.ts";
import type { Evidence, Verdict } from "./check.ts";
import type { GateMemory } from "./earlier-gates.ts";
import type { Action } from "./outcome.ts";

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
}

export type DecodedState =
  | { readonly kind: "state"; readonly state: GateState }
  | { readonly kind: "none" }
  | { readonly kind: "damaged"; readonly why: string };

const WORD = "deploy-gate-state";
const FOLD = "<details><summary>What this gate keeps for the next one</summary>";
const MARK = `<!-- ${WORD} -->`;
const JSON_OPEN = "```json\n";
const OPEN = `${FOLD}\n\n${MARK}\n\n${JSON_OPEN}`;
const CLOSE = "\n```\n\n</details>";
/** Of the 65,535 bytes that GitHub takes, the page has the rest. */
const MOST_BYTES = 30_000;
const SHORT = 120;

/** ASCII only, so that its length is its bytes, and free of the word by which a state is found. */
function jsonText(state: GateState): string {
  return JSON.stringify(state, undefined, 1)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", "\\u002d"));
}

function shortened(state: GateState): GateState {
  const { remedy, ...rest } = withoutMeasured(state);
  if (remedy === undefined) return rest;
  const cut = (text: string): string => text.slice(0, SHORT).toWellFormed();
  const short = <Told extends { readonly reason?: string }>(told: Told): Told =>
    told.reason === undefined ? told : { ...told, reason: cut(told.reason) };
  const failed = remedy.failed
    .slice(0, 10)
    .map(({ hint, ...check }) => short({ ...check, ...(hint === undefined ? {} : { hint: cut(hint) }) }));
  const steps = remedy.steps.map((step) => ({ ...step, actions: step.actions.slice(0, 4).map(short) }));
  return {
    ...rest,
    remedy: { ...short(remedy), failed, evidence: [], passedOnOld: remedy.passedOnOld.slice(0, 100), steps },
  };
}

/**
 * The state as the last part of a check run's text: a fold with JSON that people can read, at most 30,000 bytes.
 * What baselines need is left out first, then long reasons are cut.
 */
export function encodeState(state: GateState): string {
  const lighter = [withoutRows, withoutMeasured, shortened];
  let text = jsonText(state);
  for (const lighten of lighter) {
    if (OPEN.length + text.length + CLOSE.length <= MOST_BYTES) break;
    text = jsonText(lighten(state));
  }
  return OPEN + text + CLOSE;
}

function withoutRows({ measured, ...rest }: GateState): GateState {
  if (measured === undefined) return rest;
  const { rows: _, ...numbers } = measured;
  return { ...rest, measured: numbers };
}

function withoutMeasured(state: GateState): GateState {
  const { measured: _, ...rest } = state;
  return rest;
}

/** The state at the end of a check run's text. Only a last block counts; anything unexpected in it is `damaged`. */
export function decodeState(text: string): DecodedState {
  const body = text.replaceAll("\r\n", "\n").trimEnd();
  const at = body.lastIndexOf(MARK);
  if (at === -1) return { kind: "none" };
  const begin = body.indexOf(JSON_OPEN, at);
  if (begin === -1 || !body.endsWith(CLOSE)) return { kind: "damaged", why: "it does not end as it should" };
  let value: unknown;
  try {
    value = JSON.parse(body.slice(begin + JSON_OPEN.length, -CLOSE.length));
  } catch {
    return { kind: "damaged", why: "it is not JSON" };
  }
  return asGateState(value);
}

/**
 * A page with the encoded state at its end, or none (""). Whatever in the page could be taken for a state can not
 * be any more; its length in bytes stays.
 */
export function withState(page: string, block: string): string {
  const safe = page.replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", " "));
  return [safe, block].filter((part) => part !== "").join("\n\n");
}

/** A text of `withState` in its two parts. */
export function partsOf(text: string): { readonly page: string; readonly block: string } {
  const body = text.replaceAll("\r\n", "\n").trimEnd();
  const mark = body.lastIndexOf(MARK);
  if (mark === -1) return { page: body, block: "" };
  const fold = body.lastIndexOf(FOLD, mark);
  const begin = fold === -1 ? mark : fold;
  return { page: body.slice(0, begin).trimEnd(), block: body.slice(begin) };
}
