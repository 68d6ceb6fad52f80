import { regexShape } from "./regex-shape.ts";

/** A longer text is searched up to here: even one repeat costs the square of the length when it finds nothing. */
const MOST_CHARACTERS = 16_384;
/** For expressions that only a backtracking engine can run; at degree 2 this is some four million steps. */
const MOST_CHARACTERS_BACKTRACKING = 2048;
const MOST_DEGREE = 2;
const MOST_CHOICES = 32;

const limits = new WeakMap<RegExp, number>();

/**
 * The expression, safe to run on hostile text with `searchText`, or one sentence that says what is wrong with it.
 *
 * Linear time rests on V8's engine that takes over after excessive backtracking: the process must have set
 * `--enable-experimental-regexp-engine-on-excessive-backtracks` (`v8.setFlagsFromString`) before any expression
 * is compiled. That engine knows no `i` flag, so letters are written in both cases instead and the `source` of
 * the result differs. It knows neither lookaround nor back references, `u`, or counts above 16: with those an
 * expression is taken only when its own text shows that it cannot explode, and the searched text is kept short.
 */
export function safeRegex(source: string, flags: string): RegExp | string {
  const stray = /[^imsu]/.exec(flags)?.[0];
  if (stray !== undefined) return `the flag "${stray}" is not one of i, m, s, u`;
  if (source === "") return "the expression is empty";
  if (source.length > 1000) return `the expression has ${source.length} characters, at most 1000 are taken`;
  const compiled = compile(source, flags);
  if (typeof compiled === "string") return compiled;

  const shape = regexShape(source);
  if (shape.linear && !flags.includes("u")) {
    const plain = flags.includes("i") ? compile(shape.bothCases, flags.replace("i", "")) : compiled;
    if (typeof plain !== "string") {
      limits.set(plain, MOST_CHARACTERS);
      return plain;
    }
  }
  const degree = shape.degree + (shape.anchored && !flags.includes("m") ? 0 : 1);
  if (shape.nested || degree > MOST_DEGREE || shape.choices > MOST_CHOICES) {
    return "the expression can take for ever on some texts; write it without lookaround, back references, the u flag and counts above 16, or with fewer repeats";
  }
  limits.set(compiled, MOST_CHARACTERS_BACKTRACKING);
  return compiled;
}

/** Whether the expression is found; `cut`: the text was longer than what is searched, so "not found" is no proof. */
export function searchText(regex: RegExp, text: string): { readonly found: boolean; readonly cut: boolean } {
  const limit = searchedLength(regex);
  return { found: regex.test(text.slice(0, limit)), cut: text.length > limit };
}

/** Longer texts are searched up to here. */
export function searchedLength(regex: RegExp): number {
  return limits.get(regex) ?? MOST_CHARACTERS_BACKTRACKING;
}

/** What the expression's named groups hold where it is found first; undefined when it is not. */
export function captureText(
  regex: RegExp,
  text: string,
): { readonly [name: string]: string | undefined } | undefined {
  const found = regex.exec(text.slice(0, searchedLength(regex)));
  return found === null ? undefined : (found.groups ?? {});
}

function compile(source: string, flags: string): RegExp | string {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(": ").at(-1) : undefined;
    return `the expression does not parse: ${reason?.toLowerCase() ?? "unknown reason"}`;
  }
}
