import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogsSource } from "../../src/core/source.ts";
import { readOldIntervals } from "../../src/gate/old-intervals.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { createLogs } from "../../src/io/logs.ts";
import { createRenderApi } from "../../src/io/render-api.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { sha, startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";
import { givenCheck, givenService, MINUTE } from "../core/given.ts";
import { regex, text, verbs } from "../core/log-given.ts";

let clock: SimulatedClock;
let render: RenderStandIn;
let run: ServiceRun;
let close: () => Promise<void>;
let from: number;

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  const { id, ownerId } = render.service({ name: "shop-api" });
  render.serving(id, sha("old"), { instances: ["aaaaa"], platformLines: false });
  const api = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: render.url,
    redact: (text) => text,
    random: () => 0.5,
    proxyEnv: {},
    attemptTimeoutMs: 2_000,
  });
  close = () => api.close();
  run = {
    service: givenService({ id, ownerId }),
    edges: { logs: createLogs(api, { background: clock.background }) },
    signal: new AbortController().signal,
  } as unknown as ServiceRun;
  from = clock.now() - 60 * MINUTE;
});

afterEach(async () => {
  await close();
  await render.close();
  expect(render.violations).toEqual([]);
});

const DONE: Partial<LogsSource> = { count: { pattern: text("done"), perMs: MINUTE } };

function say(minutes: number, message: string, level = "info"): void {
  render.log(run.service.id, { message, level, instance: "aaaaa", at: from + minutes * MINUTE });
}
const reads = (source: Partial<LogsSource>, minutes = 3) =>
  readOldIntervals(run, verbs(source), { from, to: from + minutes * MINUTE });

describe("intervals of the old version", () => {
  it("are counted by pattern, which Render filters", async () => {
    for (let index = 0; index < 1_500; index += 1) say(index / 600, "hello");
    for (const minutes of [0.1, 0.5, 1.2, 2.5, 3.1]) say(minutes, "job done");
    expect(await reads(DONE)).toEqual({ kind: "known", values: { value: [2, 1, 1] } });
    expect(render.requests.filter(({ path }) => path === "/logs")).toHaveLength(1);
  });
  it("are counted by level, which Render filters", async () => {
    for (let index = 0; index < 1_500; index += 1) say(index / 600, "hello");
    for (const minutes of [0.1, 1.5]) say(minutes, "Traceback", "error");
    const rate: Partial<LogsSource> = { levels: ["error"], rate: { perMs: MINUTE } };
    expect(await reads(rate)).toEqual({ kind: "known", values: { rate: [1, 1, 0] } });
  });
  it("are counted whole where info counts, which unknown levels are", async () => {
    say(0.1, "hello");
    say(0.2, "hello", "error");
    const rate: Partial<LogsSource> = { levels: ["info"], rate: { perMs: MINUTE } };
    expect(await reads(rate, 1)).toEqual({ kind: "known", values: { rate: [1] } });
    expect(render.requests.at(-1)!.query.has("level")).toBe(false);
  });
  it("are nought where other lines were written", async () => {
    say(0.5, "hello");
    expect(await reads(DONE, 2)).toEqual({ kind: "known", values: { value: [0, 0] } });
  });
  it("are read without a filter that Render may take differently", async () => {
    say(0.5, "job done");
    say(0.6, "job not done");
    const count = { pattern: regex("(?<!not )done"), perMs: MINUTE };
    expect(await reads({ count }, 1)).toEqual({ kind: "known", values: { value: [1] } });
  });
});

describe("no number", () => {
  it("where no line is kept", async () => {
    expect(await reads(DONE)).toEqual({ kind: "none", why: "no log line of that time is kept" });
  });
  it("where more is written than is read", async () => {
    for (let index = 0; index < 1_200; index += 1) say(index / 1_000, "job done");
    expect(await reads(DONE)).toEqual({ kind: "none", why: "more than 1000 lines were written then" });
  });
  it("where no interval is full", async () => {
    say(0.1, "job done");
    expect(await reads(DONE, 0.5)).toEqual({ kind: "none", why: "no interval is full in that time" });
  });
  it("where Render does not answer", async () => {
    render.fault({ route: /^GET \/logs$/, kind: "status", status: 403 });
    expect(await reads(DONE)).toMatchObject({ kind: "none", why: expect.stringContaining("403") });
  });
  it("of what is no check of the logs", async () => {
    expect(await readOldIntervals(run, givenCheck(), { from, to: from })).toMatchObject({ kind: "none" });
  });
});
