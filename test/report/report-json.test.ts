import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { reportJson } from "../../src/report/report-json.ts";
import * as sample from "./sample-outcomes.ts";

type Schema = Record<string, unknown>;

const schema = JSON.parse(
  readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8"),
) as Schema;

/** The schema with no room for keys it does not describe: readers must bear new keys, but we must describe ours. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)] as const);
  const extra = "properties" in value ? { additionalProperties: false } : {};
  return { ...Object.fromEntries(entries), ...extra };
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const isReport = ajv.compile(schema);
const isExactReport = ajv.compile({ ...(closed(schema) as Schema), $id: "urn:render-deploy-gate:closed" });

/** As a reader gets it. */
function written(outcome: Outcome): Record<string, unknown> {
  return JSON.parse(JSON.stringify(reportJson(outcome))) as Record<string, unknown>;
}

const outcomes: readonly (readonly [string, Outcome])[] = [
  ["pass", sample.passed],
  ["a watch that goes on", { ...sample.watched, held: "held by @ada" }],
  ["warn", sample.warned],
  ["fail", sample.reverted],
  ["unknown", sample.unknown],
  ["superseded", sample.superseded],
  ["skipped", sample.skipped],
  ["observe", sample.observed],
  ["failed deploy", sample.deployFailed],
  ["measured series", sample.measuredRun],
  ["hostile", sample.hostileOutcome("</details>\ud800\u0000@team".repeat(1000))],
];

describe("report.json", () => {
  it.each(outcomes)("of %s is what the schema says, and nothing else", (_, outcome) => {
    const report = written(outcome);
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(isExactReport(report), JSON.stringify(isExactReport.errors)).toBe(true);
  });

  it("holds what the design names", () => {
    const { checks, ...report } = reportJson(sample.reverted);
    expect(report).toMatchObject({
      version: 1,
      verdict: "fail",
      mode: "enforce",
      service: { id: "srv-d4ge0a1r0fns73f7abcd", name: "scrapersky-backend" },
      commit: sample.BAD,
      deploy: {
        id: "dep-d4ge1",
        status: "live",
        trigger: "new_commit",
        createdAt: "2026-11-23T10:00:05.000Z",
        startedAt: "2026-11-23T10:00:10.000Z",
        liveAt: "2026-11-23T10:02:10.000Z",
        previousCommit: sample.GOOD,
      },
      stages: [
        { name: "boot", from: "2026-11-23T10:02:10.000Z", to: "2026-11-23T10:04:10.000Z", verdict: "fail" },
      ],
      actions: [{ kind: "revert_pr", state: "done" }],
      requests: { render: 42, github: 9 },
    });
    expect(report.timeline[0]).toEqual({ at: "2026-11-23T10:00:00.000Z", event: "gate started" });
    expect(checks[1]).toEqual({
      name: "deep scan success",
      source: "sql",
      verdict: "fail",
      reason: "Success was 75%, under the limit of 80%, in 2 of 2 samples.",
      samples: 12,
      errors: 1,
      findings: [
        { condition: "success >= 90%", tier: "pass", value: 0.75, baseline: null, holds: false, why: null },
        { condition: "success < 80%", tier: "fail", value: 0.75, baseline: null, holds: true, why: null },
      ],
      evidence: [
        { at: "2026-11-23T10:04:10.000Z", from: "database main", text: '{"success": 0.75, "total": 48}' },
      ],
      on_fail: "revert",
      hint: "https://wiki.acme.dev/deep-scan",
      line: 21,
      stage: null,
      diagnosis: [],
      series: [],
    });
  });

  it("holds what is left to later runs, and how much was seen", () => {
    expect(reportJson({ ...sample.watched, held: "held by @ada" })).toMatchObject({
      watch: {
        stages: ["day", "week"],
        until: "2026-11-30T10:02:10.000Z",
        nextLookAt: "2026-11-23T23:02:10.000Z",
        held: "held by @ada",
      },
      coverage: [
        { stage: "hour", due: 30, seen: 30, gaps: [] },
        {
          stage: "day",
          due: 1000,
          seen: 994,
          gaps: [
            {
              from: "2026-11-23T14:00:00.000Z",
              to: "2026-11-23T16:30:00.000Z",
              judgedAfterwards: true,
              unseen: ["sql"],
            },
          ],
        },
      ],
      issue: { number: 7 },
    });
    expect(reportJson(sample.passed)).toMatchObject({ watch: null, coverage: [], issue: null });
  });

  it("holds each series, the diagnosis and the rollback", () => {
    const [series] = sample.measuredRun.checks.flatMap((check) => check.series);
    const { rollback, checks } = reportJson({
      ...sample.measuredRun,
      checks: [{ ...sample.successRate, stage: "hour", diagnosis: [{ text: "rows: 3" }], series: [series!] }],
    });
    expect(rollback).toEqual({ deployId: "dep-d4ge2" });
    expect(checks[0]).toMatchObject({
      stage: "hour",
      diagnosis: [{ at: null, from: null, text: "rows: 3" }],
    });
    const [told] = checks[0]!.series;
    expect(told).toMatchObject({
      subject: "p95(latency)",
      unit: "duration",
      baseline: 210,
      limits: [{ tier: "fail", text: "p95(latency) > 2s", value: 2000 }, { value: 315 }],
    });
    expect(told?.points).toHaveLength(120);
    expect(told?.points[0]).toEqual(["2026-11-23T10:02:40.000Z", expect.closeTo(series!.points[0]!.value)]);
  });

  it.each([
    ["a number that JSON has not", Number.NaN, null],
    ["a body of a megabyte", "x".repeat(1_000_000), /^x+ … \[996,0\d\d characters cut\]$/u],
    ["a large object", { a: "x".repeat(10_000) }, /^\{"a":"x+ … \[\d,\d{3} characters cut\]$/u],
    ["a small object", { a: [1] }, { a: [1] }],
  ])("bears %s", (_, value, expected) => {
    const line = { condition: "body != null", subject: "body", tier: "pass", holds: true, value } as const;
    const finding = { at: 0, outcome: "pass", reason: "", lines: [line], evidence: [] } as const;
    const report = reportJson({ ...sample.passed, checks: [{ ...sample.successRate, finding }] });
    const shown = report.checks[0]?.findings[0]?.value;
    if (expected instanceof RegExp) expect(shown).toMatch(expected);
    else expect(shown).toEqual(expected);
  });

  it("is refused by the schema when a promised key is missing", () => {
    const { verdict: _, ...report } = written(sample.passed);
    expect(isReport(report)).toBe(false);
    expect(isReport({ ...written(sample.passed), startedAt: 5 })).toBe(false);
    expect(isReport({ ...written(sample.passed), added: "later" })).toBe(true);
  });
});
