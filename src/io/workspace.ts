import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { Workspace } from "../ports.ts";
import { ConfigProblem } from "../problem.ts";

const MAX_FILE_BYTES = 5 * 1024 * 1024;

/**
 * The checked-out repository at `root` (`GITHUB_WORKSPACE`); without one nothing is there. `read` throws
 * ConfigProblem for a path that leaves the workspace, by name or by a link, and for a file over 5 MiB.
 */
export function createWorkspace(root: string | undefined): Workspace {
  const top = root === undefined || root === "" ? undefined : resolve(root);
  return {
    head: async () => (top === undefined ? undefined : headOf(join(top, ".git"))),
    read: async (path) => {
      if (top === undefined) return undefined;
      if (isOutside(top, resolve(top, path))) throw refused(path, "leaves the workspace");
      const real = await orUndefined(realpath(join(top, path)));
      if (real === undefined) return undefined;
      if (isOutside(await realpath(top), real)) throw refused(path, "is a link that leaves the workspace");
      const kind = await stat(real);
      if (!kind.isFile()) return undefined;
      if (kind.size > MAX_FILE_BYTES) throw refused(path, "is larger than 5 MiB");
      return readFile(real, "utf8");
    },
  };
}

function isOutside(top: string, path: string): boolean {
  const way = relative(top, path);
  return way === ".." || way.startsWith("../") || way.startsWith("..\\") || isAbsolute(way);
}

function refused(path: string, why: string): ConfigProblem {
  return new ConfigProblem([{ message: `The path "${path}" ${why}.` }]);
}

/** Follows HEAD as git stores it: https://git-scm.com/docs/gitrepository-layout */
async function headOf(dotGit: string): Promise<string | undefined> {
  const folder = (await gitFolder(dotGit)) ?? dotGit;
  // A worktree keeps its own HEAD and shares the branches.
  const common = resolve(folder, (await textOf(join(folder, "commondir")))?.trim() ?? ".");
  let name = "HEAD";
  for (let hops = 0; hops < 5; hops++) {
    const text = (await textOf(join(folder, name))) ?? (await textOf(join(common, name)));
    const value = text?.trim() ?? (await packed(common, name));
    if (value === undefined) return undefined;
    if (isSha(value)) return value;
    const target = /^ref: (refs\/\S+)$/.exec(value)?.[1];
    if (target === undefined || target.split("/").includes("..")) return undefined;
    name = target;
  }
  return undefined;
}

/** Where a `.git` file (of a worktree or submodule) points; undefined when `.git` is a folder. */
async function gitFolder(dotGit: string): Promise<string | undefined> {
  const pointer = /^gitdir: (.+?)\s*$/.exec((await textOf(dotGit)) ?? "")?.[1];
  return pointer === undefined ? undefined : resolve(dotGit, "..", pointer);
}

async function packed(common: string, name: string): Promise<string | undefined> {
  const lines = (await textOf(join(common, "packed-refs")))?.split("\n") ?? [];
  const line = lines.find((each) => each.endsWith(` ${name}`));
  return line?.split(" ", 1)[0];
}

function isSha(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function textOf(path: string): Promise<string | undefined> {
  return orUndefined(readFile(path, "utf8"));
}

async function orUndefined(work: Promise<string>): Promise<string | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
