import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { WebSocketServer } from "ws";
import { bundle } from "../../scripts/build.ts";
import { benchFrame, benchLine, benchPages } from "./log-lines.ts";
import { benchPatterns, grepPatterns } from "./log-patterns.ts";
import type { LogRun } from "./log-run.ts";
import { count, tableOf, within, type Figure, type Section } from "./section.ts";

const PATTERNS = [5, 50, 500];
const SOME = 200_000;
const MANY = 1_000_000;
const TIMES = 3;
/** Design 9. */
const MOST_PEAK_BYTES = 150e6;

/** Runs one part of `log-run.ts` in a process of its own; the stream's is told where to listen. */
type RunPart = (part: string, patterns: number, more?: RunMore) => Promise<LogRun>;

interface RunMore {
  readonly lines?: number;
  readonly address?: string;
}

/** Lines a second and peak memory of everything between Render's answer and the samples, beside `grep -E`. */
export async function measureLogs(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-gate-bench-"));
  try {
    // Bundled as the action is: reading TypeScript takes memory that no runner sees.
    await bundle(join(folder, "run"), { "log-run": "test/bench/log-run.ts" });
    const script = join(folder, "run", "log-run.js");
    const runPart: RunPart = async (part, patterns, { lines = SOME, address } = {}) => {
      const args = [
        script,
        part,
        String(patterns),
        String(lines),
        ...(address === undefined ? [] : [address]),
      ];
      const running = promisify(execFile)(process.execPath, args);
      const { stdin } = running.child;
      const pages = address === undefined ? benchPages(lines) : [];
      if (stdin !== null) await pipeline(Readable.from(pages), stdin);
      return JSON.parse((await running).stdout) as LogRun;
    };
    return {
      title: "Logs",
      figures: [...(await rateFigures(runPart, folder)), ...(await memoryFigures(runPart))],
      how: `${count(SOME)} lines of ten kinds, one in forty noteworthy; each measure in a process of its own, the best of ${TIMES}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rateFigures(runPart: RunPart, folder: string): Promise<readonly Figure[]> {
  const log = join(folder, "log");
  await writeFile(log, Array.from({ length: SOME }, (_, index) => `${benchLine(index).message}\n`).join(""));
  const figures: Figure[] = [];
  for (const patterns of PATTERNS) {
    const file = join(folder, "patterns");
    await writeFile(file, grepPatterns(benchPatterns(patterns)));
    const greps = Object.entries(localesOf()).map(
      ([name, env]) => [name, grepRate([file, log], env)] as const,
    );
    for (const [part, what] of [
      ["whole", "pages to samples"],
      ["core", "the log book alone"],
    ] as const) {
      const rate = await rateOf(() => runPart(part, patterns));
      const ratios = greps.map(
        ([name, other]) => `${(rate / other).toFixed(2)} of ${name}'s ${count(other)}`,
      );
      figures.push({
        what: `${what}, ${patterns} patterns`,
        value: `${count(rate)} lines/s: ${ratios.join(", ")}`,
      });
    }
  }
  const rest = [
    ["pages alone", () => runPart("pages", 5)],
    ["stream to samples, 50 patterns", () => heard(runPart, 50)],
  ] as const;
  for (const [what, measure] of rest)
    figures.push({ what, value: `${count(await rateOf(measure))} lines/s` });
  return figures;
}

async function memoryFigures(runPart: RunPart): Promise<readonly Figure[]> {
  const [few, all] = [
    await runPart("whole", 50, { lines: SOME }),
    await runPart("whole", 50, { lines: MANY }),
  ];
  const megabytes = (bytes: number): string => `${count(bytes / 1e6)} MB`;
  return [
    within(`peak memory, ${count(SOME)} lines`, few.peakBytes, MOST_PEAK_BYTES, megabytes),
    within(`peak memory, ${count(MANY)} lines`, all.peakBytes, MOST_PEAK_BYTES, megabytes),
    {
      what: `heap in use after ${count(SOME)} and after ${count(MANY)} lines`,
      value: `${megabytes(few.keptBytes)} and ${megabytes(all.keptBytes)}`,
    },
  ];
}

/** The best of some runs, in lines a second: what else the machine does is none of ours. */
async function rateOf(measure: () => Promise<LogRun>): Promise<number> {
  const seconds: number[] = [];
  for (let time = 0; time < TIMES; time += 1) seconds.push((await measure()).seconds);
  return SOME / Math.min(...seconds);
}

/** As the machine has it, and as bytes. */
function localesOf(): { readonly [name: string]: NodeJS.ProcessEnv } {
  const own = process.env["LC_ALL"] ?? process.env["LANG"] ?? "C";
  return { [`grep -E (${own})`]: process.env, "grep -E (LC_ALL=C)": { ...process.env, LC_ALL: "C" } };
}

/** `grep -E -c` over the messages alone, in lines a second. */
function grepRate([patterns, log]: readonly [string, string], env: NodeJS.ProcessEnv): number {
  const seconds = Array.from({ length: TIMES }, () => {
    const began = performance.now();
    execFileSync("grep", ["-E", "-a", "-c", "-f", patterns, log], { env });
    return (performance.now() - began) / 1_000;
  });
  return SOME / Math.min(...seconds);
}

/** Lines over a WebSocket of this process to one that reads them. */
async function heard(runPart: RunPart, patterns: number): Promise<LogRun> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    const send = (from: number): void => {
      const to = Math.min(from + 500, SOME);
      for (let index = from; index < to - 1; index += 1) socket.send(benchFrame(index));
      // The next ones when these have gone.
      if (to > from) socket.send(benchFrame(to - 1), () => send(to));
    };
    send(0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await runPart("frames", patterns, { address: `http://127.0.0.1:${port}/v1` });
  } finally {
    sockets.close();
    server.close();
  }
}

if (import.meta.main) console.log(tableOf([await measureLogs()]));
