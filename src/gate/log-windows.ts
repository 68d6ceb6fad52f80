import type { LogBook } from "../core/log-book.ts";
import { NOT_THINNED, withoutWindow, withWindow, type LogWindow, type Thinned } from "../core/log-facts.ts";
import { filterTexts } from "../core/log-filter.ts";
import type { LogLine } from "../core/log-line.ts";
import type { LogQuery } from "../ports.ts";
import type { ServiceRun } from "./run.ts";

/** Reads windows of the deploy's lines into the log book. */
export interface LogWindows {
  /**
   * One window: whole while that is cheap, else the newest lines and whatever the checks look for; false when some
   * of that was left out. `most` is how many lines are cheap; where these tell that the window holds about `whole` of
   * them at most, it is read whole as well. What was written since `newFrom` (ms) has not been read before.
   */
  read(
    window: LogWindow,
    about: { readonly most: number; readonly whole?: number; readonly newFrom: number },
  ): Promise<boolean>;
  thinned(): Thinned;
}

/** One page. */
const FEW_LINES = 100;
const MOST_LINES = 2_000;
/** A read that takes longer than this waited for its turn: the calls are scarce. */
const SLOW_MS = 10_000;

type Query = Omit<LogQuery, "maxLines">;

/** Nothing read yet. `queryOf` asks for all lines of a window (ms). */
export function createLogWindows(
  run: ServiceRun,
  book: LogBook,
  queryOf: (from: number, to: number) => Query,
): LogWindows {
  const { clock, logs } = run.edges;
  let isScarce = false;
  let thinned = NOT_THINNED;

  /** Whether all lines of such a query were read. */
  async function readAll(query: Query): Promise<boolean> {
    const found = await logs.read({ ...query, maxLines: MOST_LINES, direction: "forward" });
    for (const line of found.lines) book.add(line);
    return found.complete;
  }

  async function read(
    window: LogWindow,
    { most, whole = 0, newFrom }: Parameters<LogWindows["read"]>[1],
  ): Promise<boolean> {
    const { from, to } = window;
    const asked = clock.now();
    const maxLines = isScarce ? FEW_LINES : most;
    const newest = await logs.read({ ...queryOf(from, to), maxLines, direction: "backward" });
    isScarce = clock.now() - asked > SLOW_MS;
    for (const line of newest.lines) book.add(line);
    const isWhole = newest.complete || expectedIn(window, newest.lines) <= whole;
    const texts = isWhole ? undefined : filterTexts(book.wanted());
    if (texts === undefined) {
      if (!newest.complete && !(await readAll(queryOf(from, to)))) return false;
      thinned = {
        value: withoutWindow(thinned.value, window),
        rate: withoutWindow(thinned.rate, window),
      };
      return true;
    }
    for (const group of texts) if (!(await readAll({ ...queryOf(from, to), texts: group }))) return false;
    await readCounted({ from, to: newest.lines[0]?.at ?? to }, newFrom);
    return true;
  }

  /** What intervals count. Where that is more than is read, they are lower bounds, unless it was read before. */
  async function readCounted(window: LogWindow, newFrom: number): Promise<void> {
    const counted = book.counted();
    if (counted === undefined) return;
    const from = Math.max(window.from, Math.min(newFrom, window.to - counted.backMs));
    if (from >= window.to) return;
    const fresh = { from: newFrom, to: window.to };
    const after = (windows: readonly LogWindow[], isWhole: boolean): readonly LogWindow[] =>
      isWhole || fresh.from >= fresh.to ? windows : withWindow(windows, fresh);
    const { levels, patterns } = counted;
    const query = queryOf(from, window.to);

    const texts = filterTexts(patterns);
    const reads = await Promise.all((texts ?? []).map((group) => readAll({ ...query, texts: group })));
    const value = after(thinned.value, texts !== undefined && !reads.includes(false));
    const isRated = levels !== undefined && (levels.length === 0 || (await readAll({ ...query, levels })));
    thinned = { value, rate: after(thinned.rate, isRated) };
  }

  return { read, thinned: () => thinned };
}

/** How many lines the window may hold, by how close its newest ones lie. */
function expectedIn({ from, to }: LogWindow, newest: readonly LogLine[]): number {
  const oldest = newest[0]?.at ?? to;
  return oldest >= to ? Infinity : (newest.length * (to - from)) / (to - oldest);
}
