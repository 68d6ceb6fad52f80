import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/file.ts";
import type { Plan } from "../../src/core/check.ts";

const FILE = `version: 1
stages: { boot: { for: 5m }, day: { for: 24h, every: 1h } }
checks:
  health: { http: /health }
  jobs: { logs: { require: { mail: [Mail], sms: [Sms] } } }
  a.b: { logs: { forbid: [FATAL] } }
  orders: { sql: select 1 as n, pass: n > 0 }
  two: { http: /, sql: select 1 }
`;
/** `keys` start at line 8. */
const whole = (keys: string): string => `${FILE.replace(/^ {2}two.*\n/m, "")}${keys}\n`;

function read(text: string): ReturnType<typeof readConfig> {
  const env = (): string => "postgres://u:p@db/shop";
  return readConfig({
    text: text.replace("checks:", "databases: { main: { url: $DATABASE_URL } }\nchecks:"),
    file: "gate.yml",
    env,
  });
}

/** `line:column message | hint`; the line counts from the first of `keys`. */
function said(keys: string): readonly string[] {
  const result = read(whole(keys));
  return result.ok
    ? []
    : result.mistakes.map(
        ({ at, message, hint }) =>
          `${Number(at?.line) - 8}:${at?.column} ${message}${hint === undefined ? "" : ` | ${hint}`}`,
      );
}

function planOf(keys: string): Plan {
  const result = read(whole(keys));
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
  return result.plan;
}

const EVERY = [{ kind: "stage end", stage: "boot" }, { kind: "stage end", stage: "day" }, { kind: "daily" }];

describe("report", () => {
  test.each([
    ["nothing written: nobody is told", "", { issue: false, comment: false, at: [] }],
    [
      "every stage's end and daily by default",
      "report: { issue: true }",
      { issue: true, comment: false, at: EVERY },
    ],
    [
      "at as it is written",
      "report: { comment: true, at: [daily, day end] }",
      { issue: false, comment: true, at: [{ kind: "daily" }, { kind: "stage end", stage: "day" }] },
    ],
    [
      "a template as it is written",
      "report:\n  issue: true\n  template: |\n    Day {day}\n    {{x}} {check.a.b.matches}",
      { issue: true, comment: false, at: EVERY, template: "Day {day}\n{{x}} {check.a.b.matches}" },
    ],
  ])("%s", (_, keys, report) => {
    expect(planOf(keys).report).toEqual(report);
  });

  test.each<[string, string, readonly string[]]>([
    ["no mapping", "report: true", ['1:9 "report" holds true; use a mapping such as { issue: true }']],
    [
      "nobody is told",
      "report: { at: [daily] }",
      ["1:1 the status updates reach nobody | write issue: true, comment: true or both"],
    ],
    [
      "an unknown key",
      "report: { isue: true, comment: true }",
      ['1:11 unknown key "isue" in "report" | did you mean "issue"?'],
    ],
    [
      "an unknown stage",
      "report: { issue: true, at: [days end] }",
      ['1:29 there is no stage "days" | did you mean "day"?'],
    ],
    [
      "no moment",
      "report: { issue: true, at: [dialy, hourly, boot] }",
      [
        '1:29 "dialy" is no moment of a watch | did you mean "daily"?',
        '1:36 "hourly" is no moment of a watch | use daily, boot end or day end',
        '1:44 "boot" is no moment of a watch | did you mean "boot end"?',
      ],
    ],
    [
      "placeholders that nothing fills, each at its place",
      "report:\n  issue: true\n  template: |\n    Day {dya}\n\n      and {check.helth.latency} {check.health} {day",
      [
        '4:9 a status update has nothing called {dya} | did you mean "day"?',
        '6:11 there is no check "helth" to tell of | did you mean "health"?',
        "6:33 {check.health} names no subject | write {check.health.<subject>}, with a subject of the check",
        '6:48 "{day" is not closed | add }, or write {{ for a brace that is only a brace',
      ],
    ],
    [
      "subjects that the check has not",
      "report: { issue: true, template: '{check.health.latncy} {check.a.b.groups} {check.orders.any} {check.jobs.groups}' }",
      [
        '1:35 check "health" has no subject "latncy" | did you mean "latency"?',
        '1:57 check "a.b" has no subject "groups" | its subjects: matches, new_matches',
      ],
    ],
    [
      "an expression is none",
      "report: { issue: true, template: '{check.health.latency * 2}' }",
      ['1:35 check "health" has no subject "latency * 2" | its subjects: status, latency, body, headers'],
    ],
  ])("%s", (_, keys, expected) => {
    expect(said(keys)).toEqual(expected);
  });
});

