import type { Json, Operation, Query } from "./contract.ts";
import { nanosOf } from "./logs.ts";
import type { LogStore } from "./logs.ts";
import { metricRoutes } from "./metrics.ts";
import type { MetricQuirks } from "./metrics.ts";
import { timeText } from "./records.ts";
import type { ServiceRecord } from "./records.ts";
import type { Stories, StoryOptions } from "./stories.ts";
import { hasEnded, moveDeploy } from "./transitions.ts";
import type { DeployState, EnvGroupState, ServiceState, World } from "./world.ts";

/** How the API behaves where it may behave either way. */
export interface RouteQuirks extends MetricQuirks {
  /** A trigger answers 202 without a body; its deploy appears queued, `queuedMs` of `trigger` (5 s) long. */
  emptyTrigger: boolean;
  /** How a triggered or rolled back deploy goes. */
  trigger: StoryOptions;
  /** Lists of deploys and events with the oldest first; Render promises no order. */
  oldestFirst: boolean;
  /** How many earlier deploys can be rolled back to. */
  keptDeploys: number;
  /** Environment groups carry a cursor, which the contract lacks. */
  groupCursors: boolean;
}

/** An answer; without `body` it has zero bytes. `violation`: the client broke a rule that the contract lacks. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly violation?: string;
}

interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Json | undefined;
}

/** Answers the routes of the contract; undefined: not served. */
export type Routes = (
  operation: Operation,
  call: { readonly query: Query; readonly body: Json | undefined },
) => Answer | undefined;

const HOUR_MS = 3_600_000;

function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}

function mistake(message: string): Answer {
  return { status: 400, body: { message }, violation: message };
}

interface Paged {
  readonly cursor: string;
  readonly value: unknown;
}

/** One page of `{cursor, <name>: item}`, or as `shape` has it. */
function page(
  items: readonly { readonly id: string; readonly value: unknown }[],
  about: { readonly name: string; readonly query: Query; readonly shape?: (item: Paged) => unknown },
): Answer {
  const { name, query } = about;
  const shape = about.shape ?? (({ cursor, value }: Paged) => ({ cursor, [name]: value }));
  const limit = Number(query["limit"]?.[0] ?? 20);
  const cursor = query["cursor"]?.[0];
  const withCursors = items.map((item) => ({
    ...item,
    cursor: Buffer.from(`after ${item.id}`).toString("base64url"),
  }));
  const before = cursor === undefined ? -1 : withCursors.findIndex((item) => item.cursor === cursor);
  if (cursor !== undefined && before < 0) return mistake(`cursor "${cursor}" was never given out`);
  const some = withCursors.slice(before + 1, before + 1 + limit);
  return { status: 200, body: some.map(shape) };
}

/** `<field>Before` and `<field>After` on a record's times. */
function isInTime(record: object, query: Query): boolean {
  const fields = record as Record<string, unknown>;
  return ["created", "updated", "finished"].every((name) => {
    const before = query[`${name}Before`]?.[0];
    const after = query[`${name}After`]?.[0];
    if (before === undefined && after === undefined) return true;
    const text = fields[`${name}At`];
    if (typeof text !== "string") return false;
    const time = nanosOf(text);
    return (before === undefined || time < nanosOf(before)) && (after === undefined || time > nanosOf(after));
  });
}

