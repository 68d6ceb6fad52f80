import { describe, expect, test } from "vitest";
import type { Check, Plan } from "../../src/core/check.ts";
import type { Remedy } from "../../src/core/remedy.ts";
import type { Source } from "../../src/core/source.ts";
import { explainCheck } from "../../src/report/explain-check.ts";
import { condition, conditions, givenCheck, HOUR, MINUTE, SECOND } from "../core/given.ts";

const revert: Remedy = {
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
};
const boot = { name: "boot", forMs: 5 * MINUTE, everyMs: 15 * SECOND, acrossDeploys: false };
const hour = { name: "hour", forMs: HOUR, everyMs: 2 * MINUTE, acrossDeploys: false };
const plan: Pick<Plan, "stages" | "remedies"> = { stages: [boot], remedies: { revert } };

const http: Source = { kind: "http", url: "/health", method: "GET", headers: {}, timeoutMs: 10 * SECOND };
const sql: Source = { kind: "sql", query: "select 1", database: "main" };
const logs: Extract<Source, { kind: "logs" }> = {
  kind: "logs",
  type: "app",
  levels: [],
  require: [],
  withinMs: 2 * MINUTE,
  forbid: [],
  inside: [],
};
const metric: Extract<Source, { kind: "metric" }> = {
  kind: "metric",
  name: "cpu",
  ofLimit: false,
  asRatio: false,
};
const text = (text: string): { kind: "text"; text: string } => ({ kind: "text", text });
const expression = (source: string): { kind: "pattern"; source: string; flags: string } => ({
  kind: "pattern",
  source,
  flags: "",
});
const unnamed = (...patterns: readonly string[]) => [{ name: "", patterns: patterns.map(text) }];

function sentence(over: Partial<Check>): string {
  return explainCheck(givenCheck({ name: "it", ...over }), plan);
}

