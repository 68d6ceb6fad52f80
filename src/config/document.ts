import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, Pair, YAMLError, YAMLMap, YAMLSeq } from "yaml";
import type { Mistake, Position } from "../problem.ts";
import { plainValue } from "./plain-value.ts";
import { isHarmless, syntaxMistake } from "./syntax.ts";
import { isAsWritten } from "./vocabulary.ts";

export type Path = readonly PropertyKey[];

/** A mistake with its place, before it is put in order. */
export interface Placed extends Mistake {
  readonly at: Position;
  /** Something is missing or unknown; not to be said when part of the file could not be read. */
  readonly needsWhole?: boolean;
}

/** A YAML file as plain data, with the places of everything in it. */
export interface ConfigDocument {
  readonly value: unknown;
  /** Syntax errors, duplicate keys, names that cannot be used. */
  readonly mistakes: readonly Placed[];
  /** False for what only follows from a syntax error that was reported already. */
  readonly isReliable: (mistake: Placed) => boolean;
  /** Where the value at a path stands; of a path that does not exist, the nearest that does. */
  readonly placeOf: (path: Path) => Position;
  /** Where the key at a path stands. */
  readonly placeOfKey: (path: Path) => Position;
  /** Where a column (from 1) of a one-line text, or of one below `|`, stands; its start when the text was folded or escaped. */
  readonly placeInside: (path: Path, column: number) => Position;
  /** Whether the value at the path stands unquoted inside `{}` or `[]`. */
  readonly isInFlow: (path: Path) => boolean;
  /** An unquoted text, how many lines it spans, and the comment right after it without its #; undefined of all else. */
  readonly plainAt: (
    path: Path,
  ) => { readonly text: string; readonly lines: number; readonly comment?: string } | undefined;
}

const MOST_REPAIRS = 50;

/**
 * Parses YAML, never throwing. A line that is broken inside `{}` or `[]` is reported and its value left out;
 * at any worse error the file is cut, so that the mistakes above it are found too.
 */
