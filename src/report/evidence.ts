import type { Evidence } from "../core/check.ts";
import type { CheckResult, Outcome } from "../core/outcome.ts";
import { fencedBlock, folded } from "./markdown.ts";
import { clockText, dateTimeText } from "./time.ts";
import { amountText, cleanText, cut, excerpt } from "./text.ts";

const MOST = 50;
const LONGEST = 2000;

/** Pieces of evidence as plain text, one after the other: `10:00:05 [instance x7k2p] Traceback …`. At most 50 pieces. */
export function evidenceText(evidence: readonly Evidence[], timeText = clockText): string {
  const pieces = evidence.slice(0, MOST).map(({ at, from, text }) => {
    const time = at === undefined ? "" : `${timeText(at)} `;
    const origin = from === undefined || from === "" ? "" : `[${excerpt(from, 80)}] `;
    return time + origin + cut(cleanText(text).trimEnd(), LONGEST);
  });
  const missing = evidence.length - pieces.length;
  return [...pieces, ...(missing === 0 ? [] : [`… and ${missing} more`])].join("\n");
}

/** A fold with the evidence in a code block of at most `max` characters; "" when there is none. */
export function evidenceFold(
  title: string,
  evidence: readonly Evidence[],
  { max, timeText = clockText }: { readonly max: number; readonly timeText?: typeof clockText },
): string {
  if (evidence.length === 0) return "";
  return folded(
    `${title} (${amountText(evidence.length, "piece")})`,
    fencedBlock(evidenceText(evidence, timeText), max),
  );
}

const ORDER: readonly CheckResult["verdict"][] = ["fail", "unknown", "warn", "pass", "not-applied"];

/** Checks with the worst first, otherwise in the order of the config file. */
export function worstFirst(checks: readonly CheckResult[]): readonly CheckResult[] {
  return ORDER.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
}

/** How the times of evidence are written: a watch by looks lasts days. */
export function evidenceTime({ coverage }: Outcome): typeof clockText {
  return coverage === undefined ? clockText : dateTimeText;
}

/** One fold for the deploy's own last words, and for each check, worst first, its evidence and its diagnosis. */
export function evidenceParts(outcome: Outcome, max: number): readonly string[] {
  const options = { max, timeText: evidenceTime(outcome) };
  const deploy = evidenceFold("What Render said about the deploy", outcome.deployEvidence, options);
  const checks = worstFirst(outcome.checks).flatMap((check) => {
    const name = `"${excerpt(check.name, 100)}"`;
    return [
      evidenceFold(`Evidence of ${name}`, check.evidence, options),
      evidenceFold(`Diagnosis of ${name}`, check.diagnosis, options),
    ];
  });
  return [deploy, ...checks].filter((part) => part !== "");
}
