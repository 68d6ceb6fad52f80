import { describe, expect, it } from "vitest";
import { bindNames } from "../../src/io/sql-binding.ts";

describe("names become parameters", () => {
  it.each<[string, string, readonly string[]]>([
    ["SELECT :since", "SELECT $1", ["since"]],
    ["SELECT :live_at, :sha, :live_at", "SELECT $1, $2, $1", ["live_at", "sha"]],
    ["a>:since", "a>$1", ["since"]],
    ["a BETWEEN:since AND :live_at", "a BETWEEN $1 AND $2", ["since", "live_at"]],
    [":since::date", "$1::date", ["since"]],
    ["(:sha)", "($1)", ["sha"]],
    ["ARRAY[:since, :live_at]", "ARRAY[$1, $2]", ["since", "live_at"]],
    ["array [[:since], [:since]]", "array [[$1], [$1]]", ["since"]],
    ["a[f(:sha)]", "a[f($1)]", ["sha"]],
    ["'x' || :sha || 'y'", "'x' || $1 || 'y'", ["sha"]],
    ["/* c */ :sha -- end", "/* c */ $1 -- end", ["sha"]],
    ["-- it's\n:sha", "-- it's\n$1", ["sha"]],
    ["'it''s' || :sha", "'it''s' || $1", ["sha"]],
    [String.raw`E'it\'s' || :sha`, String.raw`E'it\'s' || $1`, ["sha"]],
    [String.raw`'\' || :sha`, String.raw`'\' || $1`, ["sha"]],
    ["/* /* */ */ :sha", "/* /* */ */ $1", ["sha"]],
    ["foo$bar$ = :sha and $bar$", "foo$bar$ = $1 and $bar$", ["sha"]],
  ])("%s", (query, text, names) => {
    expect(bindNames(query)).toEqual({ text, names });
  });
});

describe("left as it is", () => {
  it.each([
    "SELECT 1",
    "",
    "SELECT ':since'",
    "SELECT 'it''s :since'",
    String.raw`SELECT E'it\'s :since'`,
    String.raw`SELECT e'\\\' :since'`,
    "SELECT $$ :since $$",
    "SELECT $a$ $$ :since $b$ $a$",
    "SELECT $été$ :since $été$",
    'SELECT ":since" FROM t',
    'SELECT "a "":since"',
    "SELECT 1 -- :since",
    "SELECT 1 /* :since */",
    "SELECT 1 /* /* */ :since */",
    "SELECT x::since",
    "SELECT x :: since",
    "f(a := since, b:=sha)",
    "SELECT a[1:since]",
    "SELECT a[:since]",
    "SELECT a[lo:since][:sha]",
    "SELECT (a)[1 :since]",
    "SELECT :other, :sinces, :since_x, :Since",
    "SELECT a ? 'b' AND :1",
    "SELECT 'open :since",
    "SELECT /* open :since",
    "SELECT $x$ open :since",
    'SELECT "open :since',
  ])("%s", (query) => {
    expect(bindNames(query)).toEqual({ text: query, names: [] });
  });
});

it("takes linear time on a long query", () => {
  const long = `${"'a' ".repeat(50_000)}${"/*".repeat(50_000)}:since`;
  expect(bindNames(long).text).toBe(long);
});
