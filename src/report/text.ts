import { quantityText } from "../core/quantity.ts";

const REPLACEMENT = "\ufffd";

/** Terminal sequences: CSI, complete OSC and DCS strings, two-character escapes, and any ESC or C1 introducer left over. */
const TERMINAL_SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[PX^_][^\u001b\n]*\u001b\\|[ -/]*[0-~])?|\u009b(?:[0-?]*[ -/]*[@-~])?/gu;
const LINE_END = /\r\n?|[\u0085\u2028\u2029]/gu;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
/** Bidirectional controls, zero-width characters, soft hyphens, fillers, layout controls of old scripts and tag characters: they change what a reader sees. */
const INVISIBLE =
  /\u00ad|\u034f|\u061c|[\u115f\u1160]|[\u17b4\u17b5]|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|\u3164|\ufeff|\uffa0|[\ufff0-\ufffb]|[\u{13430}-\u{1343f}]|[\u{1bca0}-\u{1bca3}]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/gu;

/**
 * Untrusted text as printable, well-formed text: no terminal sequences, no control, bidirectional or zero-width
 * characters, no lone surrogates; line ends are `\n`. Tabs stay.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(LINE_END, "\n")
    .replace(TERMINAL_SEQUENCE, "")
    .replace(CONTROL, REPLACEMENT)
    .replace(INVISIBLE, "");
}

/** Untrusted text as one clean line: every run of white space becomes one space. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/gu, " ").trim();
}

/** A sentence from its first letter on; an id such as `dep-d1a2` or a quoted name stays what it is. */
export function capitalized(text: string): string {
  return text.replace(/^[a-z-]+(?![\w-])/u, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** `1234567` as `1,234,567`, the same on every machine. */
export function countText(count: number): string {
  return quantityText(count);
}

/** `1 sample`, `12 samples`; `plural` when an s is not enough. */
export function amountText(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

function cutMark(missing: number, unit: string): string {
  return ` … [${countText(missing)} ${unit} cut]`;
}

/** The longest start of `text` of at most `length` UTF-16 units that does not end inside a surrogate pair. */
export function startOf(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const splits = length > 0 && length < text.length && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, Math.max(0, splits ? length - 1 : length));
}

/**
 * At most `max` UTF-16 units of `text`, ending with how many are missing when it was longer. Never splits a
 * surrogate pair. A `max` too small for the mark gives the bare start.
 */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = max - cutMark(text.length, "characters").length;
  if (room <= 0) return startOf(text, max);
  const head = startOf(text, room);
  return head + cutMark(text.length - head.length, "characters");
}

/** Untrusted text as one clean line of at most `max` characters, the cut marked. */
export function excerpt(text: string, max: number): string {
  return cut(oneLine(text), max);
}

/** Bytes that one code point takes in UTF-8; a lone surrogate counts as its replacement. */
function bytesOf(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** Length of `text` in UTF-8 bytes: what GitHub counts for check runs and summaries. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character.codePointAt(0) ?? 0);
  return bytes;
}

/** Like `cut`, with `max` in UTF-8 bytes. */
export function cutBytes(text: string, max: number): string {
  if (text.length * 3 <= max) return text;
  const total = byteLength(text);
  if (total <= max) return text;
  const room = Math.max(0, max - byteLength(cutMark(total, "bytes")));
  let kept = 0;
  let end = 0;
  for (const character of text) {
    const bytes = bytesOf(character.codePointAt(0) ?? 0);
    if (kept + bytes > room) break;
    kept += bytes;
    end += character.length;
  }
  return room === 0 ? "" : text.slice(0, end) + cutMark(total - kept, "bytes");
}

/** The usual seven characters of a commit; anything that is no commit id is cleaned and cut. */
export function shortSha(sha: string): string {
  return /^[0-9a-f]{7,64}$/iu.test(sha) ? sha.slice(0, 7) : excerpt(sha, 40);
}

/** A sentence without its final full stop, to go on after a comma or colon. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/u, "");
}

/** A sentence with exactly one final mark. */
export function withStop(sentence: string): string {
  return /[.?:…]$/u.test(sentence) ? sentence : `${sentence}.`;
}
