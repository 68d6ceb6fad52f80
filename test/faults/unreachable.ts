import type { HttpAnswer } from "../../src/core/http-sample.ts";
import { databaseProblem } from "../../src/io/postgres-failure.ts";
import type { Edges } from "../../src/ports.ts";
import type { Scene } from "../gate/scene.ts";

/** What the runner does not reach. */
export type Reach = "service" | "Render" | "GitHub" | "database";
export const EVERYTHING: readonly Reach[] = ["service", "Render", "GitHub", "database"];

/** How a lost connection shows itself. */
export type Loss = "unreachable" | "no name" | "time-out";

const CODES: Readonly<Record<Loss, string>> = {
  unreachable: "ENETUNREACH",
  "no name": "EAI_AGAIN",
  "time-out": "ETIMEDOUT",
};

/** Edges of a runner that does not reach these from `from` until `until`, ms. */
export function unreachable(
  { clock, beside, render, github }: Pick<Scene, "clock" | "beside" | "render" | "github">,
  about: {
    readonly what: readonly Reach[];
    readonly from: number;
    readonly until: number;
    readonly loss: Loss;
  },
): { readonly edges: (edges: Edges) => Edges; readonly struck: () => boolean } {
  const { from, until, loss } = about;
  const lost = new Set(about.what);
  const isGone = (): boolean => clock.now() >= from && clock.now() < until;
  let hits = 0;
  const faults: { readonly hits: () => number }[] = [];
  if (lost.has("Render")) {
    faults.push(render.fault({ kind: "reset", from, until }));
    render.at(from, () => render.dropSockets());
  }
  if (lost.has("GitHub")) faults.push(github.fault({ route: /./, kind: "reset", from, until }));
  const silence = (latencyMs: number): HttpAnswer => ({
    kind: "silence",
    latencyMs,
    cause: loss === "time-out" ? "timeout" : "network",
    reason: loss === "time-out" ? `no answer within ${latencyMs} ms` : CODES[loss],
  });
  return {
    struck: () => hits + faults.reduce((sum, fault) => sum + fault.hits(), 0) > 0,
    edges: (edges) => ({
      ...edges,
      prober: {
        async probe(request) {
          if (!lost.has("service") || !isGone()) return edges.prober.probe(request);
          hits += 1;
          if (loss !== "time-out") return silence(1);
          const { timeoutMs } = request;
          const waited = Math.min(timeoutMs, until - clock.now());
          await beside.sleep(Math.min(waited, timeoutMs / 2));
          if (waited >= timeoutMs / 2) request.onSlow?.();
          await beside.sleep(waited - Math.min(waited, timeoutMs / 2));
          // What was lost is sent again: back in time, the network brings the answer.
          return waited < timeoutMs ? edges.prober.probe(request) : silence(timeoutMs);
        },
      },
      database: {
        ...edges.database,
        query(request) {
          if (!lost.has("database") || !isGone()) return edges.database.query(request);
          hits += 1;
          const error = Object.assign(new Error(CODES[loss]), { code: CODES[loss] });
          const { timeoutMs } = request;
          const context = { host: "db.test", timeoutMs, lockTimeoutMs: timeoutMs, redact: edges.redact };
          return Promise.reject(databaseProblem(error, context));
        },
      },
    }),
  };
}