export function parseConfigDocument({
  text,
  file,
}: {
  readonly text: string;
  readonly file: string;
}): ConfigDocument {
  const lines = text.split("\n");
  const broken = new Map<number, Placed>();
  let isCut = false;
  for (let repairs = 0; ; repairs++) {
    const counter = new LineCounter();
    const source = lines.join("\n");
    // The parser compares every key with every other one; `plainValue` finds those that stand twice.
    const document = parseDocument(source, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
    const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
    const severe = problems.find((problem) => !isHarmless(problem));
    if (severe === undefined || repairs === MOST_REPAIRS) {
      return documentOf({
        document,
        source,
        counter,
        file,
        problems: problems.filter(isHarmless),
        broken,
        isCut,
      });
    }
    const { line, col } = counter.linePos(severe.pos[0]);
    const { mistake, isSplit } = syntaxMistake(severe, source);
    const repaired = isSplit && !broken.has(line) ? repairOf(lines[line - 1] ?? "") : undefined;
    if (!isCut && !broken.has(line)) broken.set(line, { ...mistake, at: { file, line, column: col } });
    if (repaired !== undefined) lines[line - 1] = repaired;
    else {
      // One line above at the least, so that this ends.
      lines.length = Math.max(0, Math.min(line - 1, lines.length - 1));
      isCut = true;
    }
  }
}

/** The line up to its first key. */
function repairOf(line: string): string | undefined {
  return (/^\s*(?:-\s+)?[\w-]+:(?=\s)/.exec(line) ?? /^\s*-(?=\s)/.exec(line))?.[0];
}

interface Parts {
  readonly document: Document;
  readonly source: string;
  readonly counter: LineCounter;
  readonly file: string;
  readonly problems: readonly YAMLError[];
  readonly broken: ReadonlyMap<number, Placed>;
  readonly isCut: boolean;
}

function documentOf({ document, source, counter, file, problems, broken, isCut }: Parts): ConfigDocument {
  const place = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const { value, refusals } = plainValue(document, isAsWritten);
  const start = (path: Path): number => offsetOf(find(document, path));
  return {
    value,
    mistakes: [
      ...broken.values(),
      ...problems.map((problem) => ({
        ...syntaxMistake(problem, source).mistake,
        at: place(problem.pos[0]),
      })),
      ...refusals.map(({ offset, ...mistake }) => ({ ...mistake, at: place(offset) })),
    ],
    isReliable: ({ at, needsWhole }) => !broken.has(at.line) && !(isCut && needsWhole === true),
    placeOf: (path) => place(start(path)),
    placeOfKey: (path) => {
      const found = find(document, path);
      return place(found.exact && found.key !== undefined ? offsetOf({ node: found.key }) : offsetOf(found));
    },
    placeInside: (path, column) => {
      const { node } = find(document, path);
      const offset = offsetOf({ node });
      if (!isScalar(node) || typeof node.value !== "string") return place(offset);
      if (node.type === "BLOCK_LITERAL")
        return place(insideBlock(source, { offset, text: node.value, column }));
      const first = offset + (node.type === "PLAIN" ? 0 : 1);
      return place(source.startsWith(node.value, first) ? first + column - 1 : offset);
    },
    isInFlow: (path) => {
      const { node, parent } = find(document, path);
      return isCollection(parent) && parent.flow === true && isScalar(node) && node.type === "PLAIN";
    },
    plainAt: (path) => {
      const { node, exact } = find(document, path);
      if (!exact || !isScalar(node) || node.type !== "PLAIN" || !node.range) return undefined;
      const [from, to] = node.range;
      const [, comment] = /^[ \t]+#([^\r\n]*)/.exec(source.slice(to)) ?? [];
      return {
        text: node.source ?? "",
        lines: source.slice(from, to).split("\n").length,
        ...(comment === undefined ? {} : { comment: comment.trimEnd() }),
      };
    },
  };
}

/** Where a column (from 1) of a text below `|` stands. */
function insideBlock(
  source: string,
  { offset, text, column }: { readonly offset: number; readonly text: string; readonly column: number },
): number {
  const above = text.slice(0, column - 1).split("\n");
  const rows = source.slice(offset).split("\n");
  const [row = "", written = ""] = [rows[above.length], text.split("\n")[above.length - 1]];
  const start = rows.slice(0, above.length).reduce((sum, { length }) => sum + length + 1, offset);
  return start + Math.max(0, row.indexOf(written)) + (above.at(-1) ?? "").length;
}

interface Found {
  readonly node: unknown;
  readonly key?: unknown;
  readonly parent?: unknown;
  readonly exact: boolean;
}

/** The node at a path, or the nearest one above it. */
function find(document: Document, path: Path): Found {
  let here: Found = { node: document.contents, exact: true };
  for (const step of path) {
    const node = isAlias(here.node) ? here.node.resolve(document) : here.node;
    const next = isMap(node) ? pairOf(node, step) : isSeq(node) ? memberOf(node, step) : undefined;
    if (next === undefined) return { ...here, exact: false };
    here = { ...next, parent: node, exact: true };
  }
  return here;
}

function pairOf(
  map: YAMLMap,
  step: PropertyKey,
): { readonly node: unknown; readonly key: unknown } | undefined {
  const pair = map.items.find((pair: Pair) => isScalar(pair.key) && String(pair.key.value) === String(step));
  return pair === undefined ? undefined : { node: pair.value ?? pair.key, key: pair.key };
}

function memberOf(list: YAMLSeq, step: PropertyKey): { readonly node: unknown } | undefined {
  const node = typeof step === "symbol" ? undefined : list.items[Number(step)];
  return node === undefined ? undefined : { node };
}

/** Where a node starts; an empty value starts where its key does. */
function offsetOf({ node, key }: { readonly node: unknown; readonly key?: unknown }): number {
  const range = (node as Partial<Node> | null | undefined)?.range;
  const isEmpty = isScalar(node) && node.value === null && range?.[0] === range?.[1];
  if (isEmpty && key !== undefined) return offsetOf({ node: key });
  return range?.[0] ?? 0;
}
