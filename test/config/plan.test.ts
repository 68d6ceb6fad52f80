import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { crashCheck, defaultPlan, healthCheck } from "../../src/config/default-plan.ts";
import { readConfig } from "../../src/config/file.ts";
import type { Check, Plan } from "../../src/core/check.ts";

const ENV: Readonly<Record<string, string>> = { DATABASE_URL: "postgres://u:p@db/shop" };

function planOf(text: string): Plan {
  const result = readConfig({ text, file: "gate.yml", env: (name) => ENV[name] });
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
  return result.plan;
}

function checkOf(body: string, rest = ""): Check {
  const [check] = planOf(
    `version: 1\ndatabases: { main: { url: $DATABASE_URL } }\nchecks:\n  a: ${body}\n${rest}`,
  ).checks;
  if (check === undefined) throw new Error("no check");
  return check;
}

/** The lines of the tiers that have any. */
function tiers(check: Check): Record<string, readonly string[]> {
  const all = { pass: check.pass, warn: check.warn, fail: check.fail };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, lines]) =>
      lines.length === 0 ? [] : [[name, lines.map((line) => line.text)]],
    ),
  );
}

test("the smallest useful file, with every default", () => {
  expect(
    planOf(`version: 1
service: my-api
checks:
  health: { http: /health, pass: status == 200, on_fail: revert }
  errors: { logs: { forbid: [Traceback, FATAL] } }
`),
  ).toEqual({
    service: "my-api",
    mode: "enforce",
    deploy: { trigger: false, appearWithinMs: 600_000, liveWithinMs: 1_800_000, retry: 0, onFail: "alert" },
    stages: [{ name: "boot", forMs: 300_000, everyMs: 15_000, acrossDeploys: false }],
    databases: {},
    checks: [
      {
        name: "health",
        line: 4,
        source: { kind: "http", url: "/health", method: "GET", headers: {}, timeoutMs: 10_000 },
        pass: [expect.objectContaining({ text: "status == 200" })],
        warn: [],
        fail: [],
        graceMs: 0,
        failAfter: { kind: "consecutive", count: 3 },
        passAfter: 1,
        ifUnknown: "unknown",
        diagnose: [],
        onFail: "revert",
      },
      {
        name: "errors",
        line: 5,
        source: {
          kind: "logs",
          type: "app",
          levels: [],
          require: [],
          withinMs: 120_000,
          forbid: [
            {
              name: "",
              patterns: [
                { kind: "text", text: "Traceback" },
                { kind: "text", text: "FATAL" },
              ],
            },
          ],
          inside: [],
        },
        pass: [],
        warn: [],
        fail: [expect.objectContaining({ text: "matches > 0" })],
        graceMs: 0,
        failAfter: { kind: "consecutive", count: 1 },
        passAfter: 1,
        ifUnknown: "unknown",
        diagnose: [],
        onFail: "alert",
      },
    ],
    remedies: {
      revert: {
        name: "revert",
        steps: [
          {
            kind: "revert_pr",
            labels: [],
            reviewers: [],
            assignees: [],
            draft: false,
            autoMerge: false,
            scope: "deploy",
            despiteMigrations: false,
          },
        ],
      },
      rollback: {
        name: "rollback",
        steps: [
          { kind: "render_rollback", freezeAutoDeploy: true, despiteMigrations: false },
          { kind: "recheck", stage: "boot" },
          expect.objectContaining({ kind: "revert_pr" }),
        ],
      },
    },
    guards: {
      actWithinMs: 86_400_000,
      maxActions: { count: 1, perMs: 86_400_000 },
      holdLabel: "gate:hold",
      migrations: ["**/migrations/**", "**/alembic/versions/**", "prisma/migrations/**"],
    },
    notify: [],
    report: { issue: false, comment: false, at: [] },
    after: [],
    file: "gate.yml",
    secrets: [],
  });
});

