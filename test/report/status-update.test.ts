import { describe, expect, test } from "vitest";
import type { CheckResult, Outcome } from "../../src/core/outcome.ts";
import { statusUpdateMarkdown, statusUpdateText, type StatusAbout } from "../../src/report/status-update.ts";
import {
  BAD,
  deployFailed,
  passed,
  reverted,
  START,
  successRate,
  superseded,
  unknown,
} from "./sample-outcomes.ts";

const HOUR = 3_600_000;
const LIVE = passed.liveAt ?? START;
const [health, schedulers] = passed.checks as readonly [CheckResult, CheckResult];

const { finding: _, ...unjudged } = health;
const queue: CheckResult = {
  ...unjudged,
  name: "wf2-queue",
  source: "sql",
  told: [{ subject: "completed", value: 1240 }],
};
const success: CheckResult = {
  ...successRate,
  name: "wf2-success",
  verdict: "pass",
  told: [{ subject: "success", value: 0.942, unit: "ratio" }],
  finding: {
    ...successRate.finding!,
    lines: successRate.finding!.lines.map((line) => ({ ...line, value: 0.94, limits: [0.9] })),
  },
  series: [{ subject: "success", unit: "ratio", points: [{ at: LIVE, value: 0.942 }], limits: [] }],
};
const grouped: CheckResult = { ...schedulers, told: [{ subject: "groups", value: "6/6" }] };
const watched: Outcome = {
  ...passed,
  checks: [health, grouped, queue, success],
  nextLookAt: Date.UTC(2026, 10, 25, 16, 2, 10),
};
const names = watched.checks.map(({ name }) => name);
const about = (over: Partial<StatusAbout> = {}): StatusAbout => ({
  now: LIVE + 36 * HOUR,
  day: 2,
  checks: names,
  ...over,
});

/** The runbook's own, filled in. */
const RUNBOOK = `WO-004 Deployment Status - Day {day}

Deployment: {deployment}
Uptime: {uptime}
Schedulers: {check.schedulers.groups} active

Metrics:
- WF2 processed: {check.wf2-queue.completed} items
- WF3 processed: {check.wf3-queue.completed} items
- Success rate: {check.wf2-success.success}
- Error rate: {check.wf2-success.errors}

Issues:
- {issues}

Actions:
- {actions}

Next check: {next check}
`;

describe("the runbook's template, to the letter", () => {
  const template = RUNBOOK;
  test("filled", () => {
    const checks = [...names, "wf3-queue"];
    expect(statusUpdateText(watched, about({ template, checks }))).toMatchInlineSnapshot(`
      "WO-004 Deployment Status - Day 2

      Deployment: STABLE
      Uptime: 36 hours
      Schedulers: 6/6 active

      Metrics:
      - WF2 processed: 1,240 items
      - WF3 processed: not measured items
      - Success rate: 94.2%
      - Error rate: not measured

      Issues:
      - None

      Actions:
      - None

      Next check: 2026-11-25 16:02 UTC"
    `);
  });
  test("with issues and actions, each on a line of its own", () => {
    const outcome = { ...reverted, checks: [health, successRate, ...unknown.checks.slice(1)] };
    const text = statusUpdateText(outcome, about({ template }));
    expect(text.slice(text.indexOf("Issues:"))).toMatchInlineSnapshot(`
      "Issues:
      - deep scan success (fail): Success was 75%, under the limit of 80%, in 2 of 2 samples
      - deep scan success (unknown): The database refused the connection 12 times (ECONNREFUSED)

      Actions:
      - Revert pull request: done, Pull request #42 takes back 1 commit https://github.com/acme/scrapersky/pull/42

      Next check: none, the watch is over"
    `);
  });
});

