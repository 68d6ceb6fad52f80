import { describe, expect, test } from "vitest";
import { defaultPlan } from "../../src/config/default-plan.ts";
import { readConfig } from "../../src/config/file.ts";
import type { Check } from "../../src/core/check.ts";
import { deploymentWord } from "../../src/core/status.ts";
import { toldSubjects, toldValues } from "../../src/core/status-values.ts";
import type { Subjects } from "../../src/core/value.ts";

const TEXT = `version: 1
databases: { main: { url: $URL } }
checks:
  health: { http: /health }
  jobs: { logs: { require: { mail: [Mail], sms: [Sms] } } }
  orders: { sql: select 1, pass: success >= 90% }
`;
const read = readConfig({ text: TEXT, file: "gate.yml", env: () => "postgres://u:p@db/shop" });
const { checks } = read.ok ? read.plan : defaultPlan();
const checkOf = (name: string): Check => checks.find((one) => one.name === name)!;

test.each([
  [
    "health",
    "{check.health.latency} {check.health.body.version} {check.health.latency}",
    ["latency", "body.version"],
  ],
  ["health", undefined, []],
  ["orders", "{check.health.latency}", []],
  ["jobs", undefined, ["groups"]],
  ["jobs", "{check.jobs.groups} {check.jobs.found}", ["groups", "found"]],
])("of %s the template %j tells %j", (name, template, told) => {
  expect(toldSubjects(checkOf(name), { template, checks })).toEqual(told);
});

describe("the latest values", () => {
  test.each<[string, string, Subjects | undefined, readonly object[]]>([
    ["no sample", "orders.success", undefined, []],
    ["no such subject", "orders.total", { success: 0.9 }, []],
    [
      "a ratio, by the condition that looks at it",
      "orders.success",
      { success: 0.9 },
      [{ value: 0.9, unit: "ratio" }],
    ],
    ["a plain number", "orders.total", { total: 12 }, [{ value: 12 }]],
    ["a duration, by its source", "health.latency", { latency: 250 }, [{ value: 250, unit: "duration" }]],
    [
      "a text inside the body, redacted",
      "health.body.version",
      { body: { version: "v1 s3cret" } },
      [{ value: "v1 ***" }],
    ],
    ["true", "health.body.ok", { body: { ok: true } }, [{ value: true }]],
    ["null and whole objects are no values", "health.body", { body: { a: 1 } }, []],
    ["a long text is cut", "health.body", { body: "x".repeat(500) }, [{ value: "x".repeat(200) }]],
  ])("%s", (_, asked, latest, values) => {
    const [name = "", ...path] = asked.split(".");
    const subject = path.join(".");
    const keep = (text: string): string => text.replaceAll("s3cret", "***");
    expect(toldValues(checkOf(name), { told: [subject], latest, keep })).toEqual(
      values.map((value) => ({ subject, ...value })),
    );
  });
});

test.each([
  ["pass", "STABLE"],
  ["warn", "ISSUES"],
  ["unknown", "ISSUES"],
  ["fail", "CRITICAL"],
  ["superseded", "ISSUES"],
  ["skipped", "ISSUES"],
] as const)("%s is %s", (verdict, word) => {
  expect(deploymentWord(verdict)).toBe(word);
});
