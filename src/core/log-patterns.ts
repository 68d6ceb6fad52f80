import type { Pattern } from "./source.ts";
import { labelOf, matcherOf, patternText, type Matcher } from "./log-match.ts";
import { createNeedleScan, type NeedleScan } from "./needle-scan.ts";
import { regexShape } from "./regex-shape.ts";
import { safeRegex, searchedLength } from "./regex.ts";

/**
 * The patterns of all log checks. A text is looked through once for all of them; a pattern is searched for only in
 * texts that hold what it cannot be found without, and once, whoever asks.
 */
export interface LogPatterns {
  /** The matcher of a pattern, which says what `matcherOf` of log-match says; the label names its group. */
  matcherOf(pattern: Pattern, group: string): Matcher;
  /** Whether a text says nothing about any of these patterns: none is found, and none was searched in a part of it. */
  silenceOf(patterns: readonly Pattern[]): (text: string) => boolean;
  /** How many texts were looked through, and how often a single pattern was searched for in one of them. */
  effort(): { readonly texts: number; readonly searches: number };
}

interface Entry {
  readonly search: Matcher["search"];
  /** One of these is in every text in which it is found; undefined: it has to be searched for everywhere. */
  readonly needles: readonly string[] | undefined;
  /** In longer texts "not found" is no proof. */
  readonly longest: number;
  readonly listeners: Listener[];
  /** By number, the last text that holds a needle, and the last one searched. */
  possibleIn: number;
  searchedIn: number;
  last: ReturnType<Matcher["search"]>;
}

interface Listener {
  /** By number, the last text in which one of its patterns may be found. */
  possibleIn: number;
}

const NOT_FOUND = { found: false, cut: false };
const CUT = { found: false, cut: true };

/** No patterns yet. */
export function createLogPatterns(): LogPatterns {
  const entries = new Map<string, Entry>();
  let scan: NeedleScan | undefined;
  /** By needle. */
  let owners: readonly Entry[] = [];
  let current: string | undefined;
  let texts = 0;
  let searches = 0;

  function entryOf(pattern: Pattern): Entry {
    const name = `${pattern.kind} ${patternText(pattern)}`;
    const known = entries.get(name);
    if (known !== undefined) return known;
    const entry: Entry = {
      ...limitsOf(pattern),
      search: matcherOf(pattern, "").search,
      listeners: [],
      possibleIn: 0,
      searchedIn: 0,
      last: NOT_FOUND,
    };
    entries.set(name, entry);
    scan = undefined;
    return entry;
  }

  function build(): NeedleScan {
    const all = [...entries.values()].flatMap((entry) =>
      (entry.needles ?? []).map((needle) => ({ needle, entry })),
    );
    owners = all.map(({ entry }) => entry);
    return createNeedleScan(all.map(({ needle }) => needle));
  }

  function meet(needle: number): void {
    const entry = owners[needle];
    if (entry === undefined || entry.possibleIn === texts) return;
    entry.possibleIn = texts;
    for (const listener of entry.listeners) listener.possibleIn = texts;
  }

  /** Makes this the text that is spoken of. */
  function look(text: string): void {
    if (text === current && scan !== undefined) return;
    current = text;
    texts += 1;
    scan ??= build();
    scan(text, meet);
  }

  function searchIn(entry: Entry, text: string): ReturnType<Matcher["search"]> {
    look(text);
    if (entry.needles !== undefined && entry.possibleIn !== texts)
      return text.length > entry.longest ? CUT : NOT_FOUND;
    if (entry.searchedIn !== texts) {
      entry.searchedIn = texts;
      entry.last = entry.search(text);
      searches += 1;
    }
    return entry.last;
  }

  return {
    matcherOf(pattern, group) {
      const entry = entryOf(pattern);
      return { label: labelOf(pattern, group), search: (text) => searchIn(entry, text) };
    },
    silenceOf(patterns) {
      const own = patterns.map(entryOf);
      const listener: Listener = { possibleIn: 0 };
      for (const entry of own) entry.listeners.push(listener);
      const isEverywhere = own.some(({ needles }) => needles === undefined);
      const longest = Math.min(...own.map((entry) => entry.longest));
      return (text) => {
        look(text);
        return !isEverywhere && listener.possibleIn !== texts && text.length <= longest;
      };
    },
    effort: () => ({ texts, searches }),
  };
}

function limitsOf(pattern: Pattern): Pick<Entry, "needles" | "longest"> {
  if (pattern.kind === "text")
    return { needles: pattern.text === "" ? undefined : [pattern.text], longest: Infinity };
  const regex = safeRegex(pattern.source, pattern.flags);
  if (typeof regex === "string") return { needles: undefined, longest: 0 };
  // With the u flag letters beyond ASCII are the same as some of ASCII.
  const needles = pattern.flags.includes("u") ? undefined : regexShape(pattern.source).needles;
  return { needles, longest: searchedLength(regex) };
}
