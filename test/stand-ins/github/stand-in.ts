import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { branchHead, syncPulls } from "./branches.ts";
import { diffText } from "./differences.ts";
import { createFaults, type ActiveFault } from "../fault-list.ts";
import type { Fault } from "./faults.ts";
import { addLabels } from "./issues.ts";
import type { MergeMethod } from "./landing.ts";
import { landPull } from "./landing.ts";
import { createLimits } from "./limits.ts";
import { createGit } from "./objects.ts";
import { createPull } from "./pulls.ts";
import type { StoredCommit } from "./repository.ts";
import {
  EMPTY_TREE,
  listRefs,
  readCommit,
  readFileAt,
  resolveCommit,
  revisions,
  updateRef,
  walkTree,
  writeCommit,
  writeTree,
} from "./repository.ts";
import type { Desk, SeenRequest } from "./server.ts";
import { createApiServer } from "./server.ts";
import { personOf } from "./shapes.ts";
import type {
  CheckRunRecord,
  CommentRecord,
  DeploymentRecord,
  DispatchRecord,
  IssueRecord,
  PullRecord,
  Settings,
  Site,
  StatusRecord,
} from "./site.ts";
import { isPull, issueOf, pullOf } from "./site.ts";
import type { Token, TokenOptions } from "./tokens.ts";
import { ACTIONS_PERMISSIONS, createToken } from "./tokens.ts";

export interface GitHubStandInOptions {
  /** Milliseconds since the epoch; the machine's clock by default. */
  readonly now?: () => number;
  readonly owner?: string;
  readonly repo?: string;
  readonly defaultBranch?: string;
  /** Of the API: `""`, or what ends with `/api/v3`. */
  readonly basePath?: string;
  /** Of the pages, without a slash at its end. */
  readonly serverUrl?: string;
}

export interface NewCommit {
  /** The default branch unless named; it is made when it is not there. */
  readonly branch?: string;
  /** `null` removes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message: string;
  /** The branch's head by default; of a new branch, the default branch's. The first parent's files are the base. */
  readonly parents?: readonly string[];
  /** Time of the commit, ms. */
  readonly at?: number;
  readonly user?: string;
}

export interface NewPull {
  readonly head: string;
  readonly base?: string;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  /** A login; names ending with `[bot]` are apps. */
  readonly user?: string;
  readonly draft?: boolean;
}

/** See README.md beside this file. */
export interface GitHubStandIn {
  readonly url: string;
  readonly serverUrl: string;
  readonly webUrl: string;
  readonly gitDir: string;
  readonly owner: string;
  readonly repo: string;
  readonly defaultBranch: string;
  readonly actionsToken: string;
  readonly settings: Settings;
  readonly requests: readonly SeenRequest[];
  readonly violations: string[];
  /** TCP connections so far. */
  connections(): number;
  readonly checkRuns: readonly CheckRunRecord[];
  readonly statuses: readonly StatusRecord[];
  readonly deployments: readonly DeploymentRecord[];
  readonly comments: readonly CommentRecord[];
  readonly dispatches: readonly DispatchRecord[];
  readonly pulls: readonly PullRecord[];
  readonly issues: readonly IssueRecord[];
  token(name: string, options: TokenOptions): string;
  fault(fault: Fault): ActiveFault;
  /** Plans a step for a time, ms. */
  at(time: number, step: () => void | Promise<void>): void;
  /** Runs the steps whose time has come, in their order. */
  settle(): Promise<void>;
  commit(commit: NewCommit): Promise<string>;
  /** Sha of the branch's head; undefined when there is no such branch. */
  head(branch?: string): Promise<string | undefined>;
  /** Names of all branches. */
  branches(): Promise<readonly string[]>;
  fileAt(ref: string, path: string): Promise<string | undefined>;
  /** Path to blob sha, of all files. */
  tree(ref: string): Promise<Readonly<Record<string, string>>>;
  treeOf(ref: string): Promise<string>;
  /** Newest first. */
  log(ref: string): Promise<readonly StoredCommit[]>;
  diff(from: string, to: string): Promise<string>;
  openPull(pull: NewPull): Promise<PullRecord>;
  /** Gives the new head of the base branch. Rules of the branch are not asked. */
  mergePull(number: number, method: MergeMethod): Promise<string>;
  /** Opens a plain issue, as `ada`. */
  openIssue(issue: { readonly title: string; readonly labels?: readonly string[] }): IssueRecord;
  /** Somebody, `ada` unless named, comments on an issue or a pull request; names ending with `[bot]` are apps. Gives the id. */
  say(number: number, body: string, user?: string): number;
  close(): Promise<void>;
}

