import { describe, expect, it } from "vitest";
import { checksTable, concernsList } from "../../src/report/checks-table.ts";
import { measuredRun } from "./sample-outcomes.ts";

describe("the checks of several stages", () => {
  it("each say theirs, with what they were compared with", () => {
    expect(checksTable(measuredRun.checks, { marks: false })).toMatchInlineSnapshot(`
      "|  | Check | Stage | Value | Condition | Samples |
      | --- | --- | --- | --- | --- | --- |
      | fail | deep scan success | hour | \`success 75%\` | \`fail: success < 80%; warn: success < 85%; pass: success >= 90%\` | 28 samples, 1 error |
      | unknown | settings | boot | Render answered 503 to the environment 4 times over 3m |  | 0 samples, 4 errors |
      | warn | api latency | hour | \`p95(latency) 348ms\` | \`fail: p95(latency) > 2s; pass: p95(latency) < +50% (baseline 210ms)\` | 120 samples, 2 errors |
      | warn | throughput | hour | \`done 31\` | \`pass: done > -20% (not compared: no baseline for done: no earlier gate measured this check)\` | 4 samples |
      | pass | health | boot | \`status 200\` | \`pass: status == 200\` | 20 samples |
      | pass | schedulers | boot | 6 of 6 lines appeared within 2m |  | 4 samples |
      | pass | memory | hour | \`value 1.21 GB\` | \`fail: value > 2GB; pass: value < 1.5GB\` | 120 samples |
      | pass | queue depth | hour | \`depth 41; trend(depth, 30m) -38\` | \`warn: depth > 150; pass: trend(depth, 30m) <= 0\` | 30 samples |
      | pass | http errors | hour | \`value 0.6%\` | \`fail: value > 5%; warn: value > +2pp (baseline 0.4%)\` | 60 samples |
      | not judged | drain | hour | only\\_if queue.depth &gt; 500 was never true |  | 0 samples |"
    `);
    expect(concernsList(measuredRun.checks)).toMatchInlineSnapshot(`
      "- **deep scan success** (fail, stage hour): Success was 75%, under the limit of 80%, in 2 of 2 samples. Hint: [wiki.acme.dev/deep-scan](https://wiki.acme.dev/deep-scan)
      - **settings** (unknown, stage boot): Render answered 503 to the environment 4 times over 3m.
      - **api latency** (warn, stage hour): p95(latency) was 348ms, more than 50% over its baseline of 210ms, in 9 of 120 samples. Hint: Compare with the slow-query panel before you blame the deploy
      - **throughput** (warn, stage hour): not compared: no baseline for done: no earlier gate measured this check."
    `);
  });

  it("say none when they were watched in the same", () => {
    const checks = measuredRun.checks.map((check) => ({ ...check, stage: "boot" }));
    expect(checksTable(checks, { marks: false })).not.toContain("Stage");
    expect(concernsList(checks)).not.toContain("stage");
  });
});
