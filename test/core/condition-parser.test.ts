import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionText, parseCondition, pathText } from "../../src/core/condition-parser.ts";
import type { Condition, Operand, Subject } from "../../src/core/condition.ts";

function parsed(text: string): Pick<Condition, "subject" | "operator" | "operand"> {
  const result = parseCondition(text);
  if (!result.ok) throw new Error(`${result.column}: ${result.message}`);
  const { subject, operator, operand } = result.condition;
  expect(result.condition.text).toBe(text);
  return { subject, operator, operand };
}

const number = (value: number, unit?: "ratio" | "duration" | "size"): Operand => ({
  kind: "number",
  value,
  ...(unit === undefined ? {} : { unit }),
});

describe("operands", () => {
  test.each<[string, Operand]>([
    ["200", number(200)],
    ["-0.5", number(-0.5)],
    ["90%", number(0.9, "ratio")],
    ["300ms", number(300, "duration")],
    ["5s", number(5000, "duration")],
    ["1.5m", number(90_000, "duration")],
    ["2h", number(7_200_000, "duration")],
    ["1d", number(86_400_000, "duration")],
    ["8B", number(8, "size")],
    ["1KB", number(1000, "size")],
    ["2MB", number(2e6, "size")],
    ["3GB", number(3e9, "size")],
    ["1KiB", number(1024, "size")],
    ["1MiB", number(1_048_576, "size")],
    ["1GiB", number(1_073_741_824, "size")],
    ["+50%", { kind: "relative", by: "change", value: 0.5 }],
    ["-20%", { kind: "relative", by: "change", value: -0.2 }],
    ["3x", { kind: "relative", by: "factor", value: 3 }],
    ["-2pp", { kind: "relative", by: "points", value: -0.02 }],
    ["+2pp", { kind: "relative", by: "points", value: 0.02 }],
  ])("x < %s", (text, operand) => {
    expect(parsed(`x < ${text}`)).toEqual({ subject: { kind: "path", path: ["x"] }, operator: "<", operand });
  });

  test.each<[string, Operand]>([
    ['== "ok"', { kind: "text", value: "ok" }],
    ['== "a \\"b\\" \\\\ \\n\\u00e9"', { kind: "text", value: 'a "b" \\ \né' }],
    ["== true", { kind: "literal", value: true }],
    ["!= false", { kind: "literal", value: false }],
    ["== null", { kind: "literal", value: null }],
    ["== deploy.sha", { kind: "deploy.sha" }],
    ["matches /a[/]b\\/c/i", { kind: "pattern", source: "a[/]b\\/c", flags: "i" }],
    [
      'in [200, "x", null,true]',
      {
        kind: "list",
        items: [
          number(200),
          { kind: "text", value: "x" },
          { kind: "literal", value: null },
          { kind: "literal", value: true },
        ],
      },
    ],
    [
      "between 200 and 299",
      { kind: "range", from: { kind: "number", value: 200 }, to: { kind: "number", value: 299 } },
    ],
    [
      "between 0 and 90%",
      {
        kind: "range",
        from: { kind: "number", value: 0 },
        to: { kind: "number", value: 0.9, unit: "ratio" },
      },
    ],
    ['contains "done"', { kind: "text", value: "done" }],
  ])("x %s", (rest, operand) => {
    expect(parsed(`x ${rest}`).operand).toEqual(operand);
  });
});

describe("subjects", () => {
  test.each<[string, Subject]>([
    ["status", { kind: "path", path: ["status"] }],
    ["body.items[0].name", { kind: "path", path: ["body", "items", 0, "name"] }],
    ["body[1][2]", { kind: "path", path: ["body", 1, 2] }],
    ["headers.content-type", { kind: "path", path: ["headers", "content-type"] }],
    ["max", { kind: "path", path: ["max"] }],
    ["contains", { kind: "path", path: ["contains"] }],
    ["p95(latency)", { kind: "call", name: "p95", path: ["latency"] }],
    ["avg( body.n , 5m )", { kind: "call", name: "avg", path: ["body", "n"], windowMs: 300_000 }],
    ["trend(depth, 6h)", { kind: "call", name: "trend", path: ["depth"], windowMs: 21_600_000 }],
    ["len(body.items)", { kind: "call", name: "len", path: ["body", "items"] }],
  ])("%s", (text, subject) => {
    expect(parsed(`${text} == 1`).subject).toEqual(subject);
  });

  test.each(["<", "<=", ">", ">=", "==", "!="])("%s needs no spaces around it", (operator) => {
    expect(parsed(`rows${operator}0`).operator).toBe(operator);
    expect(parsed(`  rows  ${operator}  0  `).operator).toBe(operator);
  });
});

