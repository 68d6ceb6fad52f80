import type { Git } from "./objects.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Whole seconds since the epoch. */
  readonly seconds: number;
}

export interface StoredCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly path: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
}

export interface FileDifference {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed" | "copied";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string;
}

/** git's name for a tree without entries; it need not be stored. */
export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const FULL_SHA = /^[0-9a-f]{40}$/;

/** Whether the text is a full sha. */
export function isSha(text: string): boolean {
  return FULL_SHA.test(text);
}

function personOf(line: string): Person {
  const match = /^(.*?) ?<(.*)> (\d+) [+-]\d{4}$/.exec(line);
  return { name: match?.[1] ?? "", email: match?.[2] ?? "", seconds: Number(match?.[3] ?? 0) };
}

function commitOf(sha: string, text: string): StoredCommit {
  const split = text.indexOf("\n\n");
  const lines = text.slice(0, split).split("\n");
  const value = (key: string): string =>
    lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? "";
  return {
    sha,
    tree: value("tree"),
    parents: lines.filter((line) => line.startsWith("parent ")).map((line) => line.slice(7)),
    author: personOf(value("author")),
    committer: personOf(value("committer")),
    message: text.slice(split + 2).replace(/\n$/, ""),
  };
}

/** The commit of that sha; undefined when it is none. */
export async function readCommit(git: Git, sha: string): Promise<StoredCommit | undefined> {
  const found = await git.read(sha);
  return found?.type === "commit" ? commitOf(found.sha, found.content.toString("utf8")) : undefined;
}

/** The commit that a branch, tag, `heads/x`, `refs/heads/x` or (short) sha names. */
export async function resolveCommit(git: Git, name: string): Promise<StoredCommit | undefined> {
  if (/[\^~:\s*?[\\]|@\{|\.\./.test(name) || name.startsWith("-")) return undefined;
  const candidates = name.startsWith("refs/")
    ? [name]
    : [
        `refs/heads/${name}`,
        `refs/tags/${name}`,
        `refs/${name}`,
        ...(/^[0-9a-f]{4,40}$/.test(name) ? [name] : []),
      ];
  if (isSha(name)) candidates.reverse();
  if (name === "HEAD") candidates.unshift("HEAD");
  for (const candidate of candidates) {
    const found = await git.read(candidate);
    const commit = found?.type === "tag" ? await git.read(`${candidate}^{commit}`) : found;
    if (commit?.type === "commit") return commitOf(commit.sha, commit.content.toString("utf8"));
  }
  return undefined;
}

/** Writes a commit. Times are whole seconds in UTC. */
export function writeCommit(git: Git, commit: Omit<StoredCommit, "sha">): Promise<string> {
  const person = ({ name, email, seconds }: Person): string => `${name} <${email}> ${seconds} +0000`;
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${person(commit.author)}`,
    `committer ${person(commit.committer)}`,
    "",
    commit.message.endsWith("\n") ? commit.message : `${commit.message}\n`,
  ];
  return git.write("commit", Buffer.from(lines.join("\n")));
}

/** Entries of one tree; undefined when the sha names none. */
export async function readTree(git: Git, sha: string): Promise<readonly TreeEntry[] | undefined> {
  if (sha === EMPTY_TREE) return [];
  const found = await git.read(sha);
  if (found?.type !== "tree") return undefined;
  const entries: TreeEntry[] = [];
  for (let at = 0; at < found.content.length;) {
    const end = found.content.indexOf(0, at);
    const [mode = "", ...name] = found.content.toString("utf8", at, end).split(" ");
    entries.push({
      mode: mode.padStart(6, "0"),
      path: name.join(" "),
      type: mode === "40000" ? "tree" : mode === "160000" ? "commit" : "blob",
      sha: found.content.toString("hex", end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** All entries below a tree with their whole paths; trees too when asked for. */
export async function walkTree(
  git: Git,
  options: { readonly tree: string; readonly trees?: boolean; readonly under?: string },
): Promise<readonly TreeEntry[]> {
  const found: TreeEntry[] = [];
  for (const entry of (await readTree(git, options.tree)) ?? []) {
    const path = options.under === undefined ? entry.path : `${options.under}/${entry.path}`;
    if (entry.type !== "tree" || options.trees) found.push({ ...entry, path });
    if (entry.type === "tree")
      found.push(...(await walkTree(git, { ...options, tree: entry.sha, under: path })));
  }
  return found;
}

/** One change to a tree; `sha: null` removes the path. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

/** Writes `base` with the changes applied; empty folders go. Gives the tree's sha. */
export async function writeTree(git: Git, base: string, changes: readonly TreeChange[]): Promise<string> {
  const entries = new Map((await readTree(git, base))?.map((entry) => [entry.path, entry]));
  const nested = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const slash = change.path.indexOf("/");
    if (slash >= 0) {
      const name = change.path.slice(0, slash);
      nested.set(name, [...(nested.get(name) ?? []), { ...change, path: change.path.slice(slash + 1) }]);
    } else if (change.sha === null) entries.delete(change.path);
    else {
      const type = change.mode === "040000" ? "tree" : change.mode === "160000" ? "commit" : "blob";
      entries.set(change.path, { mode: change.mode, path: change.path, type, sha: change.sha });
    }
  }
  for (const [path, below] of nested) {
    const old = entries.get(path);
    const sha = await writeTree(git, old?.type === "tree" ? old.sha : EMPTY_TREE, below);
    if (sha === EMPTY_TREE) entries.delete(path);
    else entries.set(path, { mode: "040000", path, type: "tree", sha });
  }
  const sortName = (entry: TreeEntry): Buffer =>
    Buffer.from(entry.type === "tree" ? `${entry.path}/` : entry.path);
  const sorted = [...entries.values()].sort((one, two) => Buffer.compare(sortName(one), sortName(two)));
  const content = sorted.flatMap((entry) => [
    Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.path}\0`),
    Buffer.from(entry.sha, "hex"),
  ]);
  return git.write("tree", Buffer.concat(content));
}

