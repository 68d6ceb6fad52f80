import { withoutSkipPhrases } from "./skip-phrase.ts";
import { cleanText, cut, excerpt, oneLine } from "./text.ts";

const BREAK = "\u200b";
const CLOSING = "(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)";

/** `fixes #12`, `closes acme/shop#12`, `resolves GH-12`, `fix https://github.com/…/issues/12`. */
const CLOSES = new RegExp(
  `\\b${CLOSING}:?\\s+(?=(?:[\\w.-]{1,100}/[\\w.-]{1,100})?#\\d|gh-\\d|https?:)`,
  "giu",
);

/** Text that closes no issue again when it ends up in a commit message. */
function withoutClosing(text: string): string {
  return text.replace(CLOSES, (words) => `${words.trimEnd()} issue `);
}

/**
 * Untrusted text of many lines for a code block that a squash merge may make part of a commit message: there the
 * block protects from nothing.
 */
export function quotedMessageText(text: string): string {
  return withoutClosing(withoutSkipPhrases(cleanText(text))).replace(/(?<!\w)@(?=\w)/gu, "@ ");
}

/**
 * Untrusted text for one line of a commit message or a pull request's title: at most `max` characters, without
 * phrases that make platforms skip the commit, without closing issues again and without notifying anybody.
 * References such as `(#12)` stay: they only link.
 */
export function messageText(text: string, max: number): string {
  const clean = withoutClosing(withoutSkipPhrases(excerpt(text, 1000)));
  const line = oneLine(clean).replace(/@(?=\w)/gu, `@${BREAK}`);
  return line === "" ? "(no subject)" : cut(line, max);
}
