import { shaOf, type Platform } from "./platform.ts";
import { moments } from "./traffic.ts";
import type { Random } from "./random.ts";
import { HOUR, MINUTE, SECOND, type Lived } from "./world.ts";

/** A stretch of time, ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const isIn = (stretches: readonly Stretch[], at: number): boolean =>
  stretches.some(({ from, to }) => from <= at && at < to);

function stretches(
  random: Random,
  about: Stretch & { readonly perDay: number; readonly lasts: () => number },
): readonly Stretch[] {
  const most = about.perDay / 24;
  return moments(random, { ...about, perHour: () => most, most }).map((from) => ({
    from,
    to: from + about.lasts(),
  }));
}

/** What of the neighbours goes wrong for a while, whatever was deployed. */
export interface Neighbours {
  /** The database is slow. */
  readonly slow: readonly Stretch[];
  /** Instances were replaced at these times. */
  readonly restarts: readonly number[];
}

/**
 * Everyday trouble that no deploy is to blame for: Render's API and its metrics away for seconds or minutes, a stream
 * that breaks, a runner without network, GitHub's 5xx, a slow database, and instances that Render moves elsewhere.
 */
export function addNoise(random: Random, platform: Platform, until: number): Neighbours {
  const { pushAt: from, outages, liveAt } = platform;
  const add = (edge: (typeof outages)[number]["edge"], perDay: number, lasts: () => number): void => {
    for (const one of stretches(random.fork(edge), { from, to: until, perDay, lasts }))
      outages.push({ edge, ...one });
  };
  const seconds = (median: number, spread: number) => (): number => random.logNormal(median, spread) * SECOND;
  add("Render", 10, seconds(4, 1));
  add("logs", 6, seconds(8, 1.1));
  add("metrics", 6, seconds(20, 1.2));
  add("stream", 12, seconds(3, 1.2));
  add("network", 4, seconds(4, 1));
  add("GitHub", 6, seconds(3, 1));
  add("database", 2, seconds(3, 1));
  // A gate is ten minutes: each has its chance of trouble while it watches, not only one of a day.
  const near = { from, to: liveAt + 10 * MINUTE };
  for (const edge of ["Render", "logs", "metrics", "stream", "network"] as const)
    if (random.isHit(0.06)) {
      const at = random.between(near.from, near.to);
      outages.push({ edge, from: at, to: at + random.logNormal(12, 1) * SECOND });
    }
  const slow = stretches(random.fork("slow"), {
    from: from - HOUR,
    to: until,
    perDay: 3,
    lasts: seconds(150, 0.6),
  });
  return { slow, restarts: moveInstances(random.fork("moves"), platform, until) };
}

/** Evicted, moved for maintenance, or lost with their machine: once in some days, and sometimes just after live. */
function moveInstances(random: Random, platform: Platform, until: number): readonly number[] {
  const { liveAt, events } = platform;
  const most = 0.25 / 24;
  const times = [...moments(random, { from: liveAt, to: until, perHour: () => most, most })];
  if (random.isHit(0.03)) times.push(liveAt + random.between(0, 6) * MINUTE);
  for (const at of times.map(Math.floor).toSorted((a, b) => a - b)) {
    const old: Lived | undefined = platform.instanceAt(at);
    if (old === undefined) continue;
    const event = (type: string, when: number): void =>
      void events.push({ id: `evt-${String(events.length)}`, type, at: when });
    switch (random.pick(["evicted", "maintenance", "hardware"])) {
      case "evicted":
        platform.replace(at, old, {
          type: "server_failed",
          failure: { evicted: true },
          downMs: random.between(5, 45) * SECOND,
        });
        break;
      case "maintenance":
        event("maintenance_started", at - 20 * SECOND);
        platform.replace(at, old, { type: "server_restarted", downMs: -15 * SECOND });
        event("maintenance_ended", at + 2 * MINUTE);
        break;
      case "hardware":
        event("server_hardware_failure", at - 2 * SECOND);
        platform.replace(at, old, {
          type: "server_failed",
          failure: { unhealthy: "no answer" },
          downMs: random.between(20, 120) * SECOND,
        });
        break;
    }
  }
  return times;
}

/** Whether an instance has just started then: its caches are cold. 1 when it is warm, several when it is not. */
export function coldness(instances: readonly Lived[], at: number, warmMs: number, factor: number): number {
  const born = Math.max(
    ...instances.filter((one) => one.createdAt <= at && at < one.endsAt).map((one) => one.createdAt),
  );
  const age = at - born;
  return age > 4 * warmMs ? 1 : 1 + factor * Math.exp(-age / warmMs);
}

/** Every tenth deploy is followed by another one: of the same commit after an edit of the environment, or of the next commit. */
export function takeOver(random: Random, platform: Platform, until: number): void {
  if (!random.isHit(0.1)) return;
  const { liveAt, commits, deploys, instances, updateAt } = platform;
  const at = Math.floor(liveAt + Math.min(random.exponential(40 * MINUTE), until - liveAt - 10 * MINUTE));
  if (at < liveAt + 20 * SECOND) return;
  const isNext = random.isHit(0.5);
  const sha = isNext ? shaOf("next") : shaOf("new");
  if (isNext) commits.push({ sha, at: at - 5 * SECOND });
  const update = at + (isNext ? 150 * SECOND : 10 * SECOND);
  const live = update + 40 * SECOND;
  const endsAt = live + 75 * SECOND;
  for (const [index, one] of instances.entries())
    if (one.createdAt >= updateAt && one.createdAt < live)
      instances[index] = { ...one, endsAt: Math.min(one.endsAt, endsAt) };
  const many = platform.service.numInstances ?? 1;
  for (let nth = 0; nth < many; nth += 1) {
    const suffix = `cccc${String(nth)}`;
    instances.push({ id: `srv-1-${suffix}`, suffix, createdAt: update + 2 * SECOND, endsAt: Infinity });
  }
  const steps = [
    { at, status: "created" },
    { at: at + 3 * SECOND, status: "build_in_progress" },
    { at: update, status: "update_in_progress" },
    { at: live, status: "live" },
  ];
  const last = deploys.at(-1);
  if (last !== undefined)
    deploys[deploys.length - 1] = { ...last, steps: [...last.steps, { at: live, status: "deactivated" }] };
  deploys.push({
    id: "dep-3",
    sha,
    trigger: isNext ? "new_commit" : "service_updated",
    createdAt: at,
    steps,
  });
  platform.say(live, "==> Your service is live 🎉", {});
}
