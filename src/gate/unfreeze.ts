import { commandFacts } from "../core/answers.ts";
import type { GateState } from "../core/gate-state.ts";
import { tellAnswers, weighed } from "./comment-commands.ts";
import type { ServiceRun } from "./run.ts";
import { readCommands } from "./said-commands.ts";

/** Whether people want a freeze lifted. */
export interface FreezeOrder {
  /** Why it is lifted: `/gate unfreeze by @ada`; absent when nobody who may has said so. */
  readonly why?: string;
  /** Answers them; after it was done, so that a run that is stopped before leaves it to the next. */
  readonly tell: () => Promise<void>;
}

/**
 * Looks for `/gate unfreeze` below the revert and the tracking issue of the gate that has frozen the service; no watch
 * needs to be open. Other commands but `/gate why` are left to the looks of the watch. Undefined when nothing new is said
 * or could be read.
 */
export async function freezeOrder(
  run: ServiceRun,
  kept: { readonly state: GateState; readonly checkRunUrl?: string | undefined },
): Promise<FreezeOrder | undefined> {
  const { state, checkRunUrl } = kept;
  const pulls = (state.remedy?.steps ?? []).flatMap(({ pull }) => pull ?? []);
  const places = [...pulls, ...(state.told?.issue === undefined ? [] : [state.told.issue])];
  if (run.mode !== "enforce" || state.freeze === undefined || places.length === 0) return undefined;
  const found = await readCommands(run, { places, since: state.freeze.at });
  if (found === undefined) return undefined;
  const said = found.said.filter(
    ({ comment, line: { command } }) =>
      !found.answered.has(comment) && (command?.kind === "unfreeze" || command?.kind === "why"),
  );
  const facts = commandFacts(state, { mode: run.mode, remedies: [] });
  const { answers, unanswered } = weighed(run, { said, answered: found.answered }, facts);
  if (unanswered.length === 0) return undefined;
  const order = answers.find(({ kind }) => kind === "unfreeze");
  return {
    tell: () => tellAnswers(run, unanswered, { commit: state.commit, state, checkRunUrl }),
    ...(order === undefined ? {} : { why: `/gate unfreeze by @${order.by}` }),
  };
}
