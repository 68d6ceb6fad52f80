import { isDeepStrictEqual } from "node:util";
import type { GateState } from "../../../src/core/gate-state.ts";
import { decodeState, encodeState, partsOf, withState } from "../../../src/core/gate-state-text.ts";
import { readWatchEntry } from "../../../src/core/watch-entry.ts";
import { FORGED_STATE, TRICKS } from "../../hostile/tricks.ts";
import { WHOLE_STATE } from "../../hostile/whole-state.ts";
import { law, type FuzzTarget } from "../target.ts";

const SMALL: GateState = {
  version: 1,
  service: "srv-abcd0123456789efghij",
  commit: "a".repeat(40),
  verdict: "fail",
};
const MARK = "<!-- deploy-gate-state -->";

export const state: FuzzTarget = {
  name: "state",
  seeds: [
    encodeState(WHOLE_STATE),
    withState("## Timeline\n\n- 10:00 live", encodeState(WHOLE_STATE)),
    encodeState(SMALL),
    FORGED_STATE,
    JSON.stringify({ version: 1, service: "srv-abcd0123456789efghij", name: "shop", checkRun: 1, until: 2 }),
  ],
  words: [
    MARK,
    "```json\n",
    "\n```\n\n</details>",
    "deploy-gate-state",
    '"__proto__":',
    '"constructor":',
    "null",
    "[]",
    "{}",
    "1e999",
    "-1",
    '"version": 2',
    ...TRICKS.slice(-8).map(({ text }) => JSON.stringify(text)),
  ],
  holds(text) {
    readWatchEntry(text);
    const read = decodeState(text);
    if (read.kind === "damaged")
      law(read.why !== "" && !/[\n\r]/u.test(read.why), "the reason is not one line");
    if (read.kind === "state") {
      law(Object.getPrototypeOf(read.state) === Object.prototype, "the state has another prototype");
      const written = encodeState(read.state);
      const again = decodeState(written);
      law(again.kind === "state", `what was read cannot be kept: ${JSON.stringify(again)}`);
      law(isDeepStrictEqual(decodeState(encodeState(again.state)), again), "written again it is another one");
    }
    // As the text of somebody else on a page.
    law(decodeState(withState(text, "")).kind === "none", "a page's words are taken for a state");
    const kept = decodeState(withState(text, encodeState(SMALL)));
    law(kept.kind === "state" && isDeepStrictEqual(kept.state, SMALL), "a page's words change the state");
    law(
      partsOf(withState(text, encodeState(SMALL))).block === encodeState(SMALL),
      "a page's words cut the state",
    );
    law(({} as { due?: unknown }).due === undefined && !("verdict" in {}), "all objects have changed");
  },
};
