import * as z from "zod";
import type { Forge, IssueComment, Permission } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { instant, rfc3339 } from "./instant.ts";

/** An issue takes 2,500 comments: openshift/release#20821. */
const MOST_PAGES = 26;
const NO_ISSUE: readonly number[] = [404, 410];

const comment = z
  .object({
    id: z.number(),
    html_url: z.string(),
    body: z.string().nullish(),
    created_at: instant,
    /** Null once the account is deleted. */
    user: z.object({ login: z.string(), type: z.string() }).nullish(),
    author_association: z.string().nullish(),
  })
  .transform((one): IssueComment => {
    const association = one.author_association ?? undefined;
    return {
      id: one.id,
      author: one.user?.login ?? "",
      authorType: one.user?.type ?? "",
      body: one.body ?? "",
      createdAt: one.created_at,
      url: one.html_url,
      ...(association === undefined ? {} : { authorAssociation: association }),
    };
  });

const level = z
  .object({ permission: z.string(), role_name: z.string().nullish() })
  .transform(({ permission, role_name: role }): Permission => {
    // The base decides: an organization gives its own roles any name.
    // https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    if (permission === "admin") return "admin";
    if (permission === "write") return role === "maintain" ? "maintain" : "write";
    if (permission === "read") return role === "triage" ? "triage" : "read";
    return "none";
  });

/** What people wrote below issues and pull requests, and what they may do; read with `github-token`. */
export function createComments({ at, job }: GitHubApi): Pick<Forge, "commentsOf" | "permissionOf"> {
  const permissions = new Map<string, Permission>();

  async function askPermission(login: string): Promise<Permission> {
    try {
      const known = await job.find(level, () =>
        job.request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
          ...at,
          username: login,
        }),
      );
      return known ?? "none";
    } catch (error) {
      if (!(error instanceof ServiceProblem) || error.status !== 403) throw error;
      if (error.failure.code === "rate-limited") throw error;
      const hint =
        "Give the token in \"github-token\" access to the repository's metadata (a job's own token has it), or push access where it is a PAT.";
      throw new ServiceProblem({ hint, ...error.failure }, { cause: error });
    }
  }

  return {
    async commentsOf(number, { since, afterId = 0 }) {
      try {
        const found = await job.list(
          z.array(comment),
          (page) =>
            job.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
              ...at,
              issue_number: number,
              per_page: FULL_PAGE,
              page,
              // GitHub keeps whole seconds, cut.
              ...(since === undefined ? {} : { since: rfc3339(Math.floor(since / 1000) * 1000) }),
            }),
          MOST_PAGES,
        );
        return found.filter(({ id }) => id > afterId).toSorted((one, other) => one.id - other.id);
      } catch (error) {
        if (error instanceof ServiceProblem && NO_ISSUE.includes(error.status ?? 0)) return [];
        throw error;
      }
    },

    async permissionOf(login) {
      // Nobody's name; as part of a path some of these would ask something else.
      if (!/^[\w-]{1,100}$/.test(login)) return "none";
      const permission = permissions.get(login) ?? (await askPermission(login));
      permissions.set(login, permission);
      return permission;
    },
  };
}
