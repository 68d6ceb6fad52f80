import * as z from "zod";
import type { Forge } from "../ports.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { cutText, LIMITS } from "./github-text.ts";
import { instant } from "./instant.ts";

const statuses = z
  .object({
    statuses: z.array(
      z.object({
        state: z.enum(["error", "failure", "pending", "success"]),
        context: z.string(),
        description: z.string().nullish(),
        target_url: z.string().nullish(),
        updated_at: instant.nullish().catch(undefined),
      }),
    ),
  })
  .transform((page) => page.statuses);

/** Commit statuses, with `github-token`. */
export function createStatuses(client: GitHubApi): Pick<Forge, "setStatus" | "status"> {
  const { at, job } = client;
  return {
    async setStatus(sha, status) {
      await job.write(z.object({ state: z.string() }), () =>
        job.request("POST /repos/{owner}/{repo}/statuses/{sha}", {
          ...at,
          sha,
          state: status.state,
          context: status.context,
          description: cutText(client.redact(status.description), LIMITS.description),
          ...(status.url === undefined ? {} : { target_url: client.redact(status.url) }),
        }),
      );
    },

    async status(sha, context) {
      const all = await job.list(statuses, (page) =>
        job.request("GET /repos/{owner}/{repo}/commits/{ref}/status", {
          ...at,
          ref: sha,
          per_page: FULL_PAGE,
          page,
        }),
      );
      // Contexts are the same whatever their case.
      const own = all.find((one) => one.context.toLowerCase() === context.toLowerCase());
      if (own === undefined) return undefined;
      return {
        state: own.state,
        description: own.description ?? "",
        ...(own.target_url ? { url: own.target_url } : {}),
        ...(typeof own.updated_at === "number" ? { at: own.updated_at } : {}),
      };
    },
  };
}
