import { nodeFrameAt, nodeMessage } from "./trace-node.ts";
import { pythonFrameAt, pythonMessage } from "./trace-python.ts";

/** One step of a stack trace that names a file. */
export interface Frame {
  /** As the trace wrote it, without `file://`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly language: "python" | "node";
  /** The line that says what went wrong, such as `ValueError: …`; "" when it is missing. */
  readonly message: string;
}

const MOST_LINES = 5_000;
const LONGEST_LINE = 2_000;
const MOST_FRAMES = 500;
const LONGEST_MESSAGE = 500;

const CHAINED =
  /^[\s|]*(?:The above exception was the direct cause of|During handling of the above exception, another)/;

/**
 * The frames of all Python and Node stack traces in some log lines, trace by trace, each with its innermost frame
 * first. Of chained Python exceptions the last one comes first: it is the one that was not caught. A line may hold
 * one line of a trace or a whole one, also inside a JSON text. Takes time linear in the text; long lines and all
 * after the first 5000 lines or 500 frames are left out.
 */
export function framesOf(lines: readonly string[]): Frame[] {
  const texts = lines.slice(0, MOST_LINES).flatMap(split).slice(0, MOST_LINES);
  const frames: Frame[] = [];
  // Traces of one chain, as printed; they end up in frames in reverse.
  let chain: readonly (readonly Frame[])[] = [];
  let isChained = false;
  const add = (trace: readonly Frame[]): void => {
    if (!isChained) close();
    chain = [...chain, trace];
    isChained = false;
  };
  const close = (): void => {
    frames.push(...chain.toReversed().flat());
    chain = [];
  };

  let seen = 0;
  for (let at = 0; at < texts.length && seen < MOST_FRAMES;) {
    const text = texts[at] ?? "";
    const trace = pythonTraceAt(texts, at) ?? nodeTraceAt(texts, at);
    if (trace === undefined) {
      if (CHAINED.test(text)) isChained = true;
      at += 1;
    } else {
      add(trace.frames);
      seen += trace.frames.length;
      at = trace.end;
    }
  }
  close();
  return frames.slice(0, MOST_FRAMES);
}

interface Trace {
  readonly frames: readonly Frame[];
  /** The first line behind it. */
  readonly end: number;
}

function pythonTraceAt(texts: readonly string[], start: number): Trace | undefined {
  const first = pythonFrameAt(texts[start] ?? "");
  if (first === undefined) return undefined;
  const found = [first];
  let end = start + 1;
  let message = "";
  for (; end < texts.length && found.length < MOST_FRAMES; end += 1) {
    const text = texts[end] ?? "";
    const next = pythonFrameAt(text);
    if (next !== undefined) {
      found.push(next);
      continue;
    }
    if (nodeFrameAt(text) !== undefined || text.includes("Traceback (most recent call last)")) break;
    const last = pythonMessage(text, first.margin);
    if (last !== undefined) {
      message = last;
      end += 1;
      break;
    }
  }
  const frames = found.toReversed().map(({ file, line }): Frame => ({
    file,
    line,
    language: "python",
    message: cut(message),
  }));
  return { frames, end };
}

function nodeTraceAt(texts: readonly string[], start: number): Trace | undefined {
  if (nodeFrameAt(texts[start] ?? "") === undefined) return undefined;
  const message = cut(nodeMessage(texts, start));
  const frames: Frame[] = [];
  let end = start;
  for (; end < texts.length && frames.length < MOST_FRAMES; end += 1) {
    const frame = nodeFrameAt(texts[end] ?? "");
    if (frame === undefined) break;
    if (frame.file !== "") frames.push({ file: frame.file, line: frame.line, language: "node", message });
  }
  return { frames, end };
}

/** One text per line. Inside JSON, line ends and quotes are escaped, and a bare quote ends the trace. */
function split(line: string): readonly string[] {
  const short = line.slice(0, LONGEST_LINE * 10);
  const isJson = /\\n\s*(?:at |File \\")/.test(short);
  const plain = isJson
    ? short.replace(/\\(.)|"/g, (_all, escaped?: string) =>
        escaped === undefined || escaped === "n" ? "\n" : escaped,
      )
    : short.replaceAll('\\n  File "', '\n  File "');
  return plain.split(/\r?\n/).map((text) => text.slice(0, LONGEST_LINE));
}

function cut(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}… (cut)`;
}

/** Folders of code that is not the repository's own, wherever they are. */
const FOREIGN = new Set([
  "node_modules",
  "site-packages",
  "dist-packages",
  "venv",
  ".venv",
  "virtualenv",
  ".pyenv",
  ".yarn",
]);

/**
 * The innermost frame that names a file of the repository. Where a service is built the paths begin differently
 * (`/opt/render/project/src/`, `/app/`), so the file is the one of which the most folders agree, counted from the
 * end; one that agrees wholly comes first. Undefined when none does, or when several do equally.
 */
export function spotOf(
  frames: readonly Frame[],
  paths: ReadonlySet<string> | readonly string[],
): { readonly path: string; readonly line: number; readonly message: string } | undefined {
  const own = frames
    .map((frame) => ({ frame, parts: partsOf(frame.file) }))
    .filter(({ parts }) => parts.length > 0 && !isForeign(parts));
  const wanted = new Set(own.map(({ parts }) => parts.at(-1)));
  const named = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!wanted.has(name)) continue;
    const known = named.get(name);
    if (known === undefined) named.set(name, [path]);
    else known.push(path);
  }
  for (const { frame, parts } of own) {
    const candidates = named.get(parts.at(-1) ?? "") ?? [];
    if (candidates.length === 0) continue;
    const path = closest(parts, candidates);
    return path === undefined ? undefined : { path, line: frame.line, message: frame.message };
  }
  return undefined;
}

function closest(parts: readonly string[], candidates: readonly string[]): string | undefined {
  const rated = candidates.map((path) => {
    const own = path.split("/");
    const shared = own.toReversed().findIndex((part, index) => part !== parts[parts.length - 1 - index]);
    // A path that agrees wholly says more than any that agrees in part.
    return { path, rate: shared < 0 ? own.length + parts.length : shared };
  });
  const best = Math.max(...rated.map(({ rate }) => rate));
  const [only, ...others] = rated.filter(({ rate }) => rate === best);
  return others.length === 0 ? only?.path : undefined;
}

function partsOf(file: string): readonly string[] {
  if (/^(?:node:|internal\/|<)/.test(file)) return [];
  return file.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
}

/** Standard libraries are `…/lib/python3.12/…`. */
function isForeign(parts: readonly string[]): boolean {
  return parts.some(
    (part, index) => FOREIGN.has(part) || (parts[index - 1] === "lib" && /^python\d/.test(part)),
  );
}
