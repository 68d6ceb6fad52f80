import { watchedTrial } from "./watched.ts";
import type { Trial, Truth } from "./trial.ts";

const SECTION = "The service flaps";
const EVERY_MS = 10_000;
/** Beats of the stage; the first is right after live. */
const BEATS = 12;

/** Answers of the service by beat: `x` is a 503, the last letter stays. */
const PATTERNS: readonly string[] = [
  "............",
  "x...........",
  "xx..........",
  "xxx.........",
  ".....x......",
  "....xx......",
  "....xxx.....",
  "xx.xx.xx.xx.",
  "x.x.x.x.x.x.",
  ".x.x.x.x.x.x.",
  "..xx..xx..xx.",
  "x..x..x..x..",
  "xx..xx......",
  "x.xx.xx.....",
  "..........x.",
  "..........xx.",
  "...........x.",
  "...........x",
  "..........xxx.",
  ".........xx.x.",
  "....x.x.x.x.x.x.",
  "..x.......x.x.x.x.",
  "xxxxxxxxxxxx",
];

type Rule =
  | { readonly kind: "in a row"; readonly count: number }
  | { readonly kind: "of"; readonly count: number; readonly of: number }
  | { readonly kind: "for"; readonly ms: number };

interface Limit {
  readonly text: string;
  readonly failAfter: Rule;
  readonly passAfter: number;
}
const LIMITS: readonly Limit[] = [
  { text: "fail_after: 1", failAfter: { kind: "in a row", count: 1 }, passAfter: 1 },
  { text: "fail_after: 3", failAfter: { kind: "in a row", count: 3 }, passAfter: 1 },
  { text: "fail_after: 5 of 10", failAfter: { kind: "of", count: 5, of: 10 }, passAfter: 1 },
  { text: "fail_after: 20s", failAfter: { kind: "for", ms: 20_000 }, passAfter: 1 },
  { text: "fail_after: 3, pass_after: 3", failAfter: { kind: "in a row", count: 3 }, passAfter: 3 },
];

/** What the rules say of a pattern (design 5.1), worked out apart from the code that is tried. */
export function verdictOf(pattern: string, { failAfter, passAfter }: Limit): string {
  const isBad = (beat: number): boolean => (pattern[beat] ?? pattern.at(-1)) === "x";
  const more = { "in a row": 0, of: 0, for: 0 };
  more[failAfter.kind] =
    failAfter.kind === "in a row"
      ? failAfter.count * 2
      : failAfter.kind === "of"
        ? failAfter.of * 2
        : failAfter.ms / EVERY_MS + 2;
  const seen: boolean[] = [];
  let settled = false;
  for (let beat = 0; beat < BEATS + more[failAfter.kind]; beat += 1) {
    // An open failing run extends the stage.
    if (beat >= BEATS && seen.at(-1) !== true) break;
    seen.push(isBad(beat));
    const run = seen.length - 1 - seen.lastIndexOf(false);
    const isEnough =
      failAfter.kind === "in a row"
        ? run >= failAfter.count
        : failAfter.kind === "of"
          ? seen.slice(-failAfter.of).filter(Boolean).length >= failAfter.count
          : (run - 1) * EVERY_MS >= failAfter.ms;
    if (isEnough) return "fail";
    settled ||= seen.length - 1 - seen.lastIndexOf(true) >= passAfter;
  }
  if (!settled) return "unknown";
  return seen.includes(true) ? "warn" : "pass";
}

function trial(pattern: string, limit: Limit): Trial {
  const wanted = verdictOf(pattern, limit);
  const truth: Truth = wanted === "fail" ? "fail" : "pass";
  return watchedTrial({
    section: SECTION,
    where: pattern,
    fault: limit.text,
    story: `the rules say ${wanted}`,
    truth,
    checks: `health: { http: /health, on_fail: revert, ${limit.text} }`,
    options: { boot: "{ for: 2m, every: 10s }" },
    mayWarn: true,
    strike(watch) {
      let asked = 0;
      watch.answer(() => {
        const letter = pattern[asked] ?? pattern.at(-1);
        asked += 1;
        return letter === "x" ? { status: 503 } : { body: "ok" };
      });
      return {
        struck: () => asked > 0,
        more: (result) =>
          result instanceof Error || result.report.verdict === wanted
            ? []
            : [`${result.report.verdict}, and the rules say ${wanted}`],
      };
    },
  });
}

/** A service that fails now and then, around what `fail_after` and `pass_after` allow. */
export function flappingTrials(): readonly Trial[] {
  return PATTERNS.flatMap((pattern) => LIMITS.map((limit) => trial(pattern, limit)));
}
