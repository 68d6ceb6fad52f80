import { expect, test } from "vitest";
import { checkCondition, subjectType } from "../../src/core/condition-check.ts";
import type { SubjectTable } from "../../src/core/condition-check.ts";
import { parseCondition } from "../../src/core/condition-parser.ts";

const TABLES = {
  http: {
    open: false,
    types: { status: "number", latency: "duration", body: "any", headers: "object", "headers.*": "text" },
  },
  sql: { open: true, types: { rows: "number" } },
  all: {
    open: false,
    types: { ratio: "ratio", size: "size", text: "text", list: "list", flag: "boolean", number: "number" },
  },
} as const satisfies Record<string, SubjectTable>;

function mistakes(text: string, table: SubjectTable, hasBaseline = false): ReturnType<typeof checkCondition> {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return checkCondition(parsed.condition, table, { hasBaseline });
}

test.each<[keyof typeof TABLES, string]>([
  ["http", "status == 200"],
  ["http", "status in [200, 204]"],
  ["http", "latency < 5s"],
  ["http", "latency < 300"],
  ["http", "p95(latency, 5m) < 300ms"],
  ["http", "trend(latency, 1h) <= 0"],
  ["http", 'body.status == "ok"'],
  ["http", "body.done >= 90%"],
  ["http", "body matches /ok/"],
  ["http", "body.items[0].name == deploy.sha"],
  ["http", 'headers.content-type contains "json"'],
  ["http", "headers.x-version == deploy.sha"],
  ["http", "has(headers.x) == true"],
  ["http", "len(body.items) > 0"],
  ["sql", "anything > 5s"],
  ["sql", "rows == 0"],
  ["all", "ratio >= 90%"],
  ["all", "ratio >= 0.9"],
  ["all", "ratio between 0 and 90%"],
  ["all", "size < 1GiB"],
  ["all", "size < 1000"],
  ["all", 'list contains "x"'],
  ["all", "list matches /x/"],
  ["all", "flag == true"],
  ["all", 'text in ["a", "b"]'],
])("%s takes %s", (table, text) => {
  expect(mistakes(text, TABLES[table])).toEqual([]);
});

test.each<[keyof typeof TABLES, string, string, string?]>([
  ["http", 'status == "ok"', 'status is a number and cannot be compared with the text "ok"'],
  ["http", "status == true", "status is a number and cannot be compared with true"],
  ["http", "status == null", "status is a number and cannot be compared with null"],
  ["http", "status < 5s", "status is a number and cannot be compared with the duration 5s"],
  ["http", "status < 1MB", "status is a number and cannot be compared with the size 1000000B"],
  ["http", "status == deploy.sha", "status is a number and cannot be compared with deploy.sha"],
  ["http", 'status in [200, "x"]', 'status is a number and cannot be compared with the text "x"'],
  ["http", "status between 1s and 5s", "status is a number and cannot be compared with the duration 1s"],
  [
    "http",
    "status < 90%",
    "status is a number and cannot be compared with the ratio 90%",
    "if the value is already a percentage, write 90; if a change against a baseline was meant, write +90%",
  ],
  ["http", 'status contains "2"', "contains looks into text and lists; status is a number"],
  ["http", "latency matches /5/", "matches looks into text and lists; latency is a duration"],
  [
    "http",
    "latency < 90%",
    "latency is a duration and cannot be compared with the ratio 90%",
    "if the value is already a percentage, write 90; if a change against a baseline was meant, write +90%",
  ],
  ["http", "headers.age > 5", "headers.age is text and cannot be compared with the number 5"],
  ["http", "headers == 5", "headers is an object and cannot be compared with the number 5"],
  ["http", "headers[0] == 5", "headers is an object and has no [0]"],
  ["http", "headers.a.b == 5", 'headers is text and has no "b"'],
  ["http", "status.code == 5", 'status is a number and has no "code"'],
  ["http", "statsu == 200", '"statsu" is no subject of this source', 'did you mean "status"?'],
  [
    "http",
    "rows == 0",
    '"rows" is no subject of this source',
    "subjects here: status, latency, body, headers",
  ],
  [
    "http",
    "constructor == 0",
    '"constructor" is no subject of this source',
    "subjects here: status, latency, body, headers",
  ],
  [
    "http",
    "has(rows) == true",
    '"rows" is no subject of this source',
    "subjects here: status, latency, body, headers",
  ],
  ["http", "has(body.x) == 1", "has(body.x) is true or false and cannot be compared with the number 1"],
  ["http", "len(status) > 1", "len counts text, lists and objects; status is a number"],
  ["http", "p95(headers.x) > 1", "p95 takes numbers; headers.x is text"],
  [
    "http",
    "status > 3x",
    "3x compares with a baseline, and this check has none",
    "compare with an absolute number",
  ],
  [
    "http",
    "body.x > +50%",
    "+50% compares with a baseline, and this check has none",
    "compare with an absolute number",
  ],
  ["sql", 'rows == "0"', 'rows is a number and cannot be compared with the text "0"'],
  ["all", "list == 5", "list is a list and cannot be compared with the number 5"],
  ["all", "flag < 5", "flag is true or false and cannot be compared with the number 5"],
  ["all", 'flag == "true"', 'flag is true or false and cannot be compared with the text "true"'],
  ["all", "text > 5", "text is text and cannot be compared with the number 5"],
])("%s refuses %s", (table, text, message, hint) => {
  const [mistake, ...more] = mistakes(text, TABLES[table]);
  expect(more).toEqual([]);
  expect(mistake?.message).toBe(message);
  expect(mistake?.hint).toBe(hint);
});

test.each([
  ["x > 3x", "number", undefined],
  ["x < -2pp", "ratio", undefined],
  ["x < -2pp", "number", "-2pp compares ratios only; x is a number"],
  ["x < -2pp", "text", "x is text and cannot be compared with -2pp"],
] as const)("with a baseline, %s on a subject of type %s: %s", (text, type, message) => {
  expect(mistakes(text, { open: false, types: { x: type } }, true)[0]?.message).toBe(message);
});

test.each([
  ["x < 90%", "write of_limit: true inside metric; if a change against a baseline was meant, write +90%"],
  ["x < -2pp", "write of_limit: true inside metric"],
])("where a share can be had, %s is answered with how", (text, hint) => {
  const table = {
    open: false,
    types: { x: "number" },
    asRatio: "write of_limit: true inside metric",
  } as const;
  expect(mistakes(text, table, true)[0]?.hint).toBe(hint);
});

test("who has no baseline, and how to have one", () => {
  const parsed = parseCondition("status > 3x");
  if (!parsed.ok) throw new Error(parsed.message);
  const options = { hasBaseline: false, who: "need", hint: "do this" };
  expect(checkCondition(parsed.condition, TABLES.http, options)).toEqual([
    { message: "3x compares with a baseline, and need has none", hint: "do this", part: "operand" },
  ]);
});

test.each([
  ["status", "number"],
  ["body.items[0]", "any"],
  ["headers.age", "text"],
  ["p95(latency)", "duration"],
  ["len(body)", "number"],
  ["has(body)", "boolean"],
])("%s is of type %s", (text, type) => {
  const parsed = parseCondition(`${text} == 1`);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(subjectType(parsed.condition.subject, TABLES.http)).toBe(type);
});

test.each([
  ["statsu == 200", "subject"],
  ['status contains "x"', "operator"],
  ['status == "x"', "operand"],
])("%s points at the %s", (text, part) => {
  expect(mistakes(text, TABLES.http)[0]?.part).toBe(part);
});