describe("the built-in one", () => {
  test("as plain text", () => {
    expect(statusUpdateText(watched, about())).toMatchInlineSnapshot(`
      "scrapersky-backend Deployment Status - Day 2

      Deployment: STABLE
      Uptime: 36 hours
      Schedulers: 6/6 active

      Metrics:
      - wf2-success: success 94.2% (pass: success >= 90%; fail: success < 80%)

      Issues:
      - None

      Actions:
      - None

      Next check: 2026-11-25 16:02 UTC"
    `);
  });

  test("as Markdown, with what was not seen and who holds it", () => {
    const outcome: Outcome = {
      ...watched,
      checks: [success],
      held: "@ada: looking",
      coverage: [
        { stage: "hour", from: LIVE, to: LIVE + HOUR, due: 30, seen: 30, gaps: [] },
        {
          stage: "day",
          from: LIVE + HOUR,
          to: LIVE + 24 * HOUR,
          due: 1000,
          seen: 994,
          gaps: [
            { from: LIVE + 2 * HOUR, to: LIVE + 2.1 * HOUR, backFilled: true, unseen: ["sql", "http"] },
            { from: LIVE + 13 * HOUR, to: LIVE + 15 * HOUR, backFilled: false, unseen: [] },
          ],
        },
      ],
      actions: [
        ...reverted.actions,
        { kind: "issue", state: "skipped", reason: "#3 was closed already" },
        { kind: "revert_pr", state: "held", reason: "it is late. By hand: git revert x" },
      ],
    };
    expect(statusUpdateMarkdown(outcome, about())).toMatchInlineSnapshot(`
      "scrapersky-backend Deployment Status - Day 2

      Deployment: STABLE
      Uptime: 36 hours

      Metrics:
      - wf2-success: success 94.2% (pass: success &gt;= 90%; fail: success &lt; 80%)

      Issues:
      - held: @&#8203;ada: looking
      - day: watched 99.4 % so far (994 of 1,000 beats), 2 gaps: 2026-11-23 12:02-12:08 UTC, judged afterwards except sql, http; 2026-11-23 23:02 to 2026-11-24 01:02 UTC, not judged

      Actions:
      - Revert pull request: done, Pull request #&#8203;42 takes back 1 commit [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)
      - Revert pull request: held back, it is late

      Next check: 2026-11-25 16:02 UTC"
    `);
  });
});

describe("single words", () => {
  test.each<[string, string, Outcome, Partial<StatusAbout>, string]>([
    ["the service", "{service}", passed, {}, "scrapersky-backend"],
    ["the commit", "{commit}", passed, {}, `09dadc4 (https://github.com/acme/scrapersky/commit/${BAD})`],
    ["a doubled brace is one", "{{day}} {day}", passed, {}, "{day} 2"],
    ["minutes in the first hour", "{uptime}", passed, { now: LIVE + 5 * 60_000 }, "5 minutes"],
    ["one hour", "{uptime}", passed, { now: LIVE + 1.9 * HOUR }, "1 hour"],
    ["a deploy that never went live", "{uptime}", deployFailed, {}, "not live"],
    [
      "a version that was replaced",
      "{uptime}",
      superseded,
      {},
      "not live any more, a newer deploy took over",
    ],
    [
      "a version that was rolled back",
      "{uptime}",
      { ...reverted, rollbackDeployId: "dep-2", actions: [{ kind: "render_rollback", state: "done" }] },
      {},
      "not live any more, rolled back",
    ],
    ["no look to come", "{next check}", passed, {}, "none, the watch is over"],
    ["a check that has not run", "{check.later.value}", passed, { checks: ["later"] }, "not measured"],
    ["no metric", "{metrics}", { ...passed, checks: [schedulers] }, {}, "- not measured"],
    ["no groups: no line", "a\n{groups}\nb", passed, {}, "a\nb"],
    [
      "a list inside a line",
      "x: {issues}.",
      deployFailed,
      {},
      "x: fail: Deploy dep-d4ge1 ended as build_failed after 2m 10s; nothing was checked.",
    ],
    ["a list within a list", "  * {actions}", { ...passed, actions: [] }, {}, "  * None"],
    [
      "never rounded over a limit",
      "{check.rate.success}",
      {
        ...passed,
        checks: [{ ...success, name: "rate", told: [{ subject: "success", value: 0.89996, unit: "ratio" }] }],
      },
      { checks: ["rate"] },
      "89.996%",
    ],
    [
      "more than fit",
      "{issues}",
      { ...passed, checks: Array.from({ length: 42 }, () => ({ ...schedulers, verdict: "warn" as const })) },
      {},
      `${"- schedulers (warn): 6 of 6 lines appeared within 2m\n".repeat(40)}- … and 2 more`,
    ],
  ])("%s", (_, template, outcome, over, text) => {
    expect(statusUpdateText(outcome, about({ template, ...over }))).toBe(text);
  });

  test("what comes from outside stays text, in either form", () => {
    const hostile = "@acme/all\n# x <!-- y --> [a](https://evil.example) `b`\u001b[31m {day}";
    const outcome: Outcome = {
      ...watched,
      serviceName: hostile,
      service: { ...passed.service!, name: hostile },
      checks: [{ ...successRate, name: "x", reason: hostile, told: [{ subject: "t", value: hostile }] }],
      actions: [{ kind: hostile, state: "done", reason: hostile, url: "javascript:alert(1)" }],
      held: hostile,
    };
    const template = "{service}|{check.x.t}|{issues}|{actions}|{metrics}";
    const markdown = statusUpdateMarkdown(outcome, about({ template, checks: ["x"] }));
    expect(markdown).not.toMatch(/@acme|<!--|\]\(https:\/\/evil|\]\(javascript|\n|\u001b/);
    expect(statusUpdateText(outcome, about({ template, checks: ["x"] }))).not.toMatch(/\n|\u001b/);
    expect(markdown).toContain("{day}");
  });
});
