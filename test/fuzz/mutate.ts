import type { FuzzTarget } from "./target.ts";
import type { Random } from "./random.ts";

/** A longer text finds nothing that a shorter one does not, and is slow. */
const MOST_CHARACTERS = 20_000;
/** Units at the borders of what readers tell apart. */
const UNITS = [
  0, 9, 10, 13, 32, 0x22, 0x27, 0x2f, 0x5c, 0x60, 0x7f, 0x85, 0xa0, 0x2028, 0xd800, 0xdc00, 0xfeff, 0xffff,
];

type Change = (text: string, random: Random, target: FuzzTarget) => string;

/** A place in the text and how many units from there on. */
function part(text: string, random: Random): readonly [from: number, to: number] {
  const from = random.below(text.length + 1);
  const most = random.pick([1, 4, 32, text.length]);
  return [from, Math.min(text.length, from + 1 + random.below(most))];
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

const CHANGES: readonly Change[] = [
  (text, random) => {
    const [from, to] = part(text, random);
    return text.slice(0, from) + text.slice(to);
  },
  (text, random) => {
    const [from, to] = part(text, random);
    return insert(text, to, text.slice(from, to).repeat(1 + random.below(random.pick([2, 5, 40]))));
  },
  (text, random) => {
    const [from, to] = part(text, random);
    return insert(text, random.below(text.length + 1), text.slice(from, to));
  },
  (text, random, { words }) => insert(text, random.below(text.length + 1), random.pick(words)),
  (text, random, { words }) => {
    const [from, to] = part(text, random);
    return text.slice(0, from) + random.pick(words) + text.slice(to);
  },
  (text, random) => {
    const unit = random.below(2) === 0 ? random.pick(UNITS) : random.below(0x250);
    const at = random.below(text.length + 1);
    return text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + random.below(2));
  },
  (text, random) => {
    const at = text.slice(random.below(text.length)).search(/\d/u);
    return at < 0
      ? text
      : text.slice(0, at) +
          random.pick(["0", "-1", "1e308", "99999999999999999999", "0.1"]) +
          text.slice(at + 1);
  },
  (text, random, { seeds }) => {
    const other = random.pick(seeds);
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  (text, random) =>
    text
      .split("\n")
      .toSorted(() => random.below(3) - 1)
      .join("\n"),
];

/** A text made of one of the target's seeds by a few changes, all of them given by `random`. */
export function mutated(target: FuzzTarget, random: Random): string {
  let text = random.pick(target.seeds);
  for (let left = 1 + random.below(random.pick([2, 4, 12])); left > 0; left -= 1)
    text = random.pick(CHANGES)(text, random, target).slice(0, MOST_CHARACTERS);
  return text;
}
