import { checkTexts, pullJson } from "./pulls.ts";
import { resolveCommit } from "./repository.ts";
import { labelJson, labelsJson, nodeId, repoUrl, userJson } from "./shapes.ts";
import type { Call, CommentRecord, IssueRecord, PullRecord, Route, Site } from "./site.ts";
import { forbidden, invalid, isPull, issueOf, iso, paged, pullOf, Refusal } from "./site.ts";
import { isPermitted, lacking } from "./tokens.ts";

/** Calls below /issues/{n} take either permission when the number is a pull request's. */
const EITHER = "issues=write; pull_requests=write";
const EITHER_READ = "issues=read; pull_requests=read";
const MAX_ASSIGNEES = 10;
const MAX_LABEL = 50;

function issueJson(site: Site, issue: IssueRecord | PullRecord): Readonly<Record<string, unknown>> {
  const url = repoUrl(site, `/issues/${issue.number}`);
  const page = `${site.webUrl}/${isPull(issue) ? "pull" : "issues"}/${issue.number}`;
  const assignees = issue.assignees.map((login) => userJson(site, { login, type: "User" }));
  return {
    id: 2_000_000 + issue.number,
    node_id: nodeId(isPull(issue) ? "PR" : "I", issue.number),
    url,
    repository_url: repoUrl(site),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    user: userJson(site, issue.user),
    labels: labelsJson(site, issue),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: false,
    comments: site.comments.filter((comment) => comment.number === issue.number).length,
    closed_at: issue.closedAt === null ? null : iso(issue.closedAt),
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    author_association: issue.user.login in site.settings.collaborators ? "COLLABORATOR" : "NONE",
    ...(isPull(issue) && {
      draft: issue.draft,
      pull_request: {
        url: repoUrl(site, `/pulls/${issue.number}`),
        html_url: page,
        diff_url: `${page}.diff`,
        patch_url: `${page}.patch`,
        merged_at: issue.mergedAt === null ? null : iso(issue.mergedAt),
      },
    }),
  };
}

function commentJson(site: Site, comment: CommentRecord): Readonly<Record<string, unknown>> {
  const kind =
    comment.number === undefined
      ? `commit/${comment.sha}#commitcomment`
      : `pull/${comment.number}#issuecomment`;
  return {
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    url: repoUrl(site, `${comment.number === undefined ? "" : "/issues"}/comments/${comment.id}`),
    html_url: `${site.webUrl}/${kind}-${comment.id}`,
    body: comment.body,
    user: userJson(site, comment.user),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: comment.user.login in site.settings.collaborators ? "COLLABORATOR" : "NONE",
    ...(comment.number === undefined
      ? { commit_id: comment.sha, path: null, position: null, line: null }
      : { issue_url: repoUrl(site, `/issues/${comment.number}`) }),
  };
}

function requireIssues(site: Site): void {
  if (!site.settings.hasIssues) throw new Refusal(410, "Issues are disabled for this repo");
}

/** The issue that a call is about; a plain issue needs the issues permission itself. */
function target(site: Site, call: Call): IssueRecord | PullRecord {
  const issue = issueOf(site, call.params["issue_number"]!);
  if (!isPull(issue) && !isPermitted(call.token, "issues=read")) throw lacking(call.token, "issues=write");
  if (!isPull(issue)) requireIssues(site);
  return issue;
}

/** Right after a pull request was opened, parts of GitHub do not know it yet. */
function requireSettled(issue: IssueRecord): void {
  if (issue.unsettled === 0) return;
  issue.unsettled -= 1;
  throw new Refusal(422, "Validation Failed", {
    errors: [`Could not resolve to a node with the global id of '${nodeId("PR", issue.number)}'.`],
  });
}

/** Adds labels to an issue; unknown ones come into being. Throws for a name that GitHub would not take. */
export function addLabels(site: Site, issue: IssueRecord, names: readonly string[]): void {
  for (const name of names) {
    if (name.trim() === "" || name.length > MAX_LABEL) {
      throw invalid("Label", {
        message: "name is too long (maximum is 50 characters)",
        field: "name",
        violation: true,
      });
    }
  }
  for (const name of names) {
    const known = site.labels.get(name.toLowerCase());
    if (!known)
      site.labels.set(name.toLowerCase(), { id: site.nextId(), color: "ededed", description: null });
    if (!issue.labels.some((label) => label.toLowerCase() === name.toLowerCase())) issue.labels.push(name);
  }
  if (names.length > 0) issue.updatedAt = site.now();
}

function namesOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : ((value as { readonly labels?: unknown }).labels ?? []);
  return (list as readonly unknown[]).map((item) =>
    typeof item === "string" ? item : String((item as { readonly name?: unknown } | null)?.name),
  );
}

function requestReviewers(site: Site, call: Call): PullRecord {
  const pull = pullOf(site, call.params["pull_number"]!);
  requireSettled(pull);
  const { reviewers = [], team_reviewers: teams = [] } = call.body as Partial<
    Record<"reviewers" | "team_reviewers", readonly string[]>
  >;
  if (reviewers.length + teams.length === 0) throw forbidden("reviewers or team_reviewers is needed");
  if (teams.length > 0) {
    throw new Refusal(422, "Validation Failed", {
      errors: [`Could not resolve to a node with the global id of '${nodeId("T", teams[0]!)}'.`],
    });
  }
  if (reviewers.includes(pull.user.login)) {
    throw new Refusal(422, "Review cannot be requested from pull request author.");
  }
  if (reviewers.some((login) => !(login in site.settings.collaborators))) {
    throw new Refusal(
      422,
      "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a " +
        `collaborator of the ${site.owner}/${site.repo} repository.`,
    );
  }
  pull.reviewers.push(...reviewers.filter((login) => !pull.reviewers.includes(login)));
  return pull;
}

function createIssue(site: Site, call: Call): IssueRecord {
  requireIssues(site);
  const body = call.body as {
    readonly title: string;
    readonly body?: string;
    readonly labels?: unknown;
    readonly assignees?: readonly string[];
  };
  // One name that cannot be assigned spoils the whole issue, so assignees come afterwards.
  if (body.assignees !== undefined)
    throw forbidden("assignees of a new issue are not built in this stand-in");
  checkTexts("Issue", body);
  const now = site.now();
  const issue: IssueRecord = {
    number: site.issues.length + 1,
    title: body.title,
    body: body.body ?? null,
    state: "open",
    user: call.token.user,
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    unsettled: 0,
  };
  addLabels(site, issue, namesOf(body.labels ?? []));
  site.issues.push(issue);
  return issue;
}

function changeIssue(site: Site, call: Call): IssueRecord {
  const issue = target(site, call);
  const { title, body, state, labels, ...rest } = call.body as {
    readonly title?: string;
    readonly body?: string | null;
    readonly state?: "open" | "closed";
    readonly labels?: unknown;
    readonly state_reason?: string;
  };
  const notBuilt = Object.keys(rest).find((key) => key !== "state_reason");
  if (notBuilt !== undefined) {
    throw new Refusal(501, `${notBuilt} is not built in this stand-in`, { violation: true });
  }
  checkTexts("Issue", { title, body });
  if (title !== undefined) issue.title = title;
  if (body !== undefined) issue.body = body;
  if (labels !== undefined) {
    issue.labels.length = 0;
    addLabels(site, issue, namesOf(labels));
  }
  if (state !== undefined && state !== issue.state) {
    Object.assign(issue, { state, closedAt: state === "closed" ? site.now() : null });
  }
  issue.updatedAt = site.now();
  return issue;
}

function addComment(
  site: Site,
  call: Call,
  to: { readonly number: number } | { readonly sha: string },
): Readonly<Record<string, unknown>> {
  const body = String(call.body["body"]);
  if (body.trim() === "")
    throw invalid("IssueComment", { field: "body", code: "missing_field", violation: true });
  checkTexts("IssueComment", { body });
  const now = site.now();
  const comment = { id: site.nextId(), ...to, body, user: call.token.user, createdAt: now, updatedAt: now };
  site.comments.push(comment);
  return commentJson(site, comment);
}

