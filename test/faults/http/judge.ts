import type { GateResult } from "../../gate/scene.ts";
import type { Outcome, Truth } from "../trial.ts";
import type { Census } from "./census.ts";
import type { Stage } from "./story.ts";

/** A story as it went. */
export interface Played {
  readonly results: readonly GateResult[];
  readonly census: Census;
  /** By the clock, ms. */
  readonly tookMs: number;
  readonly violations: readonly string[];
}

/** The same without a fault, and what was there before its first run. */
export interface Unharmed extends Played {
  readonly before: Census;
}

/** Longer than without the fault by the clock, ms: a job with that cost hangs. */
const LONGEST_MORE_MS = 20 * 60_000;
/** Only what was measured may do these. */
const ACTS = new Set(["revert_pr", "patch_pr", "render_rollback", "freeze", "trigger"]);
const ACT_THINGS = /^(pull request|branch|commit on|rollback deploy|api deploy|\S+ deploys by)/;
/** What belongs to another action, which says why nothing came of both. */
const PART_OF: Readonly<Record<string, string>> = { freeze: "render_rollback", auto_merge: "revert_pr" };
/** Tried once, and told whatever became of it. */
const CLEAN_UP = /^cleanup_|\/cleanup-/;
/** Where nothing can be kept of what was told, people are told again rather than never. */
const FORGOTTEN = /^warning: .*(check run|state)/;
const MESSAGE = /^message to/;
/** Entries of the index: nobody but looks sees them, and those take two of one watch for one. */
const ENTRY = /^watch /;

/** The run that told last of the deploy, or the last one. */
export function lastTold({ results }: Pick<Played, "results">): GateResult {
  return results.findLast(({ report }) => report.checks !== undefined) ?? results.at(-1)!;
}

/** Actions of all runs, as they stood last. */
function actionsOf({
  results,
}: Pick<Played, "results">): ReadonlyMap<string, { readonly state: string; readonly reason?: string }> {
  return new Map(
    results.flatMap(({ report }) => (report.actions ?? []).map((action) => [action.kind, action] as const)),
  );
}

export function violationsOf({ scene, post }: Stage): readonly string[] {
  return [...scene.render.violations, ...scene.github.violations, ...post.violations];
}

export function isTrue(verdict: string, truth: Truth): boolean {
  return truth === "fail" ? verdict === "fail" : verdict === "pass" || verdict === "warn";
}

/** Whether all is there that is there without the fault. */
export function isWhole(played: Played, base: Unharmed, truth: Truth): boolean {
  return (
    isTrue(lastTold(played).ending.verdict, truth) &&
    missingOf(played, base).length === 0 &&
    leftOf(played, base).length === 0
  );
}

/** Whether a later stage was not told of although the first one was. */
function isUnwatched(played: Played, base: Unharmed): boolean {
  const stagesOf = (one: Played): readonly string[] =>
    (lastTold(one).report.stages ?? []).map(({ name }) => name);
  const { verdict } = lastTold(played).ending;
  const isGood = verdict === "pass" || verdict === "warn";
  return isGood && stagesOf(base).some((name) => !stagesOf(played).includes(name));
}

function missingOf(played: Played, base: Unharmed): readonly string[] {
  return [...base.census].flatMap(([thing, count]) =>
    (played.census.get(thing) ?? 0) < count ? [thing] : [],
  );
}

/** Actions that came to their end without the fault, and now did not. */
function leftOf(played: Played, base: Unharmed): readonly string[] {
  const now = actionsOf(played);
  return [...actionsOf(base)].flatMap(([kind, { state }]) =>
    state === "done" && now.get(kind)?.state !== "done" && !CLEAN_UP.test(kind) ? [kind] : [],
  );
}

/** What must never be, of a story with a fault; `base` is the same story without. */
export function wrongsOf(played: Played, base: Unharmed, truth: Truth): readonly string[] {
  const lines = played.results.flatMap((one) => one.lines);
  const wrong = [
    ...wrongVerdict(played, base, truth),
    ...wrongActs(played, base),
    ...doubled(played, base),
    ...unnamed(played, base),
    ...lines.filter((line) => line.includes("the gate itself failed")),
    ...played.violations.map((violation) => `a rule was broken: ${violation}`),
  ];
  if (played.tookMs > base.tookMs + LONGEST_MORE_MS)
    wrong.push(
      `took ${Math.round(played.tookMs / 1_000)} s by the clock, ${Math.round(base.tookMs / 1_000)} s without the fault`,
    );
  return wrong;
}

