import { codeSpan, inlineText, link } from "./markdown.ts";
import { oneLine } from "./text.ts";

/**
 * A sentence in pieces, for every kind of page: the gate's own words as plain strings, text from outside as `text`,
 * what a reader may copy as `code`, and links.
 */
export type Words = readonly (
  | string
  | { readonly text: string }
  | { readonly code: string }
  | { readonly link: string; readonly url: string }
)[];

/** The sentence as Markdown on one line. */
export function markdownWords(words: Words): string {
  return words
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("code" in piece) return codeSpan(piece.code);
      return "link" in piece ? link(piece.link, piece.url) : inlineText(piece.text);
    })
    .join("");
}

/** The sentence as plain text on one line; an address that only stands for itself once. */
export function plainWords(words: Words): string {
  return words
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("code" in piece) return oneLine(piece.code);
      if ("text" in piece) return oneLine(piece.text);
      const [label, url] = [oneLine(piece.link), oneLine(piece.url)];
      return url.endsWith(label) ? url : `${label} (${url})`;
    })
    .join("");
}
