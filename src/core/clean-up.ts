import type { AfterRule } from "./communication.ts";
import type { Outcome } from "./outcome.ts";

const MOST_CHARACTERS = 60;

/** By what a rule is known: `week pass`. */
export function afterKey({ stage, verdict }: Pick<AfterRule, "stage" | "verdict">): string {
  return `${stage} ${verdict}`;
}

/** The rules whose stage ended so, and that were not carried out before. */
export function hitRules(
  rules: readonly AfterRule[],
  { stages, after }: { readonly stages: Outcome["stages"]; readonly after: readonly string[] },
): readonly AfterRule[] {
  return rules.filter(
    (rule) =>
      !after.includes(afterKey(rule)) &&
      stages.some(({ name, verdict }) => name === rule.stage && verdict === rule.verdict),
  );
}

/** What keeps a clean-up from being made although its stage ended so. */
export function cleanUpGuard(input: {
  readonly rule: Pick<AfterRule, "verdict">;
  readonly outcome: Pick<Outcome, "verdict" | "reason">;
  /** Why auto-deploy is frozen by another gate, if it is. */
  readonly frozen?: string | undefined;
  readonly holdLabel: string;
  /** Links to what carries the hold label. */
  readonly holds: readonly string[];
}): string | undefined {
  const { rule, outcome, frozen, holdLabel, holds } = input;
  if (rule.verdict === "pass" && outcome.verdict === "fail")
    return `the deploy failed all the same: ${outcome.reason}`;
  if (frozen !== undefined) return frozen;
  return holds.length === 0 ? undefined : `held by label "${holdLabel}": ${holds.join(", ")}`;
}

/** One branch per deploy, service and step: several services of one repository may clean up after one commit. */
export function cleanUpBranch(about: {
  readonly commit: string;
  readonly service: string;
  readonly key: string;
  /** Which step of the rule, from 0. */
  readonly step: number;
}): string {
  const slug = `${about.service} ${about.key}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .slice(-MOST_CHARACTERS)
    .replaceAll(/^-+|-+$/gu, "");
  const nth = about.step === 0 ? "" : `-${about.step + 1}`;
  return `deploy-gate/cleanup-${about.commit.slice(0, 12)}-${slug}${nth}`;
}
