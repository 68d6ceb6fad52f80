import { execFile, spawn } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const modules = resolve(import.meta.dirname, "../../node_modules");

/** One running copy of the demo's service, made from what a commit really holds. */
export interface Instance {
  readonly port: number;
  /** Resolves once it answers; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => {
    server.close(() => done());
  });
  return port;
}

/** The files of a commit in a folder of their own, with the dependencies linked instead of installed. */
export async function checkOut(gitDir: string, commit: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("git", ["--git-dir", gitDir, "--work-tree", folder, "read-tree", commit], {
    env: { ...process.env, GIT_INDEX_FILE: `${folder}.index` },
  });
  await run("git", ["--git-dir", gitDir, "--work-tree", folder, "checkout-index", "--all"], {
    env: { ...process.env, GIT_INDEX_FILE: `${folder}.index` },
  });
  await symlink(modules, join(folder, "node_modules"));
}

/** Starts the service from a folder that `checkOut` filled; `onLine` gets every line it prints. */
export async function startInstance(options: {
  readonly folder: string;
  readonly commit: string;
  readonly databaseUrl: string;
  /** How long one minute of the service's schedulers lasts. */
  readonly minuteMs: number;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}): Promise<Instance> {
  const port = await freePort();
  const child = spawn(process.execPath, ["main.js"], {
    cwd: options.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      DATABASE_URL: options.databaseUrl,
      MINUTE_MS: String(options.minuteMs),
      RENDER: "true",
      RENDER_GIT_COMMIT: options.commit,
    },
  });
  const ended = new Promise<void>((done) => {
    child.once("close", () => done());
  });
  const ready = new Promise<void>((done, failed) => {
    for (const stream of ["stdout", "stderr"] as const) {
      createInterface({ input: child[stream] }).on("line", (line) => {
        options.onLine(line, stream);
        if (line.includes("Application startup complete")) done();
      });
    }
    child.once("error", failed);
    void ended.then(() => failed(new Error(`the service of ${options.commit} ended before it answered`)));
  });
  ready.catch(() => undefined);
  return {
    port,
    ready,
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(timer);
    },
  };
}
