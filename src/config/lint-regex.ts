/** What any match of a part of an expression does; `dead`: why it can match nothing. */
interface Reach {
  /** How many characters it takes at least. */
  readonly least: number;
  /** It asserts the line's start, or its end. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly dead?: string;
}

interface Reading {
  readonly source: string;
  at: number;
  /** Why alternatives are dead beside others that are not. */
  readonly deadParts: string[];
}

const NOTHING: Reach = { least: 0, atStart: false, atEnd: false };
const CHARACTER: Reach = { ...NOTHING, least: 1 };
const LINE_BREAK: Reach = { ...CHARACTER, dead: "it wants a line break, and a line holds none" };

/**
 * Why an expression, or an alternative in it, can match no line: a line break in it, text before `^` or after `$`.
 * The source must be one that `new RegExp` takes without the `v` flag.
 */
export function deadReason(
  source: string,
): { readonly reason: string; readonly isWhole: boolean } | undefined {
  const reading: Reading = { source, at: 0, deadParts: [] };
  const { dead } = alternatives(reading);
  if (dead !== undefined) return { reason: dead, isWhole: true };
  const [part] = reading.deadParts;
  return part === undefined ? undefined : { reason: part, isWhole: false };
}

function alternatives(reading: Reading): Reach {
  const all = [sequence(reading)];
  while (reading.source[reading.at] === "|") {
    reading.at++;
    all.push(sequence(reading));
  }
  const alive = all.filter((one) => one.dead === undefined);
  const [first] = all;
  if (alive.length === 0) return first ?? NOTHING;
  reading.deadParts.push(...all.flatMap(({ dead }) => (dead === undefined ? [] : [dead])));
  return {
    least: Math.min(...alive.map((one) => one.least)),
    atStart: alive.every((one) => one.atStart),
    atEnd: alive.every((one) => one.atEnd),
  };
}

function sequence(reading: Reading): Reach {
  let all = NOTHING;
  while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
    const next = repeated(reading);
    const dead =
      all.dead ??
      next.dead ??
      (all.atEnd && next.least > 0
        ? "there is text after $"
        : next.atStart && all.least > 0
          ? "there is text before ^"
          : undefined);
    all = {
      least: all.least + next.least,
      atStart: all.atStart || next.atStart,
      atEnd: all.atEnd || next.atEnd,
      ...(dead === undefined ? {} : { dead }),
    };
  }
  return all;
}

function repeated(reading: Reading): Reach {
  const one = atom(reading);
  const [text, low] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(reading.source.slice(reading.at)) ?? [];
  if (text === undefined) return one;
  reading.at += text.length;
  const from = low === undefined ? (text.startsWith("+") ? 1 : 0) : Number(low);
  return from === 0 ? NOTHING : { ...one, least: one.least * from };
}

function atom(reading: Reading): Reach {
  const rest = reading.source.slice(reading.at);
  if (rest.startsWith("(")) return group(reading, rest);
  const set = /^\[\^?(?:\\[^]|[^\]\\])*\]/.exec(rest)?.[0];
  if (set !== undefined) {
    reading.at += set.length;
    return /^\[(?:\\[nr]|[\n\r])+\]$/.test(set) ? LINE_BREAK : CHARACTER;
  }
  const [text = ""] =
    /^(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|c[A-Za-z]|k<[^>]*>|[pP]\{[^}]*\}|\d+|[^])|[^])/u.exec(
      rest,
    ) ?? [];
  reading.at += Math.max(text.length, 1);
  if (text === "^") return { ...NOTHING, atStart: true };
  if (text === "$") return { ...NOTHING, atEnd: true };
  if (/^\\(?:[bB]|k<|[1-9])/.test(text)) return NOTHING;
  return /^(?:\\[nr]|\n|\r|\\x0[aAdD]|\\u000[aAdD])$/.test(text) ? LINE_BREAK : CHARACTER;
}

function group(reading: Reading, rest: string): Reach {
  const [open = "("] = /^\((?:\?(?:<?[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:))?/.exec(rest) ?? [];
  reading.at += open.length;
  const isLook = /[=!]$/.test(open);
  // What a look-around asserts is not followed.
  const inner = isLook ? { ...reading, deadParts: [] } : reading;
  const reach = alternatives(inner);
  reading.at = inner.at + 1;
  return isLook ? NOTHING : reach;
}
