import { describe, expect, it } from "vitest";
import {
  isIssueAbout,
  issueBody,
  issueMarker,
  issueTitle,
  updatedIssueBody,
  type IssueText,
} from "../../src/report/issue.ts";
import { BAD, GOOD, START } from "./sample-outcomes.ts";

const one: IssueText = {
  services: ["scrapersky-backend"],
  bad: BAD,
  commitUrl: `https://github.com/acme/scrapersky/commit/${BAD}`,
  failedCheck: "deep scan success",
  actions: [],
  reasons: ['"deep scan success": success 75%, at least 80% required, 2 of 2 samples'],
  evidence: [{ at: START, text: '{"success": 0.75}', from: "database main" }],
  runUrl: "https://github.com/acme/scrapersky/actions/runs/8",
  checkRunUrl: "https://github.com/acme/scrapersky/runs/7",
  draftReasons: [],
};
const { failedCheck: _, ...unnamed } = one;

describe("the title", () => {
  it.each<[string, IssueText, string]>([
    ["names the check", one, "Deploy of scrapersky-backend at 09dadc4 failed: deep scan success"],
    [
      "names the reason where no check failed",
      { ...unnamed, reasons: ["build failed"] },
      "Deploy of scrapersky-backend at 09dadc4 failed: build failed",
    ],
    ["as configured", { ...one, title: "Look at @ada's deploy" }, "Look at @\u200bada's deploy"],
  ])("%s", (_what, text, title) => expect(issueTitle(text)).toBe(title));

  it("is never too long", () => {
    expect(issueTitle({ ...one, failedCheck: "x".repeat(400) }).length).toBeLessThanOrEqual(256);
  });
});

describe("the body", () => {
  it("tells what failed, with the evidence", () => {
    expect(issueBody(one)).toMatchInlineSnapshot(`
      "<!-- deploy-gate:issue=scrapersky%2Dbackend:09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f -->
      The deploy of [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f) to \`scrapersky-backend\` failed its gate.

      <!-- deploy-gate:service=scrapersky%2Dbackend -->
      ### What failed: scrapersky-backend

      - "deep scan success": success 75%, at least 80% required, 2 of 2 samples.

      [Check run](https://github.com/acme/scrapersky/runs/7) · [Workflow run](https://github.com/acme/scrapersky/actions/runs/8)

      <details><summary>Evidence (1 piece)</summary>

      \`\`\`text
      10:00:00 [database main] {"success": 0.75}
      \`\`\`

      </details>
      <!-- /deploy-gate:service=scrapersky%2Dbackend -->

      Close this issue when the failure is dealt with: the gate opens no other one about the same deploy."
    `);
  });

  it("says what the gate did besides", () => {
    const body = issueBody({
      ...one,
      actions: [
        {
          kind: "revert_pr",
          state: "done",
          reason: "opened #7",
          url: "https://github.com/acme/scrapersky/pull/7",
        },
      ],
    });
    expect(body).toContain("### What the gate did\n\n- **Revert pull request**: done. Opened #");
  });

  it("is found again by its first line alone", () => {
    const body = issueBody(one);
    expect(isIssueAbout(body, "scrapersky-backend", BAD)).toBe(true);
    expect(isIssueAbout(body.replaceAll("\n", "\r\n"), "scrapersky-backend", BAD)).toBe(true);
    expect(isIssueAbout(body, "scrapersky-backend", GOOD)).toBe(false);
    expect(isIssueAbout(body, "scrapersky", BAD)).toBe(false);
    expect(isIssueAbout(`> ${body}`, "scrapersky-backend", BAD)).toBe(false);
    expect(issueMarker("a--> b", BAD)).not.toMatch(/-->.*-->/);
  });

  it("is brought up to date in the gate's own part alone", () => {
    const body = `${issueBody(one)}\n\nI am on it.`;
    const now = updatedIssueBody(body, { ...one, reasons: ["something new"] });
    expect(now).toContain("something new");
    expect(now).toContain("I am on it.");
    expect(now).not.toContain("75%,");
    expect(updatedIssueBody("only mine", one)).toBe("only mine");
  });
});
