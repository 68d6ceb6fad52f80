import type { Deploy, Instance } from "./core/deploy.ts";
import type { Annotation } from "./core/annotation.ts";
import type { ServiceVariables } from "./core/env-sample.ts";
import type { RenderEvent } from "./core/event.ts";
import type { HttpAnswer } from "./core/http-sample.ts";
import type { RangeCommit } from "./core/revert-plan.ts";
import type { LogLine } from "./core/log-line.ts";
import type { MetricKind, MetricSeries } from "./core/metric-series.ts";
import type { AutoDeploySetting, Service } from "./core/service.ts";
import type { Subjects } from "./core/value.ts";
import type { WatchEnd, WatchEntry } from "./core/watch-entry.ts";

/** Time, in ms since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Render's services, deploys, instances and events. Every call retries what is worth retrying inside one
 * overall limit and throws ServiceProblem when that is used up; a 404 of `service` or `deploy` is `undefined`.
 */
export interface Deploys {
  /** All services with exactly this name that the key can see; previews left out. */
  servicesNamed(name: string): Promise<readonly Service[]>;
  /** `isOnce`: without a repeat, so that silence says how the network is at this very time. */
  service(serviceId: string, how?: { readonly isOnce?: boolean }): Promise<Service | undefined>;
  /** All services of a workspace, previews left out. */
  servicesOf(ownerId: string): Promise<readonly Service[]>;
  /** Verified custom domains, in Render's order. */
  customDomains(serviceId: string): Promise<readonly string[]>;
  /**
   * Deploys, newest first (sorted here, Render promises no order). `createdAfter` in ms. With `allPages`
   * every page is read, else the first 20 deploys.
   */
  deploys(
    serviceId: string,
    query: { readonly createdAfter?: number; readonly allPages?: boolean },
  ): Promise<readonly Deploy[]>;
  deploy(serviceId: string, deployId: string): Promise<Deploy | undefined>;
  /** Asks for a deploy of the commit; `undefined` when Render only queued it (202 without a body). Never retried after the request may have arrived. */
  trigger(serviceId: string, commit: string): Promise<Deploy | undefined>;
  /** Puts an earlier deploy back as a new one. Never retried after the request may have arrived. */
  rollback(serviceId: string, deployId: string): Promise<Deploy>;
  /** Sets auto-deploy, and gives the service as Render has it then. */
  setAutoDeploy(serviceId: string, setting: AutoDeploySetting): Promise<Service>;
  instances(serviceId: string): Promise<readonly Instance[]>;
  /** Events in [from, to], oldest first, filtered again here. */
  events(
    serviceId: string,
    query: { readonly from: number; readonly to: number; readonly types?: readonly string[] },
  ): Promise<readonly RenderEvent[]>;
}

export interface LogQuery {
  readonly ownerId: string;
  readonly serviceId: string;
  readonly from: number;
  readonly to: number;
  readonly types?: readonly string[];
  readonly levels?: readonly string[];
  /** ORed by Render: plain text with `*` wildcards, or `/…/` for RE2. */
  readonly texts?: readonly string[];
  readonly instances?: readonly string[];
  /** Stop after so many lines. */
  readonly maxLines: number;
  /** `backward` reads the newest first. The result is oldest first either way. */
  readonly direction?: "forward" | "backward";
  /** Gives up at once when it aborts. */
  readonly signal?: AbortSignal;
}

/** Render's logs. Reads share the budget of ten calls a minute. */
export interface Logs {
  /** Every page of the window, oldest first, each line once. `complete` is false when `maxLines` stopped it. */
  read(query: LogQuery): Promise<{ readonly lines: readonly LogLine[]; readonly complete: boolean }>;
  /**
   * The live stream. Reconnects with back-off until the signal aborts; never throws.
   * `onDown` says since when (ms) lines may be missing, at every loss and when it cannot be opened at all;
   * `onUp` comes with every (re)opening.
   */
  follow(options: {
    readonly ownerId: string;
    readonly serviceId: string;
    readonly signal: AbortSignal;
    readonly onLine: (line: LogLine) => void;
    readonly onUp: (at: number) => void;
    readonly onDown: (since: number, reason: string) => void;
  }): void;
}

export interface MetricQuery {
  readonly metric: MetricKind;
  /** Of a service or a database. */
  readonly resourceId: string;
  readonly from: number;
  readonly to: number;
  /** 30 s or more. */
  readonly stepMs: number;
  /** Of `http_latency`, 0 to 1. */
  readonly quantile?: number;
  /** Gives up at once when it aborts. */
  readonly signal?: AbortSignal;
}

