/** Why a condition was not understood, and where (from 1). Thrown inside the parser, never out of it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly column: number;
  readonly hint: string | undefined;

  constructor(message: string, place: { readonly column: number; readonly hint?: string | undefined }) {
    super(inOneLine(message));
    this.column = place.column;
    this.hint = place.hint === undefined ? undefined : inOneLine(place.hint);
  }
}

/** A sentence that quotes the text may quote line ends. */
function inOneLine(sentence: string): string {
  return sentence.replaceAll(/[\n\r\u2028\u2029]+/g, " ");
}

/** The text being read and how far. */
export interface Scan {
  readonly text: string;
  at: number;
}

export function isAtEnd(scan: Scan): boolean {
  return scan.at >= scan.text.length;
}

export function skipSpace(scan: Scan): void {
  take(scan, /\s*/y);
}

/** What a sticky expression matches here, taken; "" when it does not match. */
export function take(scan: Scan, pattern: RegExp): string {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text)?.[0] ?? "";
  scan.at += found.length;
  return found;
}

/** Takes the text if it stands here. */
export function takeText(scan: Scan, text: string): boolean {
  const stands = scan.text.startsWith(text, scan.at);
  if (stands) scan.at += text.length;
  return stands;
}

/** What stands here, in double quotes and cut; or `the end`. */
export function restText(scan: Scan): string {
  if (isAtEnd(scan)) return "the end";
  const rest = scan.text.slice(scan.at).replaceAll(/\s+/g, " ");
  return `"${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}"`;
}

/** Refuses at `at` (index, not column), or here. */
export function refuse(
  scan: Scan,
  message: string,
  more: { readonly hint?: string | undefined; readonly at?: number } = {},
): never {
  throw new Refusal(message, { column: (more.at ?? scan.at) + 1, hint: more.hint });
}
