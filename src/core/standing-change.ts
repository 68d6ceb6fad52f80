import type { Standing } from "./standing.ts";

/** Whether the newest finding is news: the first one, another outcome than before, or the failure itself. */
export function isNews(before: Standing, after: Standing): boolean {
  if (after.failed !== undefined && before.failed === undefined) return true;
  return before.last?.outcome !== after.last?.outcome;
}

/** One word for how the check stands now. */
export function standingWord(standing: Standing): string {
  if (standing.failed !== undefined) return "fail";
  if (standing.failingRun > 0) return "failing";
  if (standing.due === 0 && standing.taken === 0 && standing.unapplied > 0) return "not applied";
  return standing.current;
}
