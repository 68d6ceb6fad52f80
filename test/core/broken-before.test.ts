import { describe, expect, it } from "vitest";
import { brokenBefore } from "../../src/core/broken-before.ts";
import type { Finding } from "../../src/core/check.ts";
import { findingOf } from "../../src/core/finding.ts";
import { conditions, givenCheck, givenContext, okSample, T0 } from "./given.ts";

const check = givenCheck({ pass: conditions("status == 200", "latency < 1s"), fail: conditions("rows > 5") });
const judged = (subjects: Record<string, number>): Finding =>
  findingOf(check, okSample({ status: 200, latency: 1, rows: 0, ...subjects }), givenContext());
const simple = givenCheck({ pass: conditions("status == 200", "latency < 1s") });
const judgedSimply = (subjects: Record<string, number>): Finding =>
  findingOf(simple, okSample({ status: 200, latency: 1, ...subjects }), givenContext());
const refused: Finding = findingOf(
  simple,
  { kind: "failing", at: T0, reason: "refused", subjects: {}, evidence: [] },
  givenContext(),
);

describe("already failing before", () => {
  const rows: readonly (readonly [string, Finding | undefined, Finding | undefined, boolean])[] = [
    [
      "the same line failed on the old version",
      judgedSimply({ status: 404 }),
      judgedSimply({ status: 500 }),
      true,
    ],
    [
      "another line failed on the old version",
      judgedSimply({ latency: 2_000 }),
      judgedSimply({ status: 404 }),
      false,
    ],
    [
      "one line failed before, two now",
      judgedSimply({ status: 404 }),
      judgedSimply({ status: 404, latency: 2_000 }),
      false,
    ],
    ["a fail line held on both", judged({ rows: 6 }), judged({ rows: 600 }), true],
    ["the old version passed", judgedSimply({}), judgedSimply({ status: 404 }), false],
    ["the old version only warned", judged({ status: 404 }), judged({ rows: 6 }), false],
    ["the old version was not looked at", undefined, judgedSimply({ status: 404 }), false],
    ["nothing fails now", judgedSimply({ status: 404 }), undefined, false],
    ["neither version answered", refused, refused, true],
    [
      "the old one did not answer, the new one answers wrongly",
      refused,
      judgedSimply({ status: 404 }),
      false,
    ],
    [
      "the old one answered wrongly, the new one does not answer",
      judgedSimply({ status: 404 }),
      refused,
      false,
    ],
  ];
  it.each(rows)("%s", (_rule, old, now, expected) => expect(brokenBefore(old, now)).toBe(expected));
});
