import type { CheckResult, MeasuredSeries, Outcome } from "../../src/core/outcome.ts";
import type { Service } from "../../src/core/service.ts";

/** 2026-11-23 10:00:00 UTC. */
export const START = Date.UTC(2026, 10, 23, 10, 0, 0);
export const BAD = "09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f";
export const GOOD = "e9ac60d0112233445566778899aabbccddeeff00";

const service: Service = {
  id: "srv-d4ge0a1r0fns73f7abcd",
  name: "scrapersky-backend",
  ownerId: "tea-1",
  type: "web_service",
  autoDeploy: true,
  autoDeployTrigger: "commit",
  suspended: false,
  suspenders: [],
  repo: "https://github.com/acme/scrapersky",
  branch: "main",
  rootDir: "",
  dashboardUrl: "https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd",
  url: "https://scrapersky-backend.onrender.com",
  maintenanceMode: false,
  shutdownDelayMs: 30_000,
};

const health: CheckResult = {
  name: "health",
  source: "http",
  verdict: "pass",
  measured: true,
  reason: "status 200; pass: status == 200; 20 of 20 samples passed",
  samples: 20,
  errors: 0,
  series: [],
  diagnosis: [],
  finding: {
    at: START + 430_000,
    outcome: "pass",
    reason: "status 200",
    lines: [{ condition: "status == 200", subject: "status", tier: "pass", holds: true, value: 200 }],
    evidence: [],
  },
  evidence: [],
  onFail: "revert",
  line: 12,
};

const schedulers: CheckResult = {
  name: "schedulers",
  source: "logs",
  verdict: "pass",
  measured: true,
  reason: "6 of 6 lines appeared within 2m",
  samples: 4,
  errors: 0,
  series: [],
  diagnosis: [],
  evidence: [],
  onFail: "revert",
  line: 14,
};

export const successRate: CheckResult = {
  name: "deep scan success",
  source: "sql",
  verdict: "fail",
  measured: true,
  reason: "Success was 75%, under the limit of 80%, in 2 of 2 samples.",
  samples: 12,
  errors: 1,
  series: [],
  diagnosis: [],
  finding: {
    at: START + 250_000,
    outcome: "fail",
    reason: "fail: success < 80%",
    lines: [
      {
        condition: "success >= 90%",
        subject: "success",
        unit: "ratio",
        tier: "pass",
        holds: false,
        value: 0.75,
      },
      {
        condition: "success < 80%",
        subject: "success",
        unit: "ratio",
        tier: "fail",
        holds: true,
        value: 0.75,
      },
    ],
    evidence: [],
  },
  evidence: [{ at: START + 250_000, text: '{"success": 0.75, "total": 48}', from: "database main" }],
  onFail: "revert",
  hint: "https://wiki.acme.dev/deep-scan",
  line: 21,
};

/** A run in which everything passed. */
export const passed: Outcome = {
  verdict: "pass",
  reason: "2 of 2 checks passed over boot (5m).",
  mode: "enforce",
  serviceName: "scrapersky-backend",
  service,
  commit: BAD,
  deploy: {
    id: "dep-d4ge1",
    commit: { sha: BAD, message: "Merge WO-004 (#41)\n\nDetails" },
    status: "live",
    trigger: "new_commit",
    createdAt: START + 5_000,
    startedAt: START + 10_000,
    finishedAt: START + 130_000,
  },
  deployUrl: "https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1",
  liveAt: START + 130_000,
  previousCommit: GOOD,
  stages: [{ name: "boot", from: START + 130_000, to: START + 430_000, verdict: "pass" }],
  checks: [health, schedulers],
  actions: [],
  timeline: [
    { at: START, event: "gate started" },
    { at: START + 5_000, event: "deploy dep-d4ge1 found" },
    { at: START + 130_000, event: "deploy dep-d4ge1 is live" },
    { at: START + 430_000, event: "stage boot ended: pass" },
  ],
  notes: [],
  deployEvidence: [],
  spots: [],
  configFile: ".github/deploy-gate.yml",
  requests: { render: 42, github: 9 },
  startedAt: START,
  endedAt: START + 431_000,
};