/** The routes over a world. */
export function routes(parts: {
  readonly world: World;
  readonly logs: LogStore;
  readonly stories: Stories;
  readonly quirks: RouteQuirks;
}): Routes {
  const { world, logs, stories, quirks } = parts;
  const { timeline } = world;
  const metrics = metricRoutes(world, quirks);

  const newestFirst = <Item>(items: readonly Item[], timeOf: (item: Item) => string): Item[] => {
    const sorted = items.toSorted((a, b) => {
      const [left, right] = [nanosOf(timeOf(a)), nanosOf(timeOf(b))];
      return left < right ? 1 : left > right ? -1 : 0;
    });
    return quirks.oldestFirst ? sorted.reverse() : sorted;
  };

  const list = (query: Query): Answer => {
    const has = (name: string, value: unknown): boolean => query[name]?.includes(String(value)) ?? true;
    const found = [...world.services.values()]
      .map((state) => state.record)
      .filter((record) => {
        const { serviceDetails: details } = record;
        if (query["includePreviews"]?.[0] === "false" && "parentServer" in details) return false;
        return (
          has("name", record.name) &&
          has("type", record.type) &&
          has("ownerId", record.ownerId) &&
          has("suspended", record.suspended) &&
          has("environmentId", record.environmentId) &&
          has("env", details["env"]) &&
          has("region", details["region"]) &&
          isInTime(record, query)
        );
      });
    return page(
      found.map((value) => ({ id: value.id, value })),
      { name: "service", query },
    );
  };

  const patch = (state: ServiceState, body: Json | undefined): Answer => {
    const { serviceDetails, image, ...fields } = body as unknown as Partial<ServiceRecord> & {
      readonly image?: { readonly imagePath: string };
    };
    const { record } = state;
    if (fields.autoDeployTrigger !== undefined && record.autoDeployTrigger === undefined)
      return mistake("this service has no autoDeployTrigger, only autoDeploy");
    if (fields.autoDeploy !== undefined && record.autoDeployTrigger !== undefined)
      return mistake("this service has autoDeployTrigger, which autoDeploy alone does not tell");
    Object.assign(record, fields, image === undefined ? {} : { imagePath: image.imagePath });
    Object.assign(record.serviceDetails, serviceDetails);
    if (fields.autoDeployTrigger !== undefined) {
      record.autoDeploy = fields.autoDeployTrigger === "off" ? "no" : "yes";
    }
    record.updatedAt = timeText(timeline.now());
    return { status: 200, body: record };
  };

  const trigger = (state: ServiceState, body: Json | undefined): Answer => {
    const { record } = state;
    const wish = body as { commitId?: string; imageUrl?: string; clearCache?: string; deployMode?: string };
    if (wish.deployMode !== undefined && (wish.commitId ?? wish.imageUrl ?? wish.clearCache) !== undefined) {
      return mistake("deployMode cannot be joined with commitId, imageUrl or clearCache");
    }
    if (wish.commitId !== undefined && record.type === "cron_job")
      return mistake("commitId is not for cron jobs");
    if (record.suspended === "suspended") return refusal(409, `service ${record.id} is suspended`);
    const newest = newestFirst(state.deploys, (deploy) => deploy.record.createdAt)[0];
    const commit =
      record.imagePath === undefined ? (wish.commitId ?? state.head ?? newest?.record.commit?.id) : null;
    if (commit === undefined) return refusal(400, "the branch has no commit");
    const options: StoryOptions = {
      trigger: "api",
      ...(wish.imageUrl === undefined ? {} : { image: wish.imageUrl }),
      ...quirks.trigger,
    };
    if (quirks.emptyTrigger) {
      stories.story(record.id, commit, { queuedMs: 5000, ...options });
      return { status: 202 };
    }
    const story = stories.story(record.id, commit, options);
    timeline.run();
    return { status: 201, body: world.deployState(story.deployId).record };
  };

  const rollback = (state: ServiceState, body: Json | undefined): Answer => {
    const { deployId } = body as { deployId: string };
    const target = state.deploys.find((deploy) => deploy.record.id === deployId);
    if (!target) return refusal(404, `not found: ${deployId}`);
    if (state.record.type === "cron_job") return refusal(400, "cron jobs cannot be rolled back");
    const kept = state.deploys
      .filter((deploy) => deploy.record.status === "deactivated")
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, quirks.keptDeploys);
    if (!kept.includes(target)) return refusal(400, `deploy ${deployId} cannot be rolled back to`);
    const story = stories.story(state.record.id, target.record.commit?.id ?? null, {
      ...quirks.trigger,
      buildMs: 0,
      trigger: "rollback",
      triggerDetails: { rollbackTargetDeployId: deployId },
    });
    timeline.run();
    return { status: 201, body: world.deployState(story.deployId).record };
  };

  const cancel = (state: ServiceState, deploy: DeployState): Answer => {
    if (state.record.type === "cron_job") return refusal(400, "deploys of cron jobs cannot be canceled");
    if (hasEnded(deploy.record.status)) return refusal(400, `deploy ${deploy.record.id} is over`);
    moveDeploy(world, deploy.record.id, { status: "canceled" });
    return { status: 200, body: deploy.record };
  };

  const restart = (state: ServiceState): Answer => {
    const { id } = state.record;
    for (const old of world.instances(id)) {
      old.endsAt = timeline.now();
      world.addInstance(id, { suffix: world.suffix(), deployId: old.deployId });
    }
    world.event(id, { type: "server_restarted", details: { triggeredByUser: "ops@acme.test" } });
    return { status: 200 };
  };

  const events = (state: ServiceState, query: Query): Answer => {
    const now = timeline.now();
    const to = query["endTime"]?.[0] ?? timeText(now);
    const from = query["startTime"]?.[0] ?? timeText(now - HOUR_MS);
    if (nanosOf(from) > nanosOf(to)) return mistake("startTime lies after endTime");
    const type = query["type"]?.[0];
    const found = state.events.filter((event) => {
      const time = nanosOf(event.timestamp);
      return time >= nanosOf(from) && time <= nanosOf(to) && (type === undefined || event.type === type);
    });
    const sorted = newestFirst(found.toReversed(), (event) => event.timestamp);
    return page(
      sorted.map((value) => ({ id: value.id, value })),
      { name: "event", query },
    );
  };

  const deployList = (state: ServiceState, query: Query): Answer => {
    const found = state.deploys
      .map((deploy) => deploy.record)
      .filter((record) => (query["status"]?.includes(record.status) ?? true) && isInTime(record, query));
    const sorted = newestFirst(found.toReversed(), (record) => record.createdAt);
    return page(
      sorted.map((value) => ({ id: value.id, value })),
      { name: "deploy", query },
    );
  };

  const ofService: Readonly<Record<string, (state: ServiceState, call: Call) => Answer>> = {
    "GET /services/{serviceId}": (state) => ({ status: 200, body: state.record }),
    "PATCH /services/{serviceId}": (state, { body }) => patch(state, body),
    "GET /services/{serviceId}/deploys": (state, { query }) => deployList(state, query),
    "POST /services/{serviceId}/deploys": (state, { body }) => trigger(state, body),
    "POST /services/{serviceId}/rollback": (state, { body }) => rollback(state, body),
    "POST /services/{serviceId}/restart": (state) => restart(state),
    "GET /services/{serviceId}/events": (state, { query }) => events(state, query),
    "GET /services/{serviceId}/instances": (state) => ({
      status: 200,
      body: world
        .instances(state.record.id)
        .map(({ id, createdAt }) => ({ id, createdAt: timeText(createdAt) })),
    }),
    "GET /services/{serviceId}/env-vars": (state, { query }) =>
      page(
        [...state.env].map(([key, value]) => ({ id: key, value: { key, value } })),
        { name: "envVar", query },
      ),
    "GET /services/{serviceId}/env-vars/{envVarKey}": (state, { params }) => {
      const key = params["envVarKey"] ?? "";
      const value = state.env.get(key);
      return value === undefined ? refusal(404, `not found: ${key}`) : { status: 200, body: { key, value } };
    },
    "GET /services/{serviceId}/custom-domains": (state, { query }) => {
      const has = (name: string, value: unknown): boolean => query[name]?.includes(String(value)) ?? true;
      const found = state.domains.filter(
        (domain) =>
          has("name", domain["name"]) &&
          has("domainType", domain["domainType"]) &&
          has("verificationStatus", domain["verificationStatus"]) &&
          isInTime(domain, query),
      );
      return page(
        found.map((value) => ({ id: String(value["id"]), value })),
        { name: "customDomain", query },
      );
    },
  };

  const logRoute = (query: Query, ask: (query: Query) => { readonly problem: string } | object): Answer => {
    const refused = checkResources(world, query);
    if (refused) return refused;
    try {
      const found = ask(query);
      return "problem" in found ? mistake(found.problem) : { status: 200, body: found };
    } catch (error) {
      if (error instanceof SyntaxError) return mistake(error.message);
      throw error;
    }
  };

  const others: Readonly<Record<string, (call: Call) => Answer>> = {
    "GET /services": ({ query }) => list(query),
    "GET /logs": ({ query }) => logRoute(query, logs.page),
    "GET /logs/values": ({ query }) => logRoute(query, logs.values),
    "GET /events/{eventId}": ({ params }) => {
      const all = [...world.services.values()].flatMap((state) => state.events);
      const event = all.find((one) => one.id === params["eventId"]);
      return event ? { status: 200, body: event } : refusal(404, `not found: ${params["eventId"]}`);
    },
    "GET /users": () => ({ status: 200, body: { email: "ops@acme.test", name: "Ops" } }),
    "GET /owners": ({ query }) => {
      const ids = [...new Set([...world.services.values()].map((state) => state.record.ownerId))];
      const owner = (id: string): object => ({ id, name: "Acme", email: "ops@acme.test", type: "team" });
      return page(
        ids.map((id) => ({ id, value: owner(id) })),
        { name: "owner", query },
      );
    },
    "GET /maintenance": () => ({ status: 200, body: [] }),
    "GET /env-groups": ({ query }) => {
      const found = [...world.envGroups.values()].filter(
        (one) =>
          (query["name"]?.includes(one.name) ?? true) && (query["ownerId"]?.includes(one.ownerId) ?? true),
      );
      const shape = ({ cursor, value }: Paged): unknown =>
        quirks.groupCursors ? { ...(value as object), cursor } : value;
      return page(
        found.map((group) => ({ id: group.id, value: groupMeta(group) })),
        { name: "envGroup", query, shape },
      );
    },
    "GET /env-groups/{envGroupId}": ({ params }) => {
      const group = world.envGroups.get(params["envGroupId"] ?? "");
      if (!group) return refusal(404, `not found: ${params["envGroupId"]}`);
      const envVars = Object.entries(group.values).map(([key, value]) => ({ key, value }));
      return { status: 200, body: { ...groupMeta(group), envVars, secretFiles: [] } };
    },
    "GET /postgres": ({ query }) => {
      const found = [...world.databases.values()].filter((one) => {
        const owner = (one["owner"] as { readonly id: string }).id;
        return (
          (query["name"]?.includes(String(one["name"])) ?? true) &&
          (query["ownerId"]?.includes(owner) ?? true)
        );
      });
      return page(
        found.map((value) => ({ id: String(value["id"]), value })),
        { name: "postgres", query },
      );
    },
  };

  return (operation, { query, body }) => {
    const { params } = operation;
    const route = `${operation.method} ${operation.template}`;
    const call: Call = { params, query, body };
    const other = others[route];
    if (other) return other(call);
    const metric = /^GET \/metrics\/([\w-]+)$/.exec(route)?.[1];
    if (metric !== undefined) return metrics(metric, query);
    if (params["postgresId"] !== undefined) return postgres(world, { id: params["postgresId"], route });
    const serviceId = params["serviceId"] ?? "";
    const state = world.services.get(serviceId);
    const deployId = params["deployId"];
    const handler = ofService[route];
    if (!handler && deployId === undefined) return undefined;
    if (!state) return refusal(404, `not found: ${serviceId}`);
    if (handler) return handler(state, call);
    const deploy = state.deploys.find((one) => one.record.id === deployId);
    if (!deploy) return refusal(404, `not found: ${deployId ?? ""}`);
    return operation.method === "GET" ? { status: 200, body: deploy.record } : cancel(state, deploy);
  };
}

