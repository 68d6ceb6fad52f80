import type { FreezeState } from "../core/gate-state.ts";
import { shortSha } from "./text.ts";
import { dateTimeText } from "./time.ts";

/** What became of the pull request that takes the bad commit back. */
export interface RevertFate {
  readonly number: number;
  readonly state: "open" | "merged" | "closed without being merged" | "not readable";
}

/** How a freeze ends. */
function endText(freeze: FreezeState, revert: RevertFate | undefined): string {
  const byHand = "switching auto-deploy on by hand";
  if (revert === undefined)
    return `It ends when a deploy that takes ${shortSha(freeze.commit)} back has passed its gate, or by ${byHand}`;
  const command = `the comment "/gate unfreeze" on #${revert.number}`;
  if (revert.state === "closed without being merged")
    return `Its revert #${revert.number} was closed without being merged, so only ${command}, ${byHand} or another revert ends it`;
  return `It ends when the deploy of revert #${revert.number} (${revert.state}) has passed its gate, by ${command}, or by ${byHand}`;
}

/** Why nothing is deployed or judged while a freeze stands: who, when, which commit, and how it ends. */
export function freezeText(service: string, freeze: FreezeState, revert: RevertFate | undefined): string {
  return `auto-deploy of ${service} is frozen by the gate of ${shortSha(freeze.commit)} since ${dateTimeText(freeze.at)} UTC (${freeze.by}). ${endText(freeze, revert)}`;
}
