import { isSha, readCommit, resolveCommit } from "./repository.ts";
import { nodeId, repositoryJson, repoUrl, userJson } from "./shapes.ts";
import type { Call, Route, Site, StatusRecord } from "./site.ts";
import { forbidden, invalid, iso, paged, Refusal } from "./site.ts";

/** https://docs.github.com/rest/commits/statuses and the errors people met; the contract holds none of them. */
const MAX_DESCRIPTION = 140;
const MAX_PER_CONTEXT = 1000;

function statusJson(site: Site, status: StatusRecord): Readonly<Record<string, unknown>> {
  return {
    url: repoUrl(site, `/statuses/${status.sha}`),
    avatar_url: `${site.serverUrl}/avatars/${status.creator.login.replace("[bot]", "")}`,
    id: status.id,
    node_id: nodeId("SC", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.at),
    updated_at: iso(status.at),
  };
}

async function statusesOf(
  site: Site,
  call: Call,
): Promise<{ readonly sha: string; readonly newestFirst: readonly StatusRecord[] }> {
  const commit = await resolveCommit(site.git, call.params["ref"]!);
  if (!commit) throw new Refusal(404, "Not Found");
  return {
    sha: commit.sha,
    newestFirst: site.statuses.filter((status) => status.sha === commit.sha).reverse(),
  };
}

/** The newest status of each context, whose names ignore case. */
export function latestStatuses(newestFirst: readonly StatusRecord[]): readonly StatusRecord[] {
  const seen = new Set<string>();
  return newestFirst.filter((status) => {
    const context = status.context.toLowerCase();
    return !seen.has(context) && seen.add(context);
  });
}

/** Commit statuses. */
export const statusRoutes: readonly Route[] = [
  {
    key: "POST /repos/{owner}/{repo}/statuses/{sha}",
    permissions: "statuses=write",
    async handle(site, call) {
      const sha = call.params["sha"]!;
      if (!isSha(sha) || !(await readCommit(site.git, sha))) {
        throw new Refusal(422, `No commit found for SHA: ${sha}`, { violation: true });
      }
      const body = call.body as Pick<StatusRecord, "state"> & {
        readonly target_url?: string | null;
        readonly description?: string | null;
        readonly context?: string;
      };
      const context = body.context ?? "default";
      if ((body.description ?? "").length > MAX_DESCRIPTION) {
        throw invalid("Status", {
          message: "description is too long (maximum is 140 characters)",
          violation: true,
        });
      }
      if (body.target_url && !/^https?:\/\/[^\s]+$/.test(body.target_url)) {
        throw forbidden("target_url must use http(s) scheme");
      }
      const earlier = site.statuses.filter(
        (status) => status.sha === sha && status.context.toLowerCase() === context.toLowerCase(),
      );
      if (earlier.length >= MAX_PER_CONTEXT) {
        throw invalid("Status", {
          message: "This SHA and context has reached the maximum number of statuses.",
          violation: true,
        });
      }
      const status: StatusRecord = {
        id: site.nextId(),
        sha,
        state: body.state,
        context,
        description: body.description ?? null,
        targetUrl: body.target_url ?? null,
        creator: call.token.user,
        at: site.now(),
      };
      site.statuses.push(status);
      return { status: 201, body: { ...statusJson(site, status), creator: userJson(site, status.creator) } };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
    permissions: "statuses=read",
    async handle(site, call) {
      const { newestFirst } = await statusesOf(site, call);
      const { items, headers } = paged(call, newestFirst);
      const body = items.map((status) => ({
        ...statusJson(site, status),
        creator: userJson(site, status.creator),
      }));
      return { status: 200, body, headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    permissions: "statuses=read",
    async handle(site, call) {
      const { sha, newestFirst } = await statusesOf(site, call);
      const latest = latestStatuses(newestFirst);
      const states = new Set<string>(latest.map((status) => status.state));
      const bad = states.has("failure") || states.has("error");
      const { items, headers } = paged(call, latest);
      const body = {
        state: bad ? "failure" : latest.length === 0 || states.has("pending") ? "pending" : "success",
        sha,
        total_count: latest.length,
        statuses: items.map((status) => statusJson(site, status)),
        repository: repositoryJson(site),
        commit_url: repoUrl(site, `/commits/${sha}`),
        url: repoUrl(site, `/commits/${sha}/status`),
      };
      return { status: 200, body, headers };
    },
  },
];
