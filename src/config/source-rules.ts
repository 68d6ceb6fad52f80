import { didYouMean } from "../core/suggest.ts";
import type { FileView } from "./check-rules.ts";
import { expand } from "./environment.ts";
import { keyText, mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import { splitPatterns } from "./split.ts";
import { isLater } from "./vocabulary.ts";
import type { SourceKind } from "./vocabulary.ts";

interface Place {
  readonly path: readonly [string, string];
  readonly file: FileView;
}

/** The rules of a check's source and of what stands beside it. */
export function checkSource(raw: Raw, { path, kind, file }: Place & { readonly kind: SourceKind }): void {
  const { findings } = file;
  if ((kind === "logs" || kind === "events") && raw["fail_after"] !== undefined) {
    findings.say(
      [...path, "fail_after"],
      `${kind} take no fail_after: their counts accumulate since the deploy`,
      {
        hint:
          kind === "logs"
            ? "set the number in a condition, such as fail: matches > 3"
            : "set the number in a condition, such as fail: count >= 3",
        isKey: true,
      },
    );
  }
  if (kind === "http") checkHttp(mapping(raw["http"]), { path, file });
  if (kind === "logs") checkLogs(mapping(raw["logs"]), { path, file });
  if (kind === "sql") checkSql(raw, { path, file });
}

function checkHttp(http: Raw, { path, file }: Place): void {
  const { findings, env } = file;
  const method = http["method"] ?? "GET";
  if (http["body"] !== undefined && (method === "GET" || method === "HEAD")) {
    findings.say([...path, "http", "body"], `a ${method} request has no body`, {
      hint: "set method: POST",
      isKey: true,
    });
  }
  for (const [name, value] of Object.entries(mapping(http["headers"]))) {
    const place = [...path, "http", "headers", name];
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
      findings.say(place, `"${name}" is no name of a header`, { isKey: true });
    if (typeof value !== "string") continue;
    const { text, missing } = expand(value, env);
    for (const variable of missing) sayUnset(variable, place, file);
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) {
      findings.say(place, `the value of header "${name}" holds a line break or control character`, {
        hint: "check the variable or the quotes",
      });
    }
  }
}

/** The one sentence for a variable that is not there. */
export function sayUnset(
  variable: string,
  place: readonly string[],
  { findings }: Pick<FileView, "findings">,
): void {
  findings.say(place, `"${keyText(place)}" uses $${variable}, which is not set`, {
    hint: `set it in the step's env, such as ${variable}: \${{ secrets.${variable} }}`,
  });
}

function checkLogs(logs: Raw, { path, file }: Place): void {
  const { document, findings } = file;
  const place = [...path, "logs"];
  const isEmpty = (verb: string): boolean =>
    Object.hasOwn(logs, verb) && Object.keys(mapping(logs[verb])).length === 0 && !Array.isArray(logs[verb]);
  const hasLater = Object.keys(logs).some((key) => isLater(place, key));
  if (logs["require"] === undefined && logs["forbid"] === undefined && !hasLater) {
    findings.say(place, `"${keyText(place)}" looks for nothing`, {
      hint: "give it require or forbid, such as { forbid: [Traceback] }",
      isKey: true,
      needsWhole: true,
    });
  }
  if (logs["within"] !== undefined && logs["require"] === undefined) {
    findings.say([...place, "within"], "within belongs to require, and there is none", { isKey: true });
  }
  for (const verb of ["require", "forbid"]) {
    const value = logs[verb];
    const groups = Array.isArray(value)
      ? [[...place, verb]]
      : Object.keys(mapping(value)).map((name) => [...place, verb, name]);
    if (value !== null && typeof value === "object" && isEmpty(verb)) {
      findings.say([...place, verb], `"${keyText([...place, verb])}" names no pattern`, {
        hint: "use a list such as [Traceback]",
      });
    }
    for (const group of groups) {
      for (const index of splitPatterns(document, group)) {
        findings.say([...group, index], "YAML split this pattern at a comma", {
          hint: "quote this: inside {} and [] YAML splits at , [ ] { }",
        });
      }
    }
  }
}

function checkSql(raw: Raw, { path, file }: Place): void {
  const { findings, databases } = file;
  const known = Object.keys(databases);
  const place = [...path, "sql"];
  const written = mapping(raw["sql"])["database"];
  if (written === undefined) {
    if (known.length === 0) {
      findings.say(place, `check "${path[1]}" asks a database, and none is configured`, {
        hint: "add databases: { main: { url: $DATABASE_URL } }",
        needsWhole: true,
      });
    } else if (known.length > 1) {
      findings.say(place, `check "${path[1]}" does not say which database`, {
        hint: `write sql: { database: ${known[0] ?? ""}, query: … }`,
        needsWhole: true,
      });
    }
  } else if (typeof written === "string" && !known.includes(written)) {
    findings.say([...place, "database"], `there is no database "${written}"`, {
      hint:
        didYouMean(written, known) ??
        (known.length === 0 ? "add it under databases" : `databases here: ${known.join(", ")}`),
      needsWhole: true,
    });
  }
  if (["pass", "warn", "fail"].every((tier) => raw[tier] === undefined)) {
    findings.say(path, `check "${path[1]}" has no condition`, {
      hint: "sql needs pass, warn or fail, such as pass: rows == 0",
      isKey: true,
      needsWhole: true,
    });
  }
}