/** A check failed and the revert pull request was opened. */
/** A watch that goes on; half of its day was seen. */
export const watched: Outcome = {
  ...passed,
  stages: [...passed.stages, { name: "hour", from: START + 430_000, to: START + 3_730_000, verdict: "pass" }],
  laterStages: ["day", "week"],
  watchedUntil: Date.UTC(2026, 10, 30, 10, 2, 10),
  nextLookAt: Date.UTC(2026, 10, 23, 23, 2, 10),
  issue: { number: 7, url: "https://github.com/acme/scrapersky/issues/7" },
  coverage: [
    { stage: "hour", from: START + 430_000, to: START + 3_730_000, due: 30, seen: 30, gaps: [] },
    {
      stage: "day",
      from: START + 3_730_000,
      to: START + 12 * 3_600_000,
      due: 1_000,
      seen: 994,
      gaps: [
        {
          from: START + 4 * 3_600_000,
          to: START + 6.5 * 3_600_000,
          backFilled: true,
          unseen: ["sql"],
        },
      ],
    },
  ],
};

export const reverted: Outcome = {
  ...passed,
  verdict: "fail",
  reason: '"deep scan success": success 75%, at least 80% required, 2 of 2 samples.',
  stages: [{ name: "boot", from: START + 130_000, to: START + 250_000, verdict: "fail" }],
  checks: [health, successRate],
  actions: [
    {
      kind: "revert_pr",
      state: "done",
      reason: "Pull request #42 takes back 1 commit",
      url: "https://github.com/acme/scrapersky/pull/42",
    },
  ],
  timeline: [
    ...passed.timeline.slice(0, 3),
    { at: START + 250_000, event: 'check "deep scan success" failed: success 75%' },
    { at: START + 252_000, event: "revert #42 opened" },
  ],
  spots: [
    { path: "src/scheduler_loop.py", line: 72, message: "KeyError: 'status'", check: "deep scan success" },
  ],
  revert: { number: 42, url: "https://github.com/acme/scrapersky/pull/42" },
  endedAt: START + 253_000,
};

/** Passed, but one check wants a look. */
export const warned: Outcome = {
  ...passed,
  verdict: "warn",
  reason: '"queue depth": depth 60, warning above 50.',
  checks: [
    health,
    {
      ...schedulers,
      name: "queue depth",
      source: "sql",
      verdict: "warn",
      reason: "Depth was 60, above the warning limit of 50, in 3 of 10 samples.",
      samples: 10,
      onFail: "alert",
      finding: {
        at: START + 400_000,
        outcome: "warn",
        reason: "",
        lines: [{ condition: "depth > 50", subject: "depth", tier: "warn", holds: true, value: 60 }],
        evidence: [],
      },
    },
  ],
  stages: [{ name: "boot", from: START + 130_000, to: START + 430_000, verdict: "warn" }],
};

/** Not enough was measured. */
export const unknown: Outcome = {
  ...passed,
  verdict: "unknown",
  reason: '"deep scan success": not measured, the database refused the connection 12 times (ECONNREFUSED).',
  checks: [
    health,
    {
      ...schedulers,
      name: "deep scan success",
      verdict: "unknown",
      reason: "The database refused the connection 12 times (ECONNREFUSED).",
      samples: 0,
      errors: 12,
    },
  ],
};

/** A newer deploy took over while a check was failing. */
export const superseded: Outcome = {
  ...passed,
  verdict: "superseded",
  reason: "A newer deploy took over before stage boot was finished.",
  coveredBy: "4f5a6b7c8d9e0f1a2b3c4d5e6f09dadc4b1c2d3e",
  checks: [successRate],
  stages: [],
};

/** Render deployed nothing for the commit. */
export const skipped: Outcome = {
  verdict: "skipped",
  reason: "The commit message holds [skip render].",
  mode: "enforce",
  serviceName: "scrapersky-backend",
  service,
  commit: BAD,
  stages: [],
  checks: [],
  actions: [],
  timeline: [{ at: START, event: "gate started" }],
  notes: [],
  deployEvidence: [],
  spots: [],
  configFile: ".github/deploy-gate.yml",
  requests: { render: 3, github: 4 },
  startedAt: START,
  endedAt: START + 4_000,
};

/** What would have been a failure, observed without a config file. */
const { revert: _, configFile: __, ...unacted } = reverted;
export const observed: Outcome = {
  ...unacted,
  mode: "observe",
  actions: [{ kind: "revert_pr", state: "advised", reason: "mode is observe" }],
  notes: ["no config file: defaults only"],
};

