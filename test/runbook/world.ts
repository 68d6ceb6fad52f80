import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startScene, type GateOptions, type GateResult, type Scene } from "../gate/scene.ts";
import type { GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import type { Postgres } from "../stand-ins/postgres.ts";
import type { MetricStory, ServiceRecord, Story, StoryOptions } from "../stand-ins/render/server.ts";
import { ENVIRONMENT, START_UP } from "./application.ts";
import { createWorkDatabase, type RowChange, type WorkDatabase } from "./database.ts";
import { idOf, oldWork, workOf, type WorkPlan } from "./work.ts";

/** The team's world on the day of WO-004: everything the runbook looks at, in simulated time. */
export interface RunbookWorld extends Scene {
  readonly service: ServiceRecord;
  readonly database: WorkDatabase;
  /** The commit with the old scheduler, and the one that is deployed. */
  readonly before: string;
  readonly merged: string;
  readonly story: Story;
  /** ms; when the deploy fails, when it would have been live. */
  readonly liveAt: number;
  /** Writes a line of the new instance, so many ms after live. */
  say(afterLiveMs: number, message: string): void;
  /** Runs a step so many ms after live. */
  after(afterLiveMs: number, step: () => void): void;
  run(options?: Partial<GateOptions>): Promise<GateResult>;
  /** A scheduled run so many ms after live, or now if that is later. */
  look(afterLiveMs: number, options?: Partial<GateOptions>): Promise<GateResult>;
}

/** What is different from a good deploy. Times in ms after live. */
export interface Variant {
  /** The deploy itself. */
  readonly story?: Pick<StoryOptions, "end" | "failure">;
  /** Start-up lines: changes those of a good start. */
  readonly startUp?: (lines: readonly string[]) => readonly string[];
  readonly work?: Omit<WorkPlan, "startedAt" | "until">;
  /** More rows; `at` is after live. */
  readonly rows?: readonly RowChange[];
  readonly memory?: (afterLiveMs: number) => number;
  readonly connections?: (afterLiveMs: number) => number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files of the merged commit. */
  readonly files?: Readonly<Record<string, string>>;
  /** More of the config file. */
  readonly config?: string;
  /** WO-004 comes by a pull request, which is merged. */
  readonly pull?: boolean;
  /** How long the stage `day` is, in hours; then the work lasts as long. */
  readonly dayHours?: number;
  /** How long after live the stage `week` ends, in hours. */
  readonly weekHours?: number;
  /**
   * How long the work lasts, in hours; two by default. After the first day there is something to do in the last forty
   * minutes before each beat of the stage `week` only, so that a week of it has few rows.
   */
  readonly lastsHours?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_BEAT_MS = 6 * HOUR_MS;
const OLD = "aaaaa";
const NEW = "bbbbb";
const BUILD_MS = 4 * MINUTE_MS;
const UPDATE_MS = 30_000;
/** From the first line of a new instance to the one after which its workers count. */
const START_UP_MS = 15_000;

const root = resolve(import.meta.dirname, "../..");
const example = join(root, "examples/wo-004");

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")] as const),
    ),
  );
}

/** main.py before WO-004: the old scheduler instead of the two new ones. */
function oldMain(main: string): string {
  const lines = main.split("\n");
  const old = lines.slice(110, 114).map((line) => line.replace("    # ", "    "));
  return [...lines.slice(0, 97), ...old, ...lines.slice(114)].join("\n");
}

/** WO-004 as a pull request that was just merged. */
async function mergePull(
  github: GitHubStandIn,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly message: string; readonly merged: string }> {
  await github.commit({ branch: "wo-004", files, message: "One scheduler each for scans and extraction" });
  const { number } = await github.openPull({ head: "wo-004", title: "Merge WO-004" });
  return { message: `Merge WO-004 (#${String(number)})`, merged: await github.mergePull(number, "squash") };
}