describe("sources", () => {
  const measures = (source: Source): string => /^it: (.*), every 15s/.exec(sentence({ source }))?.[1] ?? "";
  test.each<[string, Source, string]>([
    ["a path", http, "asks GET /health (10s for an answer)"],
    [
      "a request with headers and a body",
      {
        ...http,
        method: "POST",
        url: "https://x.test/a",
        headers: { authorization: "Bearer hunter2", accept: "*/*" },
        body: "{}",
      },
      "asks POST https://x.test/a with 2 headers and a body (10s for an answer)",
    ],
    [
      "forbidden lines",
      { ...logs, forbid: unnamed("Traceback", "FATAL") },
      "reads log lines of the new instances and forbids `Traceback` and `FATAL`",
    ],
    [
      "wanted lines of groups",
      {
        ...logs,
        require: [
          { name: "wf2", patterns: [text("Added"), expression("Setting up .*")] },
          { name: "wf3", patterns: [text("Added job")] },
        ],
      },
      "reads log lines of the new instances and wants 3 patterns of 2 groups (wf2 and wf3) by live + 2m",
    ],
    [
      "many patterns",
      { ...logs, type: "build", forbid: unnamed("a", "b", "c", "d") },
      "reads lines of the build log and forbids 4 patterns (`a`, `b`, `c`, …)",
    ],
    [
      "a count",
      { ...logs, count: { pattern: expression("POST .*"), perMs: 5 * MINUTE } },
      "reads log lines of the new instances and counts those with `/POST .*/` per 5m",
    ],
    [
      "a rate by level",
      { ...logs, levels: ["error", "critical"], rate: { perMs: MINUTE } },
      "reads log lines of the new instances of level error or critical and counts them per 1m",
    ],
    [
      "a span",
      {
        ...logs,
        span: { start: text("Starting cycle"), end: text("Finished cycle") },
        inside: [expression("Found (?<found>\\d+)")],
      },
      "reads log lines of the new instances and times what begins with `Starting cycle` and ends with `Finished cycle` and reads `/Found (?<found>\\d+)/` in between",
    ],
    [
      "requests",
      { ...logs, type: "request", rate: { perMs: HOUR } },
      "reads request log lines and counts them per 1h",
    ],
    ["a query", { ...sql, query: "select *\n  from `a`" }, "asks database main: `select * from 'a'`"],
    [
      "events",
      { kind: "events", types: ["server_failed", "server_restarted"] },
      "counts the new instances' events since live: server_failed and server_restarted",
    ],
    ["a metric", metric, "reads the newest point of Render's metric cpu (the CPU of the new instances)"],
    [
      "a share of the limit",
      { ...metric, name: "memory", ofLimit: true, agg: { name: "max", windowMs: 5 * MINUTE } },
      "reads the largest of the last 5m of Render's metric memory (the memory of the new instances), as a share of the plan's limit",
    ],
    [
      "a share of requests",
      { ...metric, name: "http_requests", where: condition("status >= 500"), asRatio: true },
      "reads the newest point of Render's metric http_requests (the number of requests) with `status >= 500`, as a share of all",
    ],
    [
      "a quantile",
      { ...metric, name: "http_latency", quantile: 0.95 },
      "reads the newest point of Render's metric http_latency (the latency of requests), at quantile 0.95",
    ],
    [
      "another resource",
      { ...metric, name: "active_connections", of: "leads-db" },
      "reads the newest point of Render's metric active_connections (the connections to the database, of leads-db)",
    ],
    [
      "variables",
      { kind: "env", expected: { A: "hunter2", B: "2" } },
      "compares A and B of the service's environment with the file",
    ],
    [
      "many variables",
      { kind: "env", expected: { A: "1", B: "2", C: "3", D: "4" } },
      "compares 4 variables (A, B, C, …) of the service's environment with the file",
    ],
    [
      "files",
      {
        kind: "source",
        glob: "src/**/*.py",
        require: unnamed("with_for_update(skip_locked=True)"),
        forbid: unnamed("breakpoint()"),
      },
      "reads the files `src/**/*.py` at the deployed commit and wants `with_for_update(skip_locked=True)` and forbids `breakpoint()`",
    ],
    [
      "formulas",
      {
        kind: "derive",
        formulas: {
          per_item: {
            kind: "operation",
            operator: "/",
            left: {
              kind: "operation",
              operator: "-",
              left: { kind: "subject", check: "wf2", path: ["duration"] },
              right: { kind: "number", value: 5 },
            },
            right: {
              kind: "operation",
              operator: "/",
              left: { kind: "subject", check: "wf2", path: ["found"] },
              right: { kind: "number", value: 2 },
            },
          },
        },
      },
      "computes `per_item = (wf2.duration - 5) / (wf2.found / 2)`",
    ],
  ])("%s", (_, source, words) => {
    expect(measures(source)).toBe(words);
  });
});

