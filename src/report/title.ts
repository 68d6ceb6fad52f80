import type { Verdict } from "../core/check.ts";
import type { CheckResult, Outcome } from "../core/outcome.ts";
import { rollbackInEffect } from "./action-list.ts";
import { labelText } from "./plain.ts";
import { amountText, capitalized, countText, excerpt, oneLine, shortSha, withoutStop } from "./text.ts";
import { dateTimeText } from "./time.ts";

/** GitHub answers 422 `description is too long (maximum is 140 characters)`. */
const STATUS_MAX = 140;
const TITLE_MAX = 250;
/** The note by which a run without a config file says so; design section 3. */
const DEFAULTS_ONLY = "no config file: defaults only";

/** The verdict as the first words of a title. */
export const VERDICT_TITLES: Readonly<Record<Verdict, string>> = {
  pass: "Passed",
  warn: "Passed with warnings",
  fail: "Failed",
  unknown: "Could not tell",
  superseded: "Superseded",
  skipped: "Nothing to deploy",
};

/** The verdict as the first words; where stages are left that this job does not watch, it is one so far. */
export function verdictTitle(outcome: Outcome): string {
  const title = VERDICT_TITLES[outcome.verdict];
  const isGood = outcome.verdict === "pass" || outcome.verdict === "warn";
  if (!isGood || (outcome.laterStages ?? []).length === 0) return title;
  return `${title} so far (${outcome.stages.map(({ name }) => excerpt(name, 30)).join(", ")})`;
}

/** The checks that ended so, in the order of the config file. */
export function checksThat(outcome: Outcome, verdict: CheckResult["verdict"]): readonly CheckResult[] {
  return outcome.checks.filter((check) => check.verdict === verdict);
}

/** `"health", "orders" and 3 more`. */
function namesText(checks: readonly CheckResult[]): string {
  const names = checks.slice(0, 3).map((check) => `"${excerpt(check.name, 60)}"`);
  const more = checks.length - names.length;
  return names.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}

/** What decided, without its full stop; counted from the checks when the outcome does not say. */
function reasonText(outcome: Outcome): string {
  const reason = withoutStop(oneLine(outcome.reason));
  if (reason !== "") return reason;
  const passed = countText(checksThat(outcome, "pass").length);
  return `${passed} of ${amountText(outcome.checks.length, "check")} passed`;
}

/** What a superseded run says: who took over, and what had failed until then. */
function supersededText(outcome: Outcome): string {
  const by = outcome.coveredBy === undefined ? "a newer deploy" : shortSha(outcome.coveredBy);
  const failed = checksThat(outcome, "fail");
  const before = failed.length === 0 ? "" : `; failed before that: ${namesText(failed)}`;
  return `by ${by}, whose gate covers this commit${before}`;
}

/** What decided, in one plain sentence without a full stop, to stand under a heading that names the verdict. */
export function decisionSentence(outcome: Outcome): string {
  return outcome.verdict === "superseded" ? verdictSentence(outcome) : capitalized(reasonText(outcome));
}

/** The verdict in one plain sentence without a full stop, as titles and statuses begin. */
export function verdictSentence(outcome: Outcome): string {
  const title = verdictTitle(outcome);
  if (outcome.verdict === "superseded") return `${title} ${supersededText(outcome)}`;
  return `${title}: ${reasonText(outcome)}`;
}

/** Whether the run had no config file, so that only defaults were judged. */
export function isDefaultsOnly(outcome: Outcome): boolean {
  return outcome.notes.some((note) => note.startsWith(DEFAULTS_ONLY));
}

/** The notes that nothing else says. */
export function otherNotes(outcome: Outcome): readonly string[] {
  return outcome.notes.filter((note) => note !== DEFAULTS_ONLY);
}

/** What was done about it, for titles: `; rolled back; revert #12 opened`. */
function deedText(outcome: Outcome): string {
  const isDone = (kind: string): boolean =>
    outcome.actions.some((action) => action.kind === kind && action.state === "done");
  const rolledBack = rollbackInEffect(outcome) === undefined ? "" : "; rolled back";
  const patched = isDone("patch_pr") ? "; patch opened" : "";
  if (outcome.revert === undefined) return `${rolledBack}${patched}`;
  return `${rolledBack}${patched}; revert #${outcome.revert.number}${isDone("revert_pr") ? " opened" : ""}`;
}

