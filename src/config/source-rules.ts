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
      return checkLogs(written, place);
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

/** What a source without a condition of its own would be asked, as an example. */
function exampleOf(raw: Raw, kind: SourceKind): string | undefined {
  switch (kind) {
    case "sql":
      return "sql needs pass, warn or fail, such as pass: rows == 0";
    case "metric":
      return "metric needs pass, warn or fail, such as fail: value > 0.8";
    case "derive":
      return `derive needs pass, warn or fail, such as fail: ${Object.keys(mapping(raw["derive"]))[0] ?? "x"} > 5`;
    case "logs": {
      const { require, forbid, per, span, count } = mapping(raw["logs"]);
      if (require !== undefined || forbid !== undefined || (per ?? span) === undefined) return undefined;
      const example = span !== undefined ? "gap > 10m" : count !== undefined ? "value > 5" : "rate > 5";
      return `count, per and span need pass, warn or fail, such as fail: ${example}`;
    }
    default:
      return undefined;
  }
}

function checkHasCondition(raw: Raw, { path, kind, file }: Kinded): void {
  const hint = exampleOf(raw, kind);
  if (hint === undefined || TIERS.some((tier) => raw[tier] !== undefined)) return;
  file.findings.say(path, `check "${path[1]}" has no condition`, { hint, isKey: true, needsWhole: true });
}
