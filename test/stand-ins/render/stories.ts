import { sha } from "./records.ts";
import type { DeployStatus, Failure } from "./records.ts";
import type { LogStore } from "./logs.ts";
import { hasEnded, moveDeploy } from "./transitions.ts";
import { hasInstances } from "./world.ts";
import type { DeployInput, World } from "./world.ts";

/** A whole deploy in one line. All times in ms. */
export interface StoryOptions {
  /** When it is created; default now. In the past it is history. */
  readonly at?: number;
  readonly deployId?: string;
  readonly message?: string;
  readonly image?: string;
  readonly trigger?: string;
  readonly triggerDetails?: DeployInput["triggerDetails"];
  /** Five characters each; default: made up. */
  readonly instances?: readonly string[];
  /** How long it waits as `queued`; default not at all. */
  readonly queuedMs?: number;
  /** Default 2 s. */
  readonly createdMs?: number;
  /** Default 60 s; 0 leaves the build out. */
  readonly buildMs?: number;
  /** Default: no pre-deploy command. */
  readonly preDeployMs?: number;
  /** Default 20 s; static sites and cron jobs have none. */
  readonly updateMs?: number;
  /** A status that Render may add later, between build and update. */
  readonly future?: { readonly status: `future_${string}`; readonly ms: number };
  /** Default `live`. A failure comes at the end of its own phase. */
  readonly end?: "live" | "build_failed" | "pre_deploy_failed" | "update_failed" | "canceled";
  /** Why it failed. */
  readonly failure?: Failure;
  /** For `canceled`: how long after its creation; default in the middle of the build. */
  readonly cancelAfterMs?: number;
  /** For `canceled`: who superseded it; without it a person did. */
  readonly newDeploy?: string;
  /** Lines of every new instance, from the start of the update on, 10 ms apart. */
  readonly boot?: readonly string[];
  /** Render's own lines (`==> Build successful`); default true. */
  readonly platformLines?: boolean;
}

/** What will happen, or has. Times in ms. */
export interface Story {
  readonly deployId: string;
  readonly commit: string | null;
  /** Full ids. */
  readonly instances: readonly string[];
  readonly suffixes: readonly string[];
  readonly createdAt: number;
  readonly startedAt: number;
  /** When the new instances appear; absent if they never do. */
  readonly updateAt?: number;
  /** When it reaches its last status. */
  readonly endsAt: number;
  /** `endsAt` of a deploy that goes live. */
  readonly liveAt?: number;
}

/** Stories over a world. */
export interface Stories {
  story(serviceId: string, commit: string | null, options?: StoryOptions): Story;
  /** A deploy that has been live for a day, unless `at` says otherwise. */
  serving(serviceId: string, commit: string | null, options?: StoryOptions): Story;
  /** Override policy: the older deploy is canceled by the newer one, `afterMs` (30 s) after its creation. */
  overridden(
    serviceId: string,
    commits: {
      readonly older: string;
      readonly newer: string;
      readonly afterMs?: number;
      readonly options?: StoryOptions;
    },
  ): { readonly older: Story; readonly newer: Story };
  /**
   * Wait policy: while `running` runs, `skipped` (10 s later) and `next` (20 s later) pile up; only `next` goes on.
   * `as`: what becomes of the skipped one. Default `canceled` when `next` arrives.
   */
  waited(
    serviceId: string,
    commits: {
      readonly running: string;
      readonly skipped: string;
      readonly next: string;
      readonly as?: "canceled" | "stuck" | "never";
      readonly options?: StoryOptions;
    },
  ): { readonly running: Story; readonly skipped?: string; readonly next: Story };
  /** The event that says why no deploy will come. */
  ignored(serviceId: string, commit: string, at?: number): void;
  /** Deploys of other commits, created 1 s apart from `at` (default now) on, all over at once. */
  fillers(
    serviceId: string,
    count: number,
    options?: { readonly at?: number; readonly status?: "canceled" | "build_failed" },
  ): void;
}

const DAY_MS = 86_400_000;