describe("what is wrong is said, with its column", () => {
  const OPS = "<= >= == != < > contains matches in between";
  test.each<[string, number, string, string?]>([
    ["", 1, "the condition is empty"],
    [
      "200 == status",
      1,
      'a name such as status is expected, not "200 == status"',
      "the subject comes first: status == 200",
    ],
    ["status", 7, `after the subject comes one of ${OPS}, not the end`],
    ["status = 200", 8, `after the subject comes one of ${OPS}, not "= 200"`, "write =="],
    ["status === 200", 8, `after the subject comes one of ${OPS}, not "=== 200"`, "write =="],
    ["status is 200", 8, `after the subject comes one of ${OPS}, not "is 200"`, "write =="],
    [
      'body contain "x"',
      6,
      `after the subject comes one of ${OPS}, not "contain "x""`,
      'did you mean "contains"?',
    ],
    ["has(body.x)", 12, `after the subject comes one of ${OPS}, not the end`, "write has(…) == true"],
    [
      "status ==",
      10,
      'a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not the end',
    ],
    [
      "body.status == ok",
      16,
      'a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not "ok"',
      'text stands in double quotes: "ok"',
    ],
    ["body == 'ok'", 9, "text stands in double quotes here, not in single ones"],
    [
      'body == "ok',
      9,
      "the text has no closing double quote",
      'quote the whole condition if it holds " #" or ": "',
    ],
    ['body == "a\\q"', 11, "\\q is no escape of a text", 'use \\" \\\\ \\n \\t or \\u0000'],
    ["latency < 5 s", 12, "a unit follows its number without a space"],
    ["success >= 90 %", 14, "a unit follows its number without a space"],
    ["latency < 5sec", 12, '"sec" is no unit', "units are ms s m h d B KB MB GB KiB MiB GiB %"],
    ["memory < 5kb", 11, '"kb" is no unit', 'did you mean "KB"?'],
    ["x < .5", 5, 'a number is expected, not ".5"', "write 0.5, not .5"],
    ["x < +5", 5, "+5 has a plus sign, which only relative numbers such as +50% and +2pp have"],
    ["x < 2pp", 5, "2pp needs a sign", "+2pp or -2pp"],
    ["x < +3x", 5, "+3x takes no sign", "write 3x, or +50% for half as much again"],
    ["x < 999999999999999d", 5, "the number is too large to compare exactly"],
    ['x < "a"', 5, "< compares numbers only"],
    ["x > true", 5, "> compares numbers only"],
    ["x > deploy.sha", 5, "> compares numbers only"],
    ["x == /a/", 6, "== takes no pattern", "write matches /…/"],
    ["x == [1]", 6, "== takes no list", "write in […]"],
    ["x contains /a/", 12, "contains takes no pattern", "write matches /…/"],
    ["x contains [1]", 12, 'contains takes "text" or one member of a list'],
    ['x matches "a"', 11, "matches takes a pattern", 'write matches /…/, or contains "…"'],
    ["x matches /a", 11, "the pattern has no closing /", "write / inside a pattern as \\/"],
    ["x matches /(/", 11, "/(/: the expression does not parse: unterminated group"],
    ["x matches /a/g", 11, '/a/g: the flag "g" is not one of i, m, s, u'],
    ["x in 200", 6, "in takes a list", "write in [200, 204]"],
    [
      "x in [200, 204",
      15,
      '"," or "]" is expected in the list, not the end',
      "the list that starts in column 6 is not closed",
    ],
    ["x in [[1]]", 7, 'a list holds numbers, "text", true, false and null only'],
    ["x in [/a/]", 7, 'a list holds numbers, "text", true, false and null only'],
    [
      "x between 1",
      12,
      '"between" takes two numbers with "and", such as between 200 and 299; "and" is expected, not the end',
    ],
    ["x between 9 and 1", 11, 'the first end of "between" is larger than the second'],
    [
      "x between 1 and 5s",
      11,
      'the two ends of "between" have different units',
      "give both ends the same unit",
    ],
    ["x between 1x and 2x", 11, '"between" takes plain numbers, not relative ones'],
    [
      "median(x) < 1",
      1,
      '"median" is no function',
      "functions are trend p50 p95 p99 avg max min sum len has",
    ],
    ["p96(x) < 1", 1, '"p96" is no function', 'did you mean "p95"?'],
    ["trend(x) < 1", 1, "trend needs a window", "trend(x, 6h)"],
    ["trend(x, 6) < 1", 10, 'the window is a duration such as 5m, not "6) < 1"'],
    ["len(x, 5m) < 1", 8, "len looks at one sample and takes no window"],
    ["p95(x < 1", 7, '")" is expected, not "< 1"'],
    ["body.[0] == 1", 6, 'a name such as status is expected, not "[0] == 1"'],
    ["body[x] == 1", 6, 'a whole number and "]" are expected after "[", not "x] == 1"'],
    [
      "status == 200 and latency < 5s",
      15,
      'the condition ends before "and latency < 5s"',
      "write one condition per list item: all of pass must hold, any of warn or fail",
    ],
    ["status == 200 ok", 15, 'the condition ends before "ok"'],
    [
      "x == process.exit()",
      6,
      'a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not "process.exit()"',
      'text stands in double quotes: "process.exit"',
    ],
    [`x == "${"a".repeat(2000)}"`, 1, "a condition has at most 2000 characters, this one has 2007"],
  ])("%s", (text, column, message, hint) => {
    expect(parseCondition(text)).toEqual({
      ok: false,
      message,
      column,
      ...(hint === undefined ? {} : { hint }),
    });
  });
});

