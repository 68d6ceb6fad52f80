import { NOTHING_TOLD } from "../core/gate-state.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Notifier } from "./notifier.ts";
import { publishActions, type Told, type Writer } from "./publish.ts";

/** So long the job waits at its very end for messages under way, in ms. */
export const MESSAGES_MS = 10_000;

/**
 * Tells what is untold yet, waits for the messages under way, and gives the outcome with what did not arrive among its
 * notes, and the keys that are told now. The verdict is written before that.
 */
export async function tellPeople(
  notifier: Notifier | undefined,
  outcome: Outcome,
  at: { readonly told: Told | undefined; readonly maxMs: number; readonly until?: AbortSignal },
): Promise<{ readonly outcome: Outcome; readonly keys: readonly string[] }> {
  if (notifier === undefined) return { outcome, keys: [] };
  notifier.tell(outcome, at);
  const keys = await notifier.settled(at.maxMs, at.until);
  return { outcome: { ...outcome, notes: [...new Set([...outcome.notes, ...notifier.notes])] }, keys };
}

/** As `tellPeople`; what is told now is kept in the check run, which is written once more only if that is news. */
export async function tellAndKeep(
  run: Writer,
  notifier: Notifier | undefined,
  at: Parameters<typeof tellPeople>[2] & { readonly outcome: Outcome },
): Promise<Outcome> {
  const { outcome, keys } = await tellPeople(notifier, at.outcome, at);
  const { told } = at;
  const known = told?.book.current?.told ?? NOTHING_TOLD;
  const isUnread = told?.book.earlier.kind === "damaged" && told.book.current === undefined;
  const isNews = notifier !== undefined && known.transitions.join("\n") !== keys.join("\n");
  if (told === undefined || outcome.service === undefined || isUnread || !isNews) return outcome;
  told.book.change({ service: outcome.service.id, told: { ...known, transitions: keys } });
  await publishActions(run, told, outcome);
  return outcome;
}