/** A Postgres database of a workspace. */
export interface RenderDatabase {
  readonly id: string;
  readonly name: string;
  readonly region?: string;
}

/** Render's metrics. Throws ServiceProblem. */
export interface Metrics {
  /** Requests come apart by status code. Empty: no traffic, or not collected yet. */
  read(query: MetricQuery): Promise<readonly MetricSeries[]>;
  /** All databases of a workspace. */
  databases(ownerId: string): Promise<readonly RenderDatabase[]>;
}

/** The environment that is set for a service at Render. Its values are secrets that nobody may show. */
export interface ServiceEnv {
  /**
   * The service's own variables and those of the groups linked to it; its own win. Throws ServiceProblem, which
   * holds no value either.
   */
  read(service: { readonly id: string; readonly ownerId: string }): Promise<ServiceVariables>;
}

/** One request to the service under watch. Never throws, never retries, follows no redirect. */
export interface Prober {
  probe(request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
    /** Called once when half of the time is over and no answer has begun. */
    readonly onSlow?: () => void;
  }): Promise<HttpAnswer>;
}

/** One read-only statement. Throws ServiceProblem. */
export interface Database {
  query(request: {
    readonly url: string;
    readonly query: string;
    /** Values of `:since`, `:live_at`, `:sha`. Times in ms. */
    readonly bind: { readonly since: number; readonly liveAt: number; readonly sha: string };
    readonly timeoutMs: number;
    readonly maxRows: number;
  }): Promise<{ readonly rows: readonly Subjects[]; readonly cut: boolean }>;
  close(): Promise<void>;
}

export interface Commit extends RangeCommit {
  readonly tree: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: string;
}

/** `base...head`. */
export interface Comparison {
  /** `ahead`: head contains base; `behind`: base contains head. */
  readonly relation: "identical" | "ahead" | "behind" | "diverged";
  readonly mergeBase: string;
  /** Commits of head that base lacks, oldest first. */
  readonly commits: readonly Commit[];
  readonly commitsCut: boolean;
  readonly files: readonly ChangedFile[];
  /** GitHub lists 300 files at most. */
  readonly filesCut: boolean;
}

export interface CheckRun {
  readonly id: number;
  readonly url: string;
  readonly externalId: string;
  readonly status: string;
  readonly conclusion?: string;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotationsCount: number;
}

export interface CheckRunText {
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
}

export type Conclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required";
export type StatusState = "error" | "failure" | "pending" | "success";

export interface PullRequest {
  readonly number: number;
  readonly nodeId: string;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly author: string;
  /** ms. */
  readonly createdAt: number;
  readonly mergeCommit?: string;
}

/** One entry of a folder at a commit. */
export interface FolderEntry {
  readonly name: string;
  /** `blob`, `tree`, or `commit` for a submodule. */
  readonly type: string;
  /** As git writes it: `100644`, `120000`, … */
  readonly mode: string;
  readonly sha: string;
}

/** What becomes of one path; without `text` it goes. */
export interface TreeChange {
  readonly path: string;
  readonly mode: "100644" | "100755";
  readonly text?: string;
}

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** What a watch's deployment says of it. */
export interface WatchStatus {
  /** How it closed the watch, when it did. */
  readonly closed?: WatchEnd;
  readonly description: string;
  readonly url?: string;
  /** By GitHub's clock, ms. */
  readonly at: number;
}

/** A GitHub deployment of the gate's own environment and task: the index of one open watch. */
export interface WatchRecord {
  readonly id: number;
  readonly sha: string;
  /** As it came; whoever may write deployments may have written it. */
  readonly payload: unknown;
  readonly createdAt: number;
  /** So many newer ones stand before it that it is to be opened anew. */
  readonly isDeep: boolean;
  /** The newest one. */
  readonly status?: WatchStatus;
}

/** A comment of an issue or pull request. */
export interface IssueComment {
  readonly id: number;
  /** Login, untrusted text. */
  readonly author: string;
  /** `User`, `Bot`, … */
  readonly authorType: string;
  /** `MEMBER`, `NONE`, …: how GitHub shows the author, and nothing to trust anybody by. */
  readonly authorAssociation?: string;
  readonly body: string;
  /** ms; GitHub counts whole seconds. */
  readonly createdAt: number;
  readonly url: string;
}

/** What somebody may do in the repository. */
export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";

/**
 * GitHub, for one repository. Throws ServiceProblem with the status, the message and the accepted permissions;
 * reads of a single thing give `undefined` for 404. Checks, statuses and issues go with `github-token`,
 * refs, merges and pull requests with `pr-token`.
 */