describe("judging", () => {
  const judged = (over: Partial<Check>): string =>
    /\(21 samples\); (.*)$/.exec(sentence({ source: sql, ...over }))?.[1] ?? "";
  test.each<[string, Partial<Check>, string]>([
    [
      "pass alone",
      { pass: conditions("rows == 0") },
      "fails at the first sample that is not `rows == 0`; then it only alerts.",
    ],
    [
      "several pass lines",
      { pass: conditions("rows == 0", "n < 5"), failAfter: { kind: "consecutive", count: 2 } },
      "fails when 2 in a row are not all of `rows == 0` and `n < 5`; then it only alerts.",
    ],
    [
      "http",
      {
        source: http,
        pass: conditions("status == 200"),
        failAfter: { kind: "consecutive", count: 3 },
        onFail: "revert",
      },
      'fails when 3 in a row are not `status == 200` or get no answer; then the remedy "revert" opens a revert pull request.',
    ],
    [
      "one http sample",
      { source: http, pass: conditions("status == 200") },
      "fails at the first sample that is not `status == 200` or gets no answer; then it only alerts.",
    ],
    [
      "http that only warns",
      { source: http, warn: conditions("latency > 5s"), failAfter: { kind: "of", count: 5, of: 10 } },
      "fails when 5 of 10 get no answer; then it only alerts; warns when `latency > 5s`.",
    ],
    [
      "fail alone",
      { fail: conditions("n > 5", "n < 1"), failAfter: { kind: "duration", ms: 5 * MINUTE } },
      "fails when all samples of 5m are `n > 5` or `n < 1`; then it only alerts.",
    ],
    [
      "between pass and fail",
      { pass: conditions("success >= 90%"), fail: conditions("success < 80%") },
      "passes with `success >= 90%`; fails at the first sample that is `success < 80%`; then it only alerts; warns between the two.",
    ],
    ["warn alone", { warn: conditions("n > 5"), onFail: "revert" }, "warns when `n > 5`; it never fails."],
    [
      "warn beside pass",
      { pass: conditions("n < 10"), warn: conditions("n > 5") },
      "fails at the first sample that is not `n < 10`; then it only alerts; warns when `n > 5`.",
    ],
    [
      "forbidden and wanted lines",
      { source: { ...logs, forbid: unnamed("x") }, fail: conditions("matches > 0", "missing > 0") },
      "fails when a forbidden one appears or a wanted one is missing; then it only alerts.",
    ],
    [
      "a written count",
      { source: { ...logs, forbid: unnamed("x") }, fail: conditions("matches > 3") },
      "fails at the first sample that is `matches > 3`; then it only alerts.",
    ],
    [
      "events",
      { source: { kind: "events", types: ["server_failed"] }, fail: conditions("count >= 1") },
      "fails when one happens; then it only alerts.",
    ],
    [
      "variables",
      { source: { kind: "env", expected: { A: "1" } }, fail: conditions("different > 0", "absent > 0") },
      "fails when one is different or one is absent; then it only alerts.",
    ],
    [
      "variables, twice",
      {
        source: { kind: "env", expected: { A: "1" } },
        fail: conditions("different > 0"),
        failAfter: { kind: "consecutive", count: 2 },
      },
      "fails when 2 in a row are `different > 0`; then it only alerts.",
    ],
    [
      "grace",
      { pass: conditions("rows == 0"), graceMs: MINUTE },
      "nothing is judged before live + 1m; fails at the first sample that is not `rows == 0`; then it only alerts.",
    ],
    [
      "need",
      { pass: conditions("success >= 90%"), need: condition("total >= 50") },
      "a sample counts only if `total >= 50`; fails at the first sample that is not `success >= 90%`; then it only alerts.",
    ],
    [
      "only_if",
      { pass: conditions("n > 0"), onlyIf: condition("queue.depth > 10") },
      "applies only while `queue.depth > 10`; fails at the first sample that is not `n > 0`; then it only alerts.",
    ],
    [
      "pass_after",
      { pass: conditions("rows == 0"), passAfter: 2 },
      "fails at the first sample that is not `rows == 0`; then it only alerts; stands as passed after 2 passes in a row.",
    ],
    [
      "if_unknown",
      { pass: conditions("rows == 0"), ifUnknown: "warn" },
      "fails at the first sample that is not `rows == 0`; then it only alerts; what cannot be measured is a warning.",
    ],
    [
      "a baseline with a floor",
      { fail: conditions("n > 3x"), baseline: "while-building", floor: 1 },
      "compared with the old version while this one was building, skipped while both are below 1; fails at the first sample that is `n > 3x` (3 times the baseline); then it only alerts.",
    ],
    [
      "a baseline of last week",
      { warn: conditions("n < -50%"), baseline: "same hour last week" },
      "compared with the same hour of last week; warns when `n < -50%` (50% below the baseline); it never fails.",
    ],
    [
      "a baseline of good deploys",
      { fail: conditions("n < -2pp"), baseline: "last 5 good deploys" },
      "compared with what the gates of the last 5 good deploys measured; fails at the first sample that is `n < -2pp` (2 percentage points below the baseline); then it only alerts.",
    ],
    [
      "the previous deploy",
      { fail: conditions("n > +50%"), baseline: "previous deploy" },
      "compared with what the gate of the previous deploy measured; fails at the first sample that is `n > +50%` (50% above the baseline); then it only alerts.",
    ],
    [
      "a trend",
      { pass: conditions("trend(depth, 6h) <= 0") },
      "fails at the first sample that is not `trend(depth, 6h) <= 0` (change per hour, over the last 6h); then it only alerts.",
    ],
    [
      "the commit",
      { pass: conditions("sha == deploy.sha") },
      "fails at the first sample that is not `sha == deploy.sha` (the commit of this deploy); then it only alerts.",
    ],
    [
      "a hint",
      { pass: conditions("rows == 0"), hint: "see `docs`\nfirst" },
      "fails at the first sample that is not `rows == 0`; then it only alerts; the hint is `see 'docs' first`.",
    ],
    [
      "diagnose",
      {
        pass: conditions("rows == 0"),
        diagnose: [
          { query: "select 1", database: "main" },
          { query: "select 2", database: "main" },
        ],
      },
      "fails at the first sample that is not `rows == 0`; then it only alerts; runs 2 queries on main for the reader.",
    ],
  ])("%s", (_, over, words) => {
    expect(judged(over)).toBe(words);
  });
});

