import type { FileDifference, Person, StoredCommit } from "./repository.ts";
import type { IssueRecord, Site, User } from "./site.ts";
import { iso } from "./site.ts";
import { numberOf } from "./tokens.ts";

type Json = Readonly<Record<string, unknown>>;

/** What GitHub signs with, and whom it names as committer. */
export const GITHUB: Omit<Person, "seconds"> = { name: "GitHub", email: "noreply@github.com" };

/** Opaque ids of GraphQL; the kind of the thing comes first. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_kwDO${Buffer.from(String(id)).toString("base64url")}`;
}

/** A commit's author for one of our users. */
export function personOf(user: User, ms: number): Person {
  return {
    name: user.login,
    email: `${numberOf(user.login)}+${user.login}@users.noreply.github.com`,
    seconds: Math.floor(ms / 1000),
  };
}

export function userJson(site: Site, { login, type }: User): Json {
  const path = type === "Bot" ? `apps/${login.replace("[bot]", "")}` : login;
  const url = `${site.apiUrl}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id: numberOf(login),
    node_id: nodeId(type === "Bot" ? "BOT" : "U", numberOf(login)),
    avatar_url: `${site.serverUrl}/avatars/${numberOf(login)}`,
    gravatar_id: "",
    url,
    html_url: `${site.serverUrl}/${path}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

const REPOSITORY_URLS: Readonly<Record<string, string>> = {
  archive: "/{archive_format}{/ref}",
  assignees: "/assignees{/user}",
  blobs: "/git/blobs{/sha}",
  branches: "/branches{/branch}",
  collaborators: "/collaborators{/collaborator}",
  comments: "/comments{/number}",
  commits: "/commits{/sha}",
  compare: "/compare/{base}...{head}",
  contents: "/contents/{+path}",
  contributors: "/contributors",
  deployments: "/deployments",
  downloads: "/downloads",
  events: "/events",
  forks: "/forks",
  git_commits: "/git/commits{/sha}",
  git_refs: "/git/refs{/sha}",
  git_tags: "/git/tags{/sha}",
  hooks: "/hooks",
  issue_comment: "/issues/comments{/number}",
  issue_events: "/issues/events{/number}",
  issues: "/issues{/number}",
  keys: "/keys{/key_id}",
  labels: "/labels{/name}",
  languages: "/languages",
  merges: "/merges",
  milestones: "/milestones{/number}",
  notifications: "/notifications{?since,all,participating}",
  pulls: "/pulls{/number}",
  releases: "/releases{/id}",
  stargazers: "/stargazers",
  statuses: "/statuses/{sha}",
  subscribers: "/subscribers",
  subscription: "/subscription",
  tags: "/tags",
  teams: "/teams",
  trees: "/git/trees{/sha}",
};

const BORN = "2024-01-01T00:00:00Z";

/** Address of something below the repository. */
export function repoUrl(site: Site, path = ""): string {
  return `${site.apiUrl}/repos/${site.owner}/${site.repo}${path}`;
}

export function repositoryJson(site: Site): Json {
  const name = `${site.owner}/${site.repo}`;
  const open = site.issues.filter((issue) => issue.state === "open").length;
  const urls = Object.entries(REPOSITORY_URLS).map(([key, path]) => [`${key}_url`, repoUrl(site, path)]);
  return {
    ...Object.fromEntries(urls),
    id: numberOf(name),
    node_id: nodeId("R", numberOf(name)),
    name: site.repo,
    full_name: name,
    owner: userJson(site, { login: site.owner, type: "User" }),
    private: site.settings.private,
    visibility: site.settings.private ? "private" : "public",
    html_url: site.webUrl,
    description: null,
    fork: false,
    url: repoUrl(site),
    git_url: `git://${new URL(site.serverUrl).host}/${name}.git`,
    ssh_url: `git@${new URL(site.serverUrl).host}:${name}.git`,
    clone_url: `${site.webUrl}.git`,
    svn_url: site.webUrl,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 1,
    default_branch: site.defaultBranch,
    open_issues_count: open,
    has_issues: site.settings.hasIssues,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_downloads: false,
    archived: false,
    disabled: false,
    pushed_at: iso(site.now()),
    created_at: BORN,
    updated_at: BORN,
    subscribers_count: 0,
    network_count: 0,
    license: null,
    forks: 0,
    open_issues: open,
    watchers: 0,
  };
}

/** The app that made a check run. */
export function appJson(site: Site, app: { readonly id: number; readonly slug: string }): Json {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    client_id: `Iv1.${app.id}`,
    owner: userJson(site, { login: app.slug === "github-actions" ? "github" : site.owner, type: "User" }),
    name: app.slug === "github-actions" ? "GitHub Actions" : app.slug,
    description: null,
    external_url: `${site.serverUrl}/apps/${app.slug}`,
    html_url: `${site.serverUrl}/apps/${app.slug}`,
    created_at: BORN,
    updated_at: BORN,
    permissions: { metadata: "read" },
    events: [],
  };
}

