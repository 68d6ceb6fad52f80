import type { Git } from "./objects.ts";
import type { Token } from "./tokens.ts";

export interface BranchRule {
  /** As in `GET rules/branches`: `required_status_checks`, `pull_request`, `merge_queue`, … */
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export type Role = "admin" | "maintain" | "write" | "triage" | "read";

/** What a test may switch at any time. */
export interface Settings {
  /** A private repository: reads need their permission, drafts depend on the plan. */
  private: boolean;
  /** "Allow GitHub Actions to create and approve pull requests". */
  allowActionsPullRequests: boolean;
  allowAutoMerge: boolean;
  /** "Issues" of the repository's features: without it no issue is opened, changed or read by itself. */
  hasIssues: boolean;
  draftPulls: boolean;
  /** Ref names below `refs/heads/` that nobody may write, `*` and `**` as in rulesets. */
  protectedPatterns: string[];
  /** Rules by branch name. */
  branchRules: Record<string, readonly BranchRule[]>;
  /** What auto-merge says of a branch without rules. */
  noRulesAnswer: "clean" | "not-configured";
  /** The first label, assignee or reviewer call after a pull request was opened fails; `mergeable` is null at first. */
  eventualConsistency: boolean;
  /** Roles by login; a custom one is built on one of GitHub's. */
  collaborators: Record<string, Role | { readonly name: string; readonly base: Role }>;
  /** Logins that exist without being collaborators. */
  outsiders: string[];
  /** Entries that a recursive tree lists before it is truncated. */
  treeLimit: number;
  /** Requests an hour, for all Actions tokens together and for every other token. */
  rateLimit: number;
  /** Whether 900 points a minute and 80 contents a minute are enforced. */
  secondaryLimits: boolean;
}

export interface User {
  readonly login: string;
  readonly type: "User" | "Bot";
}

export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckRunRecord {
  readonly id: number;
  name: string;
  readonly sha: string;
  readonly appId: number;
  readonly appSlug: string;
  externalId: string;
  detailsUrl: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  startedAt: number;
  completedAt: number | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: CheckAnnotation[];
  /** How often it was changed after its creation. */
  updates: number;
}

export interface StatusRecord {
  readonly id: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: User;
  readonly at: number;
}

export interface DeploymentStatusRecord {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly creator: User;
  readonly at: number;
}

export interface DeploymentRecord {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: User;
  readonly at: number;
  /** Oldest first. */
  readonly statuses: DeploymentStatusRecord[];
}

export interface CommentRecord {
  readonly id: number;
  /** The issue or pull request; undefined for a comment on a commit. */
  readonly number?: number;
  readonly sha?: string;
  body: string;
  readonly user: User;
  readonly createdAt: number;
  updatedAt: number;
}

/** What issues and pull requests share. */
export interface IssueRecord {
  readonly number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  readonly user: User;
  readonly labels: string[];
  readonly assignees: string[];
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  /** Calls that decorate it still fail so often. */
  unsettled: number;
}

export interface PullRecord extends IssueRecord {
  readonly headRef: string;
  /** Owner of the fork that the branch is in, where it is in one. */
  fork?: string;
  /** Follows the branch while the pull request is open. */
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  merged: boolean;
  mergedAt: number | null;
  mergedBy: User | null;
  mergeCommit: string | null;
  /** Commits that the merge put on the base branch, the pull request's own included where they landed as they are. */
  readonly landed: string[];
  readonly reviewers: string[];
  /** Head and base for which somebody asked whether they merge; the first such question is answered null. */
  mergeAsked: string;
  autoMerge: {
    readonly by: User;
    readonly method: "merge" | "squash" | "rebase";
    readonly at: number;
  } | null;
}

export interface DispatchRecord {
  readonly eventType: string;
  readonly clientPayload: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** Everything the server knows. */
export interface Site {
  readonly owner: string;
  readonly repo: string;
  readonly defaultBranch: string;
  /** Where the API answers, base path included. */
  apiUrl: string;
  /** Host of the links. */
  readonly serverUrl: string;
  readonly webUrl: string;
  readonly git: Git;
  readonly settings: Settings;
  readonly now: () => number;
  readonly nextId: () => number;
  readonly checkRuns: CheckRunRecord[];
  readonly statuses: StatusRecord[];
  readonly deployments: DeploymentRecord[];
  readonly comments: CommentRecord[];
  readonly issues: (IssueRecord | PullRecord)[];
  readonly labels: Map<
    string,
    { readonly id: number; readonly color: string; readonly description: string | null }
  >;
  readonly dispatches: DispatchRecord[];
  /** Commits that GitHub signed. */
  readonly verified: Set<string>;
  readonly violations: string[];
}

export interface Answer {
  readonly status: number;
  /** Text is sent as it is, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request that has passed the contract. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: Token;
  /** The media type asked for, such as `raw`, `diff`, `sha`; empty for JSON. */
  readonly media: string;
  /** The request's own address, without query. */
  readonly address: string;
}

export interface Route {
  /** Method and path template as the contract writes them. */
  readonly key: string;
  /** In the form of `X-Accepted-GitHub-Permissions`: comma = and, semicolon = or. */
  readonly permissions: string;
  /** Query parameters that are built here, besides `page` and `per_page`. */
  readonly query?: readonly string[];
  /** Media types besides JSON. */
  readonly media?: readonly string[];
  handle(site: Site, call: Call): Answer | Promise<Answer>;
}

/** A refusal as GitHub words it. With `violation` no correct client sends such a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly answer: Answer;
  readonly violation: boolean;

  constructor(
    status: number,
    message: string,
    more: {
      readonly errors?: readonly unknown[];
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of GitHub's usual one. */
      readonly body?: unknown;
      readonly violation?: boolean;
    } = {},
  ) {
    super(message);
    this.violation = more.violation ?? false;
    this.answer = {
      status,
      body: more.body ?? {
        message,
        ...(more.errors && { errors: more.errors }),
        documentation_url: "https://docs.github.com/rest",
        status: String(status),
      },
      ...(more.headers && { headers: more.headers }),
    };
  }
}

