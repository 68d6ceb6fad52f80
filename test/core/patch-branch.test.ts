import { describe, expect, it } from "vitest";
import { isGatePatch, patchBranch } from "../../src/core/patch-branch.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

describe("the branch of a patch", () => {
  it.each<[string, string, string]>([
    ["the whole path tells it", ".github/gate/old-scheduler.patch", "github-gate-old-scheduler"],
    ["a diff", "fix.diff", "fix"],
    ["letters of all kinds", "Gate/Übung $(rm -rf) ~^:?*[.patch", "gate-bung-rm-rf"],
    ["nothing that a branch may hold", "äöü.patch", "file"],
    ["the end of a long path", `${"folder/".repeat(20)}last.patch`, `${"folder-".repeat(8)}last`.slice(-60)],
    ["no hyphen at the cut", `${"a".repeat(20)}/${"b".repeat(59)}.patch`, "b".repeat(59)],
  ])("%s", (_what, path, slug) =>
    expect(patchBranch(SHA, path)).toBe(`deploy-gate/patch-0123456789ab-${slug}`),
  );
});

describe("a gate's own patch", () => {
  it.each<[string, string, boolean]>([
    ["the trailer", `Rollback\n\nDeploy-Gate-Patch: ${SHA}`, true],
    ["a merge of its branch", "Merge pull request #12 from acme/deploy-gate/patch-1-x\n\nRollback", true],
    ["the trailer quoted within a line", "About Deploy-Gate-Patch: lines", false],
    ["a merge of another branch", "Merge pull request #12 from acme/feature/deploy-gate/patch-x", false],
    ["a gate's revert", "Revert\n\nDeploy-Gate-Revert: a..b", false],
  ])("%s", (_what, message, expected) => expect(isGatePatch(message)).toBe(expected));
});
