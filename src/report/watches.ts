import type { Verdict } from "../core/check.ts";
import { codeSpan, inlineText } from "./markdown.ts";
import { excerpt, shortSha } from "./text.ts";
import { dateTimeText } from "./time.ts";

/** One watch as a resumed run left it. */
export interface WatchLine {
  readonly service: string;
  readonly commit: string;
  /** What came of the look. */
  readonly what: string;
  readonly verdict?: Verdict;
  /** When the next look is due, ms. */
  readonly nextLookAt?: number;
}

/** What a resumed run did, as Markdown: one row for each watch. */
export function watchesSummary(lines: readonly WatchLine[]): string {
  if (lines.length === 0) return "## No watch is open\n\nNothing was looked at.";
  const rows = lines.map(
    ({ service, commit, what, nextLookAt }) =>
      `| ${inlineText(excerpt(service, 100))} | ${codeSpan(shortSha(commit))} | ${inlineText(excerpt(what, 300))} | ${nextLookAt === undefined ? "" : `${dateTimeText(nextLookAt)} UTC`} |`,
  );
  const title = lines.length === 1 ? "1 open watch" : `${lines.length} open watches`;
  return [
    `## ${title}`,
    "",
    "| service | commit | this look | next look |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
