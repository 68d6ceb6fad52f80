import { readFileSync } from "node:fs";
import type { HttpAnswer } from "../../src/core/http-sample.ts";
import { failDeploy, type FailedDeploy } from "./failed-deploy.ts";
import { printAgain, type Prints } from "./fault-lines.ts";
import { addNoise, coldness, isIn, takeOver } from "./noise.ts";
import { OLD, shaOf, startPlatform } from "./platform.ts";
import { writeLines } from "./shop-lines.ts";
import { busyness, moments } from "./traffic.ts";
import { randomOf } from "./random.ts";
import { HOUR, MINUTE, SECOND, type Lived, type World } from "./world.ts";

/** What the new version of the shop does wrong; times in ms after live, everything from `onsetMs` on. */
export interface ShopFault {
  readonly onsetMs: number;
  readonly end?: FailedDeploy;
  /** Answers of that status. */
  readonly healthStatus?: number;
  /** The service does not answer at all. */
  readonly isSilent?: boolean;
  readonly latencyFactor?: number;
  readonly serverErrorShare?: number;
  readonly leakPerHour?: number;
  /** A line of its own, so many an hour. */
  readonly prints?: Prints;
  readonly crashEveryMs?: number;
  readonly crash?: { readonly nonZeroExit?: number; readonly oomKilled?: string };
  readonly orphansPerHour?: number;
  readonly connections?: number;
  readonly cpu?: number;
  readonly lacksStart?: boolean;
  /** Nothing is written and nothing is done any more. */
  readonly stops?: boolean;
}

const CONFIG = readFileSync(new URL("shop.yml", import.meta.url), "utf8");
const MONOREPO = readFileSync(new URL("../../examples/monorepo/api.yml", import.meta.url), "utf8");
const LIMIT = 512 * 1024 ** 2;
const START_UP = [
  "INFO:     Started server process [7]",
  "INFO:     Waiting for application startup.",
  "INFO: connected to database",
  "INFO:     Application startup complete.",
];

