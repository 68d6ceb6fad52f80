import { nodeId } from "./shapes.ts";
import type { DeploymentRecord, Site } from "./site.ts";
import { iso } from "./site.ts";

export interface ConnectionArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly environments?: readonly string[] | null;
  readonly orderBy?: { readonly field: "CREATED_AT"; readonly direction: "ASC" | "DESC" } | null;
}

/** Records a page may hold, and what GitHub says of more: https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
const MAX_NODES = 100;

/** What GraphQL calls a deployment; `payload` is JSON, of a string too. */
function deploymentObject(deployment: DeploymentRecord): Readonly<Record<string, unknown>> {
  const latest = deployment.statuses.at(-1);
  return {
    __typename: "Deployment",
    id: nodeId("DE", deployment.id),
    databaseId: deployment.id,
    commitOid: deployment.sha,
    task: deployment.task,
    payload: JSON.stringify(deployment.payload),
    environment: deployment.environment,
    description: deployment.description,
    createdAt: iso(deployment.at),
    latestStatus: latest && {
      __typename: "DeploymentStatus",
      id: nodeId("DES", latest.id),
      state: latest.state.toUpperCase(),
      description: latest.description === "" ? null : latest.description,
      logUrl: latest.logUrl === "" ? null : latest.logUrl,
      environment: latest.environment,
      createdAt: iso(latest.at),
    },
  };
}

/** `repository.deployments`, forward paging only. */
export function deploymentsConnection(
  site: Site,
  wish: ConnectionArguments,
  fail: (type: string, message: string) => Error,
): Readonly<Record<string, unknown>> {
  const { environments, orderBy } = wish;
  const [first, after] = [wish.first ?? undefined, wish.after ?? undefined];
  if ((wish.last ?? wish.before ?? undefined) !== undefined) {
    throw fail("NOT_BUILT", "deployments by last or before are not built in this stand-in");
  }
  if (first === undefined) {
    throw fail(
      "MISSING_PAGINATION_BOUNDARIES",
      "You must provide a `first` or `last` value to properly paginate the `deployments` connection.",
    );
  }
  if (first < 1 || first > MAX_NODES) {
    throw fail(
      "EXCESSIVE_PAGINATION",
      `Requesting ${first} records on the \`deployments\` connection exceeds the \`first\` limit of ${MAX_NODES} records.`,
    );
  }
  const ascending = site.deployments.filter((one) => environments?.includes(one.environment) ?? true);
  const all = orderBy?.direction === "DESC" ? ascending.toReversed() : ascending;
  const cursorOf = (one: DeploymentRecord): string => Buffer.from(`cursor:v2:${one.id}`).toString("base64");
  const at = after === undefined ? 0 : all.findIndex((one) => cursorOf(one) === after) + 1;
  if (after !== undefined && at === 0) {
    throw fail("INVALID_CURSOR_ARGUMENTS", `\`${after}\` does not appear to be a valid cursor.`);
  }
  const nodes = all.slice(at, at + first);
  const [start, end] = [nodes[0], nodes.at(-1)];
  return {
    nodes: nodes.map(deploymentObject),
    totalCount: all.length,
    pageInfo: {
      hasNextPage: at + first < all.length,
      hasPreviousPage: at > 0,
      startCursor: start ? cursorOf(start) : null,
      endCursor: end ? cursorOf(end) : null,
    },
  };
}
