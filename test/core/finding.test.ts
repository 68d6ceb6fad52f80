import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/check.ts";
import type { Line } from "../../src/core/condition.ts";
import { appliesAt, findingOf, linesOf, outcomeOf, reasonOf } from "../../src/core/finding.ts";
import { condition, conditions, givenCheck, givenContext, MINUTE, okSample, SECOND, T0 } from "./given.ts";

describe("values that hold a secret", () => {
  const keep = (text: string): string => text.replaceAll("hunter2secret", "***");
  const long = `${"x".repeat(114)}hunter2secret`;
  it.each([long, [long], { key: long }, { hunter2secret: 1 }])(
    "are made safe before they are cut: %#",
    (v) => {
      const check = givenCheck({ pass: conditions('v == "ok"'), fail: conditions("w > 1") });
      for (const sample of [
        okSample({ v, w: long }),
        { kind: "failing", reason: "", at: T0, subjects: { v, w: long }, evidence: [] } as const,
      ]) {
        const found = findingOf(check, sample, givenContext({ keep }));
        expect(JSON.stringify(found)).not.toContain("hunter");
      }
    },
  );
  it("that does not stay JSON is kept as text", () => {
    const check = givenCheck({ pass: conditions("has(v) == true", "v contains 1") });
    const found = findingOf(check, okSample({ v: [12345678] }), {
      ...givenContext(),
      keep: (text) => text.replaceAll("12345678", "***"),
    });
    expect(found.lines[1]?.value).toBe("[***]");
  });
});

describe("a count that may be larger", () => {
  it.each([
    ["pass", "rows < 5000", "unknown"],
    ["fail", "rows > 2000", "unknown"],
    ["fail", "rows > 500", "fail"],
    ["pass", "rows == 0", "fail"],
    ["pass", "rows == 2000", "unknown"],
    ["pass", "rows between 10 and 2000", "unknown"],
    ["pass", "rows between 10 and 20", "fail"],
    ["pass", "rows != 3", "pass"],
    ["pass", "max(rows) < 5000", "unknown"],
    ["pass", "other == 1", "pass"],
  ])("%s: %s is %s", (tier, text, outcome) => {
    const sample = okSample({ rows: 1_000, other: 1 }, { partial: ["rows"] });
    const series = (): { at: number; value: number }[] => [{ at: T0, value: 1_000 }];
    const check = givenCheck({ [tier]: conditions(text) });
    expect(findingOf(check, sample, givenContext({ series })).outcome).toBe(outcome);
  });
});

