import { configOf, startRevertWorld, type RevertWorld } from "../../gate/revert-world.ts";
import { rollbackConfig, startRollbackWorld } from "../../gate/rollback-world.ts";
import { BAD, landWhole, NOTIFY, pushed, type Scenery } from "./push-story.ts";
import type { HttpStory } from "./story.ts";

const GOOD_DEPLOY = { createdMs: 100, buildMs: 10_000, updateMs: 2_000, boot: ["INFO: up"] };

function goodDeploy(world: RevertWorld, commit: string): number | undefined {
  return world.scene.render.story(world.serviceId, commit, GOOD_DEPLOY).liveAt;
}

/** A service that a gate has rolled back and frozen, and whose revert was merged. */
async function takenBack(): Promise<Scenery> {
  const config = rollbackConfig({ steps: "render_rollback: { freeze_auto_deploy: true }, revert_pr: {}" });
  const world = await startRollbackWorld({ config });
  await world.gateBad(await world.push(BAD));
  const commit = await world.scene.github.mergePull(world.revertPull().number, "merge");
  return { world, commit, options: { runNumber: 2 } };
}

export const GOOD_STORIES: readonly HttpStory[] = [
  ...pushed("pass", "good deploy", async () => {
    const world = await startRevertWorld();
    const sha = await landWhole(world);
    return { world, commit: sha, liveAt: goodDeploy(world, sha) };
  }),
  ...pushed("pass", "good deploy by id", async () => {
    const world = await startRevertWorld({ config: configOf({ file: NOTIFY }) });
    const commit = await world.push(BAD);
    const { deployId } = world.scene.render.story(world.serviceId, commit, GOOD_DEPLOY);
    return { world, commit, options: { inputs: { "deploy-id": deployId, commit: commit.slice(0, 10) } } };
  }),
  ...pushed("pass", "good deploy, asked for", async () => {
    const config = configOf({ file: NOTIFY }).replace(
      "appear_within: 1m",
      "appear_within: 1m, trigger: true",
    );
    const world = await startRevertWorld({
      config,
      service: { autoDeploy: "no", autoDeployTrigger: "off" },
    });
    world.scene.render.quirks.trigger = GOOD_DEPLOY;
    return { world, commit: await world.push(BAD) };
  }),
  ...pushed("pass", "good deploy, cleaned up", async () => {
    const config = configOf({
      file: `report: { issue: true, comment: true, at: [boot end] }
after:
  boot pass:
    - cleanup_pr: { delete: [old.py], labels: [tidy], reviewers: [ada], assignees: [grace] }
    - issue: { title: Tell the others, labels: [todo], assignees: [ada] }
`,
    });
    const world = await startRevertWorld({ config, files: { "old.py": "old\n" } });
    const { sha } = await world.land("squash", [BAD]);
    return { world, commit: sha, liveAt: goodDeploy(world, sha) };
  }),
  ...pushed("pass", "the revert's own deploy", takenBack),
];
