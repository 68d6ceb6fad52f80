import { branchHead } from "./branches.ts";
import { commitJson, repositoryJson, repoUrl, userJson } from "./shapes.ts";
import type { Route } from "./site.ts";
import { forbidden, paged, Refusal } from "./site.ts";

const MAX_PAYLOAD_BYTES = 64 * 1024;

const PERMISSION: Readonly<Record<string, string>> = { maintain: "write", triage: "read" };

/** The repository itself, its branches, their rules, its people and its dispatches. */
export const repositoryRoutes: readonly Route[] = [
  {
    key: "GET /repos/{owner}/{repo}",
    permissions: "metadata=read",
    handle: (site) => ({ status: 200, body: repositoryJson(site) }),
  },
  {
    key: "GET /repos/{owner}/{repo}/branches/{branch}",
    permissions: "contents=read",
    async handle(site, call) {
      const branch = call.params["branch"]!;
      const head = await branchHead(site, branch);
      if (!head) throw new Refusal(404, "Branch not found");
      const url = repoUrl(site, `/branches/${branch}`);
      const isProtected = (site.settings.branchRules[branch] ?? []).length > 0;
      const body = {
        name: branch,
        commit: commitJson(site, head),
        _links: { self: url, html: `${site.webUrl}/tree/${branch}` },
        protected: isProtected,
        protection: {
          enabled: false,
          required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
        },
        protection_url: `${url}/protection`,
      };
      return { status: 200, body };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/rules/branches/{branch}",
    permissions: "metadata=read",
    handle(site, call) {
      // The branch need not exist.
      const rules = (site.settings.branchRules[call.params["branch"]!] ?? []).map((rule) => ({
        ...rule,
        ruleset_source_type: "Repository",
        ruleset_source: `${site.owner}/${site.repo}`,
        ruleset_id: 1,
      }));
      const { items, headers } = paged(call, rules);
      return { status: 200, body: items, headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    permissions: "metadata=read",
    handle(site, call) {
      const login = call.params["username"]!;
      const role = site.settings.collaborators[login];
      if (role === undefined && !site.settings.outsiders.includes(login))
        throw new Refusal(404, `${login} is not a user`);
      const base = typeof role === "object" ? role.base : (role ?? (site.settings.private ? "none" : "read"));
      const roleName = typeof role === "object" ? role.name : base;
      const body = {
        permission: PERMISSION[base] ?? base,
        role_name: roleName,
        user: { ...userJson(site, { login, type: "User" }), role_name: roleName },
      };
      return { status: 200, body };
    },
  },
  {
    key: "POST /repos/{owner}/{repo}/dispatches",
    permissions: "contents=write",
    handle(site, call) {
      const body = call.body as {
        readonly event_type: string;
        readonly client_payload?: Readonly<Record<string, unknown>>;
      };
      const payload = body.client_payload ?? {};
      if (body.event_type.length > 100) throw forbidden("event_type is longer than 100 characters");
      if (Object.keys(payload).length > 10) throw forbidden("client_payload has more than 10 properties");
      if (Buffer.byteLength(JSON.stringify(payload)) >= MAX_PAYLOAD_BYTES)
        throw forbidden("client_payload is too large");
      site.dispatches.push({ eventType: body.event_type, clientPayload: payload, at: site.now() });
      return { status: 204 };
    },
  },
];
