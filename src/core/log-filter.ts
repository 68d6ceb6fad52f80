import type { Pattern } from "./source.ts";
import { re2Of } from "./re2.ts";

/** A colour between two words, as RE2 writes it. */
const COLOUR = "(?:\\x1b\\[[\\d;]*m)*";
/** Every line that holds an escape character. */
const COLOURED = "/\\x1b/";
/** A query longer than this may be refused on its way. */
const MOST_CHARACTERS = 2_000;

/**
 * The patterns as values of Render's `text` filter, in groups short enough for one query each. The filter sees
 * lines with their colours, which the patterns do not: texts allow for one at every edge of a word, and beside an
 * expression of more than plain words all coloured lines are asked for. Undefined when one of them cannot be said.
 */
export function filterTexts(patterns: readonly Pattern[]): readonly (readonly string[])[] | undefined {
  const texts = patterns.map(textOf);
  const known = texts.flatMap((text) => (text === undefined ? [] : [text]));
  if (known.length < texts.length) return undefined;
  const isWide = patterns.some(
    (pattern) => pattern.kind === "pattern" && !/^[\w|()?:]+$/.test(pattern.source),
  );
  return grouped([...new Set([...known, ...(isWide ? [COLOURED] : [])])]);
}

function textOf(pattern: Pattern): string | undefined {
  if (pattern.kind === "pattern") return re2Of({ ...pattern, source: unnamed(pattern.source) });
  const parts = (pattern.text.match(/\w+|\W/gu) ?? []).map((text) =>
    re2Of({ kind: "text", text })?.slice(1, -1),
  );
  return `/${parts.join(COLOUR)}/`;
}

/** Older RE2 knows no `(?<name>…)`, and a filter needs no names. */
function unnamed(source: string): string {
  return source.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?<[A-Za-z_$][\w$]*>/g, (part) =>
    part.startsWith("(") ? "(" : part,
  );
}

function grouped(texts: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let length = Infinity;
  for (const text of texts) {
    if (length + text.length > MOST_CHARACTERS) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(text);
    length += text.length;
  }
  return groups;
}
