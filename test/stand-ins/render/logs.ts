import { idFrom } from "./records.ts";
import type { Query } from "./contract.ts";
import type { World } from "./world.ts";

/** A line to be written. `platform` lines have neither level nor instance. */
export interface LogInput {
  readonly message: string;
  /** Default `app`. */
  readonly type?: "app" | "build" | "request" | "platform";
  /** Default `info`; Render gives `error` to whatever comes from stderr. */
  readonly level?: string;
  /** Suffix; default: the newest instance at that time. App lines only. */
  readonly instance?: string;
  /** When it was written, ms. Default now. */
  readonly at?: number;
  /** How much later it can be read. */
  readonly lateMs?: number;
  /** Nanoseconds below the ms, 0 to 999999. */
  readonly nanos?: number;
  readonly id?: string;
  /** Delivered twice with the same id, by GET and by the socket. */
  readonly twice?: boolean;
  /** Of request lines. */
  readonly method?: string;
  readonly path?: string;
  readonly statusCode?: number;
  readonly host?: string;
}

/** A line as the API shows it. */
export interface LogRecord {
  readonly id: string;
  readonly timestamp: string;
  readonly message: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

interface Stored {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly resource: string;
  readonly record: LogRecord;
}

/** All lines that can be read by now. */
export interface LogStore {
  readonly write: (serviceId: string, input: LogInput) => void;
  /** Called with every line the moment it can be read. */
  readonly onLine: (listener: (line: LogRecord, resource: string) => void) => void;
  /** One page; `problem` when the question makes no sense. */
  readonly page: (query: Query) => { readonly problem: string } | LogPage;
  readonly values: (query: Query) => { readonly problem: string } | readonly string[];
}

export interface LogPage {
  readonly hasMore: boolean;
  readonly nextStartTime: string;
  readonly nextEndTime: string;
  readonly logs: readonly LogRecord[];
}

const LABEL_FILTERS = [
  "instance",
  "host",
  "statusCode",
  "method",
  "level",
  "type",
  "path",
  "task",
  "taskRun",
];
const HOUR = 3_600_000_000_000n;

/** RFC 3339 with up to nine digits to nanoseconds. */
export function nanosOf(text: string): bigint {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  const seconds = Date.parse(text.replace(/\.\d+/, ""));
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** As Go writes RFC3339Nano: no trailing zeros. */
export function nanosText(time: bigint): string {
  const second = new Date(Number(time / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = (time % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return fraction === "" ? `${second}Z` : `${second}.${fraction}Z`;
}

/** One filter value: `/RE/`, a text with `*`, or plain. Plain labels are compared whole, `text` anywhere. */
function matcher(value: string, isAnywhere: boolean): (text: string) => boolean {
  if (value.length > 2 && value.startsWith("/") && value.endsWith("/")) {
    // RE2 has its flags in front.
    const [, flags = "", source = ""] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(value.slice(1, -1)) ?? [];
    const expression = new RegExp(source, flags);
    return (text) => expression.test(text);
  }
  if (!value.includes("*")) return isAnywhere ? (text) => text.includes(value) : (text) => text === value;
  const source = value.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const expression = new RegExp(isAnywhere ? source.join(".*") : `^${source.join(".*")}$`, "s");
  return (text) => expression.test(text);
}

/** The filters of a query as one question; throws a SyntaxError for a bad expression. */
export function lineFilter(query: Query): (record: LogRecord) => boolean {
  const tests: ((record: LogRecord) => boolean)[] = [];
  for (const name of LABEL_FILTERS) {
    const wanted = query[name]?.map((value) => matcher(value, false));
    if (!wanted) continue;
    tests.push((record) => {
      const value = record.labels.find((label) => label.name === name)?.value;
      return value !== undefined && wanted.some((matches) => matches(value));
    });
  }
  const texts = query["text"]?.map((value) => matcher(value, true));
  if (texts) tests.push((record) => texts.some((matches) => matches(record.message)));
  return (record) => tests.every((test) => test(record));
}

function labelsOf(world: World, serviceId: string, input: LogInput): LogRecord["labels"] {
  const label = (name: string, value: string): { name: string; value: string } => ({ name, value });
  const type = input.type ?? "app";
  const resource = label("resource", serviceId);
  if (type === "platform") return [resource, label("type", "app")];
  if (type === "build") return [resource, label("level", input.level ?? "info"), label("type", "build")];
  if (type === "request") {
    return [
      resource,
      label("type", "request"),
      label("method", input.method ?? "GET"),
      label("path", input.path ?? "/"),
      label("statusCode", String(input.statusCode ?? 200)),
      label("host", input.host ?? `${world.serviceState(serviceId).record.slug}.onrender.com`),
    ];
  }
  const suffix = input.instance ?? world.instances(serviceId).at(-1)?.suffix;
  if (suffix === undefined)
    throw new Error(`${serviceId} has no instance that could write "${input.message}"`);
  const instance = label("instance", `${serviceId}-${suffix}`);
  return [resource, instance, label("level", input.level ?? "info"), label("type", "app")];
}

/** The lines of a world. */
export function logStore(world: World): LogStore {
  const { timeline } = world;
  const listeners: ((line: LogRecord, resource: string) => void)[] = [];
  let lines: Stored[] = [];
  let isSorted = true;
  let count = 0;

  /** First index whose time is not below. */
  const lowerBound = (time: bigint): number => {
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((lines[middle]?.time ?? time) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const add = (stored: Stored, copies: number): void => {
    for (let copy = 0; copy < copies; copy += 1) {
      const last = lines.at(-1);
      if (last && last.time > stored.time) isSorted = false;
      lines.push(stored);
      for (const listener of listeners) listener(stored.record, stored.resource);
    }
  };

  const window = (query: Query): { from: bigint; to: bigint } | { problem: string } => {
    // The whole of this millisecond is over.
    const now = BigInt(Math.floor(timeline.now())) * 1_000_000n + 999_999n;
    const to = query["endTime"]?.[0] === undefined ? now : nanosOf(query["endTime"][0]);
    const from = query["startTime"]?.[0] === undefined ? to - HOUR : nanosOf(query["startTime"][0]);
    return from > to ? { problem: "startTime lies after endTime" } : { from, to };
  };

  /** Up to `most` matching lines of a window, from its older or its newer end. */
  const matching = (
    query: Query,
    { from, to, isForward, most }: { from: bigint; to: bigint; isForward: boolean; most: number },
  ): Stored[] => {
    if (!isSorted) {
      lines = lines.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      isSorted = true;
    }
    const resources = new Set(query["resource"]);
    const fits = lineFilter(query);
    const low = lowerBound(from);
    const count = lowerBound(to + 1n) - low;
    const found: Stored[] = [];
    for (let step = 0; step < count && found.length < most; step += 1) {
      const line = lines[isForward ? low + step : low + count - 1 - step];
      if (line && resources.has(line.resource) && fits(line.record)) found.push(line);
    }
    return found;
  };

  return {
    onLine(listener) {
      listeners.push(listener);
    },

    write(serviceId, input) {
      const at = input.at ?? timeline.now();
      const time = BigInt(Math.floor(at)) * 1_000_000n + BigInt(input.nanos ?? 0);
      count += 1;
      const id = input.id ?? `log-${idFrom(`log ${count}`)}`;
      const put = (): void => {
        const labels = labelsOf(world, serviceId, input);
        const record = { id, timestamp: nanosText(time), message: input.message, labels };
        add({ time, resource: serviceId, record }, input.twice === true ? 2 : 1);
      };
      const readableAt = at + (input.lateMs ?? 0);
      if (readableAt > timeline.now()) timeline.at(readableAt, put);
      else put();
    },

    page(query) {
      const range = window(query);
      if ("problem" in range) return range;
      const isForward = query["direction"]?.[0] === "forward";
      const limit = Number(query["limit"]?.[0] ?? 20);
      const found = matching(query, { ...range, isForward, most: limit + 1 });
      const logs = found.slice(0, limit);
      const hasMore = found.length > limit;
      let { from, to } = range;
      const first = logs[0]?.time;
      const last = logs.at(-1)?.time;
      if (hasMore && first !== undefined && last !== undefined) {
        // The edge is taken in again, so lines that share its time come twice; a page of one single time moves past it.
        const step = first === last ? 1n : 0n;
        if (isForward) from = last + step;
        else to = last - step;
      }
      return {
        hasMore,
        nextStartTime: nanosText(from),
        nextEndTime: nanosText(to),
        logs: logs.map((line) => line.record),
      };
    },

    values(query) {
      const range = window(query);
      if ("problem" in range) return range;
      const name = query["label"]?.[0];
      const found = matching(query, { ...range, isForward: true, most: Infinity }).flatMap((line) =>
        line.record.labels.filter((label) => label.name === name).map((label) => label.value),
      );
      return [...new Set(found)].sort();
    },
  };
}
