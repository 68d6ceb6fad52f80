import { describe, expect, it } from "vitest";
import { mistakeAnnotations, outcomeAnnotations } from "../../src/report/annotation.ts";
import * as sample from "./sample-outcomes.ts";

describe("remarks on checks", () => {
  it("stand on the config file's line, and on the source line that evidence names", () => {
    expect(outcomeAnnotations(sample.reverted)).toMatchInlineSnapshot(`
      [
        {
          "detail": "10:04:10 [database main] {"success": 0.75, "total": 48}",
          "level": "failure",
          "line": 21,
          "message": "Success was 75%, under the limit of 80%, in 2 of 2 samples.
      Measured: success 75%; pass: success >= 90%; fail: success < 80%; 12 samples, 1 error.
      Hint: https://wiki.acme.dev/deep-scan",
          "path": ".github/deploy-gate.yml",
          "title": "Check "deep scan success" failed",
        },
        {
          "level": "failure",
          "line": 72,
          "message": "KeyError: 'status'",
          "path": "src/scheduler_loop.py",
          "title": "Named by check "deep scan success"",
        },
      ]
    `);
  });

  it("carry what was diagnosed, and no empty hint", () => {
    const check = {
      ...sample.successRate,
      hint: " ",
      diagnosis: [{ text: "9 KeyErrors", from: "database main" }],
    };
    const [remark] = outcomeAnnotations({ ...sample.reverted, checks: [check], spots: [] });
    expect(remark?.detail).toBe(
      '10:04:10 [database main] {"success": 0.75, "total": 48}\nDiagnosis:\n[database main] 9 KeyErrors',
    );
    expect(remark?.message).not.toContain("Hint");
  });

  it("are absent when everything passed", () => {
    expect(outcomeAnnotations(sample.passed)).toEqual([]);
  });

  it("warn about warnings and unknowns", () => {
    expect(outcomeAnnotations(sample.warned).map(({ level, title }) => [level, title])).toEqual([
      ["warning", 'Check "queue depth" warned'],
    ]);
    expect(outcomeAnnotations(sample.unknown).map(({ level, title }) => [level, title])).toEqual([
      ["warning", 'Check "deep scan success" is unknown'],
    ]);
  });

  it("are never failures in observe mode, and fall back on the default file", () => {
    const annotations = outcomeAnnotations({ ...sample.observed, spots: [] });
    expect(annotations.map(({ level, path }) => [level, path])).toEqual([
      ["warning", ".github/deploy-gate.yml"],
    ]);
  });

  it.each([
    ["./src/a.py", "src/a.py"],
    ["/opt/render/a.py", "opt/render/a.py"],
    ["src\\a.py", "src/a.py"],
    ["../a.py", undefined],
    ["a/../../b.py", undefined],
    ["", undefined],
  ])("take the path %j as %j", (path, shown) => {
    const spots = [{ path, line: 0.5, message: "", check: "x" }];
    const annotations = outcomeAnnotations({ ...sample.passed, spots });
    expect(annotations.map((one) => one.path)).toEqual(shown === undefined ? [] : [shown]);
    for (const one of annotations) expect([one.line, one.message]).toEqual([1, "no details"]);
  });

  it("keep GitHub's limits and say how many are missing", () => {
    const [check] = sample.hostileOutcome("€\u001b[31m".repeat(30_000)).checks;
    const checks = check === undefined ? [] : Array.from({ length: 60 }, () => check);
    const annotations = outcomeAnnotations({ ...sample.reverted, checks });
    expect(annotations).toHaveLength(50);
    expect(annotations.at(-1)?.message).toBe("12 more remarks are in the job summary.");
    for (const { title, message, detail = "" } of annotations) {
      expect(title.length).toBeLessThanOrEqual(255);
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_536);
      expect(Buffer.byteLength(detail)).toBeLessThanOrEqual(65_536);
      expect(message + title + detail).not.toContain("\u001b");
    }
  });
});

describe("remarks on mistakes", () => {
  it("stand where the mistake is", () => {
    const mistakes = [
      {
        message: 'Unknown key "chekcs"',
        hint: 'Write "checks"',
        at: { file: "gate.yml", line: 4, column: 1 },
      },
      { message: 'Input "mode" is "loud"' },
    ];
    expect(mistakeAnnotations(mistakes, "gate.yml")).toEqual([
      {
        path: "gate.yml",
        line: 4,
        level: "failure",
        title: "Deploy gate configuration",
        message: 'Unknown key "chekcs". Write "checks".',
      },
      {
        path: "gate.yml",
        line: 1,
        level: "failure",
        title: "Deploy gate configuration",
        message: 'Input "mode" is "loud".',
      },
    ]);
    expect(mistakeAnnotations([{ message: "x" }], undefined)[0]?.path).toBe(".github/deploy-gate.yml");
  });
});