test("columns of the parts", () => {
  expect(parseCondition(" p95(latency)  <  5s")).toMatchObject({
    columns: { subject: 2, operator: 16, operand: 19 },
  });
});

test("paths are written as they are read", () => {
  expect(pathText(["body", "items", 0, "a-b"])).toBe("body.items[0].a-b");
});

// Texts of the grammar, not trees: whatever can be written must survive.
const ident = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,5}$/);
const path = fc
  .tuple(
    ident,
    fc.array(
      fc.oneof(
        ident.map((name) => `.${name}`),
        fc.nat(99).map((index) => `[${index}]`),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([head, tail]) => head + tail.join(""));
const amount = fc
  .tuple(fc.nat(99_999), fc.constantFrom("", ".5", ".25", ".001", ".29", ".1", ".123456789"))
  .map((parts) => parts.join(""));
const plainNumber = fc
  .tuple(
    fc.constantFrom("", "-"),
    amount,
    fc.constantFrom("", "ms", "s", "m", "h", "d", "B", "KB", "MB", "GB", "KiB", "MiB", "GiB"),
  )
  .map((parts) => parts.join(""));
const relative = fc.oneof(
  amount.map((n) => `${n}x`),
  amount.map((n) => `+${n}%`),
  amount.map((n) => `-${n}pp`),
);
const ratio = amount.map((n) => `${n}%`);
const literal = fc.oneof(
  fc.string().map((text) => JSON.stringify(text)),
  plainNumber,
  ratio,
  fc.constantFrom("true", "false", "null"),
);
const subject = fc.oneof(
  path,
  fc
    .tuple(
      fc.constantFrom("p50", "p95", "p99", "avg", "max", "min", "sum"),
      path,
      fc.constantFrom("", ", 5m", ",1.5h"),
    )
    .map(([name, path, window]) => `${name}(${path}${window})`),
  path.map((path) => `trend( ${path} , 6h )`),
  fc.tuple(fc.constantFrom("len", "has"), path).map(([name, path]) => `${name}(${path})`),
);
const rest = fc.oneof(
  fc
    .tuple(fc.constantFrom("<", "<=", ">", ">="), fc.oneof(plainNumber, ratio, relative))
    .map((parts) => parts.join(" ")),
  fc
    .tuple(fc.constantFrom("==", "!="), fc.oneof(literal, relative, fc.constant("deploy.sha")))
    .map((parts) => parts.join(" ")),
  literal.filter((text) => !text.endsWith("x")).map((text) => `contains ${text}`),
  fc.array(literal, { minLength: 1, maxLength: 4 }).map((items) => `in [${items.join(" ,")}]`),
  fc.tuple(fc.nat(99), fc.nat(99)).map(([low, more]) => `between ${low} and ${low + more}`),
  fc.constantFrom("matches /a.*b/", "matches /[/]x/i", "matches /a\\/b/ms"),
);

test("printing and parsing round-trips", () => {
  fc.assert(
    fc.property(subject, rest, (subject, rest) => {
      const first = parsed(`${subject} ${rest}`);
      expect(parsed(conditionText(first))).toEqual(first);
    }),
    { numRuns: 2000 },
  );
});

test("no text makes the parser throw, and a refusal points into the text or to its end", () => {
  const soup = fc.string({
    unit: fc.constantFrom(..."sx.p95(),[]\"'/\\ <>=!%+-0129 andinbetweenmatchescontains\n".split("")),
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        soup,
        fc.string({ unit: "binary" }),
        fc.tuple(subject, soup).map((parts) => parts.join(" ")),
      ),
      (text) => {
        const result = parseCondition(text);
        return result.ok || (result.column >= 1 && result.column <= text.length + 1 && result.message !== "");
      },
    ),
    { numRuns: 5000 },
  );
});
