import type { Hunk } from "./patch.ts";

/** Why a hunk has no place: where it was expected (line from 1), and how file and hunk differ there. */
export interface Misfit {
  readonly line: number;
  readonly why: "differs" | "several" | "no-context";
  readonly expected?: string;
  /** Absent where the file ends. */
  readonly found?: string;
  /** Of `several`: the lines where it fits, from 1; at most three. */
  readonly fits?: readonly number[];
}

/** A part of a file put in the place of another; `at` counts lines from 0 in the file as it was. */
interface Replacement {
  readonly at: number;
  readonly count: number;
  readonly by: readonly string[];
}

const TAKEN = -1;

/** A text's lines, each with its line end. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/u).filter((line) => line !== "");
}

/**
 * The text after all hunks, or the first hunk (from 0) that does not fit. Lines must match to the last byte, the
 * whole hunk in one place: its own line, else the only other one. What one hunk has changed is no context for another.
 * Time is linear in text and hunk for each hunk.
 */
export function patchedText(
  text: string,
  hunks: readonly Hunk[],
):
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly hunk: number; readonly misfit: Misfit } {
  const lines = linesOf(text);
  const numbers = new Map<string, number>();
  const image = lines.map((line) => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  });
  /** In the order of the file. */
  const done: Replacement[] = [];
  for (const [index, hunk] of hunks.entries()) {
    const before = hunk.lines.filter((line) => line.mark !== "+").map((line) => line.text);
    const wanted = before.map((line) => numbers.get(line) ?? TAKEN - 1);
    const own = ownPlace(hunk, done);
    const place = placeOf(hunk, { image, wanted, own });
    if (typeof place !== "number") return { ok: false, hunk: index, misfit: misfitAt(place, lines, before) };
    const by = hunk.lines.filter((line) => line.mark !== "-").map((line) => line.text);
    const next = done.findLastIndex((one) => one.at < place) + 1;
    done.splice(next, 0, { at: place, count: before.length, by });
    image.fill(TAKEN, place, place + before.length);
  }
  return { ok: true, text: joined(lines, done) };
}

function joined(lines: readonly string[], done: readonly Replacement[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const one of done) {
    parts.push(textBetween(lines, at, one.at), one.by.join(""));
    at = one.at + one.count;
  }
  return parts.join("") + textBetween(lines, at, lines.length);
}

function textBetween(lines: readonly string[], from: number, to: number): string {
  return lines.slice(from, to).join("");
}

/** Its line in the file as it was: the @@ line counts from where the hunks before have left it. */
function ownPlace(hunk: Hunk, done: readonly Replacement[]): number {
  const place = Math.max(0, hunk.newStart - 1);
  let shift = 0;
  for (const { at, count, by } of done) {
    if (place < at + shift) break;
    if (place < at + shift + by.length) return at;
    shift += by.length - count;
  }
  return place - shift;
}

type Nowhere = Pick<Misfit, "why" | "fits"> & { readonly at: number };

function placeOf(
  hunk: Hunk,
  file: { readonly image: readonly number[]; readonly wanted: readonly number[]; readonly own: number },
): number | Nowhere {
  const { image, wanted, own } = file;
  const end = image.length - wanted.length;
  const fitsAt = (at: number): boolean =>
    at >= 0 && at <= end && wanted.every((number, index) => image[at + index] === number);
  // As git apply has it: a hunk that begins a file stays there, and so does one that ends it.
  const isFirst = hunk.oldStart <= 1;
  const isLast = hunk.lines.at(-1)?.mark !== " ";
  if (isFirst || isLast) {
    const at = isFirst ? 0 : end;
    if (wanted.length === 0 && own !== at) return { at: own, why: "no-context" };
    return fitsAt(at) && !(isFirst && isLast && end !== 0) ? at : { at: Math.max(0, at), why: "differs" };
  }
  if (fitsAt(own)) return own;
  const [fit, ...others] = occurrences(image, wanted);
  if (fit === undefined) return { at: own, why: "differs" };
  return others.length === 0
    ? fit
    : { at: own, why: "several", fits: [fit, ...others].slice(0, 3).map((at) => at + 1) };
}

/** Every place of `wanted` in `image`, by Knuth, Morris and Pratt. `wanted` is not empty. */
function occurrences(image: readonly number[], wanted: readonly number[]): readonly number[] {
  const border: number[] = [0];
  for (let at = 1, length = 0; at < wanted.length;) {
    if (wanted[at] === wanted[length]) border[at++] = ++length;
    else if (length > 0) length = border[length - 1] ?? 0;
    else border[at++] = 0;
  }
  const found: number[] = [];
  for (let at = 0, length = 0; at < image.length;) {
    if (image[at] === wanted[length]) {
      at += 1;
      length += 1;
      if (length < wanted.length) continue;
      found.push(at - length);
      length = border[length - 1] ?? 0;
    } else if (length > 0) length = border[length - 1] ?? 0;
    else at += 1;
  }
  return found;
}

function misfitAt(nowhere: Nowhere, lines: readonly string[], before: readonly string[]): Misfit {
  const { at, why, fits } = nowhere;
  const index = before.findIndex((line, offset) => lines[at + offset] !== line);
  const [expected, found] = [before[index], lines[at + Math.max(0, index)]];
  if (why !== "differs" || expected === undefined)
    return { why, line: at + 1, ...(fits === undefined ? {} : { fits }) };
  return { why, line: at + index + 1, expected, ...(found === undefined ? {} : { found }) };
}