export interface Forge {
  readonly owner: string;
  readonly repo: string;
  /** Such as `https://github.com/acme/shop`; for links. */
  readonly webUrl: string;
  /** Whether a `pr-token` of its own was given. */
  readonly hasPrToken: boolean;

  commit(ref: string): Promise<Commit | undefined>;
  file(path: string, ref: string): Promise<string | undefined>;
  compare(base: string, head: string): Promise<Comparison | undefined>;
  /** Paths of all blobs at a commit; `cut` when GitHub truncated the list. */
  tree(sha: string): Promise<{ readonly paths: readonly string[]; readonly cut: boolean }>;
  /** The entries of one tree, not of those below it. */
  folder(tree: string): Promise<readonly FolderEntry[]>;
  branchHead(branch: string): Promise<string | undefined>;
  /** Rules of the branch, as their types, with the contexts of `required_status_checks`. */
  branchRules(
    branch: string,
  ): Promise<{ readonly types: readonly string[]; readonly requiredChecks: readonly string[] }>;

  /** Latest check run of that name with that external id on the commit. */
  findCheckRun(sha: string, name: string, externalId: string): Promise<CheckRun | undefined>;
  createCheckRun(run: {
    readonly sha: string;
    readonly name: string;
    readonly externalId: string;
    readonly output: CheckRunText;
  }): Promise<CheckRun>;
  /** Annotations are appended, 50 a request. Without `conclusion` the run is (again) in progress. */
  updateCheckRun(
    id: number,
    change: {
      readonly conclusion?: Conclusion;
      readonly output: CheckRunText;
      readonly annotations?: readonly Annotation[];
    },
  ): Promise<void>;
  annotations(checkRunId: number): Promise<readonly Annotation[]>;

  setStatus(
    sha: string,
    status: {
      readonly state: StatusState;
      readonly context: string;
      readonly description: string;
      readonly url?: string;
    },
  ): Promise<void>;
  /** The newest status of that context. */
  status(
    sha: string,
    context: string,
  ): Promise<
    | {
        readonly state: StatusState;
        readonly description: string;
        readonly url?: string;
        /** When it was written, ms. */
        readonly at?: number;
      }
    | undefined
  >;

  /** Opens the index entry of a watch: a deployment that merges nothing and waits for nothing. */
  openWatch(watch: {
    readonly sha: string;
    readonly payload: WatchEntry;
    readonly description: string;
  }): Promise<WatchRecord>;
  /** One more status of it. */
  setWatch(
    id: number,
    status: {
      readonly state: "queued" | "in_progress" | "pending" | WatchEnd;
      readonly description: string;
      readonly url?: string;
    },
  ): Promise<void>;
  /** Its newest hundred statuses; ids rise with time. */
  watchStatuses(id: number): Promise<readonly (WatchStatus & { readonly id: number })[]>;
  /** Every open one, newest first. `cut`: there may be more behind those that were read. */
  watches(): Promise<{ readonly open: readonly WatchRecord[]; readonly cut: boolean }>;
  /** The open ones of a commit whose payload is wanted. */
  watchesOf(sha: string, isWanted: (payload: unknown) => boolean): Promise<readonly WatchRecord[]>;

  /** A tree with some files changed; their texts go as they are. Gives the sha. */
  createTree(base: string, changes: readonly TreeChange[]): Promise<string>;
  /** Objects without author or committer, so that GitHub signs them. Gives the sha. */
  createCommit(commit: {
    readonly message: string;
    readonly tree: string;
    readonly parents: readonly string[];
  }): Promise<string>;
  /** `exists` when the name is taken: the mutex between parallel gates. */
  createBranch(branch: string, sha: string): Promise<"created" | "exists">;
  /** Names of the branches that start so. */
  branchesStartingWith(prefix: string): Promise<readonly string[]>;
  moveBranch(branch: string, sha: string): Promise<void>;
  deleteBranch(branch: string): Promise<void>;
  /** Server-side three-way merge into a branch. */
  merge(
    branch: string,
    head: string,
    message: string,
  ): Promise<
    | { readonly kind: "merged"; readonly sha: string; readonly tree: string }
    | { readonly kind: "nothing" }
    | { readonly kind: "conflict" }
  >;