async function commentedSha(site: Site, call: Call): Promise<string> {
  const commit = await resolveCommit(site.git, call.params["commit_sha"]!);
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${call.params["commit_sha"]}`);
  return commit.sha;
}

/** Issues, and what pull requests have through them: labels, assignees, comments, reviewers. */
export const issueRoutes: readonly Route[] = [
  {
    key: "GET /repos/{owner}/{repo}/issues",
    permissions: "issues=read",
    query: ["labels", "state", "creator", "since", "direction"],
    handle(site, call) {
      const { labels = "", state = "open", creator, since, direction } = call.query;
      const wanted = labels.split(",").filter((label) => label !== "");
      const found = site.issues.filter(
        (issue) =>
          (state === "all" || issue.state === state) &&
          (creator === undefined || issue.user.login === creator) &&
          (since === undefined || issue.updatedAt >= Date.parse(since)) &&
          wanted.every((label) => issue.labels.some((own) => own.toLowerCase() === label.toLowerCase())),
      );
      if (direction !== "asc") found.reverse();
      const { items, headers } = paged(call, found);
      return { status: 200, body: items.map((issue) => issueJson(site, issue)), headers };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/issues",
    permissions: "issues=write",
    handle: (site, call) => ({ status: 201, body: issueJson(site, createIssue(site, call)) }),
  },
  {
    key: "GET /repos/{owner}/{repo}/issues/{issue_number}",
    permissions: EITHER_READ,
    handle: (site, call) => ({ status: 200, body: issueJson(site, target(site, call)) }),
  },
  {
    key: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    permissions: EITHER,
    handle: (site, call) => ({ status: 200, body: issueJson(site, changeIssue(site, call)) }),
  },
  {
    key: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    permissions: EITHER_READ,
    query: ["since"],
    handle(site, call) {
      const { number } = target(site, call);
      const since = Date.parse(call.query["since"] ?? "1970-01-01T00:00:00Z");
      const found = site.comments.filter(
        (comment) => comment.number === number && Date.parse(iso(comment.updatedAt)) >= since,
      );
      const { items, headers } = paged(call, found);
      return { status: 200, body: items.map((comment) => commentJson(site, comment)), headers };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    permissions: EITHER,
    handle: (site, call) => ({
      status: 201,
      body: addComment(site, call, { number: target(site, call).number }),
    }),
  },
  {
    key: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    permissions: EITHER,
    handle(site, call) {
      const comment = site.comments.find((one) => one.id === Number(call.params["comment_id"]));
      if (!comment) throw new Refusal(404, "Not Found");
      checkTexts("IssueComment", call.body);
      Object.assign(comment, { body: String(call.body["body"]), updatedAt: site.now() });
      return { status: 200, body: commentJson(site, comment) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/commits/{commit_sha}/comments",
    permissions: "contents=read",
    async handle(site, call) {
      const sha = await commentedSha(site, call);
      const { items, headers } = paged(
        call,
        site.comments.filter((comment) => comment.sha === sha),
      );
      return { status: 200, body: items.map((comment) => commentJson(site, comment)), headers };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/commits/{commit_sha}/comments",
    permissions: "contents=read",
    handle: async (site, call) => ({
      status: 201,
      body: addComment(site, call, { sha: await commentedSha(site, call) }),
    }),
  },
  {
    key: "GET /repos/{owner}/{repo}/issues/{issue_number}/labels",
    permissions: EITHER_READ,
    handle(site, call) {
      const { items, headers } = paged(call, labelsJson(site, target(site, call)));
      return { status: 200, body: items, headers };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
    permissions: EITHER,
    handle(site, call) {
      const issue = target(site, call);
      requireSettled(issue);
      addLabels(site, issue, namesOf(call.body));
      return { status: 200, body: labelsJson(site, issue) };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/issues/{issue_number}/assignees",
    permissions: EITHER,
    handle(site, call) {
      const issue = target(site, call);
      requireSettled(issue);
      const { assignees = [] } = call.body as { readonly assignees?: readonly string[] };
      if (assignees.length > MAX_ASSIGNEES) throw forbidden("at most 10 assignees in a call");
      // GitHub drops those who cannot be assigned without a word.
      for (const login of assignees) {
        if (login in site.settings.collaborators && !issue.assignees.includes(login))
          issue.assignees.push(login);
      }
      return { status: 201, body: issueJson(site, issue) };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
    permissions: "pull_requests=write",
    handle: (site, call) => ({ status: 201, body: pullJson(site, requestReviewers(site, call)) }),
  },
  {
    key: "GET /repos/{owner}/{repo}/labels/{name}",
    permissions: EITHER_READ,
    handle(site, call) {
      const name = call.params["name"]!;
      if (!site.labels.has(name.toLowerCase())) throw new Refusal(404, "Not Found");
      return { status: 200, body: labelJson(site, name) };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/labels",
    permissions: EITHER,
    handle(site, call) {
      const body = call.body as {
        readonly name: string;
        readonly color?: string;
        readonly description?: string;
      };
      if (site.labels.has(body.name.toLowerCase())) {
        throw invalid("Label", { field: "name", code: "already_exists" });
      }
      if (body.name.length > MAX_LABEL) throw forbidden("name is too long (maximum is 50 characters)");
      const label = {
        id: site.nextId(),
        color: body.color ?? "ededed",
        description: body.description ?? null,
      };
      site.labels.set(body.name.toLowerCase(), label);
      return { status: 201, body: labelJson(site, body.name) };
    },
  },
];
