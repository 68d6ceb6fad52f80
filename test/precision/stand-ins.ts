import type { Database } from "../../src/ports.ts";
import { startScene, type GateResult } from "../gate/scene.ts";
import type { MetricName } from "../stand-ins/render/metrics.ts";
import { NEW, OLD } from "./platform.ts";
import { HOUR, type World } from "./world.ts";

const METRICS: readonly MetricName[] = [
  "cpu",
  "cpu-limit",
  "memory",
  "memory-limit",
  "http-requests",
  "http-latency",
];
/** Older lines are asked for by nobody but `new_matches`. */
const LINES_MS = 26 * HOUR;

/**
 * Plays the gate of a world's push over the stand-ins: the real edges, HTTP and a git repository. For worlds of one
 * instance in which nothing is out and nothing is moved.
 */
export async function playOverStandIns(world: World): Promise<GateResult> {
  const [previous, course] = world.deploys.slice(-2);
  const [, started, update, live] = course?.steps ?? [];
  if (previous === undefined || course === undefined || live === undefined || world.instances.length !== 2)
    throw new Error("only a world of one instance and one deploy can be played over the stand-ins");
  await using scene = await startScene({ start: world.pushAt + 8_000 });
  const { render, web, clock } = scene;
  const service = render.service({
    name: world.service.name,
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: web.url, healthCheckPath: "/health", plan: world.service.plan ?? "starter" },
  });
  const shared = render.postgres({ name: "shop-db" });
  render.quirks.metricLagMs = world.metricLagMs;
  await scene.push({ "app.py": "1\n", ".github/deploy-gate.yml": world.config }, "First");
  const good = await scene.push({ "app.py": "2\n" }, "Second");
  render.serving(service.id, good, { at: previous.createdAt, instances: [OLD] });
  const sha = await scene.push({ "app.py": "3\n" }, "Third");
  const [createdAt, startedAt, updateAt] = [course.createdAt, started?.at ?? 0, update?.at ?? 0];
  render.story(service.id, sha, {
    at: createdAt,
    createdMs: startedAt - createdAt,
    buildMs: updateAt - startedAt,
    updateMs: live.at - updateAt,
    instances: [NEW],
  });
  for (const line of world.lines) {
    if (line.instance === undefined || line.at < world.pushAt - LINES_MS) continue;
    const { message, at, level, instance } = line;
    render.log(service.id, { message, at, level, instance, lateMs: line.seenAt - at });
  }
  for (const name of METRICS)
    render.metric(service.id, name, ({ at, instance }) =>
      world.metric(
        name.replaceAll("-", "_") as Parameters<World["metric"]>[0],
        at,
        world.instances.find(({ suffix }) => suffix === instance),
      ),
    );
  render.metric(String(shared["id"]), "active-connections", ({ at }) =>
    world.metric("active_connections", at, undefined),
  );
  const database: Database = {
    query: async ({ query, bind }) => ({
      rows: world.rows(query, { at: clock.now(), liveAt: bind.liveAt }),
      cut: false,
    }),
    close: async () => undefined,
  };
  return await scene.gate({
    commit: sha,
    before: good,
    env: { DATABASE_URL: "postgres://gate@db.test/shop" },
    // A latency of the world cannot be waited for at a socket, and there is no database behind its rows.
    edges: (edges) => ({
      ...edges,
      database,
      prober: { probe: async ({ url }) => world.probe(url, clock.now()) },
    }),
  });
}
