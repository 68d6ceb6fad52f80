import { JOBS } from "../runbook/application.ts";
import type { Platform } from "./platform.ts";
import { busyness, moments } from "./traffic.ts";
import type { Random } from "./random.ts";
import { MINUTE, SECOND, type Lived } from "./world.ts";

/** A row that one of the two queues works on. Times in ms; what has not happened is Infinity. */
export interface Item {
  readonly n: number;
  readonly placeId: string;
  readonly queuedAt: number;
  startedAt: number;
  doneAt: number;
  isError: boolean;
}

/** One queue and the job that works on it. */
export interface Worker {
  readonly name: "wf2" | "wf3";
  readonly everyMs: number;
  readonly batch: number;
  readonly itemMs: number;
  readonly starts: string;
  readonly ends: string;
  readonly model: string;
  readonly doing: string;
}

const WORKERS: readonly [Worker, Worker] = [
  { name: "wf2", ...JOBS.wf2 },
  { name: "wf3", ...JOBS.wf3 },
];

/** How the new version's workers behave at a moment; the same without a fault. */
export interface Behaviour {
  /** Cycles begin no more. */
  readonly hasStopped: (worker: Worker, at: number) => boolean;
  /** A cycle that begins now never ends. */
  readonly hangs: (worker: Worker, at: number) => boolean;
  readonly slowness: (at: number) => number;
  readonly errorShare: (at: number) => number;
  /** A second cycle may begin while the first one runs. */
  readonly mayOverlap: (at: number) => boolean;
  /** Nothing is written to the log. */
  readonly isMute: (at: number) => boolean;
  readonly arrivals: (worker: Worker, at: number) => number;
}

/** uuid of an item. */
const idOf = (worker: Worker, n: number): string =>
  `${worker.name === "wf2" ? "11111111" : "22222222"}-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** What comes into a queue: with the day, and now and then somebody's import of many at once. */
function arrivals(
  random: Random,
  worker: Worker,
  about: { readonly from: number; readonly to: number; readonly behaviour: Behaviour },
): readonly number[] {
  const { from, to, behaviour } = about;
  const perHour = worker.name === "wf2" ? 55 : 110;
  const most = perHour * 6;
  const times = moments(random, {
    from,
    to,
    perHour: (at) => perHour * busyness(at) * behaviour.arrivals(worker, at),
    most,
  });
  const imports = moments(random, { from, to, perHour: (at) => 0.12 * busyness(at), most: 0.12 });
  return [
    ...times,
    ...imports.flatMap((at) => Array.from({ length: random.whole(10, 60) }, (_, n) => at + n * 200)),
  ].toSorted((a, b) => a - b);
}

/**
 * Both queues from `from` on: the old version's one scheduler works on them until its instances end, then the new
 * version's two do, in each of its instances. Writes what they print, and gives all rows.
 */
export function work(
  random: Random,
  platform: Platform,
  about: {
    readonly from: number;
    readonly to: number;
    readonly slowness: (at: number) => number;
    readonly behaviour: Behaviour;
    readonly isNew: (one: Lived) => boolean;
  },
): {
  readonly wf2: readonly Item[];
  readonly wf3: readonly Item[];
  readonly gapShownAt: { readonly wf2: number; readonly wf3: number };
} {
  const { behaviour, from, to } = about;
  const queues = { wf2: [] as Item[], wf3: [] as Item[] };
  for (const worker of WORKERS)
    for (const [n, queuedAt] of arrivals(random.fork(worker.name), worker, about).entries())
      queues[worker.name].push({
        n,
        placeId: `${worker.name}-${String(n)}`,
        queuedAt,
        startedAt: Infinity,
        doneAt: Infinity,
        isError: false,
      });
  const lastStart = { wf2: -Infinity, wf3: -Infinity };

  interface Cycle {
    readonly worker: Worker;
    readonly at: number;
    readonly one: Lived;
    readonly isNew: boolean;
  }
  const cycles: Cycle[] = platform.instances
    .flatMap((one) =>
      WORKERS.flatMap((worker): readonly Cycle[] => {
        const isNew = about.isNew(one);
        const everyMs = isNew ? worker.everyMs : MINUTE;
        const first = Math.max(one.createdAt + 15 * SECOND, isNew ? 0 : from - MINUTE) + everyMs;
        const many = Math.max(0, Math.ceil((Math.min(to, one.endsAt) - first) / everyMs));
        return Array.from({ length: many }, (_, n) => ({
          worker,
          at: first + n * everyMs + random.whole(0, 40),
          one,
          isNew,
        }));
      }),
    )
    .toSorted((a, b) => a.at - b.at);
  const busyUntil = new Map<string, number>();
  const heads = { wf2: 0, wf3: 0 };
  for (const { worker, at, one, isNew } of cycles) {
    const key = `${one.id} ${worker.name}`;
    const isRunning = (busyUntil.get(key) ?? 0) > at;
    const say = (time: number, message: string, level = "info"): void => {
      if (time < one.endsAt && time < to && !(isNew && behaviour.isMute(time)))
        platform.say(time, message, { instance: one.suffix, level });
    };
    if (isNew && behaviour.hasStopped(worker, at)) continue;
    if (isRunning && !(isNew && behaviour.mayOverlap(at))) {
      say(
        at,
        `Execution of job "${worker.name}" skipped: maximum number of running instances reached (1)`,
        "warning",
      );
      continue;
    }
    const queue = queues[worker.name];
    const items: Item[] = [];
    for (
      let index = heads[worker.name];
      index < queue.length && items.length < (isNew ? worker.batch : 4);
      index += 1
    ) {
      const item = queue[index];
      if (item === undefined || item.queuedAt > at) break;
      if (item.startedAt === Infinity) items.push(item);
    }
    if (isNew) say(at, worker.starts);
    if (isNew && !behaviour.isMute(at)) lastStart[worker.name] = at;
    if (isNew)
      say(at + 100, `SCHEDULER_LOOP: Found ${String(items.length)} ${worker.model} items with status Queued`);
    const hangs = isNew && behaviour.hangs(worker, at);
    let time = at + 200;
    for (const item of items) {
      item.startedAt = time;
      const slow = about.slowness(time) * (isNew ? behaviour.slowness(time) : 1);
      const takes = Math.min(
        10 * worker.itemMs,
        random.logNormal(worker.itemMs * 0.95, 0.3) * Math.min(2, slow) * (slow > 2 ? slow / 2 : 1),
      );
      if (isNew) say(time, `${worker.doing} ${idOf(worker, item.n)}`);
      time += takes;
      if (hangs) break;
      if (time >= one.endsAt) break;
      item.doneAt = time;
      item.isError = random.isHit(isNew ? behaviour.errorShare(time) : 0.04);
      if (item.isError)
        say(
          time,
          `ERROR SCHEDULER_LOOP: ${worker.model} ${idOf(worker, item.n)} failed: ${random.pick(["API timeout", "place not found"])}`,
          "error",
        );
    }
    while ((queue[heads[worker.name]]?.startedAt ?? Infinity) < Infinity) heads[worker.name] += 1;
    busyUntil.set(key, hangs ? Infinity : time + 300);
    if (isNew && !hangs) say(time + 300, worker.ends);
  }
  return { ...queues, gapShownAt: { wf2: lastStart.wf2 + 16 * MINUTE, wf3: lastStart.wf3 + 7 * MINUTE } };
}
