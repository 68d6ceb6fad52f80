import type { FileMode, PatchedFile } from "../core/patch.ts";
import type { FolderEntry } from "../ports.ts";
import type { ServiceRun } from "./run.ts";

export type Targets =
  /** Files that are not there are left out. */
  | { readonly ok: true; readonly files: ReadonlyMap<string, PatchedFile> }
  /** Something stands in the way that no patch of text files can change. */
  | { readonly ok: false; readonly why: string };

/** The files at these paths of a commit, with their modes. Throws ServiceProblem. */
export async function readTargets(
  run: ServiceRun,
  paths: readonly string[],
  at: { readonly sha: string; readonly tree: string },
): Promise<Targets> {
  const { forge } = run.edges;
  const folders = new Map<string, Promise<readonly FolderEntry[]>>();
  const folder = (tree: string): Promise<readonly FolderEntry[]> => {
    const asked = folders.get(tree) ?? forge.folder(tree);
    folders.set(tree, asked);
    return asked;
  };
  const files = new Map<string, PatchedFile>();
  for (const path of paths) {
    const found = await entryAt(path, at.tree, folder);
    if (found === undefined) continue;
    if (typeof found === "string") return { ok: false, why: found };
    const text = await forge.file(path, at.sha);
    if (text === undefined) return { ok: false, why: `${path} cannot be read` };
    // What is no UTF-8 was lost in reading, and would be lost in the file.
    if (text.includes("\ufffd")) return { ok: false, why: `${path} is not UTF-8 text` };
    files.set(path, { text, mode: found.mode });
  }
  return { ok: true, files };
}

/** The file at a path, undefined where nothing is, or a sentence about what else is there. */
async function entryAt(
  path: string,
  top: string,
  folder: (tree: string) => Promise<readonly FolderEntry[]>,
): Promise<{ readonly mode: FileMode } | string | undefined> {
  const names = path.split("/");
  let tree = top;
  for (const [depth, name] of names.entries()) {
    const entry = (await folder(tree)).find((one) => one.name === name);
    if (entry === undefined) return undefined;
    const isLast = depth === names.length - 1;
    if (!isLast && entry.type === "tree") {
      tree = entry.sha;
      continue;
    }
    const here = names.slice(0, depth + 1).join("/");
    if (entry.type === "tree") return `${here} is a folder`;
    if (entry.type === "commit") return `${here} is a submodule`;
    if (entry.mode === "120000") return `${here} is a symbolic link`;
    if (!isLast) return `${here} is a file, not a folder`;
    return { mode: entry.mode === "100755" ? "100755" : "100644" };
  }
  return undefined;
}