/** The deploy itself failed. */
export const deployFailed: Outcome = {
  ...skipped,
  verdict: "fail",
  reason: "Deploy dep-d4ge1 ended as build_failed after 2m 10s; nothing was checked.",
  deploy: {
    id: "dep-d4ge1",
    commit: { sha: BAD, message: "Merge WO-004 (#41)" },
    status: "build_failed",
    trigger: "new_commit",
    createdAt: START + 5_000,
    startedAt: START + 5_000,
    finishedAt: START + 135_000,
  },
  deployEvidence: [
    { at: START + 134_000, text: "ModuleNotFoundError: No module named 'deep_scan'", from: "build" },
  ],
  actions: [{ kind: "revert_pr", state: "held", reason: "The range touches migrations" }],
};

type Points = MeasuredSeries["points"];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LIVE = START + 130_000;

/** What a beat of `everyMs` after live measured: `valueAt` gives the value of a sample by its number. */
function measured(count: number, everyMs: number, valueAt: (index: number) => number): Points {
  return Array.from({ length: count }, (_, index) => ({
    at: LIVE + (index + 1) * everyMs,
    value: valueAt(index),
  }));
}

/** Something between -1 and 1 that looks like noise and is the same every time. */
function noise(index: number): number {
  return (Math.sin(index * 12.9898) + Math.sin(index * 4.1414) + Math.sin(index * 0.7)) / 3;
}

const latency: CheckResult = {
  name: "api latency",
  source: "http",
  verdict: "warn",
  measured: true,
  reason: "p95(latency) was 348ms, more than 50% over its baseline of 210ms, in 9 of 120 samples.",
  samples: 120,
  errors: 2,
  finding: {
    at: LIVE + 60 * MINUTE,
    outcome: "warn",
    reason: "",
    lines: [
      {
        condition: "p95(latency) > 2s",
        subject: "p95(latency)",
        unit: "duration",
        tier: "fail",
        holds: false,
        value: 348,
      },
      {
        condition: "p95(latency) < +50%",
        subject: "p95(latency)",
        unit: "duration",
        tier: "pass",
        holds: false,
        value: 348,
        baseline: 210,
      },
    ],
    evidence: [],
  },
  evidence: [],
  onFail: "revert",
  hint: "Compare with the slow-query panel before you blame the deploy",
  series: [
    {
      subject: "p95(latency)",
      unit: "duration",
      points: measured(120, 30 * SECOND, (at) => (at === 71 ? 1240 : 236 + at * 0.85 + noise(at) * 46)),
      baseline: 210,
      limits: [
        { tier: "fail", text: "p95(latency) > 2s", value: 2000 },
        { tier: "pass", text: "p95(latency) < +50%", value: 315 },
      ],
    },
  ],
  diagnosis: [],
  stage: "hour",
  line: 18,
};

const deepScan: CheckResult = {
  ...successRate,
  reason: "Success was 75%, under the limit of 80%, in 2 of 2 samples.",
  finding: {
    at: LIVE + 56 * MINUTE,
    outcome: "fail",
    reason: "fails on success < 80%, got 0.75",
    lines: [
      {
        condition: "success < 80%",
        subject: "success",
        unit: "ratio",
        tier: "fail",
        holds: true,
        value: 0.75,
      },
      {
        condition: "success < 85%",
        subject: "success",
        unit: "ratio",
        tier: "warn",
        holds: true,
        value: 0.75,
      },
      {
        condition: "success >= 90%",
        subject: "success",
        unit: "ratio",
        tier: "pass",
        holds: false,
        value: 0.75,
      },
    ],
    evidence: [],
  },
  samples: 28,
  series: [
    {
      subject: "success",
      unit: "ratio",
      points: measured(28, 2 * MINUTE, (at) =>
        Math.min(1, 0.955 - (at > 16 ? (at - 16) * 0.0187 : 0) + noise(at) * 0.012),
      ),
      limits: [
        { tier: "fail", text: "success < 80%", value: 0.8 },
        { tier: "warn", text: "success < 85%", value: 0.85 },
        { tier: "pass", text: "success >= 90%", value: 0.9 },
      ],
    },
  ],
  evidence: [
    { at: LIVE + 54 * MINUTE, text: '{"success": 0.79, "total": 47}', from: "database main" },
    { at: LIVE + 56 * MINUTE, text: '{"success": 0.75, "total": 48}', from: "database main" },
    {
      at: LIVE + 55 * MINUTE,
      from: "instance 7k2p9",
      text: `Traceback (most recent call last):
  File "/opt/render/project/src/services/places/scheduler_loop.py", line 72, in run_job_loop
    status = place["status"]
KeyError: 'status'`,
    },
  ],
  diagnosis: [
    {
      text: '{"error_class": "KeyError", "count": 9, "newest": "2026-11-23T10:57:41Z"}',
      from: "database main",
    },
    {
      text: '{"error_class": "TimeoutError", "count": 3, "newest": "2026-11-23T10:41:02Z"}',
      from: "database main",
    },
  ],
  stage: "hour",
};