/** A small web shop, the deploy of its next version, and the day after. The same seed gives the same world. */
export function shopWorld(
  seed: string,
  about: {
    readonly weekHour: number;
    readonly lastsMs: number;
    readonly isMonorepo?: boolean;
    readonly fault?: ShopFault;
  },
): World {
  const { fault } = about;
  const random = randomOf(seed);
  const instances = random.isHit(0.3) ? 2 : 1;
  const platform = startPlatform(random.fork("platform"), {
    name: "shop-api",
    weekHour: about.weekHour,
    plan: "starter",
    instances,
  });
  const { liveAt, updateAt } = platform;
  const until = liveAt + about.lastsMs;
  const onset = fault === undefined ? Infinity : liveAt + fault.onsetMs;
  const isBad = (at: number): boolean => at >= onset;
  const { slow } = addNoise(random.fork("noise"), platform, until);
  if (fault === undefined) takeOver(random.fork("newer"), platform, until);
  if (fault === undefined) scale(random.fork("scale"), platform, until);
  const perMinute = random.logNormal(70, 0.5);
  const warmMs = random.between(8, 25) * SECOND;
  const coldFactor = random.between(0.5, 5);
  const traffic = (at: number): number => perMinute * busyness(at);

  // Crashes, each with a new instance in its place.
  if (fault?.crashEveryMs !== undefined)
    for (let at = onset; at < until; at += fault.crashEveryMs) {
      const old = platform.instanceAt(at);
      if (old !== undefined)
        platform.replace(at, old, { type: "server_failed", failure: fault.crash ?? { nonZeroExit: 1 } });
    }

  writeLines(random.fork("lines"), platform, {
    until: Math.min(until, fault?.stops ? onset : Infinity),
    traffic,
  });
  for (const { suffix, createdAt } of platform.instances.filter((one) => one.createdAt < until))
    for (const [nth, message] of START_UP.entries())
      if (!(fault?.lacksStart === true && createdAt >= updateAt && nth === START_UP.length - 1))
        platform.say(createdAt + nth * 2_500, message, { instance: suffix });
  if (fault?.prints !== undefined)
    printAgain(random.fork("fault"), platform, { ...fault.prints, from: onset, to: until });

  const chance = (at: number, salt: string) => randomOf(`${seed} ${salt} ${String(Math.floor(at / 1_000))}`);
  const latencyOf = (at: number, median: number, spread: number, salt: string): number => {
    const own = chance(at, salt);
    const tail = own.isHit(0.006) ? own.between(4, 15) : 1;
    const load = 1 + 0.35 * busyness(at);
    const base = own.logNormal(median, spread) * tail * load * (isIn(slow, at) ? 3 : 1);
    return (
      base *
      coldness(platform.instances, at, warmMs, coldFactor) *
      (isBad(at) ? (fault?.latencyFactor ?? 1) : 1)
    );
  };
  if (fault?.end !== undefined) failDeploy(platform, fault.end);

  return {
    ...platform,
    deployed: shaOf("new"),
    liveAt: fault?.end === undefined ? liveAt : undefined,
    config: about.isMonorepo === true ? MONOREPO : CONFIG,
    files: {},
    lines: platform.lines.toSorted((a, b) => a.at - b.at),
    events: platform.events.toSorted((a, b) => a.at - b.at),
    environment: {},
    metricLagMs: Math.floor(random.between(45, 100) * SECOND),
    metric(kind, at, instance) {
      const own = chance(at, `${kind} ${instance?.suffix ?? ""}`);
      switch (kind) {
        case "memory": {
          const age = at - (instance?.createdAt ?? at);
          const sawtooth = ((age / (17 * MINUTE)) % 1) * 0.12;
          const warm = 0.4 + 0.08 * (1 - Math.exp(-age / (20 * MINUTE))) + sawtooth + 0.06 * busyness(at);
          const leak =
            isBad(at) && instance?.suffix.startsWith(OLD.slice(0, 4)) !== true
              ? ((fault?.leakPerHour ?? 0) * (at - onset)) / HOUR
              : 0;
          return Math.min(1.02, warm + leak) * LIMIT * (1 + 0.01 * own.normal());
        }
        case "memory_limit":
          return LIMIT;
        case "cpu":
          return Math.min(
            0.5,
            isBad(at) && fault?.cpu !== undefined
              ? fault.cpu * 0.5
              : 0.05 + 0.16 * busyness(at) * own.logNormal(1, 0.3),
          );
        case "cpu_limit":
          return 0.5;
        case "http_requests": {
          const asked = own.poisson(isBad(at) && fault?.isSilent === true ? traffic(at) * 0.6 : traffic(at));
          const share =
            (isBad(at) ? (fault?.serverErrorShare ?? (fault?.isSilent === true ? 0.9 : 0)) : 0) + 0.0008;
          const bad = own.poisson(asked * share);
          return {
            200: Math.max(0, asked - bad),
            404: own.poisson(asked * 0.02),
            ...(bad > 0 ? { 500: bad } : {}),
          };
        }
        case "http_latency":
          return traffic(at) < 1 ? undefined : latencyOf(at, 260, 0.2, "metric latency") * 2;
        case "active_connections":
          return Math.round(
            isBad(at) && fault?.connections !== undefined
              ? fault.connections
              : 12 + 25 * busyness(at) * own.logNormal(1, 0.15),
          );
        case "instance_count":
          return undefined;
      }
    },
    probe(url, at): HttpAnswer {
      const own = chance(at, "probe");
      const isSearch = url.includes("/search");
      if (isBad(at) && fault?.isSilent === true)
        return { kind: "silence", latencyMs: 40, cause: "refused", reason: "connection refused" };
      const latencyMs = own.isHit(0.001)
        ? 60 * SECOND
        : latencyOf(at, isSearch ? 240 : 60, isSearch ? 0.35 : 0.45, url);
      const status =
        isBad(at) && fault?.healthStatus !== undefined ? fault.healthStatus : own.isHit(0.0006) ? 502 : 200;
      return { kind: "answer", status, latencyMs, headers: {}, body: "ok", bodyCut: false };
    },
    rows(query, { at }) {
      if (query.includes("line_item")) {
        const bad =
          fault?.orphansPerHour === undefined
            ? 0
            : Math.max(0, Math.floor(((at - onset) * fault.orphansPerHour) / HOUR) + 1);
        return Array.from({ length: isBad(at) ? bad : 0 }, (_, id) => ({ id: 1_000 + id }));
      }
      const orders = chance(at - (at % HOUR), "orders").poisson(traffic(at) * 1.2);
      return [{ orders: isBad(at) && fault?.stops === true ? 0 : orders }];
    },
    queryMs: (at) => (isIn(slow, at) ? chance(at, "query").logNormal(1_500, 0.9) : 30),
    outages: platform.outages.toSorted((a, b) => a.from - b.from),
  };
}

/** More instances for a busy hour, once in a while. */
function scale(
  random: ReturnType<typeof randomOf>,
  { instances, liveAt }: { readonly instances: Lived[]; readonly liveAt: number },
  until: number,
): void {
  for (const at of moments(random, { from: liveAt, to: until, perHour: () => 1 / 24, most: 1 / 24 }))
    instances.push({
      id: `srv-1-s${String(at).slice(-4)}`,
      suffix: `s${String(at).slice(-4)}`,
      createdAt: at,
      endsAt: at + random.between(0.5, 3) * HOUR,
    });
}
