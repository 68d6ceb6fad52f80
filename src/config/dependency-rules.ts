import { parseCondition } from "../core/condition-parser.ts";
import { formulaSubjects, parseFormula } from "../core/formula-parser.ts";
import { mapping } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";

/** Checks that wait for one another through `only_if` and `derive` would never be measured; each circle is said once. */
export function checkCircles(checks: Raw, findings: Findings): void {
  const said = new Set<string>();
  for (const name of Object.keys(checks)) {
    const circle = circleFrom(name, checks);
    if (circle === undefined || circle.some((one) => said.has(one))) continue;
    for (const one of circle) said.add(one);
    const chain = circle.map((one) => `"${one}"`).join(" asks ");
    findings.say(["checks", name], `checks wait for one another: ${chain} asks "${name}"`, {
      hint: "take one of them out of only_if or derive",
      isKey: true,
    });
  }
}

/** The shortest way from a check over others back to itself; itself alone is no circle here. */
function circleFrom(start: string, checks: Raw): readonly string[] | undefined {
  const seen = new Set([start]);
  let ways: readonly (readonly string[])[] = [[start]];
  while (ways.length > 0) {
    const longer: (readonly string[])[] = [];
    for (const way of ways) {
      for (const next of askedBy(mapping(checks[way.at(-1) ?? start]))) {
        if (next === start && way.length > 1) return way;
        if (seen.has(next) || !Object.hasOwn(checks, next)) continue;
        seen.add(next);
        longer.push([...way, next]);
      }
    }
    ways = longer;
  }
  return undefined;
}

/** The checks that a check as the file has it looks at. */
function askedBy(check: Raw): readonly string[] {
  const onlyIf = typeof check["only_if"] === "string" ? parseCondition(check["only_if"]) : undefined;
  const formulas = Object.values(mapping(check["derive"])).flatMap((text) => {
    const parsed = typeof text === "string" ? parseFormula(text) : undefined;
    return parsed?.ok === true ? formulaSubjects(parsed.formula) : [];
  });
  return [
    ...(onlyIf?.ok === true ? [String(onlyIf.condition.subject.path[0])] : []),
    ...formulas.map((subject) => subject.check),
  ];
}
