import { readFile, readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly steps: readonly { readonly uses?: string }[];
}

/** Keys of `permissions` that GitHub knows; any other makes the whole file unreadable to it. */
const scopes = [
  ..."actions artifact-metadata attestations checks code-quality contents copilot-requests".split(" "),
  ..."deployments discussions drives id-token issues models packages pages pull-requests".split(" "),
  ..."repository-projects security-events statuses vulnerability-alerts".split(" "),
];

const root = new URL("../", import.meta.url);
const folder = new URL(".github/workflows/", root);

/** The workflows that a page shows. */
async function shownIn(page: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readFile(new URL(page, root), "utf8");
  return [...text.matchAll(/```yaml\n(?<text>[\s\S]*?)```/g)]
    .map((match) => match.groups?.["text"] ?? "")
    .filter((yaml) => /^jobs:$/m.test(yaml))
    .map((yaml, index) => [`${page}, workflow ${String(index + 1)}`, yaml] as const);
}

const inReadme = await shownIn("README.md");
const workflows = [...inReadme, ...(await shownIn("docs/recipes.md"))];
for (const name of await readdir(folder)) {
  workflows.push([name, await readFile(new URL(name, folder), "utf8")]);
}
const examples = ["examples/wo-004/workflow.yml", "examples/monorepo/workflow.yml"];
for (const path of examples) workflows.push([path, await readFile(new URL(path, root), "utf8")]);

test("there are workflows to look at", () => {
  expect(inReadme.length).toBeGreaterThanOrEqual(4);
  expect(workflows.length).toBeGreaterThan(inReadme.length);
});

test.each(examples)("%s starts gates and looks, and cancels none", async (path) => {
  const text = await readFile(new URL(path, root), "utf8");
  const { on, jobs, concurrency } = parse(text) as Workflow;
  expect(on).toMatchObject({
    push: { branches: ["main"] },
    // Not on the full hour, when GitHub delays and drops most.
    schedule: [{ cron: expect.stringMatching(/^[1-9]\d?,[1-9]\d? \* \* \* \*$/) as string }],
    workflow_dispatch: null,
    repository_dispatch: { types: ["deploy-gate"] },
  });
  const gates = Object.values(jobs).filter(({ steps }) =>
    steps.some(({ uses }) => uses?.startsWith("your-org/render-deploy-gate@")),
  );
  expect(gates.length).toBeGreaterThan(0);
  for (const job of gates) {
    expect(job.concurrency ?? concurrency).toMatchObject({ queue: "max" });
    expect(job.permissions).toMatchObject({ checks: "write", deployments: "write", issues: "write" });
  }
});

describe.each(workflows)("%s", (_name, text) => {
  const workflow = parse(text) as Workflow;

  test("grants nothing by default and only known permissions per job", () => {
    expect(workflow.on).toBeDefined();
    expect(workflow.permissions).toEqual({});
    for (const [name, job] of Object.entries(workflow.jobs)) {
      expect(job.permissions, name).toBeDefined();
      for (const [scope, level] of Object.entries(job.permissions ?? {})) {
        expect(scopes).toContain(scope);
        expect(["read", "write"]).toContain(level);
      }
    }
  });

  test("limits the time of every job", () => {
    for (const [name, job] of Object.entries(workflow.jobs)) {
      expect(job["timeout-minutes"], name).toBeTypeOf("number");
    }
  });
});
