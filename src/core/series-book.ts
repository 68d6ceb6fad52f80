import type { Check } from "./check.ts";
import type { Path, Series } from "./condition.ts";
import { valueAt } from "./evaluate.ts";
import type { Subjects } from "./value.ts";

/** The numbers that a check's functions look back on (`p95(latency)`); paths no function names are not kept. */
export interface SeriesBook {
  add(at: number, subjects: Subjects): void;
  of(path: Path): Series;
}

/** An empty book for the paths of this check's functions. */
export function createSeries(check: Pick<Check, "pass" | "warn" | "fail" | "need">): SeriesBook {
  const conditions = [
    ...check.pass,
    ...check.warn,
    ...check.fail,
    ...(check.need === undefined ? [] : [check.need]),
  ];
  const points = new Map<string, { readonly path: Path; readonly list: { at: number; value: number }[] }>();
  for (const { subject } of conditions) {
    if (subject.kind === "call") points.set(JSON.stringify(subject.path), { path: subject.path, list: [] });
  }
  return {
    add(at, subjects) {
      for (const { path, list } of points.values()) {
        const value = valueAt(subjects, path);
        if (typeof value === "number" && Number.isFinite(value)) list.push({ at, value });
      }
    },
    of: (path) => points.get(JSON.stringify(path))?.list ?? [],
  };
}
