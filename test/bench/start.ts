import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN } from "../bundle/world.ts";
import { inputVariable } from "../stand-ins/runner.ts";
import { plainGate, type Loaded } from "./plain-gate.ts";
import { duration, kilobytes, median, within, type Section } from "./section.ts";

const RUNS = 15;
/** Design 9. */
const FIRST_LINE_MS = 100;
const DIST_BYTES = 2_200_000;
const SHA = "0123456789abcdef0123456789abcdef01234567";

/** Of one process, ms after it was started. */
interface Started {
  readonly line: number;
  /** When its first request was at the server. */
  readonly request: number;
}

/** Starts of the bundle against those of a script that prints one line and asks nothing; and what the bundle loads. */
export async function measureStart(): Promise<Section> {
  const [empty, bundle] = await startsInTurn();
  const node = median(empty.map(({ line }) => line));
  const said = (name: keyof Started): string => {
    const times = bundle.map((one) => one[name]);
    const middle = median(times);
    return `${duration(middle)} (best ${duration(Math.min(...times))}), ${(middle / node).toFixed(1)} × an empty script`;
  };
  const plain = await plainGate();
  return {
    title: "Start",
    how: `the medians of ${RUNS} starts each, in turn, from the spawn to the first line in the pipe and to the first request at a server on loopback. The plain gate judges a good deploy by an http and a logs check; a hook counts the files that it loads.`,
    figures: [
      { what: "an empty script to its first line", value: duration(node) },
      {
        ...within("start to the first line", median(bundle.map(({ line }) => line)), FIRST_LINE_MS, duration),
        value: said("line"),
      },
      { what: "start to the first request", value: said("request") },
      { what: "loaded until the first request", value: loadedText(plain.atFirstRequest) },
      { what: "loaded by a plain gate until its end", value: loadedText(plain.atEnd) },
      within("all of `dist/`", plain.dist.bytes, DIST_BYTES, kilobytes),
      {
        what: "requests of a plain gate, and connections for them",
        value: `Render ${plain.render.requests} over ${plain.render.connections}, GitHub ${plain.github.requests} over ${plain.github.connections}`,
      },
    ],
  };
}

function loadedText({ files, bytes }: Loaded): string {
  return `${files.length} files, ${kilobytes(bytes)}`;
}

async function startsInTurn(): Promise<readonly [readonly Started[], readonly Started[]]> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-gate-start-"));
  let onRequest = (): void => undefined;
  // Nobody answers: the first request is all that is waited for.
  const server = createServer(() => onRequest());
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  try {
    const script = join(folder, "empty.mjs");
    await writeFile(script, 'process.stdout.write("here\\n");\n');
    const event = join(folder, "event.json");
    await writeFile(event, JSON.stringify({ after: SHA }));
    const inputs = { "render-api-key": "key", "github-token": "token", "render-api-url": url };
    const env = {
      PATH: process.env["PATH"],
      GITHUB_API_URL: url,
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: "acme/shop",
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value])),
    };
    const start = async (path: string, asks: boolean): Promise<Started> => {
      const began = performance.now();
      const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"], env });
      const since = (): number => performance.now() - began;
      const line = new Promise<number>((resolve) => child.stdout.once("data", () => resolve(since())));
      const request = new Promise<number>((resolve) => (onRequest = () => resolve(since())));
      const ended = new Promise((resolve) => child.once("close", resolve));
      const started = { line: await line, request: asks ? await request : Number.NaN };
      child.kill("SIGKILL");
      await ended;
      return started;
    };
    const empty: Started[] = [];
    const bundle: Started[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      empty.push(await start(script, false));
      bundle.push(await start(MAIN, true));
    }
    return [empty, bundle];
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
}
