import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config/file.ts";

/** Every key of the language that this version has, each as one would write it. */
const WHOLE_FILE = `version: 1
service: scrapersky-backend
mode: enforce

deploy:
  trigger: false
  appear_within: 10m
  live_within: 30m
  retry: 0
  on_fail: revert

stages:
  boot: { for: 5m, every: 15s }
  hour: { for: 1h, every: 2m }
  day:  { for: 24h, every: 30m }
  week: { for: 7d, every: 6h, across_deploys: true }

databases:
  main: { url: $DATABASE_URL, timeout: 10s }
  other: { url: $DATABASE_URL }

defaults: { on_fail: alert, fail_after: 1 }

checks:
  health:
    http: { url: /health, method: GET, headers: { accept: application/json }, timeout: 5s }
    pass: [status == 200, body.status == "ok"]
    warn: latency > +50%
    fail: [status >= 500, latency > 3x]
    every: 30s
    grace: 60s
    fail_after: 5 of 10
    pass_after: 2
    need: latency > 0
    if_unknown: warn
    baseline: while-building
    floor: 200ms
    stage: [boot, hour]
    on_fail: rollback
    hint: Look at the scheduler settings first.
    diagnose:
      - { query: "SELECT deep_scan_error, count(*) FROM place GROUP BY 1", database: main }

  schedulers:
    logs:
      type: app
      within: 3m
      require:
        deep scan: ['Added job "WF2 - Deep Scan Queue Processor"']
        domains: ["Process Pending Domains", /Max Instances. \\d/]
      forbid: [ImportError, /^CRITICAL/]
    fail: [missing > 0, new_matches > 0, matches > 5]
    on_fail: old_scheduler

  wf2:
    logs:
      span: [Starting deep scan queue processing cycle, Finished deep scan queue processing cycle]
      inside: ['/SCHEDULER_LOOP: Found (?<found>\\d+) Place items/']
    fail: [gap > 10m, overlap > 0, unfinished > 0]
    warn: [duration > +50%, found > 100]
    baseline: last 5 good deploys
    floor: 1
    fail_after: 2
    on_fail: rollback

  errors per minute:
    logs: { level: [error, critical], per: minute }
    fail: rate > 3x
    baseline: same hour last week
    floor: 5

  throughput:
    logs: { count: Processing deep scan for Place, per: 5m }
    warn: value < -50%
    baseline: previous deploy
    stage: [hour, day]

  queue:
    sql: { query: "SELECT count(*) AS depth FROM place WHERE deep_scan_status = 'Queued'", database: main }
    warn: trend(depth, 6h) > 0
    fail: depth > 1000
    stage: [day, week]

  duplicates:
    sql: { query: "SELECT place_id FROM local_business GROUP BY 1 HAVING count(*) > 1", database: main }
    pass: new_rows == 0
    baseline: while-building
    on_fail: revert

  success:
    sql: { query: "SELECT avg(ok) AS success, count(*) AS total FROM done WHERE at > :since", database: main }
    pass: success >= 90%
    fail: [success < 80%, success < -2pp]
    need: total >= 50
    only_if: queue.depth > 10
    baseline: last 5 good deploys

  cpu:
    metric: { name: cpu, of_limit: true, agg: max 5m }
    pass: value < 60%
    fail: value > 80%
  memory: { metric: memory, pass: value < 1GB, fail: value > 2GB }
  connections: { metric: { name: active_connections, of: scrapersky-db }, pass: value <= 20, fail: value > 30 }
  server errors:
    metric: { name: http_requests, where: status >= 500, as: ratio, agg: sum 5m }
    fail: [value > 5%, value > +2pp]
    need: total >= 50
    baseline: same hour last week
    floor: 1%
  latency: { metric: { name: http_latency, quantile: 0.99 }, fail: value > 2s }
  instances: { metric: instance_count, pass: value >= 1 }

  crashes: { events: [server_failed, server_restarted], on_fail: rollback }

  settings:
    env:
      DEEP_SCAN_SCHEDULER_INTERVAL_MINUTES: 5
      DEEP_SCAN_SCHEDULER_BATCH_SIZE: 010
      FEATURE: yes
      RATIO: 1.0
      NOTHING: null
      HEX: 0x1F
      TOKEN: $DATABASE_URL
      QUOTED: "5"
      LONG: |
        two
        lines

  row lock:
    source:
      glob: src/**/scheduler_loop.py
      require: [with_for_update(skip_locked=True)]
      forbid: { old: [setup_sitemap_scheduler()] }

  speed:
    derive: { per_item: wf2.duration / wf2.found, half: (queue.depth - success.total) * 0.5 }
    pass: per_item < 5000

remedies:
  rollback:
    - render_rollback: { freeze_auto_deploy: true, despite_migrations: false }
    - recheck: boot
    - revert_pr: {}
    - issue: { title: WO-004 rolled back, labels: [incident], assignees: [octocat] }
  old_scheduler:
    - patch_pr:
        patch: ./.github/gate/old-scheduler.patch
        title: "rollback: re-enable old sitemap_scheduler"
        labels: [rollback]
        reviewers: [octocat]
        assignees: [hubot]
        draft: true
  tell: [issue: {}]
guards:
  act_within: 24h
  max_actions: 2 per 12h
  hold_label: gate:hold
  migrations: ["**/migrations/**"]
notify:
  dev: { slack: $SLACK_URL, when: [fail, action, fail] }
  ops: { webhook: "https://$HOST/hook?key=$HOOK_KEY", slack: $SLACK_URL }
  owner: { mention: "@acme/shop-owners", when: [pass, warn, fail, unknown, superseded, skipped, stage, report] }
`;

