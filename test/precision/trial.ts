import { readInputs } from "../../src/config/inputs.ts";
import { runGate } from "../../src/gate.ts";
import { nothingRecorded, recordingRunner, type Report } from "../gate/scene.ts";
import { sharedClock } from "../scale/clock.ts";
import { memoryEdges } from "./memory-edges.ts";
import type { World } from "./world.ts";

/** One run of the gate in a world. Times in ms. */
export interface Run {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly verdict: string;
  readonly report: Report;
  readonly lines: readonly string[];
}

/** A deploy as the gate watched it. */
export interface Played {
  readonly world: World;
  readonly runs: readonly Run[];
  readonly acts: readonly { readonly at: number; readonly what: string }[];
}

/** Plays the gate of the push in a world, then looks at these times (ms) until nothing is left to watch. */
export async function play(world: World, lookAt: readonly number[]): Promise<Played> {
  const clock = sharedClock(world.pushAt + 8_000);
  const memory = memoryEdges(world, clock);
  const runs: Run[] = [];
  const given: Readonly<Record<string, string>> = {
    "render-api-key": "rnd_key",
    "github-token": "ghs_token",
  };
  const { inputs, mistakes } = readInputs((name) => given[name] ?? "");

  async function run(event: { readonly name: string; readonly payload: unknown }): Promise<Run> {
    const recorded = nothingRecorded();
    const startedAt = clock.now();
    const ending = await runGate(memory.edges(recordingRunner(recorded)), {
      inputs,
      mistakes,
      event,
      runSha: world.deployed,
      runUrl: `https://github.com/acme/shop/actions/runs/${String(runs.length + 1)}`,
      inlineMs: 0,
      env: (name) => (name === "DATABASE_URL" ? "postgres://gate@db.test/shop" : undefined),
      signal: new AbortController().signal,
    });
    const report = JSON.parse(recorded.files["report.json"] ?? "{}") as Report;
    return { startedAt, endedAt: clock.now(), verdict: ending.verdict, report, lines: recorded.lines };
  }

  clock.start("gate", async () => {
    const before = world.commits.findLast(({ at }) => at < world.pushAt)?.sha;
    runs.push(await run({ name: "push", payload: { after: world.deployed, before } }));
    for (const at of lookAt) {
      if (runs.findLast(({ report }) => report.watch !== undefined)?.report.watch === null) break;
      if (at < clock.now()) continue;
      await clock.sleep(at - clock.now());
      runs.push(await run({ name: "schedule", payload: { schedule: "7,37 * * * *" } }));
    }
  });
  await clock.run(() => undefined);
  return { world, runs, acts: memory.acts };
}
