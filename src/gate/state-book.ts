import type { DecodedState, GateState } from "../core/gate-state.ts";
import { decodeState, encodeState, partsOf, withState } from "../core/gate-state-text.ts";

/** What is known from now on; `undefined` takes it out. */
type Changes = {
  readonly [Key in Exclude<keyof GateState, "version" | "commit" | "service">]?: GateState[Key] | undefined;
} & { readonly service: string };

/** What the gate of one commit keeps in its check run, for every writer of that check run. */
export interface StateBook {
  /** As an earlier attempt left it. */
  readonly earlier: DecodedState;
  /** As it is to be written next; absent while there is nothing to keep. */
  readonly current: GateState | undefined;
  change(fields: Changes): void;
  /** What another run has written meanwhile. */
  adopt(state: GateState): void;
  /** The end of the check run's text; "" while there is nothing to keep. */
  block(): string;
}

/** The book of a commit; `text` is what its check run holds so far. A state that cannot be read stays as it is until the first change. */
export function createStateBook(commit: string, text: string): StateBook {
  const earlier = decodeState(text);
  let current = earlier.kind === "state" ? earlier.state : undefined;
  let unread = earlier.kind === "damaged" ? partsOf(text).block : "";
  return {
    earlier,
    get current() {
      return current;
    },
    change(fields) {
      const known = Object.entries({ ...current, ...fields }).filter(([, value]) => value !== undefined);
      current = { ...Object.fromEntries(known), service: fields.service, version: 1, commit };
      unread = "";
    },
    adopt(state) {
      current = state;
      unread = "";
    },
    block: () => (current === undefined ? unread : encodeState(current)),
  };
}

/** The text of a check run that says nothing but its state; absent where there is none. */
export function stateOnly(book: StateBook): { readonly text?: string } {
  const block = book.block();
  return block === "" ? {} : { text: withState("", block) };
}
