import type { Remedy } from "../core/remedy.ts";
import type { FreezeState, RemedyState, StepState } from "../core/gate-state.ts";
import { decodeState, encodeState } from "../core/gate-state-text.ts";
import type { Action } from "../core/outcome.ts";
import type { StateBook } from "./state-book.ts";

/** Keeps what a remedy has done in the state, so that any later run can finish it. */
export interface RemedyLedger {
  readonly remedy: RemedyState;
  readonly freeze: FreezeState | undefined;
  step(at: number): StepState;
  /** Notes something about a step, in memory. */
  note(at: number, fields: Partial<StepState>): void;
  noteFreeze(freeze: FreezeState | undefined): void;
  /** Everything that was told of the steps so far. */
  actions(): readonly Action[];
  finish(): void;
  /** Writes the state, and says whether it is safely kept. */
  save(): Promise<boolean>;
  /** Called in long steps: tells other runs in time that this one is still at work. */
  beat(): Promise<void>;
}

/** Another run may take a remedy over when nothing was heard of the one at work for so long. */
export const SILENCE_MS = 6 * 60_000;
const BEAT_MS = 4 * 60_000;

/** The state of a remedy that has not begun. */
export function newRemedyState(
  remedy: Remedy,
  about: Omit<RemedyState, "name" | "steps" | "finished">,
): RemedyState {
  const steps = remedy.steps.map(({ kind }) => ({ kind, actions: [] }));
  return { ...about, name: remedy.name, steps, finished: false };
}

/** A ledger that goes on from `remedy`. `write` writes the check run as it stands and says whether that worked. */
export function createLedger(options: {
  readonly remedy: RemedyState;
  readonly service: string;
  readonly book: StateBook;
  readonly runUrl: string;
  readonly now: () => number;
  readonly redact: (text: string) => string;
  readonly write: () => Promise<boolean>;
}): RemedyLedger {
  const { book, service, now, redact, write } = options;
  let remedy: RemedyState = options.remedy.finished
    ? options.remedy
    : { ...options.remedy, by: options.runUrl };
  let savedAt = now();

  const change = (
    fields: Partial<RemedyState>,
    more: { readonly freeze?: FreezeState | undefined } = {},
  ): void => {
    remedy = { ...remedy, ...fields };
    book.change({ service, remedy, ...more });
  };
  const withoutBusy = (): RemedyState => {
    const { busyUntil: _, ...rest } = remedy;
    return rest;
  };
  const stepAt = (at: number): StepState => remedy.steps[at] ?? { kind: "", actions: [] };

  async function save(): Promise<boolean> {
    savedAt = now();
    if (!remedy.finished) change({ busyUntil: savedAt + SILENCE_MS });
    const { current } = book;
    const isWhole = current !== undefined && decodeState(redact(encodeState(current))).kind === "state";
    return (await write()) && isWhole;
  }

  change(remedy.finished ? {} : { busyUntil: savedAt + SILENCE_MS });
  return {
    get remedy() {
      return remedy;
    },
    get freeze() {
      return book.current?.freeze;
    },
    step: stepAt,
    note(at, fields) {
      change({ steps: remedy.steps.map((step, index) => (index === at ? { ...step, ...fields } : step)) });
    },
    noteFreeze: (freeze) => change({}, { freeze }),
    actions: () => remedy.steps.flatMap((step) => step.actions),
    finish() {
      remedy = { ...withoutBusy(), finished: true };
      change({});
    },
    save,
    async beat() {
      if (now() - savedAt >= BEAT_MS) await save();
    },
  };
}

/** The run ends and leaves its remedy to whoever comes next. */
export function letGo(book: StateBook): void {
  const { current } = book;
  if (current?.remedy?.busyUntil === undefined) return;
  const { busyUntil: _, ...remedy } = current.remedy;
  book.change({ service: current.service, remedy });
}
