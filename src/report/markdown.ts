import { cleanText, cut, oneLine } from "./text.ts";

/** Between the characters of a reference it stops GitHub from linking or notifying. `oneLine` lets none through. */
const BREAK = "\u200b";
const BREAK_MARKUP = "&#8203;";

/** Characters that mean something to HTML, tables or GitHub's formulas, and what shows them as themselves. */
const SPECIAL: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "|": "&#124;",
  $: "<span>$</span>",
};

/** One clean line without anything that GitHub would make a link or a notification of. */
function unlinked(text: string): string {
  return oneLine(text)
    .replaceAll("@", `@${BREAK}`)
    .replace(/#(?=\d)/gu, `#${BREAK}`)
    .replace(/(?<![a-z\d])(gh)-(?=\d)/giu, `$1-${BREAK}`)
    .replaceAll("://", `:${BREAK}//`)
    .replace(/(www)\./giu, `$1${BREAK}.`);
}

/** Untrusted text for the inside of an HTML block, such as `<summary>`, where Markdown is not read. One line. */
export function htmlText(text: string): string {
  return unlinked(text)
    .replace(/[&<>"'|]/gu, (mark) => SPECIAL[mark] ?? `&#${mark.charCodeAt(0)};`)
    .replaceAll(BREAK, BREAK_MARKUP);
}

/**
 * Untrusted text as one line of Markdown that shows it literally: no markup, HTML, links, mentions, references or
 * formulas, no table column and no block of its own, wherever on a line it stands.
 */
export function inlineText(text: string): string {
  return unlinked(text)
    .replace(/[&<>|$\\`*_[\]~]/gu, (mark) => SPECIAL[mark] ?? `\\${mark}`)
    .replace(/^(\d{1,9})([.)])/u, "$1\\$2")
    .replace(/^[-+=:#]/u, "\\$&")
    .replaceAll(BREAK, BREAK_MARKUP);
}

function longestRun(text: string, mark: string): number {
  let longest = 0;
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    run = text[at] === mark ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

/** Keeps untrusted text from imitating the markers by which the gate finds its own parts of a page again. */
function withoutMarkers(text: string): string {
  return text.replaceAll("<!--", "<! --");
}

/** Untrusted text as a code span of one line. Not for table cells: see `codeCell`. */
export function codeSpan(text: string): string {
  const line = withoutMarkers(oneLine(text));
  if (line === "") return "(empty)";
  const fence = "`".repeat(longestRun(line, "`") + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** Untrusted text as code inside a table cell, where a bar would end the cell even between backticks. */
export function codeCell(text: string): string {
  return text.includes("|") ? `<code>${inlineText(text)}</code>` : codeSpan(text);
}

/** Untrusted text as a code block that no run of backticks can close; cut to `max` characters. */
export function fencedBlock(text: string, max: number): string {
  const body = cut(withoutMarkers(cleanText(text)), max);
  const fence = "`".repeat(Math.max(3, longestRun(body, "`") + 1));
  return `${fence}text\n${body}\n${fence}`;
}

/** A link whose text is untrusted. Addresses that are not plain http(s) give the text alone. */
export function link(text: string, url: string | undefined): string {
  const label = inlineText(text);
  if (url === undefined || !/^https?:\/\/[!-~]{1,2000}$/u.test(url)) return label;
  const target = url.replace(/[<>()[\]|\\`*_"'{}]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `[${label}](${target})`;
}

/** An untrusted address as a link to itself, shown without its scheme. */
export function addressLink(url: string): string {
  const shown = oneLine(url).replace(/^https?:\/\//u, "");
  return link(cut(shown, 200), url);
}

/** Cells already escaped for Markdown. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table; each row gets exactly as many cells as the head. Its cells must come from `inlineText`, `codeCell` or `link`. */
export function tableText({ head, rows }: Table): string {
  const row = (cells: readonly string[]): string => `| ${head.map((_, at) => cells[at] ?? "").join(" | ")} |`;
  return [row(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(row)].join("\n");
}

/** A folded part: `title` is untrusted, `body` is Markdown. */
export function folded(title: string, body: string): string {
  return `<details><summary>${htmlText(title)}</summary>\n\n${body}\n\n</details>`;
}
