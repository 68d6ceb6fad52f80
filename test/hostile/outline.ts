/** What GitHub would make of a Markdown text besides words. */
export interface Outline {
  readonly headings: number;
  /** Columns of each row of each table. */
  readonly tables: readonly number[];
  readonly fences: number;
  readonly quotes: number;
  readonly items: number;
  readonly rules: number;
  /** HTML tags in their order, such as `details` and `/details`. */
  readonly tags: readonly string[];
  readonly comments: readonly string[];
  /** Targets of links and images, and addresses that link by themselves. */
  readonly links: readonly string[];
  readonly mentions: readonly string[];
  readonly references: readonly string[];
  readonly formulas: number;
  readonly emphases: number;
  /** Code fences and comments that nothing closes. */
  readonly open: readonly string[];
}

interface Prose {
  readonly lines: readonly string[];
  readonly fences: number;
  readonly open: readonly string[];
}

const COMMENT = /<!-{2}[^]*?-->/gu;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/u;

/** The lines outside of code blocks. https://github.github.com/gfm/#fenced-code-blocks */
function proseOf(markdown: string): Prose {
  const lines: string[] = [];
  let fences = 0;
  let mark: string | undefined;
  for (const line of markdown.split(/\r\n?|\n/u)) {
    if (mark !== undefined) {
      const bare = line.trim();
      const isEnd = /^ {0,3}\S/u.test(line) && bare.startsWith(mark) && bare === mark[0]!.repeat(bare.length);
      if (isEnd) mark = undefined;
      continue;
    }
    mark = FENCE.exec(line)?.[1];
    if (mark === undefined) lines.push(line);
    else fences += 1;
  }
  return { lines, fences, open: mark === undefined ? [] : [`fence ${mark}`] };
}

/** A line without code spans, escaped characters and entities, which are all just words. */
function withoutLiterals(line: string): string {
  let rest = line;
  let kept = "";
  while (rest !== "") {
    const [piece = ""] = /^(?:\\[!-/:-@[-`{-~]|`+|[^\\`]+|\\)/u.exec(rest) ?? [rest];
    rest = rest.slice(piece.length);
    if (piece.startsWith("`")) {
      const end = new RegExp(`(?<!\`)${piece}(?!\`)`, "u").exec(rest);
      if (end === null) kept += piece;
      else {
        kept += "C";
        rest = rest.slice(end.index + piece.length);
      }
    } else kept += /^\\./u.test(piece) ? "E" : piece;
  }
  return kept
    .replaceAll(/<span>\$<\/span>/gu, "D")
    .replaceAll(/<code>[^<]*<\/code>/gu, "C")
    .replaceAll(/&(?:#\d{1,7}|#x[\da-f]{1,6}|\w{2,31});/giu, "\u00b7");
}

const BLOCK = /^ {0,3}<\/?(?:details|summary|table|div|p|pre)\b/iu;

/** Of each line, whether it belongs to an HTML block, which goes on until an empty line. */
function htmlLines(lines: readonly string[]): readonly boolean[] {
  let isInside = false;
  return lines.map((line) => {
    isInside = line.trim() !== "" && (isInside || BLOCK.test(line));
    return isInside;
  });
}

/** A line of an HTML block: no Markdown, but tags, mentions and references. */
function htmlOnly(line: string): string {
  return line
    .replaceAll(/&(?:#\d{1,7}|#x[\da-f]{1,6}|\w{2,31});/giu, "\u00b7")
    .replaceAll(/[*_`~|$[\]\\]/gu, "m")
    .replace(/^(?=[^<])/u, "w");
}

function all(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([found]) => found);
}

/** The columns of a table's row; cells end at every bar that is not escaped. */
function columnsOf(row: string): number {
  const inner = row.trim().replace(/^\|/u, "").replace(/\|$/u, "");
  return inner.replaceAll(/\\\|/gu, "E").split("|").length;
}

/** Reads Markdown as GitHub does, as far as our pages go: blocks, and what inline text can set going. */
export function outlineOf(markdown: string): Outline {
  const { lines, fences, open } = proseOf(markdown);
  const isHtml = htmlLines(lines);
  const plain = lines.map((line, at) => (isHtml[at] === true ? htmlOnly(line) : withoutLiterals(line)));
  const text = plain.join("\n");
  const withoutComments = text.replaceAll(COMMENT, "");
  const bare = withoutComments.replaceAll(/\]\([^)\s]*\)/gu, "]()");
  const isDelimiter = (line: string | undefined): boolean =>
    line !== undefined &&
    line.includes("-") &&
    /^ {0,3}\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/u.test(line) &&
    line.includes("|");
  const tables: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (!isDelimiter(plain[at + 1]) || columnsOf(lines[at] ?? "") !== columnsOf(lines[at + 1] ?? ""))
      continue;
    for (; at < lines.length && lines[at]!.trim() !== ""; at += 1) tables.push(columnsOf(lines[at]!));
  }
  const isWords = (line: string | undefined): boolean =>
    line !== undefined && line.trim() !== "" && !/^(?:[|#<]|[-+*](?:\s|$))/u.test(line);
  return {
    headings:
      plain.filter((line) => /^ {0,3}#{1,6}(?:\s|$)/u.test(line)).length +
      plain.filter((line, at) => /^ {0,3}(?:=+|-+)\s*$/u.test(line) && isWords(plain[at - 1])).length,
    tables,
    fences,
    quotes: plain.filter((line) => /^ {0,3}>/u.test(line)).length,
    items: plain.filter((line) => /^\s*(?:[-+*]|\d{1,9}[.)])(?:\s|$)/u.test(line)).length,
    rules: plain.filter((line) => /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/u.test(line)).length,
    tags: all(withoutComments, /<\/?[a-z!?][^>]*>?/giu).map((tag) => tag.slice(1).replace(/>$/u, "")),
    comments: all(text, COMMENT),
    links: [
      ...all(withoutComments, /\]\([^)\s]*\)|\]\[[^\]]*\]/gu),
      ...all(
        bare,
        /[a-z][a-z+.-]*:\/\/\S+|(?<![\w.])www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\[\^[^\]]+\](?!\()/giu,
      ),
      ...all(bare, /^ {0,3}\[[^\]]+\]:/gmu),
    ],
    mentions: all(bare, /(?<![\w`/])@[a-z\d]/giu),
    references: all(bare, /(?<![\w`&])(?:[\w.-]+\/[\w.-]+)?#\d+|(?<!\w)gh-\d+/giu),
    formulas: all(bare, /\$/gu).length,
    emphases: all(bare.replaceAll(/^\s*[*+-]\s/gmu, ""), /\*+|~+|(?<!\w)_+|_+(?!\w)|`+/gu).length,
    open: [...open, ...(text.lastIndexOf("<!--") > text.lastIndexOf("-->") ? ["comment"] : [])],
  };
}
