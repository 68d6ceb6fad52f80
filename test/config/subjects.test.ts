import { expect, test } from "vitest";
import { subjectsOf } from "../../src/config/subjects.ts";
import type { SourceKind } from "../../src/config/vocabulary.ts";

const inside = ["/(?<found>\\d+) of (?<total>\\d+)/", "/plain/"];
const span = { gap: "duration", duration: "duration", overlap: "number", unfinished: "number" };

test.each<[SourceKind, unknown, Record<string, string>]>([
  ["logs", { forbid: ["x"] }, { matches: "number", new_matches: "number" }],
  ["logs", { require: ["x"] }, { found: "number", missing: "number" }],
  ["logs", { count: "x", per: "5m" }, { value: "number" }],
  ["logs", { level: ["error"], per: "5m" }, { rate: "number" }],
  ["logs", { span: ["a", "b"] }, span],
  ["logs", { span: ["a", "b"], inside }, { ...span, found: "any", total: "any" }],
  ["sql", "select 1", { rows: "number", new_rows: "number" }],
  ["metric", "cpu", { value: "number" }],
  ["metric", { name: "cpu", of_limit: true }, { value: "ratio" }],
  ["metric", "memory", { value: "size" }],
  ["metric", { name: "memory", of_limit: true }, { value: "ratio" }],
  ["metric", "http_requests", { value: "number", total: "number" }],
  ["metric", { name: "http_requests", as: "ratio" }, { value: "ratio", total: "number" }],
  ["metric", "http_latency", { value: "duration" }],
  ["metric", "instance_count", { value: "number" }],
  ["metric", { name: "active_connections", of: "db" }, { value: "number" }],
  ["events", ["server_failed"], { count: "number" }],
  ["env", { A: "1" }, { equal: "number", different: "number", absent: "number" }],
  ["source", { glob: "x" }, { files: "number" }],
  [
    "source",
    { glob: "x", require: ["a"], forbid: ["b"] },
    { files: "number", found: "number", missing: "number", matches: "number" },
  ],
  ["derive", { x: "a.b / c.d", y: "a.b" }, { x: "any", y: "any" }],
])("%s: %j has %j", (kind, source, types) => {
  expect(subjectsOf(kind, source)).toMatchObject({ types, open: kind === "sql" });
  expect(Object.keys(subjectsOf(kind, source).types).sort()).toEqual(Object.keys(types).sort());
});
