import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Baseline, Scope, Series } from "../../src/core/condition.ts";
import { parseCondition } from "../../src/core/condition-parser.ts";
import { evaluateCondition } from "../../src/core/evaluate.ts";
import type { Subjects, Value } from "../../src/core/value.ts";

const SHA = "09dadc4e1f00000000000000000000000000abcd";
const MINUTE = 60_000;
const T0 = 0;

function lineOf(text: string, scope: Partial<Scope> = {}): ReturnType<typeof evaluateCondition> {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateCondition(parsed.condition, "fail", {
    at: 0,
    since: 0,
    subjects: {},
    series: () => [],
    sha: SHA,
    ...scope,
  });
}

const sample: Subjects = {
  status: 200,
  latency: 3000,
  ratio: 0.9,
  percent: 95,
  ok: true,
  nothing: null,
  commit: "09dadc4",
  text: "all done",
  tags: ["a", "b", 3],
  body: { status: "ok", items: [{ name: "x" }], "content-type": "json" },
};

describe("true or false", () => {
  test.each<[string, boolean]>([
    ["status == 200", true],
    ["status != 200", false],
    ["status < 200", false],
    ["status <= 200", true],
    ["status > 199.5", true],
    ["status >= 201", false],
    ["status between 200 and 299", true],
    ["status between 201 and 299", false],
    ["status between 100 and 200", true],
    ["status in [200, 204]", true],
    ["status in [201, 204]", false],
    ['status in ["200", 200]', true],
    ["latency < 5s", true],
    ["latency < 3s", false],
    ["latency <= 3000", true],
    ["latency == 0.05m", true],
    ["ratio >= 90%", true],
    ["ratio > 90%", false],
    ["ratio between 80% and 95%", true],
    ["ok == true", true],
    ["ok != true", false],
    ["nothing == null", true],
    ["nothing != null", false],
    ["status == null", false],
    ['body.status == "ok"', true],
    ['body.items[0].name != "x"', false],
    ['body.content-type == "json"', true],
    ['text contains "done"', true],
    ['text contains "Done"', false],
    ["text matches /^ALL/i", true],
    ["text matches /none/", false],
    ['tags contains "a"', true],
    ['tags contains "c"', false],
    ["tags contains 3", true],
    ["tags matches /^b$/", true],
    ["commit == deploy.sha", true],
    ["commit != deploy.sha", false],
    ["len(text) == 8", true],
    ["len(tags) > 3", false],
    ["len(body) == 3", true],
    ["has(body.status) == true", true],
    ["has(body.error) == true", false],
    ["has(body.error) == false", true],
    ["has(nothing) == true", true],
  ])("%s is %s", (text, holds) => {
    expect(lineOf(text, { subjects: sample })).toMatchObject({ condition: text, tier: "fail", holds });
  });

  test.each<[Value, boolean]>([
    [SHA, true],
    [`${SHA.slice(0, 12)}\n`, true],
    ["09DADC4", true],
    ["09dadc", false],
    ["19dadc4", false],
    [`${SHA}0`, false],
    ["", false],
  ])("%j == deploy.sha is %s", (value, holds) => {
    expect(lineOf("x == deploy.sha", { subjects: { x: value } }).holds).toBe(holds);
  });
});

describe("not evaluated", () => {
  test.each<[string, string]>([
    ["missing == 1", "missing is missing"],
    ["body.error == null", "body.error is missing"],
    ['body.items[1].name == "x"', "body.items[1].name is missing"],
    ["tags.length > 1", "tags.length is missing"],
    ["body[0] == 1", "body[0] is missing"],
    ["body.constructor != null", "body.constructor is missing"],
    ["toString != null", "toString is missing"],
    ["len(missing) == 0", "missing is missing"],
    ["len(status) == 3", "status is neither text nor a list nor an object, so it has no length"],
    ['status == "200"', 'status is a number and does not compare with "200"'],
    ["text > 5", "text is text and does not compare with 5"],
    ["text == 5", "text is text and does not compare with 5"],
    ["nothing > 5", "nothing is null and does not compare with 5"],
    ['nothing != "x"', 'nothing is null and does not compare with "x"'],
    ["ok == 1", "ok is true or false and does not compare with 1"],
    ["body == 1", "body is an object and does not compare with 1"],
    ["tags == 1", "tags is a list and does not compare with 1"],
    ['status in ["a", "b"]', 'status is a number and does not compare with "a"'],
    ['status contains "2"', 'status is a number and does not compare with "2"'],
    ["text contains 5", "text is text and does not compare with 5"],
    ["status matches /2/", "status is a number and does not compare with /2/"],
    ["status == deploy.sha", "status is a number, not a commit"],
    [
      "percent >= 90%",
      "percent is 95 and 90% compares with a ratio from 0 to 1 only: is it already a percentage (then compare with 90), or was +90% meant?",
    ],
    ["latency < 3x", "no baseline for latency: the check has none"],
    ["p95(latency) < 5s", "no number was sampled yet"],
  ])("%s: %s", (text, why) => {
    expect(lineOf(text, { subjects: sample })).toMatchObject({ holds: null, why });
  });

  test("a deploy without a commit", () => {
    expect(lineOf("commit == deploy.sha", { subjects: sample, sha: "" }).why).toBe(
      "this deploy has no commit",
    );
  });

  test("a text too long to be searched whole, unless its beginning matches", () => {
    const subjects = { body: `x${" ".repeat(20_000)}y` };
    expect(lineOf("body matches /y/", { subjects })).toMatchObject({
      holds: null,
      why: "body is too long to be searched whole, and its beginning does not match",
    });
    expect(lineOf("body matches /x/", { subjects }).holds).toBe(true);
  });
});

