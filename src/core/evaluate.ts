import { compare } from "./compare.ts";
import { operandText, pathText, subjectText } from "./condition-text.ts";
import type { Baseline, Condition, Line, Path, Scope, Subject } from "./condition.ts";
import { limitsOf, relativeLimit } from "./limit.ts";
import { quantityText, type Unit } from "./quantity.ts";
import { seriesValue } from "./series.ts";
import type { Value } from "./value.ts";

type Read = { readonly value: Value } | (Pick<Line, "cause"> & { readonly why: string });

/**
 * Judges one condition (design 5.1): true, false, or not evaluated with the reason. A missing path, a missing
 * baseline, a baseline under the floor and types that do not compare are not evaluated. Never throws.
 */
export function evaluateCondition(condition: Condition, tier: Line["tier"], scope: Scope): Line {
  const { operand } = condition;
  const line = { condition: condition.text, subject: subjectText(condition.subject), tier };
  const read = readSubject(condition.subject, scope);
  if ("why" in read) return { ...line, holds: null, ...read };
  const seen = { ...line, value: read.value };
  if (operand.kind === "relative") return relativeLine({ ...condition, operand }, seen, scope);
  const result = compare(read.value, condition, scope.sha);
  // What does not compare is not in the unit of what it was compared with.
  if (result.holds === null) return { ...seen, ...result };
  return { ...seen, ...inUnit(scope.unitOf?.(condition)), limits: limitsOf(operand), ...result };
}

type Seen = Omit<Line, "holds"> & { readonly value: Value };
type Relative = Condition & { readonly operand: { readonly kind: "relative" } };

/** The condition against the baseline of its subject. */
function relativeLine(condition: Relative, seen: Seen, scope: Scope): Line {
  const { subject: name, value } = seen;
  const unit = scope.unitOf?.(condition);
  const told = { ...seen, ...inUnit(unit) };
  const known = scope.baseline ?? { kind: "none", why: "the check has none", isYet: false };
  if (known.kind === "none") return { ...told, holds: null, ...withoutBaseline(known, name) };
  const baseline = Object.hasOwn(known.values, name) ? known.values[name] : undefined;
  if (baseline === undefined)
    return { ...told, holds: null, why: `no baseline for ${name}: ${known.from} did not measure it` };
  const compared = { ...told, baseline };
  if (typeof value !== "number") return { ...compared, holds: null, why: `${name} is not a number` };
  if (scope.floor !== undefined && Math.max(value, baseline) < scope.floor) {
    const floor = quantityText(scope.floor, unit);
    return { ...compared, holds: null, why: `value and baseline are under the floor of ${floor}` };
  }
  const { operand } = condition;
  if (operand.by === "points" && !(isRatio(value) && isRatio(baseline)))
    return { ...seen, baseline, holds: null, why: "percentage points compare ratios from 0 to 1 only" };
  if (operand.by === "factor" && baseline < 0)
    return { ...compared, holds: null, why: `${operandText(operand)} of less than nothing is no limit` };
  const limit = relativeLimit(operand, baseline);
  const absolute = { operator: condition.operator, operand: { kind: "number" as const, value: limit } };
  return { ...compared, limits: [limit], ...compare(value, { ...condition, ...absolute }, scope.sha) };
}

function inUnit(unit: Unit | undefined): Pick<Line, "unit"> {
  return unit === undefined ? {} : { unit };
}

/** The value a path leads to through own properties and list members; `undefined` when it leads nowhere. */
export function valueAt(subjects: { readonly [name: string]: Value }, path: Path): Value | undefined {
  let here: Value | undefined = subjects;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    if (isList(here) !== (typeof step === "number") || !Object.hasOwn(here, step)) return undefined;
    here = (here as { readonly [step: string | number]: Value })[step];
  }
  return here;
}

function readSubject(subject: Subject, scope: Scope): Read {
  const name = pathText(subject.path);
  if (subject.kind === "call" && subject.name !== "len" && subject.name !== "has") {
    const { name, path, windowMs } = subject;
    const span = { at: scope.at, since: scope.since, ...(windowMs === undefined ? {} : { windowMs }) };
    return seriesValue(name, scope.series(path), span);
  }
  const value = valueAt(scope.subjects, subject.path);
  if (subject.kind === "call" && subject.name === "has") return { value: value !== undefined };
  if (value === undefined) {
    const { baseline } = scope;
    if (subject.path[0] === "new_rows" && baseline?.kind === "none") return withoutBaseline(baseline, name);
    return scope.open?.includes(String(subject.path[0])) === true
      ? { why: `${name} has no value yet: its window has not filled`, cause: "open" }
      : { why: `${name} is missing` };
  }
  if (subject.kind === "path") return { value };
  if (typeof value === "string" || isList(value)) return { value: value.length };
  if (typeof value === "object" && value !== null) return { value: Object.keys(value).length };
  return { why: `${name} is neither text nor a list nor an object, so it has no length` };
}

function withoutBaseline(
  { why, isYet }: Extract<Baseline, { readonly kind: "none" }>,
  name: string,
): Pick<Line, "cause"> & { readonly why: string } {
  const cause = isYet ? { cause: "no baseline yet" as const } : {};
  return { why: `no baseline for ${name}: ${why}`, ...cause };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isRatio(value: number): boolean {
  return value >= 0 && value <= 1;
}
