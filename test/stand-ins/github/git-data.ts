import type { StoredCommit, TreeChange, TreeEntry } from "./repository.ts";
import {
  EMPTY_TREE,
  isSha,
  readCommit,
  readTree,
  resolveCommit,
  walkTree,
  writeCommit,
  writeTree,
} from "./repository.ts";
import { GITHUB, gitCommitJson, nodeId, personOf, repoUrl } from "./shapes.ts";
import type { Call, Route, Site } from "./site.ts";
import { forbidden, Refusal } from "./site.ts";

interface GivenPerson {
  readonly name: string;
  readonly email: string;
  readonly date?: string;
}

interface GivenEntry {
  readonly path?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

function treeJson(
  site: Site,
  sha: string,
  listed: { readonly entries: readonly TreeEntry[]; readonly truncated: boolean },
): Readonly<Record<string, unknown>> {
  const tree = listed.entries.map((entry) => ({
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    url: repoUrl(site, `/git/${entry.type}s/${entry.sha}`),
  }));
  return { sha, url: repoUrl(site, `/git/trees/${sha}`), tree, truncated: listed.truncated };
}

/** GitHub signs what a bot commits in its own name; a custom author or committer loses the signature. */
async function createCommit(site: Site, call: Call): Promise<StoredCommit> {
  const body = call.body as {
    readonly message: string;
    readonly tree: string;
    readonly parents?: readonly string[];
    readonly author?: GivenPerson;
    readonly committer?: GivenPerson;
    readonly signature?: string;
  };
  const tree = isSha(body.tree) ? await readTree(site.git, body.tree) : undefined;
  if (!tree) throw forbidden("Tree SHA does not exist");
  const parents = body.parents ?? [];
  for (const parent of parents) {
    if (!isSha(parent) || !(await readCommit(site.git, parent))) {
      throw forbidden("Parent SHA does not exist or is not a commit object");
    }
  }
  if (body.message.trim() === "") throw forbidden("a commit without message");
  const given = (person: GivenPerson | undefined): StoredCommit["author"] | undefined =>
    person && {
      name: person.name,
      email: person.email,
      seconds: Math.floor((person.date === undefined ? site.now() : Date.parse(person.date)) / 1000),
    };
  const own = personOf(call.token.user, site.now());
  const signed =
    call.token.app !== undefined && !body.author && !body.committer && body.signature === undefined;
  const author = given(body.author) ?? own;
  const committer = given(body.committer) ?? given(body.author) ?? (signed ? { ...own, ...GITHUB } : own);
  const commit = { tree: body.tree, parents, author, committer, message: body.message };
  const sha = await writeCommit(site.git, commit);
  if (signed) site.verified.add(sha);
  return { ...commit, sha };
}

async function changeOf(site: Site, entry: GivenEntry): Promise<TreeChange> {
  const { path = "", mode = "100644", type = "blob", sha, content } = entry;
  if (
    path === "" ||
    path.startsWith("/") ||
    path.endsWith("/") ||
    /(^|\/)(\.\.?|\.git)(\/|$)|\/\//.test(path)
  ) {
    throw forbidden(`tree.path "${path}" is malformed`);
  }
  if (content !== undefined && sha !== undefined)
    throw forbidden("tree entries take sha or content, not both");
  if (content !== undefined) return { path, mode, sha: await site.git.write("blob", Buffer.from(content)) };
  if (sha === undefined) throw forbidden("tree entries need sha or content");
  if (sha !== null && (await site.git.read(sha))?.type !== type)
    throw forbidden(`tree.sha ${sha} is not a valid ${type}`);
  return { path, mode, sha };
}

/** Blobs, trees and commits of the git data API. */
export const gitDataRoutes: readonly Route[] = [
  {
    key: "POST /repos/{owner}/{repo}/git/blobs",
    permissions: "contents=write",
    async handle(site, call) {
      const { content, encoding = "utf-8" } = call.body as {
        readonly content: string;
        readonly encoding?: string;
      };
      const sha = await site.git.write(
        "blob",
        Buffer.from(content, encoding === "base64" ? "base64" : "utf8"),
      );
      return { status: 201, body: { sha, url: repoUrl(site, `/git/blobs/${sha}`) } };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/git/blobs/{file_sha}",
    permissions: "contents=read",
    async handle(site, call) {
      const sha = call.params["file_sha"]!;
      const blob = isSha(sha) ? await site.git.read(sha) : undefined;
      if (blob?.type !== "blob") throw new Refusal(404, "Not Found");
      const body = {
        sha,
        node_id: nodeId("B", sha),
        size: blob.content.length,
        url: repoUrl(site, `/git/blobs/${sha}`),
        content: blob.content.toString("base64"),
        encoding: "base64",
      };
      return { status: 200, body };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/git/trees",
    permissions: "contents=write",
    async handle(site, call) {
      const body = call.body as { readonly tree: readonly GivenEntry[]; readonly base_tree?: string };
      let base = EMPTY_TREE;
      if (body.base_tree !== undefined) {
        const commit = isSha(body.base_tree) ? await readCommit(site.git, body.base_tree) : undefined;
        base = commit?.tree ?? body.base_tree;
        if (!isSha(base) || !(await readTree(site.git, base)))
          throw forbidden("base_tree is not a valid tree oid");
      }
      const changes = await Promise.all(body.tree.map((entry) => changeOf(site, entry)));
      const sha = await writeTree(site.git, base, changes);
      if (sha === EMPTY_TREE) throw forbidden("Invalid tree info");
      const entries = (await readTree(site.git, sha)) ?? [];
      return { status: 201, body: treeJson(site, sha, { entries, truncated: false }) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
    permissions: "contents=read",
    query: ["recursive"],
    async handle(site, call) {
      const name = call.params["tree_sha"]!;
      const tree = (await resolveCommit(site.git, name))?.tree ?? name;
      if (!isSha(tree) || !(await readTree(site.git, tree))) throw new Refusal(404, "Not Found");
      // Any value of `recursive` means recursive, even 0 and false.
      const deep = call.query["recursive"] !== undefined;
      const all = deep
        ? await walkTree(site.git, { tree, trees: true })
        : ((await readTree(site.git, tree)) ?? []);
      const entries = all.slice(0, site.settings.treeLimit);
      return { status: 200, body: treeJson(site, tree, { entries, truncated: entries.length < all.length }) };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/git/commits",
    permissions: "contents=write",
    handle: async (site, call) => ({
      status: 201,
      body: gitCommitJson(site, await createCommit(site, call)),
    }),
  },
  {
    key: "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
    permissions: "contents=read",
    async handle(site, call) {
      const sha = call.params["commit_sha"]!;
      const commit = isSha(sha) ? await readCommit(site.git, sha) : undefined;
      if (!commit) throw new Refusal(404, "Not Found");
      return { status: 200, body: gitCommitJson(site, commit) };
    },
  },
];
