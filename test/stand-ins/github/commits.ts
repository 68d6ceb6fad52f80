import { diffFiles, diffText } from "./differences.ts";
import { branchHead, guardWorkflows, isProtected, moveBranch } from "./branches.ts";
import {
  EMPTY_TREE,
  mergeBase,
  mergeTrees,
  readCommit,
  readFileAt,
  resolveCommit,
  revisions,
  writeCommit,
} from "./repository.ts";
import type { StoredCommit } from "./repository.ts";
import { commitJson, fileJson, personOf, repoUrl } from "./shapes.ts";
import type { Answer, Call, Route, Site } from "./site.ts";
import { forbidden, iso, paged, Refusal } from "./site.ts";

/** https://docs.github.com/rest/commits/commits#compare-two-commits */
const MAX_COMMITS = 250;
const MAX_FILES = 300;
const MAX_INLINE_BYTES = 1_000_000;

async function commitsOf(site: Site, shas: readonly string[]): Promise<readonly StoredCommit[]> {
  const found = await Promise.all(shas.map((sha) => readCommit(site.git, sha)));
  return found.filter((commit) => commit !== undefined);
}

async function comparedCommits(
  site: Site,
  call: Call,
): Promise<{ readonly base: StoredCommit; readonly head: StoredCommit }> {
  const [baseName = "", headName = "", ...rest] = call.params["basehead"]!.split("...");
  if (baseName === "" || headName === "" || rest.length > 0) throw forbidden("compare takes BASE...HEAD");
  const strip = (name: string): string => name.replace(new RegExp(`^(${site.owner}:)(${site.repo}:)?`), "");
  const [base, head] = await Promise.all([
    resolveCommit(site.git, strip(baseName)),
    resolveCommit(site.git, strip(headName)),
  ]);
  if (!base || !head) throw new Refusal(404, "Not Found");
  return { base, head };
}

async function compare(site: Site, call: Call): Promise<Answer> {
  const { base, head } = await comparedCommits(site, call);
  const fork = await mergeBase(site.git, base.sha, head.sha);
  if (fork === undefined) throw new Refusal(404, `No common ancestor between ${base.sha} and ${head.sha}.`);
  if (call.media === "diff") return { status: 200, body: await diffText(site.git, fork, head.sha) };
  const [ahead, behind] = await Promise.all([
    revisions(site.git, ["--reverse", `${base.sha}..${head.sha}`]),
    revisions(site.git, [`${head.sha}..${base.sha}`]),
  ]);
  const isPaged = call.query["page"] !== undefined || call.query["per_page"] !== undefined;
  const page = isPaged ? paged(call, ahead) : { items: ahead.slice(-MAX_COMMITS), headers: {} };
  const isFirst = (call.query["page"] ?? "1") === "1";
  const files = isFirst ? (await diffFiles(site.git, fork, head.sha)).slice(0, MAX_FILES) : [];
  const mergeBaseCommit = (await readCommit(site.git, fork))!;
  const range = `${base.sha}...${head.sha}`;
  const web = `${site.webUrl}/compare/${range}`;
  const body = {
    url: repoUrl(site, `/compare/${range}`),
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: commitJson(site, base),
    merge_base_commit: commitJson(site, mergeBaseCommit),
    status:
      ahead.length === 0
        ? behind.length === 0
          ? "identical"
          : "behind"
        : behind.length === 0
          ? "ahead"
          : "diverged",
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: (await commitsOf(site, page.items)).map((commit) => commitJson(site, commit)),
    ...(isFirst && { files: files.map((file) => fileJson(site, file, head.sha)) }),
  };
  return { status: 200, body, headers: page.headers };
}