function defaultSettings(owner: string): Settings {
  return {
    private: true,
    allowActionsPullRequests: true,
    allowAutoMerge: true,
    hasIssues: true,
    draftPulls: true,
    protectedPatterns: [],
    branchRules: {},
    noRulesAnswer: "clean",
    eventualConsistency: false,
    collaborators: { [owner]: "admin", ada: "write", grace: "write", linus: "read" },
    outsiders: ["mallory"],
    treeLimit: 100_000,
    rateLimit: 1000,
    secondaryLimits: true,
  };
}

/** Due steps in the order of their times, once each. */
function createAgenda(now: () => number): Pick<GitHubStandIn, "at" | "settle"> {
  const steps: { readonly time: number; readonly step: () => void | Promise<void> }[] = [];
  return {
    at(time, step) {
      steps.push({ time, step });
      steps.sort((one, two) => one.time - two.time);
    },
    async settle() {
      while (steps[0] && steps[0].time <= now()) await steps.shift()?.step();
    },
  };
}

async function commitFiles(site: Site, wish: NewCommit): Promise<string> {
  const branch = wish.branch ?? site.defaultBranch;
  const old = await branchHead(site, branch);
  const start = old ?? (await branchHead(site, site.defaultBranch));
  const parents = wish.parents ?? (start ? [start.sha] : []);
  const parent = parents[0] === undefined ? undefined : await readCommit(site.git, parents[0]);
  if (parents.length > 0 && !parent) throw new Error(`no commit ${parents[0]}`);
  const changes = await Promise.all(
    Object.entries(wish.files).map(async ([path, text]) => ({
      path,
      mode: "100644",
      sha: text === null ? null : await site.git.write("blob", Buffer.from(text)),
    })),
  );
  const tree = await writeTree(site.git, parent?.tree ?? EMPTY_TREE, changes);
  const person = personOf({ login: wish.user ?? "ada", type: "User" }, wish.at ?? site.now());
  const sha = await writeCommit(site.git, {
    tree,
    parents,
    author: person,
    committer: person,
    message: wish.message,
  });
  if (!(await updateRef(site.git, `refs/heads/${branch}`, { to: sha, from: old?.sha }))) {
    throw new Error(`branch ${branch} cannot be written`);
  }
  await syncPulls(site);
  return sha;
}

async function found(site: Site, ref: string): Promise<StoredCommit> {
  const commit = await resolveCommit(site.git, ref);
  if (!commit) throw new Error(`no commit ${ref}`);
  return commit;
}

/** What tests ask of the repository, and do to it behind the API's back. */
function gitSide(
  site: Site,
): Pick<
  GitHubStandIn,
  "commit" | "head" | "branches" | "fileAt" | "tree" | "treeOf" | "log" | "diff" | "openPull" | "mergePull"
> {
  return {
    commit: (wish) => commitFiles(site, wish),
    head: async (branch = site.defaultBranch) => (await branchHead(site, branch))?.sha,
    branches: async () =>
      (await listRefs(site.git)).flatMap(({ ref }) =>
        ref.startsWith("refs/heads/") ? [ref.slice("refs/heads/".length)] : [],
      ),
    async fileAt(ref, path) {
      const entry = await readFileAt(site.git, (await found(site, ref)).tree, path);
      return entry?.type === "blob" ? (await site.git.read(entry.sha))?.content.toString("utf8") : undefined;
    },
    async tree(ref) {
      const entries = await walkTree(site.git, { tree: (await found(site, ref)).tree });
      return Object.fromEntries(entries.map((entry) => [entry.path, entry.sha]));
    },
    treeOf: async (ref) => (await found(site, ref)).tree,
    async log(ref) {
      const shas = await revisions(site.git, ["--topo-order", (await found(site, ref)).sha]);
      return Promise.all(shas.map((sha) => found(site, sha)));
    },
    diff: async (from, to) => diffText(site.git, (await found(site, from)).sha, (await found(site, to)).sha),
    async openPull(wish) {
      const login = wish.user ?? "ada";
      const pull = await createPull(site, {
        title: wish.title,
        body: wish.body ?? null,
        head: wish.head,
        base: wish.base ?? site.defaultBranch,
        draft: wish.draft ?? false,
        user: { login, type: login.endsWith("[bot]") ? "Bot" : "User" },
      });
      addLabels(site, pull, wish.labels ?? []);
      return pull;
    },
    mergePull: (number, method) =>
      landPull(site, pullOf(site, number), { method, by: { login: site.owner, type: "User" } }),
  };
}

