import type { ConfigDocument, Path } from "./document.ts";
import { shown } from "./raw.ts";
import type { Findings } from "./raw.ts";

/** Keys whose texts may hold anything; whatever stands below them is text. */
const TEXTS = [
  "require",
  "forbid",
  "count",
  "span",
  "inside",
  "sql",
  "diagnose",
  "query",
  "body",
  "headers",
  "env",
  "hint",
  "title",
];
/** Of which a list of several is meant, one each line. */
const LISTED = ["require", "forbid", "span", "inside"];

/** Warns of unquoted texts of which YAML took something away without a word: what follows ` #`, and line ends. */
export function lintTexts(document: ConfigDocument, findings: Findings): void {
  for (const path of textPaths(document.value, [])) {
    const plain = document.plainAt(path);
    if (plain === undefined) continue;
    const { text, comment, lines } = plain;
    if (comment !== undefined && isPartOfText(text, comment)) {
      const what = isSecret(path) ? `what follows " #"` : shown(`#${comment}`);
      const left = isSecret(path) ? "" : ` and left ${shown(text)}`;
      findings.say(path, `YAML took ${what} for a comment${left}`, {
        hint: "quote the text if that belongs to it; a comment has a space after its #",
      });
    }
    if (lines > 1 && path.slice(2).some((step) => LISTED.includes(String(step)))) {
      findings.say(path, `YAML made one pattern of ${lines} lines: ${shown(text)}`, {
        hint: "start each pattern with its own -, or write it on one line",
      });
    }
  }
}

/** Values of variables, and what is sent, are never shown. */
function isSecret(path: Path): boolean {
  return ["env", "headers", "body"].includes(String(path[2] === "http" ? path[3] : path[2]));
}

function textPaths(value: unknown, path: Path): readonly Path[] {
  if (typeof value === "string")
    return path.slice(2).some((step) => TEXTS.includes(String(step))) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textPaths(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textPaths(inner, [...path, key]));
}

/** Closing marks by what opens them. */
const PAIRS: readonly (readonly [open: string, close: string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];

/**
 * Whether what follows ` #` is the rest of the text rather than a comment: it goes on without a space
 * (`Error #42`), or it closes what the text left open (`/a # b/`).
 */
function isPartOfText(text: string, comment: string): boolean {
  if (/^[\w>({&-]/.test(comment) && !/^-{2}/.test(comment)) return true;
  const count = (part: string, of: string): number => of.split(part).length - 1;
  return (
    (/^\/[^/]*$/.test(text) && comment.includes("/")) ||
    (count('"', text) % 2 === 1 && count('"', comment) % 2 === 1) ||
    PAIRS.some(
      ([open, close]) =>
        count(open, text) > count(close, text) && count(close, comment) > count(open, comment),
    )
  );
}
