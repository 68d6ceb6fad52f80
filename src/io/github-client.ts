import { getOctokit } from "@actions/github";
import type { RequestInterface } from "@octokit/types";
import * as z from "zod";
import { ServiceProblem } from "../problem.ts";
import type { Fetch } from "./http.ts";

/** Octokit with one token: every answer parsed, every failure a ServiceProblem. */
export interface GitHubClient {
  /** Asks and parses; 404 is a failure like any other. */
  ask<T>(route: string, parameters: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T>;
  /** Asks for one thing that may not exist: 404, and 422 for a name that is no commit, are `undefined`. */
  find<T>(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
  ): Promise<T | undefined>;
  graphql<T>(query: string, variables: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T>;
}

export interface ClientOptions {
  readonly token: string;
  /** `GITHUB_API_URL`; may have a path (GitHub Enterprise Server). */
  readonly apiUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly fetch: Fetch;
  readonly redact: (text: string) => string;
}

const failed = z.object({
  status: z.number(),
  message: z.string(),
  response: z
    .object({
      headers: z.record(z.string(), z.unknown()).catch({}),
      data: z.unknown(),
    })
    .optional(),
});

/** What GitHub says in a body: its message, and the messages of its `errors`. */
function wordsOf(data: unknown, fallback: string): string {
  const known = z
    .object({
      message: z.string(),
      errors: z
        .array(z.union([z.string(), z.object({ message: z.string().optional() })]))
        .optional()
        .catch(undefined),
    })
    .safeParse(data);
  if (!known.success) return fallback;
  const details = (known.data.errors ?? []).flatMap((error) =>
    typeof error === "string" ? [error] : error.message === undefined ? [] : [error.message],
  );
  return [known.data.message, ...details].join(": ");
}

function problemOf(error: unknown, route: string, redact: ClientOptions["redact"]): ServiceProblem {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ServiceProblem) return cause;
  const known = failed.safeParse(error);
  if (!known.success) {
    const reason = error instanceof Error ? error.message : String(error);
    return new ServiceProblem(
      { service: "GitHub", message: redact(`GitHub gave no usable answer to ${route} (${reason})`) },
      { cause: error },
    );
  }
  const { status, message, response } = known.data;
  const header = (name: string): string | undefined => {
    const value = response?.headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const permissions = header("x-accepted-github-permissions");
  const id = header("x-github-request-id");
  const words = wordsOf(response?.data, message).slice(0, 500);
  const needs = permissions === undefined || status !== 403 ? "" : ` (needs ${permissions})`;
  return new ServiceProblem({
    service: "GitHub",
    status,
    message: redact(
      `GitHub answered ${status} to ${route}: ${words}${needs}${id === undefined ? "" : ` (request id ${id})`}`,
    ),
    body: redact(words),
    ...(permissions === undefined ? {} : { acceptedPermissions: permissions }),
    ...(permissions === undefined || status !== 403 ? {} : { hint: `Grant the job one of: ${permissions}.` }),
  });
}

/** Texts that leave for GitHub go through `redact`, however deep they stand. */
function redacted(value: unknown, redact: ClientOptions["redact"]): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, redact)]));
}

function isNotFound({ status, message }: ServiceProblem): boolean {
  return status === 404 || (status === 422 && /no commit found/i.test(message));
}

/** A client for one repository with one token. */
export function createGitHubClient(options: ClientOptions): GitHubClient {
  const { owner, repo, redact } = options;
  const octokit = getOctokit(options.token, {
    baseUrl: options.apiUrl.replace(/\/+$/, ""),
    request: { fetch: options.fetch },
  });
  const request = octokit.request as RequestInterface;

  function parsed<T>(data: unknown, route: string, schema: z.ZodType<T>): T {
    const result = schema.safeParse(data);
    if (result.success) return result.data;
    const where = result.error.issues[0]?.path.join(".") ?? "";
    throw new ServiceProblem({
      service: "GitHub",
      code: "garbled",
      message: `GitHub answered ${route} in a form nobody knows${where === "" ? "" : ` (at ${where})`}`,
    });
  }

  async function ask<T>(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
  ): Promise<T> {
    let data: unknown;
    try {
      const clean = redacted(parameters, redact) as Record<string, unknown>;
      ({ data } = await request(route, { owner, repo, ...clean }));
    } catch (error) {
      throw problemOf(error, route, redact);
    }
    return parsed(data, route, schema);
  }

  return {
    ask,
    async find(route, parameters, schema) {
      try {
        return await ask(route, parameters, schema);
      } catch (error) {
        if (error instanceof ServiceProblem && isNotFound(error)) return undefined;
        throw error;
      }
    },
    async graphql(query, variables, schema) {
      let data: unknown;
      try {
        data = await octokit.graphql(query, redacted(variables, redact) as Record<string, unknown>);
      } catch (error) {
        const messages = z.object({ errors: z.array(z.object({ message: z.string() })) }).safeParse(error);
        if (!messages.success) throw problemOf(error, "POST /graphql", redact);
        const words = messages.data.errors.map((one) => one.message).join("; ");
        throw new ServiceProblem({
          service: "GitHub",
          code: "graphql",
          message: redact(`GitHub refused: ${words}`),
          body: redact(words),
        });
      }
      return parsed(data, "POST /graphql", schema);
    },
  };
}
