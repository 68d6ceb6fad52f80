import type { Check } from "./check.ts";
import type { Path } from "./condition.ts";
import { valueAt } from "./evaluate.ts";
import type { ToldValue } from "./outcome.ts";
import { parseTemplate } from "./status-template.ts";
import { unitOf } from "./unit.ts";
import type { Subjects } from "./value.ts";

const MOST_CHARACTERS = 200;

/** Whether the check looks for named groups of lines. */
export function hasGroups({ source }: Pick<Check, "source">): boolean {
  return source.kind === "logs" && source.require.some(({ name }) => name !== "");
}

/** The subjects of a check that status updates tell: those that the template names, and how many groups were found. */
export function toldSubjects(
  check: Check,
  about: { readonly template?: string | undefined; readonly checks: readonly Pick<Check, "name">[] },
): readonly string[] {
  const { lines } = parseTemplate(
    about.template ?? "",
    about.checks.map(({ name }) => name),
  );
  const asked = lines
    .flat()
    .flatMap((piece) => (piece.kind === "value" && piece.check === check.name ? [piece.subject] : []));
  return [...new Set([...asked, ...(hasGroups(check) ? ["groups"] : [])])];
}

/** What these subjects hold by the latest sample. Texts are redacted by `keep` and cut; what is not there is left out. */
export function toldValues(
  check: Check,
  about: {
    readonly told: readonly string[];
    readonly latest: Subjects | undefined;
    readonly keep: (text: string) => string;
  },
): readonly ToldValue[] {
  const { told, latest, keep } = about;
  if (latest === undefined) return [];
  return told.flatMap((subject): readonly ToldValue[] => {
    const path = subject.split(".");
    const value = valueAt(latest, path);
    if (typeof value === "string") return [{ subject, value: keep(value).slice(0, MOST_CHARACTERS) }];
    if (typeof value === "boolean") return [{ subject, value }];
    if (typeof value !== "number") return [];
    const unit = unitAt(check, path);
    return [{ subject, value, ...(unit === undefined ? {} : { unit }) }];
  });
}

/** As the conditions that look at it say, else its source. */
function unitAt(check: Check, path: Path): ToldValue["unit"] {
  const operand = { kind: "literal", value: null } as const;
  return unitOf(check, { text: "", subject: { kind: "path", path }, operator: "==", operand });
}