test("a file that says everything", () => {
  const plan = planOf(`version: 1
service: srv-abc
mode: advise
deploy: { trigger: true, appear_within: 1m, live_within: 2m, retry: 2, on_fail: gentle }
stages: { look: { for: 10m, every: 30s } }
databases: { main: { url: $DATABASE_URL, timeout: 3s } }
defaults: { on_fail: revert, fail_after: 2 }
checks:
  queue: { sql: { query: "SELECT depth FROM queue", database: main }, pass: depth < 100 }
  api:
    http: { url: https://api.example.com/x, method: POST, headers: { accept: text/html }, body: "{}", timeout: 2s }
    pass: [status == 200, latency < 5s]
    warn: latency > 1s
    fail: status >= 500
    every: 20s
    grace: 1m
    fail_after: 5 of 10
    pass_after: 2
    need: latency > 0
    only_if: queue.depth > 10
    if_unknown: warn
    stage: [look]
    on_fail: alert
    hint: "https://wiki.example.com/api: look there"
  boot:
    logs: { type: build, level: [error, warning], require: { wf2: [Added job, "/WF\\\\d/i"], wf3: [x] }, within: 90s, forbid: [boom] }
  crashes: { events: [server_failed] }
remedies:
  gentle:
    - revert_pr: { labels: [a], reviewers: [b], assignees: [c], draft: true, auto_merge: true, scope: push, despite_migrations: true }
guards: { act_within: 1h, hold_label: hold, migrations: [db/**] }
`);
  const [queue, api, boot] = plan.checks;
  expect(plan).toMatchObject({
    service: "srv-abc",
    mode: "advise",
    deploy: { trigger: true, appearWithinMs: 60_000, liveWithinMs: 120_000, retry: 2, onFail: "gentle" },
    stages: [{ name: "look", forMs: 600_000, everyMs: 30_000 }],
    databases: { main: { url: ENV["DATABASE_URL"], timeoutMs: 3000 } },
    remedies: {
      revert: { name: "revert" },
      gentle: {
        name: "gentle",
        steps: [
          {
            kind: "revert_pr",
            labels: ["a"],
            reviewers: ["b"],
            assignees: ["c"],
            draft: true,
            autoMerge: true,
            scope: "push",
            despiteMigrations: true,
          },
        ],
      },
    },
    guards: { actWithinMs: 3_600_000, holdLabel: "hold", migrations: ["db/**"] },
  });
  expect(queue).toMatchObject({
    source: { kind: "sql", query: "SELECT depth FROM queue", database: "main" },
    onFail: "revert",
    failAfter: { kind: "consecutive", count: 2 },
  });
  expect(api).toMatchObject({
    line: 10,
    source: {
      kind: "http",
      url: "https://api.example.com/x",
      method: "POST",
      headers: { accept: "text/html" },
      body: "{}",
      timeoutMs: 2000,
    },
    everyMs: 20_000,
    graceMs: 60_000,
    failAfter: { kind: "of", count: 5, of: 10 },
    passAfter: 2,
    need: { text: "latency > 0" },
    onlyIf: { text: "queue.depth > 10", subject: { path: ["queue", "depth"] } },
    ifUnknown: "warn",
    stages: ["look"],
    onFail: "alert",
    hint: "https://wiki.example.com/api: look there",
  });
  expect(boot?.source).toEqual({
    kind: "logs",
    type: "build",
    levels: ["error", "warning"],
    require: [
      {
        name: "wf2",
        patterns: [
          { kind: "text", text: "Added job" },
          { kind: "pattern", source: "WF\\d", flags: "i" },
        ],
      },
      { name: "wf3", patterns: [{ kind: "text", text: "x" }] },
    ],
    withinMs: 90_000,
    forbid: [{ name: "", patterns: [{ kind: "text", text: "boom" }] }],
    inside: [],
  });
});