const ENV: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://u:p@db/shop",
  SLACK_URL: "https://hooks.slack.com/services/T0/B0/s3cr3t-of-the-channel\n",
  HOST: "ops.test",
  HOOK_KEY: "k3y-of-the-webhook-0",
};
const env = (name: string): string | undefined => ENV[name];
const read = readConfig({ text: WHOLE_FILE, file: "gate.yml", env });
const plan = read.ok ? read.plan : undefined;
const source = (name: string): unknown => plan?.checks.find((check) => check.name === name)?.source;

test("a file with every key loads", () => {
  expect(read).toMatchObject({ ok: true });
});

test("whatever piece of it is lost or doubled, it loads or something is said", () => {
  const place = fc.nat({ max: WHOLE_FILE.length });
  fc.assert(
    fc.property(place, fc.integer({ min: -60, max: 60 }), (at, length) => {
      const text = WHOLE_FILE.slice(0, at) + WHOLE_FILE.slice(Math.max(0, at + length));
      const result = readConfig({ text, file: "gate.yml", env });
      return result.ok || result.mistakes.length > 0;
    }),
    { numRuns: 300 },
  );
});

test("stages and guards", () => {
  expect(plan?.stages).toEqual([
    { name: "boot", forMs: 300_000, everyMs: 15_000, acrossDeploys: false },
    { name: "hour", forMs: 3_600_000, everyMs: 120_000, acrossDeploys: false },
    { name: "day", forMs: 86_400_000, everyMs: 1_800_000, acrossDeploys: false },
    { name: "week", forMs: 604_800_000, everyMs: 21_600_000, acrossDeploys: true },
  ]);
  expect(plan?.guards.maxActions).toEqual({ count: 2, perMs: 43_200_000 });
});

test("who is told", () => {
  const slack = "https://hooks.slack.com/services/T0/B0/s3cr3t-of-the-channel";
  expect(plan?.notify).toEqual([
    { name: "dev", slack, when: ["fail", "action"] },
    {
      name: "ops",
      slack,
      webhook: "https://ops.test/hook?key=k3y-of-the-webhook-0",
      when: ["fail", "unknown", "action"],
    },
    {
      name: "owner",
      mention: "@acme/shop-owners",
      when: ["pass", "warn", "fail", "unknown", "superseded", "skipped", "stage", "report"],
    },
  ]);
  // The address, and what of it is a key on its own: a server may repeat either.
  expect(plan?.secrets).toEqual(
    expect.arrayContaining([slack, "s3cr3t-of-the-channel", "k3y-of-the-webhook-0"]),
  );
});

test("baseline, floor and diagnose", () => {
  expect(plan?.checks[0]).toMatchObject({
    baseline: "while-building",
    floor: 200,
    diagnose: [{ query: "SELECT deep_scan_error, count(*) FROM place GROUP BY 1", database: "main" }],
  });
  expect(plan?.checks.find(({ name }) => name === "server errors")).toMatchObject({
    baseline: "same hour last week",
    floor: 0.01,
  });
});