describe("tiers", () => {
  const only = { pass: conditions("v >= 90") };
  const both = { pass: conditions("v >= 90"), fail: conditions("v < 80") };
  const all = { ...both, warn: conditions("v >= 99") };
  const rows: readonly [string, Partial<ReturnType<typeof givenCheck>>, Record<string, number>, string][] = [
    ["only pass: it holds", only, { v: 90 }, "pass"],
    ["only pass: not pass is fail", only, { v: 89 }, "fail"],
    ["pass is a list: a list means all", { pass: conditions("v > 1", "w > 1") }, { v: 2, w: 0 }, "fail"],
    ["fail is a list: a list means any", { fail: conditions("v > 1", "w > 1") }, { v: 2, w: 0 }, "fail"],
    ["warn is a list: a list means any", { warn: conditions("v > 1", "w > 1") }, { v: 0, w: 2 }, "warn"],
    ["only fail: otherwise pass", { fail: conditions("v > 1") }, { v: 1 }, "pass"],
    ["only warn: otherwise pass", { warn: conditions("v > 1") }, { v: 1 }, "pass"],
    ["runbook: target", both, { v: 90 }, "pass"],
    ["runbook: between pass and fail is warn", both, { v: 85 }, "warn"],
    ["runbook: critical", both, { v: 79 }, "fail"],
    [
      "fail is tested before warn",
      { fail: conditions("v > 1"), warn: conditions("v > 0") },
      { v: 2 },
      "fail",
    ],
    ["warn is tested before pass", all, { v: 99 }, "warn"],
    [
      "warn and pass: neither is fail",
      { pass: conditions("v < 5"), warn: conditions("v == 7") },
      { v: 6 },
      "fail",
    ],
    [
      "any true fail line fails, whatever else is not evaluated",
      { fail: conditions("v > 1", "gone > 1") },
      { v: 2 },
      "fail",
    ],
    [
      "else any line not evaluated is unknown",
      { fail: conditions("v > 1", "gone > 1") },
      { v: 0 },
      "unknown",
    ],
    [
      "not pass, and another line not evaluated: unknown",
      { pass: conditions("v > 1", "gone > 1") },
      { v: 0 },
      "unknown",
    ],
    [
      "a warn line not evaluated is unknown",
      { pass: conditions("v > 1"), warn: conditions("gone > 1") },
      { v: 2 },
      "unknown",
    ],
    ["no line at all says nothing", {}, { v: 1 }, "unknown"],
  ];
  it.each(rows)("%s", (_rule, tiers, subjects, outcome) => {
    expect(findingOf(givenCheck(tiers), okSample(subjects), givenContext()).outcome).toBe(outcome);
  });

  const line = fc.record({
    condition: fc.constant("v > 1"),
    subject: fc.constant("v"),
    tier: fc.constantFrom("pass" as const, "warn" as const, "fail" as const),
    holds: fc.constantFrom(true, false, null),
  });
  it("a true fail line added never improves, and always fails", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const worse: Line = { condition: "w > 1", subject: "w", tier: "fail", holds: true };
        expect(outcomeOf([...lines, worse])).toBe("fail");
      }),
    );
  });
  it.each<[string, readonly Partial<Line>[], ReturnType<typeof outcomeOf>]>([
    [
      "a window that has not filled is left out",
      [
        { tier: "pass", holds: true },
        { tier: "fail", holds: null, cause: "open" },
      ],
      "pass",
    ],
    ["nothing but such windows", [{ tier: "pass", holds: null, cause: "open" }], "open"],
    [
      "it hides no failure",
      [
        { tier: "fail", holds: true },
        { tier: "pass", holds: null, cause: "open" },
      ],
      "fail",
    ],
    ["what cannot be compared yet warns", [{ tier: "fail", holds: null, cause: "no baseline yet" }], "warn"],
    [
      "beside what passes, too",
      [
        { tier: "pass", holds: true },
        { tier: "fail", holds: null, cause: "no baseline yet" },
      ],
      "warn",
    ],
    [
      "it hides no failure",
      [
        { tier: "pass", holds: false },
        { tier: "warn", holds: null, cause: "no baseline yet" },
      ],
      "fail",
    ],
    ["a baseline that should be there is missing", [{ tier: "fail", holds: null }], "unknown"],
    [
      "beside a window that has not filled",
      [
        { tier: "fail", holds: null },
        { tier: "pass", holds: null, cause: "open" },
      ],
      "unknown",
    ],
  ])("%s", (_rule, lines, outcome) => {
    const whole = lines.map((one) => ({
      condition: "x > 1",
      subject: "x",
      tier: "pass" as const,
      holds: true,
      ...one,
    }));
    expect(outcomeOf(whole)).toBe(outcome);
    expect(outcomeOf(whole.toReversed())).toBe(outcome);
  });
  it("a line that cannot be evaluated never makes a pass, nor a fail", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.nat(), (lines, index) => {
        const broken = lines.map((one, at) => (at === index % lines.length ? { ...one, holds: null } : one));
        expect(["unknown", "fail"]).toContain(outcomeOf(broken));
        if (outcomeOf(broken) === "fail") expect(outcomeOf(lines)).toBe("fail");
      }),
    );
  });
  it("the order of lines does not matter", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(outcomeOf(lines.toReversed())).toBe(outcomeOf(lines));
      }),
    );
  });
});

