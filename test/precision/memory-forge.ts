import type {
  WatchRecord,
  Forge,
  CheckRun,
  Commit,
  Comparison,
  Issue,
  PullRequest,
  WatchStatus,
} from "../../src/ports.ts";
import type { World } from "./world.ts";

type Kept<T> = { -readonly [Key in keyof T]: T[Key] };

/** GitHub in memory: one repository with a straight history, as far as a gate of these worlds uses it. */
export function memoryForge(
  world: World,
  { now, onPull }: { readonly now: () => number; readonly onPull: () => void },
): Forge {
  const { commits } = world;
  const runs: Kept<CheckRun & { readonly sha: string; readonly name: string }>[] = [];
  const statuses = new Map<string, Awaited<ReturnType<Forge["status"]>>>();
  const watches: Kept<WatchRecord>[] = [];
  const watchStatuses = new Map<number, (WatchStatus & { readonly id: number })[]>();
  const issues: Kept<Issue>[] = [];
  const pulls: PullRequest[] = [];
  const branches = new Map<string, string>();
  const made = new Map<string, Commit>();
  let ids = 0;
  const nextId = (): number => (ids += 1);
  const WEB = "https://github.com/acme/shop";

  const headIndex = (): number => commits.findLastIndex(({ at }) => at <= now());
  const indexOf = (ref: string): number =>
    ref === "main" ? headIndex() : commits.findIndex(({ sha }) => sha === ref);
  const shaAt = (index: number): string => commits[index]?.sha ?? "";
  const commitAt = (index: number): Commit => ({
    sha: shaAt(index),
    tree: `tree-${shaAt(index)}`,
    parents: index === 0 ? [] : [shaAt(index - 1)],
    message: `Change ${String(index)}`,
    committedAt: commits[index]?.at ?? 0,
  });
  const paths = ["app.py", ".github/deploy-gate.yml", ...Object.keys(world.files)];
  const decorations = async (): Promise<readonly string[]> => [];
  const nothing = async (): Promise<void> => undefined;

  const known: Partial<Forge> = {
    owner: "acme",
    repo: "shop",
    webUrl: WEB,
    hasPrToken: false,
    async commit(ref) {
      const index = indexOf(ref);
      return index < 0 ? made.get(ref) : commitAt(index);
    },
    async file(path) {
      return path === ".github/deploy-gate.yml" ? world.config : world.files[path];
    },
    async compare(base, head): Promise<Comparison | undefined> {
      const [from, to] = [indexOf(base), indexOf(head)];
      if (from < 0 || to < 0) return undefined;
      const relation = from === to ? "identical" : from < to ? "ahead" : "behind";
      const between = commits.slice(from + 1, to + 1).map((_sha, index) => commitAt(from + 1 + index));
      const files = from < to ? [{ path: "app.py", status: "modified" }] : [];
      return {
        relation,
        mergeBase: shaAt(Math.min(from, to)),
        commits: between,
        commitsCut: false,
        files,
        filesCut: false,
      };
    },
    tree: async () => ({ paths, cut: false }),
    async folder(tree) {
      const [, inside = ""] = tree.split(":");
      const below = paths.filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length));
      return [...new Set(below.map((path) => path.replace(/\/.*/, "/")))].map((name) =>
        name.endsWith("/")
          ? { name: name.slice(0, -1), type: "tree", mode: "040000", sha: `tree-x:${inside}${name}` }
          : { name, type: "blob", mode: "100644", sha: `blob-${inside}${name}` },
      );
    },
    branchHead: async (branch) => (branch === "main" ? shaAt(headIndex()) : branches.get(branch)),
    branchRules: async () => ({ types: [], requiredChecks: [] }),

    findCheckRun: async (sha, name, externalId) =>
      runs.findLast((one) => one.sha === sha && one.name === name && one.externalId === externalId),
    async createCheckRun({ sha, name, externalId, output }) {
      const id = nextId();
      const url = `${WEB}/runs/${String(id)}`;
      const run = {
        id,
        sha,
        name,
        externalId,
        url,
        status: "in_progress",
        text: "",
        annotationsCount: 0,
        ...output,
      };
      runs.push(run);
      return { ...run };
    },
    async updateCheckRun(id, { conclusion, output }) {
      const run = runs.find((one) => one.id === id);
      if (run === undefined) throw new Error(`no check run ${String(id)}`);
      Object.assign(run, output, { status: conclusion === undefined ? "in_progress" : "completed" });
      if (conclusion === undefined) delete run.conclusion;
      else run.conclusion = conclusion;
    },
    annotations: async () => [],
    async setStatus(sha, { context, ...status }) {
      statuses.set(`${sha} ${context}`, { ...status, at: now() });
    },
    status: async (sha, context) => statuses.get(`${sha} ${context}`),

    async openWatch({ sha, payload }) {
      const record = { id: nextId(), sha, payload, createdAt: now(), isDeep: false };
      watches.push(record);
      return record;
    },
    async setWatch(id, { state, description }) {
      const isClosed =
        state === "success" || state === "failure" || state === "error" || state === "inactive";
      const status = { id: nextId(), description, at: now(), ...(isClosed ? { closed: state } : {}) };
      watchStatuses.set(id, [...(watchStatuses.get(id) ?? []), status]);
      const record = watches.find((one) => one.id === id);
      if (record !== undefined) record.status = status;
    },
    watchStatuses: async (id) => watchStatuses.get(id) ?? [],
    watches: async () => ({
      open: watches.filter(({ status }) => status?.closed === undefined).toReversed(),
      cut: false,
    }),
    watchesOf: async (sha, isWanted) =>
      watches.filter((one) => one.sha === sha && one.status?.closed === undefined && isWanted(one.payload)),

    createTree: async () => `tree-${String(nextId())}`,
    async createCommit({ message, tree, parents }) {
      const sha = String(nextId()).padStart(40, "d");
      made.set(sha, { sha, tree, parents, message, committedAt: now() });
      return sha;
    },
    async createBranch(branch, sha) {
      if (branches.has(branch)) return "exists";
      branches.set(branch, sha);
      return "created";
    },
    branchesStartingWith: async (prefix) => [...branches.keys()].filter((one) => one.startsWith(prefix)),
    moveBranch: async (branch, sha) => void branches.set(branch, sha),
    deleteBranch: async (branch) => void branches.delete(branch),
    async merge(_branch, _head, message) {
      const sha = await known.createCommit?.({ message, tree: `tree-${String(nextId())}`, parents: [] });
      return { kind: "merged", sha: sha ?? "", tree: `tree-${String(nextId())}` };
    },

    pullsOfCommit: async () => [],
    pull: async (number) => pulls.find((one) => one.number === number),
    pullsSince: async () => ({ pulls, cut: false }),
    pullsFrom: async (branch) => pulls.filter(({ headRef }) => headRef === branch),
    async createPull({ title, body, head, base, draft }) {
      onPull();
      const number = nextId();
      const pull: PullRequest = {
        number,
        nodeId: `PR_${String(number)}`,
        url: `${WEB}/pull/${String(number)}`,
        title,
        body,
        state: "open",
        merged: false,
        draft,
        labels: [],
        headRef: head,
        headSha: branches.get(head) ?? "",
        baseRef: base,
        author: "github-actions[bot]",
        createdAt: now(),
      };
      pulls.push(pull);
      return pull;
    },
    updatePull: nothing,
    comment: nothing,
    commentOnCommit: nothing,
    commentsOf: async () => [],
    permissionOf: async () => "none",
    decorate: decorations,
    enableAutoMerge: async () => ({ kind: "refused", reason: "auto-merge is off" }),
    openWithLabel: async () => [],

    issue: async (number) => issues.find((one) => one.number === number),
    issuesWithLabel: async (label) => issues.filter(({ labels }) => labels.includes(label)).toReversed(),
    async createIssue({ title, body, labels }) {
      const number = nextId();
      const issue: Issue = {
        number,
        url: `${WEB}/issues/${String(number)}`,
        title,
        body,
        state: "open",
        labels,
        assignees: [],
      };
      issues.push(issue);
      return issue;
    },
    async updateIssue(number, change) {
      const issue = issues.find((one) => one.number === number);
      if (issue !== undefined) Object.assign(issue, change);
    },
    commentIssue: nothing,
    decorateIssue: decorations,
  };
  return new Proxy(known as Forge, {
    get(forge, name) {
      if (name in forge || typeof name === "symbol") return forge[name as keyof Forge];
      throw new Error(`this GitHub has no "${name}"`);
    },
  });
}
