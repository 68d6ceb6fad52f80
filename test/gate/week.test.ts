import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, playWeek, WEEK_STORIES, weekSchedules } from "./week-scene.ts";

const beats = { hour: 20 * MINUTE, day: 4 * HOUR, week: 12 * HOUR };

function named<Item extends { readonly name: string }>(items: readonly Item[], name: string): Item {
  const found = items.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no "${name}"`);
  return found;
}

/** Every story by every schedule, with looks as often as a team would have them, is `npm run simulate`. */
describe("a week ends alike, whenever the runs come", () => {
  const CASES: readonly (readonly [story: string, schedule: string])[] = [
    ["a good week", "missing"],
    ["a forbidden line at hour 20", "doubled"],
    ["memory creeping above the limit at day 3", "missing"],
    ["a crash at minute 40", "doubled"],
    ["http down for good from hour 30", "late"],
    ["a queue that grows from day 2", "punctual"],
  ];

  it.each(CASES)("%s, runs %s", async (story, schedule) => {
    const told = named(WEEK_STORIES, story);
    const played = await playWeek(told, { schedule: named(weekSchedules(beats), schedule), beats });
    expect(played.violations).toEqual([]);
    expect(played.end).toEqual(told.end);
    expect(played.longestMs).toBeLessThan(20_000);
    // Only what was seen depends on the runs.
    const hasHoles = schedule === "late" || schedule === "missing";
    expect(played.unseen.join("\n")).toMatch(
      hasHoles ? /watched \d+\.\d % .* gap.*, judged afterwards except http, sql/ : /^$/,
    );
  });
});
