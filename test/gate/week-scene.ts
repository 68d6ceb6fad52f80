import { decodeState } from "../../src/core/gate-state-text.ts";
import type { Database } from "../../src/ports.ts";
import { unseenLines } from "../../src/report/coverage.ts";
import type { GateResult } from "./scene.ts";
import { NEW, startWatch, type Watch } from "./watch-scene.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When runs come, ms after live; those of the same moment run at once. */
export interface Schedule {
  readonly name: string;
  readonly wakes: readonly number[];
}

/** Beats of the stages, ms. */
export interface Beats {
  readonly hour: number;
  readonly day: number;
  readonly week: number;
}

/** What must not depend on when the runs came. */
export interface WeekEnd {
  readonly verdict: string;
  /** The checks that did not pass, as they ended. */
  readonly checks: readonly string[];
  readonly stages: readonly string[];
  /** What was done, and how. */
  readonly actions: readonly string[];
  /** Reverts that were opened. */
  readonly pulls: number;
  /** State of the commit status. */
  readonly status: string;
  /** Entries of the index. */
  readonly watches: number;
}

/** What happens to the service in a week, and what has to become of it. Times in ms after live. */
export interface WeekStory {
  readonly name: string;
  readonly happens?: (watch: Watch) => void;
  /** Answer of the health check. */
  readonly health?: (afterLiveMs: number) => number;
  /** Of the new instance, bytes. */
  readonly memory?: (afterLiveMs: number) => number;
  /** Rows that wait in the queue. */
  readonly depth?: (afterLiveMs: number) => number;
  readonly end: WeekEnd;
}

/** A week as it was played. Times in ms. */
export interface PlayedWeek {
  readonly end: WeekEnd;
  /** When a run told the last verdict first, after live. */
  readonly toldAt: number;
  /** Looks that were taken. */
  readonly looks: number;
  /** What was not seen, as far as a look has said so. */
  readonly unseen: readonly string[];
  /** The most that one look took of the clock, and of requests. */
  readonly longestMs: number;
  readonly render: number;
  readonly github: number;
  /** The largest text of the check run, in bytes. */
  readonly textBytes: number;
  readonly violations: readonly string[];
}

const STAGES = ["boot pass", "hour pass", "day pass", "week pass"];

function failedAs(check: string, stages: readonly string[]): WeekEnd {
  return {
    verdict: "fail",
    checks: [`${check} fail`],
    stages,
    actions: ["revert_pr done"],
    pulls: 1,
    status: "failure",
    watches: 1,
  };
}

export const WEEK_STORIES: readonly WeekStory[] = [
  {
    name: "a good week",
    end: {
      verdict: "pass",
      checks: [],
      stages: STAGES,
      actions: [],
      pulls: 0,
      status: "success",
      watches: 1,
    },
  },
  {
    name: "a forbidden line at hour 20",
    happens: (watch) => watch.say(20 * HOUR, "Traceback (most recent call last):"),
    end: failedAs("errors", ["boot pass", "hour pass", "day fail"]),
  },
  {
    name: "memory creeping above the limit at day 3",
    memory: (at) => 200e6 + (at / (3 * DAY)) * 200e6,
    end: failedAs("memory", ["boot pass", "hour pass", "day pass", "week fail"]),
  },
  {
    name: "a crash at minute 40",
    happens: ({ after, render, service }) => after(40 * MINUTE, () => render.crash(service.id, NEW)),
    end: failedAs("crashes", ["boot pass", "hour fail"]),
  },
  {
    name: "http down for good from hour 30",
    health: (at) => (at > 30 * HOUR ? 503 : 200),
    end: failedAs("health", ["boot pass", "hour pass", "day pass", "week fail"]),
  },
  {
    name: "a queue that grows from day 2",
    depth: (at) => 5 + Math.max(0, Math.floor((at - 2 * DAY) / HOUR)),
    end: failedAs("queue", ["boot pass", "hour pass", "day pass", "week fail"]),
  },
];

function every(ms: number, from: number, to: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / ms) + 1 }, (_, at) => from + at * ms);
}

/** In hours after live. */
const LATE_HOLES = [
  [3, 9],
  [11, 19],
  [33, 45],
  [60, 80],
  [100, 125],
  [130, 145],
] as const;

/** Four ways in which the runs of the same week may come, and go on until the watch is closed. */
export function weekSchedules({ hour, day, week }: Beats): readonly Schedule[] {
  const onBeat = [
    ...every(hour, hour, HOUR),
    ...every(day, HOUR + day, DAY),
    ...every(week, DAY + week, 9 * DAY),
  ].map((at) => at + 3 * MINUTE);
  const isIn = (holes: readonly (readonly [from: number, to: number])[], at: number): boolean =>
    holes.some(([from, to]) => at > from * HOUR && at < to * HOUR);
  // Cron comes at an odd minute, up to twenty more late, and for hours not at all.
  const late = every(Math.max(HOUR, day / 2), 37 * MINUTE, 9 * DAY)
    .filter((at) => !isIn(LATE_HOLES, at))
    .map((at, index) => at + ((index * 7) % 20) * MINUTE);
  return [
    { name: "punctual", wakes: onBeat },
    { name: "late", wakes: late },
    {
      name: "doubled",
      wakes: onBeat.flatMap((at, index) => [at, at + (index % 3 === 0 ? 45_000 : 0)]),
    },
    { name: "missing", wakes: onBeat.filter((at, index) => !isIn([[8, 22]], at) && index % 2 === 0) },
  ];
}

