import type { Plan } from "../core/check.ts";
import type { Mistake } from "../problem.ts";
import type { ConfigDocument } from "./document.ts";
import { lintChecks } from "./lint-checks.ts";
import { lintConditions } from "./lint-conditions.ts";
import { lintAgainst, lintPatterns } from "./lint-patterns.ts";
import { lintTexts } from "./lint-text.ts";
import { createFindings, rawAt } from "./raw.ts";

/**
 * What in a config file can be used but hardly be meant: warnings in the order of the file. Of a file with
 * mistakes there is no plan; then only what YAML took away is said.
 */
export function lintConfig(document: ConfigDocument, plan?: Plan): readonly Mistake[] {
  const findings = createFindings(document);
  const { value } = document;
  lintTexts(document, findings);
  for (const check of plan?.checks ?? []) {
    lintConditions(check, { raw: rawAt(value, ["checks", check.name]), findings });
    lintPatterns(check, { value, findings });
  }
  if (plan !== undefined) {
    lintAgainst(plan.checks, { value, findings });
    lintChecks(plan, { value, findings });
  }
  // Through an alias the same text is met more than once.
  const said = new Map(
    findings.mistakes.map((one) => [`${one.at.line}:${one.at.column} ${one.message}`, one]),
  );
  return [...said.values()].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
