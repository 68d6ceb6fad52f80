import type { Clock, Edges, Runner } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { memoryForge } from "./memory-forge.ts";
import { memoryLogs } from "./memory-logs.ts";
import { memoryMetrics } from "./memory-metrics.ts";
import { memoryRender } from "./memory-render.ts";
import { SECOND, type Outage, type World } from "./world.ts";

/** The edges of a world, and what was ordered through them. */
export interface MemoryEdges {
  /** Those of one run. */
  edges(runner: Runner): Edges;
  /** Everything a gate did to Render or to the repository, with its time. */
  readonly acts: readonly { readonly at: number; readonly what: string }[];
}

/** What Render answers a call in, about. */
const CALL_MS = 120;
const AS_SERVICE = {
  Render: "Render",
  logs: "Render",
  metrics: "Render",
  GitHub: "GitHub",
  database: "database",
} as const;

/** All edges of a world in memory: what its clock has reached is there, and nothing else. */
export function memoryEdges(world: World, clock: Clock): MemoryEdges {
  const acts: { readonly at: number; readonly what: string }[] = [];
  let requests = 0;
  const now = (): number => clock.now();
  const act = (what: string): void => void acts.push({ at: now(), what });
  const isOut = (...edges: readonly Outage["edge"][]): boolean =>
    world.outages.some(({ edge, from, to }) => edges.includes(edge) && from <= now() && now() < to);

  /** A call takes its time; what is out stays away after as many repeats as the edge itself would make. */
  async function call(edge: keyof typeof AS_SERVICE): Promise<void> {
    requests += 1;
    await clock.sleep(CALL_MS);
    const edges = edge === "logs" || edge === "metrics" ? (["Render", edge] as const) : ([edge] as const);
    for (const pause of [1, 2, 4, 8]) {
      if (!isOut(...edges, "network")) return;
      await clock.sleep(pause * SECOND);
    }
    if (!isOut(...edges, "network")) return;
    const service = AS_SERVICE[edge];
    throw new ServiceProblem({ service, message: `${service} answered 503 five times`, status: 503 });
  }

  const runnerEdges: Omit<Edges, "runner"> = {
    clock,
    deploys: memoryRender(world, { now, act, call: () => call("Render") }),
    logs: memoryLogs(world, { clock, call: () => call("logs"), isDown: () => isOut("stream", "network") }),
    metrics: memoryMetrics(world, { now, call: () => call("metrics") }),
    serviceEnv: {
      async read() {
        await call("Render");
        return { values: new Map(Object.entries(world.environment)), ambiguous: new Set() };
      },
    },
    prober: {
      async probe({ url, timeoutMs }) {
        if (isOut("network")) {
          await clock.sleep(CALL_MS);
          return {
            kind: "silence",
            latencyMs: CALL_MS,
            cause: "unresolved",
            reason: "getaddrinfo EAI_AGAIN",
          };
        }
        const answer = world.probe(url, now());
        await clock.sleep(Math.min(timeoutMs, answer.latencyMs));
        if (answer.latencyMs < timeoutMs) return answer;
        const reason = `no answer within ${String(timeoutMs)} ms`;
        return { kind: "silence", latencyMs: timeoutMs, cause: "timeout", reason };
      },
    },
    database: {
      async query({ query, bind, timeoutMs }) {
        await call("database");
        const takes = world.queryMs(now());
        await clock.sleep(Math.min(takes, timeoutMs));
        if (takes >= timeoutMs)
          throw new ServiceProblem({
            service: "database",
            message: `no answer within ${String(timeoutMs)} ms`,
            code: "timeout",
          });
        return { rows: world.rows(query, { at: now(), liveAt: bind.liveAt }), cut: false };
      },
      close: async () => undefined,
    },
    messenger: { send: async () => ({ ok: true }) },
    forge: slowForge(memoryForge(world, { now, onPull: () => act("pull request") }), () => call("GitHub")),
    workspace: { head: async () => undefined, read: async () => undefined },
    requests: () => ({ render: requests, github: 0 }),
    githubHour: () => ({}),
    redact: (text) => text,
  };
  return { edges: (runner) => ({ ...runnerEdges, runner }), acts };
}

/** The same forge, whose calls take their time. */
function slowForge(forge: Edges["forge"], call: () => Promise<void>): Edges["forge"] {
  return new Proxy(forge, {
    get(target, name) {
      const member: unknown = target[name as keyof typeof target];
      if (typeof member !== "function") return member;
      return async (...given: readonly unknown[]) => {
        await call();
        return (member as (...all: readonly unknown[]) => unknown)(...given);
      };
    },
  });
}
