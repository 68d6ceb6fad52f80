import { expect, test } from "vitest";
import { defaultPlan } from "../../src/config/default-plan.ts";
import type { Plan } from "../../src/core/check.ts";
import { explainPlan, usedRemedies } from "../../src/report/explain-plan.ts";
import { DAY, givenCheck, HOUR, MINUTE } from "../core/given.ts";

const plan = defaultPlan({ service: "shop-api" });

function part(name: string, over: Partial<Plan>): string {
  const found = explainPlan({ ...plan, ...over }).find((one) => one.name === name);
  return found?.sentences.join(" ") ?? "";
}

const stage = { everyMs: MINUTE, acrossDeploys: false };

test.each<[string, Partial<Plan>, string]>([
  ["service", {}, "shop-api"],
  ["service", { service: "a\u001b[31m\nb" }, "a b"],
  ["mode", { mode: "observe" }, "observe: measures and reports, exits 0 and never acts."],
  ["mode", { mode: "advise" }, "advise: fails the step and says what it would do, but never acts."],
  ["mode", { mode: "enforce" }, "enforce: fails the step, and remedies act."],
  [
    "deploy",
    {},
    "waits 10m for the deploy of the commit to appear and 30m from its start to live; if it fails for the code's own reason, it only alerts.",
  ],
  [
    "deploy",
    { deploy: { ...plan.deploy, trigger: true, retry: 2, onFail: "revert" } },
    'asks Render for the deploy, waits 10m for the deploy of the commit to appear and 30m from its start to live; a failed build is started again 2 times at most; if it fails for the code\'s own reason, the remedy "revert" opens a revert pull request.',
  ],
  ["stages", {}, "boot: from live to live + 5m, every 15s."],
  [
    "stages",
    {
      stages: [
        { ...stage, name: "hour", forMs: HOUR },
        { ...stage, name: "day", forMs: DAY, acrossDeploys: true },
      ],
    },
    "hour: from live to live + 1h, every 1m. day: from live + 1h to live + 1d, every 1m, going on over newer deploys whose gates passed.",
  ],
  ["notify", {}, ""],
  [
    "notify",
    {
      notify: [
        { name: "dev", slack: "https://a", webhook: "https://b", when: ["fail", "action"] },
        { name: "owner", mention: "@acme/owners", when: ["stage"] },
      ],
    },
    "dev: is told on Slack and by webhook once when it failed or a remedy did something or could not. owner: is told by a comment that mentions @acme/owners once when a stage has ended.",
  ],
])("%s of %j", (name, over, sentences) => {
  expect(part(name, over)).toBe(sentences);
});

test("the remedies that are used are those of checks and of the deploy, each once", () => {
  const checks = ["alert", "rollback", "revert"].map((onFail) => givenCheck({ onFail }));
  expect(usedRemedies({ checks, deploy: { ...plan.deploy, onFail: "rollback" } })).toEqual([
    "rollback",
    "revert",
  ]);
  expect(usedRemedies({ checks: [givenCheck()], deploy: plan.deploy })).toEqual([]);
});
