import { CONFIG, MAIN, openWorld, type World } from "../bundle/world.ts";
import { duration, median, within, type Section } from "./section.ts";
import { underWay } from "./under-way.ts";

const RUNS = 3;
const BEAT_MS = 2_000;
/** Design 9. */
const FIRST_SAMPLE_MS = 3_000;
const VERDICT_MS = BEAT_MS + 1_000;
const REVERT_MS = 10_000;

const WATCH = CONFIG.replace("for: 1s, every: 1s", "for: 1m, every: 2s");
const HTTP = WATCH.replace("http: /health", "http: /health, fail_after: 1");
const LOGS = `${WATCH}  errors: { logs: { forbid: [Traceback] }, on_fail: revert }\n`;

/** What happens after live. */
interface Story {
  readonly config: string;
  /** Lets the service fail. */
  readonly cause: (world: World, instance: string) => void;
}

const STORIES: { readonly [name: string]: Story } = {
  http: {
    config: HTTP,
    cause: (world) => world.web.answerWith(() => ({ status: 503 })),
  },
  logs: {
    config: LOGS,
    cause: ({ render, serviceId }, instance) =>
      render.log(serviceId, { message: "Traceback (most recent call last):", instance, at: Date.now() }),
  },
};

/** ms. */
interface Lag {
  readonly toFirstSample: number;
  readonly toVerdict: number;
  readonly toRevert: number;
}

/** From live to the first sample, from a cause to the verdict, and from there to the open revert: the bundle in real time. */
export async function measureLag(): Promise<Section> {
  const lags: { readonly [name: string]: Lag[] } = { http: [], logs: [] };
  for (let run = 0; run < RUNS; run += 1)
    for (const [name, story] of Object.entries(STORIES)) lags[name]?.push(await play(story, run));
  const all = Object.values(lags).flat();
  const worst = (what: string, of: (lag: Lag) => number, runs: readonly Lag[], most: number) => {
    const times = runs.map(of);
    const longest = Math.max(...times);
    return {
      ...within(what, longest, most, duration),
      value: `${duration(median(times))}, at most ${duration(longest)}`,
    };
  };
  return {
    title: "Lag",
    how: `the bundle in real time against stand-ins on loopback, a beat of ${duration(BEAT_MS)}, ${RUNS} times each; the median and the longest. A request to the real platforms takes a tenth of a second longer.`,
    figures: [
      worst("from live at Render to the first sample", (lag) => lag.toFirstSample, all, FIRST_SAMPLE_MS),
      ...Object.entries(lags).map(([name, runs]) => ({
        ...worst(
          `from the cause to the verdict, ${name === "http" ? "an answer of 503" : "a forbidden line"}`,
          (lag) => lag.toVerdict,
          runs,
          VERDICT_MS,
        ),
        budget: `≤ one beat + 1 s`,
      })),
      worst("from the verdict to the open revert", (lag) => lag.toRevert, all, REVERT_MS),
    ],
  };
}

/** One deploy that goes bad five seconds after live, and a little later in each run, so that beats are met anywhere. */
async function play({ config, cause }: Story, run: number): Promise<Lag> {
  await using world = await openWorld({ config });
  const { render, github, web } = world;
  const { liveAt, instance } = underWay(world);
  let causedAt = 0;
  render.at(liveAt + 5_000 + run * 700, () => {
    causedAt = Date.now();
    cause(world, instance);
  });
  const step = await (await world.job()).run(MAIN);
  const told = github.requests.find(
    ({ path, body }) =>
      path.includes("/check-runs/") && (body as { readonly conclusion?: string }).conclusion === "failure",
  );
  const opened = github.requests.find(({ method, path }) => method === "POST" && path.endsWith("/pulls"));
  const sampled = web.requests.find(({ at }) => at >= liveAt);
  if (told === undefined || opened === undefined || sampled === undefined || world.violations().length > 0)
    throw new Error(`the bad deploy was not reverted: ${step.lines.join("\n")}`);
  return {
    toFirstSample: sampled.at - liveAt,
    toVerdict: told.at - causedAt,
    toRevert: opened.at - told.at,
  };
}
