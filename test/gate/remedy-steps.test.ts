import { describe, expect, it } from "vitest";
import { expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const PATCH = `diff --git a/app.py b/app.py
--- a/app.py
+++ b/app.py
@@ -1,4 +1,4 @@
 line 0
-broken
+mended
 line 2
 line 3
`;

function config(steps: string, mode = "enforce"): string {
  return `version: 1
service: shop-api
mode: ${mode}
stages:
  boot: { for: 30s, every: 10s }
guards: { max_actions: 5 per 24h }
remedies:
  mend: ${steps}
deploy: { on_fail: mend, appear_within: 1m }
checks:
  errors: { logs: { forbid: [Traceback] }, on_fail: mend, hint: "ask @ops" }
`;
}

const MEND = "[{ patch_pr: { patch: gate/mend.patch, title: Mend it } }, { issue: { labels: [incident] } }]";

async function worldWith(steps: string, mode?: string): Promise<{ world: RevertWorld; bad: string }> {
  const world = await startRevertWorld({ config: config(steps, mode) });
  const bad = await world.push({ "app.py": withLine(1, "broken"), "gate/mend.patch": PATCH });
  return { world, bad };
}

describe("a remedy of patch_pr and issue", () => {
  it("mends the branch and tells people of it, with the evidence", async () => {
    const { world, bad } = await worldWith(MEND);
    await using _ = world;
    const { github } = world.scene;
    const result = await world.gateBad(bad);
    expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(result.report.actions).toMatchObject([
      {
        kind: "patch_pr",
        state: "done",
        reason: "opened #1",
        url: "https://github.example/acme/shop/pull/1",
      },
      { kind: "issue", state: "done", reason: "opened #2", url: "https://github.example/acme/shop/issues/2" },
    ]);
    const [pull] = github.pulls;
    expect(pull).toMatchObject({ title: "Mend it", baseRef: "main" });
    expect(await github.fileAt(pull!.headRef, "app.py")).toBe(withLine(1, "mended"));
    const issue = github.issues[1];
    expect(issue).toMatchObject({
      title: `Deploy of shop-api at ${bad.slice(0, 7)} failed: errors`,
      labels: ["deploy-gate", "incident"],
    });
    for (const body of [pull?.body, issue?.body]) {
      expect(body).toContain("Traceback (most recent call last): boom");
      expect(body).toContain("fails on matches");
      expect(body).not.toContain("@ops");
    }
    expect(issue?.body).toContain("acme/shop/pull/1");
    expect(result.summary).toContain("Patch pull request");
    expectClean(world.scene);
  });

  it("doubles nothing when the job is run again", async () => {
    const { world, bad } = await worldWith(MEND);
    await using _ = world;
    await world.gateBad(bad);
    const again = await world.scene.gate({ commit: bad });
    expect(again.report.actions).toMatchObject([
      { kind: "patch_pr", state: "done" },
      { kind: "issue", state: "done" },
    ]);
    expect(world.scene.github.issues).toHaveLength(2);
    expectClean(world.scene);
  });

  it("still tells people when the patch does not apply", async () => {
    const { world, bad } = await worldWith(MEND);
    await using _ = world;
    await world.push({ "app.py": withLine(1, "broken otherwise") });
    const result = await world.gateBad(bad);
    expect(result.report.actions).toMatchObject([
      {
        kind: "patch_pr",
        state: "failed",
        reason: expect.stringContaining("hunk 1 of app.py does not apply at line 2") as string,
      },
      { kind: "issue", state: "done" },
    ]);
    expect(world.scene.github.issues[0]?.body).toContain("git apply --3way");
    expectClean(world.scene);
  });

  it.each(["advise", "observe"])("only says what it would do in mode %s", async (mode) => {
    const { world, bad } = await worldWith(MEND, mode);
    await using _ = world;
    const result = await world.gateBad(bad);
    expect(result.report.actions).toMatchObject([
      { kind: "patch_pr", state: "advised" },
      { kind: "issue", state: "advised" },
    ]);
    expect(world.scene.github.issues).toEqual([]);
    expectClean(world.scene);
  });

  it("never takes its own patch back", async () => {
    const { world, bad } = await worldWith("[{ patch_pr: { patch: gate/mend.patch } }, { revert_pr: {} }]");
    await using _ = world;
    await world.gateBad(bad);
    const patch = world.scene.github.pulls.find((one) => one.headRef.startsWith("deploy-gate/patch-"));
    const mended = await world.scene.github.mergePull(patch!.number, "squash");
    const result = await world.gateBad(mended);
    expect(result.report.actions).toMatchObject([
      { kind: "patch_pr", state: "skipped", reason: "main has everything that the patch brings already" },
      {
        kind: "revert_pr",
        state: "held",
        reason: expect.stringContaining("is itself a patch by the gate") as string,
      },
    ]);
    expectClean(world.scene);
  });
});
