import type { CheckResult, Outcome } from "../../src/core/outcome.ts";
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
    lines: [{ condition: "status == 200", tier: "pass", holds: true, value: 200 }],
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
      { condition: "success >= 90%", tier: "pass", holds: false, value: 0.75 },
      { condition: "success < 80%", tier: "fail", holds: true, value: 0.75 },
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
        lines: [{ condition: "depth > 50", tier: "warn", holds: true, value: 60 }],
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

/** Every piece of text that comes from outside, replaced by `text`. */
export function hostileOutcome(text: string): Outcome {
  const line = {
    condition: text,
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
    checks: [check, { ...check, verdict: "unknown" }, { ...check, verdict: "pass" }],
    stages: [{ name: text, from: START, to: START + 1000, verdict: "fail" }],
    actions: [{ kind: text, state: "failed", reason: text, url: text }],
    timeline: [{ at: START, event: text }],
    notes: [text],
    deployEvidence: evidence,
    spots: [{ path: text, line: 3, message: text, check: text }],
    configFile: text,
    revert: { number: 42, url: text },
  };
}
