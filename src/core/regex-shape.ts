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

export interface RegexShape extends Cost {
  /** V8's linear engine can take over: no lookaround, no back reference, no large count, no modifiers. */
  readonly linear: boolean;
  /** A repeat of something that can itself match in several ways: exponential without the linear engine. */
  readonly nested: boolean;
  /** Every alternative starts with `^`, so a search tries one place only. */
  readonly anchored: boolean;
  /** The source with each letter as both its cases, for use without the `i` flag. */
  readonly bothCases: string;
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

/** Reads a valid source without the `v` flag. Never throws on such a source. */
export function regexShape(source: string): RegexShape {
  const reading: Reading = { source, at: 0, linear: true, nested: false, anchored: true, out: "" };
  const cost = alternatives(reading, { copies: 1, top: true });
  const { linear, nested, anchored, out } = reading;
  return { ...cost, linear, nested, anchored, bothCases: out };
}

interface Place {
  /** How often the counts around it copy it. */
  readonly copies: number;
  readonly top: boolean;
}

function alternatives(reading: Reading, place: Place): Cost {
  let all = sequence(reading, place);
  while (reading.source[reading.at] === "|") {
    copy(reading, 1);
    const next = sequence(reading, place);
    all = {
      degree: Math.max(all.degree, next.degree),
      choices: all.choices + next.choices,
      variable: true,
    };
  }
  return all;
}

function sequence(reading: Reading, place: Place): Cost {
  if (place.top && reading.source[reading.at] !== "^") reading.anchored = false;
  let all = FREE;
  while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
    const next = repeated(reading, place);
    all = {
      degree: all.degree + next.degree,
      choices: Math.min(all.choices * next.choices, 1e9),
      variable: all.variable || next.variable,
    };
  }
  return all;
}

function repeated(reading: Reading, place: Place): Cost {
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
  if (to === from) return cost;
  return to === 1
    ? { ...cost, choices: cost.choices + 1, variable: true }
    : { degree: cost.degree + 1, choices: cost.choices, variable: true };
}

function atom(reading: Reading, place: Place): Cost {
  const char = reading.source[reading.at] ?? "";
  if (char === "(") return group(reading, place);
  if (char === "[") {
    characterClass(reading);
    return FREE;
  }
  if (char === "\\") {
    if (/^\\(?:k<|[1-9])/.test(reading.source.slice(reading.at, reading.at + 3))) reading.linear = false;
    const name = /^\\k<[^>]*>/.exec(reading.source.slice(reading.at))?.[0];
    if (name === undefined) reading.out += letter(takeCharacter(reading), false);
    else copy(reading, name.length);
    return FREE;
  }
  reading.out += letter(takeCharacter(reading), false);
  return FREE;
}

function group(reading: Reading, { copies }: Place): Cost {
  const open =
    /^\((?:\?(?:<(?![=!])[^>]*>|<?[=!]|[a-z]*(?:-[a-z]*)?:))?/.exec(reading.source.slice(reading.at))?.[0] ??
    "(";
  if (/[=!]$|^\(\?(?:[a-z]|-)/.test(open)) reading.linear = false;
  copy(reading, open.length);
  const cost = alternatives(reading, { copies, top: false });
  copy(reading, 1);
  return cost;
}

function characterClass(reading: Reading): void {
  copy(reading, reading.source[reading.at + 1] === "^" ? 2 : 1);
  while (reading.at < reading.source.length && reading.source[reading.at] !== "]") {
    const from = takeCharacter(reading);
    const isRange =
      reading.source[reading.at] === "-" && !"]".includes(reading.source[reading.at + 1] ?? "]");
    if (!isRange) {
      reading.out += letter(from, true);
      continue;
    }
    reading.at++;
    const to = takeCharacter(reading);
    reading.out += `${from}-${to}${otherCaseRange(from, to)}`;
  }
  copy(reading, 1);
}

/** One character or escape, as written. */
function takeCharacter(reading: Reading): string {
  const rest = reading.source.slice(reading.at, reading.at + 12);
  const text =
    /^(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|[^])|[^])/.exec(rest)?.[0] ?? rest.slice(0, 1);
  reading.at += Math.max(text.length, 1);
  return text;
}

function copy(reading: Reading, length: number): void {
  reading.out += reading.source.slice(reading.at, reading.at + length);
  reading.at += length;
}

/** The one character that `a`, `\x61` or `\u0061` stands for; `undefined` for classes such as `\d`. */
function characterOf(text: string): string | undefined {
  if (text.length === 1) return text;
  return /^\\[xu]/.test(text) && text.length > 2
    ? String.fromCharCode(Number.parseInt(text.slice(2), 16))
    : undefined;
}

function otherCase(character: string): string {
  const upper = character.toUpperCase();
  const other = upper === character ? character.toLowerCase() : upper;
  return other.length === 1 ? other : character;
}

function letter(text: string, insideClass: boolean): string {
  const character = characterOf(text);
  const other = character === undefined ? undefined : otherCase(character);
  if (other === undefined || other === character) return text;
  return insideClass ? text + other : `[${text}${other}]`;
}

/** `a-f` also stands for `A-F`; of a wider range, only its letters. */
function otherCaseRange(from: string, to: string): string {
  const [low, high] = [characterOf(from)?.charCodeAt(0), characterOf(to)?.charCodeAt(0)];
  if (low === undefined || high === undefined) return "";
  const part = (first: string, last: string, shift: number): string => {
    const start = Math.max(low, first.charCodeAt(0));
    const end = Math.min(high, last.charCodeAt(0));
    return start > end ? "" : `${String.fromCharCode(start + shift)}-${String.fromCharCode(end + shift)}`;
  };
  return part("a", "z", -32) + part("A", "Z", 32);
}