/** A world in which WO-004 has just been merged; with a variant, something about it is bad. */
export async function startRunbook(postgres: Postgres, variant: Variant = {}): Promise<RunbookWorld> {
  const scene = await startScene({ owner: "hgroman", repo: "scrapersky-backend" });
  const { render, web, clock } = scene;
  const database = await createWorkDatabase(postgres);

  const service = render.service({
    name: "scrapersky-backend",
    repo: "https://github.com/hgroman/scrapersky-backend",
    branch: "main",
    serviceDetails: {
      url: web.url,
      healthCheckPath: "/health",
      plan: "pro",
      runtime: "docker",
      env: "docker",
    },
  });
  render.env(service.id, { ...ENVIRONMENT, ...variant.environment });
  const shared = render.postgres({ name: "scrapersky-db" });

  const config = await readFile(join(example, "deploy-gate.yml"), "utf8");
  const files = await filesIn(join(import.meta.dirname, "service"));
  const before = await scene.push(
    {
      ...files,
      "src/main.py": oldMain(files["src/main.py"] ?? ""),
      ".github/deploy-gate.yml": `${config
        .replace("day: { for: 24h,", `day: { for: ${String(variant.dayHours ?? 24)}h,`)
        .replace(
          "week: { for: 7d,",
          `week: { for: ${String(variant.weekHours ?? 168)}h,`,
        )}${variant.config ?? ""}`,
      ".github/gate/old-scheduler.patch": await readFile(join(example, "old-scheduler.patch"), "utf8"),
    },
    "Before WO-004",
  );
  render.serving(service.id, before, { instances: [OLD] });
  const changes = { "src/main.py": files["src/main.py"] ?? "", ...variant.files };
  const { message, merged } = variant.pull
    ? await mergePull(scene.github, changes)
    : { message: "Merge WO-004 (#4)", merged: await scene.push(changes, "Merge WO-004 (#4)") };
  const story = render.story(service.id, merged, {
    message,
    createdMs: 10_000,
    buildMs: BUILD_MS,
    updateMs: UPDATE_MS,
    instances: [NEW],
    ...variant.story,
  });
  const liveAt = story.liveAt ?? story.endsAt;
  const startedAt = story.startedAt + BUILD_MS;
  const lastsMs = (variant.lastsHours ?? variant.dayHours ?? 2) * HOUR_MS;
  const until = liveAt + lastsMs + (lastsMs > 2 * HOUR_MS ? 20 * MINUTE_MS : 0);

  const build = ["Checking out commit", "Building Docker image...", "Running docker build..."];
  for (const [index, words] of build.entries()) {
    const message = `==> ${words}${index === 0 ? ` ${merged.slice(0, 7)} in branch main` : ""}`;
    render.log(service.id, { type: "build", message, at: story.startedAt + (index + 1) * 2_000 });
  }
  // Python logs to stderr, which Render takes for errors.
  const write = (at: number, message: string, instance = NEW): void =>
    render.log(service.id, { message, at, instance, level: "error" });
  const startUp = variant.startUp?.(START_UP) ?? START_UP;
  for (const [index, message] of startUp.entries())
    write(startedAt + Math.round((index * START_UP_MS) / startUp.length), message);

  const workStart = startedAt + START_UP_MS;
  const serves = story.liveAt !== undefined;
  const queues = (at: number): boolean =>
    at < liveAt + DAY_MS || (at - liveAt) % WEEK_BEAT_MS > WEEK_BEAT_MS - 40 * MINUTE_MS;
  const work = serves
    ? workOf({ startedAt: workStart, until, queues, ...variant.work })
    : { lines: [], rows: [] };
  for (const { at, message } of work.lines) write(at, message);
  // What a scraper complains of every day, before the deploy and after it; later less, so that it is quick to read.
  const complains = serves ? until : story.endsAt;
  for (
    let at = story.createdAt - 2 * HOUR_MS;
    at < complains;
    at += at < liveAt + 2 * HOUR_MS ? 15_000 : 300_000
  ) {
    const message = `ERROR could not fetch https://site-${String(at % 997)}.example: status 403`;
    write(at, message, serves && at >= workStart ? NEW : OLD);
  }
  for (let at = story.createdAt - 2 * HOUR_MS + 1_000; at < workStart; at += 10 * MINUTE_MS) {
    for (const model of ["Place", "LocalBusiness"]) {
      for (const error of ["API timeout", "place not found"])
        write(at, `ERROR SCHEDULER_LOOP: ${model} ${idOf("place", 900_001)} failed: ${error}`, OLD);
    }
  }
  await database.plan([
    ...oldWork({ from: story.createdAt - 3 * HOUR_MS, until: workStart, perHour: 60 }),
    ...work.rows,
    ...(variant.rows ?? []).map((row) => ({ ...row, at: liveAt + row.at })),
  ]);

  const shows =
    (value: (afterLiveMs: number) => number): MetricStory =>
    ({ at }) =>
      value(at - liveAt);
  render.metric(service.id, "cpu", () => 0.6);
  render.metric(service.id, "memory", shows(variant.memory ?? (() => 700e6)));
  render.metric(service.id, "http-requests", () => ({ 200: 60 }));
  render.metric(String(shared["id"]), "active-connections", shows(variant.connections ?? (() => 9)));
  web.answerWith(() => ({ body: '{"status":"ok"}', headers: { "content-type": "application/json" } }));

  const run: RunbookWorld["run"] = (options = {}) =>
    scene.gate({
      commit: merged,
      before,
      ...options,
      env: { DATABASE_URL: database.url, ...options.env },
      // The database is brought up to the simulated time when it is asked, not whenever time moves.
      edges: (real) => {
        const edges = options.edges?.(real) ?? real;
        return {
          ...edges,
          database: {
            ...edges.database,
            async query(request) {
              await database.settle(clock.now());
              return edges.database.query(request);
            },
          },
        };
      },
    });

  return {
    ...scene,
    service,
    database,
    before,
    merged,
    story,
    liveAt,
    say: (afterLiveMs, message) => write(liveAt + afterLiveMs, message),
    after: (afterLiveMs, step) => render.at(liveAt + afterLiveMs, step),
    run,
    async look(afterLiveMs, options = {}) {
      await clock.advance(Math.max(0, liveAt + afterLiveMs - clock.now()));
      return run({
        event: { name: "schedule", payload: { schedule: "7,37 * * * *" } },
        runNumber: 2 + Math.round(afterLiveMs / MINUTE_MS),
        ...options,
      });
    },
    async [Symbol.asyncDispose]() {
      await scene[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
