import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/core/check.ts";
import type { Line } from "../../src/core/condition.ts";
import { eventLine, findingLine, linesText, measuredText, resultLine } from "../../src/report/line.ts";
import { START, successRate } from "./sample-outcomes.ts";

const finding = successRate.finding as Finding;

describe("what a check measured", () => {
  it("has value, conditions and counts", () => {
    expect(measuredText(successRate)).toBe(
      "success 75%; pass: success >= 90%; fail: success < 80%; 12 samples, 1 error",
    );
  });

  it("falls back on the reason when there are no conditions", () => {
    const { finding: _, ...check } = successRate;
    expect(
      measuredText({ ...check, reason: "the service refused the connection.", errors: 0, samples: 1 }),
    ).toBe("the service refused the connection; 1 sample");
  });

  it.each<[string, Partial<Line>, string]>([
    [
      "why a line was not evaluated",
      { holds: null, why: "rate is missing." },
      "(not evaluated: rate is missing)",
    ],
    [
      "that a line was not compared",
      { holds: null, why: "no baseline for rate: first deploy", cause: "no baseline yet" },
      "(not compared: no baseline for rate: first deploy)",
    ],
    ["what it was compared with", { baseline: 1.5 }, "(baseline 1.5)"],
    [
      "both",
      { holds: null, baseline: 1.5, why: "value and baseline are under the floor of 5" },
      "(baseline 1.5; not evaluated: value and baseline are under the floor of 5)",
    ],
  ])("says %s", (_, line, words) => {
    const text = linesText([
      { condition: "rate > 3x", subject: "rate", tier: "fail", holds: false, value: 4, ...line },
    ]);
    expect(text).toBe(`rate 4; fail: rate > 3x ${words}`);
  });

  it("reads value and baseline in the line's unit", () => {
    const line = {
      condition: "latency < +50%",
      subject: "latency",
      tier: "pass",
      holds: false,
      value: 340,
      baseline: 210,
    } as const;
    expect(linesText([{ ...line, unit: "duration" }])).toBe(
      "latency 340ms; pass: latency < +50% (baseline 210ms)",
    );
    expect(linesText([line])).toBe("latency 340; pass: latency < +50% (baseline 210)");
  });
});

describe("lines of the job log", () => {
  it.each([
    ["pass", 'check "health" passed'],
    ["warn", 'check "health" warned'],
    ["fail", 'check "health" failed'],
    ["unknown", 'check "health" could not be judged'],
    ["error", 'check "health" could not be measured'],
    ["none", 'check "health" is not judged yet'],
    ["not-applied", 'check "health" does not apply now'],
  ] as const)("name a finding that is %s", (outcome, words) => {
    const line = findingLine("health", { finding: { ...finding, outcome }, samples: 2, errors: 0 });
    expect(line).toBe(
      `10:04:10 ${words}: success 75%; pass: success >= 90%; fail: success < 80% (2 samples)`,
    );
  });

  it.each([
    ["fail", ". Hint: see the runbook"],
    ["warn", ". Hint: see the runbook"],
    ["pass", ""],
  ] as const)("hint at what to do when it is %s", (outcome, words) => {
    const hint = "see the\nrunbook";
    const line = findingLine("health", { finding: { ...finding, outcome }, samples: 2, errors: 0, hint });
    expect(line.endsWith(`(2 samples)${words}`)).toBe(true);
    const result = resultLine({ ...successRate, verdict: outcome, hint });
    expect(result.endsWith(`(12 samples, 1 error)${words}`)).toBe(true);
  });

  it("show the reason of a finding that has no conditions", () => {
    const refused: Finding = {
      at: START,
      outcome: "fail",
      reason: "connection refused",
      lines: [],
      evidence: [],
    };
    expect(findingLine("health", { finding: refused, samples: 1, errors: 0 })).toBe(
      '10:00:00 check "health" failed: connection refused (1 sample)',
    );
  });

  it("tell how a check ended", () => {
    expect(resultLine(successRate)).toBe(
      'check "deep scan success" failed: Success was 75%, under the limit of 80%, in 2 of 2 samples (12 samples, 1 error). Hint: https://wiki.acme.dev/deep-scan',
    );
  });

  it("stay one harmless line whatever a name or reason holds", () => {
    const text = "x\n::error::y ##[group]z\u001b[31m";
    const lines = [
      findingLine(text, { finding: { ...finding, reason: text, lines: [] }, samples: 1, errors: 0 }),
      resultLine({ ...successRate, name: text, reason: text }),
      eventLine(START, text),
    ];
    for (const line of lines) {
      expect(line).not.toMatch(/[\n\u001b]|##\[|^\s*::/u);
      expect(line.length).toBeLessThanOrEqual(1000);
    }
    expect(eventLine(START, "x".repeat(1_000_000)).length).toBeLessThanOrEqual(1000);
  });
});