describe("the lines a check has when they are not written", () => {
  test.each<[string, Record<string, readonly string[]>]>([
    ["{ http: / }", { pass: ["status between 200 and 299"] }],
    ["{ http: /, pass: latency < 5s }", { pass: ["latency < 5s"] }],
    ["{ http: /, fail: latency > 5s }", { pass: ["status between 200 and 299"], fail: ["latency > 5s"] }],
    ["{ http: /, warn: latency > 5s }", { pass: ["status between 200 and 299"], warn: ["latency > 5s"] }],
    ["{ logs: { forbid: [x] } }", { fail: ["matches > 0"] }],
    ["{ logs: { forbid: [x] }, fail: matches > 5 }", { fail: ["matches > 5"] }],
    ["{ logs: { forbid: [x] }, warn: matches > 0 }", { warn: ["matches > 0"] }],
    ["{ logs: { forbid: [x] }, pass: matches < 5 }", { pass: ["matches < 5"] }],
    ["{ logs: { require: [x] } }", { fail: ["missing > 0"] }],
    ["{ logs: { require: [x] }, pass: found >= 1 }", { pass: ["found >= 1"] }],
    ["{ logs: { require: [x], forbid: [y] } }", { fail: ["matches > 0", "missing > 0"] }],
    ["{ logs: { require: [x], forbid: [y] }, fail: matches > 5 }", { fail: ["matches > 5", "missing > 0"] }],
    ["{ logs: { require: [x], forbid: [y] }, pass: matches < 5 }", { pass: ["matches < 5", "missing == 0"] }],
    ["{ events: [server_failed] }", { fail: ["count >= 1"] }],
    ["{ events: [server_failed], warn: count >= 1 }", { warn: ["count >= 1"] }],
    ["{ sql: select 1, warn: rows == 0 }", { warn: ["rows == 0"] }],
    ["{ logs: { forbid: [x] }, warn: new_matches > 0 }", { warn: ["new_matches > 0"] }],
    ["{ logs: { span: [x, y] }, fail: gap > 1m }", { fail: ["gap > 1m"] }],
    ["{ logs: { span: [x, y], forbid: [z] }, fail: gap > 1m }", { fail: ["gap > 1m", "matches > 0"] }],
    ["{ metric: cpu, pass: value < 5 }", { pass: ["value < 5"] }],
    ["{ env: { A: 1 } }", { fail: ["different > 0", "absent > 0"] }],
    ["{ env: { A: 1 }, warn: different > 0 }", { warn: ["different > 0"], fail: ["absent > 0"] }],
    ["{ env: { A: 1 }, pass: different < 2 }", { pass: ["different < 2", "absent == 0"] }],
    ["{ env: { A: 1 }, pass: equal == 1 }", { pass: ["equal == 1"] }],
    ["{ source: { glob: x, forbid: [y], require: [z] } }", { fail: ["matches > 0", "missing > 0"] }],
    ["{ source: { glob: x }, pass: files > 0 }", { pass: ["files > 0"] }],
  ])("%s", (body, expected) => {
    expect(tiers(checkOf(body))).toEqual(expected);
  });
});

