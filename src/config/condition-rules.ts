import { checkCondition } from "../core/condition-check.ts";
import type { BaselineOptions, SubjectTable } from "../core/condition-check.ts";
import { parseCondition } from "../core/condition-parser.ts";
import type { ConditionColumns } from "../core/condition-parser.ts";
import type { Condition } from "../core/condition.ts";
import { durationText } from "../core/duration.ts";
import type { Path } from "./document.ts";
import { askedOf } from "./other-check.ts";
import { keyText } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";

export const TIERS = ["pass", "warn", "fail"] as const;

/** A condition that parses, and where it stands. */
export interface WrittenCondition {
  readonly condition: Condition;
  readonly columns: ConditionColumns;
  readonly place: Path;
}

/** The conditions of these keys of a check that parse. */
export function conditionsAt(
  check: Raw,
  { path, keys }: { readonly path: Path; readonly keys: readonly string[] },
): readonly WrittenCondition[] {
  return keys.flatMap((key) => {
    const written = check[key];
    const texts = Array.isArray(written) ? (written as readonly unknown[]) : [written];
    return texts.flatMap((text, index) => {
      const parsed = typeof text === "string" ? parseCondition(text) : undefined;
      if (parsed?.ok !== true) return [];
      const place = Array.isArray(written) ? [...path, key, index] : [...path, key];
      return [{ condition: parsed.condition, columns: parsed.columns, place }];
    });
  });
}

/** Checks that the conditions of one check fit the subjects of its source. Only conditions that parse are looked at. */
export function checkConditions(
  check: Raw,
  {
    path,
    table,
    lastEndMs,
    baselineHint,
    findings,
  }: {
    readonly path: Path;
    readonly table: SubjectTable;
    /** When the check's last stage ends, ms after live; 0 while that is not known. */
    readonly lastEndMs: number;
    readonly baselineHint?: string | undefined;
    readonly findings: Findings;
  },
): void {
  const hasBaseline = check["baseline"] !== undefined;
  for (const written of conditionsAt(check, { path, keys: TIERS })) {
    const baseline = { hasBaseline, ...(baselineHint === undefined ? {} : { hint: baselineHint }) };
    sayMisfits(written, { table, findings, baseline });
    checkSubject(written, { lastEndMs, findings });
  }
  for (const written of conditionsAt(check, { path, keys: ["need"] })) {
    sayMisfits(written, { table, findings, baseline: { hasBaseline: false, who: "need" } });
    checkSubject(written, { lastEndMs, findings });
  }
}

interface Judged {
  readonly table: SubjectTable;
  readonly findings: Findings;
  readonly baseline: BaselineOptions;
}

/** Says what speaks against a condition over subjects of that table. */
export function sayMisfits(
  { condition, columns, place }: WrittenCondition,
  { table, findings, baseline }: Judged,
): void {
  for (const { message, hint, part } of checkCondition(condition, table, baseline)) {
    findings.say(place, `"${keyText(place)}": ${message}`, { hint, column: columns[part] });
  }
}

function checkSubject(
  { condition: { subject }, columns, place }: WrittenCondition,
  { lastEndMs, findings }: { readonly lastEndMs: number; readonly findings: Findings },
): void {
  const column = columns.subject;
  const header = subject.path[0] === "headers" ? subject.path[1] : undefined;
  if (typeof header === "string" && header !== header.toLowerCase()) {
    findings.say(place, `"${keyText(place)}": header names are in lower case`, {
      hint: `headers.${header.toLowerCase()}`,
      column,
    });
  }
  const windowMs = subject.kind === "call" ? (subject.windowMs ?? 0) : 0;
  if (lastEndMs === 0 || windowMs <= lastEndMs) return;
  const never = `the window of ${durationText(windowMs)} never fills`;
  findings.say(place, `"${keyText(place)}": ${never}: ${endText(lastEndMs)}`, {
    hint: "use a shorter window or a longer stage",
    column,
  });
}

/** When the last stage of a check ends, as part of a sentence. */
export function endText(lastEndMs: number): string {
  return `its last stage ends ${durationText(lastEndMs)} after live`;
}

/** `only_if` looks at another check: its name first, then one of that check's subjects. */
export function checkOnlyIf(
  check: Raw,
  {
    path,
    checks,
    findings,
  }: { readonly path: readonly [string, string]; readonly checks: Raw; readonly findings: Findings },
): void {
  for (const { condition, columns, place } of conditionsAt(check, { path, keys: ["only_if"] })) {
    const { subject } = condition;
    const say = (message: string, hint: string | undefined): void =>
      findings.say(place, `"${keyText(place)}": ${message}`, {
        hint,
        column: columns.subject,
        needsWhole: true,
      });
    const asked = askedOf(subject.path, { self: path[1], checks, example: "queue.depth > 10" });
    if (asked.kind === "mistake") say(asked.message, asked.hint);
    if (asked.kind !== "known") continue;
    if (subject.kind === "call" && subject.name !== "has" && subject.name !== "len") {
      const name = subject.path.join(".");
      say(
        `${subject.name}() looks back over samples, and only_if asks for the latest one`,
        `compare the value itself, such as ${name} > 10`,
      );
      continue;
    }
    const inside = { ...condition, subject: { ...subject, path: asked.path } };
    const baseline = { hasBaseline: false, who: "only_if" };
    sayMisfits({ condition: inside, columns, place }, { table: asked.table, findings, baseline });
  }
}
