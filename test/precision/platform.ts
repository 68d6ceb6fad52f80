import type { EventFailure, RenderEvent } from "../../src/core/event.ts";
import type { Service } from "../../src/core/service.ts";
import type { Random } from "./random.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  type DeployCourse,
  type Lived,
  type Outage,
  type Written,
} from "./world.ts";

/** A deploy at Render, with what happened before and what happens after; filled in by those who tell the story. */
export interface Platform {
  readonly service: Service;
  readonly commits: { readonly sha: string; readonly at: number }[];
  readonly pushAt: number;
  readonly startedAt: number;
  /** When the new instances are started, ms. */
  readonly updateAt: number;
  readonly liveAt: number;
  /** Until when the old instances run. */
  readonly oldEndsAt: number;
  readonly deploys: DeployCourse[];
  readonly instances: Lived[];
  readonly events: RenderEvent[];
  readonly lines: Written[];
  readonly outages: Outage[];
  /** Writes a line; it can be read some seconds later, now and then much later. */
  say(
    at: number,
    message: string,
    from?: { readonly instance?: string; readonly type?: string; readonly level?: string },
  ): void;
  /** The newest instance that runs then. */
  instanceAt(at: number): Lived | undefined;
  /** Ends an instance, and starts another one in its place; gives that. */
  replace(
    at: number,
    old: Lived,
    why: { readonly type?: string; readonly failure?: EventFailure; readonly downMs?: number },
  ): Lived;
}

export const OLD = "aaaaa";
export const NEW = "bbbbb";

/** A commit's id that says what it is. */
export const shaOf = (name: string): string => Buffer.from(name).toString("hex").padEnd(40, "0").slice(0, 40);

/** Of a thousand lines so many come late, and two so late that the stream's order is turned round. */
const LATE_SHARE = 0.02;

