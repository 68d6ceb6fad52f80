import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FailAfter, Finding } from "../../src/core/check.ts";
import { keptStanding, keptStandingOf, standingOf } from "../../src/core/kept-standing.ts";
import { Misfit } from "../../src/core/shape.ts";
import { NEW_STANDING, resultOf, withFinding, type Standing } from "../../src/core/standing.ts";
import { givenCheck, MINUTE, SECOND, T0 } from "./given.ts";

const OUTCOMES = ["pass", "warn", "fail", "unknown", "error", "none", "open", "not-applied"] as const;
const FAIL_AFTER: readonly FailAfter[] = [
  { kind: "consecutive", count: 1 },
  { kind: "consecutive", count: 3 },
  { kind: "of", count: 3, of: 5 },
  { kind: "duration", ms: MINUTE },
];

const findingAt = (index: number, outcome: Finding["outcome"]): Finding => ({
  at: T0 + index * 30 * SECOND,
  outcome,
  ...(outcome === "open" && index % 2 === 0 ? { isInGrace: true } : {}),
  reason: `${outcome} ${index}`,
  lines: [],
  evidence: [],
});

/** As another run reads it. */
const again = (standing: Standing): Standing =>
  standingOf(keptStandingOf(JSON.parse(JSON.stringify(keptStanding(standing))), "standing"));

describe("a standing that is written down", () => {
  it("goes on as one that was never interrupted, wherever it was cut", () => {
    const letters = fc.array(fc.tuple(fc.constantFrom(...OUTCOMES), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(
        letters,
        fc.constantFrom(...FAIL_AFTER),
        fc.integer({ min: 1, max: 3 }),
        (all, failAfter, passAfter) => {
          const check = givenCheck({ failAfter, passAfter });
          let [whole, cut] = [NEW_STANDING, NEW_STANDING];
          for (const [index, [outcome, isCut]] of all.entries()) {
            whole = withFinding(whole, check, findingAt(index, outcome));
            cut = withFinding(isCut ? again(cut) : cut, check, findingAt(index, outcome));
          }
          expect(again(cut)).toEqual(whole);
          const end = { expected: all.length, isLast: true };
          expect(resultOf(check, again(cut), end)).toEqual(resultOf(check, whole, end));
        },
      ),
    );
  });

  it("costs little while all is well, and nothing new is said of it", () => {
    const check = givenCheck();
    let standing = NEW_STANDING;
    for (let index = 0; index < 500; index += 1)
      standing = withFinding(standing, check, findingAt(index, "pass"));
    const kept = JSON.stringify(keptStanding(standing));
    expect(JSON.parse(kept)).toEqual({
      due: 500,
      lastJudged: { at: T0 + 499 * 30 * SECOND, reason: "pass 499" },
    });
    expect(kept.length).toBeLessThan(150);
    expect(keptStanding(NEW_STANDING)).toEqual({ current: "unknown" });
  });

  it("has the arithmetic of what failed, cut short", () => {
    const long = "x".repeat(5_000);
    const line = {
      condition: "v < 1",
      subject: "v",
      tier: "fail",
      holds: true,
      limits: [1, Infinity],
    } as const;
    const finding: Finding = {
      ...findingAt(1, "fail"),
      reason: long,
      lines: [
        { ...line, value: { deep: long } },
        { ...line, value: Infinity, baseline: 2, unit: "ratio", why: long },
      ],
      evidence: [{ at: T0, text: long, from: "x7k2p" }, { text: "b" }, { text: "c" }],
    };
    const warned: Finding = { ...finding, at: T0 + MINUTE, outcome: "warn" };
    const check = givenCheck();
    const standing = withFinding(withFinding(NEW_STANDING, check, finding), check, warned);
    const { failed, lastFailing, last } = again(standing);
    expect(failed).toEqual({
      ...finding,
      reason: `${"x".repeat(159)}…`,
      lines: [
        { ...line, limits: [1], value: `{"deep":"${"x".repeat(70)}…` },
        { ...line, limits: [1], value: "Infinity", baseline: 2, unit: "ratio", why: `${"x".repeat(159)}…` },
      ],
      evidence: [{ at: T0, text: `${"x".repeat(159)}…`, from: "x7k2p" }, { text: "b" }],
    });
    expect(lastFailing).toBe(failed);
    expect(last).toMatchObject({ outcome: "warn", lines: [], evidence: [] });
    expect(again(again(standing))).toEqual(again(standing));
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["a count that is none", { due: -1 }],
    ["half a sample", { taken: 1.5 }],
    ["a word of tomorrow", { current: "fine" }],
    ["flags that are none", { recent: "012" }],
    ["a finding without a reason", { last: { at: 1 } }],
    ["a finding with a word of tomorrow", { last: { at: 1, reason: "", outcome: "fine" } }],
    [
      "a line that holds maybe",
      { failed: { at: 1, reason: "", lines: [{ condition: "", subject: "", tier: "fail" }] } },
    ],
  ])("%s is a misfit", (_what, value) => {
    expect(() => keptStandingOf(value, "standing")).toThrow(Misfit);
  });
});
