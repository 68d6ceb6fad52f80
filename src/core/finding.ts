import type { Check, Finding, Sample } from "./check.ts";
import type { Baseline, Condition, Line, Path, Scope, Series } from "./condition.ts";
import { evaluateCondition } from "./evaluate.ts";
import { evaluateKnown } from "./partial.ts";
import { comparedText, type Unit } from "./quantity.ts";
import { unitOf } from "./unit.ts";
import type { Subjects, Value } from "./value.ts";

/** What judging one sample needs to know besides the sample. Times in ms. */
export interface JudgingContext {
  readonly liveAt: number;
  /** When the check was sampled first: windows fill from there. */
  readonly since: number;
  readonly sha: string;
  readonly baseline?: Baseline;
  /** Numbers a path held over the watch, this sample included. */
  readonly series: (path: Path) => Series;
  /** Latest subjects of every check, by name; what `only_if` looks at. */
  readonly latest: { readonly [check: string]: Subjects };
  /** Makes a text safe to keep (redacts it). */
  readonly keep: (text: string) => string;
}

function scopeOf(at: number, subjects: { readonly [name: string]: Value }, context: JudgingContext): Scope {
  const { since, series, sha, baseline } = context;
  return { at, since, subjects, series, sha, ...(baseline === undefined ? {} : { baseline }) };
}

/**
 * Whether the check applies at `at`: true, false, or an error text when `only_if` could not be read.
 */
export function appliesAt(check: Check, at: number, context: JudgingContext): boolean | string {
  if (check.onlyIf === undefined) return true;
  const line = evaluateCondition(check.onlyIf, "pass", scopeOf(at, context.latest, context));
  if (line.holds !== null) return line.holds;
  return `only_if ${check.onlyIf.text} could not be read: ${line.why ?? "no value"}`;
}

/** Lines of all tiers, fail first, then warn, then pass. */
export function linesOf(check: Pick<Check, "pass" | "warn" | "fail">, scope: Scope): readonly Line[] {
  const tier = (conditions: readonly Condition[], name: Line["tier"]): Line[] =>
    conditions.map((condition) => evaluateKnown(condition, name, scope));
  return [...tier(check.fail, "fail"), ...tier(check.warn, "warn"), ...tier(check.pass, "pass")];
}

/**
 * The tiers of design 5.1: any true fail line fails; else any line not evaluated makes it unknown; else any
 * true warn line warns; else all pass lines pass. Not passing fails, unless fail lines exist: then it warns.
 * Lines whose window has not filled are left out (`open` when there are no others); what cannot be compared yet
 * is left out too, and warns at least.
 */
export function outcomeOf(lines: readonly Line[]): "pass" | "warn" | "fail" | "unknown" | "open" {
  const of = (tier: Line["tier"]): readonly Line[] => lines.filter((line) => line.tier === tier);
  if (of("fail").some((line) => line.holds === true)) return "fail";
  if (lines.length === 0 || lines.some((line) => line.holds === null && line.cause === undefined))
    return "unknown";
  const judged = lines.filter((line) => line.holds !== null);
  const isCompared = lines.every((line) => line.cause !== "no baseline yet");
  if (judged.length === 0) return isCompared ? "open" : "warn";
  if (of("warn").some((line) => line.holds === true)) return "warn";
  if (judged.some((line) => line.tier === "pass" && line.holds === false))
    return of("fail").length > 0 ? "warn" : "fail";
  return isCompared ? "pass" : "warn";
}

/** `status 503, wanted status == 200`: the lines that decided, with what they saw. */
export function reasonOf(outcome: Finding["outcome"], lines: readonly Line[]): string {
  const decided = lines.filter((line) => {
    if (outcome === "unknown") return line.holds === null && line.cause === undefined;
    if (outcome === "pass" || outcome === "open") return true;
    if (line.cause !== undefined) return outcome === "warn";
    return line.tier === "pass" ? line.holds === false : line.holds === true;
  });
  return decided.map(lineText).join("; ");
}

