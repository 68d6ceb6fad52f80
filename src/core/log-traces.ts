import { originOf, type PlainLine } from "./log-line.ts";

/** Forbidden lines and those that followed them from whoever wrote them, by check, for stack traces. */
export interface Traces {
  /** A forbidden line of a check. */
  begin(check: string, plain: PlainLine): void;
  /** Any line: it may follow one. */
  follow(plain: PlainLine): void;
  of(check: string): readonly string[];
}

const MAX_TRACE_LINES = 200;
const LINES_AFTER_MATCH = 40;

/** No lines yet. */
export function createTraces(): Traces {
  const traces = new Map<string, string[]>();
  const following = new Map<string, { readonly trace: string[]; readonly from: number; left: number }>();
  return {
    begin(check, { line, message }) {
      const trace = traces.get(check) ?? [];
      traces.set(check, trace);
      extend(trace, message);
      const { at, from } = originOf(line);
      following.set(from, { trace, from: at, left: LINES_AFTER_MATCH });
    },
    follow({ line, message }) {
      if (following.size === 0) return;
      const { at, from } = originOf(line);
      const watch = following.get(from);
      // Lines from before the match come again when the window is read once more.
      if (watch === undefined || at < watch.from) return;
      watch.left -= 1;
      extend(watch.trace, message);
      if (watch.left <= 0) following.delete(from);
    },
    of: (check) => traces.get(check) ?? [],
  };
}

/** A line that is read twice in a row is one. */
function extend(trace: string[], message: string): void {
  if (trace.length < MAX_TRACE_LINES && trace.at(-1) !== message) trace.push(message);
}
