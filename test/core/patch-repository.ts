import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { PatchedFile } from "../../src/core/patch.ts";
import { gitEnvironment } from "../stand-ins/github/objects.ts";

export type Files = ReadonlyMap<string, PatchedFile>;

/** A working copy in which the real git makes and applies patches. */
export interface PatchRepository extends AsyncDisposable {
  /** What `git diff` with these options says between two states. */
  diff(from: Files, to: Files, options?: readonly string[]): Promise<string>;
  /** The state after `git apply`, or its words of refusal. */
  apply(patch: string, files: Files, options?: readonly string[]): Promise<Files | string>;
  /** A state committed, and another one on top of it as `git format-patch` writes it. */
  formatPatch(from: Files, to: readonly Files[]): Promise<string>;
}

/** Texts with mode 100644. */
export function plain(texts: Readonly<Record<string, string>>): Files {
  return new Map(Object.entries(texts).map(([path, text]) => [path, { text, mode: "100644" }]));
}

export async function startPatchRepository(): Promise<PatchRepository> {
  const top = await mkdtemp(join(tmpdir(), "patch-"));
  const git = (
    args: readonly string[],
    input = "",
  ): Promise<{ readonly out: string; readonly err?: string }> =>
    new Promise((resolve) => {
      const person = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com" };
      const env = gitEnvironment({
        ...person,
        GIT_COMMITTER_NAME: "Ada",
        GIT_COMMITTER_EMAIL: "ada@example.com",
      });
      const child = execFile("git", args, { cwd: top, env, maxBuffer: 2 ** 26 }, (error, out, err) =>
        resolve(error === null ? { out } : { out, err: err || error.message }),
      );
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
  const made = async (args: readonly string[]): Promise<string> => {
    const { out, err } = await git(args);
    if (err !== undefined) throw new Error(`git ${args.join(" ")}: ${err}`);
    return out;
  };
  const write = async (files: Files): Promise<void> => {
    for (const name of await readdir(top))
      if (name !== ".git") await rm(join(top, name), { recursive: true });
    for (const [path, { text, mode }] of files) {
      await mkdir(dirname(join(top, path)), { recursive: true });
      await writeFile(join(top, path), text);
      await chmod(join(top, path), mode === "100755" ? 0o755 : 0o644);
    }
  };
  const read = async (): Promise<Files> => {
    const entries = await readdir(top, { recursive: true, withFileTypes: true });
    const found = new Map<string, PatchedFile>();
    for (const entry of entries) {
      const path = relative(top, join(entry.parentPath, entry.name));
      if (!entry.isFile() || path.startsWith(".git/")) continue;
      const mode = ((await stat(join(top, path))).mode & 0o100) === 0 ? "100644" : "100755";
      found.set(path, { text: await readFile(join(top, path), "utf8"), mode });
    }
    return found;
  };
  const stage = async (files: Files): Promise<string> => {
    await write(files);
    await made(["add", "--all", "--force"]);
    return (await made(["write-tree"])).trim();
  };
  await made(["init", "--quiet"]);
  return {
    async diff(from, to, options = []) {
      const [before, after] = [await stage(from), await stage(to)];
      return made(["diff", ...options, before, after]);
    },
    async apply(patch, files, options = []) {
      await write(files);
      const { err } = await git(["apply", ...options, "-"], patch);
      return err === undefined ? read() : err;
    },
    async formatPatch(from, to) {
      for (const files of [from, ...to]) {
        await stage(files);
        await made([
          "commit",
          "--quiet",
          "--allow-empty",
          "-m",
          "[PATCH] A step\n\nIn some words.\n\n- like these",
        ]);
      }
      return made(["format-patch", "--stdout", `-${to.length}`]);
    },
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true }),
  };
}
