import { expect, test } from "vitest";
import type { Verdict } from "../../src/core/check.ts";
import { afterKey, cleanUpBranch, cleanUpGuard, hitRules } from "../../src/core/clean-up.ts";

const stages = [
  { name: "boot", from: 0, to: 1, verdict: "warn" as const },
  { name: "week", from: 1, to: 2, verdict: "pass" as const },
];

test.each([
  ["a stage that ended so", "week", "pass", [], true],
  ["a stage that ended otherwise", "boot", "pass", [], false],
  ["a stage that has not ended", "month", "pass", [], false],
  ["what was carried out", "week", "pass", ["week pass"], false],
  ["what was carried out for another ending", "week", "pass", ["week warn", "boot pass"], true],
] as const)("%s", (_, stage, verdict, after, isHit) => {
  const rule = { stage, verdict, steps: [] };
  expect(hitRules([rule], { stages, after })).toEqual(isHit ? [rule] : []);
  expect(afterKey(rule)).toBe(`${stage} ${verdict}`);
});

test.each<[string, "pass" | "fail", Verdict, string | undefined, readonly string[], string | undefined]>([
  ["nothing", "pass", "pass", undefined, [], undefined],
  ["warnings elsewhere", "pass", "warn", undefined, [], undefined],
  ["a deploy that failed all the same", "pass", "fail", undefined, [], "the deploy failed all the same: why"],
  ["a failure is what the rule waits for", "fail", "fail", undefined, [], undefined],
  ["a freeze", "pass", "pass", "frozen", ["u"], "frozen"],
  ["the label", "pass", "pass", undefined, ["u", "v"], 'held by label "wait": u, v'],
])("%s", (_, rule, verdict, frozen, holds, guard) => {
  expect(
    cleanUpGuard({
      rule: { verdict: rule },
      outcome: { verdict, reason: "why" },
      frozen,
      holdLabel: "wait",
      holds,
    }),
  ).toBe(guard);
});

test.each([
  ["shop-api", "week pass", 0, "deploy-gate/cleanup-09dadc4b1c2d-shop-api-week-pass"],
  ["shop-api", "week pass", 1, "deploy-gate/cleanup-09dadc4b1c2d-shop-api-week-pass-2"],
  ["Ä..~^:?*[\\ /x", "w p", 0, "deploy-gate/cleanup-09dadc4b1c2d-x-w-p"],
  ["y".repeat(300), "week pass", 0, `deploy-gate/cleanup-09dadc4b1c2d-${"y".repeat(50)}-week-pass`],
])("the branch of %s, %s, %i", (service, key, step, branch) => {
  expect(cleanUpBranch({ commit: "09dadc4b1c2d3e4f5a6b", service, key, step })).toBe(branch);
});
