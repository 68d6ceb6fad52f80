import { describe, expect, it } from "vitest";
import type { Action, Outcome } from "../../src/core/outcome.ts";
import { actionList, actionSentence, BY_HAND, nextWords } from "../../src/report/action-list.ts";
import { markdownWords } from "../../src/report/words.ts";
import { checkRunTitle } from "../../src/report/title.ts";
import { measuredRun, reverted } from "./sample-outcomes.ts";

describe("an action", () => {
  it.each([
    ["revert_pr", "Revert pull request"],
    ["render_rollback", "Rollback on Render"],
    ["recheck", "Recheck"],
    ["patch_pr", "Patch pull request"],
    ["issue", "Issue"],
    ["freeze", "Auto-deploy freeze"],
    ["unfreeze", "Auto-deploy on again"],
    ["something_new", "something\\_new"],
  ])("%s is called %s", (kind, name) => {
    expect(actionList([{ kind, state: "held" }])).toBe(`- **${name}**: held back.`);
  });

  it("says why and where, with a command to copy", () => {
    const reason = `a conflict in *a.py*${BY_HAND}git revert 'x*'`;
    const url = "https://github.com/acme/shop/pull/2";
    expect(actionList([{ kind: "revert_pr", state: "failed", reason, url }])).toBe(
      "- **Revert pull request**: did not work. A conflict in \\*a.py\\* By hand: `git revert 'x*'` [github.com/acme/shop/pull/2](https://github.com/acme/shop/pull/2)",
    );
    expect(actionSentence({ kind: "recheck", state: "done", reason: "2 passed", url })).toBe(
      `Recheck: done, 2 passed ${url}`,
    );
  });
});

const { revert: _revert, ...unreverted } = measuredRun;

function without(kind: string): readonly Action[] {
  return measuredRun.actions.filter((action) => action.kind !== kind);
}

describe("after a rollback", () => {
  it.each<[string, Outcome, string]>([
    [
      "frozen, with a revert",
      measuredRun,
      "The version before is live again, by rollback `dep-d4ge2`; auto-deploy is off until the revert has passed. Merge [pull request #&#8203;42](https://github.com/acme/scrapersky/pull/42) to take the change out of the branch,",
    ],
    [
      "not frozen",
      { ...measuredRun, actions: without("freeze") },
      "The version before is live again, by rollback `dep-d4ge2`. Merge",
    ],
    [
      "restored",
      { ...measuredRun, actions: [...measuredRun.actions, { kind: "unfreeze", state: "done" }] },
      "by rollback `dep-d4ge2`. Merge",
    ],
    [
      "without a revert",
      { ...unreverted, actions: without("revert_pr") },
      "auto-deploy is off until the revert has passed. No revert was opened: fix forward, or revert by hand.",
    ],
    [
      "that failed",
      { ...unreverted, actions: [{ kind: "render_rollback", state: "failed" }] },
      "The failed version is still live. See above for what kept the gate from acting",
    ],
  ])("%s", (_, outcome, words) => {
    expect(markdownWords(nextWords(outcome))).toContain(words);
  });

  it("a patch waits to be merged, wherever the failed version is", () => {
    const url = "https://github.com/acme/scrapersky/pull/43";
    const patched: Outcome = { ...unreverted, actions: [{ kind: "patch_pr", state: "done", url }] };
    expect(markdownWords(nextWords(patched))).toContain(
      `The failed version is still live. Merge [the patch pull request](${url}) to apply the patch, or fix forward and close it.`,
    );
    expect(checkRunTitle(patched)).toMatch(/; patch opened$/u);
  });

  it("the title says so", () => {
    expect(checkRunTitle(measuredRun)).toMatch(/; rolled back; revert #42 opened$/u);
    expect(checkRunTitle(unreverted)).toMatch(/; rolled back$/u);
    expect(checkRunTitle(reverted)).not.toContain("rolled back");
  });
});
