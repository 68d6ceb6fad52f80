import type { ConfigDocument, Path } from "./document.ts";
import { keyText, mapping, rawAt, shown } from "./raw.ts";
import type { Findings } from "./raw.ts";

/** How many brackets a text leaves open (positive) or closes too many (negative); texts in quotes are passed over. */
function openBrackets(text: string): number {
  let open = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}"]/g)) {
    if (part.length > 1) continue;
    open += part === '"' || "([{".includes(part) ? 1 : -1;
  }
  return open;
}

/** `/a` of a `/a,b/` that YAML split. A path such as `/health` looks the same, so the next part must close it. */
function isOpenPattern(text: string): boolean {
  return /^\/[^/]*$/.test(text);
}

/** Whether a text inside `{}` or `[]` was split by YAML, or would have been, had it been written as it was meant. */
export function isSplitByYaml(document: ConfigDocument, path: Path): boolean {
  const text = rawAt(document.value, path);
  return typeof text === "string" && document.isInFlow(path) && openBrackets(text) !== 0;
}

/** The first half of a value of which this is the rest, after YAML split it at a comma. */
export function headOfSplit(document: ConfigDocument, path: Path): Path | undefined {
  const last = path.at(-1);
  const above = path.slice(0, -1);
  if (typeof last === "number") {
    const head = [...above, last - 1];
    const tail = rawAt(document.value, path);
    return typeof tail === "string" && isHead(document, head, tail) ? head : undefined;
  }
  const key = String(last);
  const parent = mapping(rawAt(document.value, above));
  if (parent[key] !== null) return undefined;
  const keys = Object.keys(parent);
  const before = keys.slice(0, keys.indexOf(key)).findLast((one) => parent[one] !== null);
  const head = [...above, before ?? key];
  const isWords = /\s/.test(key) && document.isInFlow(head);
  return before !== undefined && (isWords || isHead(document, head, key)) ? head : undefined;
}

/** Whether a value inside `{}` or `[]` is not finished without the text that follows it. */
function isHead(document: ConfigDocument, path: Path, tail: string): boolean {
  const text = rawAt(document.value, path);
  if (typeof text !== "string" || !document.isInFlow(path)) return false;
  return openBrackets(text) > 0 || (isOpenPattern(text) && /\/[a-z]*$/.test(tail));
}

/** The one sentence for a value that YAML split, said at its first half. */
export function saySplit(
  path: Path,
  { document, findings }: { readonly document: ConfigDocument; readonly findings: Findings },
): void {
  const text = shown(rawAt(document.value, path));
  findings.say(path, `"${keyText(path)}" holds ${text}, which YAML split or which has unbalanced brackets`, {
    hint: "quote this: inside {} and [] YAML splits at , [ ] { }",
  });
}

/** Patterns of a list that were one pattern before YAML split it at a comma: the index of each first half. */
export function splitPatterns(document: ConfigDocument, path: Path): readonly number[] {
  const list = rawAt(document.value, path);
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((item, index) => {
    const next: unknown = list[index + 1];
    if (typeof item !== "string" || typeof next !== "string" || !document.isInFlow([...path, index]))
      return [];
    const isPattern = isOpenPattern(item) && !next.startsWith("/") && /\/[a-z]*$/.test(next);
    const isBracket = openBrackets(item) > 0 && openBrackets(next) < 0;
    return isPattern || isBracket ? [index] : [];
  });
}
