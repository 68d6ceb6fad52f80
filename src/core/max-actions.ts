import type { Guards } from "./remedy.ts";
import { durationText } from "./duration.ts";

/** Something that a gate of the service did about a bad commit. `at` in ms. */
export interface OtherAction {
  /** The bad commit, or its beginning. */
  readonly commit: string;
  readonly at: number;
  /** Such as `#12` or `rollback dep-…`. */
  readonly what: string;
}

/** A branch name holds so much of a commit. */
const PREFIX = 12;

/**
 * Why one more remedy is one too many (`guards.max_actions`); undefined when it is not. What was done about one
 * commit counts once, and what was done about `own` not at all: a re-run is no other remedy.
 */
export function tooManyActions(
  others: readonly OtherAction[],
  about: { readonly now: number; readonly own: string; readonly limit: Guards["maxActions"] },
): string | undefined {
  const { count, perMs } = about.limit;
  const recent = others.filter(
    ({ at, commit }) => at > about.now - perMs && commit.slice(0, PREFIX) !== about.own.slice(0, PREFIX),
  );
  const byCommit = new Map(recent.map((action) => [action.commit.slice(0, PREFIX), action]));
  if (byCommit.size < count) return undefined;
  const done = [...byCommit.values()].map(({ what, commit }) => `${what} (${commit.slice(0, 7)})`);
  const list = done.length === 0 ? "" : `; done already: ${done.slice(0, 5).join(", ")}`;
  return `guards.max_actions allows ${count} per ${durationText(perMs)}${list}`;
}
