import { expect, it } from "vitest";
import { limitsOf, relativeLimit } from "../../src/core/limit.ts";
import { condition } from "./given.ts";

it.each([
  ["factor", 3, 2, 6],
  ["change", 0.5, -10, -5],
  ["points", -0.02, 0.95, 0.93],
] as const)("%s %s of %s is %s", (by, value, baseline, limit) =>
  expect(relativeLimit({ by, value }, baseline)).toBeCloseTo(limit, 9),
);

it.each([
  ["x < 5s", undefined, [5000]],
  ["x between 40% and 60%", undefined, [0.4, 0.6]],
  ["x > 3x", 2, [6]],
  ["x > 3x", undefined, []],
  ["x in [200, 204]", undefined, []],
  ['x == "5"', undefined, []],
  ["x matches /5/", undefined, []],
  ["x == true", undefined, []],
  ["x == deploy.sha", undefined, []],
])("%s with baseline %s compares with %j", (text, baseline, limits) =>
  expect(limitsOf(condition(text).operand, baseline)).toEqual(limits),
);