/** A deploy that starts in this hour of the week (0 is Monday midnight, UTC) and goes live some minutes later. */
export function startPlatform(
  random: Random,
  about: {
    readonly name: string;
    readonly weekHour: number;
    readonly instances?: number;
    readonly plan: string;
  },
): Platform {
  const monday = Date.UTC(2026, 10, 16);
  const pushAt = monday + about.weekHour * HOUR + Math.floor(random.between(0, HOUR));
  const servedSince = pushAt - Math.floor(random.between(0.3, 9) * DAY);
  const isQueued = random.isHit(0.15);
  const createdAt = pushAt + Math.floor(random.between(3, 25) * SECOND);
  const startedAt =
    createdAt + Math.floor(isQueued ? random.between(0.5, 4) * MINUTE : random.between(1, 5) * SECOND);
  const updateAt = startedAt + Math.floor(random.logNormal(150, 0.35) * SECOND);
  const liveAt = updateAt + Math.floor(random.between(20, 70) * SECOND);
  const oldEndsAt = liveAt + 60 * SECOND + Math.floor(random.between(1, 30) * SECOND);
  const id = "srv-1";
  const service: Service = {
    id,
    name: about.name,
    ownerId: "tea-1",
    type: "web_service",
    autoDeploy: true,
    autoDeployTrigger: "commit",
    suspended: false,
    suspenders: [],
    repo: "https://github.com/acme/shop",
    branch: "main",
    rootDir: "",
    dashboardUrl: `https://dashboard.render.com/web/${id}`,
    url: `https://${about.name}.onrender.com`,
    healthCheckPath: "/health",
    plan: about.plan,
    numInstances: about.instances ?? 1,
    maintenanceMode: false,
    shutdownDelayMs: 30 * SECOND,
  };
  const commits = [
    { sha: shaOf("before"), at: servedSince - 30 * DAY },
    { sha: shaOf("good"), at: servedSince - 5 * MINUTE },
    { sha: shaOf("new"), at: pushAt },
  ];
  const instances: Lived[] = [];
  const events: RenderEvent[] = [];
  const lines: Written[] = [];
  const lived = (suffix: string, from: number, endsAt: number): Lived => {
    const one = { id: `${id}-${suffix}`, suffix, createdAt: from, endsAt };
    instances.push(one);
    return one;
  };
  const suffixOf = (first: string, nth: number): string =>
    nth === 0 ? first : `${first.slice(0, 4)}${String(nth)}`;
  for (let nth = 0; nth < (about.instances ?? 1); nth += 1) {
    lived(suffixOf(OLD, nth), servedSince - MINUTE, oldEndsAt);
    lived(suffixOf(NEW, nth), updateAt + 2 * SECOND, Infinity);
  }
  let replaced = 0;
  const steps = (of: number, start: number, update: number, live: number): DeployCourse["steps"] => [
    { at: of, status: "created" },
    { at: start, status: "build_in_progress" },
    { at: update, status: "update_in_progress" },
    { at: live, status: "live" },
  ];
  const deploys: DeployCourse[] = [
    {
      id: "dep-0",
      sha: shaOf("before"),
      trigger: "new_commit",
      createdAt: servedSince - 20 * DAY,
      steps: [
        ...steps(
          servedSince - 20 * DAY,
          servedSince - 20 * DAY + 5_000,
          servedSince - 20 * DAY + 150_000,
          servedSince - 20 * DAY + 180_000,
        ),
        { at: servedSince, status: "deactivated" },
      ],
    },
    {
      id: "dep-1",
      sha: shaOf("good"),
      trigger: "new_commit",
      createdAt: servedSince - 5 * MINUTE,
      steps: [
        ...steps(servedSince - 5 * MINUTE, servedSince - 4 * MINUTE, servedSince - MINUTE, servedSince),
        { at: liveAt, status: "deactivated" },
      ],
    },
    {
      id: "dep-2",
      sha: shaOf("new"),
      trigger: "new_commit",
      createdAt,
      steps: steps(createdAt, startedAt, updateAt, liveAt),
    },
  ];

  const platform: Platform = {
    service,
    commits,
    pushAt,
    startedAt,
    updateAt,
    liveAt,
    oldEndsAt,
    deploys,
    instances,
    events,
    lines,
    outages: [],
    say(at, message, { instance, type = "app", level = "info" } = {}) {
      const lateMs = random.isHit(LATE_SHARE) ? random.between(5, 45) * SECOND : random.exponential(1_200);
      const whole = Math.floor(at);
      lines.push({
        id: `line-${String(lines.length)}`,
        at: whole,
        timestamp: new Date(whole).toISOString(),
        message,
        type,
        level,
        ...(instance === undefined ? {} : { instance }),
        seenAt: whole + Math.floor(lateMs),
      });
    },
    instanceAt: (at) => instances.findLast(({ createdAt: from, endsAt }) => from <= at && at < endsAt),
    replace(at, old, { type, failure, downMs = 8 * SECOND }) {
      const index = instances.indexOf(old);
      instances[index] = { ...old, endsAt: at };
      replaced += 1;
      if (type !== undefined)
        events.push({
          id: `evt-${String(events.length)}`,
          type,
          at,
          instanceId: old.id,
          ...(failure === undefined ? {} : { failure }),
        });
      return lived(`r${String(replaced).padStart(4, "0")}`, Math.floor(at + downMs), old.endsAt);
    },
  };
  for (const [nth, words] of BUILD.entries())
    platform.say(startedAt + (nth + 1) * 2_000, words, { type: "build" });
  platform.say(updateAt, "==> Deploying...", {});
  platform.say(liveAt, "==> Your service is live 🎉", {});
  return platform;
}

const BUILD = [
  "==> Cloning from https://github.com/hgroman/scrapersky-backend",
  `==> Checking out commit ${shaOf("new")} in branch main`,
  "==> Building Docker image...",
  "==> Running docker build...",
  "#5 [2/6] RUN pip install -r requirements.txt",
  "#9 exporting layers",
  "==> Build successful 🎉",
];
