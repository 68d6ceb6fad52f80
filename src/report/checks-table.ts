import type { CheckResult } from "../core/outcome.ts";
import { worstFirst } from "./evidence.ts";
import { isConcern, lineColumns, samplesText } from "./line.ts";
import { addressLink, codeCell, inlineText, tableText } from "./markdown.ts";
import { amountText, excerpt, withoutStop, withStop } from "./text.ts";

const MOST = 200;

type CheckVerdict = CheckResult["verdict"];

/** How a check ended, for the reader. */
export const CHECK_WORDS: Readonly<Record<CheckVerdict, string>> = {
  pass: "pass",
  warn: "warn",
  fail: "fail",
  unknown: "unknown",
  "not-applied": "not judged",
};

/** The only marks anywhere, and only in the job summary. */
const MARKS: Readonly<Record<CheckVerdict, string>> = {
  pass: "✅ pass",
  warn: "⚠️ warn",
  fail: "❌ fail",
  unknown: "❔ unknown",
  "not-applied": "➖ not judged",
};

/** Whether the checks were watched in more than one stage, so that each has to say its own. */
export function hasStages(checks: readonly CheckResult[]): boolean {
  return new Set(checks.map((check) => check.stage)).size > 1;
}

function rowOf(
  check: CheckResult,
  options: { readonly words: Readonly<Record<CheckVerdict, string>>; readonly withStage: boolean },
): readonly string[] {
  const { values, conditions } = lineColumns(check.finding?.lines ?? []);
  const shown =
    values.length === 0
      ? inlineText(excerpt(withoutStop(check.reason), 300))
      : codeCell(excerpt(values.join("; "), 300));
  return [
    options.words[check.verdict],
    inlineText(excerpt(check.name, 100)),
    ...(options.withStage ? [inlineText(excerpt(check.stage ?? "", 60))] : []),
    shown,
    conditions.length === 0 ? "" : codeCell(excerpt(conditions.join("; "), 300)),
    samplesText(check),
  ];
}

/** One row per check, worst first: verdict, name, its stage when there are several, value, condition, samples and errors. "" without checks. */
export function checksTable(checks: readonly CheckResult[], options: { readonly marks: boolean }): string {
  if (checks.length === 0) return "";
  const words = options.marks ? MARKS : CHECK_WORDS;
  const withStage = hasStages(checks);
  const shown = worstFirst(checks).slice(0, MOST);
  const table = tableText({
    head: ["", "Check", ...(withStage ? ["Stage"] : []), "Value", "Condition", "Samples"],
    rows: shown.map((check) => rowOf(check, { words, withStage })),
  });
  const missing = checks.length - shown.length;
  return missing === 0 ? table : `${table}\n\n… and ${amountText(missing, "more check")}.`;
}

/** The hint of a check; an address becomes a link. */
function hintText(hint: string): string {
  const text = hint.trim();
  return /^https?:\/\/\S+$/u.test(text) ? addressLink(text) : inlineText(excerpt(text, 500));
}

/** One line for each check that needs a look: what it found and the hint that its author left. "" when none does. */
export function concernsList(checks: readonly CheckResult[]): string {
  const withStage = hasStages(checks);
  const concerns = worstFirst(checks).filter(isConcern);
  const lines = concerns.slice(0, MOST).map((check) => {
    const stage =
      withStage && check.stage !== undefined ? `, stage ${inlineText(excerpt(check.stage, 60))}` : "";
    const hint = check.hint === undefined || check.hint.trim() === "" ? "" : ` Hint: ${hintText(check.hint)}`;
    const reason = withStop(inlineText(excerpt(check.reason, 600)));
    return `- **${inlineText(excerpt(check.name, 100))}** (${CHECK_WORDS[check.verdict]}${stage}): ${reason}${hint}`;
  });
  return lines.join("\n");
}
