import * as z from "zod";
import type { ServiceVariables } from "../core/env-sample.ts";
import type { ServiceEnv } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { pathPart } from "./address.ts";
import { MOST_PAGES, type RenderApi } from "./render-api.ts";
import { servicePath } from "./render-service.ts";

const FULL_PAGE = 100;

const variable = z.object({ key: z.string(), value: z.string() });
const variableItem = variable.transform(({ key, value }) => ({ id: key, value }));

const group = z.object({ id: z.string(), serviceLinks: z.array(z.object({ id: z.string() })).nullish() });
const cursor = z.string().nullish();
/** The contract lists groups bare, clients read them beside a cursor as all other lists. */
const groupPage = z.array(
  z.union([
    z.object({ cursor, envGroup: group }),
    group.extend({ cursor }).transform((bare) => ({ cursor: bare.cursor, envGroup: bare })),
  ]),
);
const wholeGroup = z.object({ envVars: z.array(variable).nullish() });

/**
 * The port `ServiceEnv` over Render's API: one request for the service's variables (a hundred each), one for the
 * groups of the workspace, one for each linked group.
 */
export function createServiceEnv(api: RenderApi): ServiceEnv {
  return {
    async read({ id, ownerId }) {
      try {
        const own = await api.list({
          path: `${servicePath(id)}/env-vars`,
          query: {},
          key: "envVar",
          item: variableItem,
          allPages: true,
        });
        const linked = await linkedGroups(api, { id, ownerId });
        const groups = await Promise.all(linked.map((groupId) => groupVariables(api, groupId)));
        return merged(new Map(own.map((each) => [each.id, each.value])), groups);
      } catch (error) {
        throw error instanceof ServiceProblem ? withoutValues(error) : error;
      }
    },
  };
}

async function linkedGroups(
  api: RenderApi,
  service: { readonly id: string; readonly ownerId: string },
): Promise<readonly string[]> {
  const linked = new Set<string>();
  const seen = new Set<string>();
  let next: string | undefined;
  for (let page = 1; ; page += 1) {
    const rows = await api.json({
      method: "GET",
      path: "/env-groups",
      query: { ownerId: service.ownerId, limit: FULL_PAGE, cursor: next },
      retry: "safe",
      schema: groupPage,
    });
    const before = seen.size;
    for (const { envGroup } of rows) {
      seen.add(envGroup.id);
      if ((envGroup.serviceLinks ?? []).some((link) => link.id === service.id)) linked.add(envGroup.id);
    }
    const last = rows.at(-1)?.cursor;
    if (rows.length < FULL_PAGE || seen.size === before) return [...linked];
    if (!last || last === next || page === MOST_PAGES)
      throw new ServiceProblem({
        service: "Render",
        message: `Render's list of environment groups could not be read beyond the first ${seen.size}`,
      });
    next = last;
  }
}

async function groupVariables(api: RenderApi, groupId: string): Promise<ReadonlyMap<string, string>> {
  const found = await api.json({
    method: "GET",
    path: `/env-groups/${pathPart(groupId)}`,
    retry: "safe",
    schema: wholeGroup,
  });
  return new Map((found.envVars ?? []).map(({ key, value }) => [key, value]));
}

/** Which of several groups wins goes by an order that no answer tells. */
function merged(
  own: ReadonlyMap<string, string>,
  groups: readonly ReadonlyMap<string, string>[],
): ServiceVariables {
  const values = new Map(own);
  const ambiguous = new Set<string>();
  for (const [name, value] of groups.flatMap((group) => [...group])) {
    if (own.has(name)) continue;
    if (values.has(name) && values.get(name) !== value) ambiguous.add(name);
    values.set(name, value);
  }
  return { values, ambiguous };
}

/** The body of an answer that could not be read may hold values. */
function withoutValues({ failure }: ServiceProblem): ServiceProblem {
  const { body: _body, ...rest } = failure;
  return new ServiceProblem(rest);
}
