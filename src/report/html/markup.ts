import { byteLength, cleanText, oneLine } from "../text.ts";
import type { Words } from "../words.ts";

/** Markup that is safe to show: made by `markup` alone, so that text from outside cannot become any. */
export interface Markup {
  readonly html: string;
}

type Value = string | number | Markup | readonly Markup[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Untrusted text for element content and quoted attributes: nothing in it is markup, invisible or a control. */
function escaped(text: string): string {
  return cleanText(text).replace(/[&<>"'`]/gu, (mark) => ENTITIES[mark] ?? "");
}

function shown(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  return "html" in value ? value.html : value.map((part) => part.html).join("");
}

/** A template of the gate's own markup; every value that is not markup itself is shown as text. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { html: strings.map((text, index) => text + shown(values[index])).join("") };
}

export const NOTHING: Markup = { html: "" };

/** A link whose text is untrusted; of an address that is not plain http(s) the text alone. */
export function anchor(text: string, url: string | undefined): Markup {
  const label = oneLine(text);
  return url !== undefined && /^https?:\/\/[!-~]{1,2000}$/u.test(url)
    ? markup`<a href="${url}" rel="noopener noreferrer">${label}</a>`
    : markup`${label}`;
}

/** An untrusted address as a link to itself; other text as it is. */
export function addressed(text: string): Markup {
  const line = oneLine(text);
  return anchor(line, line);
}

/** A sentence in pieces as markup. */
export function wordsMarkup(words: Words): readonly Markup[] {
  return words.map((piece) => {
    if (typeof piece === "string") return markup`${piece}`;
    if ("code" in piece) return markup`<code>${piece.code}</code>`;
    return "link" in piece ? anchor(piece.link, piece.url) : markup`${piece.text}`;
  });
}

/**
 * The first items whose markup fits into `maxBytes` of UTF-8, each whole, and how many are missing. What comes after is
 * not even made: of a hostile run it may be a lot.
 */
export function fitted<Item>(
  items: readonly Item[],
  maxBytes: number,
  markupOf: (item: Item, index: number) => Markup,
): { readonly kept: readonly Markup[]; readonly missing: number } {
  const kept: Markup[] = [];
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const part = markupOf(item, index);
    bytes += byteLength(part.html);
    if (bytes > maxBytes) break;
    kept.push(part);
  }
  return { kept, missing: items.length - kept.length };
}

/** What a page leaves out for its size is said in the place where it would stand. */
export function missingNote(missing: number, what: string): Markup {
  return missing === 0
    ? NOTHING
    : markup`<p class="soft">${missing} more ${what} left out for the size of this page; report.json has everything.</p>`;
}
