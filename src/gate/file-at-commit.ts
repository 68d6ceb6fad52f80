import type { Edges } from "../ports.ts";

/**
 * Text of a file of the repository at a commit: from the workspace when that commit is checked out there, else one
 * GitHub request. Undefined when there is none. Throws ConfigProblem for a path that leaves the workspace, and
 * ServiceProblem.
 */
export async function fileAtCommit(
  edges: Pick<Edges, "workspace" | "forge">,
  { path, commit }: { readonly path: string; readonly commit: string },
): Promise<string | undefined> {
  const isCheckedOut = (await edges.workspace.head()) === commit;
  // A sparse checkout has the commit without all of its files.
  return (isCheckedOut ? await edges.workspace.read(path) : undefined) ?? edges.forge.file(path, commit);
}
