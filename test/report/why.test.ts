import { describe, expect, it } from "vitest";
import type { GateState } from "../../src/core/gate-state.ts";
import { whyKept, whyOutcome } from "../../src/report/why.ts";
import { BAD, deployFailed, passed, reverted, START, unknown } from "./sample-outcomes.ts";

const page = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");
const HOUR = 3_600_000;
const CHECK_RUN = { checkRunUrl: "https://github.com/acme/scrapersky/runs/7" };

describe("why, from an outcome", () => {
  it("tells the checks that decided with their arithmetic, what was held back, and where the rest is", () => {
    expect(page(whyOutcome(reverted, CHECK_RUN))).toMatchInlineSnapshot(`
      "**Failed: "deep scan success": success 75%, at least 80% required, 2 of 2 samples.**

      ### What was done and held back

      - **Revert pull request**: done. Pull request #&#8203;42 takes back 1 commit. [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)

      ### What the checks found

      - **deep scan success** (fail): Success was 75%, under the limit of 80%, in 2 of 2 samples. Hint: [wiki.acme.dev/deep-scan](https://wiki.acme.dev/deep-scan)

      ### Checks

      |  | Check | Value | Condition | Samples |
      | --- | --- | --- | --- | --- |
      | fail | deep scan success | \`success 75%\` | \`pass: success >= 90%; fail: success < 80%\` | 12 samples, 1 error |

      [Check run](https://github.com/acme/scrapersky/runs/7) · [Deploy](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1) · [Revert #&#8203;42](https://github.com/acme/scrapersky/pull/42)"
    `);
  });

  it("tells all checks where none stands out", () => {
    const text = page(whyOutcome(passed, {}));
    expect(text).toContain("| pass | health | `status 200` | `pass: status == 200` | 20 samples |");
    expect(text).not.toContain("What the checks found");
  });

  it.each([
    {
      what: "a guard",
      outcome: deployFailed,
      is: /\*\*Revert pull request\*\*: held back\. The range touches migrations/,
    },
    {
      what: "errors",
      outcome: unknown,
      is: /\| unknown \| deep scan success \| .* \| 0 samples, 12 errors \|/,
    },
    {
      what: "a hold",
      outcome: { ...passed, held: "@grace: moving <b>" },
      is: /^Held by a person: @&#8203;grace: moving &lt;b&gt;\.$/m,
    },
    {
      what: "what is to come",
      outcome: { ...passed, watchedUntil: START + HOUR, nextLookAt: START },
      is: /^Watched until 2026-11-23 11:00:00 UTC\. The next look is due 2026-11-23 10:00:00 UTC\.$/m,
    },
    {
      what: "the issue",
      outcome: { ...passed, issue: { number: 9, url: "https://github.com/acme/x/issues/9" } },
      is: /\[Issue \\?#.*9\]\(https:\/\/github\.com\/acme\/x\/issues\/9\)/,
    },
  ])("tells $what", ({ outcome, is }) => {
    expect(page(whyOutcome(outcome, {}))).toMatch(is);
  });

  it("tells how much was seen", () => {
    const stage = { stage: "day", from: START, to: START + 24 * HOUR, due: 1_440, seen: 1_319 };
    const gap = { from: START + HOUR, to: START + 2 * HOUR, backFilled: true, unseen: ["sql", "http"] };
    const coverage = [
      {
        ...stage,
        gaps: [gap, { ...gap, from: START + 3 * HOUR, to: START + 4 * HOUR, backFilled: false, unseen: [] }],
      },
      { ...stage, stage: "hour", gaps: [] },
    ];
    expect(page(whyOutcome({ ...passed, coverage }, {}))).toContain(
      "### How much was seen\n\n- day: watched 91.5 % so far (1,319 of 1,440 beats), 2 gaps: 2026-11-23 11:00-12:00 UTC, judged afterwards except sql, http; 2026-11-23 13:00-14:00 UTC, not judged\n- hour: watched 91.5 % so far (1,319 of 1,440 beats)\n",
    );
  });
});

describe("why, from what is kept", () => {
  const state: GateState = {
    version: 1,
    service: "srv-1",
    commit: BAD,
    verdict: "fail",
    measured: {
      commit: BAD,
      at: START,
      values: { errors: { matches: 3 }, health: { latency: 120, status: 200 } },
      earlier: [],
    },
    remedy: {
      name: "back",
      at: START,
      by: "https://x.test",
      reason: '"deep scan success": success 75%',
      failed: [
        {
          name: "deep scan success",
          source: "sql",
          reason: "Success was 75%",
          hint: "Ask @ada",
          onFail: "back",
          samples: 12,
          errors: 1,
        },
        { name: "health", source: "http", reason: "status 503", onFail: "back", samples: 3, errors: 0 },
      ],
      evidence: [],
      preDeployFailed: false,
      hold: "it brought no new code",
      passedOnOld: [],
      steps: [
        {
          kind: "revert_pr",
          state: "held",
          actions: [{ kind: "revert_pr", state: "held", reason: "held by label" }],
        },
      ],
      finished: true,
    },
    freeze: { by: "https://x.test", at: START, commit: BAD, former: "commit" },
  };

  it("tells the reason, what failed, what was held back, and where the rest is", () => {
    expect(page(whyKept(state, CHECK_RUN))).toMatchInlineSnapshot(`
      "**Failed: "deep scan success": success 75%.**

      Held back: it brought no new code.

      Auto-deploy is off since 2026-11-23 10:00:00 UTC, because of 09dadc4.

      ### What was done and held back

      - **Revert pull request**: held back. Held by label.

      ### What failed

      - **deep scan success** (12 samples, 1 error): Success was 75%. Hint: Ask @&#8203;ada
      - **health** (3 samples): status 503.

      ### Measured last, in each subject's unit

      - errors: matches 3
      - health: latency 120, status 200

      [Check run, with everything](https://github.com/acme/scrapersky/runs/7)"
    `);
  });

  it.each([
    { what: "nothing", kept: undefined, is: "**No verdict yet.**" },
    {
      what: "a verdict",
      kept: { version: 1, service: "srv-1", commit: BAD, verdict: "pass" } as const,
      is: "**Passed.**",
    },
  ])("tells as much as there is: $what", ({ kept, is }) => {
    expect(page(whyKept(kept, {}))).toBe(is);
  });
});
