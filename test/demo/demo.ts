import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("run.ts", import.meta.url));

/** What a run of the demo printed and left. */
export interface Ran extends AsyncDisposable {
  readonly printed: string;
  /** A file that it left in `demo-out`. */
  left(name: string): Promise<string>;
}

/** Runs the demo in an empty folder. Rejects when it exits with 1. */
export async function demo(words: readonly string[]): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-gate-demo-test-"));
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...words], { cwd: folder });
    return {
      printed: stdout,
      left: (name) => readFile(join(folder, "demo-out", name), "utf8"),
      [Symbol.asyncDispose]: clear,
    };
  } catch (error) {
    await clear();
    const { stdout = "" } = error as { readonly stdout?: string };
    throw error instanceof Error
      ? Object.assign(error, { message: `${error.message}\n${stdout.slice(-4_000)}` })
      : error;
  }
}
