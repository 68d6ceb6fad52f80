import { join } from "node:path";
import { startRenderStandIn } from "../stand-ins/render/server.ts";
import type { RenderStandIn } from "../stand-ins/render/server.ts";
import { openEdge } from "./edge.ts";
import { checkOut, startInstance } from "./instance.ts";
import type { Instance } from "./instance.ts";

/** Render, as far as the demo needs it: the stand-in's API in front of real processes. */
export interface Platform {
  readonly render: RenderStandIn;
  readonly serviceUrl: string;
  /** The version that serves before the story begins. */
  readonly serve: (commit: string) => Promise<void>;
  /** A deploy as Render does it: build, a new instance beside the old one, the switch. Returns at once. */
  readonly deploy: (commit: string, message: string) => void;
  readonly close: () => Promise<void>;
}

/** A minute of the service's schedulers, so that a five-minute job runs while somebody looks on. */
const minuteMs = 800;

/** Opens the platform for one service; its instances run from commits of a bare repository. */
export async function openPlatform(options: {
  readonly name: string;
  readonly repo: string;
  readonly gitDir: string;
  readonly databaseUrl: string;
  readonly scratch: string;
  readonly onTrouble: (error: unknown) => void;
}): Promise<Platform> {
  const render = await startRenderStandIn();
  const edge = await openEdge();
  const service = render.service({
    name: options.name,
    repo: options.repo,
    branch: "main",
    serviceDetails: { url: edge.url, healthCheckPath: "/health" },
  });
  const instances: Instance[] = [];

  const start = async (commit: string, suffix: string): Promise<Instance> => {
    const folder = join(options.scratch, suffix);
    await checkOut(options.gitDir, commit, folder);
    const instance = await startInstance({
      folder,
      commit,
      databaseUrl: options.databaseUrl,
      minuteMs,
      onLine: (message, stream) => {
        render.log(service.id, {
          message,
          level: stream === "stderr" ? "error" : "info",
          instance: suffix,
          at: Date.now(),
        });
      },
    });
    instances.push(instance);
    await instance.ready;
    return instance;
  };

  return {
    render,
    serviceUrl: edge.url,
    serve: async (commit) => {
      render.serving(service.id, commit, { instances: ["older"] });
      edge.serve((await start(commit, "older")).port);
    },
    deploy: (commit, message) => {
      const suffix = "newer";
      const story = render.story(service.id, commit, {
        message,
        createdMs: 500,
        buildMs: 4000,
        updateMs: 3000,
        instances: [suffix],
      });
      const { updateAt, liveAt } = story;
      if (updateAt === undefined || liveAt === undefined) throw new Error("the story does not go live");
      let port: number | undefined;
      render.at(updateAt, () => {
        start(commit, suffix).then((instance) => {
          port = instance.port;
        }, options.onTrouble);
      });
      render.at(liveAt, () => {
        if (port === undefined) options.onTrouble(new Error("the new version did not answer in time"));
        else edge.serve(port);
      });
      // Render stops the old version a minute after the switch.
      render.at(liveAt + minuteMs, () => {
        instances[0]?.stop().catch(options.onTrouble);
      });
    },
    close: async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
      await edge.close();
      await render.close();
    },
  };
}