describe("beats", () => {
  const beats = (over: Partial<Check>): string =>
    / main: `select 1`, (.*?);/.exec(
      explainCheck(givenCheck({ source: sql, ...over }), { ...plan, stages: [boot, hour] }),
    )?.[1] ?? "";
  test.each<[string, Partial<Check>, string]>([
    ["every stage has its own", {}, "every 15s in boot (21 samples) and every 2m in hour (28 samples)"],
    [
      "the check's own",
      { everyMs: 30 * SECOND },
      "every 30s in boot (11 samples) and every 30s in hour (111 samples)",
    ],
    ["only where it runs", { stages: ["hour"] }, "every 2m in hour (28 samples)"],
  ])("%s", (_, over, words) => {
    expect(beats(over)).toBe(words);
  });
});

test.each<[string, Partial<Check>]>([
  ["200ms", { source: http, fail: conditions("latency > 3x"), floor: 200 }],
  ["1 GB", { source: { ...metric, name: "memory" }, fail: conditions("value > 3x"), floor: 1_000_000_000 }],
  ["5%", { source: { ...metric, ofLimit: true }, fail: conditions("value > +10pp"), floor: 0.05 }],
  ["2m", { source: logs, fail: conditions("gap > 2x"), floor: 120_000 }],
  ["7", { source: sql, fail: conditions("rows > 2x"), floor: 7 }],
])("a floor is said in its subject's unit: %s", (words, over) => {
  expect(sentence({ ...over, baseline: "previous deploy" })).toContain(`while both are below ${words};`);
});

test("what is secret or not printable never gets into a sentence", () => {
  const hostile = "\u001b]0;x\u0007\u001b[31mred\u202e";
  const said = [
    sentence({ name: "a\u001b[2J" }),
    sentence({ source: { ...http, headers: { authorization: "hunter2" }, body: "hunter2" } }),
    sentence({ source: { ...http, url: "https://reader:hunter2@shop.test/health" } }),
    sentence({ source: { kind: "env", expected: { A: "hunter2" } } }),
    sentence({ source: { ...sql, query: hostile }, hint: hostile }),
    sentence({ source: { ...logs, forbid: unnamed(hostile) } }),
  ].join("\n");
  expect(said).not.toMatch(/hunter2|[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test("a whole sentence", () => {
  const check = givenCheck({
    name: "health",
    source: http,
    pass: conditions("status == 200"),
    failAfter: { kind: "consecutive", count: 3 },
    onFail: "revert",
  });
  expect(explainCheck(check, plan)).toBe(
    'health: asks GET /health (10s for an answer), every 15s in boot (21 samples); fails when 3 in a row are not `status == 200` or get no answer; then the remedy "revert" opens a revert pull request.',
  );
});
