import { branchHead, guardWorkflows } from "./branches.ts";
import { diffFiles, diffText } from "./differences.ts";
import type { MergeMethod } from "./landing.ts";
import { isUnstable, landPull, unmetRules } from "./landing.ts";
import { mergeBase, mergeTrees, readCommit, resolveCommit, revisions } from "./repository.ts";
import { commitJson, fileJson, labelsJson, nodeId, repositoryJson, repoUrl, userJson } from "./shapes.ts";
import type { Call, PullRecord, Route, Site, User } from "./site.ts";
import { forbidden, invalid, isPull, iso, paged, pullOf, Refusal } from "./site.ts";

/** https://github.com/Mergifyio/git-pull-request/issues/97; the contract holds neither. */
const MAX_TITLE = 256;
const MAX_BODY = 65536;

/** Checks a title and body of an issue, pull request or comment. */
export function checkTexts(
  resource: string,
  texts: { readonly title?: string | undefined; readonly body?: string | null | undefined },
): void {
  const { title, body } = texts;
  if (title !== undefined && title.trim() === "") {
    throw invalid(resource, { field: "title", code: "missing_field", violation: true });
  }
  if ((title ?? "").length > MAX_TITLE) {
    throw invalid(resource, { message: "title is too long (maximum is 256 characters)", violation: true });
  }
  if ((body ?? "").length > MAX_BODY) {
    throw invalid(resource, { message: "body is too long (maximum is 65536 characters)", violation: true });
  }
}

/** What opening a pull request takes; refused as GitHub refuses it. */
export async function createPull(
  site: Site,
  wish: {
    readonly title: string;
    readonly body: string | null;
    readonly head: string;
    readonly base: string;
    readonly draft: boolean;
    readonly user: User;
  },
): Promise<PullRecord> {
  const { title, body, base, draft, user } = wish;
  checkTexts("PullRequest", { title, body });
  const headRef = wish.head.replace(`${site.owner}:`, "");
  const [head, target] = await Promise.all([branchHead(site, headRef), branchHead(site, base)]);
  if (!head || headRef.includes(":")) throw invalid("PullRequest", { field: "head" });
  if (!target) throw invalid("PullRequest", { field: "base" });
  if (draft && !site.settings.draftPulls) {
    throw new Refusal(422, "Draft pull requests are not supported in this repository.");
  }
  const same = (one: PullRecord): boolean =>
    one.state === "open" && one.headRef === headRef && one.baseRef === base;
  if (site.issues.some((one) => isPull(one) && same(one))) {
    throw invalid("PullRequest", { message: `A pull request already exists for ${site.owner}:${headRef}.` });
  }
  const fork = await mergeBase(site.git, target.sha, head.sha);
  if (fork === undefined)
    throw invalid("PullRequest", { message: `The ${headRef} branch has no history in common with ${base}` });
  if (fork === head.sha)
    throw invalid("PullRequest", { message: `No commits between ${base} and ${headRef}` });
  const now = site.now();
  const pull: PullRecord = {
    number: site.issues.length + 1,
    title,
    body,
    state: "open",
    user,
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    unsettled: site.settings.eventualConsistency ? 1 : 0,
    headRef,
    headSha: head.sha,
    baseRef: base,
    baseSha: target.sha,
    draft,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    landed: [],
    reviewers: [],
    mergeAsked: "",
    autoMerge: null,
  };
  site.issues.push(pull);
  return pull;
}