describe("a sample becomes a finding", () => {
  const check = givenCheck({ fail: conditions("v > 1"), graceMs: MINUTE });
  const late = T0 + 2 * MINUTE;

  it("grace: not judged so long after live", () => {
    const at = (ms: number) => findingOf(check, okSample({ v: 9 }, { at: T0 + ms }), givenContext()).outcome;
    expect([at(0), at(MINUTE - 1), at(MINUTE)]).toEqual(["open", "open", "fail"]);
  });
  it("grace: a failing sample is not judged either", () => {
    const sample = { kind: "failing", at: T0, reason: "refused", subjects: {}, evidence: [] } as const;
    expect(findingOf(check, sample, givenContext()).outcome).toBe("open");
  });
  it("grace: an error in it is not due, and still shown", () => {
    const sample = { kind: "error", at: T0, reason: "no route" } as const;
    expect(findingOf(check, sample, givenContext())).toMatchObject({
      outcome: "open",
      reason: "in grace: no route",
    });
  });
  it("an error is an error, never a failure", () => {
    const sample = { kind: "error", at: late, reason: "time-out" } as const;
    expect(findingOf(check, sample, givenContext())).toMatchObject({
      outcome: "error",
      reason: "time-out",
      lines: [],
    });
  });
  it("an observation that is not yet a finding only lacks time", () => {
    const sample = { kind: "none", at: late, reason: "window not full" } as const;
    expect(findingOf(check, sample, givenContext())).toMatchObject({
      outcome: "open",
      reason: "window not full",
    });
  });
  it("need unmet: else no finding", () => {
    const needy = givenCheck({ fail: conditions("v > 1"), need: condition("total >= 50") });
    const outcome = (subjects: Record<string, number>) =>
      findingOf(needy, okSample(subjects), givenContext());
    expect(outcome({ v: 9, total: 49 })).toMatchObject({
      outcome: "none",
      reason: "need total >= 50 not met",
    });
    expect(outcome({ v: 9 })).toMatchObject({
      outcome: "none",
      reason: expect.stringContaining("total is missing"),
    });
    expect(outcome({ v: 9, total: 50 }).outcome).toBe("fail");
  });
  it("something is still awaited: only a failure counts", () => {
    const outcome = (v: number) =>
      findingOf(check, okSample({ v }, { at: late, pending: "1/2 found" }), givenContext());
    expect(outcome(0)).toMatchObject({ outcome: "none", reason: "1/2 found" });
    expect(outcome(2).outcome).toBe("fail");
  });
  it("a failing sample fails, and shows the lines that can be evaluated", () => {
    const strict = givenCheck({ pass: conditions("status == 200", 'body.state == "ok"') });
    const sample = {
      kind: "failing",
      at: T0,
      reason: "GET / answered 503",
      subjects: { status: 503, body: "gateway" },
      evidence: [{ text: "503" }],
    } as const;
    expect(findingOf(strict, sample, givenContext())).toMatchObject({
      outcome: "fail",
      reason: "GET / answered 503; wanted status == 200, got 503",
      lines: [{ holds: false, value: 503 }, { holds: null }],
      evidence: [{ text: "503" }],
    });
  });
  it("a failing sample without any value has its own reason only", () => {
    const sample = { kind: "failing", at: late, reason: "refused", subjects: {}, evidence: [] } as const;
    expect(findingOf(check, sample, givenContext()).reason).toBe("refused");
  });
  it("evidence and note stay with the finding", () => {
    const sample = okSample({ v: 5 }, { at: late, note: "body cut", evidence: [{ text: "row" }] });
    expect(findingOf(check, sample, givenContext())).toMatchObject({
      reason: "fails on v > 1, got 5 (body cut)",
      evidence: [{ text: "row" }],
    });
  });
  it("functions look at the series of the watch", () => {
    const slow = givenCheck({ pass: conditions("p95(latency) < 300ms") });
    const series = () => [{ at: T0, value: 400 }];
    expect(findingOf(slow, okSample({ latency: 1 }), givenContext({ series })).outcome).toBe("fail");
  });
});