const memory: CheckResult = {
  name: "memory",
  source: "metric",
  verdict: "pass",
  measured: true,
  reason: "value 1.21 GB; pass: value < 1.5GB; 120 of 120 samples passed",
  samples: 120,
  errors: 0,
  finding: {
    at: LIVE + 60 * MINUTE,
    outcome: "pass",
    reason: "",
    lines: [
      { condition: "value > 2GB", subject: "value", unit: "size", tier: "fail", holds: false, value: 1.21e9 },
      {
        condition: "value < 1.5GB",
        subject: "value",
        unit: "size",
        tier: "pass",
        holds: true,
        value: 1.21e9,
      },
    ],
    evidence: [],
  },
  evidence: [],
  onFail: "rollback",
  series: [
    {
      subject: "value",
      unit: "size",
      points: measured(
        120,
        30 * SECOND,
        (at) => 0.62e9 + 0.6e9 * (1 - Math.exp(-at / 40)) + noise(at) * 2.4e7,
      ),
      baseline: 0.98e9,
      limits: [
        { tier: "fail", text: "value > 2GB", value: 2e9 },
        { tier: "pass", text: "value < 1.5GB", value: 1.5e9 },
      ],
    },
  ],
  diagnosis: [],
  stage: "hour",
  line: 30,
};

const queue: CheckResult = {
  name: "queue depth",
  source: "sql",
  verdict: "pass",
  measured: true,
  reason: "trend(depth, 30m) -38 an hour; pass: trend(depth, 30m) <= 0; 30 of 30 samples passed",
  samples: 30,
  errors: 0,
  finding: {
    at: LIVE + 60 * MINUTE,
    outcome: "pass",
    reason: "",
    lines: [
      { condition: "depth > 150", subject: "depth", tier: "warn", holds: false, value: 41 },
      {
        condition: "trend(depth, 30m) <= 0",
        subject: "trend(depth, 30m)",
        tier: "pass",
        holds: true,
        value: -38,
      },
    ],
    evidence: [],
  },
  evidence: [],
  onFail: "alert",
  series: [
    {
      subject: "depth",
      unit: "number",
      points: measured(30, 2 * MINUTE, (at) => Math.max(0, Math.round(118 - at * 2.6 + noise(at) * 14))),
      limits: [{ tier: "warn", text: "depth > 150", value: 150 }],
    },
  ],
  diagnosis: [],
  stage: "hour",
  line: 36,
};

const httpErrors: CheckResult = {
  name: "http errors",
  source: "metric",
  verdict: "pass",
  measured: true,
  reason: "value 0.6%; fail: value > 5%; 60 of 60 samples passed",
  samples: 60,
  errors: 0,
  finding: {
    at: LIVE + 60 * MINUTE,
    outcome: "pass",
    reason: "",
    lines: [
      { condition: "value > 5%", subject: "value", unit: "ratio", tier: "fail", holds: false, value: 0.006 },
      {
        condition: "value > +2pp",
        subject: "value",
        unit: "ratio",
        tier: "warn",
        holds: false,
        value: 0.006,
        baseline: 0.004,
      },
    ],
    evidence: [],
  },
  evidence: [],
  onFail: "revert",
  series: [
    {
      subject: "value",
      unit: "ratio",
      points: measured(60, MINUTE, (at) => Math.max(0, 0.005 + noise(at) * 0.004)),
      baseline: 0.004,
      limits: [
        { tier: "fail", text: "value > 5%", value: 0.05 },
        { tier: "warn", text: "value > +2pp", value: 0.024 },
      ],
    },
  ],
  diagnosis: [],
  stage: "hour",
  line: 41,
};

