import { seenShare, type CoverageGap, type StageCoverage } from "../core/coverage.ts";
import type { Outcome } from "../core/outcome.ts";
import { inlineText } from "./markdown.ts";
import { amountText, countText, excerpt } from "./text.ts";
import { dateTimeText } from "./time.ts";

const MOST_GAPS = 10;

/** A stage under way is covered so far. */
type Covered = Pick<Outcome, "coverage" | "stages">;

/** One line for each stage that looks watch: which part of it was seen, the stretches without a look, what was judged afterwards. */
export function coverageLines(outcome: Covered): readonly string[] {
  return linesOf(outcome, outcome.coverage ?? []);
}

/** The same of the stages that are over, which no look changes any more. */
export function endedLines(outcome: Covered): readonly string[] {
  const ended = new Set(outcome.stages.map(({ name }) => name));
  return linesOf(
    outcome,
    (outcome.coverage ?? []).filter(({ stage }) => ended.has(stage)),
  );
}

/** The same of the stages that were not watched all the time. */
export function unseenLines(outcome: Covered): readonly string[] {
  return linesOf(
    outcome,
    (outcome.coverage ?? []).filter(({ gaps }) => gaps.length > 0),
  );
}

/** What is still to come of a watch that outlasts its job; "" once it is over. */
export function comingSentence({ watchedUntil, nextLookAt, laterStages = [] }: Outcome): string {
  if (watchedUntil === undefined) return "";
  const names = laterStages.slice(0, 10).map((name) => excerpt(name, 60));
  const stages = names.length === 0 ? "" : `; still to come: ${names.join(", ")}`;
  const next = nextLookAt === undefined ? "" : ` The next look is due ${dateTimeText(nextLookAt)} UTC.`;
  return `Watched until ${dateTimeText(watchedUntil)} UTC${stages}.${next}`;
}

/** Such lines as a list of Markdown; "" where there are none. */
export function linesList(lines: readonly string[]): string {
  return lines.map((line) => `- ${inlineText(line)}`).join("\n");
}

function linesOf({ stages }: Covered, coverage: readonly StageCoverage[]): readonly string[] {
  return coverage.map((stage) => {
    const isOver = stages.some(({ name }) => name === stage.stage);
    const beats = `${countText(Math.min(stage.seen, stage.due))} of ${amountText(stage.due, "beat")}`;
    const { gaps } = stage;
    const amount = gaps.length === 1 ? "one gap" : `${countText(gaps.length)} gaps`;
    const rest = gaps.length === 0 ? "" : `, ${amount}: ${gaps.slice(-MOST_GAPS).map(gapText).join("; ")}`;
    return `${excerpt(stage.stage, 60)}: watched ${shareText(stage)}${isOver ? "" : " so far"} (${beats})${rest}`;
  });
}

/** Rounded down, so that what was not all seen is never the whole. */
function shareText(stage: StageCoverage): string {
  const tenths = Math.floor(seenShare(stage) * 1000) / 10;
  return `${tenths === 100 ? "100" : tenths.toFixed(1)} %`;
}

function gapText({ from, to, backFilled, unseen, looks = 0 }: CoverageGap): string {
  const begin = dateTimeText(from).slice(0, 16);
  const end = dateTimeText(to).slice(0, 16);
  const isOneDay = begin.slice(0, 10) === end.slice(0, 10);
  const stretch = isOneDay ? `${begin}-${end.slice(11)}` : `${begin} to ${end}`;
  const except = unseen.length === 0 ? "" : ` except ${unseen.join(", ")}`;
  const few = looks === 0 ? "" : ` with only ${amountText(looks, "look")} in it`;
  return `${stretch} UTC${few}, ${backFilled ? `judged afterwards${except}` : "not judged"}`;
}
