import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { HttpAnswer } from "../../src/core/http-sample.ts";
import { failDeploy, type FailedDeploy } from "./failed-deploy.ts";
import { printAgain, type Prints } from "./fault-lines.ts";
import { addNoise, isIn, takeOver } from "./noise.ts";
import { shaOf, startPlatform } from "./platform.ts";
import { ENVIRONMENT, START_UP } from "../runbook/application.ts";
import { complain } from "./runbook-lines.ts";
import { rowsOf } from "./runbook-rows.ts";
import { busyness, moments } from "./traffic.ts";
import { randomOf } from "./random.ts";
import { work, type Behaviour } from "./workers.ts";
import { HOUR, MINUTE, SECOND, type World } from "./world.ts";

/** What WO-004 does wrong, everything from `onsetMs` after live on. Times in ms. */
export interface RunbookFault {
  readonly onsetMs: number;
  readonly end?: FailedDeploy;
  readonly startUp?: (lines: readonly string[]) => readonly string[];
  readonly behaviour?: (onset: number) => Partial<Behaviour>;
  readonly duplicatesPerHour?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly healthStatus?: number;
  readonly isSilent?: boolean;
  readonly serverErrorShare?: number;
  readonly memory?: (sinceOnsetMs: number) => number;
  readonly cpu?: number;
  readonly connections?: number;
  readonly crashEveryMs?: number;
  readonly crash?: { readonly nonZeroExit?: number; readonly oomKilled?: string };
  readonly prints?: Prints;
  /** A second instance of the service runs from the onset on. */
  readonly second?: boolean;
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const CONFIG = read("examples/wo-004/deploy-gate.yml");
const FILES = {
  ".github/gate/old-scheduler.patch": read("examples/wo-004/old-scheduler.patch"),
  "src/main.py": read("test/runbook/service/src/main.py"),
  "src/services/scheduler_loop.py": read("test/runbook/service/src/services/scheduler_loop.py"),
};
const GB = 1e9;
const { checks } = parse(CONFIG) as { readonly checks: Readonly<Record<string, { readonly sql?: string }>> };
const NAMES = new Map(
  Object.entries(checks).flatMap(([name, { sql }]) =>
    sql === undefined ? [] : [[sql.trim(), name] as const],
  ),
);

/** The day of WO-004 for a team that has everything its runbook names. The same seed gives the same world. */
export function runbookWorld(
  seed: string,
  about: { readonly weekHour: number; readonly lastsMs: number; readonly fault?: RunbookFault },
): World {
  const { fault } = about;
  const random = randomOf(seed);
  const platform = startPlatform(random.fork("platform"), {
    name: "scrapersky-backend",
    weekHour: about.weekHour,
    plan: "pro",
  });
  const { liveAt, updateAt, pushAt } = platform;
  const until = liveAt + about.lastsMs;
  const onset = fault === undefined ? Infinity : liveAt + fault.onsetMs;
  const isBad = (at: number): boolean => at >= onset;
  const { slow } = addNoise(random.fork("noise"), platform, until);
  if (fault === undefined) takeOver(random.fork("newer"), platform, until);
  if (fault?.crashEveryMs !== undefined)
    for (let at = onset; at < until; at += fault.crashEveryMs) {
      const old = platform.instanceAt(at);
      if (old !== undefined)
        platform.replace(at, old, { type: "server_failed", failure: fault.crash ?? { nonZeroExit: 1 } });
    }
  if (fault?.second === true)
    platform.instances.push({ id: "srv-1-nnnnn", suffix: "nnnnn", createdAt: onset, endsAt: Infinity });
  if (fault?.end !== undefined) failDeploy(platform, fault.end);

  const isNew = ({ createdAt }: { readonly createdAt: number }): boolean => createdAt >= updateAt;
  for (const { suffix, createdAt, endsAt } of platform.instances.filter((one) => one.createdAt < until)) {
    const isOld = createdAt < updateAt;
    const startUp = isOld ? START_UP.filter((line) => !/deep.scan|domain.extraction/i.test(line)) : START_UP;
    const lines = isOld || fault?.startUp === undefined ? startUp : fault.startUp(startUp);
    const takes = random.between(9, 26) * SECOND;
    for (const [nth, message] of lines.entries()) {
      const at = createdAt + 500 + Math.round((nth * takes) / lines.length);
      if (at < endsAt) platform.say(at, message, { instance: suffix, level: "error" });
    }
  }
  const usual: Behaviour = {
    hasStopped: () => false,
    hangs: () => false,
    slowness: () => 1,
    errorShare: () => 0.04,
    mayOverlap: () => false,
    isMute: () => false,
    arrivals: () => 1,
    ...fault?.behaviour?.(onset),
  };
  const from = pushAt - 26 * HOUR;
  const done = work(random.fork("work"), platform, {
    from,
    to: until,
    behaviour: usual,
    isNew,
    slowness: (at) => (isIn(slow, at) ? 1.6 : 1),
  });
  complain(random.fork("complaints"), platform, { from, to: until, isMute: usual.isMute });
  if (fault?.prints !== undefined)
    printAgain(random.fork("fault"), platform, { ...fault.prints, from: onset, to: until });
  const chance = (at: number, salt: string) => randomOf(`${seed} ${salt} ${String(Math.floor(at / 1_000))}`);
  const duplicates =
    fault?.duplicatesPerHour === undefined
      ? []
      : moments(random.fork("duplicates"), {
          from: onset,
          to: until,
          perHour: () => fault.duplicatesPerHour ?? 0,
          most: fault.duplicatesPerHour,
        }).concat(onset);
  const before = random.isHit(0.1) ? random.whole(1, 4) : 0;

  return {
    ...platform,
    deployed: shaOf("new"),
    liveAt: fault?.end === undefined ? liveAt : undefined,
    config: CONFIG,
    files: { ...FILES, ...fault?.files },
    lines: platform.lines.toSorted((a, b) => a.at - b.at),
    events: platform.events.toSorted((a, b) => a.at - b.at),
    environment: { ...ENVIRONMENT, ...fault?.environment },
    metricLagMs: Math.floor(random.between(45, 100) * SECOND),
    metric(kind, at, instance) {
      const own = chance(at, `${kind} ${instance?.suffix ?? ""}`);
      switch (kind) {
        case "memory": {
          const age = at - (instance?.createdAt ?? at);
          const usually =
            0.45 +
            0.18 * (1 - Math.exp(-age / (30 * MINUTE))) +
            0.15 * ((age / (23 * MINUTE)) % 1) +
            0.06 * busyness(at);
          const bad =
            isBad(at) && fault?.memory !== undefined && isNew({ createdAt: instance?.createdAt ?? 0 })
              ? fault.memory(at - Math.max(onset, instance?.createdAt ?? 0))
              : 0;
          return Math.min(4, usually + bad) * GB * (1 + 0.01 * own.normal());
        }
        case "memory_limit":
          return 4 * 1024 ** 3;
        case "cpu":
          return isBad(at) && fault?.cpu !== undefined
            ? fault.cpu * 2
            : Math.min(1.9, 2 * (0.08 + 0.28 * busyness(at)) * own.logNormal(1, 0.2));
        case "cpu_limit":
          return 2;
        case "http_requests": {
          const asked = own.poisson(60 * busyness(at));
          const bad = own.poisson(asked * ((isBad(at) ? (fault?.serverErrorShare ?? 0) : 0) + 0.001));
          return { 200: Math.max(0, asked - bad), ...(bad > 0 ? { 503: bad } : {}) };
        }
        case "active_connections":
          return Math.round(
            isBad(at) && fault?.connections !== undefined
              ? fault.connections
              : 6 + 7 * busyness(at) * own.logNormal(1, 0.2),
          );
        default:
          return undefined;
      }
    },
    probe(_url, at): HttpAnswer {
      const own = chance(at, "probe");
      if (isBad(at) && fault?.isSilent === true)
        return { kind: "silence", latencyMs: 40, cause: "refused", reason: "connection refused" };
      const latencyMs = own.isHit(0.001) ? 60 * SECOND : own.logNormal(70, 0.5) * (isIn(slow, at) ? 3 : 1);
      const status =
        isBad(at) && fault?.healthStatus !== undefined ? fault.healthStatus : own.isHit(0.0006) ? 502 : 200;
      const body = status === 200 ? '{"status":"ok"}' : "";
      return {
        kind: "answer",
        status,
        latencyMs,
        headers: { "content-type": "application/json" },
        body,
        bodyCut: false,
      };
    },
    rows(query, { at, liveAt: since }) {
      const name = NAMES.get(query.trim());
      if (name === undefined) return [];
      if (name === "no-duplicates") {
        const now = duplicates.filter((one) => one <= at).map((one) => `twice-${String(one)}`);
        const old = Array.from({ length: before }, (_, n) => `old-${String(n)}`);
        return [...old, ...now].map((place_id) => ({ place_id, duplicate_count: 2 }));
      }
      return rowsOf(name, done, { at, since });
    },
    queryMs: (at) => (isIn(slow, at) ? chance(at, "query").logNormal(1_500, 0.9) : 30),
    outages: platform.outages.toSorted((a, b) => a.from - b.from),
    gapShownAt: done.gapShownAt,
  };
}