test.each<[string, unknown]>([
  [
    "wf2",
    {
      kind: "logs",
      type: "app",
      levels: [],
      require: [],
      withinMs: 120_000,
      forbid: [],
      span: {
        start: { kind: "text", text: "Starting deep scan queue processing cycle" },
        end: { kind: "text", text: "Finished deep scan queue processing cycle" },
      },
      inside: [{ kind: "pattern", source: "SCHEDULER_LOOP: Found (?<found>\\d+) Place items", flags: "" }],
    },
  ],
  [
    "errors per minute",
    {
      kind: "logs",
      type: "app",
      levels: ["error", "critical"],
      require: [],
      withinMs: 120_000,
      forbid: [],
      rate: { perMs: 60_000 },
      inside: [],
    },
  ],
  [
    "throughput",
    {
      kind: "logs",
      type: "app",
      levels: [],
      require: [],
      withinMs: 120_000,
      forbid: [],
      count: { pattern: { kind: "text", text: "Processing deep scan for Place" }, perMs: 300_000 },
      inside: [],
    },
  ],
  [
    "cpu",
    {
      kind: "metric",
      name: "cpu",
      ofLimit: true,
      asRatio: false,
      agg: { name: "max", windowMs: 300_000 },
    },
  ],
  ["memory", { kind: "metric", name: "memory", ofLimit: false, asRatio: false }],
  [
    "connections",
    { kind: "metric", name: "active_connections", of: "scrapersky-db", ofLimit: false, asRatio: false },
  ],
  [
    "server errors",
    {
      kind: "metric",
      name: "http_requests",
      ofLimit: false,
      where: expect.objectContaining({ text: "status >= 500" }),
      asRatio: true,
      agg: { name: "sum", windowMs: 300_000 },
    },
  ],
  ["latency", { kind: "metric", name: "http_latency", ofLimit: false, asRatio: false, quantile: 0.99 }],
  [
    "settings",
    {
      kind: "env",
      expected: {
        DEEP_SCAN_SCHEDULER_INTERVAL_MINUTES: "5",
        DEEP_SCAN_SCHEDULER_BATCH_SIZE: "010",
        FEATURE: "yes",
        RATIO: "1.0",
        NOTHING: "null",
        HEX: "0x1F",
        TOKEN: "$DATABASE_URL",
        QUOTED: "5",
        LONG: "two\nlines\n",
      },
    },
  ],
  [
    "row lock",
    {
      kind: "source",
      glob: "src/**/scheduler_loop.py",
      require: [{ name: "", patterns: [{ kind: "text", text: "with_for_update(skip_locked=True)" }] }],
      forbid: [{ name: "old", patterns: [{ kind: "text", text: "setup_sitemap_scheduler()" }] }],
    },
  ],
  [
    "speed",
    {
      kind: "derive",
      formulas: {
        per_item: {
          kind: "operation",
          operator: "/",
          left: { kind: "subject", check: "wf2", path: ["duration"] },
          right: { kind: "subject", check: "wf2", path: ["found"] },
        },
        half: {
          kind: "operation",
          operator: "*",
          left: {
            kind: "operation",
            operator: "-",
            left: { kind: "subject", check: "queue", path: ["depth"] },
            right: { kind: "subject", check: "success", path: ["total"] },
          },
          right: { kind: "number", value: 0.5 },
        },
      },
    },
  ],
])("the source of %s", (name, expected) => {
  expect(source(name)).toEqual(expected);
});

test("the steps of remedies", () => {
  expect(plan?.remedies["rollback"]?.steps).toEqual([
    { kind: "render_rollback", freezeAutoDeploy: true, despiteMigrations: false },
    { kind: "recheck", stage: "boot" },
    expect.objectContaining({ kind: "revert_pr" }),
    { kind: "issue", title: "WO-004 rolled back", labels: ["incident"], assignees: ["octocat"] },
  ]);
  expect(plan?.remedies["old_scheduler"]?.steps).toEqual([
    {
      kind: "patch_pr",
      patch: ".github/gate/old-scheduler.patch",
      title: "rollback: re-enable old sitemap_scheduler",
      labels: ["rollback"],
      reviewers: ["octocat"],
      assignees: ["hubot"],
      draft: true,
    },
  ]);
  expect(plan?.remedies["tell"]?.steps).toEqual([{ kind: "issue", labels: [], assignees: [] }]);
  expect(plan?.remedies["revert"]?.steps).toEqual([expect.objectContaining({ kind: "revert_pr" })]);
});
