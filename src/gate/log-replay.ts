import type { LogBook } from "../core/log-book.ts";
import type { LogWindow, Thinned } from "../core/log-facts.ts";
import { idOf, type LogLine } from "../core/log-line.ts";
import { ServiceProblem } from "../problem.ts";
import { createLogWindows } from "./log-windows.ts";
import type { ServiceRun } from "./run.ts";

/** The lines of a window that is past, given to the log book as time goes by. */
export interface LogReplay {
  /** Gives the book every line written up to `at` (ms). */
  goTo(at: number): void;
  readonly thinned: Thinned;
  /** Oldest first. */
  readonly lines: readonly LogLine[];
}

/** One page tells how many there are. */
const FEW_LINES = 100;
/** Ten calls go at once; of more lines, only what the checks look for is read. */
const WHOLE_LINES = 900;
/** A window that holds more lines than are read is read in halves, down to this, ms. */
const SHORTEST_MS = 5 * 60_000;
/** So many windows at most: the calls are shared with everything that the team's key does. */
const MOST_WINDOWS = 24;

/** Reads the window, in parts where it is too much for one; says why, where not all of it could be read. */
export async function readLogs(
  run: ServiceRun,
  book: LogBook,
  window: LogWindow,
): Promise<LogReplay & { readonly why?: string }> {
  const { service, signal, plan } = run;
  const types = [
    ...new Set([
      "app",
      ...plan.checks.flatMap(({ source }) => (source.kind === "logs" ? [source.type] : [])),
    ]),
  ];
  const lines = new Map<string, LogLine>();
  const buffer: LogBook = {
    ...book,
    add(line) {
      lines.set(idOf(line), line);
    },
  };
  const windows = createLogWindows(run, buffer, (from, to) => ({
    ownerId: service.ownerId,
    serviceId: service.id,
    types,
    from,
    to,
    signal,
  }));
  const waiting: LogWindow[] = [window];
  let why: string | undefined;
  for (let reads = 0; waiting.length > 0; reads += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    if (reads === MOST_WINDOWS) {
      why = "more log lines matched than a look reads";
      break;
    }
    try {
      if (await windows.read(next, { most: FEW_LINES, whole: WHOLE_LINES, newFrom: next.from })) continue;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      why = error.message;
      break;
    }
    const middle = Math.round((next.from + next.to) / 2);
    if (next.to - next.from <= SHORTEST_MS) {
      why = "more log lines matched at once than are read";
      break;
    }
    waiting.push({ from: middle, to: next.to }, { from: next.from, to: middle });
  }
  const inOrder = [...lines.values()].toSorted((a, b) => a.at - b.at);
  let given = 0;
  return {
    thinned: windows.thinned(),
    lines: inOrder,
    ...(why === undefined ? {} : { why }),
    goTo(at) {
      for (;;) {
        const line = inOrder[given];
        if (line === undefined || line.at > at) return;
        book.add(line);
        given += 1;
      }
    },
  };
}
