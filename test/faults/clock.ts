import { steadyTime } from "../../src/io/clock.ts";
import { watchedTrial } from "./watched.ts";
import type { Trial, Truth } from "./trial.ts";

const CHECKS = [
  "health: { http: /health, on_fail: revert }",
  "errors: { logs: { forbid: [FATAL] }, on_fail: revert }",
].join("\n");
const FOR_MS = 180_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Shift {
  readonly what: string;
  readonly ms: number;
}
const SHIFTS: readonly Shift[] = [
  { what: "3 s forwards", ms: 3 * SECOND },
  { what: "40 s forwards", ms: 40 * SECOND },
  { what: "2 minutes forwards", ms: 2 * MINUTE },
  { what: "10 minutes forwards", ms: 10 * MINUTE },
  { what: "an hour forwards", ms: 60 * MINUTE },
  { what: "3 s backwards", ms: -3 * SECOND },
  { what: "40 s backwards", ms: -40 * SECOND },
  { what: "2 minutes backwards", ms: -2 * MINUTE },
  { what: "10 minutes backwards", ms: -10 * MINUTE },
  { what: "an hour backwards", ms: -60 * MINUTE },
];

/** When the clock jumps, after live, ms; `-Infinity`: it is wrong from the start. */
const MOMENTS = [
  { when: "wrong from the start", atMs: -Infinity },
  { when: "a jump during the build", atMs: -8 * SECOND },
  { when: "a jump after 30 s", atMs: 30 * SECOND },
  { when: "a jump at the stage's end", atMs: 125 * SECOND },
] as const;

interface Story {
  readonly story: string;
  readonly truth: Truth;
  /** After live, ms. */
  readonly fatalMs?: number;
  readonly badMs?: number;
  readonly isDeaf?: boolean;
}
const STORIES: readonly Story[] = [
  { story: "all is well", truth: "pass" },
  { story: "all is well, without the stream", truth: "pass", isDeaf: true },
  {
    story: "a forbidden line after 150 s, without the stream",
    truth: "fail",
    fatalMs: 150 * SECOND,
    isDeaf: true,
  },
  { story: "503 from 130 s on", truth: "fail", badMs: 130 * SECOND },
];

function trial(shift: Shift, moment: (typeof MOMENTS)[number], told: Story): Trial {
  return watchedTrial({
    section: "The runner's clock",
    where: shift.what,
    fault: moment.when,
    story: told.story,
    truth: told.truth,
    checks: CHECKS,
    options: { boot: "{ for: 3m, every: 10s }", story: { buildMs: 20_000 } },
    strike(watch) {
      const { liveAt, render } = watch;
      const isShifted = (): boolean => watch.clock.now() >= liveAt + moment.atMs;
      if (told.isDeaf === true) render.refuseSockets(503);
      for (let at = -10_000; at < FOR_MS; at += 5_000) watch.say(at, `INFO: at work ${at}`);
      if (told.fatalMs !== undefined) watch.say(told.fatalMs, "FATAL: out of cheese");
      watch.answer((_request, afterMs) =>
        told.badMs !== undefined && afterMs >= told.badMs ? { status: 503 } : { body: "ok" },
      );
      return {
        struck: isShifted,
        run: {
          clockOf(clock) {
            const wall = (): number => clock.now() + (isShifted() ? shift.ms : 0);
            return { ...clock, now: steadyTime(wall, () => clock.now()) };
          },
        },
      };
    },
  });
}

/** A runner whose clock jumps or is wrong. */
export function clockTrials(): readonly Trial[] {
  return SHIFTS.flatMap((shift) =>
    MOMENTS.flatMap((moment) => STORIES.map((story) => trial(shift, moment, story))),
  );
}
