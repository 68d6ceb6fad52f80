import { letter, otherCaseRange } from "./regex-case.ts";
import {
  ANYTHING,
  either,
  followedBy,
  needlesOf,
  NOTHING,
  oneOf,
  repeatedFrom,
  type Needles,
} from "./regex-needles.ts";

/**
 * What a regular expression costs, read from its text. Sources arrive here only after `new RegExp` took them.
 *
 * `degree`: how many open-ended repeats follow one another, so n^degree steps; `choices`: ways through
 * alternatives and optional parts; `variable`: can match texts of different length or in different ways.
 */
interface Cost {
  readonly degree: number;
  readonly choices: number;
  readonly variable: boolean;
}

interface Part extends Cost {
  readonly needles: Needles;
}

export interface RegexShape extends Cost {
  /** V8's linear engine can take over: no lookaround, no back reference, no large count, no modifiers. */
  readonly linear: boolean;
  /** A repeat of something that can itself match in several ways: exponential without the linear engine. */
  readonly nested: boolean;
  /** Every alternative starts with `^`, so a search tries one place only. */
  readonly anchored: boolean;
  /** The source with each letter as both its cases, for use without the `i` flag. */
  readonly bothCases: string;
  /** Without the `u` flag every match holds one of these, in whatever case; undefined when that is not known. */
  readonly needles: readonly string[] | undefined;
}

/** `kMaxReplicationFactor` of V8's src/regexp/experimental/experimental.cc. */
const MOST_COPIES = 16;

interface Reading {
  readonly source: string;
  at: number;
  linear: boolean;
  nested: boolean;
  anchored: boolean;
  out: string;
}

const FREE: Cost = { degree: 0, choices: 1, variable: false };
const EMPTY: Part = { ...FREE, needles: NOTHING };

/** Reads a valid source without the `v` flag. Never throws on such a source. */
export function regexShape(source: string): RegexShape {
  const reading: Reading = { source, at: 0, linear: true, nested: false, anchored: true, out: "" };
  const { needles, ...cost } = alternatives(reading, { copies: 1, top: true });
  const { linear, nested, anchored, out } = reading;
  return { ...cost, linear, nested, anchored, bothCases: out, needles: needlesOf(needles) };
}

interface Place {
  /** How often the counts around it copy it. */
  readonly copies: number;
  readonly top: boolean;
}

function alternatives(reading: Reading, place: Place): Part {
  let all = sequence(reading, place);
  while (reading.source[reading.at] === "|") {
    copy(reading, 1);
    const next = sequence(reading, place);
    all = {
      degree: Math.max(all.degree, next.degree),
      choices: all.choices + next.choices,
      variable: true,
      needles: either(all.needles, next.needles),
    };
  }
  return all;
}

function sequence(reading: Reading, place: Place): Part {
  if (place.top && reading.source[reading.at] !== "^") reading.anchored = false;
  let all = EMPTY;
  while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
    const next = repeated(reading, place);
    all = {
      degree: all.degree + next.degree,
      choices: Math.min(all.choices * next.choices, 1e9),
      variable: all.variable || next.variable,
      needles: followedBy(all.needles, next.needles),
    };
  }
  return all;
}

function repeated(reading: Reading, place: Place): Part {
  const { at, out } = reading;
  let cost = atom(reading, place);
  const counts = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(reading.source.slice(reading.at, reading.at + 40));
  if (counts === null) return cost;
  const [text, low, comma, high] = counts;
  const sign = text[0];
  const from = sign === "{" ? Number(low) : sign === "+" ? 1 : 0;
  const to =
    sign === "{"
      ? comma === ""
        ? from
        : high === ""
          ? Infinity
          : Number(high)
      : sign === "?"
        ? 1
        : Infinity;
  const copies = place.copies * Math.max(1, to === Infinity ? from : to);
  if (copies > MOST_COPIES) reading.linear = false;
  else if (copies > place.copies) {
    // Once more, now that it is known how often it is copied: counts inside multiply.
    Object.assign(reading, { at, out });
    cost = atom(reading, { ...place, copies });
  }
  copy(reading, text.length);
  if (to > 1 && cost.variable) reading.nested = true;
  const needles = repeatedFrom(cost.needles, from, to);
  if (to === from) return { ...cost, needles };
  return to === 1
    ? { ...cost, choices: cost.choices + 1, variable: true, needles }
    : { degree: cost.degree + 1, choices: cost.choices, variable: true, needles };
}

function atom(reading: Reading, place: Place): Part {
  const char = reading.source[reading.at] ?? "";
  if (char === "(") return group(reading, place);
  if (char === "[") return { ...FREE, needles: characterClass(reading) };
  if (char === "\\") {
    if (/^\\(?:k<|[1-9])/.test(reading.source.slice(reading.at, reading.at + 3))) reading.linear = false;
    const name = /^\\k<[^>]*>/.exec(reading.source.slice(reading.at))?.[0];
    if (name !== undefined) {
      copy(reading, name.length);
      return { ...FREE, needles: ANYTHING };
    }
  }
  const text = takeCharacter(reading);
  reading.out += letter(text, false);
  return { ...FREE, needles: needlesOfCharacter(text) };
}

/** Of a character outside of a class, as written. */
function needlesOfCharacter(text: string): Needles {
  if (/^(?:[$^]|\\[bB])$/.test(text)) return NOTHING;
  return text === "." ? ANYTHING : oneOf([plainCharacter(text)]);
}

/** The character that is written so; longer than one where it stands for a class, or is not read here. */
function plainCharacter(text: string): string {
  return /^\\[^\w\s]$/.test(text) ? text.slice(1) : text;
}

function group(reading: Reading, { copies }: Place): Part {
  const open =
    /^\((?:\?(?:<(?![=!])[^>]*>|<?[=!]|[a-z]*(?:-[a-z]*)?:))?/.exec(reading.source.slice(reading.at))?.[0] ??
    "(";
  if (/[=!]$|^\(\?(?:[a-z]|-)/.test(open)) reading.linear = false;
  copy(reading, open.length);
  const inside = alternatives(reading, { copies, top: false });
  copy(reading, 1);
  // What stands ahead or behind takes no place.
  return /[=!]$/.test(open) ? { ...inside, needles: NOTHING } : inside;
}

function characterClass(reading: Reading): Needles {
  let isOpen = reading.source[reading.at + 1] === "^";
  copy(reading, isOpen ? 2 : 1);
  const characters: string[] = [];
  while (reading.at < reading.source.length && reading.source[reading.at] !== "]") {
    const from = takeCharacter(reading);
    characters.push(plainCharacter(from));
    const isRange =
      reading.source[reading.at] === "-" && !"]".includes(reading.source[reading.at + 1] ?? "]");
    if (!isRange) {
      reading.out += letter(from, true);
      continue;
    }
    isOpen = true;
    reading.at++;
    const to = takeCharacter(reading);
    reading.out += `${from}-${to}${otherCaseRange(from, to)}`;
  }
  copy(reading, 1);
  return isOpen ? ANYTHING : oneOf(characters);
}

/** One character or escape, as written. */
function takeCharacter(reading: Reading): string {
  const rest = reading.source.slice(reading.at, reading.at + 12);
  const text =
    /^(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|\d+|[^])|[^])/.exec(rest)?.[0] ?? rest.slice(0, 1);
  reading.at += Math.max(text.length, 1);
  return text;
}

function copy(reading: Reading, length: number): void {
  reading.out += reading.source.slice(reading.at, reading.at + length);
  reading.at += length;
}
