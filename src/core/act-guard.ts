import type { Guards } from "./remedy.ts";
import { durationText } from "./duration.ts";

/** What leaves an act to a person whatever it would change: the hold label, and time since live (ms). */
export function actGuard(input: {
  readonly guards: Guards;
  /** Links to what carries the hold label. */
  readonly holds: readonly string[];
  readonly now: number;
  readonly liveAt?: number;
}): string | undefined {
  const { guards, holds, now, liveAt } = input;
  if (holds.length > 0) return `held by label "${guards.holdLabel}": ${holds.join(", ")}`;
  return liveAt !== undefined && now - liveAt > guards.actWithinMs
    ? `live for longer than act_within (${durationText(guards.actWithinMs)}): advice only`
    : undefined;
}
