import { JOBS } from "./application.ts";
import type { RowChange } from "./database.ts";

/** A line of the new version. */
export interface WorkLine {
  /** ms. */
  readonly at: number;
  readonly message: string;
}

/** What the workers do after they have started. Times in ms. */
export interface WorkPlan {
  /** Their first cycles begin one interval later. */
  readonly startedAt: number;
  readonly until: number;
  /** Whether things are queued at that time; always by default. Cycles go on. */
  readonly queues?: (at: number) => boolean;
  readonly wf2?: WorkerPlan;
  readonly wf3?: WorkerPlan;
  /** Whether the nth item of all ends as `Error`; default one in twenty-five. */
  readonly fails?: (n: number) => boolean;
}

export interface WorkerPlan {
  /** What waits when they start. */
  readonly backlog?: number;
  /** What else is queued, evenly. */
  readonly perHour?: number;
  /** No cycle begins from so long after the start on. */
  readonly stopsAfterMs?: number;
  /** What one item takes. */
  readonly itemMs?: number;
}

export interface Work {
  readonly lines: readonly WorkLine[];
  readonly rows: readonly RowChange[];
}

interface Worker {
  readonly everyMs: number;
  readonly batch: number;
  readonly itemMs: number;
  readonly stopsAfterMs: number;
  readonly starts: string;
  readonly ends: string;
  readonly model: string;
  readonly doing: string;
  readonly table: "place" | "local_business";
  readonly queue: Item[];
}

interface Item {
  readonly id: string;
  readonly place_id: string;
  readonly queuedAt: number;
}

const HOUR_MS = 3_600_000;
/** Lines of single items are written for so long: later ones would only take time to read. */
const ITEM_LINES_MS = 15 * 60_000;
/** What a cycle takes besides its items. */
const CYCLE_MS = 500;
const TABLES = { place: "1", local_business: "2", domain: "3" } as const;

/** The nth id of a table. */
export function idOf(table: RowChange["table"], n: number): string {
  return `${TABLES[table].repeat(8)}-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

/**
 * Both workers at work: what they print and which rows they write. A scanned place makes a business, which is queued
 * for the other worker; an extracted business makes a domain.
 */
export function workOf(plan: WorkPlan): Work {
  const { startedAt, until, queues = () => true, fails = (n) => n % 25 === 7 } = plan;
  const lines: WorkLine[] = [];
  const rows: RowChange[] = [];
  const counts = { place: 0, local_business: 0, domain: 0, done: 0 };

  const enqueue = (worker: Worker, at: number, place?: string): void => {
    counts[worker.table] += 1;
    const n = counts[worker.table];
    const item = {
      id: idOf(worker.table, n),
      place_id: place ?? `${worker.table}-${String(n)}`,
      queuedAt: at,
    };
    worker.queue.push(item);
    rows.push(rowOf(worker, item, { at, status: "Queued" }));
  };
  const wf2 = workerOf(plan.wf2, { ...JOBS.wf2, table: "place" });
  const wf3 = workerOf(plan.wf3, { ...JOBS.wf3, table: "local_business" });

  const cycle = (worker: Worker, at: number): void => {
    const waiting = worker.queue.findIndex((item) => item.queuedAt > at);
    const items = worker.queue.splice(0, Math.min(worker.batch, waiting < 0 ? worker.queue.length : waiting));
    const say = (time: number, message: string): void => void lines.push({ at: time, message });
    say(at, worker.starts);
    say(at + 100, `SCHEDULER_LOOP: Found ${String(items.length)} ${worker.model} items with status Queued`);
    for (const [index, item] of items.entries()) {
      const end = at + 200 + (index + 1) * worker.itemMs;
      rows.push(rowOf(worker, item, { at: at + 100, status: "Processing" }));
      if (at - startedAt < ITEM_LINES_MS) say(end - worker.itemMs, `${worker.doing} ${item.id}`);
      counts.done += 1;
      if (fails(counts.done)) {
        const error = counts.done % 2 === 0 ? "API timeout" : "place not found";
        rows.push(rowOf(worker, item, { at: end, status: "Error", error }));
        say(end, `ERROR SCHEDULER_LOOP: ${worker.model} ${item.id} failed: ${error}`);
        continue;
      }
      rows.push(rowOf(worker, item, { at: end, status: "Completed" }));
      if (worker === wf2) enqueue(wf3, end, item.place_id);
      else rows.push({ at: end, table: "domain", id: idOf("domain", (counts.domain += 1)) });
    }
    say(at + CYCLE_MS + items.length * worker.itemMs, worker.ends);
  };

  for (const [worker, { backlog = 0, perHour = 0 }] of [
    [wf2, { backlog: 150, perHour: 72, ...plan.wf2 }],
    [wf3, { backlog: 800, perHour: 120, ...plan.wf3 }],
  ] as const) {
    for (let n = 0; n < backlog; n += 1) enqueue(worker, startedAt - 2 * HOUR_MS);
    for (let n = 1; n * HOUR_MS < (until - startedAt) * perHour; n += 1) {
      const at = startedAt + Math.round((n * HOUR_MS) / perHour);
      if (queues(at)) enqueue(worker, at);
    }
  }
  const cycles = [wf2, wf3].flatMap((worker) => {
    const end = Math.min(until, startedAt + worker.stopsAfterMs);
    const many = Math.max(0, Math.ceil((end - startedAt) / worker.everyMs) - 1);
    return Array.from({ length: many }, (_, n) => ({ worker, at: startedAt + (n + 1) * worker.everyMs }));
  });
  for (const { worker, at } of cycles.toSorted((a, b) => a.at - b.at)) {
    // Both workers queue for each other: what was queued meanwhile is taken in its order.
    worker.queue.sort((a, b) => a.queuedAt - b.queuedAt);
    cycle(worker, at);
  }
  return { lines, rows };
}

function workerOf(plan: WorkerPlan = {}, worker: Omit<Worker, "queue" | "stopsAfterMs">): Worker {
  return {
    ...worker,
    itemMs: plan.itemMs ?? worker.itemMs,
    stopsAfterMs: plan.stopsAfterMs ?? Infinity,
    queue: [],
  };
}

function rowOf(
  { table }: Pick<Worker, "table">,
  { id, place_id }: Item,
  change: Pick<RowChange, "at" | "status" | "error">,
): RowChange {
  return {
    table,
    id,
    place_id,
    ...(table === "local_business" ? { name: `Business ${id.slice(-4)}` } : {}),
    ...change,
  };
}

/** What the old version did before, so many items of each table an hour. Times in ms. */
export function oldWork(about: {
  readonly from: number;
  readonly until: number;
  readonly perHour: number;
}): readonly RowChange[] {
  const { from, until, perHour } = about;
  const many = Math.floor(((until - from) * perHour) / HOUR_MS);
  return Array.from({ length: many }, (_, n): readonly RowChange[] => {
    const at = from + Math.round((n * HOUR_MS) / perHour);
    const place_id = `old-${String(n)}`;
    return [
      { at, table: "place", id: idOf("place", 900_000 + n), place_id, status: "Completed" },
      {
        at,
        table: "local_business",
        id: idOf("local_business", 900_000 + n),
        place_id,
        status: "Completed",
        name: "Old",
      },
      { at, table: "domain", id: idOf("domain", 900_000 + n) },
    ];
  }).flat();
}