describe("the arithmetic in words", () => {
  const http = { kind: "http", url: "/", method: "GET", headers: {}, timeoutMs: 1 } as const;
  const lineOf = (text: string, tier: Line["tier"], subjects: Record<string, string | number>) =>
    linesOf(
      { pass: [], warn: [], fail: [], [tier]: conditions(text) },
      { at: T0, since: T0, subjects, series: () => [], sha: "" },
    );
  it.each<[string, Parameters<typeof reasonOf>[0], readonly Line[], string]>([
    ["a pass line that does not hold", "fail", lineOf("v == 1", "pass", { v: 2 }), "wanted v == 1, got 2"],
    ["a fail line that holds", "fail", lineOf("v > 1", "fail", { v: 2 }), "fails on v > 1, got 2"],
    [
      "a fail line that does not hold",
      "pass",
      lineOf("v > 1", "fail", { v: 0.12345 }),
      "v > 1 does not hold (0.1235)",
    ],
    ["a pass line that holds", "pass", lineOf('v == "a"', "pass", { v: "a" }), 'v == "a" ("a")'],
    ["a line not evaluated", "unknown", lineOf("v > 1", "fail", {}), "v > 1 not evaluated: v is missing"],
    [
      "a line without reason or value",
      "unknown",
      [{ condition: "v", subject: "v", tier: "fail", holds: null }],
      "v not evaluated: no value",
    ],
    [
      "a line that holds without a value",
      "fail",
      [{ condition: "v", subject: "v", tier: "fail", holds: true }],
      "fails on v, got no value",
    ],
  ])("%s", (_case, outcome, lines, text) => {
    expect(reasonOf(outcome, lines)).toBe(text);
  });
  it.each<[string, Check["source"] | undefined, Partial<Check>, Record<string, number>, string]>([
    [
      "a size",
      undefined,
      { fail: conditions("value > 2GB") },
      { value: 7e8 },
      "value > 2GB does not hold (700 MB)",
    ],
    [
      "a duration",
      undefined,
      { pass: conditions("gap < 4m") },
      { gap: 258_400 },
      "wanted gap < 4m, got 4m 18s",
    ],
    [
      "a ratio",
      undefined,
      { pass: conditions("success >= 90%") },
      { success: 0.85 },
      "wanted success >= 90%, got 85%",
    ],
    [
      "almost a limit",
      undefined,
      { pass: conditions("success >= 90%") },
      { success: 0.89996 },
      "wanted success >= 90%, got 89.996%",
    ],
    [
      "a percentage that is none",
      undefined,
      { pass: conditions("success >= 90%") },
      { success: 85 },
      "success >= 90% not evaluated: success is 85 and 90% compares with a ratio from 0 to 1 only: is it already a percentage (then compare with 90), or was +90% meant?",
    ],
    [
      "a relative fail line",
      http,
      { fail: conditions("latency > +50%") },
      { latency: 340 },
      "fails on latency > +50%, got 340ms (baseline 210ms)",
    ],
    [
      "a relative warn line",
      http,
      { warn: conditions("latency > +50%") },
      { latency: 340 },
      "warns on latency > +50%, got 340ms (baseline 210ms)",
    ],
    [
      "a relative pass line",
      http,
      { pass: conditions("latency < +50%") },
      { latency: 340 },
      "wanted latency < +50%, got 340ms (baseline 210ms)",
    ],
    [
      "one that holds",
      http,
      { pass: conditions("latency < +50%") },
      { latency: 250 },
      "latency < +50% (250ms, baseline 210ms)",
    ],
    [
      "one that does not",
      http,
      { fail: conditions("latency > 3x") },
      { latency: 250 },
      "latency > 3x does not hold (250ms, baseline 210ms)",
    ],
    [
      "one under the floor",
      http,
      { fail: conditions("latency > 3x"), floor: 500 },
      { latency: 250 },
      "latency > 3x not evaluated: value and baseline are under the floor of 500ms (250ms, baseline 210ms)",
    ],
  ])("%s is told in its unit", (_case, source, over, subjects, reason) => {
    const baseline = { kind: "known", values: { latency: 210 }, from: "the old version" } as const;
    const given = givenCheck({ ...(source === undefined ? {} : { source }), ...over });
    expect(findingOf(given, okSample(subjects), givenContext({ baseline })).reason).toBe(reason);
  });
  it("a long value is cut", () => {
    const text = reasonOf("fail", lineOf('v == "a"', "pass", { v: "x".repeat(10_000) }));
    expect(text.length).toBeLessThan(200);
    expect(text).toContain("[cut]");
  });
});

describe("only_if", () => {
  const check = givenCheck({ onlyIf: condition("queue.depth > 10") });
  it.each<[string, Record<string, Record<string, number>>, unknown]>([
    ["it holds: the check applies", { queue: { depth: 11 } }, true],
    ["it does not hold: the check does not apply now", { queue: { depth: 10 } }, false],
    ["unreadable: an error", {}, "only_if queue.depth > 10 could not be read: queue.depth is missing"],
  ])("%s", (_rule, latest, applies) => {
    expect(appliesAt(check, T0, givenContext({ latest }))).toBe(applies);
  });
  it("without only_if a check always applies", () => {
    expect(appliesAt(givenCheck(), T0 + SECOND, givenContext())).toBe(true);
  });
});
