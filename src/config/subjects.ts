import type { SubjectTable } from "../core/condition-check.ts";
import type { SubjectType } from "../core/value.ts";
import { mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import type { SourceKind } from "./vocabulary.ts";

type Types = Readonly<Record<string, SubjectType>>;

/** What the conditions of a check may look at (design 5.2), told from its source as the file has it. */
export function subjectsOf(kind: SourceKind, source: unknown): SubjectTable {
  const written = mapping(source);
  switch (kind) {
    case "http":
      return closed({
        status: "number",
        latency: "duration",
        body: "any",
        headers: "object",
        "headers.*": "text",
      });
    case "logs":
      return closed(logSubjects(written));
    case "sql":
      return { open: true, types: { rows: "number", new_rows: "number" } };
    case "metric":
      return metricSubjects(typeof source === "string" ? { name: source } : written);
    case "events":
      return closed({ count: "number" });
    case "env":
      return closed({ equal: "number", different: "number", absent: "number" });
    case "source":
      return closed({ files: "number", ...patternSubjects(written) });
    case "derive":
      return closed(typesOf(Object.keys(written), "any"));
  }
}

function closed(types: Types): SubjectTable {
  return { open: false, types };
}

function typesOf(names: readonly string[], type: SubjectType): Types {
  return Object.fromEntries(names.map((name) => [name, type]));
}

/** Subjects of spans, which no capture may hide. */
export const SPAN_SUBJECTS: Types = {
  gap: "duration",
  duration: "duration",
  overlap: "number",
  unfinished: "number",
};

function logSubjects(logs: Raw): Types {
  return {
    ...patternSubjects(logs),
    ...(logs["forbid"] === undefined ? {} : { new_matches: "number" }),
    ...(logs["count"] === undefined ? {} : { value: "number" }),
    ...(logs["per"] === undefined || logs["count"] !== undefined ? {} : { rate: "number" }),
    ...(logs["span"] === undefined
      ? {}
      : { ...typesOf(capturesOf(logs["inside"]), "any"), ...SPAN_SUBJECTS }),
  };
}

function patternSubjects({ require, forbid }: Raw): Types {
  return {
    ...(forbid === undefined ? {} : { matches: "number" }),
    ...(require === undefined ? {} : { found: "number", missing: "number" }),
  };
}

/** The named groups of the regular expressions of `inside`. */
export function capturesOf(inside: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(inside) ? inside : [];
  return texts.flatMap((text) => {
    const [, source = ""] = typeof text === "string" ? (/^\/(.+)\/[A-Za-z]*$/s.exec(text) ?? []) : [];
    const parts = source.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?<(?<name>[A-Za-z_$][\w$]*)>/g);
    return [...parts].flatMap((part) => part.groups?.["name"] ?? []);
  });
}

function metricSubjects(metric: Raw): SubjectTable {
  switch (metric["name"]) {
    case "cpu":
    case "memory": {
      if ((metric["of_limit"] ?? false) !== false) return closed({ value: "ratio" });
      const asRatio = "write of_limit: true inside metric for the share of the plan's limit";
      return { ...closed({ value: metric["name"] === "memory" ? "size" : "number" }), asRatio };
    }
    case "http_requests": {
      const asRatio = "write where and as: ratio inside metric for a share of all requests";
      return metric["as"] !== undefined
        ? closed({ value: "ratio", total: "number" })
        : { ...closed({ value: "number", total: "number" }), asRatio };
    }
    case "http_latency":
      return closed({ value: "duration" });
    default:
      return closed({ value: "number" });
  }
}
