import { withLine, type RevertWorld } from "../../gate/revert-world.ts";
import type { GateOptions } from "../../gate/scene.ts";
import type { Truth } from "../trial.ts";
import { messages, type HttpStory, type Stage } from "./story.ts";

/** What the gated commit changes. */
export const BAD = { "app.py": withLine(1, "broken") };
export const NOTIFY = `notify:
  all: { slack: $SLACK_URL, webhook: $HOOK_URL, when: [pass, fail, unknown, action] }
  dev: { mention: "@ada", when: [fail, action] }
`;
/** Everything that a gate can read. */
const WHOLE = `version: 1
service: shop-api
stages:
  boot: { for: 4m, every: 30s }
deploy: { appear_within: 2m, on_fail: revert }
checks:
  errors: { logs: { forbid: [Traceback] }, on_fail: revert }
  health: { http: /health, on_fail: revert }
  page: { http: "WEB_URL/page" }
  crashes: { events: [server_failed], on_fail: revert }
  memory: { metric: { name: memory, agg: max 1m }, fail: value > 400MB, on_fail: revert }
  connections: { metric: { name: active_connections, of: shop-db }, fail: value > 90 }
  settings: { env: { MODE: live, SHARED: "yes" }, on_fail: revert }
  source: { source: { glob: "*.py", forbid: [nobody writes this] }, on_fail: revert }
${NOTIFY}`;
/** When the new version has failed, ms after live. */
export const FAILED_MS = 5_000;

/** A world in which the commit is pushed and deployed. */
export interface Scenery {
  readonly world: RevertWorld;
  readonly commit: string;
  /** When it goes live, or is over. */
  readonly liveAt?: number | undefined;
  readonly options?: Partial<GateOptions>;
  readonly services?: readonly string[];
}

/** The gate of a push, and the same job run again; where it fails, also with faults that begin only then. */
export function pushed(
  truth: Truth,
  name: string,
  scenery: () => Promise<Scenery>,
  spoilt: readonly string[] = [],
): readonly HttpStory[] {
  const start = async (isLate: boolean): Promise<Stage> => {
    const { world, commit, liveAt = 0, options = {}, services = [world.serviceId] } = await scenery();
    const { post, env } = await messages();
    const run = { commit, ...options, env: { ...env, ...options.env } };
    return {
      scene: world.scene,
      services,
      post,
      ...(isLate ? { faultsFrom: liveAt + FAILED_MS } : {}),
      play: async (more) => [await world.scene.gate({ ...run, ...more })],
      again: (more) => world.scene.gate({ ...run, ...more }),
      async [Symbol.asyncDispose]() {
        await Promise.all([world[Symbol.asyncDispose](), post.close()]);
      },
    };
  };
  const whole: HttpStory = { name, truth, spoilt, isWatch: false, isLate: false, start: () => start(false) };
  const late: HttpStory = {
    ...whole,
    name: `${name}, once it has failed`,
    isLate: true,
    start: () => start(true),
  };
  return truth === "pass" ? [whole] : [whole, late];
}

/** Lands the commit together with a config file that reads everything, and lets it be read. */
export async function landWhole(world: RevertWorld): Promise<string> {
  const { serviceId, scene } = world;
  const { render, web } = scene;
  render.env(serviceId, { MODE: "live" });
  render.envGroup({ name: "shared", values: { SHARED: "yes" }, services: [serviceId] });
  render.metric(serviceId, "memory", () => 200e6);
  render.metric(String(render.postgres({ name: "shop-db" })["id"]), "active-connections", () => 40);
  const config = WHOLE.replace("WEB_URL", web.url);
  return (await world.land("squash", [{ ...BAD, ".github/deploy-gate.yml": config }])).sha;
}
