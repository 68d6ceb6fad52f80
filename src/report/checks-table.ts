import type { CheckResult } from "../core/outcome.ts";
import { worstFirst } from "./evidence.ts";
import { lineColumns, samplesText } from "./line.ts";
import { addressLink, codeCell, inlineText, tableText } from "./markdown.ts";
import { amountText, excerpt, withoutStop, withStop } from "./text.ts";

const MOST = 200;

type CheckVerdict = CheckResult["verdict"];

const WORDS: Readonly<Record<CheckVerdict, string>> = {
  pass: "pass",
  warn: "warn",
  fail: "fail",
  unknown: "unknown",
  "not-applied": "did not apply",
};

/** The only marks anywhere, and only in the job summary. */
const MARKS: Readonly<Record<CheckVerdict, string>> = {
  pass: "✅ pass",
  warn: "⚠️ warn",
  fail: "❌ fail",
  unknown: "❔ unknown",
  "not-applied": "➖ did not apply",
};

function rowOf(check: CheckResult, words: Readonly<Record<CheckVerdict, string>>): readonly string[] {
  const { value, condition } = lineColumns(check.finding?.lines ?? []);
  const shown =
    value === "" ? inlineText(excerpt(withoutStop(check.reason), 300)) : codeCell(excerpt(value, 300));
  return [
    words[check.verdict],
    inlineText(excerpt(check.name, 100)),
    shown,
    condition === "" ? "" : codeCell(excerpt(condition, 300)),
    samplesText(check),
  ];
}

/** One row per check, worst first: verdict, name, value, condition, samples and errors. "" without checks. */
export function checksTable(checks: readonly CheckResult[], options: { readonly marks: boolean }): string {
  if (checks.length === 0) return "";
  const words = options.marks ? MARKS : WORDS;
  const shown = worstFirst(checks).slice(0, MOST);
  const table = tableText({
    head: ["", "Check", "Value", "Condition", "Samples"],
    rows: shown.map((check) => rowOf(check, words)),
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
  const concerns = worstFirst(checks).filter(
    ({ verdict }) => verdict !== "pass" && verdict !== "not-applied",
  );
  const lines = concerns.slice(0, MOST).map((check) => {
    const hint = check.hint === undefined || check.hint.trim() === "" ? "" : ` Hint: ${hintText(check.hint)}`;
    const reason = withStop(inlineText(excerpt(check.reason, 600)));
    return `- **${inlineText(excerpt(check.name, 100))}** (${WORDS[check.verdict]}): ${reason}${hint}`;
  });
  return lines.join("\n");
}