function groupMeta({ values: _values, ...meta }: EnvGroupState): object {
  return meta;
}

function postgres(world: World, about: { readonly id: string; readonly route: string }): Answer {
  const record = world.databases.get(about.id);
  if (!record) return refusal(404, `not found: ${about.id}`);
  if (!about.route.endsWith("connection-info")) return { status: 200, body: { project: {}, ...record } };
  const internal = `postgresql://shop_user:s3cret-stand-in@${about.id}/shop`;
  const external = internal.replace(about.id, `${about.id}.frankfurt-postgres.render.com`);
  const body = {
    password: "s3cret-stand-in",
    internalConnectionString: internal,
    externalConnectionString: external,
    psqlCommand: `PGPASSWORD=s3cret-stand-in psql -h ${about.id}.frankfurt-postgres.render.com -U shop_user shop`,
  };
  return { status: 200, body };
}

/** The resources of a log query must exist and belong to its owner. */
export function checkResources(world: World, query: Query): Answer | undefined {
  const ownerId = query["ownerId"]?.[0] ?? "";
  for (const id of query["resource"] ?? []) {
    const owner = world.services.get(id)?.record.ownerId;
    if (owner === undefined) return refusal(404, `not found: ${id}`);
    if (owner !== ownerId) return mistake(`resource ${id} does not belong to ${ownerId}`);
  }
  return undefined;
}
