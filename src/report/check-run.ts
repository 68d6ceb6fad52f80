import { withState } from "../core/gate-state-text.ts";
import type { Moment, Outcome } from "../core/outcome.ts";
import { actionList, nextWords } from "./action-list.ts";
import { checksTable, concernsList } from "./checks-table.ts";
import { comingSentence, coverageLines, linesList } from "./coverage.ts";
import { evidenceParts } from "./evidence.ts";
import { factsTable, notesList } from "./facts.ts";
import { inlineText } from "./markdown.ts";
import { pageText } from "./page.ts";
import { headed, verdictPart } from "./summary.ts";
import { byteLength, cutBytes, excerpt } from "./text.ts";
import { clockText, dateTimeText } from "./time.ts";
import { checkRunTitle, verdictSentence } from "./title.ts";
import { markdownWords } from "./words.ts";

/**
 * GitHub answers 422 `summary exceeds a maximum bytesize of 65535`: bytes, although its reference says
 * characters (github/docs#35252).
 */
const CHECK_RUN_MAX_BYTES = 65_535;
const EVIDENCE_MAX = 8000;
const MOST_MOMENTS = 100;

function momentsList(timeline: readonly Moment[]): string {
  const shown = timeline.slice(-MOST_MOMENTS);
  const missing = timeline.length - shown.length;
  const days = new Set(shown.map(({ at }) => dateTimeText(at).slice(0, 10)));
  const timeText = days.size > 1 ? dateTimeText : clockText;
  const lines = shown.map(({ at, event }) => `- ${timeText(at)} ${inlineText(excerpt(event, 300))}`);
  return [...(missing === 0 ? [] : [`- … ${missing} earlier`]), ...lines].join("\n");
}

/**
 * The finished check run: a title, the summary (verdict, deeds, checks, notes), and the text (timeline, evidence, facts,
 * and at its end `state`, as `encodeState` made it).
 */
export function finalCheckRun(
  outcome: Outcome,
  state = "",
): {
  readonly title: string;
  readonly summary: string;
  readonly text: string;
} {
  const next = markdownWords(nextWords(outcome));
  const summary = pageText(
    [
      verdictPart(outcome, verdictSentence(outcome)),
      inlineText(comingSentence(outcome)),
      headed("What was done", actionList(outcome.actions)),
      next === "" ? "" : `**Next**: ${next}`,
      headed("What the checks found", concernsList(outcome.checks)),
      headed("Checks", checksTable(outcome.checks, { marks: false })),
      headed("How much was seen", linesList(coverageLines(outcome))),
      headed("Notes", notesList(outcome)),
    ],
    CHECK_RUN_MAX_BYTES,
  );
  const text = pageText(
    [
      factsTable(outcome),
      headed("Timeline (UTC)", momentsList(outcome.timeline)),
      ...evidenceParts(outcome, EVIDENCE_MAX),
    ],
    CHECK_RUN_MAX_BYTES - byteLength(state) - 2,
  );
  return { title: checkRunTitle(outcome), summary, text: withState(text, state) };
}

/** The page of a finished check run with another `state` at its end, cut where both together are too long. */
export function pageWithState(page: string, state: string): string {
  return withState(cutBytes(page, CHECK_RUN_MAX_BYTES - byteLength(state) - 2), state);
}