  pullsOfCommit(sha: string): Promise<readonly PullRequest[]>;
  pull(number: number): Promise<PullRequest | undefined>;
  /** Pull requests of any state that were opened after `since` (ms); `cut` when there are more than GitHub was asked for. */
  pullsSince(since: number): Promise<{ readonly pulls: readonly PullRequest[]; readonly cut: boolean }>;
  /** Pull requests of any state whose head is that branch of this repository, newest first. */
  pullsFrom(branch: string): Promise<readonly PullRequest[]>;
  createPull(pull: {
    readonly title: string;
    readonly body: string;
    readonly head: string;
    readonly base: string;
    readonly draft: boolean;
  }): Promise<PullRequest>;
  updatePull(number: number, change: { readonly body?: string; readonly title?: string }): Promise<void>;
  /** A first line that is an HTML comment marks it: an earlier comment with the same one is replaced. */
  comment(number: number, body: string): Promise<void>;
  /** On the commit itself; one with the same body that is there already is not doubled. */
  commentOnCommit(sha: string, body: string): Promise<void>;
  /** Comments in the order in which they were written: those changed since then (ms), with greater ids. None where there is no such issue. */
  commentsOf(
    number: number,
    those: { readonly since?: number; readonly afterId?: number },
  ): Promise<readonly IssueComment[]>;
  /** Asked once per login; `none` for somebody whom GitHub does not know. */
  permissionOf(login: string): Promise<Permission>;
  /** Best effort, each with retries for eventual consistency; gives one sentence per thing that did not work. */
  decorate(
    number: number,
    wishes: {
      readonly labels: readonly string[];
      readonly assignees: readonly string[];
      readonly reviewers: readonly string[];
    },
  ): Promise<readonly string[]>;
  /** `enabled`, or GitHub's refusal in one sentence. */
  enableAutoMerge(
    pull: PullRequest,
  ): Promise<{ readonly kind: "enabled" } | { readonly kind: "refused"; readonly reason: string }>;
  /** Open issues and pull requests that carry the label. */
  openWithLabel(label: string): Promise<readonly { readonly number: number; readonly url: string }[]>;

  issue(number: number): Promise<Issue | undefined>;
  /** The newest issues with the label, of any state, pull requests left out; of the newest 100 of both. */
  issuesWithLabel(label: string): Promise<readonly Issue[]>;
  /** Never doubled: one with the same body and first label that is there already is given instead. */
  createIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  }): Promise<Issue>;
  updateIssue(
    number: number,
    change: { readonly body?: string; readonly state?: "open" | "closed" },
  ): Promise<void>;
  /** As `comment`, of an issue: with the job's token. */
  commentIssue(number: number, body: string): Promise<void>;
  /** Best effort, as `decorate`. */
  decorateIssue(
    number: number,
    wishes: { readonly labels: readonly string[]; readonly assignees: readonly string[] },
  ): Promise<readonly string[]>;
}

/** Whether a message arrived; `why` says in words that follow a colon what became of it. */
export type Delivery = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Messages to addresses that the team gave. */
export interface Messenger {
  /**
   * POSTs JSON, with repeats inside one overall limit. Never throws for what the other side does; `why` holds neither
   * the address nor a secret.
   */
  send(message: {
    /** A secret. */
    readonly url: string;
    readonly body: string;
    /** Gives up at once when it aborts. */
    readonly signal?: AbortSignal;
  }): Promise<Delivery>;
}

/** The job: its log, outputs, summary and state. Everything printed is redacted and cannot become a command. */
export interface Runner {
  info(line: string): void;
  notice(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  mask(secret: string): void;
  output(name: string, value: string): void;
  saveState(name: string, value: string): void;
  /** Replaces the step's summary; Markdown, cut below 1 MiB. */
  summary(markdown: string): Promise<void>;
  /** Writes a file beside the job's temporary files; gives its absolute path. */
  file(name: string, content: string): Promise<string>;
}

/** The checked-out repository, when there is one. */
export interface Workspace {
  /** The commit that is checked out, or undefined. */
  head(): Promise<string | undefined>;
  /** Text of a file inside the workspace; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
}

/** How many requests an edge has made. */
export interface RequestCount {
  readonly render: number;
  readonly github: number;
}

/** What GitHub's last answer said of the hour's REST requests; empty until one did. `resetAt` in ms. */
export interface GitHubHour {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
}

export interface Edges {
  readonly clock: Clock;
  readonly deploys: Deploys;
  readonly logs: Logs;
  readonly metrics: Metrics;
  readonly serviceEnv: ServiceEnv;
  readonly prober: Prober;
  readonly database: Database;
  readonly messenger: Messenger;
  readonly forge: Forge;
  readonly runner: Runner;
  readonly workspace: Workspace;
  readonly requests: () => RequestCount;
  readonly githubHour: () => GitHubHour;
  /** Replaces every known secret, and what looks like one, by `***`. */
  readonly redact: (text: string) => string;
}