/** The verdict in one sentence for the job log, with what is still to come. */
export function resultSentence(outcome: Outcome): string {
  return `${verdictSentence(outcome)}${untilText(outcome)}`;
}

/** Until when stages that are still to come are watched, for titles: `; watched until 2026-11-30 10:00 UTC`. */
function untilText({ watchedUntil }: Outcome): string {
  return watchedUntil === undefined ? "" : `; watched until ${dateTimeText(watchedUntil).slice(0, 16)} UTC`;
}

/**
 * The title of the finished check run, at most 250 plain characters: verdict, what decided, what was done, until when
 * it is watched; in observe mode that it only observes; and `no config file: defaults only`. Only what decided is cut.
 */
export function checkRunTitle(outcome: Outcome): string {
  const prefix = outcome.mode === "observe" ? "Observing only: " : "";
  const suffix =
    deedText(outcome) + untilText(outcome) + (isDefaultsOnly(outcome) ? ` (${DEFAULTS_ONLY})` : "");
  return prefix + labelText(verdictSentence(outcome), TITLE_MAX - prefix.length - suffix.length) + suffix;
}

type Conclusion = "success" | "failure" | "action_required" | "neutral" | "skipped";

const CONCLUSIONS: Readonly<Record<Verdict, Conclusion>> = {
  pass: "success",
  warn: "success",
  fail: "failure",
  unknown: "action_required",
  superseded: "neutral",
  skipped: "skipped",
};

/** The conclusion of the check run: the table of design section 3; observe is always neutral. */
export function conclusionOf(outcome: Pick<Outcome, "verdict" | "mode">): Conclusion {
  return outcome.mode === "observe" ? "neutral" : CONCLUSIONS[outcome.verdict];
}

/** A commit status; its description has at most 140 characters. */
export interface StatusText {
  readonly state: "success" | "failure" | "error" | "pending";
  readonly description: string;
}

const STATUS_STATES: Readonly<Record<Verdict, StatusText["state"]>> = {
  pass: "success",
  warn: "success",
  fail: "failure",
  unknown: "error",
  superseded: "pending",
  skipped: "success",
};

/** The commit status of a finished run; none in observe mode. */
export function statusText(outcome: Outcome): StatusText | undefined {
  if (outcome.mode === "observe") return undefined;
  const suffix = deedText(outcome) + untilText(outcome);
  const description = labelText(verdictSentence(outcome), STATUS_MAX - suffix.length) + suffix;
  return { state: STATUS_STATES[outcome.verdict], description };
}

/**
 * The commit status of a superseded commit, settled by the gate of a commit that contains it. A verdict that settles
 * nothing (superseded, skipped) keeps it pending.
 */
export function settledStatus(verdict: Verdict, coveredBy: string): StatusText {
  const state = verdict === "skipped" ? "pending" : STATUS_STATES[verdict];
  const description = `Covered by ${shortSha(coveredBy)}: ${VERDICT_TITLES[verdict].toLowerCase()}`;
  return { state, description: labelText(description, STATUS_MAX) };
}

/** The commit status of a superseded commit that takes over the verdict of the commit which covers it. */
export function adoptedStatus(
  status: { readonly state: StatusText["state"]; readonly description: string },
  coveredBy: string,
): StatusText {
  const description = `Covered by ${shortSha(coveredBy)}: ${oneLine(status.description)}`;
  return { state: status.state, description: labelText(description, STATUS_MAX) };
}

/** Whether a pending status says that its commit was superseded, in the words of `statusText`. */
export function isSuperseded(description: string): boolean {
  return description.startsWith(`${VERDICT_TITLES.superseded} by `) || description.startsWith("Covered by ");
}

/** The commit status of a commit whose gate never came back. */
export const NEVER_JUDGED: StatusText = {
  state: "error",
  description: "Never judged: no gate finished for this commit within 24 hours",
};
