import { expect, test } from "vitest";
import { defaultPlan, healthCheck } from "../../src/config/default-plan.ts";
import type { Verdict } from "../../src/core/check.ts";
import { checklistOf } from "../../src/core/checklist.ts";
import type { CheckResult } from "../../src/core/outcome.ts";
import { passed } from "../report/sample-outcomes.ts";

const stage = (name: string, forMs: number) => ({ name, forMs, everyMs: 1_000, acrossDeploys: false });
const PLAN = {
  ...defaultPlan(),
  stages: [stage("boot", 60_000), stage("hour", 3_600_000)],
  checks: [{ ...healthCheck("/"), stages: ["boot"] }, healthCheck("/", "jobs")],
};
const [sample] = passed.checks as readonly [CheckResult];

/** Stages that ended, `health` and `jobs` with the stage of their worst result; every box with what it says besides. */
type Row = readonly [
  rule: string,
  ended: Readonly<Record<string, Verdict>>,
  health: readonly [CheckResult["verdict"], string] | undefined,
  jobs: readonly [CheckResult["verdict"], string] | undefined,
  boxes: string,
];

test.each<Row>([
  ["nothing ended", {}, undefined, undefined, "boot open: health open, jobs open; hour open: jobs open"],
  [
    "a stage that passed",
    { boot: "pass" },
    ["pass", "boot"],
    ["pass", "boot"],
    "boot done: health done, jobs done; hour open: jobs open",
  ],
  [
    "a check that failed in it",
    { boot: "fail" },
    ["pass", "boot"],
    ["fail", "boot"],
    "boot failed: health done, jobs failed (x); hour open: jobs open",
  ],
  [
    "a check that failed while it goes on",
    {},
    ["fail", "boot"],
    undefined,
    "boot open: health failed (x), jobs open; hour open: jobs open",
  ],
  [
    "not measured",
    { boot: "unknown" },
    ["unknown", "boot"],
    ["pass", "boot"],
    "boot failed: health failed (unknown: x), jobs done; hour open: jobs open",
  ],
  [
    "a warning is done, and said",
    { boot: "warn" },
    ["warn", "boot"],
    ["pass", "boot"],
    "boot done: health done (warn: x), jobs done; hour open: jobs open",
  ],
  [
    "not applied is done, and said",
    { boot: "pass" },
    ["not-applied", "boot"],
    ["pass", "boot"],
    "boot done: health done (not-applied: x), jobs done; hour open: jobs open",
  ],
  [
    "worst later, in a stage after one that passed",
    { boot: "pass", hour: "fail" },
    ["pass", "boot"],
    ["fail", "hour"],
    "boot done: health done, jobs done; hour failed: jobs failed (x)",
  ],
  [
    "worst later, and what it was before is not known",
    { boot: "unknown", hour: "fail" },
    ["pass", "boot"],
    ["fail", "hour"],
    "boot failed: health done, jobs unsettled; hour failed: jobs failed (x)",
  ],
  [
    "worst earlier",
    { boot: "warn", hour: "unknown" },
    ["pass", "boot"],
    ["warn", "boot"],
    "boot done: health done, jobs done (warn: x); hour failed: jobs done",
  ],
  [
    "a stage that a newer deploy cut short",
    { boot: "superseded" },
    ["pass", "boot"],
    ["pass", "boot"],
    "boot open: health open, jobs open; hour open: jobs open",
  ],
  [
    "results that are gone",
    { boot: "warn" },
    undefined,
    undefined,
    "boot done: health unsettled, jobs unsettled; hour open: jobs open",
  ],
])("%s", (_, ended, health, jobs, boxes) => {
  const stages = Object.entries(ended).map(([name, verdict]) => ({ name, from: 0, to: 1, verdict }));
  const checks = Object.entries({ health, jobs }).flatMap(([name, told]) =>
    told === undefined ? [] : [{ ...sample, name, verdict: told[0], stage: told[1], reason: "x" }],
  );
  const text = checklistOf(PLAN, { stages, checks }).map(({ stage, state, checks }) => {
    const own = checks.map(
      ({ name, state, why }) => `${name} ${state}${why === undefined ? "" : ` (${why})`}`,
    );
    return `${stage.name} ${state}: ${own.join(", ")}`;
  });
  expect(text.join("; ")).toBe(boxes);
});