/** A 422 `Validation Failed` with one custom error. */
export function invalid(
  resource: string,
  problem: {
    readonly message?: string;
    readonly field?: string;
    readonly code?: string;
    readonly violation?: boolean;
  },
): Refusal {
  const { message, field, code = message === undefined ? "invalid" : "custom", violation } = problem;
  const error = {
    resource,
    code,
    ...(field !== undefined && { field }),
    ...(message !== undefined && { message }),
  };
  return new Refusal(422, "Validation Failed", {
    errors: [error],
    ...(violation !== undefined && { violation }),
  });
}

/** A request that only a client with a bug sends: 422, and listed in `violations`. */
export function forbidden(message: string): Refusal {
  return new Refusal(422, message, { violation: true });
}

/** GitHub's time format, without fractions. */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function isPull(issue: IssueRecord | PullRecord): issue is PullRecord {
  return "headRef" in issue;
}

/** The pull request of that number, or a 404. */
export function pullOf(site: Site, number: number | string): PullRecord {
  const found = site.issues.find((issue) => issue.number === Number(number));
  if (!found || !isPull(found)) throw new Refusal(404, "Not Found");
  return found;
}

/** The issue or pull request of that number, or a 404. */
export function issueOf(site: Site, number: number | string): IssueRecord | PullRecord {
  const found = site.issues.find((issue) => issue.number === Number(number));
  if (!found) throw new Refusal(404, "Not Found");
  return found;
}

/** One page of a list with GitHub's Link header. */
export function paged<Item>(
  call: Call,
  list: readonly Item[],
): { readonly items: readonly Item[]; readonly headers: Readonly<Record<string, string>> } {
  const perPage = Number(call.query["per_page"] ?? 30);
  const page = Number(call.query["page"] ?? 1);
  const last = Math.max(1, Math.ceil(list.length / perPage));
  const link = (rel: string, number: number): string => {
    const query = new URLSearchParams({ ...call.query, per_page: String(perPage), page: String(number) });
    return `<${call.address}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link("prev", page - 1), link("first", 1)] : []),
    ...(page < last ? [link("next", page + 1), link("last", last)] : []),
  ];
  return {
    items: list.slice((page - 1) * perPage, page * perPage),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}