describe("fail_after and within when they are not written", () => {
  const short = "stages: { boot: { for: 30s, every: 15s } }";
  test.each<[string, string, string, Check["failAfter"]]>([
    ["http", "{ http: / }", "", { kind: "consecutive", count: 3 }],
    ["sql", "{ sql: select 1, pass: rows == 1 }", "", { kind: "consecutive", count: 2 }],
    ["logs", "{ logs: { forbid: [x] } }", "", { kind: "consecutive", count: 1 }],
    ["events", "{ events: [server_failed] }", "", { kind: "consecutive", count: 1 }],
    ["metric", "{ metric: cpu, fail: value > 5 }", "", { kind: "consecutive", count: 2 }],
    ["env", "{ env: { A: 1 } }", "", { kind: "consecutive", count: 1 }],
    ["source", "{ source: { glob: x, forbid: [y] } }", "", { kind: "consecutive", count: 1 }],
    [
      "derive",
      "{ derive: { x: b.x }, fail: x > 5 }\n  b: { sql: select 1, pass: rows == 1 }",
      "",
      { kind: "consecutive", count: 2 },
    ],
    ["a span", "{ logs: { span: [x, y] }, fail: gap > 1m }", "", { kind: "consecutive", count: 1 }],
    [
      "a written one of a span",
      "{ logs: { span: [x, y] }, fail: gap > 1m, fail_after: 4 }",
      "",
      { kind: "consecutive", count: 4 },
    ],
    [
      "the file's default is for counted lines",
      "{ logs: { count: x, per: 1m }, fail: value > 5 }",
      "defaults: { fail_after: 3 }",
      { kind: "consecutive", count: 3 },
    ],
    [
      "the file's default is not for files",
      "{ source: { glob: x, forbid: [y] } }",
      "defaults: { fail_after: 3 }",
      { kind: "consecutive", count: 1 },
    ],
    [
      "a later stage starts where the one before ends",
      "{ http: /, every: 1h, stage: [day] }",
      "stages: { long: { for: 22h }, day: { for: 24h } }",
      { kind: "consecutive", count: 3 },
    ],
    [
      "shrunk to the samples of a later stage",
      "{ http: /, every: 1h, stage: [day] }",
      "stages: { long: { for: 23h }, day: { for: 24h } }",
      { kind: "consecutive", count: 2 },
    ],
    [
      "grace is counted from live",
      "{ http: /, every: 1h, grace: 23h, stage: [day] }",
      "stages: { long: { for: 22h }, day: { for: 24h } }",
      { kind: "consecutive", count: 2 },
    ],
    ["the file's default", "{ http: / }", "defaults: { fail_after: 5m }", { kind: "duration", ms: 300_000 }],
    [
      "the file's default is not for logs",
      "{ logs: { forbid: [x] } }",
      "defaults: { fail_after: 5 }",
      { kind: "consecutive", count: 1 },
    ],
    [
      "shrunk to the samples of the stage",
      "{ http: /, grace: 10s }",
      short,
      { kind: "consecutive", count: 2 },
    ],
    ["shrunk to one sample", "{ http: /, every: 5m }", short, { kind: "consecutive", count: 1 }],
    [
      "the file's default, shrunk",
      "{ http: / }",
      `${short}\ndefaults: { fail_after: 5m }`,
      { kind: "duration", ms: 30_000 },
    ],
    [
      "n of m, shrunk",
      "{ http: / }",
      `${short}\ndefaults: { fail_after: 5 of 10 }`,
      { kind: "of", count: 3, of: 10 },
    ],
    ["a written one stays", "{ http: /, fail_after: 3 }", short, { kind: "consecutive", count: 3 }],
  ])("%s", (_, body, rest, expected) => {
    expect(checkOf(body, rest).failAfter).toEqual(expected);
  });

  test.each([
    ["", 120_000],
    ["stages: { boot: { for: 1m } }", 60_000],
  ])("within of require with %j", (rest, withinMs) => {
    expect(checkOf("{ logs: { require: [x] } }", rest).source).toMatchObject({ withinMs });
  });
});

test("a remedy of the file replaces the built-in one, and rollback may be defined", () => {
  const plan = planOf(`version: 1
checks: { a: { http: /, on_fail: rollback } }
remedies: { revert: [{ revert_pr: { draft: true } }], rollback: [{ revert_pr: {} }] }
`);
  expect(plan.remedies["revert"]?.steps[0]).toMatchObject({ draft: true });
  expect(plan.checks[0]?.onFail).toBe("rollback");
});

test("the built-in rollback looks for as long as the first stage", () => {
  const plan = planOf(
    "version: 1\nchecks: { a: { http: /, on_fail: rollback } }\nstages: { first: {}, second: { for: 1h } }\n",
  );
  expect(plan.remedies["rollback"]?.steps[1]).toEqual({ kind: "recheck", stage: "first" });
});

