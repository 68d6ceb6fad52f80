import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/core/outcome.ts";
import { stageReason, stageVerdict, worstOf } from "../../src/core/verdict.ts";

const result = (verdict: CheckResult["verdict"], name: string = verdict): CheckResult => ({
  name,
  source: "http",
  verdict,
  measured: verdict !== "not-applied",
  reason: `${name} because`,
  samples: 1,
  errors: 0,
  series: [],
  diagnosis: [],
  evidence: [],
  onFail: "alert",
});
const VERDICTS = ["pass", "warn", "fail", "unknown", "not-applied"] as const;
const verdictOf = (...verdicts: readonly CheckResult["verdict"][]) =>
  stageVerdict(verdicts.map((one) => result(one)));

describe("worst wins", () => {
  it.each<[readonly CheckResult["verdict"][], string]>([
    [["pass", "warn", "unknown", "fail"], "fail"],
    [["pass", "warn", "unknown"], "unknown"],
    [["pass", "warn"], "warn"],
    [["pass", "pass"], "pass"],
    [["pass", "not-applied"], "pass"],
    [["not-applied", "not-applied"], "unknown"],
    [[], "unknown"],
  ])("%j: %s", (verdicts, worst) => expect(verdictOf(...verdicts)).toBe(worst));

  it.each(["warn", "unknown"] as const)(
    "nothing measured is unknown, though if_unknown says %s",
    (verdict) => {
      const unmeasured = { ...result(verdict), measured: false };
      expect([stageVerdict([unmeasured]), stageReason([unmeasured, result("not-applied")])]).toEqual([
        "unknown",
        `"${verdict}": ${verdict} because`,
      ]);
      expect(stageVerdict([unmeasured, result("pass")])).toBe(verdict);
    },
  );
  it("zero checks evaluated is unknown", () => expect(worstOf([])).toBe("unknown"));
  it("superseded and skipped never outweigh a measurement", () => {
    expect([worstOf(["superseded", "pass"]), worstOf(["skipped", "superseded"])]).toEqual([
      "pass",
      "superseded",
    ]);
  });

  const some = fc.array(fc.constantFrom(...VERDICTS));
  const rank = { pass: 0, warn: 1, unknown: 2, fail: 3 };
  it("adding a failing check never improves a verdict: it fails", () => {
    fc.assert(
      fc.property(some, (verdicts) => {
        expect(verdictOf(...verdicts, "fail")).toBe("fail");
      }),
    );
  });
  it("adding a check that never applied changes nothing", () => {
    fc.assert(
      fc.property(some, (verdicts) => {
        expect(verdictOf(...verdicts, "not-applied")).toBe(verdictOf(...verdicts));
      }),
    );
  });
  it("pass needs every evaluated check to pass, and at least one", () => {
    fc.assert(
      fc.property(some, (verdicts) => {
        const evaluated = verdicts.filter((one) => one !== "not-applied");
        const isPass = evaluated.length > 0 && evaluated.every((one) => one === "pass");
        expect(verdictOf(...verdicts) === "pass").toBe(isPass);
      }),
    );
  });
  it("one more evaluated check never improves a verdict, but from nothing", () => {
    fc.assert(
      fc.property(some, fc.constantFrom("pass", "warn", "fail", "unknown"), (verdicts, more) => {
        if (verdicts.every((one) => one === "not-applied")) return;
        expect(rank[verdictOf(...verdicts, more)]).toBeGreaterThanOrEqual(rank[verdictOf(...verdicts)]);
      }),
    );
  });
});

describe("the sentence that decided", () => {
  it.each<[readonly CheckResult[], string]>([
    [[], "no check was evaluated"],
    [[result("not-applied")], "no check was evaluated"],
    [[result("pass", "a")], "1 check measured and passed"],
    [[result("pass", "a"), result("pass", "b"), result("not-applied")], "2 checks measured and passed"],
    [
      [result("pass", "a"), result("fail", "b"), result("warn", "c"), result("fail", "d")],
      '"b": b because; "d": d because',
    ],
  ])("%#", (results, text) => expect(stageReason(results)).toBe(text));
});
