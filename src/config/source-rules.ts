import type { FileView } from "./check-rules.ts";
import { TIERS } from "./condition-rules.ts";
import { checkFormulas } from "./derive-rules.ts";
import { checkVariables } from "./env-rules.ts";
import { checkHttp } from "./http-rules.ts";
import { checkLogs } from "./log-rules.ts";
import { checkMetric } from "./metric-rules.ts";
import { checkFiles } from "./pattern-rules.ts";
import { mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import { checkStatement } from "./sql-rules.ts";
import { subjectsOf } from "./subjects.ts";
import type { SourceKind } from "./vocabulary.ts";

/** Where a source stands, and the file around it. */
export interface SourcePlace {
  readonly path: readonly [string, string];
  readonly file: FileView;
}

/** The rules of a check's source and of what stands beside it. */
export function checkSource(
  raw: Raw,
  { path, kind, file }: SourcePlace & { readonly kind: SourceKind },
): void {
  const place = { path, file };
  const written = mapping(raw[kind]);
  checkFailAfter(raw, { ...place, kind });
  checkHasCondition(raw, { ...place, kind });
  switch (kind) {
    case "http":
      return checkHttp(written, place);
    case "logs":
      return checkLogs(raw, place);
    case "sql":
      return checkStatement(raw["sql"], { path: [...path, "sql"], check: path[1], file });
    case "metric":
      return checkMetric(raw["metric"], place);
    case "env":
      return checkVariables(raw["env"], place);
    case "source":
      return checkFiles(raw, place);
    case "derive":
      return checkFormulas(written, place);
    case "events":
      return undefined;
  }
}

type Kinded = SourcePlace & { readonly kind: SourceKind };

/** What only grows, or never changes, takes no `fail_after`. */
function checkFailAfter(raw: Raw, { path, kind, file }: Kinded): void {
  if (raw["fail_after"] === undefined) return;
  const place = [...path, "fail_after"];
  const logs = mapping(raw["logs"]);
  if (kind === "events") {
    file.findings.say(place, "events take no fail_after: their counts accumulate since the deploy", {
      hint: "set the number in a condition, such as fail: count >= 3",
      isKey: true,
    });
  } else if (kind === "source") {
    file.findings.say(place, "source takes no fail_after: the files of a commit do not change", {
      hint: "set the number in a condition, such as fail: matches > 3",
      isKey: true,
    });
  } else if (kind === "logs" && (logs["require"] !== undefined || logs["forbid"] !== undefined)) {
    file.findings.say(place, "logs take no fail_after: their counts accumulate since the deploy", {
      hint:
        logs["per"] === undefined && logs["span"] === undefined
          ? "set the number in a condition, such as fail: matches > 3"
          : "make what require and forbid look for a check of its own",
      isKey: true,
    });
  }
}

/** What a source without a condition of its own could be asked, as an example. */
function exampleOf(raw: Raw, kind: SourceKind): string | undefined {
  if (kind === "http" || kind === "events" || kind === "env" || kind === "source") return undefined;
  const source = mapping(raw[kind]);
  if (kind === "logs" && (source["require"] !== undefined || source["forbid"] !== undefined))
    return undefined;
  const [name, type] = Object.entries(subjectsOf(kind, raw[kind]).types)[0] ?? [];
  if (name === undefined || type === undefined) return undefined;
  const limits: Readonly<Record<string, string>> = {
    duration: kind === "logs" ? "10m" : "1s",
    size: "1GB",
    ratio: "80%",
  };
  return `${name} > ${kind === "sql" ? "0" : (limits[type] ?? "5")}`;
}

function checkHasCondition(raw: Raw, { path, kind, file }: Kinded): void {
  const example = exampleOf(raw, kind);
  if (example === undefined || TIERS.some((tier) => raw[tier] !== undefined)) return;
  file.findings.say(path, `check "${path[1]}" has no condition`, {
    hint: `write pass, warn or fail, such as fail: ${example}`,
    isKey: true,
    needsWhole: true,
  });
}