export function labelJson(site: Site, name: string): Json {
  const label = site.labels.get(name.toLowerCase());
  return {
    id: label?.id ?? 0,
    node_id: nodeId("LA", label?.id ?? 0),
    url: repoUrl(site, `/labels/${encodeURIComponent(name)}`),
    name,
    description: label?.description ?? null,
    color: label?.color ?? "ededed",
    default: false,
  };
}

export function labelsJson(site: Site, issue: IssueRecord): readonly Json[] {
  return issue.labels.map((name) => labelJson(site, name));
}

function dated(person: Person): Json {
  return { name: person.name, email: person.email, date: iso(person.seconds * 1000) };
}

function verificationJson(site: Site, commit: StoredCommit): Json {
  return site.verified.has(commit.sha)
    ? {
        verified: true,
        reason: "valid",
        signature: "-----BEGIN PGP SIGNATURE-----\n\nstand-in\n-----END PGP SIGNATURE-----\n",
        payload: `tree ${commit.tree}\n`,
        verified_at: iso(commit.committer.seconds * 1000),
      }
    : { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
}

function parentsJson(site: Site, commit: StoredCommit, path: string): readonly Json[] {
  return commit.parents.map((sha) => ({
    sha,
    url: repoUrl(site, `${path}/${sha}`),
    html_url: `${site.webUrl}/commit/${sha}`,
  }));
}

/** As the git data API gives it. */
export function gitCommitJson(site: Site, commit: StoredCommit): Json {
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    url: repoUrl(site, `/git/commits/${commit.sha}`),
    html_url: `${site.webUrl}/commit/${commit.sha}`,
    author: dated(commit.author),
    committer: dated(commit.committer),
    tree: { sha: commit.tree, url: repoUrl(site, `/git/trees/${commit.tree}`) },
    message: commit.message,
    parents: parentsJson(site, commit, "/git/commits"),
    verification: verificationJson(site, commit),
  };
}

/** GitHub links a commit to a user by the address; we know those of our own making. */
function userOfPerson(site: Site, person: Person): Json | null {
  const login = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(person.email)?.[1];
  if (person.email === GITHUB.email) return userJson(site, { login: "web-flow", type: "User" });
  return login === undefined
    ? null
    : userJson(site, { login, type: login.endsWith("[bot]") ? "Bot" : "User" });
}

/** As `GET commits/{ref}` gives it, without files. */
export function commitJson(site: Site, commit: StoredCommit): Json {
  const url = repoUrl(site, `/commits/${commit.sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    url,
    html_url: `${site.webUrl}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: repoUrl(site, `/git/commits/${commit.sha}`),
      author: dated(commit.author),
      committer: dated(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: repoUrl(site, `/git/trees/${commit.tree}`) },
      comment_count: site.comments.filter((comment) => comment.sha === commit.sha).length,
      verification: verificationJson(site, commit),
    },
    author: userOfPerson(site, commit.author),
    committer: userOfPerson(site, commit.committer),
    parents: parentsJson(site, commit, "/commits"),
  };
}

export function fileJson(site: Site, file: FileDifference, commit: string): Json {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${site.webUrl}/blob/${commit}/${path}`,
    raw_url: `${site.webUrl}/raw/${commit}/${path}`,
    contents_url: repoUrl(site, `/contents/${path}?ref=${commit}`),
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previousPath !== undefined && { previous_filename: file.previousPath }),
  };
}
