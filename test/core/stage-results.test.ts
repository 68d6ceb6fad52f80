import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/core/deploy-verdict.ts";
import type { CheckResult, StageResult } from "../../src/core/outcome.ts";
import { inlineStages, mergedResults, soFar, stagesVerdict } from "../../src/core/stage-results.ts";
import { givenDeploy, HOUR, MINUTE } from "./given.ts";

const result = (
  name: string,
  verdict: CheckResult["verdict"],
  over: Partial<CheckResult> = {},
): CheckResult => ({
  name,
  source: "http",
  verdict,
  measured: verdict !== "not-applied",
  reason: `${name} ${verdict}`,
  samples: 2,
  errors: 1,
  evidence: [],
  onFail: "alert",
  series: [],
  diagnosis: [],
  ...over,
});

describe("which stages a job watches itself", () => {
  const stages = [
    { name: "boot", forMs: 5 * MINUTE, everyMs: 1, acrossDeploys: false },
    { name: "hour", forMs: HOUR, everyMs: 1, acrossDeploys: false },
    { name: "day", forMs: 24 * HOUR, everyMs: 1, acrossDeploys: false },
  ];
  it.each([
    ["the first only", 0, "boot"],
    ["those that end in time", HOUR, "boot hour"],
    ["a moment too long", HOUR - 1, "boot"],
    ["all", 24 * HOUR, "boot hour day"],
  ])("%s", (_rule, inlineMs, names) =>
    expect(
      inlineStages(stages, inlineMs)
        .map(({ name }) => name)
        .join(" "),
    ).toBe(names),
  );
});

describe("a check over several stages", () => {
  it.each<[string, CheckResult["verdict"][], CheckResult["verdict"]]>([
    ["stands as it stood worst", ["fail", "pass"], "fail"],
    ["unknown in one is unknown", ["pass", "unknown", "pass"], "unknown"],
    ["a warning stays", ["warn", "pass"], "warn"],
    ["not applied counts for nothing", ["not-applied", "pass"], "pass"],
  ])("%s", (_rule, verdicts, expected) => {
    const [merged] = mergedResults(verdicts.map((verdict) => [result("a", verdict)]));
    expect(merged?.verdict).toBe(expected);
    expect(merged).toMatchObject({ samples: 2 * verdicts.length, errors: verdicts.length });
  });
  it("tells the values of its last stage, whatever it stood like: what could not be read last has none", () => {
    const told = [{ subject: "n", value: 1 }];
    const later = [{ subject: "n", value: 2 }];
    const merge = (...stages: readonly (readonly CheckResult[])[]): CheckResult["told"] =>
      mergedResults(stages)[0]?.told;
    expect(merge([result("a", "pass", { told })], [result("b", "pass")])).toEqual(told);
    expect(merge([result("a", "fail", { told })], [result("a", "pass", { told: later })])).toEqual(later);
    expect(merge([result("a", "fail", { told })], [result("a", "unknown")])).toBeUndefined();
  });
  it("shows the later stage where it stood alike, and keeps the order", () => {
    const merged = mergedResults([
      [result("a", "pass", { reason: "early" }), result("b", "pass")],
      [result("c", "pass"), result("a", "pass", { reason: "late" })],
    ]);
    expect(merged.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(merged[0]?.reason).toBe("late");
  });
});

it.each<[string, CheckResult["verdict"], boolean, boolean]>([
  ["what passed", "pass", true, true],
  ["a warning", "warn", true, true],
  ["a failure, however little was measured", "fail", false, true],
  ["no warning of what nobody has measured yet", "warn", false, false],
  ["nothing of what cannot be said", "unknown", true, false],
  ["nothing of what did not apply", "not-applied", false, false],
])("a stage under way says %s", (_rule, verdict, measured, isSaid) => {
  expect(soFar([result("a", verdict, { measured })])).toHaveLength(isSaid ? 1 : 0);
});

describe("the verdict of all stages", () => {
  const stage = (
    name: string,
    verdict: Decision["verdict"],
    reason = `${verdict} because`,
  ): { stage: StageResult; decision: Decision } => ({
    stage: { name, from: 0, to: 1, verdict },
    decision: { verdict, reason },
  });
  const superseded = {
    name: "hour",
    ending: { kind: "replaced", following: { kind: "superseded", by: givenDeploy("newer") } },
    results: [result("a", "pass")],
  } as const;

  it.each([
    ["one stage speaks for itself", [stage("boot", "pass")], undefined, "pass", "pass because"],
    [
      "the worst decides and is named",
      [stage("boot", "warn"), stage("hour", "pass")],
      undefined,
      "warn",
      "stage boot: warn because",
    ],
    [
      "every stage that ended so tells why",
      [stage("boot", "pass"), stage("hour", "pass")],
      undefined,
      "pass",
      "stages boot, hour: pass because",
    ],
    [
      "those that say the same say it together",
      [stage("boot", "fail"), stage("hour", "fail", "late"), stage("day", "fail")],
      undefined,
      "fail",
      "stages boot, day: fail because; stage hour: late",
    ],
    ["a descendant before any stage was finished", [], superseded, "superseded", "dep-newer"],
    [
      "a descendant later keeps what was finished",
      [stage("boot", "pass")],
      superseded,
      "pass",
      "stage boot: pass because; in stage hour dep-newer",
    ],
    [
      "taken out of production fails whatever was finished",
      [stage("boot", "pass")],
      {
        ...superseded,
        ending: {
          kind: "replaced",
          following: { kind: "taken-out", by: givenDeploy("old"), deploy: givenDeploy("ours") },
        },
      } as const,
      "fail",
      "stage hour: taken out of production",
    ],
    [
      "not knowing what is live is unknown",
      [stage("boot", "pass")],
      { ...superseded, ending: { kind: "unsure", reason: "no answer" } } as const,
      "unknown",
      "stage hour: no answer",
    ],
    ["nothing watched", [], undefined, "unknown", "no stage was watched"],
  ])("%s", (_rule, finished, cutShort, verdict, reason) => {
    const decision = stagesVerdict(finished, cutShort);
    expect(decision.verdict).toBe(verdict);
    expect(decision.reason).toContain(reason);
  });
});
