import { expect, test } from "vitest";
import type { Guards, RemedyStep } from "../../src/core/remedy.ts";
import { consequenceWords, guardLines, remedyLines } from "../../src/report/explain-remedy.ts";
import { DAY } from "../core/given.ts";

const nobody = { labels: [], reviewers: [], assignees: [] };
const revert: Extract<RemedyStep, { kind: "revert_pr" }> = {
  kind: "revert_pr",
  ...nobody,
  draft: false,
  autoMerge: false,
  scope: "deploy",
  despiteMigrations: false,
};
const rollback: Extract<RemedyStep, { kind: "render_rollback" }> = {
  kind: "render_rollback",
  freezeAutoDeploy: true,
  despiteMigrations: false,
};
const patch: Extract<RemedyStep, { kind: "patch_pr" }> = {
  kind: "patch_pr",
  patch: ".github/gate/old.patch",
  title: "rollback: old scheduler",
  ...nobody,
  draft: false,
};

test.each<[string, RemedyStep, string]>([
  [
    "a revert",
    revert,
    "opens a pull request that takes back everything this deploy put in production; a draft if migrations are among the changes.",
  ],
  [
    "a revert with everything",
    {
      ...revert,
      labels: ["revert", "gate"],
      reviewers: ["octocat"],
      assignees: ["hubot"],
      draft: true,
      autoMerge: true,
      scope: "push",
    },
    "opens a draft pull request (labelled revert and gate, for octocat to review, assigned to hubot) that takes back the last push alone; GitHub merges it when its checks pass.",
  ],
  [
    "a revert despite migrations",
    { ...revert, despiteMigrations: true },
    "opens a pull request that takes back everything this deploy put in production.",
  ],
  [
    "a rollback with freeze",
    rollback,
    "switches auto-deploy off until the revert's own deploy has passed, then rolls Render back to what served before; held if migrations are among the changes.",
  ],
  [
    "a rollback without",
    { ...rollback, freezeAutoDeploy: false, despiteMigrations: true },
    "rolls Render back to what served before, even if migrations are among the changes.",
  ],
  [
    "a recheck",
    { kind: "recheck", stage: "boot" },
    "checks the old version again for as long as stage boot lasts, with what it passed before.",
  ],
  [
    "a patch",
    patch,
    "opens a pull request titled `rollback: old scheduler` with the patch `.github/gate/old.patch`.",
  ],
  [
    "a draft patch",
    { ...patch, draft: true, labels: ["rollback"] },
    "opens a draft pull request (labelled rollback) titled `rollback: old scheduler` with the patch `.github/gate/old.patch`.",
  ],
  ["an issue", { kind: "issue", labels: [], assignees: [] }, "opens an issue with the evidence."],
  [
    "an issue for somebody",
    { kind: "issue", title: "Down", labels: ["bug"], assignees: ["octocat"] },
    "opens an issue titled `Down` with the evidence (labelled bug, assigned to octocat).",
  ],
])("%s", (_, step, words) => {
  expect(remedyLines({ name: "it", steps: [step] }).join("\n")).toBe(words);
});

test.each<[string, readonly RemedyStep[], string]>([
  ["alert", [], "it only alerts"],
  ["revert", [revert], 'the remedy "revert" opens a revert pull request'],
  [
    "rollback",
    [rollback, { kind: "recheck", stage: "boot" }, revert],
    'the remedy "rollback" rolls Render back, checks the old version again and opens a revert pull request',
  ],
  [
    "old",
    [patch, { kind: "issue", labels: [], assignees: [] }],
    'the remedy "old" opens a patch pull request and opens an issue',
  ],
])("what %s brings", (name, steps, words) => {
  expect(consequenceWords(name, { [name]: { name, steps } })).toBe(words);
});

const guards: Guards = {
  actWithinMs: DAY,
  maxActions: { count: 1, perMs: DAY },
  holdLabel: "gate:hold",
  migrations: ["**/migrations/**", "alembic/**"],
};

test("guards, a sentence each", () => {
  expect(guardLines(guards)).toMatchInlineSnapshot(`
    [
      "Remedies act until live + 1d; later the gate only advises.",
      "At most 1 remedy in 1d.",
      "The label \`gate:hold\` on an open issue or the merged pull request holds them back.",
      "A change to \`**/migrations/**\` or \`alembic/**\` counts as a migration: no rollback, and the revert is a draft.",
    ]
  `);
  expect(
    guardLines({ ...guards, maxActions: { count: 2, perMs: 7 * DAY }, migrations: [] }).join(" "),
  ).toMatchInlineSnapshot(
    `"Remedies act until live + 1d; later the gate only advises. At most 2 remedies in 7d. The label \`gate:hold\` on an open issue or the merged pull request holds them back. No file counts as a migration."`,
  );
});
