import type * as Library from "graphql";
import type { GraphQLFieldResolver, GraphQLSchema } from "graphql";
import { deploymentsConnection, type ConnectionArguments } from "./deployment-objects.ts";
import { mergeability } from "./pulls.ts";
import { isUnstable, unmetRules } from "./landing.ts";
import { nodeId } from "./shapes.ts";
import type { Answer, PullRecord, Site } from "./site.ts";
import { isPull, iso } from "./site.ts";
import type { Token } from "./tokens.ts";
import { isPermitted } from "./tokens.ts";

type Graphql = Pick<
  typeof Library,
  "buildSchema" | "parse" | "validate" | "execute" | "defaultFieldResolver" | "GraphQLError"
>;
type Method = "merge" | "squash" | "rebase";

interface AutoMergeInput {
  readonly pullRequestId: string;
  readonly mergeMethod?: "MERGE" | "SQUASH" | "REBASE";
  readonly expectedHeadOid?: string;
  readonly clientMutationId?: string;
}

/** What a correct client can meet; everything else is its own mistake. */
const MET = new Set(["FORBIDDEN", "NOT_FOUND", "UNPROCESSABLE"]);

let loaded: Promise<{ readonly graphql: Graphql; readonly schema: GraphQLSchema }> | undefined;

/** Seven megabytes: loaded by the first query only. GitHub's own file defines a field twice, hence `assumeValidSDL`. */
function load(): NonNullable<typeof loaded> {
  loaded ??= Promise.all([import("graphql"), import("@octokit/graphql-schema")]).then(
    ([
      graphql,
      {
        schema: { idl },
      },
    ]) => {
      const schema = graphql.buildSchema(idl, { assumeValidSDL: true });
      // GitHub's Int goes beyond 32 bits in answers: https://github.com/obmarg/cynic/issues/711
      Object.assign(schema.getType("Int") ?? {}, { serialize: Number });
      return { graphql, schema };
    },
  );
  return loaded;
}

/** What GraphQL calls a pull request. */
function pullObject(site: Site, pull: PullRecord): Readonly<Record<string, unknown>> {
  const url = `${site.webUrl}/pull/${pull.number}`;
  return {
    __typename: "PullRequest",
    id: nodeId("PR", pull.number),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? "",
    url,
    permalink: url,
    state: pull.merged ? "MERGED" : pull.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.merged,
    closed: pull.state === "closed",
    createdAt: iso(pull.createdAt),
    updatedAt: iso(pull.updatedAt),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRefName: pull.baseRef,
    mergeable: async () => {
      const { mergeable } = await mergeability(site, pull);
      return mergeable === null ? "UNKNOWN" : mergeable ? "MERGEABLE" : "CONFLICTING";
    },
    mergeStateStatus: async () => (await mergeability(site, pull)).state.toUpperCase(),
    autoMergeRequest: () =>
      pull.autoMerge && {
        enabledAt: iso(pull.autoMerge.at),
        mergeMethod: pull.autoMerge.method.toUpperCase(),
      },
    viewerCanEnableAutoMerge: () => site.settings.allowAutoMerge && unmetRules(site, pull).length > 0,
  };
}

/** Why auto-merge is refused, in GitHub's words; see peter-evans/enable-pull-request-automerge for most of them. */
function autoMergeRefusal(site: Site, pull: PullRecord): string | undefined {
  const rules = (site.settings.branchRules[pull.baseRef] ?? []).filter(({ type }) =>
    ["required_status_checks", "pull_request", "merge_queue"].includes(type),
  );
  if (!site.settings.allowAutoMerge) return "Auto merge is not allowed for this repository";
  if (pull.state === "closed") return "Pull request is closed";
  if (pull.draft) return "Pull request is in draft status";
  if (rules.length === 0 && site.settings.noRulesAnswer === "not-configured") {
    return "Protected branch rules not configured for this branch";
  }
  if (unmetRules(site, pull).length > 0) return undefined;
  return isUnstable(site, pull) ? "Pull request is in unstable status" : "Pull request is in clean status";
}

