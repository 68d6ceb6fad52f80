import type { RunbookWorld, Variant } from "../runbook/world.ts";
import type { Expected } from "./ending.ts";

/** A run that GitHub's cron starts. */
export interface WakeUp {
  /** ms after live. */
  readonly at: number;
  /** What is unusual about it. */
  readonly note?: string;
}

/** One week of WO-004 that the demo shows. */
export interface WeekStory extends Expected {
  readonly title: string;
  /** What is said of the runs that come. */
  readonly comes: string;
  readonly variant: Variant;
  readonly wakeUps: (liveAt: number) => readonly WakeUp[];
  readonly happens?: (world: RunbookWorld) => void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** How many minutes late GitHub starts one run after the other. */
const LATE = [1, 0, 4, 2, 0, 7, 23, 3, 1, 0, 12, 5, 0, 2, 9, 1, 0, 6, 3] as const;
/** Runs that never come, in hours after live. */
const LOST: readonly (readonly [from: number, to: number])[] = [
  [15.2, 18.2],
  [74, 89],
];
/** Runs that come twice. */
const TWICE = new Set([1, 60]);

/** Cron as a team has it: every half hour on the first day, every three hours then; late, lost and doubled as GitHub does it. */
function githubCron(liveAt: number): readonly WakeUp[] {
  const half = 30 * MINUTE_MS;
  const wakeUps: WakeUp[] = [];
  let lostFrom: number | undefined;
  for (
    let nth = 0, at = Math.ceil(liveAt / half) * half + 7 * MINUTE_MS;
    at < liveAt + WEEK_MS + 3 * HOUR_MS;
    nth += 1
  ) {
    const after = at - liveAt;
    at += after < DAY_MS ? half : 3 * HOUR_MS;
    if (LOST.some(([from, to]) => after >= from * HOUR_MS && after < to * HOUR_MS)) {
      lostFrom ??= wakeUps.at(-1)?.at ?? after;
      continue;
    }
    const late = LATE[nth % LATE.length] ?? 0;
    const came = after + late * MINUTE_MS;
    const note =
      lostFrom !== undefined
        ? `no run came for ${((came - lostFrom) / HOUR_MS).toFixed(1)} hours`
        : late > 15
          ? `${String(late)} minutes late`
          : undefined;
    lostFrom = undefined;
    wakeUps.push({ at: came, ...(note === undefined ? {} : { note }) });
    if (TWICE.has(nth)) wakeUps.push({ at: came + 15_000, note: "a second run of the same minute" });
  }
  return wakeUps;
}

/** After a stage has ended it is looked at twice where nobody saw its last minutes. */
const FEW_HOURS = [0.6, 1.1, 1.3, 2, 7.9, 8.1, 14.2, 20.2, 24.1] as const;

/** The example's own file, and whom it tells. */
const VARIANT: Variant = {
  pull: true,
  lastsHours: 7 * 24,
  // Cycles are never nearly empty, so that their speed can be measured whenever somebody looks; three in a hundred fail.
  work: { wf3: { perHour: 170 }, fails: (n) => (n * 7919) % 1000 < 30 },
  config: [
    "",
    "notify:",
    "  dev: { slack: $SLACK_URL, when: [fail, unknown, action, stage, report] }",
    "  ops: { webhook: $OPS_URL, when: [pass, warn, fail, unknown, stage] }",
    "",
  ].join("\n"),
};

const good = {
  verdict: "pass",
  does: ["cleanup_pr"],
} as const;

/** `short`: the same with a day of eight hours and a week of one day. `bad`: a forbidden line twenty hours after live. */
export const weekStories = {
  good: {
    ...good,
    title: "a good week",
    comes: "every 30 minutes, from day 2 every 3 hours; some late, some never, some twice",
    variant: VARIANT,
    wakeUps: githubCron,
  },
  short: {
    ...good,
    title: "a good week of one day only",
    comes: "nine of them, every six hours at last",
    variant: { ...VARIANT, dayHours: 8, weekHours: 24, lastsHours: 24 },
    wakeUps: () => FEW_HOURS.map((hours) => ({ at: hours * HOUR_MS })),
  },
  bad: {
    title: "a bad line at hour 20",
    comes: "every 30 minutes; some late, some never, some twice",
    verdict: "fail",
    does: ["freeze", "render_rollback", "recheck", "revert_pr", "issue"],
    variant: { ...VARIANT, lastsHours: 24 },
    wakeUps: githubCron,
    happens: (world) =>
      world.say(20 * HOUR_MS, "CRITICAL SCHEDULER_LOOP: event loop blocked for 94 s, 3 jobs missed"),
  },
} as const satisfies Readonly<Record<"good" | "short" | "bad", WeekStory>>;
