import { describe, expect, it } from "vitest";
import { gatedCommit } from "../../src/core/gated-commit.ts";
import { sha } from "./given.ts";

const B = sha("B");
const A = sha("A");
const ZERO = "0".repeat(40);
const pull = (over: object = {}) => ({
  action: "closed",
  pull_request: { merged: true, merge_commit_sha: B, head: { sha: A } },
  ...over,
});

describe("the gated commit by default", () => {
  const rows: readonly (readonly [string, string, unknown, object])[] = [
    ["push: after", "push", { after: B, before: A }, { kind: "commit", sha: B, before: A }],
    ["push: a new branch has no before", "push", { after: B, before: ZERO }, { kind: "commit", sha: B }],
    ["push: a garbled before", "push", { after: B, before: "A..B" }, { kind: "commit", sha: B }],
    ["push: a deleted branch", "push", { after: ZERO, before: A }, { kind: "refused" }],
    ["push: no commit in it", "push", {}, { kind: "refused" }],
    ["push: a short hash is none", "push", { after: "abc1234" }, { kind: "refused" }],
    ["workflow_run: head_sha", "workflow_run", { workflow_run: { head_sha: B } }, { kind: "commit", sha: B }],
    ["workflow_run: without one", "workflow_run", { workflow_run: null }, { kind: "refused" }],
    ["deployment_status: sha", "deployment_status", { deployment: { sha: B } }, { kind: "commit", sha: B }],
    ["deployment_status: without one", "deployment_status", {}, { kind: "refused" }],
    ["a merged pull request: merge_commit_sha", "pull_request", pull(), { kind: "commit", sha: B }],
    ["a merged pull request, target event", "pull_request_target", pull(), { kind: "commit", sha: B }],
    [
      "a pull request closed unmerged",
      "pull_request",
      pull({ pull_request: { merged: false, merge_commit_sha: B } }),
      { kind: "refused" },
    ],
    ["an opened pull request", "pull_request", pull({ action: "opened" }), { kind: "refused" }],
    [
      "a later event of a merged pull request",
      "pull_request",
      pull({ action: "labeled" }),
      { kind: "refused" },
    ],
    [
      "a merged pull request without a commit",
      "pull_request",
      pull({ pull_request: { merged: true } }),
      { kind: "refused" },
    ],
    ["merge_group", "merge_group", { merge_group: { head_sha: B } }, { kind: "refused" }],
    ["schedule resumes", "schedule", {}, { kind: "resume" }],
    ["workflow_dispatch resumes", "workflow_dispatch", { after: B }, { kind: "resume" }],
    ["repository_dispatch resumes", "repository_dispatch", {}, { kind: "resume" }],
    ["a comment resumes", "issue_comment", { comment: { body: "/gate hold" } }, { kind: "resume" }],
    ["any other event", "issues", { after: B }, { kind: "refused" }],
    ["a payload that is none", "push", null, { kind: "refused" }],
    ["a payload of text", "push", "after", { kind: "refused" }],
  ];
  it.each(rows)("%s", (_rule, name, payload, expected) => {
    const gated = gatedCommit({ name, payload });
    expect(gated).toMatchObject(expected);
    if (gated.kind === "commit") expect(gated).toEqual(expected);
    if (gated.kind === "refused") expect(gated.hint).not.toBe("");
  });
  it("inherited names of a payload are not read", () => {
    expect(gatedCommit({ name: "push", payload: Object.create({ after: B }) as unknown }).kind).toBe(
      "refused",
    );
  });
});
