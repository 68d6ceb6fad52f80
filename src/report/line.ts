import type { CheckResult } from "../core/outcome.ts";
import type { Finding } from "../core/check.ts";
import type { Line } from "../core/condition.ts";
import { logText } from "./plain.ts";
import { clockText } from "./time.ts";
import { amountText, cut, oneLine, withoutStop } from "./text.ts";
import { lineValueText, valueText } from "./value.ts";

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
  "not-applied": "was not judged",
};

/** A line's condition with its tier, what it was compared with, and why when it was not. */
function conditionText(line: Line): string {
  const baseline = line.baseline === undefined ? [] : [`baseline ${valueText(line.baseline, line.unit)}`];
  const what = line.cause === "no baseline yet" ? "not compared" : "not evaluated";
  const why = withoutStop(oneLine(line.why ?? "no reason given"));
  const remarks = [...baseline, ...(line.holds === null ? [`${what}: ${why}`] : [])];
  const remark = remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
  return `${line.tier}: ${oneLine(line.condition)}${remark}`;
}

/**
 * The two columns of a table for a finding: each value once, as its lines mostly look at the same one, and each
 * condition.
 */
export function lineColumns(lines: readonly Line[]): {
  readonly values: readonly string[];
  readonly conditions: readonly string[];
} {
  const values = lines.map(lineValueText).filter((value) => value !== undefined);
  return { values: [...new Set(values)], conditions: lines.map(conditionText) };
}

/** `success 85%; pass: success >= 90%; fail: success < 80%`; "" for findings without lines. */
export function linesText(lines: readonly Line[]): string {
  const { values, conditions } = lineColumns(lines);
  return [...values, ...conditions].join("; ");
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

/** Whether a check needs somebody's look. */
export function isConcern({ verdict }: Pick<CheckResult, "verdict">): boolean {
  return verdict !== "pass" && verdict !== "not-applied";
}

function hintText(hint: string | undefined): string {
  const text = oneLine(hint ?? "");
  return text === "" ? "" : `. Hint: ${text}`;
}

/**
 * The job log's line for one finding of the check of that name:
 * `10:05:00 check "orders" failed: success 75%; pass: success >= 90% (12 samples, 1 error). Hint: see the runbook`.
 */
export function findingLine(
  name: string,
  found: {
    readonly finding: Finding;
    readonly samples: number;
    readonly errors: number;
    readonly hint?: string | undefined;
  },
): string {
  const { finding } = found;
  const detail = findingDetail(finding);
  const text = `${clockText(finding.at)} check "${name}" ${OUTCOME_WORDS[finding.outcome]}`;
  const hint = finding.outcome === "fail" || finding.outcome === "warn" ? hintText(found.hint) : "";
  return cut(logText(`${text}${detail === "" ? "" : `: ${detail}`} (${samplesText(found)})${hint}`), LONGEST);
}

/** The job log's line for a check at the end: `check "orders" failed: … Hint: …`. */
export function resultLine(check: CheckResult): string {
  const reason = withoutStop(oneLine(check.reason));
  const text = `check "${check.name}" ${VERDICT_WORDS[check.verdict]}${reason === "" ? "" : `: ${reason}`}`;
  const hint = isConcern(check) ? hintText(check.hint) : "";
  return cut(logText(`${text} (${samplesText(check)})${hint}`), LONGEST);
}

/** The job log's line for any event at `at` (ms since the epoch): its time and one clean line of text. */
export function eventLine(at: number, event: string): string {
  return cut(logText(`${clockText(at)} ${event}`), LONGEST);
}
