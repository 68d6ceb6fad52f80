import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MAIN, type JobOptions, type World } from "../bundle/world.ts";
import type { StepResult } from "../stand-ins/runner.ts";
import type { Probed } from "./probe.ts";

const probe = pathToFileURL(resolve(import.meta.dirname, "probe.ts")).href;

/** Runs the bundle as the runner does, and watches what it loads. */
export async function probedJob(
  world: Pick<World, "job">,
  options: JobOptions = {},
): Promise<{ readonly step: StepResult; readonly probed: Probed }> {
  const out = join(await mkdtemp(join(tmpdir(), "deploy-gate-probe-")), "probed.json");
  const env = { ...options.env, NODE_OPTIONS: `--import=${probe}`, PROBE_OUT: out };
  const job = await world.job({ ...options, env });
  const step = await job.run(MAIN);
  const probed = JSON.parse(await readFile(out, "utf8")) as Probed;
  await rm(resolve(out, ".."), { recursive: true });
  return { step, probed };
}

/** The bytes of these files of dist/. */
export async function bytesOf(names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(names.map(async (name) => (await stat(resolve(MAIN, "..", name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