function rootOf(
  site: Site,
  token: Token,
  fail: (type: string, message: string) => Error,
): Readonly<Record<string, unknown>> {
  const require = (accepted: string): void => {
    if (isPermitted(token, accepted)) return;
    throw fail(
      "FORBIDDEN",
      `Resource not accessible by ${token.kind === "pat" ? "personal access token" : "integration"}`,
    );
  };
  const notFound = (what: string): Error => fail("NOT_FOUND", `Could not resolve to ${what}.`);
  return {
    repository: ({ owner, name }: { readonly owner: string; readonly name: string }) => {
      if (owner !== site.owner || name !== site.repo || !token.access) {
        throw notFound(`a Repository with the name '${owner}/${name}'`);
      }
      return {
        id: nodeId("R", name),
        name,
        nameWithOwner: `${owner}/${name}`,
        url: site.webUrl,
        autoMergeAllowed: site.settings.allowAutoMerge,
        isPrivate: site.settings.private,
        deployments: (wish: ConnectionArguments) => {
          if (site.settings.private) require("deployments=read");
          return deploymentsConnection(site, wish, fail);
        },
        pullRequest: ({ number }: { readonly number: number }) => {
          require("pull_requests=read");
          const pull = site.issues.find((issue) => issue.number === number);
          if (!pull || !isPull(pull)) throw notFound(`a PullRequest with the number of ${number}`);
          return pullObject(site, pull);
        },
      };
    },
    enablePullRequestAutoMerge: ({ input }: { readonly input: AutoMergeInput }) => {
      require("contents=write,pull_requests=write");
      const pull = site.issues.find((issue) => nodeId("PR", issue.number) === input.pullRequestId);
      if (!pull || !isPull(pull)) throw notFound(`a node with the global id of '${input.pullRequestId}'`);
      if (pull.unsettled > 0) {
        pull.unsettled -= 1;
        throw notFound(`a node with the global id of '${input.pullRequestId}'`);
      }
      const refusal = autoMergeRefusal(site, pull);
      if (refusal !== undefined) throw fail("UNPROCESSABLE", `Pull request ${refusal}`);
      if (input.expectedHeadOid !== undefined && input.expectedHeadOid !== pull.headSha) {
        throw fail("UNPROCESSABLE", "Pull request Head branch was modified. Review and try the merge again.");
      }
      const method = (input.mergeMethod ?? "MERGE").toLowerCase() as Method;
      pull.autoMerge = { by: token.user, method, at: site.now() };
      return { clientMutationId: input.clientMutationId ?? null, pullRequest: pullObject(site, pull) };
    },
  };
}

/**
 * Executes one GraphQL request against GitHub's own schema. A query that does not fit the schema, or asks for
 * something that is not built here, is a violation.
 */
export async function executeGraphql(
  site: Site,
  token: Token,
  request: { readonly body: unknown; readonly violation: (message: string) => void },
): Promise<Answer> {
  const { graphql, schema } = await load();
  const { query, variables, operationName } = (request.body ?? {}) as Partial<{
    query: string;
    variables: Readonly<Record<string, unknown>>;
    operationName: string;
  }>;
  const answer = (body: unknown): Answer => ({ status: 200, body });
  const refuse = (errors: readonly { readonly message: string }[]): Answer => {
    for (const { message } of errors) request.violation(message);
    return answer({ errors: errors.map(({ message }) => ({ message })) });
  };
  if (typeof query !== "string") {
    request.violation("a GraphQL request without query");
    return { status: 400, body: { message: "A query attribute must be specified and must be a string." } };
  }
  let document;
  try {
    document = graphql.parse(query);
  } catch (error) {
    return refuse([error as Error]);
  }
  const invalid = graphql.validate(schema, document);
  if (invalid.length > 0) return refuse(invalid);
  const resolve: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    if (!(info.fieldName in (source as object))) {
      request.violation(`${info.parentType.name}.${info.fieldName} is not built in this stand-in`);
      throw new graphql.GraphQLError(
        `${info.parentType.name}.${info.fieldName} is not built in this stand-in`,
      );
    }
    return graphql.defaultFieldResolver(source, args, context, info);
  };
  const fail = (type: string, message: string): Error =>
    new graphql.GraphQLError(message, { extensions: { type } });
  const done = await graphql.execute({
    schema,
    document,
    rootValue: rootOf(site, token, fail),
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    fieldResolver: resolve,
  });
  const errors = done.errors?.map(({ message, path, locations, extensions }) => {
    const { type } = extensions as { readonly type?: string };
    const isMet = type === undefined || MET.has(type);
    if (path === undefined || !isMet) request.violation(message);
    return { type, path, locations, message };
  });
  return answer({ ...(done.data !== undefined && { data: done.data }), ...(errors && { errors }) });
}

/** Where GraphQL answers, given the base path of REST. */
export function graphqlPath(basePath: string): string {
  return basePath.endsWith("/api/v3") ? basePath.replace(/v3$/, "graphql") : `${basePath}/graphql`;
}
