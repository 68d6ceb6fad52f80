import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { jobSummary } from "../../src/report/summary.ts";
import * as sample from "./sample-outcomes.ts";

/** The summary up to its timeline, where the words are. */
function opening(outcome: Outcome): string {
  return jobSummary(outcome).split("\n### Timeline")[0] ?? "";
}

describe("the job summary", () => {
  it("of a failure with its revert", () => {
    const links = {
      checkRunUrl: "https://github.com/acme/scrapersky/runs/7",
      runUrl: "https://github.com/x/y/actions/runs/8",
    };
    expect(jobSummary(sample.reverted, links)).toMatchInlineSnapshot(`
      "## ❌ Failed: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **"deep scan success": success 75%, at least 80% required, 2 of 2 samples.**

      ### What was done

      - **Revert pull request**: done. Pull request #&#8203;42 takes back 1 commit. [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)

      **Next**: The failed version is still live. Merge [pull request #&#8203;42](https://github.com/acme/scrapersky/pull/42) to put the previous version back, or fix forward and close it. To land the change again later, revert the revert.

      ### What the checks found

      - **deep scan success** (fail): Success was 75%, under the limit of 80%, in 2 of 2 samples. Hint: [wiki.acme.dev/deep-scan](https://wiki.acme.dev/deep-scan)

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | ❌ fail | deep scan success | \`success 75%\` | \`pass: success >= 90%; fail: success < 80%\` | 12 samples, 1 error |
      | ✅ pass | health | \`status 200\` | \`pass: status == 200\` | 20 samples |

      ### Timeline (UTC)

      \`\`\`mermaid
      gantt
          dateFormat YYYY-MM-DD HH:mm:ss
          axisFormat %H:%M:%S
          todayMarker off
          section Deploy
          deploy queued :2026-11-23 10:00:05, 2026-11-23 10:00:10
          deploy until live :done, 2026-11-23 10:00:10, 2026-11-23 10:02:10
          section Watch
          stage boot fail :crit, 2026-11-23 10:02:10, 2026-11-23 10:04:10
          section Events
          10#58;00#58;00 gate started :milestone, 2026-11-23 10:00:00, 0s
          10#58;00#58;05 deploy dep-d4ge1 found :milestone, 2026-11-23 10:00:05, 0s
          10#58;02#58;10 deploy dep-d4ge1 is live :milestone, 2026-11-23 10:02:10, 0s
          10#58;04#58;10 check #34;deep scan success#34; failed#58; success 75#37; :milestone, 2026-11-23 10:04:10, 0s
          10#58;04#58;12 revert #35;42 opened :milestone, 2026-11-23 10:04:12, 0s
      \`\`\`

      <details><summary>Evidence of &#34;deep scan success&#34; (1 piece)</summary>

      \`\`\`text
      10:04:10 [database main] {"success": 0.75, "total": 48}
      \`\`\`

      </details>

      | Deploy facts |  |
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

      [Check run](https://github.com/acme/scrapersky/runs/7) · [Workflow run](https://github.com/x/y/actions/runs/8)"
    `);
  });

  it("of a pass", () => {
    expect(opening(sample.passed)).toMatchInlineSnapshot(`
      "## ✅ Passed: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **2 of 2 checks passed over boot (5m).**

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | ✅ pass | health | \`status 200\` | \`pass: status == 200\` | 20 samples |
      | ✅ pass | schedulers | 6 of 6 lines appeared within 2m |  | 4 samples |
      "
    `);
  });

  it("of a warning", () => {
    expect(opening(sample.warned)).toMatchInlineSnapshot(`
      "## ⚠️ Passed with warnings: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **"queue depth": depth 60, warning above 50.**

      **Next**: The job succeeds. Look at the warnings before the next deploy.

      ### What the checks found

      - **queue depth** (warn): Depth was 60, above the warning limit of 50, in 3 of 10 samples.

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | ⚠️ warn | queue depth | \`depth 60\` | \`warn: depth > 50\` | 10 samples |
      | ✅ pass | health | \`status 200\` | \`pass: status == 200\` | 20 samples |
      "
    `);
  });

  it("of an unknown", () => {
    expect(opening(sample.unknown)).toMatchInlineSnapshot(`
      "## ❔ Could not tell: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **"deep scan success": not measured, the database refused the connection 12 times (ECONNREFUSED).**

      **Next**: Nothing was acted on. Re-run this job to look again: it finds the same deploy and triggers nothing twice.

      ### What the checks found

      - **deep scan success** (unknown): The database refused the connection 12 times (ECONNREFUSED).

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | ❔ unknown | deep scan success | The database refused the connection 12 times (ECONNREFUSED) |  | 0 samples, 12 errors |
      | ✅ pass | health | \`status 200\` | \`pass: status == 200\` | 20 samples |
      "
    `);
  });

  it("of a superseded commit", () => {
    expect(opening(sample.superseded)).toMatchInlineSnapshot(`
      "## ⏭️ Superseded: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **Superseded by 4f5a6b7, whose gate covers this commit; failed before that: "deep scan success".**

      ### What the checks found

      - **deep scan success** (fail): Success was 75%, under the limit of 80%, in 2 of 2 samples. Hint: [wiki.acme.dev/deep-scan](https://wiki.acme.dev/deep-scan)

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | ❌ fail | deep scan success | \`success 75%\` | \`pass: success >= 90%; fail: success < 80%\` | 12 samples, 1 error |
      "
    `);
  });

  it("of a skipped commit", () => {
    expect(opening(sample.skipped)).toMatchInlineSnapshot(`
      "## ➖ Nothing to deploy: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **The commit message holds \\[skip render\\].**

      **Next**: Nothing was watched. Production still runs what it ran before.
      "
    `);
  });

  it("of a run that observes", () => {
    expect(opening(sample.observed)).toMatchInlineSnapshot(`
      "## ❌ Failed: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **"deep scan success": success 75%, at least 80% required, 2 of 2 samples.**

      Observing only: this verdict has no effect.

      no config file: defaults only. Add \`.github/deploy-gate.yml\` to check what matters to you.

      ### What was done

      - **Revert pull request**: advised, not done. Mode is observe.

      **Next**: This gate only observes: it reports, never fails the job and never acts. Set \`mode: advise\` or \`mode: enforce\` when its verdicts have earned trust.

      ### What the checks found

      - **deep scan success** (fail): Success was 75%, under the limit of 80%, in 2 of 2 samples. Hint: [wiki.acme.dev/deep-scan](https://wiki.acme.dev/deep-scan)

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | ❌ fail | deep scan success | \`success 75%\` | \`pass: success >= 90%; fail: success < 80%\` | 12 samples, 1 error |
      | ✅ pass | health | \`status 200\` | \`pass: status == 200\` | 20 samples |
      "
    `);
  });

  it("of a failed deploy", () => {
    expect(jobSummary(sample.deployFailed)).toMatchInlineSnapshot(`
      "## ❌ Failed: scrapersky-backend at [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f)

      **Deploy dep-d4ge1 ended as build\\_failed after 2m 10s; nothing was checked.**

      ### What was done

      - **Revert pull request**: held back. The range touches migrations.

      **Next**: The failed deploy never went live: production still runs what it ran before. See above for what kept the gate from acting, then revert by hand or fix forward.

      ### Timeline (UTC)

      \`\`\`mermaid
      gantt
          dateFormat YYYY-MM-DD HH:mm:ss
          axisFormat %H:%M:%S
          todayMarker off
          section Deploy
          deploy build#95;failed :crit, 2026-11-23 10:00:05, 2026-11-23 10:02:15
          section Events
          10#58;00#58;00 gate started :milestone, 2026-11-23 10:00:00, 0s
      \`\`\`

      <details><summary>What Render said about the deploy (1 piece)</summary>

      \`\`\`text
      10:02:14 [build] ModuleNotFoundError: No module named 'deep_scan'
      \`\`\`

      </details>

      | Deploy facts |  |
      | --- | --- |
      | Service | [scrapersky-backend](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd) |
      | Service id | \`srv-d4ge0a1r0fns73f7abcd\` |
      | Commit | [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f) |
      | Commit message | Merge WO-004 (#&#8203;41) |
      | Deploy | dep-d4ge1 |
      | Status | build\\_failed |
      | Trigger | new\\_commit |
      | Created | 2026-11-23 10:00:05 UTC |
      | Started | 2026-11-23 10:00:05 UTC |
      | Finished | 2026-11-23 10:02:15 UTC |
      | Mode | enforce |
      | Gate ran for | 4s |
      | Requests | 3 to Render, 4 to GitHub |"
    `);
  });
});

