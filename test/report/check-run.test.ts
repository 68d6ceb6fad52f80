import { describe, expect, it } from "vitest";
import { finalCheckRun } from "../../src/report/check-run.ts";
import {
  heartbeatLine,
  progressCheckRun,
  progressDescription,
  type Progress,
} from "../../src/report/progress.ts";
import * as sample from "./sample-outcomes.ts";

const progress: Progress = {
  at: sample.START + 130_000,
  startedAt: sample.START,
  serviceName: "scrapersky-backend",
  commit: sample.BAD,
  phase: "watching boot",
  waitingFor: "the end of stage boot",
  until: sample.START + 430_000,
  standings: [
    { name: "health", standing: "pass" },
    { name: "schedulers", standing: "unknown" },
    { name: "errors", standing: "pass" },
  ],
};

describe("a run at work", () => {
  it("says phase, time and what it waits for", () => {
    expect(progressCheckRun(progress)).toMatchInlineSnapshot(`
      {
        "summary": "The gate of \`scrapersky-backend\` is at work on \`09dadc4\`.

      **Now**: watching boot, waiting for the end of stage boot.

      **Time**: 2m 10s so far, 5m left at most, as of 10:02:10 UTC.

      **Checks so far**

      - \`health\`: pass
      - \`schedulers\`: unknown
      - \`errors\`: pass",
        "title": "watching boot (2m 10s so far)",
      }
    `);
  });

  it("prints a sign of life", () => {
    expect(heartbeatLine(progress)).toBe(
      "10:02:10 watching boot: waiting for the end of stage boot (2m 10s so far, 5m left at most); checks: 2 pass, 1 unknown",
    );
    const { until: _, standings: __, ...early } = progress;
    expect(heartbeatLine({ ...early, phase: "building", waitingFor: "Render to build dep-1" })).toBe(
      "10:02:10 building: waiting for Render to build dep-1 (2m 10s so far)",
    );
  });

  it("stays small and harmless", () => {
    const text = "::error::@team ```\n".repeat(50_000);
    const hostile: Progress = { ...progress, serviceName: text, phase: text, waitingFor: text, commit: text };
    const standings = Array.from({ length: 5000 }, () => ({ name: text, standing: "pass" })).slice(0, 300);
    const run = progressCheckRun({ ...hostile, standings });
    expect(Buffer.byteLength(run.summary)).toBeLessThanOrEqual(65_535);
    expect(run.summary).toContain("… and 100 more checks.");
    expect(run.title.length).toBeLessThanOrEqual(140);
    expect(heartbeatLine(hostile)).toMatch(/^10:02:10 ::error/u);
    expect(heartbeatLine(hostile).length).toBeLessThanOrEqual(1000);
    expect(progressDescription(hostile).length).toBeLessThanOrEqual(140);
  });
});

describe("a finished run", () => {
  it("has title, summary and text", () => {
    expect(finalCheckRun(sample.reverted)).toMatchInlineSnapshot(`
      {
        "summary": "**Failed: "deep scan success": success 75%, at least 80% required, 2 of 2 samples.**

      ### What was done

      - **Revert pull request**: done. Pull request #&#8203;42 takes back 1 commit. [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)

      **Next**: The failed version is still live. Merge [pull request #&#8203;42](https://github.com/acme/scrapersky/pull/42) to put the previous version back, or fix forward and close it. To land the change again later, revert the revert.

      ### What the checks found

      - **deep scan success** (fail): Success was 75%, under the limit of 80%, in 2 of 2 samples. Hint: [wiki.acme.dev/deep-scan](https://wiki.acme.dev/deep-scan)

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | fail | deep scan success | \`success 75%\` | \`pass: success >= 90%; fail: success < 80%\` | 12 samples, 1 error |
      | pass | health | \`status 200\` | \`pass: status == 200\` | 20 samples |",
        "text": "| Deploy facts |  |
      | --- | --- |
      | Service | [scrapersky-backend](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd) |
      | Service id | \`srv-d4ge0a1r0fns73f7abcd\` |
      | Commit | [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f) |
      | Commit message | Merge WO-004 (#&#8203;41) |
      | Commit before it (G) | [e9ac60d](https://github.com/acme/scrapersky/commit/e9ac60d0112233445566778899aabbccddeeff00) |
      | Deploy | [dep-d4ge1](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1) |
      | Status | live |
      | Trigger | new\\_commit |
      | Created | 2026-11-23 10:00:05 UTC |
      | Started | 2026-11-23 10:00:10 UTC |
      | Live | 2026-11-23 10:02:10 UTC |
      | Finished | 2026-11-23 10:02:10 UTC |
      | Mode | enforce |
      | Gate ran for | 4m 13s |
      | Requests | 42 to Render, 9 to GitHub |

      ### Timeline (UTC)

      - 10:00:00 gate started
      - 10:00:05 deploy dep-d4ge1 found
      - 10:02:10 deploy dep-d4ge1 is live
      - 10:04:10 check "deep scan success" failed: success 75%
      - 10:04:12 revert #&#8203;42 opened

      <details><summary>Evidence of &#34;deep scan success&#34; (1 piece)</summary>

      \`\`\`text
      10:04:10 [database main] {"success": 0.75, "total": 48}
      \`\`\`

      </details>",
        "title": "Failed: "deep scan success": success 75%, at least 80% required, 2 of 2 samples; revert #42 opened",
      }
    `);
  });

  it("uses no marks", () => {
    const { title, summary, text } = finalCheckRun(sample.reverted);
    expect(title + summary + text).not.toMatch(/\p{Extended_Pictographic}/u);
  });

  it("says that only defaults were judged", () => {
    const { title, summary } = finalCheckRun(sample.observed);
    expect(title).toContain("no config file: defaults only");
    expect(summary).toContain("no config file: defaults only");
  });

  it("keeps to 65,535 bytes, whatever the checks hold", () => {
    const [check] = sample.hostileOutcome("€`|".repeat(100_000)).checks;
    const checks = check === undefined ? [] : Array.from({ length: 60 }, () => check);
    const timeline = Array.from({ length: 1000 }, (_, at) => ({
      at: sample.START + at,
      event: "€".repeat(500),
    }));
    const run = finalCheckRun({ ...sample.reverted, checks, timeline });
    for (const text of [run.summary, run.text]) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535);
    expect(run.text).toMatch(/parts? left out/u);
  });
});
