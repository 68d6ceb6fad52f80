import { decodeState } from "../../src/core/gate-state-text.ts";
import type { GateState } from "../../src/core/gate-state.ts";
import type { GateOptions, GateResult } from "./scene.ts";
import { startWatch, type Watch, type WatchOptions } from "./watch-scene.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The event of a scheduled run. */
export const SCHEDULED = { name: "schedule", payload: { schedule: "7,37 * * * *" } };

/** Configures the database that `withDatabase` stands in for. */
export const DATABASE = "databases: { main: { url: $DATABASE_URL } }";

/** Of a run: a database whose queries all give one row. */
export function withDatabase(row: () => Readonly<Record<string, number>>): Partial<GateOptions> {
  const database = {
    query: () => Promise.resolve({ rows: [row()], cut: false }),
    close: () => Promise.resolve(),
  };
  return {
    env: { DATABASE_URL: "postgres://db.test/shop" },
    edges: (edges) => ({ ...edges, database }),
  };
}

/** Stages after the first, as `startWatch` takes them. */
export const STAGES = "{ for: 40s, every: 20s }, hour: { for: 1h, every: 10m }, day: { for: 24h, every: 4h }";

/** A watch that the job of the push has left to later runs. */
export async function leftWatch(
  checks: string,
  { boot = STAGES, run = {}, ...options }: WatchOptions & { readonly run?: Partial<GateOptions> } = {},
): Promise<Watch> {
  const watch = await startWatch(checks, { boot, ...options });
  await watch.run(run);
  return watch;
}

/** A scheduled run so long after live, or at once when that has passed. */
export async function lookAt(
  watch: Watch,
  afterLiveMs: number,
  options: Partial<GateOptions> = {},
): Promise<GateResult> {
  await watch.clock.advance(Math.max(0, watch.liveAt + afterLiveMs - watch.clock.now()));
  return watch.run({ event: SCHEDULED, runNumber: 2 + Math.round(afterLiveMs / MINUTE), ...options });
}

/** What the check run of the watched commit keeps. */
export function stateOf(watch: Pick<Watch, "github" | "bad">): GateState {
  const checkRun = watch.github.checkRuns.find(({ sha }) => sha === watch.bad);
  const decoded = decodeState(checkRun?.text ?? "");
  if (decoded.kind !== "state") throw new Error(`no state: ${JSON.stringify(decoded)}`);
  return decoded.state;
}

/** `hour pass`, of every stage that the report tells. */
export function stagesOf({ report }: GateResult): readonly string[] {
  return report.stages.map(({ name, verdict }) => `${name} ${verdict}`);
}

/** The newest status of each entry of the index, oldest entry first. */
export function indexOf({ github }: Pick<Watch, "github">): readonly string[] {
  return github.deployments.map(({ statuses }) => statuses.at(-1)?.state ?? "open");
}

/** The newest commit status of the watched commit. */
export function statusOf({ github, bad }: Pick<Watch, "github" | "bad">): string | undefined {
  const status = github.statuses.findLast(({ sha }) => sha === bad);
  return status && `${status.state}: ${status.description}`;
}