const PULL = { kind: "cleanup_pr", labels: [], reviewers: [], assignees: [], draft: false, list: [] };
const ISSUE = { kind: "issue", title: "Clean up after day pass", list: [], labels: [], assignees: [] };

describe("after", () => {
  test.each([
    ["nothing written", "", []],
    ["issue alone", "after: { day pass: issue }", [{ stage: "day", verdict: "pass", steps: [ISSUE] }]],
    ["issue in a list", "after: { day pass: [issue] }", [{ stage: "day", verdict: "pass", steps: [ISSUE] }]],
    [
      "every option, and defaults",
      "after:\n  boot warn:\n    - cleanup_pr: { delete: [./old.py], draft: true, labels: [x], list: [y] }\n    - issue: { title: T, assignees: [ada] }\n  day fail: [cleanup_pr: { delete: [a, 'b/**'] }]",
      [
        {
          stage: "boot",
          verdict: "warn",
          steps: [
            {
              ...PULL,
              delete: ["old.py"],
              title: "Clean up: delete old.py",
              draft: true,
              labels: ["x"],
              list: ["y"],
            },
            { ...ISSUE, title: "T", assignees: ["ada"] },
          ],
        },
        {
          stage: "day",
          verdict: "fail",
          steps: [{ ...PULL, delete: ["a", "b/**"], title: "Clean up: delete 2 files or globs" }],
        },
      ],
    ],
  ])("%s", (_, keys, after) => {
    expect(planOf(keys).after).toEqual(after);
  });

  const STEPS = "use issue, or a step such as cleanup_pr: { delete: [src/old.py] }";
  test.each<[string, string, readonly string[]]>([
    [
      "cleanup_pr without files",
      "after: { day pass: cleanup_pr, boot pass: [cleanup_pr], day warn: [cleanup_pr: {}] }",
      [
        `1:20 "after.day pass" holds "cleanup_pr"; ${STEPS} | name the files to delete: cleanup_pr: { delete: [src/old.py] }`,
        `1:44 "after.boot pass[0]" holds "cleanup_pr"; ${STEPS} | name the files to delete: cleanup_pr: { delete: [src/old.py] }`,
        '1:80 "after.day warn[0].cleanup_pr.delete" is missing; use a list of paths and globs, such as [src/old.py]',
      ],
    ],
    [
      "no step",
      "after: { day pass: [], boot pass: [isue], day warn: [{}], day fail: { issue: {} } }",
      [
        '1:20 "after.day pass" holds a list; name at least one step',
        `1:36 "after.boot pass[0]" holds "isue"; ${STEPS}`,
        '1:54 "after.day warn[0]" does nothing | write issue: {}',
        '1:69 "after.day fail" holds a mapping; use a list of steps, as in [issue: {}]',
      ],
    ],
    [
      "two steps in one",
      "after: { day pass: [{ issue: {}, cleanup_pr: { delete: [a] } }] }",
      ['1:21 "after.day pass[0]" is 2 steps: issue, cleanup_pr | make each an item of the list'],
    ],
    [
      "no stage, no verdict",
      "after: { week pass: issue, day: issue, day good: issue, day superseded: issue, dya pas: issue }",
      [
        '1:10 there is no stage "week" | stages here: boot, day',
        '1:28 "day" does not say how the stage ends | write day pass, day warn, day fail or day unknown',
        '1:40 a stage does not end as "good" | write day pass, day warn, day fail or day unknown',
        '1:57 a stage does not end as "superseded" | write day pass, day warn, day fail or day unknown',
        '1:80 there is no stage "dya" | did you mean "day"?',
        '1:80 a stage does not end as "pas" | did you mean "pass"?',
      ],
    ],
    [
      "files that are none, or all",
      "after: { day pass: [cleanup_pr: { delete: [/etc/passwd, ../x, '**', '**/*', src/] }] }",
      [
        '1:44 "/etc/passwd" fits no file of the repository | write it from the repository\'s root, such as src/old.py',
        '1:57 "../x" fits no file of the repository | write it from the repository\'s root, such as src/old.py',
        '1:63 "**" would delete every file | name the files that are not needed any more',
        '1:69 "**/*" would delete every file | name the files that are not needed any more',
      ],
    ],
    [
      "unknown keys",
      "after: { day pass: [issue: { titel: x }, clean_up: {}] }",
      [
        '1:30 unknown key "titel" in "after.day pass[0].issue" | did you mean "title"?',
        '1:42 unknown key "clean_up" in "after.day pass[1]" | keys here: cleanup_pr, issue',
      ],
    ],
  ])("%s", (_, keys, expected) => {
    expect(said(keys)).toEqual(expected);
  });
});