function lineText(line: Line): string {
  const { condition, tier, holds, why = "no value" } = line;
  const value = line.value === undefined ? "no value" : shownValue(line.value, line);
  const baseline =
    line.baseline === undefined ? "" : `baseline ${shownValue(line.baseline, { unit: line.unit })}`;
  const seen = baseline === "" ? value : `${value}, ${baseline}`;
  if (line.cause === "no baseline yet") return `${condition} not compared: ${why}`;
  if (line.cause === "open") return `${condition} not judged yet: ${why}`;
  if (holds === null) return `${condition} not evaluated: ${why}${baseline === "" ? "" : ` (${seen})`}`;
  if (holds !== (tier === "pass")) {
    const got = baseline === "" ? value : `${value} (${baseline})`;
    return tier === "pass" ? `wanted ${condition}, got ${got}` : `${tier}s on ${condition}, got ${got}`;
  }
  return tier === "pass" ? `${condition} (${seen})` : `${condition} does not hold (${seen})`;
}

/** A line as it may be kept: whoever cuts its value later must not be left with half a secret. */
function keptLine(line: Line, keep: JudgingContext["keep"]): Line {
  return {
    ...line,
    ...(line.value === undefined ? {} : { value: keptValue(line.value, keep) }),
    ...(line.why === undefined ? {} : { why: keep(line.why) }),
  };
}

function keptValue(value: Value, keep: JudgingContext["keep"]): Value {
  if (typeof value === "string") return keep(value);
  const text = JSON.stringify(value);
  const kept = keep(text);
  if (kept === text) return value;
  try {
    return JSON.parse(kept) as Value;
  } catch {
    return kept;
  }
}

/** Numbers in the line's unit. Long values are cut; whole ones are in the evidence. */
function shownValue(
  value: Value,
  { unit, limits = [] }: { readonly unit?: Unit | undefined; readonly limits?: readonly number[] },
): string {
  if (typeof value === "number") return comparedText(value, unit, limits);
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}… [cut]` : text;
}

/**
 * One sample judged. In grace, with `need` unmet, or while a window is still open, there is no finding
 * (`none`); an error stays an error and says nothing about the service. A sample that fails by itself shows
 * its lines all the same, for the arithmetic.
 */
export function findingOf(check: Check, sample: Sample, context: JudgingContext): Finding {
  const plain = (outcome: Finding["outcome"], reason: string): Finding => ({
    at: sample.at,
    outcome,
    reason,
    lines: [],
    evidence: sample.kind === "ok" || sample.kind === "failing" ? sample.evidence : [],
  });
  if (sample.at < context.liveAt + check.graceMs) {
    const reason = sample.kind === "error" ? `in grace: ${sample.reason}` : "in grace";
    return { ...plain("open", reason), isInGrace: true };
  }
  if (sample.kind === "error") return plain("error", sample.reason);
  if (sample.kind === "none") return plain("open", sample.reason);
  const { partial = [], open = [] } = sample.kind === "ok" ? sample : {};
  const floor = check.floor === undefined ? {} : { floor: check.floor };
  const scope: Scope = {
    ...scopeOf(sample.at, sample.subjects, context),
    partial,
    open,
    ...floor,
    unitOf: (condition) => unitOf(check, condition),
  };
  const keptLines = (): readonly Line[] => linesOf(check, scope).map((line) => keptLine(line, context.keep));
  if (sample.kind === "failing") {
    const lines = keptLines();
    const reason = [sample.reason, reasonOf("fail", lines)].filter((text) => text !== "").join("; ");
    return { ...plain("fail", reason), lines };
  }
  if (check.need !== undefined) {
    const need = evaluateKnown(check.need, "pass", scope);
    if (need.holds !== true)
      return plain(
        need.cause === "open" ? "open" : "none",
        `need ${check.need.text} not met${need.why ? `: ${need.why}` : ""}`,
      );
  }
  const lines = keptLines();
  const outcome = outcomeOf(lines);
  if (sample.pending !== undefined && outcome !== "fail")
    return plain(sample.at < (sample.pendingUntil ?? -Infinity) ? "open" : "none", sample.pending);
  const reason = reasonOf(outcome, lines);
  if (sample.note === undefined) return { ...plain(outcome, reason), lines };
  // Of a log the lines found and missing say more than their number.
  const [first, second] = check.source.kind === "logs" ? [sample.note, reason] : [reason, sample.note];
  return { ...plain(outcome, `${first} (${second})`), lines };
}
