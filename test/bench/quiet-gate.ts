import { mostPerMinute } from "../scale/usage.ts";
import { expectLawful, startWatch, type Watch } from "../gate/watch-scene.ts";
import type { GateResult } from "../gate/scene.ts";

/** One of each source; `{n}` tells the checks of one source apart. */
const MIX: readonly string[] = [
  "{ http: /health?n={n}, pass: status == 200 }",
  "{ logs: { forbid: [Traceback-{n}, FATAL-{n}] } }",
  "{ metric: {metric}, fail: value > 1000000000000 }",
  '{ sql: "select {n} as n", pass: rows == 1 }',
  "{ events: [server_failed, server_restarted] }",
  "{ env: { MODE: live } }",
  '{ source: { glob: "app.py", require: [print] } }',
  "{ derive: { sum: http0.status + {n} }, pass: sum > 0 }",
];

/** What teams look at; more checks of metrics than these look at the same again. */
const METRICS: readonly string[] = [
  "cpu",
  "{ name: memory, of_limit: true }",
  "{ name: http_requests, where: status >= 500, as: ratio }",
  "memory",
  "{ name: http_latency, quantile: 0.95 }",
  "{ name: cpu, agg: max 4m }",
  "{ name: http_requests, where: status == 404 }",
];

/** Which sources there are, in the order in which `checksOf` takes them. */
const KINDS = ["http", "logs", "metric", "sql", "events", "env", "source", "derive"] as const;

/** So many checks, of each source as many as of the next, that look at so many kinds of metrics. */
export function checksOf(count: number, metrics = METRICS.length): string {
  return Array.from({ length: count }, (_, at) => {
    const [kind, turn] = [KINDS[at % KINDS.length] ?? "http", Math.floor(at / KINDS.length)];
    const written = (MIX[at % MIX.length] ?? "")
      .replaceAll("{n}", String(turn))
      .replace("{metric}", METRICS[turn % metrics] ?? "cpu");
    return `${kind}${turn}: ${written}`;
  }).join("\n");
}

/** What a quiet gate of ten minutes asked for. */
export interface Calls {
  readonly checks: number;
  readonly renderLogs: number;
  readonly renderReads: number;
  readonly renderWrites: number;
  /** Render reads in the busiest minute. */
  readonly readsPerMinute: number;
  readonly logCallsPerMinute: number;
  readonly github: number;
  /** Of them. */
  readonly githubForSource: number;
  readonly result: GateResult;
}

/** A gate that passes: four and a half minutes of build, then the five minutes of `boot`; in simulated time. */
export async function quietGate(count: number, metrics?: number): Promise<Calls> {
  const watch = await startWatch(checksOf(count, metrics), {
    boot: "{ for: 5m, every: 15s }",
    more: "databases: { main: { url: $DATABASE_URL } }",
    story: { buildMs: 270_000, updateMs: 20_000 },
  });
  await using _watch = watch;
  const { render, service } = watch;
  render.env(service.id, { MODE: "live" });
  for (const name of ["cpu", "memory", "http-latency"] as const) render.metric(service.id, name, () => 0.1);
  render.metric(service.id, "http-requests", () => ({ 200: 90, 404: 1, 500: 0 }));
  for (let at = -2_000; at < 300_000; at += 10_000) watch.say(at, `INFO at work ${at}`);
  const result = await watch.run({
    env: { DATABASE_URL: "postgres://reader:secret@127.0.0.1:1/app" },
    edges: (edges) => ({
      ...edges,
      database: {
        query: () => Promise.resolve({ rows: [{ n: 1 }], cut: false }),
        close: () => Promise.resolve(),
      },
    }),
  });
  expectLawful(watch);
  return { ...countsOf(watch), checks: count, result };
}

function countsOf({ render, github }: Pick<Watch, "render" | "github">): Omit<Calls, "checks" | "result"> {
  const times = (group: string): readonly number[] =>
    render.requests.filter((one) => one.group === group).map(({ at }) => at);
  return {
    renderLogs: times("logs").length,
    renderReads: times("read").length,
    renderWrites: times("write").length,
    readsPerMinute: mostPerMinute(times("read")),
    logCallsPerMinute: mostPerMinute(times("logs")),
    github: github.requests.length,
    githubForSource: github.requests.filter(({ path }) => /\/git\/trees\/|\/contents\/app\.py$/.test(path))
      .length,
  };
}
