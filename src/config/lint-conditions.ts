import type { Check } from "../core/check.ts";
import { operandText, subjectText } from "../core/condition-text.ts";
import { admissionOf, ALL_NUMBERS, intersection, union, without } from "../core/condition-range.ts";
import type { NumberSet } from "../core/condition-range.ts";
import type { Condition } from "../core/condition.ts";
import type { Path } from "./document.ts";
import { domainOf } from "./lint-domain.ts";
import { mapping } from "./raw.ts";
import type { Findings } from "./raw.ts";

type Tier = "pass" | "warn" | "fail" | "need";

/** A line of a check with its place in the file. */
interface Written {
  readonly tier: Tier;
  readonly condition: Condition;
  readonly place: Path;
  readonly domain: NumberSet;
  /** The numbers of the domain for which it holds; undefined when it is not about plain numbers. */
  readonly holds: NumberSet | undefined;
}

/** Warns of lines of a check that no sample can make true or false, and of lines that contradict each other. */
export function lintConditions(
  check: Check,
  { raw, findings }: { readonly raw: unknown; readonly findings: Findings },
): void {
  const lines = writtenLines(check, raw);
  const alone = new Set(lines.filter((line) => sayAlone(line, findings)));
  const rest = lines.filter((line) => !alone.has(line));
  for (const subject of new Set(rest.map(({ condition }) => subjectText(condition.subject)))) {
    const same = rest.filter(({ condition }) => subjectText(condition.subject) === subject);
    sayTogether(same, findings);
  }
  lintFloor(check, { lines, findings });
}

function writtenLines(check: Check, raw: unknown): readonly Written[] {
  const tiers = {
    pass: check.pass,
    warn: check.warn,
    fail: check.fail,
    need: check.need === undefined ? [] : [check.need],
  };
  return (["pass", "warn", "fail", "need"] as const).flatMap((tier) =>
    tiers[tier].map((condition, index) => {
      const path = ["checks", check.name, tier];
      const domain = domainOf(check.source, condition.subject);
      const admission = admissionOf(condition);
      return {
        tier,
        condition,
        place: Array.isArray(mapping(raw)[tier]) ? [...path, index] : path,
        domain,
        holds: admission === undefined ? undefined : intersection(domain, admission.holds),
      };
    }),
  );
}

const NEVER: Readonly<Record<Tier, string>> = {
  pass: "so the check never passes",
  warn: "so it never warns",
  fail: "so it never fails",
  need: "so no sample counts",
};
const ALWAYS: Readonly<Record<Tier, string>> = {
  pass: "so it asks for nothing",
  warn: "so every sample warns",
  fail: "so every sample fails",
  need: "so every sample counts",
};

/** Whether a line alone was worth a warning. */
function sayAlone({ tier, condition, place, domain, holds }: Written, findings: Findings): boolean {
  if (holds === undefined) return false;
  const name = subjectText(condition.subject);
  if (holds.length === 0) {
    findings.say(
      place,
      `${condition.text} can never hold, ${NEVER[tier]}: ${whyNever(condition, { name, domain })}`,
    );
    return true;
  }
  if (without(domain, holds).length > 0) return false;
  findings.say(place, `${condition.text} always holds, ${ALWAYS[tier]}: ${domainWords(name, domain)}`);
  return true;
}

function whyNever(
  condition: Condition,
  { name, domain }: { readonly name: string; readonly domain: NumberSet },
): string {
  const isPercent = admissionOf(condition)?.holds.length === 0;
  return isPercent
    ? `${operandText(condition.operand)} compares with a ratio from 0 to 1`
    : domainWords(name, domain);
}

function domainWords(name: string, [domain]: NumberSet): string {
  const { from = 0, to = Infinity } = domain ?? {};
  return to === Infinity ? `${name} is never below ${from}` : `${name} is from ${from} to ${to}`;
}

/** What lines on one subject say together. Each of them can hold for itself. */
function sayTogether(lines: readonly Written[], findings: Findings): void {
  const of = (tier: Tier): readonly Written[] =>
    lines.filter((line) => line.tier === tier && line.holds !== undefined);
  const needed = all(of("need"));
  const passing = all(of("pass"));
  const failing = union(of("fail").map(({ holds = [] }) => holds));
  const [firstPass] = of("pass");
  const texts = (tier: Tier): string =>
    of(tier)
      .map(({ condition }) => condition.text)
      .join(" and ");
  sayTexts(lines, findings);
  if (firstPass !== undefined && passing.length === 0) {
    findings.say(firstPass.place, `${texts("pass")} can never hold together, so the check never passes`, {
      hint: "write one line for what is wanted, with in or between",
    });
    return;
  }
  if (firstPass !== undefined && without(passing, failing).length === 0) {
    findings.say(
      firstPass.place,
      `whatever has ${texts("pass")} also has ${texts("fail")}, which is tested first, so the check never passes`,
    );
    return;
  }
  for (const warn of of("warn")) {
    if (without(warn.holds ?? [], failing).length > 0) continue;
    findings.say(
      warn.place,
      `${warn.condition.text} never warns: fail is tested first, and ${texts("fail")} holds too`,
    );
  }
  for (const line of lines) {
    if (line.tier === "need" || line.holds === undefined || intersection(line.holds, needed).length > 0)
      continue;
    findings.say(
      line.place,
      `${line.condition.text} is never judged: a sample counts only if ${texts("need")}`,
    );
  }
}

function all(lines: readonly Written[]): NumberSet {
  return lines.map(({ holds = [] }) => holds).reduce((one, other) => intersection(one, other), ALL_NUMBERS);
}

/** Two texts, or a text and true, that one subject of `pass` would have to be at once. */
function sayTexts(lines: readonly Written[], findings: Findings): void {
  const equal = lines.filter(({ tier, condition }) => {
    const { operator, operand } = condition;
    return tier === "pass" && operator === "==" && (operand.kind === "text" || operand.kind === "literal");
  });
  const [first, ...others] = equal;
  const other = others.find(
    ({ condition }) =>
      operandText(condition.operand) !== operandText(first?.condition.operand ?? condition.operand),
  );
  if (first === undefined || other === undefined) return;
  findings.say(
    other.place,
    `${first.condition.text} and ${other.condition.text} can never hold together, so the check never passes`,
    {
      hint: `write one line, such as ${subjectText(first.condition.subject)} in [${[first, other].map(({ condition }) => operandText(condition.operand)).join(", ")}]`,
    },
  );
}

/** Half as much again as two is three. */
function lintFloor(
  check: Check,
  { lines, findings }: { readonly lines: readonly Written[]; readonly findings: Findings },
): void {
  if (check.floor !== undefined) return;
  const first = lines.find(
    ({ condition: { operand } }) => operand.kind === "relative" && operand.by !== "points",
  );
  if (first === undefined) return;
  findings.say(first.place, `${first.condition.text} has no floor: small numbers make large ratios`, {
    hint: "add floor, the number from which on the comparison counts, such as floor: 10",
  });
}
