import { brokenBefore } from "./broken-before.ts";
import type { Finding } from "./check.ts";
import { supersededBy, takenOutBy, type Decision } from "./deploy-verdict.ts";
import type { Following } from "./following.ts";
import type { Action, CheckResult } from "./outcome.ts";
import { stageReason, stageVerdict } from "./verdict.ts";

/** How a stage was left. */
export type WatchEnding =
  | { readonly kind: "finished" }
  /** A check failed whose remedy waits: the watch ends at once. */
  | { readonly kind: "failed" }
  /** Something else serves now. */
  | { readonly kind: "replaced"; readonly following: Exclude<Following, { readonly kind: "live" }> }
  /** What is live could not be read when it had to be. */
  | { readonly kind: "unsure"; readonly reason: string };

/** The verdict of a watch; what replaced the deploy decides before the checks do. */
export function watchVerdict(ending: WatchEnding, results: readonly CheckResult[]): Decision {
  const checks = { verdict: stageVerdict(results), reason: stageReason(results) };
  if (ending.kind === "unsure") {
    return checks.verdict === "fail" ? checks : { verdict: "unknown", reason: ending.reason };
  }
  if (ending.kind !== "replaced") return checks;
  const decision = replacedVerdict(ending.following);
  if (checks.verdict !== "fail") return decision;
  return { ...decision, reason: `${decision.reason}; failed before that: ${checks.reason}` };
}

function replacedVerdict(following: Exclude<Following, { readonly kind: "live" }>): Decision {
  if (following.kind === "superseded") return supersededBy(following.by, "before the watch was finished");
  if (following.kind === "taken-out") return takenOutBy(following.by);
  const reason = `the deploy is no longer live and nothing explains it (${following.kind})`;
  return { verdict: "unknown", reason };
}

/**
 * The remedy of the file's first failed check that has one, unless the old version failed in the same way; or what is
 * held back, and why. `old` are the findings on the old version, by check.
 */
export function remedyFor(
  ending: WatchEnding,
  results: readonly CheckResult[],
  old: ReadonlyMap<string, Finding>,
): { readonly name?: string; readonly held: readonly Action[] } {
  if (ending.kind === "replaced") return { held: [] };
  const failed = results.filter((result) => result.verdict === "fail" && result.onFail !== "alert");
  const isOld = (result: CheckResult): boolean => brokenBefore(old.get(result.name), result.finding);
  const held = (list: readonly CheckResult[], why: (result: CheckResult) => string): readonly Action[] =>
    list.map((result) => ({ kind: result.onFail, state: "held", reason: why(result) }));
  if (ending.kind === "unsure") return { held: held(failed.slice(0, 1), () => ending.reason) };
  const name = failed.find((result) => !isOld(result))?.onFail;
  if (name !== undefined) return { name, held: [] };
  return { held: held(failed, (result) => `"${result.name}" was already failing before`) };
}
