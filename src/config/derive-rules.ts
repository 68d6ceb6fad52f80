import { subjectType } from "../core/condition-check.ts";
import { pathText } from "../core/condition-text.ts";
import type { Path } from "../core/condition.ts";
import { formulaSubjects, parseFormula } from "../core/formula-parser.ts";
import { ident } from "./fields.ts";
import { askedOf } from "./other-check.ts";
import { keyText } from "./raw.ts";
import type { Raw } from "./raw.ts";
import type { SourcePlace } from "./source-rules.ts";

const NUMBERS: readonly string[] = ["number", "duration", "size", "ratio", "any"];

/** The rules of a `derive` source: names that conditions can ask for, and numbers of checks that exist. */
export function checkFormulas(formulas: Raw, { path, file }: SourcePlace): void {
  const { findings, checks } = file;
  const place = [...path, "derive"];
  if (Object.keys(formulas).length === 0) {
    findings.say(place, "derive names no formula", {
      hint: "write such as { per_item: wf2.duration / wf2.found }",
      isKey: true,
    });
  }
  for (const [name, text] of Object.entries(formulas)) {
    const here = [...place, name];
    if (!ident.test(name)) {
      findings.say(here, `"${name.slice(0, 60)}" cannot be the name of a subject`, {
        hint: "use letters, digits, _ and -, a letter first",
        isKey: true,
      });
    }
    const parsed = typeof text === "string" ? parseFormula(text) : undefined;
    if (parsed?.ok !== true) continue;
    for (const { check, path: subject } of formulaSubjects(parsed.formula)) {
      const mistake = mistakeOf([check, ...subject], { self: path[1], checks });
      if (mistake === undefined) continue;
      findings.say(here, `"${keyText(here)}": ${mistake.message}`, {
        hint: mistake.hint,
        column: String(text).indexOf(pathText([check, ...subject])) + 1,
        needsWhole: true,
      });
    }
  }
}

/** Why a formula cannot compute with a subject of another check. */
function mistakeOf(
  path: Path,
  { self, checks }: { readonly self: string; readonly checks: Raw },
): { readonly message: string; readonly hint?: string | undefined } | undefined {
  const written = pathText(path);
  // `a.x-b.y` is one name, although two checks were meant.
  const joined = Object.keys(checks).find((name) => pathText(path.slice(1)).includes(`-${name}.`));
  if (joined !== undefined) {
    const hint = `a minus has a space on each side: ${written.replace(`-${joined}.`, ` - ${joined}.`)}`;
    return { message: `${written} is read as one name`, hint };
  }
  const asked = askedOf(path, { self, checks, example: "wf2.duration" });
  if (asked.kind !== "known") return asked.kind === "mistake" ? asked : undefined;
  const type = subjectType({ kind: "path", path: asked.path }, asked.table);
  if (typeof type === "object") return type;
  return NUMBERS.includes(type)
    ? undefined
    : { message: `${written} is no number`, hint: "derive computes with numbers only" };
}