async function commitAt(site: Site, call: Call): Promise<Answer> {
  const commit = await resolveCommit(site.git, call.params["ref"]!);
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${call.params["ref"]}`);
  if (call.media === "sha") return { status: 200, body: commit.sha };
  const parent = commit.parents[0] ?? EMPTY_TREE;
  if (call.media === "diff") return { status: 200, body: await diffText(site.git, parent, commit.sha) };
  const all = await diffFiles(site.git, parent, commit.sha);
  const { items, headers } = paged(call, all);
  const sum = (key: "additions" | "deletions"): number => all.reduce((total, file) => total + file[key], 0);
  const stats = { additions: sum("additions"), deletions: sum("deletions") };
  const body = {
    ...commitJson(site, commit),
    stats: { ...stats, total: stats.additions + stats.deletions },
    files: items.map((file) => fileJson(site, file, commit.sha)),
  };
  return { status: 200, body, headers };
}

async function contents(site: Site, call: Call): Promise<Answer> {
  const path = call.params["path"]!;
  const ref = call.query["ref"] ?? site.defaultBranch;
  const commit = await resolveCommit(site.git, ref);
  if (!commit) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const entry = await readFileAt(site.git, commit.tree, path);
  const blob = entry?.type === "blob" ? await site.git.read(entry.sha) : undefined;
  if (entry && !blob)
    throw new Refusal(501, "contents of folders are not built in this stand-in", { violation: true });
  if (!entry || !blob) throw new Refusal(404, "Not Found");
  if (call.media === "raw") return { status: 200, body: blob.content.toString("utf8") };
  const large = blob.content.length > MAX_INLINE_BYTES;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const url = repoUrl(site, `/contents/${encoded}?ref=${encodeURIComponent(ref)}`);
  const git = repoUrl(site, `/git/blobs/${entry.sha}`);
  const html = `${site.webUrl}/blob/${encodeURIComponent(ref)}/${encoded}`;
  const body = {
    name: path.split("/").at(-1),
    path,
    sha: entry.sha,
    size: blob.content.length,
    url,
    html_url: html,
    git_url: git,
    download_url: `${site.webUrl}/raw/${encodeURIComponent(ref)}/${encoded}`,
    type: "file",
    content: large ? "" : blob.content.toString("base64").replace(/.{60}/g, "$&\n"),
    encoding: large ? "none" : "base64",
    _links: { self: url, git, html },
  };
  return { status: 200, body };
}

/** A server-side merge: always a commit of its own on the base branch, never a fast-forward. */
async function merge(site: Site, call: Call): Promise<Answer> {
  const {
    base,
    head,
    commit_message: message,
  } = call.body as {
    readonly base: string;
    readonly head: string;
    readonly commit_message?: string;
  };
  const ours = await branchHead(site, base);
  if (!ours) throw new Refusal(404, "Base does not exist");
  const theirs = await resolveCommit(site.git, head);
  if (!theirs) throw new Refusal(404, "Head does not exist");
  if ((await mergeBase(site.git, ours.sha, theirs.sha)) === theirs.sha) return { status: 204 };
  const tree = await mergeTrees(site.git, ours.sha, theirs.sha);
  if (tree === undefined) throw new Refusal(409, "Merge conflict");
  if (isProtected(site, `refs/heads/${base}`, "update")) throw new Refusal(422, "Reference update failed");
  await guardWorkflows(site, call.token, { tree, how: "merge" });
  const person = personOf(call.token.user, site.now());
  const sha = await writeCommit(site.git, {
    tree,
    parents: [ours.sha, theirs.sha],
    author: person,
    committer: person,
    message: message ?? `Merge ${head} into ${base}`,
  });
  await moveBranch(site, base, { to: sha, from: ours.sha });
  return { status: 201, body: commitJson(site, (await readCommit(site.git, sha))!) };
}

/** Commits, their comparison, the files they hold, and merges. */
export const commitRoutes: readonly Route[] = [
  {
    key: "GET /repos/{owner}/{repo}/compare/{basehead}",
    permissions: "contents=read",
    media: ["diff"],
    handle: compare,
  },
  {
    key: "GET /repos/{owner}/{repo}/commits/{ref}",
    permissions: "contents=read",
    media: ["sha", "diff"],
    handle: commitAt,
  },
  {
    key: "GET /repos/{owner}/{repo}/commits",
    permissions: "contents=read",
    query: ["sha", "path", "since", "until"],
    async handle(site, call) {
      const start = await resolveCommit(site.git, call.query["sha"] ?? site.defaultBranch);
      if (!start) throw new Refusal(404, "Not Found");
      const { since, until, path } = call.query;
      const shas = await revisions(site.git, [
        ...(since === undefined ? [] : [`--since=${iso(Date.parse(since))}`]),
        ...(until === undefined ? [] : [`--until=${iso(Date.parse(until))}`]),
        start.sha,
        "--",
        ...(path === undefined ? [] : [`:(literal)${path}`]),
      ]);
      const { items, headers } = paged(call, shas);
      const commits = await commitsOf(site, items);
      return { status: 200, body: commits.map((commit) => commitJson(site, commit)), headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/contents/{path}",
    permissions: "contents=read",
    query: ["ref"],
    media: ["raw"],
    handle: contents,
  },
  { key: "POST /repos/{owner}/{repo}/merges", permissions: "contents=write", handle: merge },
];
