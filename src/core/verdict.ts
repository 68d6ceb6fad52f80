import type { Verdict } from "./check.ts";
import type { CheckResult } from "./outcome.ts";

const RANK: { readonly [verdict in Verdict]: number } = {
  fail: 5,
  unknown: 4,
  warn: 3,
  pass: 2,
  superseded: 1,
  skipped: 0,
};

/** Every verdict, the worst first. */
export const VERDICTS: readonly Verdict[] = ["fail", "unknown", "warn", "pass", "superseded", "skipped"];

/** The worst of them: fail > unknown > warn > pass. None at all is unknown. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.reduce<Verdict | undefined>(
      (worst, verdict) => (worst === undefined || RANK[verdict] > RANK[worst] ? verdict : worst),
      undefined,
    ) ?? "unknown"
  );
}

/**
 * The verdict of a stage's checks. Checks that never applied count for nothing; nothing measured is unknown,
 * whatever `if_unknown` says.
 */
export function stageVerdict(results: readonly CheckResult[]): "pass" | "warn" | "fail" | "unknown" {
  if (!results.some((result) => result.measured)) return "unknown";
  const counted = results.flatMap((result) => (result.verdict === "not-applied" ? [] : [result.verdict]));
  return worstOf(counted) as "pass" | "warn" | "fail" | "unknown";
}

/** The sentence that decided: every check that stands at the verdict, by name. */
export function stageReason(results: readonly CheckResult[]): string {
  const verdict = stageVerdict(results);
  const counted = results.filter((result) => result.verdict !== "not-applied");
  if (counted.length === 0) return "no check was evaluated";
  const isMeasured = counted.some((result) => result.measured);
  const deciding = counted.filter((result) => !isMeasured || result.verdict === verdict);
  if (verdict === "pass")
    return `${deciding.length} ${deciding.length === 1 ? "check" : "checks"} measured and passed`;
  return deciding.map((result) => `"${result.name}": ${result.reason}`).join("; ");
}
