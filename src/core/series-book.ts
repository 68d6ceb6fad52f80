import type { Check } from "./check.ts";
import type { Condition, Path, Series } from "./condition.ts";
import { pathText } from "./condition-text.ts";
import { valueAt } from "./evaluate.ts";
import { digested, keptPoint, keptPointsOf, merged, pointOf, type KeptPoint, type Point } from "./points.ts";
import { BEFORE } from "./series.ts";
import { ownOf, record } from "./shape.ts";
import type { Subjects } from "./value.ts";

/** The numbers that a check's functions look back on (`p95(latency)`); paths no function names are not kept. */
export interface SeriesBook {
  add(at: number, subjects: Subjects): void;
  of(path: Path): Series;
  /**
   * What may still be looked at, at most so many points a path. Of more the newest stay as they are, and older ones
   * stand for several: sums, averages, extremes and trends hold, percentiles nearly.
   */
  kept(cap: number): KeptSeries;
}

/** Points by path as a condition writes it: `body.queue[0]`. */
export type KeptSeries = { readonly [path: string]: readonly KeptPoint[] };

/** Parsed JSON as kept series; throws a misfit. */
export function keptSeriesOf(value: unknown, name: string): KeptSeries {
  return record(value, name, keptPointsOf);
}

interface Book {
  readonly path: Path;
  readonly points: Point[];
  /** How far a function looks back at least for its window, ms. */
  windowMs: number;
  /** Whether a function looks at all of the watch. */
  isEndless: boolean;
}

/** A book for the paths of this check's functions: empty, or with what was kept of an earlier one. */
export function createSeries(
  check: Pick<Check, "pass" | "warn" | "fail" | "need">,
  kept: KeptSeries = {},
): SeriesBook {
  const books = new Map<string, Book>();
  const conditions = [...check.pass, ...check.warn, ...check.fail, check.need];
  for (const { path, windowMs } of conditions.flatMap(lookedBackOn)) {
    const name = pathText(path);
    const points = (ownOf(kept, name) ?? []).map(pointOf);
    const book = books.get(name) ?? { path, points, windowMs: 0, isEndless: false };
    books.set(name, book);
    book.windowMs = Math.max(book.windowMs, windowMs ?? 0);
    book.isEndless ||= windowMs === undefined;
  }
  return {
    add(at, subjects) {
      for (const { path, points } of books.values()) {
        const value = valueAt(subjects, path);
        if (typeof value === "number" && Number.isFinite(value)) points.push({ at, value });
      }
    },
    of: (path) => books.get(pathText(path))?.points ?? [],
    kept: (cap) =>
      Object.fromEntries(
        [...books].flatMap(([name, book]) =>
          book.points.length === 0 ? [] : [[name, thinned(book, cap).map(keptPoint)] as const],
        ),
      ),
  };
}

function lookedBackOn(
  condition: Condition | undefined,
): readonly { readonly path: Path; readonly windowMs?: number }[] {
  const subject = condition?.subject;
  if (subject?.kind !== "call" || subject.name === "len" || subject.name === "has") return [];
  const { path, name, windowMs } = subject;
  if (windowMs === undefined) return [{ path }];
  return [{ path, windowMs: name === "trend" ? windowMs * (1 + BEFORE) : windowMs }];
}

function thinned({ points, windowMs, isEndless }: Book, cap: number): readonly Point[] {
  const newest = Math.max(...points.map(({ at }) => at));
  const isOld = ({ at }: Point): boolean => at < newest - windowMs;
  const recent = points.filter((point) => !isOld(point));
  const old = isEndless ? points.filter(isOld) : [];
  if (recent.length + old.length <= cap) return [...old, ...recent];
  const lasting = shortenedInTime(recent, old.length === 0 ? cap : Math.ceil((cap * 3) / 4));
  // No window reaches so far back: only values matter.
  return [...digested(old, cap - lasting.length), ...lasting];
}

/** The newer half stays as it is. */
function shortenedInTime(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const whole = points.slice(-Math.floor(most / 2));
  const older = points.slice(0, -whole.length);
  const [from, to] = [older[0]?.at ?? 0, older.at(-1)?.at ?? 0];
  const values = older.map(({ value }) => value);
  const range = Math.max(...values) - Math.min(...values) || 1;
  const isApart = (a: Point, b: Point): number =>
    ((a.value - b.value) / range) ** 2 + ((a.at - b.at) / (to - from || 1)) ** 2;
  return [...merged(older, { most: most - whole.length, isApart }), ...whole];
}
