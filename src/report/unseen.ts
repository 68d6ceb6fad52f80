import { seenShare, type CoverageGap, type StageCoverage } from "../core/coverage.ts";
import { amountText, excerpt } from "./text.ts";
import { dateTimeText } from "./time.ts";

const MOST_GAPS = 5;

/** One line for each stage that was not watched all the time: which part was, the stretches without a look, what was looked at afterwards. */
export function unseenLines(coverage: readonly StageCoverage[]): readonly string[] {
  return coverage
    .filter(({ gaps }) => gaps.length > 0)
    .map((stage) => {
      // Rounded down, so that what has a gap is never the whole.
      const percent = Math.floor(seenShare(stage) * 1000) / 10;
      const shown = stage.gaps.slice(0, MOST_GAPS).map(gapText);
      const more = stage.gaps.length - shown.length;
      const all = [...shown, ...(more === 0 ? [] : [`and ${amountText(more, "more gap")}`])].join("; ");
      return `stage ${excerpt(stage.stage, 60)}: ${percent}% watched; no look ${all}`;
    });
}

function gapText({ from, to, backFilled, unseen }: CoverageGap): string {
  const [start, end] = [dateTimeText(from).slice(0, 16), dateTimeText(to).slice(0, 16)];
  const until = end.slice(0, 10) === start.slice(0, 10) ? end.slice(11) : end;
  const except = unseen.length === 0 ? "" : ` except ${unseen.map((one) => excerpt(one, 20)).join(" and ")}`;
  return `${start} to ${until} UTC (${backFilled ? `back-filled${except}` : "not looked at"})`;
}