/** A pull request as lists give it. */
export function pullJson(site: Site, pull: PullRecord): Readonly<Record<string, unknown>> {
  const url = repoUrl(site, `/pulls/${pull.number}`);
  const issue = repoUrl(site, `/issues/${pull.number}`);
  const html = `${site.webUrl}/pull/${pull.number}`;
  const end = (ref: string, sha: string, owner = site.owner): Readonly<Record<string, unknown>> => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userJson(site, { login: owner, type: "User" }),
    repo: { ...repositoryJson(site), full_name: `${owner}/${site.repo}` },
  });
  const links = {
    self: url,
    html,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: repoUrl(site, "/pulls/comments{/number}"),
    commits: `${url}/commits`,
    statuses: repoUrl(site, `/statuses/${pull.headSha}`),
  };
  const time = (ms: number | null): string | null => (ms === null ? null : iso(ms));
  return {
    url,
    id: 1_000_000 + pull.number,
    node_id: nodeId("PR", pull.number),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userJson(site, pull.user),
    body: pull.body,
    labels: labelsJson(site, pull).map((label) => ({ ...label, description: label["description"] ?? "" })),
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: time(pull.closedAt),
    merged_at: time(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit,
    assignee:
      pull.assignees[0] === undefined ? null : userJson(site, { login: pull.assignees[0], type: "User" }),
    assignees: pull.assignees.map((login) => userJson(site, { login, type: "User" })),
    requested_reviewers: pull.reviewers.map((login) => userJson(site, { login, type: "User" })),
    requested_teams: [],
    head: end(pull.headRef, pull.headSha, pull.fork),
    base: end(pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: pull.user.login in site.settings.collaborators ? "COLLABORATOR" : "NONE",
    auto_merge: pull.autoMerge && {
      enabled_by: userJson(site, pull.autoMerge.by),
      merge_method: pull.autoMerge.method,
      commit_title: pull.title,
      commit_message: "",
    },
    draft: pull.draft,
  };
}

/** Whether it merges now; null while GitHub would still be working that out. */
export async function mergeability(
  site: Site,
  pull: PullRecord,
): Promise<{ readonly mergeable: boolean | null; readonly state: string }> {
  const base = await branchHead(site, pull.baseRef);
  if (pull.state === "closed" || !base) return { mergeable: null, state: "unknown" };
  const asked = `${base.sha}:${pull.headSha}`;
  if (site.settings.eventualConsistency && pull.mergeAsked !== asked) {
    pull.mergeAsked = asked;
    return { mergeable: null, state: "unknown" };
  }
  if ((await mergeTrees(site.git, base.sha, pull.headSha)) === undefined)
    return { mergeable: false, state: "dirty" };
  if (pull.draft) return { mergeable: true, state: "draft" };
  if (unmetRules(site, pull).length > 0) return { mergeable: true, state: "blocked" };
  return { mergeable: true, state: isUnstable(site, pull) ? "unstable" : "clean" };
}

/** Where the pull request's own commits begin: what its list of files and commits is counted from. */
async function forkOf(site: Site, pull: PullRecord): Promise<string> {
  const base = pull.state === "open" ? (await branchHead(site, pull.baseRef))!.sha : pull.baseSha;
  return (await mergeBase(site.git, base, pull.headSha)) ?? base;
}

async function fullJson(site: Site, pull: PullRecord): Promise<Readonly<Record<string, unknown>>> {
  const fork = await forkOf(site, pull);
  const [files, commits, merge] = await Promise.all([
    diffFiles(site.git, fork, pull.headSha),
    revisions(site.git, [`${fork}..${pull.headSha}`]),
    mergeability(site, pull),
  ]);
  const sum = (key: "additions" | "deletions"): number => files.reduce((total, file) => total + file[key], 0);
  return {
    ...pullJson(site, pull),
    merged: pull.merged,
    mergeable: merge.mergeable,
    mergeable_state: merge.state,
    rebaseable: merge.mergeable,
    merged_by: pull.mergedBy && userJson(site, pull.mergedBy),
    comments: site.comments.filter((comment) => comment.number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: files.length,
  };
}

async function changePull(site: Site, call: Call): Promise<PullRecord> {
  const pull = pullOf(site, call.params["pull_number"]!);
  const { title, body, state, base } = call.body as Partial<Pick<PullRecord, "title" | "body" | "state">> & {
    readonly base?: string;
  };
  checkTexts("PullRequest", { title, body });
  if (base !== undefined && !(await branchHead(site, base))) throw invalid("PullRequest", { field: "base" });
  if (state === "open" && pull.state === "closed") {
    if (pull.merged || !(await branchHead(site, pull.headRef))) {
      throw invalid("PullRequest", {
        message: `state cannot be changed. The ${pull.headRef} branch was merged or deleted.`,
      });
    }
  }
  if (title !== undefined) pull.title = title;
  if (body !== undefined) pull.body = body;
  if (base !== undefined) pull.baseRef = base;
  if (state !== undefined && state !== pull.state) {
    Object.assign(pull, { state, closedAt: state === "closed" ? site.now() : null, autoMerge: null });
  }
  pull.updatedAt = site.now();
  return pull;
}

async function mergeNow(site: Site, call: Call): Promise<string> {
  const pull = pullOf(site, call.params["pull_number"]!);
  const body = call.body as Partial<Record<"commit_title" | "commit_message" | "sha", string>> & {
    readonly merge_method?: MergeMethod;
  };
  if (body.sha !== undefined && body.sha !== pull.headSha) {
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  }
  if (pull.draft) throw new Refusal(405, "Pull Request is still a draft");
  const [unmet] = unmetRules(site, pull);
  if (unmet !== undefined) throw new Refusal(405, unmet);
  return landPull(site, pull, {
    method: body.merge_method ?? "merge",
    by: call.token.user,
    title: body.commit_title,
    message: body.commit_message,
    guard: (tree) => guardWorkflows(site, call.token, { tree, how: "merge" }),
  });
}

async function pullsOfCommit(site: Site, name: string): Promise<readonly PullRecord[]> {
  const commit = await resolveCommit(site.git, name);
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${name}`);
  const { sha } = commit;
  const pulls = site.issues.filter(isPull);
  const landed = pulls.filter((pull) => pull.merged && pull.landed.includes(sha));
  const main = await branchHead(site, site.defaultBranch);
  if (main && (await mergeBase(site.git, main.sha, sha)) === sha) return landed;
  const open: PullRecord[] = [];
  for (const pull of pulls.filter((one) => one.state === "open")) {
    const own = await revisions(site.git, [`${await forkOf(site, pull)}..${pull.headSha}`]);
    if (own.includes(sha)) open.push(pull);
  }
  return open;
}

/** Pull requests. */
export const pullRoutes: readonly Route[] = [
  {
    key: "POST /repos/{owner}/{repo}/pulls",
    permissions: "pull_requests=write",
    async handle(site, call) {
      const body = call.body as Partial<Record<"title" | "head" | "base", string>> & {
        readonly body?: string;
        readonly draft?: boolean;
      };
      if (body.title === undefined)
        throw invalid("PullRequest", { field: "title", code: "missing_field", violation: true });
      if (call.token.kind === "actions" && !site.settings.allowActionsPullRequests) {
        throw new Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.");
      }
      const pull = await createPull(site, {
        title: body.title,
        body: body.body ?? null,
        head: body.head ?? "",
        base: body.base ?? "",
        draft: body.draft ?? false,
        user: call.token.user,
      });
      return { status: 201, body: await fullJson(site, pull) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/pulls",
    permissions: "pull_requests=read",
    query: ["state", "head", "base", "sort", "direction"],
    handle(site, call) {
      const {
        state = "open",
        head,
        base,
        sort = "created",
        direction = sort === "created" ? "desc" : "asc",
      } = call.query;
      // GitHub ignores a head without owner and lists everything: a duplicate check would never find anything wrong.
      if (head !== undefined && !head.includes(":")) throw forbidden("head takes the form owner:branch");
      if (sort !== "created" && sort !== "updated") {
        throw new Refusal(501, `sort=${sort} is not built in this stand-in`, { violation: true });
      }
      const found = site.issues
        .filter(isPull)
        .filter(
          (pull) =>
            (state === "all" || pull.state === state) &&
            (head === undefined || `${pull.fork ?? site.owner}:${pull.headRef}` === head) &&
            (base === undefined || pull.baseRef === base),
        );
      if (sort === "updated") found.sort((one, two) => one.updatedAt - two.updatedAt);
      if (direction === "desc") found.reverse();
      const { items, headers } = paged(call, found);
      return { status: 200, body: items.map((pull) => pullJson(site, pull)), headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    permissions: "pull_requests=read",
    media: ["diff"],
    async handle(site, call) {
      const pull = pullOf(site, call.params["pull_number"]!);
      if (call.media !== "diff") return { status: 200, body: await fullJson(site, pull) };
      return { status: 200, body: await diffText(site.git, await forkOf(site, pull), pull.headSha) };
    },
  },
  {
    key: "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
    permissions: "pull_requests=write",
    handle: async (site, call) => ({ status: 200, body: await fullJson(site, await changePull(site, call)) }),
  },
  {
    key: "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
    permissions: "pull_requests=read",
    async handle(site, call) {
      const pull = pullOf(site, call.params["pull_number"]!);
      const files = await diffFiles(site.git, await forkOf(site, pull), pull.headSha);
      const { items, headers } = paged(call, files.slice(0, 3000));
      return { status: 200, body: items.map((file) => fileJson(site, file, pull.headSha)), headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits",
    permissions: "pull_requests=read",
    async handle(site, call) {
      const pull = pullOf(site, call.params["pull_number"]!);
      const shas = await revisions(site.git, ["--reverse", `${await forkOf(site, pull)}..${pull.headSha}`]);
      const { items, headers } = paged(call, shas.slice(0, 250));
      const commits = await Promise.all(items.map((sha) => readCommit(site.git, sha)));
      return { status: 200, body: commits.map((commit) => commitJson(site, commit!)), headers };
    },
  },
  {
    key: "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
    permissions: "contents=write",
    async handle(site, call) {
      const sha = await mergeNow(site, call);
      return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    permissions: "pull_requests=read",
    async handle(site, call) {
      const { items, headers } = paged(call, await pullsOfCommit(site, call.params["commit_sha"]!));
      return { status: 200, body: items.map((pull) => pullJson(site, pull)), headers };
    },
  },
];