describe("how to go on after a failure", () => {
  it.each<[string, Partial<Outcome>, string]>([
    ["alert only", { actions: [] }, "none of what failed has a remedy"],
    [
      "advise",
      { mode: "advise", actions: [{ kind: "revert_pr", state: "advised" }] },
      "This gate only advises:",
    ],
    ["held", { actions: [{ kind: "revert_pr", state: "held" }] }, "what kept the gate from acting"],
    ["refused", { actions: [{ kind: "revert_pr", state: "failed" }] }, "what kept the gate from acting"],
  ])("%s", (_, change, words) => {
    const { revert: _revert, ...rest } = sample.reverted;
    expect(jobSummary({ ...rest, ...change })).toContain(words);
  });
});

/** The page without code blocks and code spans, in which GitHub links and notifies nobody. */
function withoutCode(page: string): string {
  return page.replace(/^(`{3,}).*\n[^]*?\n\1$/gmu, "").replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/gu, "");
}

describe("hostile input", () => {
  const PIECES = [
    "```",
    "\n",
    "</details>",
    "|",
    "@team",
    "#12",
    "::error::",
    "<script>",
    "\u202e",
    "\ud800",
    "x",
  ];

  it("opens no markup and closes no block of ours", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES)), (parts) => {
        const summary = jobSummary(sample.hostileOutcome(parts.join("")));
        const outside = withoutCode(summary);
        expect(outside).not.toMatch(/<script>|\u202e|[^&]#1|@t/u);
        expect(outside.match(/<details>/gu)?.length).toBe(outside.match(/<\/details>/gu)?.length);
        expect(summary.isWellFormed()).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("stays under 900 KiB with a hundred checks full of hostile text", () => {
    const text = "</details>```|@x🚀".repeat(3000);
    const [check] = sample.hostileOutcome(text).checks;
    const checks = check === undefined ? [] : Array.from({ length: 100 }, () => check);
    const summary = jobSummary({ ...sample.reverted, checks });
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(900 * 1024);
    expect(summary.startsWith("## ❌ Failed")).toBe(true);
  });

  it("says what it left out of a thousand checks", () => {
    const checks = Array.from({ length: 1000 }, (_, at) => ({
      ...sample.successRate,
      name: `check ${at}`,
      evidence: [{ text: "x".repeat(2000) }],
    }));
    const summary = jobSummary({ ...sample.reverted, checks });
    expect(summary).toContain("… and 800 more checks.");
    expect(summary).toMatch(/parts left out: GitHub takes at most 921,600 bytes here/u);
  });
});