const known = (values: Readonly<Record<string, number>>): Baseline => ({
  kind: "known",
  values,
  from: "the old version",
});

describe("relative to a baseline", () => {
  test("a function compares with the baseline of the same function", () => {
    const series = (): Series => [{ at: T0, value: 9 }];
    const seen = { subjects: { x: 1 }, series, baseline: known({ x: 100, "max(x)": 4 }) };
    expect(lineOf("max(x) > 2x", seen)).toMatchObject({ holds: true, value: 9, baseline: 4 });
  });

  test("a baseline that cannot exist yet is told from one that is missing", () => {
    const none = (isYet: boolean): Baseline => ({ kind: "none", why: "this is the first deploy", isYet });
    expect(lineOf("x > 2x", { subjects: { x: 1 }, baseline: none(true) })).toMatchObject({
      holds: null,
      why: "no baseline for x: this is the first deploy",
      cause: "no baseline yet",
    });
    expect(lineOf("x > 2x", { subjects: { x: 1 }, baseline: none(false) }).cause).toBeUndefined();
  });

  test("what has no value because its window has not filled is open, not missing", () => {
    expect(lineOf("x < 2", { subjects: {}, open: ["x"] })).toMatchObject({ holds: null, cause: "open" });
    expect(lineOf("y < 2", { subjects: {}, open: ["x"] }).cause).toBeUndefined();
    const series = (): Series => [{ at: T0, value: 9 }];
    const early = lineOf("trend(x, 6h) <= 0", { subjects: { x: 9 }, series, since: T0, at: T0 });
    expect(early).toMatchObject({ holds: null, cause: "open" });
  });

  test.each<[string, number, number, boolean]>([
    ["x > 3x", 31, 10, true],
    ["x > 3x", 30, 10, false],
    ["x > +50%", 151, 100, true],
    ["x > +50%", 150, 100, false],
    ["x < -20%", 79, 100, true],
    ["x < -20%", 80, 100, false],
    ["x > +50%", -4, -10, true],
    ["x < -2pp", 0.9, 0.95, true],
    ["x < -2pp", 0.94, 0.95, false],
  ])("%s with %s against %s is %s", (text, value, baseline, holds) => {
    expect(lineOf(text, { subjects: { x: value }, baseline: known({ x: baseline }) })).toMatchObject({
      holds,
      value,
      baseline,
    });
  });

  test.each<[string, Partial<Scope>, string]>([
    [
      "under the floor",
      { baseline: known({ x: 2 }), floor: 5 },
      "value and baseline are under the floor of 5",
    ],
    [
      "another subject's baseline",
      { baseline: known({ y: 2 }) },
      "no baseline for x: the old version did not measure it",
    ],
    ["no baseline at all", {}, "no baseline for x: the check has none"],
    ["no number", { baseline: known({ x: 2 }), subjects: { x: "3" } }, "x is not a number"],
    [
      "a multiple of a negative baseline",
      { baseline: known({ x: -2 }), subjects: { x: -3 } },
      "3x of less than nothing is no limit",
    ],
  ])("not evaluated: %s", (_, scope, why) => {
    expect(lineOf("x > 3x", { subjects: { x: 3 }, ...scope })).toMatchObject({ holds: null, why });
  });

  test("the floor is reached by the larger of value and baseline", () => {
    expect(lineOf("x > 3x", { subjects: { x: 9 }, baseline: known({ x: 2 }), floor: 5 }).holds).toBe(true);
    expect(lineOf("x > 3x", { subjects: { x: 1 }, baseline: known({ x: 6 }), floor: 5 }).holds).toBe(false);
  });

  test("percentage points compare ratios only", () => {
    expect(lineOf("x < -2pp", { subjects: { x: 90 }, baseline: known({ x: 95 }) })).toMatchObject({
      holds: null,
      why: "percentage points compare ratios from 0 to 1 only",
    });
  });
});

