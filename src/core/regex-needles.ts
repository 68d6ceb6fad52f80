/**
 * Texts of which every text that a part of an expression matches holds one, so that an expression need not be run
 * where none of them is. ASCII letters are in lower case, whatever the flags: no other letter is the same as one of
 * those but with the `u` flag. Read from left to right: what surely stands side by side is one text.
 */
export interface Needles {
  /** All texts that the part matches, where they are few and known; they are its ends then. */
  readonly whole?: readonly string[];
  /** Every match ends with one of these; "" where nothing is known. */
  readonly ends: readonly string[];
  /** Every match holds one of these. */
  readonly some?: readonly string[];
}

/** More ways to write the same are not told apart. */
const MOST = 16;

/** What matches no character, such as `^` or a lookahead. */
export const NOTHING: Needles = { whole: [""], ends: [""] };
/** What may match anything. */
export const ANYTHING: Needles = { ends: [""] };

/** What matches one of these characters. */
export function oneOf(characters: readonly string[]): Needles {
  // Another letter may be the same in another case: not in ASCII, but beyond.
  if (characters.some((one) => one.length !== 1 || one > "\u007f")) return ANYTHING;
  return ofWhole([...new Set(characters.map((one) => one.toLowerCase()))]);
}

/** One part and the next. */
export function followedBy(part: Needles, next: Needles): Needles {
  const { whole } = next;
  if (whole !== undefined && part.ends.length * whole.length <= MOST) {
    const ends = part.ends.flatMap((end) => whole.map((text) => end + text));
    return { ...part, ends, ...(part.whole === undefined ? {} : { whole: ends }) };
  }
  return { ends: next.ends, ...withSome(best([part.some, part.ends, next.some])) };
}

/** One part or the other. */
export function either(part: Needles, other: Needles): Needles {
  if (part.whole !== undefined && other.whole !== undefined) return ofWhole([...part.whole, ...other.whole]);
  const [one, two] = [needlesOf(part), needlesOf(other)];
  const ends = few([...part.ends, ...other.ends]);
  return { ends: ends ?? [""], ...withSome(one && two && few([...one, ...two])) };
}

/** The part again and again. */
export function repeatedFrom(part: Needles, from: number, to: number): Needles {
  if (from === 1 && to === 1) return part;
  if (from === 0) return to === 1 ? either(part, NOTHING) : ANYTHING;
  return { ends: part.ends, ...withSome(needlesOf(part)) };
}

/** The texts that are the most telling; undefined where a match may hold none. */
export function needlesOf({ some, ends }: Needles): readonly string[] | undefined {
  return best([some, ends]);
}

function ofWhole(texts: readonly string[]): Needles {
  const whole = few(texts);
  return whole === undefined ? ANYTHING : { whole, ends: whole };
}

function few(texts: readonly string[]): readonly string[] | undefined {
  const all = [...new Set(texts)];
  return all.length <= MOST ? all : undefined;
}

function withSome(some: readonly string[] | undefined): { readonly some?: readonly string[] } {
  return some === undefined ? {} : { some };
}

/** Those of which the shortest is the longest. */
function best(sets: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const shortest = (set: readonly string[]): number => Math.min(...set.map(({ length }) => length));
  return sets
    .flatMap((set) => (set === undefined || shortest(set) === 0 ? [] : [set]))
    .toSorted((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0];
}
