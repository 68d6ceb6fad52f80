import type { BaselineKind } from "../core/check.ts";
import { subjectType } from "../core/condition-check.ts";
import type { SubjectTable } from "../core/condition-check.ts";
import { subjectText } from "../core/condition-text.ts";
import { checkSchema } from "./check-schema.ts";
import { conditionsAt, TIERS } from "./condition-rules.ts";
import type { WrittenCondition } from "./condition-rules.ts";
import { choiceText, keyText, mapping, valid } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import type { SourceKind } from "./vocabulary.ts";
import { BASELINES } from "./vocabulary.ts";

/** What can be measured of the old version while the new one builds, and what Render keeps for a week. */
const OF_OLD_VERSION: readonly SourceKind[] = ["http", "sql", "metric", "logs"];
const KEPT_A_WEEK: readonly SourceKind[] = ["metric", "logs"];

/** The baselines that can exist for a source as the file has it (design 5): of logs, only counted lines reach back. */
export function baselinesOf(kind: SourceKind, source: unknown): readonly BaselineKind[] {
  if (kind === "env" || kind === "source") return [];
  const isCounted = kind !== "logs" || mapping(source)["per"] !== undefined;
  return BASELINES.filter((baseline) => {
    if (baseline === "while-building") return OF_OLD_VERSION.includes(kind) && isCounted;
    return baseline !== "same hour last week" || (KEPT_A_WEEK.includes(kind) && isCounted);
  });
}

/** How a check comes to a baseline; undefined when its source can have none. */
export function baselineHint(kind: SourceKind, source: unknown): string | undefined {
  const [first, ...others] = baselinesOf(kind, source);
  return first === undefined
    ? undefined
    : `write baseline: ${first} beside ${kind}${others.length === 0 ? "" : ` (or ${others.join(", ")})`}`;
}

interface Place {
  readonly path: readonly [string, string];
  readonly checks: Raw;
  readonly kind: SourceKind;
  readonly table: SubjectTable;
  readonly findings: Findings;
}

/** The rules between `baseline`, `floor` and the conditions that use them. */
export function checkBaseline(check: Raw, { path, checks, kind, table, findings }: Place): void {
  const conditions = conditionsAt(check, { path, keys: TIERS });
  const written = TIERS.flatMap((tier) => check[tier] ?? []);
  const relative = conditions.filter(({ condition }) => condition.operand.kind === "relative");
  // What does not parse may be the relative one.
  const isUnused = relative.length === 0 && written.length === conditions.length;
  checkFloor(check, { path, relative, isUnused, table, findings });

  const asksNewRows = conditionsAt(check, { path, keys: [...TIERS, "need"] }).filter(
    ({ condition }) => kind === "sql" && condition.subject.path[0] === "new_rows",
  );
  if (check["baseline"] === undefined) {
    for (const { place, columns } of asksNewRows) {
      const needs = "new_rows are the rows that the baseline did not have, and this check has none";
      findings.say(place, `"${keyText(place)}": ${needs}`, {
        hint: baselineHint(kind, check[kind]),
        column: columns.subject,
      });
    }
  }
  const baseline = valid(checkSchema.shape.baseline, check["baseline"]);
  if (baseline === undefined) return;
  const place = [...path, "baseline"];
  const possible = baselinesOf(kind, check[kind]);
  if (!possible.includes(baseline)) {
    findings.say(place, whyNone(baseline, kind), {
      hint: possible.length === 0 ? "remove baseline" : `use ${choiceText(possible)}`,
    });
  } else if (isUnused && asksNewRows.length === 0 && !isAskedFor(`${path[1]}.new_rows`, checks)) {
    findings.say(place, `no condition compares with the baseline "${baseline}"`, {
      hint: `compare with it, such as fail: ${exampleOf(kind, table)}, or remove baseline`,
      isKey: true,
      needsWhole: true,
    });
  } else if (kind === "logs") checkCounted(relative, { baseline, findings });
  else if (kind === "metric") checkRequests(check["metric"], { relative, findings });
}

/** Whether another check looks at that subject. */
function isAskedFor(subject: string, checks: Raw): boolean {
  const texts = Object.values(checks).flatMap((check) => {
    const { only_if: onlyIf, derive } = mapping(check);
    return [onlyIf, ...Object.values(mapping(derive))];
  });
  return texts.some((text) => typeof text === "string" && text.includes(subject));
}

function exampleOf(kind: SourceKind, { types }: SubjectTable): string {
  if (kind === "sql") return "new_rows > 0";
  const names = Object.keys(types);
  return `${names.find((name) => types[name] === "duration") ?? names[0] ?? "value"} > +50%`;
}

function whyNone(baseline: BaselineKind, kind: SourceKind): string {
  if (kind === "env" || kind === "source")
    return `${kind} takes no baseline: what it compares with is written in the file`;
  return baseline === "while-building"
    ? `"${baseline}" cannot be a baseline here: of the old version only http, sql, metric and counted log lines are measured`
    : `"${baseline}" cannot be a baseline here: of last week only metrics and counted log lines are known`;
}

/** Of the old version and of last week, only counted lines are known. */
function checkCounted(
  relative: readonly WrittenCondition[],
  { baseline, findings }: { readonly baseline: BaselineKind; readonly findings: Findings },
): void {
  if (baseline !== "while-building" && baseline !== "same hour last week") return;
  for (const { condition, columns, place } of relative) {
    const head = String(condition.subject.path[0]);
    if (head === "value" || head === "rate") continue;
    findings.say(
      place,
      `"${keyText(place)}": ${head} has no baseline "${baseline}", only counted lines have`,
      {
        hint: "use previous deploy or last 5 good deploys",
        column: columns.subject,
      },
    );
  }
}

/** Without a window of their own, requests are counted since the last sample: more of them where samples are rarer. */
function checkRequests(
  metric: unknown,
  { relative, findings }: { readonly relative: readonly WrittenCondition[]; readonly findings: Findings },
): void {
  const { name = metric, agg, as } = mapping(metric);
  if (name !== "http_requests" || agg !== undefined) return;
  for (const { condition, columns, place } of relative) {
    const head = String(condition.subject.path[0]);
    if (as !== undefined && head === "value") continue;
    findings.say(
      place,
      `"${keyText(place)}": ${head} counts the requests since the last sample, which compare only where as much time lies between`,
      { hint: "count over a window, such as agg: sum 5m inside metric", column: columns.subject },
    );
  }
}

function checkFloor(
  check: Raw,
  {
    path,
    relative,
    isUnused,
    table,
    findings,
  }: Pick<Place, "path" | "table" | "findings"> & {
    readonly relative: readonly WrittenCondition[];
    readonly isUnused: boolean;
  },
): void {
  const floor = check["floor"] === undefined ? undefined : valid(checkSchema.shape.floor, check["floor"]);
  if (floor === undefined) return;
  const place = [...path, "floor"];
  if (isUnused) {
    findings.say(place, "floor belongs to relative conditions, and there is none", {
      hint: "write a condition such as value > +50%, or remove floor",
      isKey: true,
      needsWhole: true,
    });
  }
  for (const { condition } of relative) {
    const type = subjectType(condition.subject, table);
    const isNumeric = type === "number" || type === "duration" || type === "size" || type === "ratio";
    if (!isNumeric || floor.unit === undefined || floor.unit === type) continue;
    const name = subjectText(condition.subject);
    findings.say(place, `the floor ${String(check["floor"])} is a ${floor.unit}, and ${name} is a ${type}`, {
      hint: "write floor in the unit of the subject, or as a bare number",
    });
    return;
  }
}
