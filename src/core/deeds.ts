import { cutText } from "./cut.ts";
import type { Action } from "./outcome.ts";

const MOST_KEPT = 20;
const MOST_REASON = 300;

/**
 * What was done so far, with what is done now. A try that was held back or refused gives way to the next one of its
 * kind, and what is met again is told once.
 */
export function withDeeds(before: readonly Action[], now: readonly Action[]): readonly Action[] {
  const isRetold = (old: Action): boolean =>
    now.some(({ kind, url }) => kind === old.kind && (old.state !== "done" || url === old.url));
  return [...before.filter((old) => !isRetold(old)), ...now];
}

/** The same, as it is kept: the latest, with their reasons cut. */
export function keptDeeds(deeds: readonly Action[]): readonly Action[] {
  return deeds
    .slice(-MOST_KEPT)
    .map(({ reason, ...deed }) =>
      reason === undefined ? deed : { ...deed, reason: cutText(reason, MOST_REASON) },
    );
}

/** The revert that is among them. */
export function revertAmong(
  deeds: readonly Action[],
): { readonly number: number; readonly url: string } | undefined {
  const url = deeds.findLast(({ kind, state }) => kind === "revert_pr" && state === "done")?.url;
  const number = Number(/\/pull\/(\d{1,9})$/.exec(url ?? "")?.[1]);
  return url === undefined || Number.isNaN(number) ? undefined : { number, url };
}
