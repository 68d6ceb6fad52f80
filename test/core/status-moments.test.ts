import { expect, test } from "vitest";
import type { ReportMoment } from "../../src/core/communication.ts";
import { dueUpdate } from "../../src/core/status-moments.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STAGES = [
  { name: "boot", forMs: HOUR / 12 },
  { name: "hour", forMs: HOUR },
  { name: "day", forMs: DAY },
  { name: "week", forMs: 7 * DAY },
];
const ends = (...stages: readonly string[]): readonly ReportMoment[] =>
  stages.map((stage) => ({ kind: "stage end", stage }));
const DAILY: ReportMoment = { kind: "daily" };
const ALL = [...ends("boot", "hour", "day", "week"), DAILY];

/** What is due so long after live, by what ended and what was told: key, all keys, day. */
type Row = readonly [
  rule: string,
  at: readonly ReportMoment[],
  afterMs: number,
  ended: string,
  told: string,
  due: readonly [key: string, keys: string, day: number] | undefined,
];

test.each<Row>([
  ["nothing is asked for", [], DAY, "boot", "", undefined],
  ["before the first end", ends("boot"), HOUR / 20, "", "", undefined],
  ["the first end", ALL, HOUR / 12, "boot", "", ["boot end", "boot end,day 1", 1]],
  ["what was told is not told again", ALL, HOUR / 12, "boot", "boot end,day 1", undefined],
  ["an end that nobody asked for", ends("day"), HOUR, "boot,hour", "", undefined],
  ["daily only: the first day begins at live", [DAILY], HOUR / 12, "boot", "", ["day 1", "day 1", 1]],
  ["a day later less a moment", [DAILY], DAY - 1, "boot", "day 1", undefined],
  ["day 2 begins 24 hours after live", [DAILY], DAY, "boot", "day 1", ["day 2", "day 2", 2]],
  [
    "an end and a day at once are one update",
    ALL,
    DAY,
    "boot,hour,day",
    "boot end,hour end,day 1",
    ["day end", "day end,day 2", 2],
  ],
  [
    "a late run tells the newest day once",
    ALL,
    4.5 * DAY,
    "boot,hour,day",
    "boot end,hour end,day end,day 2",
    ["day 5", "day 5", 5],
  ],
  [
    "a missed day is not told later",
    ALL,
    4.6 * DAY,
    "boot,hour,day",
    "boot end,hour end,day end,day 2,day 5",
    undefined,
  ],
  [
    "missed ends are told once, as the last",
    ALL,
    2 * HOUR,
    "boot,hour",
    "",
    ["hour end", "boot end,hour end,day 1", 1],
  ],
  [
    "the last day is the last stage's",
    ALL,
    7 * DAY,
    "boot,hour,day,week",
    "boot end,hour end,day end,day 7",
    ["week end", "week end", 7],
  ],
  ["no day comes after the watch", [DAILY], 9 * DAY, "boot,hour,day,week", "day 7", undefined],
  [
    "the watch ended early: by failing at the start",
    ALL,
    HOUR / 20,
    "boot",
    "",
    ["boot end", "boot end,day 1", 1],
  ],
  ["a clock before live", [DAILY], -HOUR, "", "", ["day 1", "day 1", 1]],
])("%s", (_, at, afterMs, ended, told, due) => {
  const words = (list: string): readonly string[] => list.split(",").filter((word) => word !== "");
  const liveAt = Date.UTC(2031, 0, 1);
  const found = dueUpdate(at, {
    liveAt,
    now: liveAt + afterMs,
    stages: STAGES,
    stagesEnded: words(ended),
    told: words(told),
  });
  expect(found).toEqual(due && { key: due[0], keys: words(due[1]), day: due[2] });
});
