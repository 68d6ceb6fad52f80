import type { Check, Formula } from "./check.ts";

/** The checks that a formula looks at, each once, in order. */
export function checksIn(formula: Formula): readonly string[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "subject":
      return [formula.check];
    case "operation":
      return [...new Set([...checksIn(formula.left), ...checksIn(formula.right)])];
  }
}

/** Names of the checks whose latest subjects a check looks at: by `only_if`, and by its formulas. */
export function dependenciesOf(check: Pick<Check, "onlyIf" | "source">): readonly string[] {
  const asked = check.onlyIf?.subject.path[0];
  const formulas = check.source.kind === "derive" ? Object.values(check.source.formulas) : [];
  return [...new Set([...(asked === undefined ? [] : [String(asked)]), ...formulas.flatMap(checksIn)])];
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
