import type { Service } from "./service.ts";

type Step =
  /** One character. */
  | { readonly kind: "one"; readonly test: (character: string) => boolean }
  /** Any number of such characters, none included. */
  | { readonly kind: "many"; readonly test: (character: string) => boolean }
  /** Go on here, or so many steps further. */
  | { readonly kind: "fork"; readonly skip: number };

/** More alternatives than this are taken literally, so that a pattern cannot grow without bound. */
const MOST_ALTERNATIVES = 128;

const anything = (): boolean => true;
const notSlash = (character: string): boolean => character !== "/";

/**
 * Whether a path of the repository fits a glob, from its first character to its last. `*` and `?` stay within one
 * folder, `**` does not, and a folder of that name may also be missing; `[abc]`, `[a-z]`, `[!a]`, `{a,b}` and a
 * backslash before any of these. `docs/` is everything below `docs`. Names with a leading dot are like others, and
 * case counts. Takes time linear in the product of both lengths.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  return globTest(pattern)(path);
}

/**
 * Whether a push that changed these files makes Render deploy the service: a file that is under the root directory,
 * or, where the build filter includes paths, that fits one of them, and none of the ignored paths. A renamed file
 * counts under both names. Build filters are relative to the repository, and may name what lies outside the root
 * directory: https://render.com/docs/monorepo-support,
 * https://render.com/tutorials/advanced-blueprint-patterns/monorepos-and-build-filters
 */
export function deploysFor(
  service: Pick<Service, "rootDir" | "buildFilter">,
  files: readonly string[],
): boolean {
  const root = service.rootDir.replace(/^(?:\.?\/)+|^\.$/, "").replace(/\/+$/, "");
  const included = (service.buildFilter?.paths ?? []).map(globTest);
  const ignored = (service.buildFilter?.ignoredPaths ?? []).map(globTest);
  if (root === "" && included.length === 0 && ignored.length === 0) return true;
  return files.some((file) => {
    if (ignored.some((test) => test(file))) return false;
    if (included.length > 0) return included.some((test) => test(file));
    return root === "" || file.startsWith(`${root}/`);
  });
}

function globTest(pattern: string): (path: string) => boolean {
  const rooted = pattern.replace(/^(?:\.?\/)+/, "");
  const whole = rooted.endsWith("/") ? `${rooted}**` : rooted;
  const programs = (alternativesOf(whole) ?? [whole]).map(stepsOf);
  return (path) => programs.some((steps) => isAccepted(steps, path));
}

/** Follows all ways through the pattern at once. */
function isAccepted(steps: readonly Step[], path: string): boolean {
  let reached = new Set<number>();
  enter(steps, 0, reached);
  for (const character of path) {
    const next = new Set<number>();
    for (const at of reached) {
      const step = steps[at];
      if (step === undefined || step.kind === "fork" || !step.test(character)) continue;
      enter(steps, step.kind === "one" ? at + 1 : at, next);
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(steps.length);
}

function enter(steps: readonly Step[], start: number, reached: Set<number>): void {
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const step = steps[at];
    if (step?.kind === "many") waiting.push(at + 1);
    if (step?.kind === "fork") waiting.push(at + 1, at + step.skip);
  }
}

function stepsOf(pattern: string): readonly Step[] {
  const steps: Step[] = [];
  const literal = (text: string): Step => ({ kind: "one", test: (character) => character === text });
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === "*") {
      const isFolderStart = at === 0 || characters[at - 1] === "/";
      let end = at;
      while (characters[end + 1] === "*") end += 1;
      const isDeep = end > at;
      if (isDeep && isFolderStart && characters[end + 1] === "/") {
        steps.push({ kind: "fork", skip: 3 }, { kind: "many", test: anything }, literal("/"));
        end += 1;
      } else {
        steps.push({ kind: "many", test: isDeep ? anything : notSlash });
      }
      at = end;
    } else if (character === "?") {
      steps.push({ kind: "one", test: notSlash });
    } else if (character === "\\" && at + 1 < characters.length) {
      at += 1;
      steps.push(literal(characters[at] ?? ""));
    } else {
      const set = character === "[" ? setAt(characters, at) : undefined;
      steps.push(set === undefined ? literal(character) : { kind: "one", test: set.test });
      at = set?.end ?? at;
    }
  }
  return steps;
}

/** The character set that opens at `start`; undefined when it is not closed. */
function setAt(
  characters: readonly string[],
  start: number,
): { readonly test: (character: string) => boolean; readonly end: number } | undefined {
  const isNegated = characters[start + 1] === "!" || characters[start + 1] === "^";
  const first = start + (isNegated ? 2 : 1);
  // A bracket that comes first is one of the set.
  const end = characters.indexOf("]", first + 1);
  if (end < 0) return undefined;
  const ranges: (readonly [string, string])[] = [];
  for (let at = first; at < end; at += 1) {
    const from = characters[at] ?? "";
    const isRange = characters[at + 1] === "-" && at + 2 < end;
    ranges.push([from, isRange ? (characters[at + 2] ?? "") : from]);
    if (isRange) at += 2;
  }
  return {
    end,
    test: (character) =>
      character !== "/" && ranges.some(([from, to]) => from <= character && character <= to) !== isNegated,
  };
}

/** `a{b,c}` to `ab` and `ac`, inner braces too; undefined when there would be too many. */
function alternativesOf(pattern: string): readonly string[] | undefined {
  let open: readonly string[] = [pattern];
  const done: string[] = [];
  while (open.length > 0) {
    if (open.length + done.length > MOST_ALTERNATIVES) return undefined;
    open = open.flatMap((each) => {
      const brace = firstBrace(each);
      if (brace !== undefined) {
        return brace.choices.map((choice) => each.slice(0, brace.start) + choice + each.slice(brace.end + 1));
      }
      done.push(each);
      return [];
    });
  }
  return done;
}

/** The first brace that is closed, with what its commas separate. */
function firstBrace(
  pattern: string,
): { readonly start: number; readonly end: number; readonly choices: readonly string[] } | undefined {
  const open: { readonly start: number; readonly commas: number[] }[] = [];
  let outermost:
    | { readonly start: number; readonly end: number; readonly commas: readonly number[] }
    | undefined;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === "\\") at += 1;
    else if (character === "{") open.push({ start: at, commas: [] });
    else if (character === ",") open.at(-1)?.commas.push(at);
    else if (character === "}") {
      const closed = open.pop();
      if (closed === undefined) continue;
      if (outermost === undefined || closed.start < outermost.start) outermost = { ...closed, end: at };
      if (open.length === 0) break;
    }
  }
  if (outermost === undefined) return undefined;
  const { start, end, commas } = outermost;
  const edges = [start, ...commas, end];
  return {
    start,
    end,
    choices: edges.slice(1).map((edge, index) => pattern.slice((edges[index] ?? 0) + 1, edge)),
  };
}
