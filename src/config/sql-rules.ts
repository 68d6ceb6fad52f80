import { didYouMean } from "../core/suggest.ts";
import type { FileView } from "./check-rules.ts";
import { mapping } from "./raw.ts";
import { saySplit } from "./split.ts";

interface Place {
  readonly path: readonly (string | number)[];
  readonly check: string;
  readonly file: Pick<FileView, "findings" | "databases">;
}

/** Each statement of a list, as `diagnose` has them; inside [] YAML splits a statement at its commas. */
export function checkStatements(
  statements: unknown,
  { path, check, file }: Place & { readonly file: FileView },
): void {
  if (!Array.isArray(statements)) return;
  for (const [index, statement] of (statements as readonly unknown[]).entries()) {
    const isStart = typeof statement !== "string" || START.test(statement);
    if (!isStart && index > 0 && file.document.isInFlow([...path, index]))
      saySplit([...path, index - 1], file);
    else checkStatement(statement, { path: [...path, index], check, file });
  }
}

const START = /^\s*(?:\(|--|\/\*|select|with|values|table|show|explain)/i;

/** A statement asks a database that the file has, and says which when there are several. */
export function checkStatement(statement: unknown, { path, check, file }: Place): void {
  const { findings, databases } = file;
  const known = Object.keys(databases);
  const [first] = known;
  const written = mapping(statement)["database"];
  if (written === undefined && first === undefined) {
    findings.say(path, `check "${check}" asks a database, and none is configured`, {
      hint: "add databases: { main: { url: $DATABASE_URL } }",
      needsWhole: true,
    });
  } else if (written === undefined && known.length > 1) {
    const isList = typeof path.at(-1) === "number";
    findings.say(path, `check "${check}" does not say which database`, {
      hint: `write ${isList ? "-" : "sql:"} { database: ${first}, query: … }`,
      needsWhole: true,
    });
  } else if (typeof written === "string" && !known.includes(written)) {
    findings.say([...path, "database"], `there is no database "${written}"`, {
      hint:
        didYouMean(written, known) ??
        (first === undefined ? "add it under databases" : `databases here: ${known.join(", ")}`),
      needsWhole: true,
    });
  }
}
