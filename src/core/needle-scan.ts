/** Tells `found` the number of every needle that is in the text, once or more, whatever the case of ASCII letters. */
export type NeedleScan = (text: string, found: (needle: number) => void) => void;

/** Of a longer needle its beginning is looked for, so that the table stays small. */
const MOST_CHARACTERS = 16;
/** 16 MB. */
const MOST_CELLS = 4_000_000;

/**
 * Looks for all needles in one pass, each character once (Aho and Corasick, 1975). It may tell more than there is: a
 * long needle by its beginning, a letter in another case. It never misses one; an empty one is in no text.
 */
export function createNeedleScan(needles: readonly string[]): NeedleScan {
  const classes = classesOf(needles);
  let most = MOST_CHARACTERS;
  let trie = trieOf(needles, { ...classes, most });
  while (trie.length > MOST_CELLS && most > 1) {
    most = Math.ceil(most / 2);
    trie = trieOf(needles, { ...classes, most });
  }
  return scanOf(trie, classes);
}

interface Classes {
  /** By character, the column of the table; 0 for what is in no needle. */
  readonly classOf: Uint16Array;
  readonly width: number;
}

function classesOf(needles: readonly string[]): Classes {
  const classOf = new Uint16Array(0x1_0000);
  let width = 1;
  for (const needle of needles)
    for (let at = 0; at < needle.length; at += 1) {
      const code = folded(needle.charCodeAt(at));
      if (classOf[code] === 0) classOf[code] = width++;
    }
  for (let upper = 65; upper <= 90; upper += 1) classOf[upper] = classOf[upper + 32] ?? 0;
  return { classOf, width };
}

/** ASCII capitals as small letters. */
function folded(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** One state for each beginning of a needle, the root first: its next states by class, and which needles end there. */
interface State {
  readonly next: Map<number, number>;
  readonly ends: number[];
}

interface Trie extends Classes {
  readonly states: readonly State[];
  readonly length: number;
}

function trieOf(
  needles: readonly string[],
  { classOf, width, most }: Classes & { readonly most: number },
): Trie {
  const root: State = { next: new Map(), ends: [] };
  const states = [root];
  for (const [number, needle] of needles.entries()) {
    let state = root;
    for (let at = 0; at < Math.min(most, needle.length); at += 1) {
      const symbol = classOf[needle.charCodeAt(at)] ?? 0;
      const known = states[state.next.get(symbol) ?? 0];
      if (known !== undefined && known !== root) state = known;
      else {
        state.next.set(symbol, states.length);
        state = { next: new Map(), ends: [] };
        states.push(state);
      }
    }
    if (state !== root) state.ends.push(number);
  }
  return { states, classOf, width, length: states.length * width };
}

/** The trie as a table that needs no way back; a state is its row's first cell, those where needles end come last. */
function scanOf({ states, length }: Trie, { classOf, width }: Classes): NeedleScan {
  const table = new Int32Array(length);
  /** Where to go on from when no needle goes on: the longest end that is a beginning, too. */
  const fallback = new Int32Array(states.length);
  const ends = states.map((state) => [...state.ends]);
  const queue = [0];
  for (let place = 0; place < queue.length; place += 1) {
    const state = queue[place] ?? 0;
    const back = fallback[state] ?? 0;
    if (state !== 0) {
      table.copyWithin(state * width, back * width, (back + 1) * width);
      ends[state]?.push(...(ends[back] ?? []));
    }
    for (const [symbol, next] of states[state]?.next ?? []) {
      fallback[next] = state === 0 ? 0 : (table[back * width + symbol] ?? 0);
      table[state * width + symbol] = next;
      queue.push(next);
    }
  }
  const quiet = queue.filter((state) => ends[state]?.length === 0);
  const telling = queue.filter((state) => ends[state]?.length !== 0);
  const rowOf = new Int32Array(states.length);
  for (const [row, state] of [...quiet, ...telling].entries()) rowOf[state] = row * width;
  const rows = new Int32Array(length);
  for (let state = 0; state < states.length; state += 1)
    for (let symbol = 0; symbol < width; symbol += 1)
      rows[(rowOf[state] ?? 0) + symbol] = rowOf[table[state * width + symbol] ?? 0] ?? 0;
  const firstTelling = quiet.length * width;
  const told = telling.map((state) => ends[state] ?? []);

  return (text, found) => {
    let row = 0;
    for (let at = 0; at < text.length; at += 1) {
      row = rows[row + (classOf[text.charCodeAt(at)] ?? 0)] ?? 0;
      if (row >= firstTelling) for (const needle of told[(row - firstTelling) / width] ?? []) found(needle);
    }
  };
}
