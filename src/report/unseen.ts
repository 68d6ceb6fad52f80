import { seenShare, type CoverageGap, type StageCoverage } from "../core/coverage.ts";
import { inlineText } from "./markdown.ts";
import { amountText, countText, excerpt } from "./text.ts";
import { dateTimeText } from "./time.ts";

const MOST_GAPS = 10;

/** One line for each stage that was not watched all the time: which part was, the stretches without a look, what was looked at afterwards. */
export function unseenLines(coverage: readonly StageCoverage[]): readonly string[] {
  return coverage
    .filter(({ gaps }) => gaps.length > 0)
    .map((stage) => {
      // Rounded down, so that what has a gap is never the whole.
      const share = (Math.floor(seenShare(stage) * 1000) / 10).toFixed(1);
      const seen = `${countText(stage.seen)} of ${amountText(stage.due, "beat")} seen (${share} %)`;
      const gaps = stage.gaps.slice(-MOST_GAPS).map(gapText).join("; ");
      return `${excerpt(stage.stage, 60)}: ${seen}. No look came: ${gaps}`;
    });
}

/** The same as a list of Markdown; "" where everything was seen. */
export function unseenList(coverage: readonly StageCoverage[]): string {
  return unseenLines(coverage)
    .map((line) => `- ${inlineText(line)}`)
    .join("\n");
}

function gapText({ from, to, backFilled, unseen }: CoverageGap): string {
  const filled = backFilled ? "looked at afterwards" : "not looked at afterwards";
  const without = unseen.length === 0 ? "" : `, without ${unseen.join(", ")}`;
  return `${dateTimeText(from)} to ${dateTimeText(to)} UTC ${filled}${without}`;
}
