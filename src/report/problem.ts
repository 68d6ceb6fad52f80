import { inlineText } from "./markdown.ts";
import { pageText } from "./page.ts";
import { labelText, logText } from "./plain.ts";
import { amountText, cut, excerpt, oneLine, withStop } from "./text.ts";

const LONGEST = 1000;
const MOST = 100;

/** One mistake of the user's. */
export interface MistakeText {
  readonly message: string;
  readonly hint?: string;
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
}

/** A remote service's failure to answer. */
export interface FailureText {
  readonly message: string;
  readonly hint?: string;
}

/** `message. hint.` in one clean line. */
export function mistakeText(problem: MistakeText | FailureText): string {
  const hint =
    problem.hint === undefined || problem.hint.trim() === "" ? "" : ` ${withStop(oneLine(problem.hint))}`;
  return cut(withStop(oneLine(problem.message)) + hint, LONGEST);
}

/** One line of the job log for a mistake: `file:line:column message. hint.`, so that editors and people find the place. */
export function mistakeLine(mistake: MistakeText): string {
  const { at } = mistake;
  const place = at === undefined ? "" : `${excerpt(at.file, 200)}:${at.line}:${at.column} `;
  return logText(place + mistakeText(mistake));
}

/** One line for what a remote service did instead of answering. */
export function failureLine(failure: FailureText): string {
  return logText(mistakeText(failure));
}

/** The check run of a run that ended on the user's mistakes: all of them, in the order they were found. */
export function problemCheckRun(mistakes: readonly MistakeText[]): {
  readonly title: string;
  readonly summary: string;
} {
  const [first] = mistakes;
  const title =
    mistakes.length === 1 && first !== undefined
      ? `Configuration: ${mistakeText(first)}`
      : `Configuration: ${amountText(mistakes.length, "mistake")}`;
  const lines = mistakes.slice(0, MOST).map((mistake) => `- ${inlineText(mistakeLine(mistake))}`);
  const missing = mistakes.length - lines.length;
  const more = missing === 0 ? [] : [`- … and ${missing} more`];
  const summary = pageText(
    [
      "**Nothing was watched and nothing was touched: the gate cannot start like this.**",
      [...lines, ...more].join("\n"),
    ],
    65_535,
  );
  return { title: labelText(title, 250), summary };
}

/** The commit status of such a run: at most 140 characters. */
export function problemDescription(mistakes: readonly MistakeText[]): string {
  return labelText(problemCheckRun(mistakes).title, 140);
}