test("what is left out of a source or step", () => {
  expect(checkOf("{ metric: http_latency, pass: value < 1s }").source).toMatchObject({ quantile: 0.95 });
  expect(checkOf("{ metric: cpu, pass: value < 1 }").source).not.toHaveProperty("quantile");
  const plan = planOf(
    "version: 1\nchecks: { a: { http: / } }\nremedies: { x: [{ patch_pr: { patch: ./old.patch } }] }\n",
  );
  expect(plan.remedies["x"]?.steps).toEqual([
    expect.objectContaining({ patch: "old.patch", title: "Apply old.patch" }),
  ]);
});

describe("what a variable is expected to be is the text of the file", () => {
  test.each([
    ["010", "010"],
    ["0o17", "0o17"],
    ["1.0", "1.0"],
    ["1_000", "1_000"],
    ["1e3", "1e3"],
    ["-0", "-0"],
    ["yes", "yes"],
    ["True", "True"],
    ["null", "null"],
    ["~", "~"],
    ["2026-11-25", "2026-11-25"],
    ["'010'", "010"],
    ['"a\\nb"', "a\nb"],
    ['""', ""],
    ["!!str 5", "5"],
    ["$DATABASE_URL", "$DATABASE_URL"],
    ["&x 07", "07"],
  ])("%s", (written, expected) => {
    expect(checkOf(`{ env: { A: ${written} } }`).source).toEqual({ kind: "env", expected: { A: expected } });
  });

  test("also through an alias, and nowhere else", () => {
    const plan = planOf(
      "version: 1\nchecks:\n  a: { env: { A: &x 010 }, pass_after: 1 }\n  b: { env: { B: *x } }\n",
    );
    expect(plan.checks[1]?.source).toEqual({ kind: "env", expected: { B: "010" } });
    expect(plan.checks[0]?.passAfter).toBe(1);
  });
});

test("a byte order mark and CRLF are taken", () => {
  expect(planOf("\uFEFFversion: 1\r\nchecks:\r\n  a: { http: / }\r\n").checks[0]).toMatchObject({
    name: "a",
    line: 3,
  });
});

test("anchors and aliases work", () => {
  const plan = planOf(
    "version: 1\nchecks:\n  a: { http: /a, pass: &ok [status == 200] }\n  b: { http: /b, pass: *ok }\n",
  );
  expect(plan.checks[1]?.pass.map((line) => line.text)).toEqual(["status == 200"]);
});

describe("without a file", () => {
  test("deploy and crashes are watched", () => {
    const plan = defaultPlan({ service: "api" });
    expect(plan).toMatchObject({
      service: "api",
      mode: "enforce",
      deploy: { trigger: false, onFail: "alert" },
      stages: [{ name: "boot" }],
      secrets: [],
    });
    expect(plan.checks).toEqual([crashCheck()]);
    expect(plan.file).toBeUndefined();
    expect(defaultPlan().service).toBeUndefined();
  });

  test("the health check takes what Render takes", () => {
    expect(healthCheck("/up")).toMatchObject({
      name: "health",
      source: { kind: "http", url: "/up" },
      onFail: "alert",
      failAfter: { kind: "consecutive", count: 3 },
    });
    expect(tiers(healthCheck("/up"))).toEqual({ pass: ["status between 200 and 399"] });
    expect(healthCheck("/", "site").name).toBe("site");
  });

  test("a crash is a failed or restarted server", () => {
    expect(crashCheck()).toMatchObject({
      name: "crashes",
      source: { kind: "events", types: ["server_failed", "server_restarted"] },
    });
    expect(tiers(crashCheck())).toEqual({ fail: ["count >= 1"] });
  });
});

test("every config file of the README is a right one", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const files = [...readme.matchAll(/```yaml\n((?:#.*\n)?version: 1\n[\s\S]*?)```/g)].map(
    (match) => match[1] ?? "",
  );
  expect(files.length).toBeGreaterThan(1);
  for (const text of files)
    expect(readConfig({ text, file: "README.md", env: () => ENV["DATABASE_URL"] })).toMatchObject({
      ok: true,
    });
});