function openIssue(
  site: Site,
  wish: { readonly title: string; readonly labels?: readonly string[] },
): IssueRecord {
  const now = site.now();
  const issue: IssueRecord = {
    number: site.issues.length + 1,
    title: wish.title,
    body: null,
    state: "open",
    user: { login: "ada", type: "User" },
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    unsettled: 0,
  };
  addLabels(site, issue, wish.labels ?? []);
  site.issues.push(issue);
  return issue;
}

/** Starts a stand-in on a free port of 127.0.0.1 with an empty repository in a temporary folder. */
export async function startGitHubStandIn(options: GitHubStandInOptions = {}): Promise<GitHubStandIn> {
  const { now = Date.now, owner = "acme", repo = "shop", defaultBranch = "main", basePath = "" } = options;
  const { serverUrl = "https://github.example" } = options;
  const gitDir = await mkdtemp(join(tmpdir(), "github-stand-in-"));
  const git = await createGit(gitDir, defaultBranch);
  let id = 1000;
  const site: Site = {
    owner,
    repo,
    defaultBranch,
    apiUrl: "",
    serverUrl,
    webUrl: `${serverUrl}/${owner}/${repo}`,
    git,
    settings: defaultSettings(owner),
    now,
    nextId: () => (id += 1),
    checkRuns: [],
    statuses: [],
    deployments: [],
    comments: [],
    issues: [],
    labels: new Map(),
    dispatches: [],
    verified: new Set(),
    violations: [],
  };
  const tokens = new Map<string, Token>();
  const token: GitHubStandIn["token"] = (name, given) => {
    const made = createToken(name, given);
    tokens.set(made.secret, made);
    return made.secret;
  };
  const faults = createFaults<Fault>();
  const agenda = createAgenda(now);
  const requests: SeenRequest[] = [];
  const desk: Desk = {
    site,
    tokens,
    limits: createLimits(site),
    faults,
    basePath,
    requests,
    settle: agenda.settle,
  };
  const server = createApiServer(desk);
  // GitHub keeps quiet connections for a minute and more, and says no number.
  server.keepAliveTimeout = 0;
  let connections = 0;
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  site.apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`;
  return {
    url: site.apiUrl,
    serverUrl,
    webUrl: site.webUrl,
    gitDir,
    owner,
    repo,
    defaultBranch,
    actionsToken: token("actions", { kind: "actions", permissions: ACTIONS_PERMISSIONS }),
    settings: site.settings,
    requests,
    violations: site.violations,
    connections: () => connections,
    checkRuns: site.checkRuns,
    statuses: site.statuses,
    deployments: site.deployments,
    comments: site.comments,
    dispatches: site.dispatches,
    issues: site.issues,
    get pulls() {
      return site.issues.filter(isPull);
    },
    token,
    fault: (fault) => faults.add(fault),
    ...agenda,
    ...gitSide(site),
    openIssue: (wish) => openIssue(site, wish),
    say(number, body, login = "ada") {
      const id = site.nextId();
      const user = { login, type: login.endsWith("[bot]") ? "Bot" : "User" } as const;
      const { number: at } = issueOf(site, number);
      site.comments.push({ id, number: at, body, user, createdAt: now(), updatedAt: now() });
      return id;
    },
    async close() {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeAllConnections();
      await closed;
      await git.close();
      await rm(gitDir, { recursive: true, force: true });
    },
  };
}
