import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { startGitHubStandIn, type GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import { startRenderStandIn, type RenderStandIn, type ServiceRecord } from "../stand-ins/render/server.ts";
import { startWebService } from "../stand-ins/web-service.ts";
import type { SharedClock } from "./clock.ts";

/** The repository of examples/monorepo: its services, and their deploys at Render. */
export interface Monorepo extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly render: RenderStandIn;
  /** Names of the services, in the order of the workflow's list. */
  readonly services: readonly string[];
  /** Minutes of the hour at which the workflow's schedule starts looks. */
  readonly lookMinutes: readonly number[];
  /** Merges a change of these services, which Render begins to deploy. */
  merge(services: readonly string[]): Promise<{ readonly before: string; readonly after: string }>;
}

const example = resolve(import.meta.dirname, "../../examples/monorepo");
/** Real deploys of small services take so long; those of one merge build side by side. */
export const BUILD_MS = 150_000;
export const UPDATE_MS = 20_000;
const TICK_MS = 5_000;
/** Every service writes one line in so many ticks. */
const LINE_TICKS = 4;

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly env: { readonly SERVICES: string };
}

/** Thirty services that have been serving for a day; nothing is watched yet. */
export async function startMonorepo(clock: SharedClock): Promise<Monorepo> {
  const workflow = parse(await readFile(join(example, "workflow.yml"), "utf8")) as Workflow;
  const config = await readFile(join(example, "api.yml"), "utf8");
  const services = workflow.env.SERVICES.trim().split(/\s+/);
  const minutes = workflow.on.schedule[0]?.cron.split(" ")[0] ?? "";
  const now = (): number => clock.now();
  const render = await startRenderStandIn({ now });
  const github = await startGitHubStandIn({ now });
  const web = await startWebService({ now });

  const files = services.flatMap((name) => [
    [`services/${name}/app.py`, "print(0)\n"],
    [`.github/deploy-gate/${name}.yml`, config.replace("service: shop-api", `service: shop-${name}`)],
  ]);
  let head = await clock.still(
    github.commit({ files: Object.fromEntries(files) as Record<string, string>, message: "All" }),
  );
  const records = new Map<string, ServiceRecord>();
  for (const name of services) {
    const record = render.service({
      name: `shop-${name}`,
      repo: "https://github.com/acme/shop",
      branch: "main",
      serviceDetails: { url: web.url, healthCheckPath: "/health", plan: "standard" },
    });
    render.serving(record.id, head);
    render.metric(record.id, "memory", () => 400 * 1024 ** 2);
    records.set(name, record);
  }
  let ticks = 0;
  const over = new AbortController();
  const tick = async (): Promise<void> => {
    while (!over.signal.aborted) {
      for (const [index, { id }] of [...records.values()].entries())
        if ((index + ticks) % LINE_TICKS === 0)
          render.log(id, { message: `INFO: ${ticks} requests answered`, at: clock.now() });
      await render.settle();
      ticks += 1;
      await clock.tick(TICK_MS);
    }
  };
  // The first turn is taken before anybody else's; a failing one ends the process.
  void tick();

  let merges = 0;
  return {
    github,
    render,
    services,
    lookMinutes: minutes.split(",").map(Number),
    async merge(touched) {
      merges += 1;
      const before = head;
      const title = `Change ${touched.length === 1 ? touched[0] : `${touched.length} services`}`;
      const branch = `change-${merges}`;
      const files = Object.fromEntries(
        touched.map((name) => [`services/${name}/app.py`, `print(${merges})\n`]),
      );
      const land = async (): Promise<string> => {
        await github.commit({ branch, files, message: title });
        const { number } = await github.openPull({ head: branch, title });
        return github.mergePull(number, "squash");
      };
      head = await clock.still(land());
      for (const name of touched) {
        const { id } = records.get(name) as ServiceRecord;
        render.story(id, head, { buildMs: BUILD_MS, updateMs: UPDATE_MS });
      }
      return { before, after: head };
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await Promise.allSettled([render.close(), github.close(), web.close()]);
    },
  };
}
