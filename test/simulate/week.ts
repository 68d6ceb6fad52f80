import { isDeepStrictEqual } from "node:util";
import { HOUR, playWeek, WEEK_STORIES, weekSchedules, MINUTE } from "../gate/week-scene.ts";

/**
 * Plays each story of a week with runs that come punctual, late, doubled or not at all, and prints a table: whatever the
 * runs did, the week ends alike. Exit code 1 where it does not. An argument picks stories by a part of their names.
 */
const [part = ""] = process.argv.slice(2);
const beats = { hour: 10 * MINUTE, day: HOUR, week: 6 * HOUR };
let failures = 0;

// The commands that the runs give their runner go to standard output.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const cell = (text: string | number, width: number): string => String(text).padEnd(width);
const line = (cells: readonly (string | number)[]): string =>
  cells.map((one, index) => cell(one, [10, 8, 46, 9, 6, 7, 7, 8, 9][index] ?? 0)).join(" ");

for (const story of WEEK_STORIES.filter(({ name }) => name.includes(part))) {
  write(`\n${story.name}\n`);
  write(
    `${line(["runs", "verdict", "stages", "told at", "looks", "render", "github", "seconds", "bytes", ""])}\n`,
  );
  for (const schedule of weekSchedules(beats)) {
    const played = await playWeek(story, { schedule, beats });
    const { end } = played;
    const isAsExpected = isDeepStrictEqual(end, story.end) && played.violations.length === 0;
    if (!isAsExpected) failures += 1;
    write(
      `${line([
        schedule.name,
        end.verdict,
        end.stages.join(", "),
        `${(played.toldAt / HOUR).toFixed(1)} h`,
        played.looks,
        played.render,
        played.github,
        played.longestMs / 1_000,
        played.textBytes,
        isAsExpected ? "as expected" : "DIFFERS",
      ])}\n`,
    );
    if (!isAsExpected) write(`  ${JSON.stringify(end)}\n  ${played.violations.join("; ")}\n`);
    for (const gap of played.unseen) write(`  not seen: ${gap}\n`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
