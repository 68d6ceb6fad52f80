import { healthFrom, watchedTrial, withRow } from "./watched.ts";
import { EVERYTHING, unreachable, type Loss, type Reach } from "./unreachable.ts";
import type { Trial, Truth } from "./trial.ts";

const SECTION = "The runner loses its network";
const CHECKS = [
  "health: { http: /health, on_fail: revert }",
  "errors: { logs: { forbid: [FATAL] }, on_fail: revert }",
  'rows: { sql: "select 1", pass: bad == 0, on_fail: revert }',
].join("\n");
const FOR_MS = 120_000;
/** The failing story fails so long after the loss. */
const LATER_MS = 5_000;

interface Lost {
  readonly what: string;
  readonly reach: readonly Reach[];
  readonly loss: Loss;
}
const LOSSES: readonly Lost[] = [
  { what: "everything", reach: EVERYTHING, loss: "unreachable" },
  { what: "everything, in time-outs", reach: EVERYTHING, loss: "time-out" },
  { what: "every name", reach: EVERYTHING, loss: "no name" },
  { what: "the service", reach: ["service"], loss: "unreachable" },
  { what: "Render", reach: ["Render"], loss: "unreachable" },
  { what: "GitHub", reach: ["GitHub"], loss: "unreachable" },
  { what: "the database", reach: ["database"], loss: "unreachable" },
];

interface Span {
  readonly when: string;
  /** After live, ms. */
  readonly fromMs: number;
  readonly untilMs: number;
}
const SPANS: readonly Span[] = [
  { when: "for 20 s before the deploy is live", fromMs: -6_000, untilMs: 14_000 },
  { when: "for 20 s in the stage", fromMs: 39_000, untilMs: 59_000 },
  { when: "for 45 s in the stage", fromMs: 41_000, untilMs: 86_000 },
  { when: "for 90 s in the stage", fromMs: 21_000, untilMs: 111_000 },
  { when: "for 20 s at the stage's end", fromMs: 95_000, untilMs: 115_000 },
  { when: "for 5 minutes at the stage's end", fromMs: 95_000, untilMs: 395_000 },
  { when: "from the middle of the stage on", fromMs: 55_000, untilMs: Infinity },
];

const TRUTHS: readonly Truth[] = ["pass", "fail"];

function trial({ what, reach, loss }: Lost, { when, fromMs, untilMs }: Span, truth: Truth): Trial {
  return watchedTrial({
    section: SECTION,
    where: what,
    fault: when,
    story: truth === "pass" ? "the service is well" : "the service answers 503 from 5 s after the loss on",
    truth,
    checks: CHECKS,
    options: {
      boot: "{ for: 2m, every: 10s }",
      more: "databases: { main: { url: $DATABASE_URL } }",
    },
    mustDoubt: untilMs === Infinity && truth === "pass" && reach.includes("service"),
    strike(watch) {
      healthFrom(watch, truth, Math.max(0, fromMs) + LATER_MS);
      for (let at = 1_000; at < FOR_MS; at += 5_000) watch.say(at, "INFO: at work");
      const { liveAt } = watch;
      const around = unreachable(watch, {
        what: reach,
        from: liveAt + fromMs,
        until: liveAt + untilMs,
        loss,
      });
      return { struck: around.struck, run: withRow(() => ({ bad: 0 }), around.edges) };
    },
  });
}

/** While a stage is watched GitHub is not asked. */
function isMet({ reach }: Lost, { fromMs, untilMs }: Span): boolean {
  return reach.join() !== "GitHub" || fromMs < 0 || untilMs > 2 * FOR_MS;
}

/** The runner's own network, all of it or in part, gone at every point of a watch. */
export function networkTrials(): readonly Trial[] {
  return LOSSES.flatMap((lost) =>
    SPANS.filter((span) => isMet(lost, span)).flatMap((span) =>
      TRUTHS.map((truth) => trial(lost, span, truth)),
    ),
  );
}
