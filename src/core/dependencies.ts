import type { Check } from "./check.ts";
import { formulaSubjects } from "./formula-parser.ts";

/** The names of the checks that a check looks at, through `only_if` and through its formulas; each once. */
export function dependenciesOf(check: Pick<Check, "source" | "onlyIf">): readonly string[] {
  const { source, onlyIf } = check;
  const asked = onlyIf === undefined ? [] : [String(onlyIf.subject.path[0])];
  const derived = source.kind === "derive" ? Object.values(source.formulas).flatMap(formulaSubjects) : [];
  return [...new Set([...asked, ...derived.map((subject) => subject.check)])];
}

/** The checks with each behind those it looks at; where they look at each other, in the order given. */
export function inOrder(checks: readonly Check[]): readonly Check[] {
  const ordered = new Set<Check>();
  const visiting = new Set<Check>();
  const visit = (check: Check): void => {
    if (ordered.has(check) || visiting.has(check)) return;
    visiting.add(check);
    for (const name of dependenciesOf(check)) {
      const other = checks.find((one) => one.name === name);
      if (other !== undefined) visit(other);
    }
    ordered.add(check);
  };
  for (const check of checks) visit(check);
  return [...ordered];
}

/** The names of the checks that look at one of these, be it by way of others. */
export function dependentsOf(names: ReadonlySet<string>, checks: readonly Check[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const check of inOrder(checks))
    if (dependenciesOf(check).some((name) => names.has(name) || found.has(name))) found.add(check.name);
  return found;
}