/** Text or bytes of a file in a commit or tree; undefined when there is none. */
export async function readFileAt(git: Git, tree: string, path: string): Promise<TreeEntry | undefined> {
  let current: TreeEntry = { mode: "040000", path: "", type: "tree", sha: tree };
  for (const segment of path.split("/")) {
    const next =
      current.type === "tree"
        ? (await readTree(git, current.sha))?.find((entry) => entry.path === segment)
        : undefined;
    if (!next) return undefined;
    current = next;
  }
  return { ...current, path };
}

/** The best common ancestor; undefined for unrelated histories. */
export async function mergeBase(git: Git, one: string, two: string): Promise<string | undefined> {
  if (one === two) return one;
  const found = await git.run(["merge-base", one, two]);
  return found.code === 0 ? found.out.trim() : undefined;
}

/** The tree of a three-way merge; undefined when it conflicts. */
export async function mergeTrees(git: Git, one: string, two: string): Promise<string | undefined> {
  const merged = await git.run(["merge-tree", "--write-tree", "--no-messages", one, two]);
  if (merged.code === 0) return merged.out.trim();
  if (merged.code === 1 || /unrelated histories/.test(merged.err)) return undefined;
  throw new Error(`git merge-tree failed: ${merged.err}`);
}

/** Shas as `git rev-list` prints them. */
export async function revisions(git: Git, args: readonly string[]): Promise<readonly string[]> {
  const listed = await git.run(["rev-list", ...args]);
  if (listed.code !== 0) throw new Error(`git rev-list failed: ${listed.err}`);
  return listed.out.split("\n").filter((line) => line !== "");
}

/** Moves a ref if it still holds `old` (undefined: must not exist; a sha of `undefined` deletes). Gives whether it did. */
export async function updateRef(
  git: Git,
  ref: string,
  change: { readonly to: string | undefined; readonly from?: string | undefined },
): Promise<boolean> {
  const old = change.from ?? "0".repeat(40);
  const args = change.to === undefined ? ["update-ref", "-d", ref, old] : ["update-ref", ref, change.to, old];
  return (await git.run(args)).code === 0;
}

/** All refs below a prefix such as `refs/heads/`, by name. */
export async function listRefs(
  git: Git,
): Promise<readonly { readonly ref: string; readonly sha: string; readonly type: string }[]> {
  const listed = await git.run(["for-each-ref", "--format=%(refname) %(objectname) %(objecttype)"]);
  return listed.out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [ref = "", sha = "", type = ""] = line.split(" ");
      return { ref, sha, type };
    });
}
