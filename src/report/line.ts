import type { CheckResult } from "../core/outcome.ts";
import type { Finding } from "../core/check.ts";
import type { Line } from "../core/condition.ts";
import { logText } from "./plain.ts";
import { clockText } from "./time.ts";
import { amountText, cut, oneLine, withoutStop } from "./text.ts";
import { lineValueText, subjectText, unitOf, type Unit } from "./value.ts";

const LONGEST = 1000;

const OUTCOME_WORDS: Readonly<Record<Finding["outcome"], string>> = {
  pass: "passed",
  warn: "warned",
  fail: "failed",
  unknown: "could not be judged",
  error: "could not be measured",
  none: "is not judged yet",
  open: "is not judged yet",
  "not-applied": "does not apply now",
};

const VERDICT_WORDS: Readonly<Record<CheckResult["verdict"], string>> = {
  pass: "passed",
  warn: "warned",
  fail: "failed",
  unknown: "is unknown",
  "not-applied": "did not apply",
};

/** Each subject once, with its value: a check's lines mostly look at the same one. */
function valuesText(lines: readonly Line[]): readonly string[] {
  const units = new Map<string, Unit>();
  for (const line of lines) {
    const unit = unitOf(line.condition);
    if (unit !== undefined) units.set(subjectText(line.condition), unit);
  }
  const values = lines.map((line) => lineValueText(line, units.get(subjectText(line.condition))));
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** A line's condition with its tier, and why when it was not evaluated. */
function conditionText(line: Line): string {
  const text = `${line.tier}: ${oneLine(line.condition)}`;
  return line.holds === null
    ? `${text} (not evaluated: ${withoutStop(oneLine(line.why ?? "no reason given"))})`
    : text;
}

/** `success 85%; pass: success >= 90%; fail: success < 80%`; "" for findings without lines. */
export function linesText(lines: readonly Line[]): string {
  return [...valuesText(lines), ...lines.map(conditionText)].join("; ");
}

/** Only the values, or only the conditions, of a finding: the two columns of a table. */
export function lineColumns(lines: readonly Line[]): { readonly value: string; readonly condition: string } {
  return { value: valuesText(lines).join("; "), condition: lines.map(conditionText).join("; ") };
}

/** `12 samples`, `12 samples, 1 error`. */
export function samplesText(counts: { readonly samples: number; readonly errors: number }): string {
  const samples = amountText(counts.samples, "sample");
  return counts.errors === 0 ? samples : `${samples}, ${amountText(counts.errors, "error")}`;
}

/** What a check measured: values, conditions and counts; its reason when it has no conditions to show. One line. */
export function measuredText(check: CheckResult): string {
  const lines = linesText(check.finding?.lines ?? []);
  const measured = lines === "" ? withoutStop(oneLine(check.reason)) : lines;
  return cut([measured, samplesText(check)].filter((part) => part !== "").join("; "), LONGEST);
}

/** The conditions with their values; the reason alone when a finding has none, or says something they do not. */
function findingDetail(finding: Finding): string {
  const lines = linesText(finding.lines);
  const reason = withoutStop(oneLine(finding.reason));
  if (lines === "" || reason === "") return lines === "" ? reason : lines;
  const repeats = finding.lines.some((line) => reason.includes(oneLine(line.condition)));
  return repeats ? lines : `${reason}; ${lines}`;
}

/**
 * The job log's line for one finding of the check of that name:
 * `10:05:00 check "orders" failed: success 75%; pass: success >= 90% (12 samples, 1 error)`.
 */
export function findingLine(
  name: string,
  found: { readonly finding: Finding; readonly samples: number; readonly errors: number },
): string {
  const { finding } = found;
  const detail = findingDetail(finding);
  const text = `${clockText(finding.at)} check "${name}" ${OUTCOME_WORDS[finding.outcome]}`;
  return cut(logText(`${text}${detail === "" ? "" : `: ${detail}`} (${samplesText(found)})`), LONGEST);
}

/** The job log's line for a check at the end: `check "orders" failed: …`. */
export function resultLine(check: CheckResult): string {
  const reason = withoutStop(oneLine(check.reason));
  const text = `check "${check.name}" ${VERDICT_WORDS[check.verdict]}${reason === "" ? "" : `: ${reason}`}`;
  return cut(logText(`${text} (${samplesText(check)})`), LONGEST);
}

/** The job log's line for any event at `at` (ms since the epoch): its time and one clean line of text. */
export function eventLine(at: number, event: string): string {
  return cut(logText(`${clockText(at)} ${event}`), LONGEST);
}
