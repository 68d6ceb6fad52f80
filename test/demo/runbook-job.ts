import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRunner } from "../../src/io/runner.ts";
import { startPostgres } from "../stand-ins/postgres.ts";
import { startRunbook } from "../runbook/world.ts";
import { runbookStories } from "./runbook-story.ts";
import { worldLeft } from "./world-left.ts";

// A step of a job, like the committed action, but with its world inside: the gate's clock is the world's.
const { DEMO_STORY, RUNNER_TEMP = "" } = process.env;
const story = runbookStories[DEMO_STORY === "good" ? "good" : "bad"];
const postgres = await startPostgres();
const world = await startRunbook(postgres, story.variant);
const startedAt = world.clock.now();

const { ending, outputs } = await world.run({
  inlineMs: 3_600_000,
  edges: (edges) => {
    const runner = createRunner({ redact: edges.redact });
    return {
      ...edges,
      runner: {
        ...runner,
        mask: edges.runner.mask,
        output(name, value) {
          edges.runner.output(name, value);
          runner.output(name, value);
        },
      },
    };
  },
});

const left = await worldLeft(world, { startedAt, revert: outputs["revert-pr-number"] });
await writeFile(join(RUNNER_TEMP, "world.json"), JSON.stringify(left));
await world[Symbol.asyncDispose]();
await postgres.stop();
process.exit(ending.exitCode);
