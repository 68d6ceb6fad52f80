/** A log line as it stands in a page of Render's log API. */
export interface BenchLine {
  readonly id: string;
  readonly timestamp: string;
  readonly message: string;
  readonly level: string;
  readonly instance: string;
}

/** When the deploy of the bench started and when it was live, ms. */
export const STARTED_AT = Date.UTC(2026, 10, 23, 10, 0, 0);
export const LIVE_AT = STARTED_AT + 120_000;
export const SERVICE = "srv-d2k1q0bench0000000000";
/** The new version's instances; lines of the old one come in between. */
export const INSTANCES = ["7d9f8-abcde", "7d9f8-fghij"] as const;
const OLD_INSTANCE = "6c5b4-zyxwv";

/** Line number `index`, the same on every machine: ten a second, in ten kinds and many lengths, one in forty noteworthy. */
export function benchLine(index: number): BenchLine {
  const dice = diceOf(index);
  const at = STARTED_AT + 10_000 + index * 100;
  const [message, level] = messageOf(index, dice, new Date(at).toISOString());
  const instance = index % 50 === 7 ? OLD_INSTANCE : INSTANCES[index % 2 === 0 ? 0 : 1];
  return {
    id: `log-${at.toString(36)}-${index.toString(36).padStart(8, "0")}-${(index * 7919) % 100_000}`,
    timestamp: new Date(at).toISOString().replace("Z", `${String(index % 1_000_000).padStart(6, "0")}Z`),
    message,
    level,
    instance: `${SERVICE}-${instance}`,
  };
}

/** Lines of a page of the log API, and pages of what a look reads at once. */
const PAGE = 100;
const PAGES = 9;

/** The answers of `GET /logs` that bring so many lines, one at a time: nine to a window. */
export function* benchPages(lines: number): Generator<string> {
  for (let from = 0; from < lines; from += PAGE) {
    const to = Math.min(from + PAGE, lines);
    const logs = Array.from({ length: to - from }, (_, place) => entryOf(benchLine(from + place)));
    const hasMore = to < lines && to % (PAGE * PAGES) !== 0;
    const next = hasMore ? { nextStartTime: `t${to}`, nextEndTime: "end" } : {};
    yield `${JSON.stringify({ hasMore, ...next, logs })}\n`;
  }
}

/** One message of the log stream. */
export function benchFrame(index: number): string {
  return JSON.stringify(entryOf(benchLine(index)));
}

function entryOf({ id, timestamp, message, level, instance }: BenchLine): object {
  const labels = { resource: SERVICE, instance, level, type: "app" };
  return {
    id,
    timestamp,
    message,
    labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
  };
}

/** A number below `sides`, from the index alone. */
function diceOf(index: number): (sides: number) => number {
  let seed = Math.imul(index + 1, 0x9e37_79b1) >>> 0;
  return (sides) => {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b_3c6d) + 0x6d2b_79f5) >>> 0;
    return (seed >>> 8) % sides;
  };
}

function messageOf(index: number, dice: (sides: number) => number, time: string): readonly [string, string] {
  if (index % 40 === 13) return noteworthy(dice, time);
  const path = ["/health", "/api/v3/domains", "/api/v3/sitemaps/import", "/static/app.js"][dice(4)] ?? "";
  switch (dice(10)) {
    case 0:
    case 1:
      return [
        `\u001b[32mINFO\u001b[0m:     10.0.${dice(256)}.${dice(256)}:${dice(60_000)} - "GET ${path} HTTP/1.1" \u001b[32m200 OK\u001b[0m`,
        "info",
      ];
    case 2:
    case 3:
      return [
        JSON.stringify({
          time,
          level: "info",
          logger: "src.services.domain_scheduler",
          msg: "batch processed",
          batch: dice(1_000),
          request_id: `${dice(1e9).toString(16)}-${dice(1e9).toString(16)}`,
          took_ms: dice(5_000),
        }),
        "info",
      ];
    case 4:
      return [`${time} - src.scheduler_loop - INFO - Claimed ${dice(50)} items for wf${dice(9)}`, "info"];
    case 5:
      return [`  File "/app/src/services/page_${dice(90)}.py", line ${dice(900)}, in process_batch`, "info"];
    case 6:
      return [
        `${time} DEBUG sqlalchemy.engine SELECT place.id, place.name ${", place.x".repeat(dice(60))}`,
        "debug",
      ];
    case 7:
      return [`tick ${dice(1_000)}`, "info"];
    case 8:
      return [
        `${time} - httpx - INFO - HTTP Request: POST https://maps.example.com/q?k=${dice(1e9)} "200"`,
        "info",
      ];
    default:
      return [`Übertragung ${dice(1_000)} läuft … 世界 ${dice(100)} ✓`, "notice"];
  }
}

/** What the patterns of the bench find, one here and there. */
function noteworthy(dice: (sides: number) => number, time: string): readonly [string, string] {
  const code = 1_000 + dice(5_000);
  switch (dice(8)) {
    case 0:
      return [`${time} ERROR src.worker task ${code} failed: code ${dice(700)}`, "error"];
    case 1:
      return ["Traceback (most recent call last):", "error"];
    case 2:
      return [`sqlalchemy.exc.OperationalError: connection to server at "10.0.0.7" failed`, "error"];
    case 3:
      return [`\u001b[1;31mCRITICAL\u001b[0m E${code}_REFUSED by the upstream`, "critical"];
    case 4:
      return [`${time} WARNING queue-${dice(700)} is over its limit`, "warning"];
    default:
      return [`cycle ${dice(500)} finished: found ${dice(40)}`, "info"];
  }
}
