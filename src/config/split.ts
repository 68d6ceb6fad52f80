import type { ConfigDocument, Path } from "./document.ts";
import { mapping, rawAt } from "./raw.ts";

/** How many brackets a text leaves open (positive) or closes too many (negative); texts in quotes are passed over. */
function openBrackets(text: string): number {
  let open = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}"]/g)) {
    if (part.length > 1) continue;
    open += part === '"' || "([{".includes(part) ? 1 : -1;
  }
  return open;
}

function isUnfinished(text: unknown): boolean {
  return typeof text === "string" && (openBrackets(text) > 0 || isOpenPattern(text));
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

/** Whether this is the second half of a value of which the first half is reported. */
export function isTailOfSplit(document: ConfigDocument, path: Path): boolean {
  const last = path.at(-1);
  const above = path.slice(0, -1);
  if (typeof last === "number") {
    const before = [...above, last - 1];
    return last > 0 && document.isInFlow(before) && isUnfinished(rawAt(document.value, before));
  }
  const parent = mapping(rawAt(document.value, above));
  if (parent[String(last)] !== null) return false;
  const keys = Object.keys(parent);
  const before = keys[keys.indexOf(String(last)) - 1];
  return before !== undefined && document.isInFlow([...above, before]) && isUnfinished(parent[before]);
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
