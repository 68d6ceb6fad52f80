import type * as z from "zod";
import { didYouMean } from "../core/suggest.ts";
import type { ConfigDocument, Path } from "./document.ts";
import type { IssueParams } from "./fields.ts";
import { keyText, mapping, rawAt, shown } from "./raw.ts";
import type { Findings } from "./raw.ts";
import { fileSchema } from "./schema.ts";
import { keysAt } from "./schema-walk.ts";
import { headOfSplit, isSplitByYaml, saySplit } from "./split.ts";
import { OTHER_EVENTS } from "./vocabulary.ts";

const NOTHING = "without a check nothing would be watched";

type Issue = z.core.$ZodIssue;

/** Makes a sentence of each zod issue: which key, what it holds, what would be accepted. */
export function explainIssues(
  issues: readonly Issue[],
  { document, findings }: { readonly document: ConfigDocument; readonly findings: Findings },
): void {
  for (const issue of issues.flatMap((issue) => leaves(issue, []))) {
    for (const key of issue.code === "unrecognized_keys" ? issue.keys : [undefined]) {
      if (findings.isFull()) return;
      if (key === undefined) explainValue(issue, { document, findings });
      else explainKey(key, issue.path, { document, findings });
    }
  }
}

/** The issues of the union's branch that the user most likely meant, with whole paths. */
function leaves(issue: Issue, above: Path): readonly Issue[] {
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return [{ ...issue, path }];
  const meant = issue.errors.filter(
    (branch) => !branch.some(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  // A choice says "invalid value" of a mapping too.
  const kind = meant.filter(
    (branch) => !branch.some(({ code, path }) => code === "invalid_value" && path.length === 0),
  );
  const [branch, ...others] = kind.length > 0 ? kind : meant;
  if (branch === undefined || others.length > 0) return [{ ...issue, path }];
  return branch.flatMap((inner) => leaves(inner, path));
}

interface Place {
  readonly document: ConfigDocument;
  readonly findings: Findings;
}

function explainValue(issue: Issue, { document, findings }: Place): void {
  const { path, message } = issue;
  const value = rawAt(document.value, path);
  const name = path.length === 0 ? "the file" : `"${keyText(path)}"`;
  if (value === undefined && path.length > 0) {
    const hint = path.join() === "checks" ? NOTHING : undefined;
    findings.say(path, `${name} is missing; ${message}`, { hint, needsWhole: true });
    return;
  }
  const head = headOfSplit(document, path);
  if (head !== undefined) return saySplit(head, { document, findings });
  const params: IssueParams = issue.code === "custom" ? (issue.params ?? {}) : {};
  if (isSplitByYaml(document, path)) return saySplit(path, { document, findings });
  if (!/^(?:use|name) /.test(message)) {
    findings.say(path, `${name}: ${message}`, { hint: params.hint, column: params.column });
    return;
  }
  findings.say(
    path,
    `${name} holds ${isSecret(path) ? "the wrong kind of value" : shown(value)}; ${message}`,
    {
      hint: params.hint ?? (path.join() === "checks" ? NOTHING : hintFor(issue, value)),
      column: params.column,
      needsWhole: value === null,
    },
  );
}

function hintFor(issue: Issue, value: unknown): string | undefined {
  const words = keyText(issue.path);
  if (issue.code === "invalid_value" && typeof value === "string") {
    if (/\.events\[\d+\]$/.test(words) && OTHER_EVENTS.includes(value)) {
      return `Render has the event ${value}, but it says nothing about the version that is live`;
    }
    const values = issue.values.map(String);
    const listed = issue.message.includes(values.at(-1) ?? "");
    return didYouMean(value, values) ?? (listed ? undefined : `one of ${values.join(", ")}`);
  }
  const wantsText = /text|condition|pattern|such as|statement/.test(issue.message);
  const wantsPlainText =
    issue.code === "invalid_type" &&
    issue.expected === "string" &&
    /\b(?:text|names?|label)\b/.test(issue.message);
  if (typeof value === "number" && wantsPlainText && !isSecret(issue.path)) return `quote it: "${value}"`;
  const [pair, ...more] = Object.entries(mapping(value));
  if (pair !== undefined && more.length === 0 && wantsText) {
    const [key, rest] = pair;
    return isSecret(issue.path)
      ? 'if the ": " belongs to a text, quote the whole value'
      : `quote this: YAML made a mapping of it, ${shown(key)} with ${shown(rest)}`;
  }
  return undefined;
}

/** Keys of a check that belong inside its source, by source. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  http: ["url", "method", "headers", "body", "timeout"],
  logs: ["type", "level", "require", "within", "forbid", "count", "per", "span", "inside"],
  sql: ["query", "database"],
  metric: ["name", "of", "of_limit", "where", "as", "quantile", "agg"],
  source: ["glob", "require", "forbid"],
};
/** The key of what a source is when it is written as one word. */
const MAIN: Readonly<Record<string, string>> = { http: "url", sql: "query", metric: "name" };

function explainKey(key: string, path: Path, { document, findings }: Place): void {
  const whole = [...path, key];
  const say = (message: string, hint?: string): void => findings.say(whole, message, { hint, isKey: true });
  const head = headOfSplit(document, whole);
  if (head !== undefined) return saySplit(head, { document, findings });
  const parent = mapping(rawAt(document.value, path));
  if (path[0] === "checks" && path.length === 2) {
    const source = Object.keys(INSIDE).find(
      (source) => INSIDE[source]?.includes(key) && Object.hasOwn(parent, source),
    );
    if (source !== undefined) {
      const main = typeof parent[source] === "string" ? MAIN[source] : undefined;
      const first = main === undefined ? "" : `${main}: …, `;
      return say(
        `"${key}" belongs inside "${source}", not beside it`,
        `write ${source}: { ${first}${key}: … }`,
      );
    }
  }
  const checkKeys = keysAt(fileSchema, ["checks", ""]);
  if (path[0] === "checks" && path.length === 3 && checkKeys.includes(key)) {
    return say(`"${key}" belongs beside "${String(path[2])}", not inside it`);
  }
  const known = keysAt(fileSchema, path);
  const place = path.length === 0 ? "" : ` in "${keyText(path)}"`;
  say(`unknown key "${key}"${place}`, didYouMean(key, known) ?? `keys here: ${known.join(", ")}`);
}

/** Values that may be secrets are never shown. */
function isSecret(path: Path): boolean {
  if (path[0] === "databases" || path[0] === "notify")
    return ["url", "slack", "webhook"].includes(String(path[2]));
  return path.includes("headers") || path[2] === "env";
}
