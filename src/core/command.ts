import { didYouMean } from "./suggest.ts";

/** What a person may tell the gate in a comment. */
export type Command =
  | { readonly kind: "why" | "resume" | "approve" | "unfreeze" }
  | { readonly kind: "hold"; readonly reason?: string }
  | { readonly kind: "run"; readonly remedy: string };

/** One line of a comment that speaks to the gate. */
export interface CommandLine {
  /** As it was written, cut. Untrusted. */
  readonly text: string;
  readonly command?: Command;
  /** Why it is none that can be followed; absent when it is one. */
  readonly unclear?: string;
}

const WORDS: readonly Command["kind"][] = ["why", "hold", "resume", "approve", "run", "unfreeze"];
/** Every command as it is written, for people. */
export const COMMAND_LIST =
  "/gate why, /gate hold [reason], /gate resume, /gate approve, /gate run <remedy>, /gate unfreeze";

const MOST_LINES = 10;
const LONGEST = 160;

function commandOf(rest: string): Pick<CommandLine, "command" | "unclear"> {
  const [word = "", ...others] = rest.split(/\s+/u);
  const kind = WORDS.find((one) => one === word.toLowerCase());
  if (kind === undefined) {
    const what = word === "" ? "no command was named" : `there is no command "${shortened(word)}"`;
    return { unclear: `${withSuggestion(what, { word, among: WORDS })} There are ${COMMAND_LIST}` };
  }
  const after = rest.slice(word.length).trim();
  if (kind === "hold") return { command: after === "" ? { kind } : { kind, reason: shortened(after) } };
  if (kind === "run") {
    const [remedy, ...more] = others;
    if (remedy === undefined) return { unclear: "run needs the name of a remedy: /gate run <remedy>" };
    return more.length === 0
      ? { command: { kind, remedy } }
      : { unclear: "run takes one name, and nothing may follow it on its line" };
  }
  return after === ""
    ? { command: { kind } }
    : { unclear: `nothing may follow ${kind} on its line, in case it is the middle of a sentence` };
}

/** The sentence with its end: the candidate that was most likely meant, if there is one. */
export function withSuggestion(
  sentence: string,
  { word, among }: { readonly word: string; readonly among: readonly string[] },
): string {
  const near = didYouMean(word, among);
  return near === undefined ? `${sentence}.` : `${sentence}, ${near}`;
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).toWellFormed()}…`;
}

/**
 * The lines of a comment that speak to the gate, in order: those that begin with `/gate`. What GitHub shows as a code
 * block or as a quote, and what it hides as an HTML comment, speaks to nobody.
 */
export function commandLines(body: string): readonly CommandLine[] {
  const found: CommandLine[] = [];
  let place: Place = { kind: "open", isQuote: false };
  for (const line of body.split(/\r\n?|\n/u)) {
    const here = leaving(place, line);
    const isCommand = here.kind === "open" && /^\/gate(?=\s|$)/u.test(line);
    if (isCommand && found.length === MOST_LINES) {
      const unclear = `a comment may hold ${MOST_LINES} commands: this one and those after it were not read`;
      return [...found, { text: shortened(line.trim()), unclear }];
    }
    if (isCommand) {
      const read = here.isQuote
        ? { unclear: "GitHub shows it as part of the quote above: put an empty line before it" }
        : commandOf(line.slice("/gate".length).trim());
      found.push({ text: shortened(line.trim()), ...read });
    }
    place = after(here, line);
  }
  return found;
}

/** Where a line stands. `isQuote`: right below quoted text, which goes on until an empty line. */
type Place =
  | { readonly kind: "open"; readonly isQuote: boolean }
  /** `indent`: of the list item that it stands in. */
  | { readonly kind: "fence"; readonly mark: string; readonly indent: number }
  /** `isBlock`: an empty line does not end it. */
  | { readonly kind: "comment"; readonly isBlock: boolean };

const OPEN: Place = { kind: "open", isQuote: false };
const FENCE = /^( {0,3}(?:(?:[-+*]|\d{1,9}[.)]) {1,4})*)(`{3,}(?=[^`]*$)|~{3,})/u;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The place of this line, where the line itself ends the one before it. */
function leaving(place: Place, line: string): Place {
  const isEmpty = line.trim() === "";
  if (place.kind === "fence" && !isEmpty && indentOf(line) < place.indent) return OPEN;
  if (isEmpty && (place.kind === "open" || (place.kind === "comment" && !place.isBlock))) return OPEN;
  return place;
}

/** The place of the line after it: https://spec.github.com/gfm, 4.5, 4.6, 5.1. */
function after(place: Place, line: string): Place {
  if (place.kind === "fence") {
    const bare = line.trim();
    const isEnd = bare.startsWith(place.mark) && bare === (bare[0] ?? "").repeat(bare.length);
    return isEnd && indentOf(line) < place.indent + 4 ? OPEN : place;
  }
  if (place.kind === "comment" && !line.includes("-->")) return place;
  const fence = place.kind === "open" ? FENCE.exec(line) : null;
  if (fence !== null) {
    const [, before = "", mark = ""] = fence;
    return { kind: "fence", mark, indent: before.trim() === "" ? 0 : before.length };
  }
  if (line.lastIndexOf("<!--") > line.lastIndexOf("-->"))
    return { kind: "comment", isBlock: place.kind === "comment" ? place.isBlock : /^[ >]*</u.test(line) };
  if (place.kind === "comment") return OPEN;
  const quoted = /^ {0,3}>(.*)$/u.exec(line)?.[1];
  return quoted === undefined ? place : { kind: "open", isQuote: quoted.replaceAll(/[>\s]/gu, "") !== "" };
}
