import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { CONFIG, MAIN, openWorld } from "../bundle/world.ts";
import { bytesOf, probedJob } from "./probed-job.ts";
import type { Probed } from "./probe.ts";
import { underWay } from "./under-way.ts";

/** A smallest gate, with logs. */
const PLAIN = `${CONFIG}  errors: { logs: { forbid: [Traceback] } }\n`;

/** What the bundle loads to judge a good deploy by an http and a logs check, and how it talks. */
export interface PlainGate {
  readonly verdict: string | undefined;
  readonly violations: readonly unknown[];
  readonly atFirstRequest: Loaded;
  readonly atEnd: Loaded;
  /** All of dist, licences included. */
  readonly dist: Loaded;
  /** Requests, and TCP connections that they went over. */
  readonly render: { readonly requests: number; readonly connections: number };
  readonly github: { readonly requests: number; readonly connections: number };
  readonly probed: Probed;
}

export interface Loaded {
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Runs it in real time: some ten seconds. */
export async function plainGate(): Promise<PlainGate> {
  await using world = await openWorld({ config: PLAIN });
  underWay(world);
  const { step, probed } = await probedJob(world);
  const { render, github } = world;
  return {
    verdict: step.outputs["verdict"],
    violations: world.violations(),
    atFirstRequest: await loaded(probed.atFirstRequest),
    atEnd: await loaded(probed.atEnd),
    dist: await loaded(await readdir(resolve(MAIN, ".."))),
    render: { requests: render.requests.length, connections: render.connections() },
    github: { requests: github.requests.length, connections: github.connections() },
    probed,
  };
}

async function loaded(files: readonly string[]): Promise<Loaded> {
  return { files, bytes: await bytesOf(files) };
}
