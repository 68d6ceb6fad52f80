import type { JobOptions } from "../bundle/world.ts";
import { startLeft, type Left } from "../gate/look-scene.ts";
import { NEW } from "../gate/watch-scene.ts";
import { standInRunner, type StandInRunner } from "../stand-ins/runner.ts";
import { probedJob } from "./probed-job.ts";
import { duration, median, within, type Section } from "./section.ts";

const RUNS = 3;
/** Design 9. */
const RUNNER_MS = 20_000;
const MINUTE_MS = 60_000;
/** The look comes so long after live. */
const AFTER_MS = 40 * MINUTE_MS;

/** What is watched for an hour: with a beat of ten minutes, four of them are judged by the look. */
const CHECKS = `health: { http: /health }
errors: { logs: { forbid: [Traceback] } }
memory: { metric: memory, fail: value > 1GB }
crashes: { events: [server_failed] }`;

/** What one look needed. */
export interface Look {
  readonly verdict: string | undefined;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly render: number;
  readonly github: number;
  readonly violations: readonly unknown[];
}

/** One scheduled look at a watch of forty minutes by the bundle, in real time. */
export async function lookOnce(): Promise<Look> {
  await using left = await startLeft(CHECKS, {
    start: Date.now() - AFTER_MS - MINUTE_MS,
    prepare: ({ render, service, say }) => {
      render.metric(service.id, "memory", () => 200 * 1024 ** 2);
      for (let at = -1_000; at < AFTER_MS; at += 30_000) say(at, `INFO at work ${at}`, { instance: NEW });
    },
  });
  const { render, github, clock } = left;
  // What the stand-ins call now goes with real time from here on.
  const keepUp = (): Promise<void> => clock.advance(Math.max(0, Date.now() - clock.now()));
  await keepUp();
  const ticker = setInterval(() => void keepUp(), 50);
  const before = { render: render.requests.length, github: github.requests.length };
  try {
    const { step, probed } = await probedJob({ job: (options) => scheduled(left, options) });
    return {
      verdict: step.outputs["verdict"],
      wallMs: probed.wallMs,
      cpuMs: probed.cpuMs,
      render: render.requests.length - before.render,
      github: github.requests.length - before.github,
      violations: [...render.violations, ...github.violations],
    };
  } finally {
    clearInterval(ticker);
  }
}

function scheduled({ render, github, bad }: Left, { env = {} }: JobOptions = {}): Promise<StandInRunner> {
  return standInRunner({
    inputs: {
      "render-api-key": render.apiKey,
      "github-token": github.actionsToken,
      config: ".github/deploy-gate.yml",
      "render-api-url": render.url,
    },
    env: {
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
      GITHUB_SHA: bad,
      GITHUB_RUN_ID: "4712",
      ...env,
    },
    event: { name: "schedule", payload: { schedule: "7,37 * * * *" } },
  });
}

/** Runner seconds and requests of a look that a scheduled run takes. */
export async function measureLook(): Promise<Section> {
  const looks: Look[] = [];
  for (let run = 0; run < RUNS; run += 1) looks.push(await lookOnce());
  const wrong = looks.find(({ verdict, violations }) => verdict !== "pass" || violations.length > 0);
  if (wrong !== undefined) throw new Error(`the look did not go well: ${JSON.stringify(wrong)}`);
  const longest = Math.max(...looks.map(({ wallMs }) => wallMs));
  const [look] = looks;
  return {
    title: "A resumed look",
    how: `the bundle in real time, ${RUNS} times, at a watch of forty minutes that has been left open: http, logs, a metric and events; the stand-ins answer at once, so every request to the real platforms adds its own time.`,
    figures: [
      {
        ...within("runner time of the step", longest, RUNNER_MS, duration),
        value: `${duration(median(looks.map(({ wallMs }) => wallMs)))}, at most ${duration(longest)}`,
      },
      { what: "processor time of it", value: duration(median(looks.map(({ cpuMs }) => cpuMs))) },
      { what: "requests to Render", value: String(look?.render) },
      { what: "requests to GitHub", value: String(look?.github) },
    ],
  };
}
