import { isDeepStrictEqual } from "node:util";
import { checkCondition } from "../../../src/core/condition-check.ts";
import { conditionText, parseCondition } from "../../../src/core/condition-parser.ts";
import type { Condition, Path, Scope } from "../../../src/core/condition.ts";
import { evaluateCondition } from "../../../src/core/evaluate.ts";
import type { Value } from "../../../src/core/value.ts";
import { TRICKS } from "../../hostile/tricks.ts";
import { law, type FuzzTarget } from "../target.ts";

const LEAVES: readonly Value[] = [
  200,
  -0,
  0.5,
  Number.NaN,
  Infinity,
  "",
  "ok",
  "a".repeat(40),
  true,
  null,
  [],
  [1, "a", [null]],
  {},
  { a: 1 },
  ...TRICKS.slice(0, 5).map(({ text }) => text),
];

/** A value in which the path leads to the leaf. */
function around(path: Path, leaf: Value): Value {
  return path.reduceRight<Value>((inner, step) => {
    if (typeof step === "number") return step < 10 ? [...Array.from({ length: step }, () => 0), inner] : [];
    return Object.fromEntries([[step, inner]]);
  }, leaf);
}

function scopes(path: Path): readonly Scope[] {
  const base = {
    at: 1_000,
    since: 0,
    sha: "a".repeat(40),
    series: () => [
      { at: 1, value: 1 },
      { at: 2, value: 5 },
    ],
  };
  const subjects = LEAVES.map((leaf) => around(path, leaf) as Scope["subjects"]);
  return [
    ...[...subjects, {}, JSON.parse('{"__proto__":{"status":200}}') as Scope["subjects"]].map((subjects) => ({
      ...base,
      subjects,
    })),
    {
      ...base,
      subjects: subjects[0] ?? {},
      baseline: { kind: "known", values: {}, from: "tests" },
      floor: 1,
    },
    { ...base, subjects: subjects[0] ?? {}, baseline: { kind: "none", why: "new", isYet: true } },
  ];
}

/** What the condition looks at is what it says, and evaluating it gives a truth or a reason. */
function evaluates(condition: Condition): void {
  for (const scope of scopes(condition.subject.path)) {
    const line = evaluateCondition(condition, "pass", scope);
    law((line.holds === null) === ((line.why ?? "") !== ""), "a line that is not evaluated has no reason");
    const isOwn = Object.hasOwn(scope.subjects, condition.subject.path[0] ?? "");
    const isRead = condition.subject.kind === "path" || condition.subject.name === "len";
    law(isOwn || !isRead || line.holds === null, "a subject that is not there was evaluated");
  }
}

export const condition: FuzzTarget = {
  name: "condition",
  seeds: [
    "status == 200",
    'body.status == "ok"',
    'body.items[0].name contains "a\\u0000"',
    "latency < 5s",
    "success >= 90%",
    "rate > 3x",
    "value > +50%",
    "value < -2pp",
    "trend(depth, 6h) <= 0",
    "p95(latency, 1.5h) < 300ms",
    "status between 200 and 299",
    "body matches /^a(?:b|c)*[/]x{2,3}$/ims",
    'status in [200, "x", null, 1.5MiB]',
    "headers.x-commit == deploy.sha",
    "has(__proto__.constructor) == true",
    "len(toString) > 0",
    ...TRICKS.slice(0, 12).map(({ text }) => `body contains ${JSON.stringify(text)}`),
  ],
  words: [
    "==",
    "!=",
    "<=",
    " and ",
    " in ",
    "between ",
    "matches ",
    "contains ",
    "[",
    "]",
    "(",
    ")",
    ".",
    ",",
    "/",
    "\\",
    '"',
    "%",
    "x",
    "pp",
    "ms",
    "GiB",
    "d",
    "null",
    "deploy.sha",
    "__proto__",
    "constructor",
    "(a+)+",
    "(?=a)",
    "\\1",
    "{1,99}",
    "1e9",
    "0.000000001",
    "+",
    "-",
    "\u00a0",
    "\u2028",
  ],
  holds(text) {
    const read = parseCondition(text);
    if (!read.ok) {
      law(read.message !== "" && !/[\n\r]/u.test(read.message), "the reason is not one line");
      law(read.column >= 1 && read.column <= text.length + 1, `column ${read.column} is outside of the text`);
      return;
    }
    const { subject, operator, operand } = read.condition;
    for (const column of Object.values(read.columns))
      law(column >= 1 && column <= text.length, "a part stands outside of the text");
    const printed = conditionText(read.condition);
    const again = parseCondition(printed);
    law(again.ok, `what is printed is not read: ${printed}`);
    const { condition: back } = again;
    law(
      isDeepStrictEqual(
        { subject, operator, operand },
        { subject: back.subject, operator: back.operator, operand: back.operand },
      ),
      `printed and read it is another one: ${printed}`,
    );
    evaluates(read.condition);
    checkCondition(
      read.condition,
      { open: true, types: { status: "number", latency: "duration", body: "any" } },
      { hasBaseline: true },
    );
  },
};
