import * as fc from "fast-check";
import { expect, test } from "vitest";
import { durationText, parseDuration } from "../../src/core/duration.ts";
import { didYouMean, suggest } from "../../src/core/suggest.ts";

test.each([
  ["500ms", 500],
  ["90s", 90_000],
  ["15m", 900_000],
  ["1.5h", 5_400_000],
  ["7d", 604_800_000],
  ["0s", 0],
  ["0.0015s", undefined],
  ["30", undefined],
  ["5 m", undefined],
  ["5 minutes", undefined],
  ["1h30m", undefined],
  ["-5s", undefined],
  ["+5s", undefined],
  [".5s", undefined],
  ["5S", undefined],
  ["", undefined],
  ["1e3s", undefined],
  ["9999999999s", undefined],
])("%j is %s ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [0, "0s"],
  [1, "1ms"],
  [90_000, "90s"],
  [900_000, "15m"],
  [5_400_000, "90m"],
  [86_400_000, "1d"],
])("%d ms are written %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test("what is written reads back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (ms) => parseDuration(durationText(ms)) === ms),
  );
});

test.each([
  ["evry", ["every", "grace"], "every"],
  ["failAfter", ["fail_after", "pass_after"], "fail_after"],
  ["fail-after", ["fail_after"], "fail_after"],
  ["mian", ["main", "mode"], "main"],
  ["err", ["error", "alert"], "error"],
  ["Status", ["status"], "status"],
  ["cpu", ["status", "latency"], undefined],
  ["x", [], undefined],
  ["x".repeat(61), ["x".repeat(61)], undefined],
])("%s among %j was meant as %s", (word, candidates, expected) => {
  expect(suggest(word, candidates)).toBe(expected);
  expect(didYouMean(word, candidates)).toBe(
    expected === undefined ? undefined : `did you mean "${expected}"?`,
  );
});
