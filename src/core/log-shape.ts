import { shortened } from "./log-line.ts";

/** More of a line says nothing about its kind. */
const MOST_CHARACTERS = 1_000;

/** What changes from one line of a kind to the next, each found in time linear in the text. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, "<uuid>"],
  // As they are written to logs, with and without zone.
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<time>"],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, "<time>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "<ip>"],
  [/(?<![\w:])(?=[\da-f:]*\d)(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/gi, "<ip>"],
  [/"[^"]*"|(?<!\w)'[^']*'|`[^`]*`/g, "<text>"],
  // A hash may by chance be all digits: one placeholder for both.
  [/\b(?:0x[\da-f]+|(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{4,7}|[\da-f]{8,})\b/gi, "<n>"],
  [/\d+(?:[.,]\d+)*/g, "<n>"],
];

/**
 * The kind of a line: what is different in every one (digits, hex numbers, uuids, times, addresses, quoted values)
 * is replaced by placeholders. Takes a line without colours.
 */
export function shapeOf(message: string): string {
  return PLACEHOLDERS.reduce(
    (text, [pattern, placeholder]) => text.replace(pattern, placeholder),
    shortened(message, MOST_CHARACTERS),
  );
}
