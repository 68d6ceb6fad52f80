import type { Mode, Verdict } from "./check.ts";
import type { WatchState } from "./watch-state.ts";

const DAY_MS = 24 * 60 * 60_000;
/** So long after a failure people may answer to it. */
const ANSWERS_MS = 3 * DAY_MS;
/** So long a message that did not arrive, and a clean-up that is held back, are tried again. */
const OWED_MS = 7 * DAY_MS;

/**
 * Whether a watch that has ended is still kept: people may answer to a failure, or something of its end is owed to
 * them. `now` in ms.
 */
export function isWaiting(
  { over, isOwed }: Pick<WatchState, "over" | "isOwed">,
  about: { readonly verdict: Verdict | undefined; readonly mode: Mode; readonly now: number },
): boolean {
  if (over === undefined) return true;
  const { verdict, mode, now } = about;
  if (isOwed === true && now <= over + OWED_MS) return true;
  return verdict === "fail" && mode === "enforce" && now <= over + ANSWERS_MS;
}
