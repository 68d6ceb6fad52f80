import { expect, it } from "vitest";
import { isWaiting } from "../../src/core/watch-ending.ts";
import { DAY, T0 } from "./given.ts";

it.each([
  ["goes on", {}, { verdict: "pass" }, true],
  ["passed", { over: T0 }, { verdict: "pass" }, false],
  ["passed, and something is owed", { over: T0, isOwed: true }, { verdict: "pass" }, true],
  [
    "passed a week ago, and something is owed",
    { over: T0 - 7 * DAY, isOwed: true },
    { verdict: "pass" },
    true,
  ],
  ["passed long ago, whatever is owed", { over: T0 - 7 * DAY - 1, isOwed: true }, { verdict: "pass" }, false],
  ["failed", { over: T0 - 3 * DAY }, { verdict: "fail" }, true],
  ["failed long ago", { over: T0 - 3 * DAY - 1 }, { verdict: "fail" }, false],
  ["failed where nobody can order a remedy", { over: T0 }, { verdict: "fail", mode: "advise" }, false],
  ["could not tell", { over: T0 }, { verdict: "unknown" }, false],
  ["ended without a verdict", { over: T0 }, { verdict: undefined }, false],
] as const)("a watch that %s is kept: %o %o %s", (_, watch, about, is) => {
  expect(isWaiting(watch, { mode: "enforce", now: T0, ...about })).toBe(is);
});