const throughput: CheckResult = {
  ...schedulers,
  name: "throughput",
  source: "sql",
  verdict: "warn",
  reason: "not compared: no baseline for done: no earlier gate measured this check",
  finding: {
    at: LIVE + 60 * MINUTE,
    outcome: "warn",
    reason: "",
    lines: [
      {
        condition: "done > -20%",
        subject: "done",
        tier: "pass",
        holds: null,
        value: 31,
        why: "no baseline for done: no earlier gate measured this check",
        cause: "no baseline yet",
      },
    ],
    evidence: [],
  },
  series: [{ subject: "done", unit: "number", points: [{ at: LIVE + MINUTE, value: 31 }], limits: [] }],
  stage: "hour",
  line: 46,
};

/** A watch of two stages with everything that can be drawn; rolled back, frozen and a revert opened. */
export const measuredRun: Outcome = {
  ...reverted,
  checks: [
    { ...health, stage: "boot" },
    { ...schedulers, stage: "boot" },
    latency,
    deepScan,
    memory,
    queue,
    httpErrors,
    throughput,
    {
      ...schedulers,
      name: "settings",
      source: "env",
      verdict: "unknown",
      reason: "Render answered 503 to the environment 4 times over 3m.",
      samples: 0,
      errors: 4,
      stage: "boot",
      line: 52,
    },
    {
      ...schedulers,
      name: "drain",
      verdict: "not-applied",
      reason: "only_if queue.depth > 500 was never true",
      samples: 0,
      stage: "hour",
      line: 57,
    },
  ],
  stages: [
    { name: "boot", from: LIVE, to: LIVE + 5 * MINUTE, verdict: "pass" },
    { name: "hour", from: LIVE + 5 * MINUTE, to: LIVE + 60 * MINUTE, verdict: "fail" },
  ],
  actions: [
    { kind: "freeze", state: "done", reason: 'auto-deploy was "commit" before' },
    { kind: "render_rollback", state: "done", reason: "dep-d4ge0 serves again" },
    { kind: "recheck", state: "done", reason: "2 of 2 checks passed on the version before" },
    ...reverted.actions,
  ],
  timeline: [
    ...passed.timeline.slice(0, 3),
    { at: LIVE + 5 * MINUTE, event: "stage boot ended: pass" },
    { at: LIVE + 56 * MINUTE, event: 'check "deep scan success" failed: success 75%' },
    { at: LIVE + 57 * MINUTE, event: "Rollback on Render: done, dep-d4ge0 serves again" },
    { at: LIVE + 58 * MINUTE, event: "revert #42 opened" },
  ],
  notes: ["Branch rules require deploy-gate: a gate that waits for itself never ends."],
  rollbackDeployId: "dep-d4ge2",
  requests: { render: 342, github: 21 },
  endedAt: LIVE + 61 * MINUTE,
};

/** Every piece of text that comes from outside, replaced by `text`. */
export function hostileOutcome(text: string): Outcome {
  const line = {
    condition: text,
    subject: text,
    tier: "fail",
    holds: null,
    value: text,
    baseline: [text],
    why: text,
  } as const;
  const evidence = [{ at: START, text, from: text }];
  const check: CheckResult = {
    ...successRate,
    name: text,
    reason: text,
    hint: text,
    evidence,
    diagnosis: evidence,
    stage: text,
    series: [
      {
        subject: text,
        unit: "number",
        points: [
          { at: START, value: 1 },
          { at: START + 1000, value: 2 },
        ],
        baseline: 1.5,
        limits: [{ tier: "fail", text, value: 3 }],
      },
    ],
    finding: { at: START, outcome: "fail", reason: text, lines: [line], evidence },
  };
  return {
    ...reverted,
    reason: text,
    serviceName: text,
    service: { ...service, name: text, repo: text, dashboardUrl: text },
    commit: text,
    previousCommit: text,
    coveredBy: text,
    deploy: {
      id: text,
      status: text,
      trigger: text,
      image: text,
      createdAt: START,
      commit: { sha: text, message: text },
    },
    deployUrl: text,
    checks: [check, { ...check, verdict: "unknown", stage: "boot" }, { ...check, verdict: "pass" }],
    stages: [{ name: text, from: START, to: START + 1000, verdict: "fail" }],
    actions: [
      { kind: text, state: "failed", reason: text, url: text },
      { kind: "render_rollback", state: "done" },
    ],
    timeline: [{ at: START, event: text }],
    notes: [text],
    deployEvidence: evidence,
    spots: [{ path: text, line: 3, message: text, check: text }],
    configFile: text,
    revert: { number: 42, url: text },
    rollbackDeployId: text,
  };
}
