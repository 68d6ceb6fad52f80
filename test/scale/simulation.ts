import { readInputs } from "../../src/config/inputs.ts";
import type { Verdict } from "../../src/core/check.ts";
import { createEdges } from "../../src/edges.ts";
import { runGate } from "../../src/gate.ts";
import type { Edges } from "../../src/ports.ts";
import { nothingRecorded, recordingRunner } from "../gate/scene.ts";
import { sharedClock, type SharedClock } from "./clock.ts";
import { usageMeter, type Used } from "./usage.ts";
import { startMonorepo, type Monorepo } from "./world.ts";

/** What is simulated. Times in ms. */
export interface Scenario {
  /** How many of the thirty services a merge changes; the first one changes all. */
  readonly touched: number;
  readonly hours: number;
  /** Requests an hour that GitHub allows for the token. */
  readonly githubLimit: number;
}

/** A job that ran. Times in ms since the start of the simulation. */
export interface Job {
  readonly kind: "gate" | "look";
  /** Of a gate: when its commit was merged. */
  readonly mergedAt?: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly verdict: Verdict;
  /** Longest that a call waited for its turn or was told to wait. */
  readonly heldMs: number;
  readonly lines: readonly string[];
}

/** What was measured. */
export interface Measured {
  readonly jobs: readonly Job[];
  readonly used: readonly Used[];
  readonly merges: number;
  readonly violations: readonly string[];
}

const START = Date.UTC(2026, 10, 23, 10, 0, 0);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MERGE_EVERY_MS = 10 * MINUTE_MS;
/** A merge in the middle of the ten minutes: looks at :07 and :37 meet gates at work. */
const MERGE_MINUTE_MS = 2 * MINUTE_MS;
/** From the push to the first line of a gate: the job that lists the services, and a runner for each. */
const RUNNER_MS = 45_000;
/** Jobs of a matrix do not start in the same moment. */
const MATRIX_MS = 700;
/** Of one call at one of the platforms. */
const LATENCY_MS = 150;

/** Plays the hours of a repository with these merges; the same figures each time. */
export async function simulate(scenario: Scenario): Promise<Measured> {
  const clock = sharedClock(START);
  await using world = await startMonorepo(clock);
  world.github.settings.rateLimit = scenario.githubLimit;
  const { services } = world;
  const jobs: Job[] = [];
  const used: Used[] = [];
  const random = seeded();
  const end = START + scenario.hours * HOUR_MS;
  let merges = 0;
  let runs = 0;

  async function job(
    kind: Job["kind"],
    about: Omit<RunOptions, "kind" | "runNumber" | "random">,
  ): Promise<void> {
    runs += 1;
    const ran = await runJob({ clock, world }, { kind, runNumber: runs, random, ...about });
    jobs.push({
      ...ran,
      startedAt: ran.startedAt - START,
      endedAt: ran.endedAt - START,
      ...(about.push === undefined ? {} : { mergedAt: about.push.at - START }),
    });
  }

  /** Gates of one service wait for one another, as `concurrency` says. */
  const queues = new Map<string, Promise<void>>();
  async function gateOf(service: string, push: Push, afterMs: number): Promise<void> {
    await clock.sleep(afterMs);
    const before = queues.get(service) ?? Promise.resolve();
    const own = before.then(() => job("gate", { push, config: `.github/deploy-gate/${service}.yml` }));
    queues.set(service, own);
    await own;
  }

  clock.start("merges", async () => {
    await clock.sleep(MERGE_MINUTE_MS);
    for (let first = 0; clock.now() < end; merges += 1, first += scenario.touched) {
      const touched = Array.from(
        { length: merges === 0 ? services.length : scenario.touched },
        (_, index) => services[(first + index) % services.length] as string,
      );
      const push = { ...(await world.merge(touched)), at: clock.now() };
      for (const [index, service] of touched.entries())
        clock.start("gate", () => gateOf(service, push, RUNNER_MS + index * MATRIX_MS));
      await clock.sleep(START + MERGE_MINUTE_MS + (merges + 1) * MERGE_EVERY_MS - clock.now());
    }
  });
  clock.start("look", async () => {
    for (let hour = 0; hour < scenario.hours; hour += 1)
      for (const minute of world.lookMinutes) {
        await clock.sleep(START + hour * HOUR_MS + minute * MINUTE_MS - clock.now());
        await job("look", {});
      }
  });
  const take = usageMeter(world);
  await clock.run((name) => used.push(...take(name === "look" ? "look" : "gate")));
  return {
    jobs: jobs.toSorted((a, b) => a.startedAt - b.startedAt),
    used: used.map((one) => ({ ...one, at: one.at - START })),
    merges,
    violations: [...world.github.violations, ...world.render.violations],
  };
}

interface Push {
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

interface RunOptions {
  readonly kind: Job["kind"];
  readonly runNumber: number;
  readonly random: () => number;
  readonly push?: Push;
  readonly config?: string;
}

/** One step of the action, as the workflow starts it. */
async function runJob(
  at: { readonly clock: SharedClock; readonly world: Monorepo },
  { kind, runNumber, random, push, config }: RunOptions,
): Promise<Job> {
  const { clock, world } = at;
  const { github, render } = world;
  const given: Readonly<Record<string, string>> = {
    "render-api-key": render.apiKey,
    "render-api-url": render.url,
    "github-token": github.actionsToken,
    ...(config === undefined ? {} : { config }),
  };
  const { inputs, mistakes } = readInputs((name) => given[name] ?? "");
  const environment: Readonly<Record<string, string>> = {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: github.serverUrl,
    GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
    DATABASE_URL: "postgres://gate:secret-of-the-gate@db.example/shop",
  };
  const real = createEdges(inputs, environment, { clock, random, isResuming: kind === "look" });
  const recorded = nothingRecorded();
  let heldMs = 0;
  const onHeld = (ms: number): void => void (heldMs = Math.max(heldMs, ms));
  const watched = <T extends object>(edge: T): T => clock.watch(edge, { latencyMs: LATENCY_MS, onHeld });
  const edges: Edges = {
    ...real,
    deploys: watched(real.deploys),
    logs: { ...watched(real.logs), follow: real.logs.follow },
    metrics: watched(real.metrics),
    serviceEnv: watched(real.serviceEnv),
    prober: watched(real.prober),
    messenger: watched(real.messenger),
    forge: watched(real.forge),
    // Databases have no limit of the platforms' to count against: the one here is empty and always there.
    database: watched({ query: async () => ({ rows: [], cut: false }), close: async () => {} }),
    runner: recordingRunner(recorded),
  };
  const startedAt = clock.now();
  const ending = await runGate(edges, {
    inputs,
    mistakes,
    event: push === undefined ? { name: "schedule", payload: {} } : { name: "push", payload: push },
    runSha: push?.after ?? "",
    runUrl: `${github.webUrl}/actions/runs/${runNumber}`,
    inlineMs: 0,
    env: (name) => environment[name],
    signal: new AbortController().signal,
  });
  const endedAt = clock.now();
  await real.close();
  return { kind, startedAt, endedAt, verdict: ending.verdict, heldMs, lines: recorded.lines };
}

/** Jitter that is the same each time: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
