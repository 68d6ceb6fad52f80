import { configOf, LINES, startRevertWorld, withLine, type RevertWorld } from "../../gate/revert-world.ts";
import { rollbackConfig, startRollbackWorld } from "../../gate/rollback-world.ts";
import { BAD, FAILED_MS, landWhole, NOTIFY, pushed } from "./push-story.ts";
import type { HttpStory } from "./story.ts";

const PATCH = `diff --git a/keep.py b/keep.py
--- a/keep.py
+++ b/keep.py
@@ -1 +1 @@
-kept
+kept, patched
`;
const REQUIRED = [
  {
    type: "required_status_checks",
    parameters: {
      required_status_checks: [{ context: "ci" }],
      strict_required_status_checks_policy: false,
    },
  },
];

/** Another service of the repository, which the same commit serves. */
function secondService({ scene: { render, web }, good }: RevertWorld): string {
  const { id } = render.service({
    name: "worker",
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: web.url, healthCheckPath: "/health" },
  });
  render.serving(id, good);
  return id;
}

export const BAD_STORIES: readonly HttpStory[] = [
  ...pushed("fail", "revert", async () => {
    const step = "{ labels: [urgent], reviewers: [ada], assignees: [grace] }";
    const world = await startRevertWorld({ config: configOf({ step, file: NOTIFY }) });
    const { sha } = await world.land("squash", [BAD]);
    return { world, commit: sha, liveAt: world.deployBad(sha).liveAt };
  }),
  ...pushed("fail", "revert below later work", async () => {
    const world = await startRevertWorld({ config: configOf({ file: NOTIFY }) });
    const commit = await world.push(BAD);
    await world.push({ "app.py": withLine(9, "later", [...LINES.slice(0, 1), "broken", ...LINES.slice(2)]) });
    return { world, commit, liveAt: world.deployBad(commit).liveAt };
  }),
  ...pushed("fail", "rollback", async () => {
    const world = await startRollbackWorld({ config: `${rollbackConfig()}${NOTIFY}` });
    const commit = await world.push(BAD);
    return { world, commit, liveAt: world.deployBad(commit).liveAt };
  }),
  ...pushed("fail", "whole, reverted", async () => {
    const world = await startRevertWorld();
    const sha = await landWhole(world);
    return { world, commit: sha, liveAt: world.deployBad(sha).liveAt };
  }),
  ...pushed("fail", "patch and issues", async () => {
    const config = configOf({
      file: "report: { issue: true, comment: true, at: [boot end] }\n",
    }).replace(
      "undo: [revert_pr: {}]",
      `undo:
    - patch_pr: { patch: fix.patch, labels: [fix], reviewers: [ada], assignees: [grace] }
    - issue: { labels: [incident], assignees: [ada] }`,
    );
    const world = await startRevertWorld({ config, files: { "fix.patch": PATCH } });
    const { sha } = await world.land("squash", [BAD]);
    return { world, commit: sha, liveAt: world.deployBad(sha).liveAt };
  }),
  ...pushed("fail", "revert that merges itself", async () => {
    const world = await startRevertWorld({ config: configOf({ step: "{ auto_merge: true }" }) });
    const { github } = world.scene;
    github.settings.branchRules = { main: REQUIRED };
    const commit = await world.push(BAD);
    const permissions = { contents: "write", "pull-requests": "write" } as const;
    const inputs = { "pr-token": github.token("bot", { kind: "app", permissions, workflows: true }) };
    return { world, commit, liveAt: world.deployBad(commit).liveAt, options: { inputs } };
  }),
  ...pushed("fail", "failed build", async () => {
    const world = await startRevertWorld({ config: configOf({ file: NOTIFY }) });
    const { sha } = await world.land("squash", [BAD]);
    const { endsAt } = world.deployBad(sha, { end: "build_failed" });
    return { world, commit: sha, liveAt: endsAt - FAILED_MS };
  }),
  ...pushed("fail", "revert that conflicts", async () => {
    const world = await startRevertWorld({ config: configOf({ file: NOTIFY }) });
    const commit = await world.push(BAD);
    await world.push({ "app.py": withLine(1, "mended") });
    return { world, commit, liveAt: world.deployBad(commit).liveAt };
  }),
  ...pushed(
    "fail",
    "branch and comment, both answers lost",
    async () => {
      const world = await startRevertWorld({ config: configOf({ file: NOTIFY }) });
      const commit = await world.push(BAD);
      for (const route of [/^POST .*\/git\/refs$/, /^POST .*\/commits\/[^/]+\/comments$/])
        world.scene.github.fault({ route, kind: "status", status: 502, takesEffect: true, times: 1 });
      return { world, commit, liveAt: world.deployBad(commit).liveAt };
    },
    [
      "GitHub POST /repos/{owner}/{repo}/git/refs",
      "GitHub POST /repos/{owner}/{repo}/commits/{commit_sha}/comments",
    ],
  ),
  ...pushed("fail", "reverted before, run again", async () => {
    const config = `${configOf()}  source: { source: { glob: app.py, forbid: [broken] }, on_fail: undo }\n`;
    const world = await startRevertWorld({ config });
    const commit = await world.push(BAD);
    const { liveAt } = world.deployBad(commit);
    await world.scene.gate({ commit });
    return { world, commit, liveAt };
  }),
  ...pushed("fail", "revert of another range, run again", async () => {
    const world = await startRevertWorld({ config: configOf() });
    const id = secondService(world);
    const between = await world.push({ "between.py": "1\n" });
    world.scene.render.serving(id, between, { at: world.scene.clock.now() - 3_600_000 });
    const commit = await world.push(BAD);
    await world.gateBad(commit, { before: between });
    const { liveAt } = world.deployBad(commit, { service: id });
    const options = { before: between, inputs: { service: "worker" } };
    await world.scene.gate({ commit, ...options });
    return { world, commit, liveAt, services: [world.serviceId, id], options };
  }),
  ...pushed("fail", "revert that meets another service's", async () => {
    const world = await startRevertWorld({ config: configOf() });
    const id = secondService(world);
    const commit = await world.push(BAD);
    await world.gateBad(commit);
    const { liveAt } = world.deployBad(commit, { service: id });
    const services = [world.serviceId, id];
    return { world, commit, liveAt, services, options: { inputs: { service: "worker" } } };
  }),
];
