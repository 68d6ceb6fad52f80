import { checkCondition } from "../core/condition-check.ts";
import type { SubjectTable } from "../core/condition-check.ts";
import { parseCondition } from "../core/condition-parser.ts";
import { durationText } from "../core/duration.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Path } from "./document.ts";
import { keyText, mapping } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import { subjectsOf } from "./subjects.ts";
import { SOURCES } from "./vocabulary.ts";
import type { SourceKind } from "./vocabulary.ts";

/** Checks that the conditions of one check fit the subjects of its source. Only conditions that parse are looked at. */
export function checkConditions(
  check: Raw,
  {
    path,
    kind,
    longestStageMs,
    findings,
  }: {
    readonly path: Path;
    readonly kind: SourceKind;
    readonly longestStageMs: number | undefined;
    readonly findings: Findings;
  },
): void {
  const table = subjectsOf(kind, check[kind]);
  for (const tier of ["pass", "warn", "fail", "need"]) {
    const written = check[tier];
    const texts = Array.isArray(written) ? (written as readonly unknown[]) : [written];
    for (const [index, text] of texts.entries()) {
      const place = Array.isArray(written) ? [...path, tier, index] : [...path, tier];
      if (typeof text === "string") checkOne(text, { place, table, longestStageMs, findings });
    }
  }
}

interface Place {
  readonly place: Path;
  readonly table: SubjectTable;
  readonly longestStageMs: number | undefined;
  readonly findings: Findings;
}

function checkOne(text: string, { place, table, longestStageMs, findings }: Place): void {
  const parsed = parseCondition(text);
  if (!parsed.ok) return;
  const { subject } = parsed.condition;
  const name = keyText(place);
  for (const { message, hint, part } of checkCondition(parsed.condition, table, { hasBaseline: false })) {
    findings.say(place, `"${name}": ${message}`, { hint, column: parsed.columns[part] });
  }
  const column = parsed.columns.subject;
  const header = subject.path[0] === "headers" ? subject.path[1] : undefined;
  if (typeof header === "string" && header !== header.toLowerCase()) {
    findings.say(place, `"${name}": header names are in lower case`, {
      hint: `headers.${header.toLowerCase()}`,
      column,
    });
  }
  if (subject.kind !== "call" || subject.name !== "trend" || longestStageMs === undefined) return;
  if ((subject.windowMs ?? 0) > longestStageMs) {
    const window = durationText(subject.windowMs ?? 0);
    findings.say(
      place,
      `"${name}": the window of ${window} never fills in a stage of ${durationText(longestStageMs)}`,
      {
        hint: "use a shorter window or a longer stage",
        column,
      },
    );
  }
}

/** `only_if` looks at another check: its name first, then one of that check's subjects. */
export function checkOnlyIf(
  text: unknown,
  {
    path,
    checks,
    findings,
  }: { readonly path: readonly [string, string]; readonly checks: Raw; readonly findings: Findings },
): void {
  const parsed = typeof text === "string" ? parseCondition(text) : undefined;
  if (parsed?.ok !== true) return;
  const { condition, columns } = parsed;
  const place = [...path, "only_if"];
  const say = (message: string, hint?: string): void =>
    findings.say(place, `"${keyText(place)}": ${message}`, {
      hint,
      column: columns.subject,
      needsWhole: true,
    });
  const [name, ...rest] = condition.subject.path;
  const others = Object.keys(checks).filter((other) => other !== path[1]);
  if (name === path[1]) return say("a check cannot ask itself", "name another check");
  if (typeof name !== "string" || !others.includes(name)) {
    const hint =
      didYouMean(String(name), others) ?? "start with the name of another check, such as queue.depth > 10";
    return say(`there is no other check "${name}"`, hint);
  }
  if (rest.length === 0) return say(`${name} is a check; name one of its subjects`, `such as ${name}.status`);
  const { subject } = condition;
  if (subject.kind === "call" && subject.name !== "has" && subject.name !== "len") {
    return say(
      `${subject.name}() looks back over samples, and only_if asks for the latest one`,
      `compare the value itself, such as ${name}.${rest.join(".")} > 10`,
    );
  }
  const other = mapping(checks[name]);
  const kind = SOURCES.find((source) => Object.hasOwn(other, source));
  if (kind === undefined) return;
  const asked = { ...condition, subject: { ...condition.subject, path: rest } };
  for (const { message, hint, part } of checkCondition(asked, subjectsOf(kind, other[kind]), {
    hasBaseline: false,
  })) {
    findings.say(place, `"${keyText(place)}": ${message}`, { hint, column: columns[part] });
  }
}
