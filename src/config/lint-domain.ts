import type { PatternGroup, Source } from "../core/source.ts";
import { ALL_NUMBERS, closed } from "../core/condition-range.ts";
import type { NumberSet } from "../core/condition-range.ts";
import type { Path, Subject } from "../core/condition.ts";

/** The numbers that a subject of a source can be, whatever is measured. */
export function domainOf(source: Source, subject: Subject): NumberSet {
  const domain = domainOfPath(source, subject.path);
  if (subject.kind === "path") return domain;
  switch (subject.name) {
    case "p50":
    case "p95":
    case "p99":
    case "avg":
    case "max":
    case "min":
      return domain;
    case "sum":
      return (domain[0]?.from ?? -Infinity) >= 0 ? FROM_ZERO : ALL_NUMBERS;
    case "len":
      return FROM_ZERO;
    case "trend":
    case "has":
      return ALL_NUMBERS;
  }
}

const FROM_ZERO = closed(0, Infinity);

function domainOfPath(source: Source, path: Path): NumberSet {
  if (path.length !== 1) return ALL_NUMBERS;
  const name = String(path[0]);
  switch (source.kind) {
    case "http":
      if (name === "status") return closed(100, 599);
      return name === "latency" ? FROM_ZERO : ALL_NUMBERS;
    case "logs":
      if (name === "found" || name === "missing") return closed(0, sizeOf(source.require));
      return ["matches", "new_matches", "value", "rate", "gap", "duration", "overlap", "unfinished"].includes(
        name,
      )
        ? FROM_ZERO
        : ALL_NUMBERS;
    case "sql":
      return name === "rows" || name === "new_rows" ? FROM_ZERO : ALL_NUMBERS;
    case "metric":
      return name === "value" && source.asRatio ? closed(0, 1) : FROM_ZERO;
    case "events":
      return FROM_ZERO;
    case "env":
      return closed(0, Object.keys(source.expected).length);
    case "source":
      if (name === "found" || name === "missing") return closed(0, sizeOf(source.require));
      return FROM_ZERO;
    case "derive":
      return ALL_NUMBERS;
  }
}

function sizeOf(groups: readonly PatternGroup[]): number {
  return groups.reduce((sum, group) => sum + group.patterns.length, 0);
}
