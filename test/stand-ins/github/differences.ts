import type { Git } from "./objects.ts";
import type { FileDifference } from "./repository.ts";

const STATUS: Readonly<Record<string, FileDifference["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** `git diff` of two commits or trees, as text. */
export async function diffText(git: Git, from: string, to: string): Promise<string> {
  const found = await git.run(["diff-tree", "-r", "-M", "-p", "--full-index", "--no-color", from, to]);
  if (found.code !== 0) throw new Error(`git diff-tree failed: ${found.err}`);
  return found.out;
}

/** The files that differ between two commits or trees, renames found, with counts and patches. */
export async function diffFiles(git: Git, from: string, to: string): Promise<readonly FileDifference[]> {
  const [listed, text] = await Promise.all([
    git.run(["diff-tree", "-r", "-M", "--raw", "--numstat", "--abbrev=40", "-z", from, to]),
    diffText(git, from, to),
  ]);
  if (listed.code !== 0) throw new Error(`git diff-tree failed: ${listed.err}`);
  const patches = text.split(/^(?=diff --git )/m).filter((part) => part !== "");
  const fields = listed.out.split("\0");
  const files: Omit<FileDifference, "additions" | "deletions">[] = [];
  let at = 0;
  while (fields[at]?.startsWith(":")) {
    const [, , old = "", sha = "", letter = ""] = fields[at]!.split(" ");
    const status = STATUS[letter[0]!] ?? "modified";
    const moved = status === "renamed" || status === "copied";
    const path = fields[at + (moved ? 2 : 1)]!;
    files.push({
      path,
      ...(moved && { previousPath: fields[at + 1]! }),
      status,
      sha: status === "removed" ? old : sha,
    });
    at += moved ? 3 : 2;
  }
  return files.map((file, index) => {
    const [additions = "-", deletions = "-", path = ""] = (fields[at] ?? "").split("\t");
    at += path === "" ? 3 : 1;
    const patch = patches[index]?.slice(patches[index].indexOf("\n@@") + 1);
    return {
      ...file,
      additions: additions === "-" ? 0 : Number(additions),
      deletions: deletions === "-" ? 0 : Number(deletions),
      ...(patch?.startsWith("@@") && { patch: patch.replace(/\n$/, "") }),
    };
  });
}