describe("functions over the watch", () => {
  const points = (values: readonly number[]): Series =>
    values.map((value, index) => ({ at: index * MINUTE, value }));
  const over = (
    text: string,
    values: readonly number[],
    scope: Partial<Scope> = {},
  ): ReturnType<typeof lineOf> =>
    lineOf(text, {
      at: (values.length - 1) * MINUTE,
      series: (path) => (path[0] === "x" ? points(values) : []),
      ...scope,
    });

  test.each<[string, readonly number[], number]>([
    ["p50(x)", [5, 1, 4, 2, 3], 3],
    ["p50(x)", [1, 2, 3, 4], 2],
    ["p95(x)", Array.from({ length: 100 }, (_, i) => i + 1), 95],
    ["p99(x)", Array.from({ length: 100 }, (_, i) => i + 1), 99],
    ["p95(x)", [7], 7],
    ["avg(x)", [1, 2, 6], 3],
    ["max(x)", [1, 9, 6], 9],
    ["min(x)", [4, 1, 6], 1],
    ["sum(x)", [1, 2, 6], 9],
    ["max(x, 1m)", [9, 1, 2], 2],
    ["sum(x, 1m)", [9, 1, 2], 3],
    ["trend(x, 2m)", [10, 20, 30], 600],
    ["trend(x, 2m)", [30, 20, 10], -600],
    ["trend(x, 2m)", [99, 5, 5, 5], 0],
  ])("%s of %j is %s", (call, values, expected) => {
    expect(over(`${call} == 0`, values).value).toBeCloseTo(expected, 6);
  });

  test("trend waits until its window has filled", () => {
    expect(over("trend(x, 10m) <= 0", [1, 2, 3])).toMatchObject({
      holds: null,
      why: "the window has not filled yet",
    });
    expect(over("trend(x, 2m) <= 0", [3, 2, 1]).holds).toBe(true);
  });

  test("a trend needs samples of half its window at least", () => {
    const points = (...minutes: readonly number[]): Series =>
      minutes.map((minute) => ({ at: minute * MINUTE, value: minute }));
    const trend = (series: Series) =>
      lineOf("trend(x, 60m) <= 0", { series: () => series, since: T0, at: 60 * MINUTE });
    expect(trend(points(0, 1, 31)).holds).toBe(false);
    expect(trend(points(31, 60)).holds).toBeNull();
    expect(trend(points(58, 59, 60))).toMatchObject({
      holds: null,
      why: "its samples are of 2m only, and the trend is of 1h",
    });
    // Looks that come a little late are farther apart than the window.
    expect(trend(points(-29, 60))).toMatchObject({ holds: false, value: 60 });
    expect(trend(points(-31, 60)).holds).toBeNull();
  });

  test("a trend needs two moments", () => {
    expect(over("trend(x, 1s) <= 0", [1, 2])).toMatchObject({
      holds: null,
      why: "a trend needs samples of two moments",
    });
  });

  test("samples after the judged one do not count", () => {
    expect(over("max(x) == 0", [1, 9], { at: 0 }).value).toBe(1);
  });

  test("a percentile is one of the values and grows with its rank", () => {
    const values = fc.array(fc.integer(), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, (values) => {
        const of = (name: string): number => Number(over(`${name}(x) == 0`, values).value);
        return (
          values.includes(of("p50")) &&
          of("p50") <= of("p95") &&
          of("p95") <= of("p99") &&
          of("p99") <= of("max")
        );
      }),
    );
  });
});

const value = fc.jsonValue() as fc.Arbitrary<Value>;
const conditions = [
  "x == 1",
  'x contains "a"',
  "x matches /a/",
  'x in [1, "a", null]',
  "x < 90%",
  "x between 0 and 5",
  "x.y[0] > 3x",
  "x == deploy.sha",
  "len(x) > 1",
  "p95(x) < 1",
  "x != null",
  "has(x.y) == true",
];

test("no value makes it throw, and what is not evaluated says why", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(...conditions), (x, text) => {
      const line = lineOf(text, { subjects: { x }, baseline: known({ x: 1 }) });
      return line.holds === null ? (line.why ?? "") !== "" : line.why === undefined;
    }),
    { numRuns: 2000 },
  );
});
