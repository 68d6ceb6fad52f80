import { failures, idFrom, serviceRecord, timeText } from "./records.ts";
import type { DeployRecord, Failure, ServiceInput, ServiceRecord } from "./records.ts";
import type { MetricName, MetricStory } from "./metrics.ts";
import type { Timeline } from "./timeline.ts";

/** A running copy of a service; `endsAt` (ms) once its end is known. */
export interface InstanceState {
  readonly id: string;
  readonly suffix: string;
  readonly createdAt: number;
  readonly deployId: string;
  endsAt?: number;
}

export interface EventRecord {
  readonly id: string;
  readonly timestamp: string;
  readonly serviceId: string;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface EventInput {
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Default now. */
  readonly at?: number;
  readonly id?: string;
}

/** `trigger` of the events `deploy_started` and `build_started`. */
export interface TriggerDetails {
  readonly [name: string]: boolean | string | { readonly id: string; readonly email: string };
}

export interface DeployState {
  readonly record: DeployRecord;
  readonly serviceId: string;
  readonly buildId: string;
  readonly commandId: string;
  /** Suffixes of the instances it brings. */
  readonly suffixes: readonly string[];
  readonly triggerDetails: TriggerDetails;
  /** ms. */
  readonly createdAt: number;
}

export interface ServiceState {
  readonly record: ServiceRecord;
  readonly deploys: DeployState[];
  readonly events: EventRecord[];
  readonly domains: Readonly<Record<string, unknown>>[];
  readonly env: Map<string, string>;
  instances: InstanceState[];
  /** What a trigger without a commit deploys. */
  head?: string;
}

/** What a deploy may be given; the rest is made up. */
export interface DeployInput {
  readonly id?: string;
  /** A commit id, or null for an image-backed service. */
  readonly commit?: string | null;
  readonly message?: string;
  readonly image?: string;
  readonly status?: "queued" | "created";
  readonly trigger?: string;
  /** Five characters [0-9a-z] each; default: as many as the service's numInstances. */
  readonly instances?: readonly string[];
  readonly triggerDetails?: TriggerDetails;
}

/** A group of variables as the API shows it; `values` are its variables. */
export interface EnvGroupState {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly serviceLinks: readonly { readonly id: string; readonly name: string; readonly type: string }[];
  readonly values: Readonly<Record<string, string>>;
}

/** Everything Render would know: services, deploys, instances, events. */
export interface World {
  readonly timeline: Timeline;
  readonly services: ReadonlyMap<string, ServiceState>;
  readonly databases: Map<string, Record<string, unknown>>;
  /** By resource and name. */
  readonly metrics: ReadonlyMap<string, MetricStory>;
  readonly envGroups: ReadonlyMap<string, EnvGroupState>;
  /** A new id such as `dep-…`; deterministic. */
  readonly id: (prefix: string) => string;
  readonly suffix: () => string;
  readonly service: (input?: ServiceInput) => ServiceRecord;
  /** Throws for an id that was never added. */
  readonly serviceState: (serviceId: string) => ServiceState;
  readonly deploy: (serviceId: string, input?: DeployInput) => DeployRecord;
  readonly deployState: (deployId: string) => DeployState;
  /** Instances that exist now. */
  readonly instances: (serviceId: string) => readonly InstanceState[];
  addInstance(
    serviceId: string,
    input: { readonly suffix: string; readonly deployId: string },
  ): InstanceState;
  readonly event: (serviceId: string, input: EventInput) => string;
  /** `server_failed`, and a new instance that becomes available at once; gives its suffix. */
  readonly crash: (serviceId: string, suffix: string, failure?: Failure) => string;
  readonly customDomain: (serviceId: string, name: string, status?: "verified" | "unverified") => void;
  readonly env: (serviceId: string, values: Readonly<Record<string, string>>) => void;
  /** A group linked to services, of their workspace. */
  readonly envGroup: (group: {
    readonly name: string;
    readonly values: Readonly<Record<string, string>>;
    readonly services: readonly string[];
  }) => EnvGroupState;
  /** What a metric of a service or a database shows. */
  readonly metric: (resourceId: string, name: MetricName, story: MetricStory) => void;
  readonly postgres: (fields?: Readonly<Record<string, unknown>>) => Record<string, unknown>;
}

/** As links name them. */
const SHORT_TYPES: Readonly<Record<string, string>> = {
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  static_site: "static",
  cron_job: "cron",
};

/** Whether a service of that type has instances at all. */
export function hasInstances(type: string): boolean {
  return type !== "static_site" && type !== "cron_job";
}

/** An empty world on a timeline. */
export function world(timeline: Timeline): World {
  const services = new Map<string, ServiceState>();
  const deploys = new Map<string, DeployState>();
  const databases = new Map<string, Record<string, unknown>>();
  const metrics = new Map<string, MetricStory>();
  const envGroups = new Map<string, EnvGroupState>();
  let count = 0;

  const self: World = {
    timeline,
    services,
    databases,
    metrics,
    envGroups,
    id(prefix) {
      count += 1;
      return `${prefix}-${idFrom(`${prefix} ${count}`)}`;
    },
    suffix() {
      count += 1;
      return idFrom(`suffix ${count}`, 5);
    },

    service(input = {}) {
      count += 1;
      const record = serviceRecord(input, { id: idFrom(`service ${count}`), now: timeline.now() });
      if (!/^(srv|crn)-[0-9a-z]{20}$/.test(record.id)) throw new Error(`"${record.id}" is no service id`);
      services.set(record.id, {
        record,
        deploys: [],
        events: [],
        domains: [],
        env: new Map(),
        instances: [],
      });
      return record;
    },
    serviceState(serviceId) {
      const state = services.get(serviceId);
      if (!state) throw new Error(`The stand-in has no service ${serviceId}`);
      return state;
    },

    deploy(serviceId, input = {}) {
      const state = self.serviceState(serviceId);
      const { record: service } = state;
      const createdAt = timeline.now();
      const image = input.image ?? service.imagePath;
      const commit = input.commit ?? null;
      const trigger = input.trigger ?? (commit === null ? "manual" : "new_commit");
      const wanted = Number(service.serviceDetails["numInstances"] ?? 1);
      const suffixes = input.instances ?? Array.from({ length: wanted }, () => self.suffix());
      for (const suffix of suffixes) {
        if (!/^[0-9a-z]{5}$/.test(suffix))
          throw new Error(`"${suffix}" is no instance suffix: five of [0-9a-z]`);
      }
      const record: DeployRecord = {
        id: input.id ?? self.id("dep"),
        commit:
          commit === null
            ? null
            : {
                id: commit,
                message: input.message ?? "Fix totals (#41)",
                createdAt: timeText(createdAt - 12_000),
              },
        ...(image === undefined ? {} : { image: { ref: image, sha: `sha256:${idFrom(image, 64)}` } }),
        status: input.status ?? "created",
        trigger,
        createdAt: timeText(createdAt),
        startedAt: null,
        finishedAt: null,
        updatedAt: timeText(createdAt),
      };
      const deploy: DeployState = {
        record,
        serviceId,
        buildId: self.id("bld"),
        commandId: self.id("dce"),
        suffixes: hasInstances(service.type) ? suffixes : [],
        createdAt,
        triggerDetails: {
          firstBuild: state.deploys.length === 0,
          envUpdated: trigger === "service_updated",
          manual: trigger === "manual" || trigger === "api",
          deployedByRender: trigger === "deployed_by_render",
          clearCache: false,
          rollback: trigger === "rollback",
          ...(trigger === "new_commit" && commit !== null ? { newCommit: commit } : {}),
          ...input.triggerDetails,
        },
      };
      state.deploys.push(deploy);
      deploys.set(record.id, deploy);
      return record;
    },
    deployState(deployId) {
      const deploy = deploys.get(deployId);
      if (!deploy) throw new Error(`The stand-in has no deploy ${deployId} (yet)`);
      return deploy;
    },

    instances(serviceId) {
      const now = timeline.now();
      return self
        .serviceState(serviceId)
        .instances.filter((one) => one.createdAt <= now && (one.endsAt === undefined || one.endsAt > now));
    },
    addInstance(serviceId, { suffix, deployId }) {
      const instance: InstanceState = {
        id: `${serviceId}-${suffix}`,
        suffix,
        createdAt: timeline.now(),
        deployId,
      };
      self.serviceState(serviceId).instances.push(instance);
      return instance;
    },

    event(serviceId, input) {
      const id = input.id ?? self.id("evt");
      const add = (): void => {
        self.serviceState(serviceId).events.push({
          id,
          timestamp: timeText(input.at ?? timeline.now()),
          serviceId,
          type: input.type,
          details: input.details ?? {},
        });
      };
      if (input.at !== undefined && input.at > timeline.now()) timeline.at(input.at, add);
      else add();
      return id;
    },
    crash(serviceId, suffix, failure = failures.exit()) {
      const instance = self.instances(serviceId).find((one) => one.suffix === suffix);
      if (!instance) throw new Error(`${serviceId} has no instance ${suffix} at this time`);
      instance.endsAt = timeline.now();
      self.event(serviceId, { type: "server_failed", details: { instanceID: instance.id, reason: failure } });
      const next = self.addInstance(serviceId, { suffix: self.suffix(), deployId: instance.deployId });
      self.event(serviceId, { type: "server_available" });
      return next.suffix;
    },

    customDomain(serviceId, name, status = "verified") {
      const parts = name.split(".");
      self.serviceState(serviceId).domains.push({
        id: self.id("cdm"),
        name,
        domainType: parts.length > 2 ? "subdomain" : "apex",
        publicSuffix: parts.at(-1) ?? "",
        redirectForName: "",
        verificationStatus: status,
        createdAt: timeText(timeline.now()),
        server: { id: serviceId, name: self.serviceState(serviceId).record.name },
      });
    },
    env(serviceId, values) {
      for (const [key, value] of Object.entries(values)) self.serviceState(serviceId).env.set(key, value);
    },
    envGroup({ name, values, services: linked }) {
      const id = self.id("evg");
      const now = timeText(timeline.now());
      const records = linked.map((serviceId) => self.serviceState(serviceId).record);
      const group: EnvGroupState = {
        id,
        name,
        ownerId: records[0]?.ownerId ?? "tea-abcd0123456789efghij",
        createdAt: now,
        updatedAt: now,
        serviceLinks: records.map((record) => ({
          id: record.id,
          name: record.name,
          type: SHORT_TYPES[record.type] ?? "web",
        })),
        values,
      };
      envGroups.set(id, group);
      return group;
    },
    metric(resourceId, name, story) {
      if (!services.has(resourceId) && !databases.has(resourceId))
        throw new Error(`The stand-in has no ${resourceId}`);
      metrics.set(`${resourceId} ${name}`, story);
    },
    postgres(fields = {}) {
      const id = typeof fields["id"] === "string" ? fields["id"] : `${self.id("dpg")}-a`;
      const now = timeText(timeline.now());
      const record = {
        id,
        ipAllowList: [],
        createdAt: now,
        updatedAt: now,
        databaseName: "shop",
        databaseUser: "shop_user",
        highAvailabilityEnabled: false,
        name: "shop-db",
        owner: { id: "tea-abcd0123456789efghij", name: "Acme", email: "ops@acme.test", type: "team" },
        plan: "basic_256mb",
        region: "frankfurt",
        readReplicas: [],
        role: "primary",
        status: "available",
        version: "17",
        suspended: "not_suspended",
        suspenders: [],
        dashboardUrl: `https://dashboard.render.com/d/${id}`,
        diskAutoscalingEnabled: false,
        ...fields,
      };
      databases.set(id, record);
      return record;
    },
  };
  return self;
}