const CHECKS = `
started: { logs: { require: [ready to serve], within: 1m } }
errors: { logs: { forbid: [Traceback] }, on_fail: revert }
jobs: { logs: { count: job done, per: 30m }, fail: value < 1, stage: [hour, day, week], on_fail: revert }
sync: { logs: { span: [sync begins, sync ends], inside: ['/found (?<found>\\d+)/'] }, fail: [duration > 10m, overlap > 0, unfinished > 0], stage: [hour, day, week] }
memory: { metric: { name: memory, agg: max 5m }, fail: value > 400MB, stage: [hour, day, week], on_fail: revert }
growth: { metric: { name: memory, agg: avg 5m }, warn: 'trend(value, 24h) > 1GB', stage: [day, week] }
crashes: { events: [server_failed], on_fail: revert }
health: { http: /health, on_fail: revert }
queue: { sql: select depth from queue, fail: 'trend(depth, 36h) > 0', stage: [day, week], on_fail: revert }
per-second: { derive: { rate: sync.found / sync.duration }, fail: rate < 0.00001, stage: [hour, day, week] }
`.trim();

const minutes = (ms: number): string => `${ms / MINUTE}m`;

function stagesOf({ hour, day, week }: Beats): string {
  return `{ for: 2m, every: 20s }, hour: { for: 1h, every: ${minutes(hour)} }, day: { for: 24h, every: ${minutes(day)} }, week: { for: 7d, every: ${minutes(week)} }`;
}

/** Everybody's lines: of the start, of a job each 25 minutes, of a sync with four of them. */
function talk(watch: Watch): void {
  watch.say(5_000, "ready to serve");
  for (const [index, at] of every(25 * MINUTE, 3 * MINUTE, 8 * DAY).entries()) {
    watch.say(at, "job done");
    if (index % 4 !== 0) continue;
    watch.say(at + MINUTE, "sync begins");
    watch.say(at + 2 * MINUTE, "found 40 rows");
    watch.say(at + 4 * MINUTE, "sync ends");
  }
}

/** Runs still come when the watch is over. */
const MORE_RUNS = 2;

/** Plays a week by a schedule, until the watch is over and some runs more. */
export async function playWeek(
  story: WeekStory,
  { schedule, beats }: { readonly schedule: Schedule; readonly beats: Beats },
): Promise<PlayedWeek> {
  await using watch = await startWatch(CHECKS, {
    boot: stagesOf(beats),
    more: "databases: { main: { url: $DATABASE_URL } }\nguards: { act_within: 7d }",
  });
  const { clock, liveAt, render, github, service } = watch;
  const { health = () => 200, memory = () => 200e6, depth = () => 5 } = story;
  const sinceLive = (): number => clock.now() - liveAt;
  watch.answer((_request, afterLiveMs) => ({ status: health(afterLiveMs) }));
  render.metric(service.id, "memory", ({ at, instance }) =>
    instance === NEW || at > liveAt + MINUTE ? memory(at - liveAt) : 150e6,
  );
  talk(watch);
  story.happens?.(watch);
  const database: Database = {
    query: () => Promise.resolve({ rows: [{ depth: depth(sinceLive()) }], cut: false }),
    close: () => Promise.resolve(),
  };
  let runs = 0;
  const run = (event?: { readonly name: string; readonly payload: unknown }): Promise<GateResult> =>
    watch.run({
      runNumber: (runs += 1),
      env: { DATABASE_URL: "postgres://db.test/shop" },
      edges: (edges) => ({ ...edges, database }),
      ...(event === undefined ? {} : { event }),
    });

  let { report } = await run();
  let [toldAt, looks, longestMs, textBytes, rendered, asked] = [sinceLive(), 0, 0, 0, 0, 0];
  let over = 0;
  let unseen: readonly string[] = [];
  for (const [at, same] of Map.groupBy(schedule.wakes, (wake) => wake)) {
    if (at < sinceLive()) continue;
    if (over === MORE_RUNS) break;
    await clock.advance(at - sinceLive());
    const before = { at: clock.now(), render: render.requests.length, github: github.requests.length };
    const results = await Promise.all(same.map(() => run({ name: "schedule", payload: {} })));
    // A run that left the look to another one tells nothing.
    for (const result of results.filter((one) => one.report.checks !== undefined)) {
      looks += 1;
      if (report.verdict !== result.report.verdict) toldAt = at;
      report = result.report;
    }
    longestMs = Math.max(longestMs, clock.now() - before.at);
    rendered = Math.max(rendered, (render.requests.length - before.render) / same.length);
    asked = Math.max(asked, (github.requests.length - before.github) / same.length);
    const text = github.checkRuns[0]?.text ?? "";
    textBytes = Math.max(textBytes, Buffer.byteLength(text));
    const kept = decodeState(text);
    const state = kept.kind === "state" ? kept.state.watch : undefined;
    if (state !== undefined) unseen = unseenLines({ coverage: state.coverage, stages: [] });
    if (state === undefined || state.over !== undefined) over += 1;
  }
  return {
    end: {
      verdict: report.verdict,
      checks: report.checks.flatMap(({ name, verdict }) =>
        verdict === "pass" ? [] : [`${name} ${verdict}`],
      ),
      stages: report.stages.map(({ name, verdict }) => `${name} ${verdict}`),
      actions: report.actions.map(({ kind, state }) => `${kind} ${state}`),
      pulls: github.pulls.length,
      status: github.statuses.findLast(({ sha }) => sha === watch.bad)?.state ?? "none",
      watches: github.deployments.length,
    },
    toldAt,
    looks,
    unseen,
    longestMs,
    render: rendered,
    github: asked,
    textBytes,
    violations: [...render.violations, ...github.violations],
  };
}
