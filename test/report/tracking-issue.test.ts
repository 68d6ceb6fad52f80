import { expect, test } from "vitest";
import { crashCheck, defaultPlan, healthCheck } from "../../src/config/default-plan.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import {
  trackingBody,
  trackingMarker,
  trackingTitle,
  updatedTrackingBody,
  type TrackedDeploy,
} from "../../src/report/tracking-issue.ts";
import { deployFailed, passed, reverted } from "./sample-outcomes.ts";

const WEEK = { name: "week", forMs: 7 * 86_400_000, everyMs: 60_000, acrossDeploys: true };
const plan: TrackedDeploy["plan"] = {
  ...defaultPlan(),
  stages: [...defaultPlan().stages, WEEK],
  checks: [healthCheck("/health"), { ...crashCheck(), stages: ["week"] }],
  after: [
    {
      stage: "week",
      verdict: "pass",
      steps: [{ kind: "issue", title: "Clean <up>", list: [], labels: [], assignees: [] }],
    },
  ],
};
const checkRunUrl = "https://github.com/acme/scrapersky/runs/1";
const deploy = (outcome: Outcome, over: Partial<TrackedDeploy> = {}): TrackedDeploy => ({
  outcome,
  plan,
  after: [],
  checkRunUrl,
  ...over,
});

test("a deploy that goes well so far", () => {
  const outcome: Outcome = { ...passed, laterStages: ["week"], checks: passed.checks.slice(0, 1) };
  expect(trackingTitle(outcome)).toBe("Deploy 09dadc4 of scrapersky-backend");
  expect(trackingMarker(outcome)).toBe(`<!-- deploy-gate:deploy=scrapersky%2Dbackend:${passed.commit} -->`);
  expect(trackingBody(deploy(outcome))).toMatchInlineSnapshot(`
    "<!-- deploy-gate:service=scrapersky%2Dbackend -->
    **Passed so far (boot)**: 2 of 2 checks passed over boot (5m).

    | Deploy facts |  |
    | --- | --- |
    | Service | [scrapersky-backend](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd) |
    | Commit | [09dadc4](https://github.com/acme/scrapersky/commit/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f) |
    | Commit message | Merge WO-004 (#&#8203;41) |
    | Commit before it (G) | [e9ac60d](https://github.com/acme/scrapersky/commit/e9ac60d0112233445566778899aabbccddeeff00) |
    | Deploy | [dep-d4ge1](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1) |
    | Live | 2026-11-23 10:02:10 UTC |
    | Mode | enforce |

    ### Checklist

    - [x] Deploy [dep-d4ge1](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1) is live since 2026-11-23 10:02:10 UTC

    - [x] stage boot, until live + 5m, ended with pass ([check run](https://github.com/acme/scrapersky/runs/1))
      - [x] health

    - [ ] stage week, until live + 7d
      - [ ] health
      - [ ] crashes

    ### What follows

    - [ ] after week pass: issue "Clean &lt;up&gt;"
    <!-- /deploy-gate:service=scrapersky%2Dbackend -->

    The boxes tick themselves; what is written outside this list stays. The issue is closed when the watch ends with pass, or when a newer deploy takes over; else it stays open for a person."
  `);
});

test("a deploy that failed, and what was done", () => {
  const checks = reverted.checks.map((check) => ({ ...check, stage: "boot" }));
  const body = trackingBody(
    deploy(
      { ...reverted, checks },
      {
        plan: { ...plan, checks: [...plan.checks, healthCheck("/", "deep scan success")] },
        after: ["week pass"],
      },
    ),
  );
  expect(body.slice(body.indexOf("### Checklist"), body.indexOf("<!-- /"))).toMatchInlineSnapshot(`
    "### Checklist

    - [x] Deploy [dep-d4ge1](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1) is live since 2026-11-23 10:02:10 UTC

    - [ ] **failed** stage boot, until live + 5m, ended with fail ([check run](https://github.com/acme/scrapersky/runs/1))
      - [x] health
      - [ ] **failed** deep scan success: Success was 75%, under the limit of 80%, in 2 of 2 samples

    - [ ] stage week, until live + 7d
      - [ ] health
      - [ ] crashes
      - [ ] deep scan success

    ### What was done

    - [x] Revert pull request: done, Pull request #&#8203;42 takes back 1 commit [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)
    "
  `);
});

test("a deploy that never went live", () => {
  expect(trackingBody(deploy(deployFailed))).toContain("- [ ] Deploy dep-d4ge1 is live, **failed**");
});

test("the next look changes nothing, a new verdict the list alone", () => {
  const body = `Mine\n\n${trackingBody(deploy(passed))}\n\nMine, too`;
  const later = {
    ...passed,
    nextLookAt: 1,
    endedAt: passed.endedAt + 1,
    requests: { render: 99, github: 99 },
  };
  expect(updatedTrackingBody(body, deploy(later))).toBe(body);
  const failed = updatedTrackingBody(body, deploy(reverted));
  expect(failed).toMatch(/^Mine\n\n<!-- .*\*\*Failed\*\*.*\n\nMine, too$/s);
  expect(updatedTrackingBody("The list is gone.", deploy(reverted))).toBe("The list is gone.");
});

test("hostile and endless text stays inside", () => {
  const hostile = "@acme/all <!-- /deploy-gate:service=x --> [a](https://evil.example) fixes #1\n- [x] done";
  const checks = Array.from({ length: 200 }, (_, index) => healthCheck("/", `${hostile} ${index}`));
  const outcome: Outcome = {
    ...passed,
    serviceName: hostile,
    service: { ...passed.service!, name: hostile },
    stages: [{ ...passed.stages[0]!, verdict: "warn" }],
    checks: checks.map(({ name }) => ({
      ...passed.checks[0]!,
      name,
      stage: "boot",
      verdict: "warn",
      reason: hostile.repeat(50),
    })),
    actions: Array.from({ length: 90 }, () => ({
      kind: hostile,
      state: "failed" as const,
      reason: hostile,
      url: hostile,
    })),
  };
  const body = trackingBody(deploy(outcome, { plan: { ...plan, checks } }));
  expect(body.length).toBeLessThan(65_000);
  expect(body).not.toMatch(/@acme|\]\(https:\/\/evil|^- \[x\] done/m);
  expect(body.match(/<!-- /g)).toHaveLength(2);
  expect(trackingTitle(outcome)).not.toMatch(/@acme/);
});
