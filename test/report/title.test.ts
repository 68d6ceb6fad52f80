import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/core/check.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { checkRunTitle, conclusionOf, settledStatus, statusText } from "../../src/report/title.ts";
import * as sample from "./sample-outcomes.ts";

describe("the table of verdicts", () => {
  it.each<[Verdict, string, string]>([
    ["pass", "success", "success"],
    ["warn", "success", "success"],
    ["fail", "failure", "failure"],
    ["unknown", "action_required", "error"],
    ["superseded", "neutral", "pending"],
    ["skipped", "skipped", "success"],
  ])("%s: check run %s, commit status %s", (verdict, conclusion, state) => {
    const outcome: Outcome = { ...sample.passed, verdict };
    expect(conclusionOf(outcome)).toBe(conclusion);
    expect(statusText(outcome)?.state).toBe(state);
    expect(conclusionOf({ ...outcome, mode: "advise" })).toBe(conclusion);
    expect(conclusionOf({ ...outcome, mode: "observe" })).toBe("neutral");
    expect(statusText({ ...outcome, mode: "observe" })).toBeUndefined();
  });
});

describe("titles", () => {
  it.each<[string, Outcome, string]>([
    ["pass", sample.passed, "Passed: 2 of 2 checks passed over boot (5m)"],
    [
      "pass with stages that nobody has watched yet",
      { ...sample.passed, laterStages: ["hour", "day"] },
      "Passed so far (boot): 2 of 2 checks passed over boot (5m)",
    ],
    [
      "a watch that goes on",
      sample.watched,
      "Passed so far (boot, hour): 2 of 2 checks passed over boot (5m); watched until 2026-11-30 10:02 UTC",
    ],
    ["warn", sample.warned, 'Passed with warnings: "queue depth": depth 60, warning above 50'],
    [
      "fail with revert",
      sample.reverted,
      'Failed: "deep scan success": success 75%, at least 80% required, 2 of 2 samples; revert #42 opened',
    ],
    [
      "unknown",
      sample.unknown,
      'Could not tell: "deep scan success": not measured, the database refused the connection 12 times (ECONNREFUSED)',
    ],
    [
      "superseded",
      sample.superseded,
      'Superseded by 4f5a6b7, whose gate covers this commit; failed before that: "deep scan success"',
    ],
    ["skipped", sample.skipped, "Nothing to deploy: The commit message holds [skip render]"],
    [
      "observe without a config file",
      sample.observed,
      'Observing only: Failed: "deep scan success": success 75%, at least 80% required, 2 of 2 samples (no config file: defaults only)',
    ],
    [
      "failed deploy",
      sample.deployFailed,
      "Failed: Deploy dep-d4ge1 ended as build_failed after 2m 10s; nothing was checked",
    ],
    ["no reason", { ...sample.passed, reason: "" }, "Passed: 2 of 2 checks passed"],
  ])("%s", (_, outcome, title) => {
    expect(checkRunTitle(outcome)).toBe(title);
  });

  it("keep what qualifies them when the reason is a megabyte", () => {
    const reason = "🚀 @team\n".repeat(100_000);
    const notes = ["no config file: defaults only"];
    const title = checkRunTitle({ ...sample.reverted, reason, notes });
    expect(title.length).toBeLessThanOrEqual(250);
    expect(title).toMatch(/characters cut\]; revert #42 opened \(no config file: defaults only\)$/u);
    const status = statusText({ ...sample.reverted, reason });
    expect(status?.description.length).toBeLessThanOrEqual(140);
    expect(status?.description).toMatch(/; revert #42 opened$/u);
    const later = statusText({ ...sample.watched, reason })?.description;
    expect(later?.length).toBeLessThanOrEqual(140);
    expect(later).toMatch(/^Passed so far \(boot, hour\): .*; watched until 2026-11-30 10:02 UTC$/u);
    expect(status?.description).not.toMatch(/[\u{10000}-\u{10ffff}\n]/u);
  });
});

describe("settled statuses", () => {
  it.each<[Verdict, string, string]>([
    ["pass", "success", "Covered by 09dadc4: passed"],
    ["fail", "failure", "Covered by 09dadc4: failed"],
    ["unknown", "error", "Covered by 09dadc4: could not tell"],
    ["superseded", "pending", "Covered by 09dadc4: superseded"],
    ["skipped", "pending", "Covered by 09dadc4: nothing to deploy"],
  ])("%s", (verdict, state, description) => {
    expect(settledStatus(verdict, sample.BAD)).toEqual({ state, description });
  });
});
