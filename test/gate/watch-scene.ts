import { expect } from "vitest";
import type {
  RenderStandIn,
  ServiceInput,
  ServiceRecord,
  Story,
  StoryOptions,
} from "../stand-ins/render/server.ts";
import type { WebAnswer, WebRequest } from "../stand-ins/web-service.ts";
import { startScene, type GateOptions, type GateResult, type Report, type Scene } from "./scene.ts";

/** A scene in which the second commit is deployed and watched. */
export interface Watch extends Scene {
  readonly service: ServiceRecord;
  readonly good: string;
  readonly bad: string;
  readonly story: Story;
  readonly liveAt: number;
  /** Writes a line of the new instance, so many ms after live (before, when negative). */
  say(afterLiveMs: number, message: string, line?: Partial<Parameters<RenderStandIn["log"]>[1]>): void;
  /** What the service answers from live on; the old version answers 200. */
  answer(answers: (request: WebRequest, afterLiveMs: number) => WebAnswer): void;
  /** Runs a step so many ms after live. */
  after(afterLiveMs: number, step: () => void): void;
  run(options?: Partial<GateOptions>): Promise<GateResult>;
}

export interface WatchOptions {
  /** Of the stage `boot`; default `{ for: 1m, every: 10s }`. */
  readonly boot?: string;
  /** More top-level keys of the config file. */
  readonly more?: string;
  readonly service?: ServiceInput;
  readonly story?: StoryOptions;
  readonly files?: Readonly<Record<string, string>>;
  /** The second commit comes by a pull request. */
  readonly isMerged?: boolean;
  /** How long after live the gate starts; default: before the deploy. */
  readonly lateMs?: number;
  /** What the clock shows at the beginning, ms. */
  readonly start?: number;
}

export const OLD = "aaaaa";
export const NEW = "bbbbb";

/** A deploy of the second commit that goes live some seconds after the gate has started, and these checks. */
export async function startWatch(checks: string, options: WatchOptions = {}): Promise<Watch> {
  const scene = await startScene(options.start === undefined ? {} : { start: options.start });
  const { render, web, clock } = scene;
  const service = render.service({
    name: "shop-api",
    repo: "https://github.com/acme/shop",
    branch: "main",
    ...options.service,
    serviceDetails: { url: web.url, healthCheckPath: "/health", ...options.service?.serviceDetails },
  });
  const config = [
    "version: 1",
    "service: shop-api",
    `stages: { boot: ${options.boot ?? "{ for: 1m, every: 10s }"} }`,
    ...(options.more === undefined ? [] : [options.more]),
    "checks:",
    ...checks
      .replaceAll("WEB_PORT", String(web.port))
      .split("\n")
      .map((line) => `  ${line}`),
    "",
  ].join("\n");
  const files = { "app.py": "print('one')\n", ...options.files, ".github/deploy-gate.yml": config };
  const good = await scene.push(files, "First");
  render.serving(service.id, good, { instances: [OLD] });
  const change = { "app.py": "print('two')\n" };
  const bad =
    options.isMerged === true ? await merge(scene, change) : await scene.push(change, "Second (#2)");
  const story = render.story(service.id, bad, {
    createdMs: 1_000,
    buildMs: 8_000,
    updateMs: 3_000,
    instances: [NEW],
    ...options.story,
  });
  const liveAt = story.liveAt ?? story.endsAt;
  if (options.lateMs !== undefined) await clock.advance(liveAt + options.lateMs - clock.now());
  return {
    ...scene,
    service,
    good,
    bad,
    story,
    liveAt,
    say: (afterLiveMs, message, line = {}) =>
      render.log(service.id, { message, instance: NEW, at: liveAt + afterLiveMs, ...line }),
    answer: (answers) =>
      web.answerWith((request) =>
        clock.now() < liveAt ? { body: "ok" } : answers(request, clock.now() - liveAt),
      ),
    after: (afterLiveMs, step) => render.at(liveAt + afterLiveMs, step),
    run: (run = {}) => scene.gate({ commit: bad, ...run }),
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

async function merge({ github }: Scene, files: Readonly<Record<string, string>>): Promise<string> {
  await github.commit({ branch: "second", files, message: "Second" });
  const { number } = await github.openPull({ head: "second", title: "Second" });
  return github.mergePull(number, "squash");
}

export type CheckReport = Report["checks"][number];

/** The check of that name in the report. */
export function checkOf(result: GateResult, name: string): CheckReport {
  const check = result.report.checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`the report has no check "${name}": ${result.report.reason}`);
  return check;
}

/** Nobody broke a rule of Render or GitHub. */
export function expectLawful(watch: Pick<Watch, "render" | "github">): void {
  expect(watch.render.violations).toEqual([]);
  expect(watch.github.violations).toEqual([]);
}

/** Nothing was done: no pull request, no branch, no order to Render. */
export function expectNoAct(watch: Pick<Watch, "render" | "github">): void {
  expect(watch.github.pulls).toEqual([]);
  expect(watch.render.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expectLawful(watch);
}

/** Exit code and conclusion fit the verdict. */
export function expectTold(watch: Pick<Watch, "github">, result: GateResult): void {
  const { verdict } = result.ending;
  const passes = verdict === "pass" || verdict === "warn";
  expect(result.ending.exitCode).toBe(passes ? 0 : 1);
  const conclusion = passes ? "success" : verdict === "fail" ? "failure" : "action_required";
  expect(watch.github.checkRuns).toMatchObject([{ status: "completed", conclusion }]);
}