/** Stories that write their deploys into `world` and their lines into `logs`. */
export function stories(world: World, logs: LogStore): Stories {
  const { timeline } = world;

  const tell = (serviceId: string, commit: string | null, options: StoryOptions = {}): Story => {
    const service = world.serviceState(serviceId).record;
    const deployId = options.deployId ?? world.id("dep");
    const end = options.end ?? "live";
    const createdAt = options.at ?? timeline.now();
    const wanted = Number(service.serviceDetails["numInstances"] ?? 1);
    const suffixes = hasInstances(service.type)
      ? (options.instances ?? Array.from({ length: wanted }, () => world.suffix()))
      : [];
    const say = (type: "build" | "platform", message: string): void => {
      if (options.platformLines !== false) logs.write(serviceId, { type, message });
    };
    const step = (time: number, status: DeployStatus, then?: () => void): void => {
      timeline.at(time, () => {
        if (hasEnded(world.deployState(deployId).record.status)) return;
        const { failure, newDeploy } = options;
        const detail = {
          ...(failure === undefined ? {} : { failure }),
          ...(newDeploy === undefined ? {} : { newDeploy }),
        };
        moveDeploy(world, deployId, { status, detail });
        then?.();
      });
    };

    let time = createdAt;
    timeline.at(time, () => {
      world.deploy(serviceId, {
        id: deployId,
        commit,
        instances: suffixes,
        status: options.queuedMs === undefined ? "created" : "queued",
        ...(options.message === undefined ? {} : { message: options.message }),
        ...(options.image === undefined ? {} : { image: options.image }),
        ...(options.trigger === undefined ? {} : { trigger: options.trigger }),
        ...(options.triggerDetails === undefined ? {} : { triggerDetails: options.triggerDetails }),
      });
    });
    if (options.queuedMs !== undefined) step((time += options.queuedMs), "created");
    time += options.createdMs ?? 2000;
    const startedAt = time;
    const buildMs = options.buildMs ?? 60_000;
    const finished = (fields: { readonly updateAt?: number } = {}): Story => {
      let endsAt = time;
      if (end === "canceled") {
        endsAt = createdAt + (options.cancelAfterMs ?? startedAt - createdAt + Math.floor(buildMs / 2));
        step(endsAt, "canceled");
      }
      const instances = suffixes.map((suffix) => `${serviceId}-${suffix}`);
      const isUpdated = fields.updateAt !== undefined && fields.updateAt < endsAt;
      return {
        deployId,
        commit,
        instances,
        suffixes,
        createdAt,
        startedAt,
        endsAt,
        ...(isUpdated ? fields : {}),
        ...(end === "live" ? { liveAt: endsAt } : {}),
      };
    };

    if (buildMs > 0) {
      const origin = service.repo ?? service.imagePath ?? "the image";
      step(time, "build_in_progress", () => say("build", `==> Cloning from ${origin}`));
      time += buildMs;
    }
    if (end === "build_failed") {
      step(time, "build_failed", () => say("build", "==> Build failed 😞"));
      return finished();
    }
    if (options.preDeployMs !== undefined || end === "pre_deploy_failed") {
      step(time, "pre_deploy_in_progress", () => say("build", "==> Build successful 🎉"));
      time += options.preDeployMs ?? 10_000;
    }
    if (end === "pre_deploy_failed") {
      step(time, "pre_deploy_failed", () => say("platform", "==> Pre-deploy has failed"));
      return finished();
    }
    if (options.future) {
      step(time, options.future.status);
      time += options.future.ms;
    }
    if (suffixes.length === 0) {
      step(time, end === "update_failed" ? "update_failed" : "live");
      return finished();
    }
    const updateAt = time;
    step(time, "update_in_progress", () => {
      say("platform", "==> Deploying...");
      for (const [index, message] of (options.boot ?? []).entries()) {
        for (const instance of suffixes)
          logs.write(serviceId, { message, instance, at: updateAt + index * 10 });
      }
    });
    time += options.updateMs ?? 20_000;
    if (end === "update_failed") step(time, "update_failed", () => say("platform", "==> Exited early"));
    else step(time, "live", () => say("platform", "==> Your service is live 🎉"));
    return finished({ updateAt });
  };

  const run = <Told>(told: Told): Told => {
    timeline.run();
    return told;
  };

  return {
    story: (serviceId, commit, options) => run(tell(serviceId, commit, options)),
    serving(serviceId, commit, options = {}) {
      return run(tell(serviceId, commit, { at: timeline.now() - DAY_MS, ...options }));
    },
    overridden(serviceId, { older, newer, afterMs = 30_000, options = {} }) {
      const at = options.at ?? timeline.now();
      const deployId = world.id("dep");
      const canceled = { end: "canceled", cancelAfterMs: afterMs, newDeploy: deployId } as const;
      const first = tell(serviceId, older, { ...options, ...canceled, at });
      return run({ older: first, newer: tell(serviceId, newer, { ...options, deployId, at: at + afterMs }) });
    },
    waited(serviceId, { running, skipped, next, as = "canceled", options = {} }) {
      const at = options.at ?? timeline.now();
      const first = tell(serviceId, running, { ...options, at });
      const skippedId = world.id("dep");
      if (as !== "never") {
        const input = { id: skippedId, commit: skipped, status: "queued" } as const;
        timeline.at(at + 10_000, () => world.deploy(serviceId, input));
      }
      if (as === "canceled") {
        timeline.at(at + 20_000, () => moveDeploy(world, skippedId, { status: "canceled" }));
      }
      const queuedMs = Math.max(0, first.endsAt - (at + 20_000));
      const last = tell(serviceId, next, { at: at + 20_000, queuedMs });
      return run({ running: first, next: last, ...(as === "never" ? {} : { skipped: skippedId }) });
    },
    ignored(serviceId, commit, at = timeline.now()) {
      const url = `${world.serviceState(serviceId).record.repo ?? "https://github.com/acme/shop"}/commit/${commit}`;
      world.event(serviceId, { type: "commit_ignored", details: { id: commit, url }, at });
    },
    fillers(serviceId, count, { at = timeline.now(), status = "canceled" } = {}) {
      for (let index = 0; index < count; index += 1) {
        timeline.at(at + index * 1000, () => {
          const { id } = world.deploy(serviceId, { commit: sha(`filler ${index}`) });
          moveDeploy(world, id, { status });
        });
      }
      timeline.run();
    },
  };
}
