import type { LogLine } from "../core/log-line.ts";
import type { Clock, LogQuery, Logs } from "../ports.ts";
import type { Query } from "./address.ts";
import { rfc3339 } from "./instant.ts";
import type { RenderApi } from "./render-api.ts";
import { byTime, linesOf, logPageReply } from "./render-log.ts";

/** https://api-docs.render.com/reference/list-logs */
const FULL_PAGE = 100;
/** Pages in a row without a new line, after which a window that never ends is left. */
const MOST_EMPTY_PAGES = 10;

/**
 * The port `Logs` over Render's API. An empty filter list filters nothing. The stream sleeps by `background`, so
 * that a simulated clock is not moved by it; default: the clock of the API.
 */
export function createLogs(
  api: RenderApi,
  options: { readonly background?: Clock; readonly openTimeoutMs?: number } = {},
): Logs {
  return {
    read: (query) => read(api, query),
    follow(following) {
      const clock = options.background ?? api.clock;
      // A WebSocket brings half of undici along: it is loaded by those who follow.
      void import("./log-stream.ts").then(({ followLogs }) =>
        followLogs(api, { clock, openTimeoutMs: options.openTimeoutMs ?? 10_000 }, following),
      );
    },
  };
}

async function read(
  api: RenderApi,
  query: LogQuery,
): Promise<{ readonly lines: readonly LogLine[]; readonly complete: boolean }> {
  const direction = query.direction ?? "forward";
  const found = new Map<string, LogLine>();
  const windows = new Set<string>();
  let startTime = rfc3339(query.from);
  let endTime = rfc3339(query.to);
  let emptyPages = 0;
  let complete = false;

  for (;;) {
    windows.add(`${startTime} ${endTime}`);
    const page = await api.json({
      method: "GET",
      path: "/logs",
      query: {
        ...filterOf(query),
        startTime,
        endTime,
        direction,
        limit: Math.min(FULL_PAGE, query.maxLines),
      },
      retry: "safe",
      schema: logPageReply,
      ...(query.signal === undefined ? {} : { signal: query.signal }),
    });
    const before = found.size;
    for (const line of linesOf(page.logs ?? [], query.serviceId))
      if (!found.has(line.id)) found.set(line.id, line);
    complete = page.hasMore !== true;
    if (complete || found.size >= query.maxLines) break;

    emptyPages = found.size === before ? emptyPages + 1 : 0;
    const { nextStartTime, nextEndTime } = page;
    if (!nextStartTime || !nextEndTime || emptyPages >= MOST_EMPTY_PAGES) break;
    if (windows.has(`${nextStartTime} ${nextEndTime}`)) break;
    startTime = nextStartTime;
    endTime = nextEndTime;
  }

  // Lines of one instant stay in the order in which Render gave them, turned round when that was backward.
  const given = [...found.values()];
  const sorted = (direction === "backward" ? given.toReversed() : given).toSorted(byTime);
  const isOver = sorted.length > query.maxLines;
  const kept = direction === "backward" ? sorted.slice(-query.maxLines) : sorted.slice(0, query.maxLines);
  return { lines: isOver ? kept : sorted, complete: complete && !isOver };
}

function filterOf(query: LogQuery): Query {
  return {
    ownerId: query.ownerId,
    resource: [query.serviceId],
    type: query.types,
    level: query.levels,
    text: query.texts,
    instance: query.instances,
  };
}