function wrongVerdict(played: Played, base: Unharmed, truth: Truth): readonly string[] {
  const wrong: string[] = [];
  const { results } = played;
  const { verdict, exitCode } = lastTold(played).ending;
  if (isUnwatched(played, base)) {
    if (!results.some((one) => one.lines.some(isLoud)))
      wrong.push("a later stage is not watched, and no warning says so");
  } else if (!isTrue(verdict, truth) && verdict !== "unknown")
    wrong.push(`the verdict is ${verdict}, and the truth ${truth}`);
  if ((exitCode === 0) !== (verdict === "pass" || verdict === "warn"))
    wrong.push(`the verdict is ${verdict}, and the job ends with ${exitCode}`);
  if (truth === "pass" && results.some((one) => one.ending.verdict === "fail"))
    wrong.push("a run called the good deploy failed");
  return wrong;
}

function isLoud(line: string): boolean {
  return /^(warning|error): /.test(line);
}

function wrongActs(played: Played, base: Unharmed): readonly string[] {
  if (played.results.some((one) => one.ending.verdict === "fail")) return [];
  const usual = actionsOf(base);
  const acts = [...actionsOf(played)].flatMap(([kind, { state }]) =>
    state === "done" && ACTS.has(kind) && !usual.has(kind) ? [kind] : [],
  );
  const things = [...played.census.keys()].filter(
    (thing) => ACT_THINGS.test(thing) && !base.census.has(thing) && !base.before.has(thing),
  );
  return [...acts, ...things].map((what) => `done without a measured failure: ${what}`);
}

function doubled(played: Played, base: Unharmed): readonly string[] {
  const isForgotten = played.results.some(({ lines }) => lines.some((line) => FORGOTTEN.test(line)));
  return [...played.census].flatMap(([thing, count]) => {
    const isTooMuch = count > Math.max(base.census.get(thing) ?? 0, 1);
    return isTooMuch && !ENTRY.test(thing) && !(isForgotten && MESSAGE.test(thing))
      ? [`doubled: ${count} × ${thing}`]
      : [];
  });
}

/** What did not come to its end, and is not said to. */
function unnamed(played: Played, base: Unharmed): readonly string[] {
  const wrong: string[] = [];
  const now = actionsOf(played);
  if (lastTold(played).ending.verdict === "fail")
    for (const kind of leftOf(played, base)) {
      const action = now.get(kind) ?? now.get(PART_OF[kind] ?? "");
      if (action === undefined) wrong.push(`${kind} is not in the report's actions`);
      else if ((action.reason ?? "") === "") wrong.push(`${kind} is ${action.state} without a reason`);
    }
  const missing = missingOf(played, base);
  const isSaid =
    played.results.some(({ lines, report }) => lines.some(isLoud) || (report.notes ?? []).length > 0) ||
    [...now.values()].some(({ state, reason }) => state !== "done" && reason !== undefined);
  if (missing.length > 0 && !isSaid) wrong.push(`missing, and no warning says so: ${missing.join("; ")}`);
  return wrong;
}

/** What must be after the same job has run again without the fault. */
export function unfinishedOf(played: Played, base: Unharmed, truth: Truth): readonly string[] {
  const wrong: string[] = [];
  const { verdict } = lastTold(played).ending;
  if (!isTrue(verdict, truth)) wrong.push(`run again, the verdict is ${verdict}, and the truth ${truth}`);
  for (const kind of leftOf(played, base))
    wrong.push(`run again, ${kind} is ${actionsOf(played).get(kind)?.state ?? "not there"}`);
  for (const [thing, count] of base.census) {
    const now = played.census.get(thing) ?? 0;
    if (ACT_THINGS.test(thing) && now !== count && !CLEAN_UP.test(thing))
      wrong.push(`run again, ${now} instead of ${count} × ${thing}`);
  }
  return wrong;
}

/** As a cell of the table needs it. */
export function outcomeOf(played: Played, base: Unharmed, more: Pick<Outcome, "struck" | "wrong">): Outcome {
  const { verdict } = lastTold(played).ending;
  const actions = actionsOf(played);
  const kinds = [...new Set([...actionsOf(base).keys(), ...actions.keys()])];
  const acts = kinds.map((kind) => `${kind}: ${actions.get(kind)?.state ?? "not done"}`);
  return {
    verdict: isUnwatched(played, base) ? "unwatched" : verdict,
    acts: verdict === "fail" ? acts : [],
    ...more,
  };
}
