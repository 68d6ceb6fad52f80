import type { Verdict } from "../core/check.ts";
import type { Outcome } from "../core/outcome.ts";
import { actionList, nextWords } from "./action-list.ts";
import { timelineChart } from "./chart.ts";
import { checksTable, concernsList } from "./checks-table.ts";
import { comingSentence, coverageLines, linesList } from "./coverage.ts";
import { evidenceParts } from "./evidence.ts";
import { commitLink, factsTable, notesList } from "./facts.ts";
import { codeSpan, inlineText, link } from "./markdown.ts";
import { pageText } from "./page.ts";
import { seriesCharts } from "./series-chart.ts";
import { excerpt, withStop } from "./text.ts";
import { decisionSentence, isDefaultsOnly, verdictTitle } from "./title.ts";
import { markdownWords } from "./words.ts";

/** GitHub takes 1 MiB a step and drops a larger summary whole. */
const SUMMARY_MAX_BYTES = 900 * 1024;
const EVIDENCE_MAX = 16_000;

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: "✅",
  warn: "⚠️",
  fail: "❌",
  unknown: "❔",
  superseded: "⏭️",
  skipped: "➖",
};

/** Where else to read about this run. */
export interface Links {
  /** Path of the HTML report on the runner. */
  readonly htmlReport?: string;
  readonly checkRunUrl?: string;
  readonly runUrl?: string;
}

/** One sentence with the arithmetic in bold, and the two things that qualify it. */
export function verdictPart(outcome: Outcome, sentence: string): string {
  const lines = [`**${withStop(inlineText(excerpt(sentence, 1000)))}**`];
  if (outcome.mode === "observe") lines.push("Observing only: this verdict has no effect.");
  if (isDefaultsOnly(outcome)) {
    lines.push("no config file: defaults only. Add `.github/deploy-gate.yml` to check what matters to you.");
  }
  return lines.join("\n\n");
}

/** A heading with its body; "" when there is no body. */
export function headed(title: string, body: string): string {
  return body === "" ? "" : `### ${title}\n\n${body}`;
}

/** Files of a runner are gone when its job is: whoever wants the report has to keep it. */
function reportLine({ htmlReport }: Links): string {
  if (htmlReport === undefined) return "";
  return `Everything in one page, for a browser: ${codeSpan(htmlReport)} on the runner. Keep it with \`actions/upload-artifact\`.`;
}

function linksLine(links: Links): string {
  const known = [
    links.checkRunUrl === undefined ? "" : link("Check run", links.checkRunUrl),
    links.runUrl === undefined ? "" : link("Workflow run", links.runUrl),
  ];
  return known.filter((part) => part !== "").join(" · ");
}

/** The job summary: Markdown of at most 900 KiB, the verdict first and the evidence folded. */
export function jobSummary(outcome: Outcome, links: Links = {}): string {
  const name = inlineText(excerpt(outcome.service?.name ?? outcome.serviceName, 100));
  const title = `## ${MARKS[outcome.verdict]} ${verdictTitle(outcome)}: ${name} at ${commitLink(outcome, outcome.commit)}`;
  const [firstChart = "", ...otherCharts] = seriesCharts(outcome);
  const next = markdownWords(nextWords(outcome));
  return pageText(
    [
      `${title}\n\n${verdictPart(outcome, decisionSentence(outcome))}`,
      inlineText(comingSentence(outcome)),
      headed("What was done", actionList(outcome.actions)),
      next === "" ? "" : `**Next**: ${next}`,
      headed("What the checks found", concernsList(outcome.checks)),
      headed("Checks", checksTable(outcome.checks, { marks: true })),
      headed("How much was seen", linesList(coverageLines(outcome))),
      headed("Notes", notesList(outcome)),
      headed("Measured over the watch", firstChart),
      ...otherCharts,
      headed("Timeline (UTC)", timelineChart(outcome)),
      ...evidenceParts(outcome, EVIDENCE_MAX),
      factsTable(outcome),
      reportLine(links),
      linksLine(links),
    ],
    SUMMARY_MAX_BYTES,
  );
}
