import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeState } from "../../src/core/gate-state-text.ts";
import { HOUR, indexOf, leftWatch, lookAt, stateOf, statusOf } from "./resume-scene.ts";
import type { GateResult } from "./scene.ts";
import type { Watch } from "./watch-scene.ts";

/** One watch, whose check run and index are set back before each case. */
let watch: Watch;
let text: string;
let payload: unknown;

beforeAll(async () => {
  watch = await leftWatch("health: { http: /health }\nerrors: { logs: { forbid: [Traceback] } }");
  await lookAt(watch, HOUR / 2);
  text = watch.github.checkRuns[0]?.text ?? "";
  payload = watch.github.deployments[0]?.payload;
});
afterAll(() => watch[Symbol.asyncDispose]());

/** A look at the watch with that text in its check run and that payload in its index. */
async function lookWith(changes: {
  readonly text?: string | null;
  readonly payload?: unknown;
}): Promise<GateResult> {
  const { github } = watch;
  const [checkRun] = github.checkRuns;
  const [record] = github.deployments;
  if (checkRun === undefined || record === undefined) throw new Error("the watch has left nothing");
  Object.assign(checkRun, {
    text: changes.text === undefined ? text : changes.text,
    status: "completed",
    conclusion: "success",
    title: "Passed so far (boot)",
  });
  Object.assign(record, { payload: changes.payload ?? payload });
  record.statuses.length = 0;
  return lookAt(watch, HOUR / 2 + 10 * 60_000);
}

/** The text with something else in its JSON. */
const edited = (
  change: (state: { watch: Record<string, unknown> } & Record<string, unknown>) => void,
): string => {
  const state = structuredClone(stateIn()) as unknown as Parameters<typeof change>[0];
  change(state);
  return encodeState(state as never);
};
const stateIn = () => {
  const [checkRun] = watch.github.checkRuns;
  if (checkRun !== undefined) checkRun.text = text;
  return stateOf(watch);
};

describe("a state that is damaged is closed as unknown, with one clear line everywhere", () => {
  it.each<readonly [string, () => string | null, RegExp]>([
    ["cut", () => text.slice(0, -500), /it does not end as it should/],
    ["no JSON", () => text.replace('"watch": {', '"watch": {,'), /it is not JSON/],
    ["gone", () => null, /ended before it had left anything/],
    ["of no version", () => edited((state) => delete state["version"]), /it has version none/],
    [
      "of another commit",
      () => edited((state) => (state["commit"] = "f".repeat(40))),
      /what it kept is of another commit, fffffff/,
    ],
    [
      "with text for a time",
      () => edited(({ watch: kept }) => (kept["anchor"] = "yesterday")),
      /"anchor" is missing/,
    ],
    ["with no time at all", () => edited(({ watch: kept }) => (kept["at"] = null)), /"at" is missing/],
    [
      "with a standing that is none",
      () =>
        edited(
          ({ watch: kept }) =>
            (kept["open"] = [{ name: "hour", standings: { health: 5 }, seen: {}, gaps: [] }]),
        ),
      /missing or not what it should be/,
    ],
  ])("%s", async (_, textOf, why) => {
    const { ending, lines, summary } = await lookWith({ text: textOf() });
    expect(ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(indexOf(watch)).toEqual(["error"]);
    const [checkRun] = watch.github.checkRuns;
    expect(checkRun).toMatchObject({ conclusion: "action_required", title: expect.stringMatching(why) });
    expect(statusOf(watch)).toMatch(
      /^error: Could not tell: the stages that were left are not watched any more/,
    );
    expect(lines.filter((line) => line.startsWith("error: "))).toEqual([expect.stringMatching(why)]);
    expect(summary).toMatch(why);
    expect(watch.github.violations).toEqual([]);
  });
});

describe("a state that is strange and yet one", () => {
  const odd = '"__proto__": { "due": 4 }, "constructor": { "due": 3 }, "toString": {}';
  it.each<readonly [string, () => string]>([
    [
      "with names of what all objects have",
      () =>
        text
          .replace('"judgedTo": {', `"judgedTo": { "__proto__": 1, "constructor": 2, `)
          .replace(/"standings":\{/, `"standings":{${odd},`),
    ],
    [
      "with keys of a later gate",
      () => edited((state) => Object.assign(state, { later: [1] }) && (state.watch["later"] = {})),
    ],
    ["looked at in the future", () => edited(({ watch: kept }) => (kept["at"] = watch.clock.now() + HOUR))],
  ])("%s is looked at as ever", async (_, textOf) => {
    const { ending } = await lookWith({ text: textOf() });
    expect(ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(stateOf(watch).watch?.looks).toBe(2);
    expect(({} as { due?: number }).due).toBeUndefined();
  });
});

describe("what a later version of the gate wrote is left alone", () => {
  it.each<readonly [string, () => { readonly text?: string; readonly payload?: unknown }, RegExp]>([
    [
      "its state",
      () => ({ text: edited((state) => (state["version"] = 2)) }),
      /left open: .*it has version 2, and this gate reads version 1/,
    ],
    [
      "its index entry",
      () => ({ payload: { ...(payload as object), version: 2 } }),
      /it has version 2, and this gate reads version 1/,
    ],
  ])("%s", async (_, changes, why) => {
    const given = changes();
    const { ending, lines, summary } = await lookWith(given);
    expect(ending).toEqual({ verdict: "skipped", exitCode: 0 });
    expect(indexOf(watch)).toEqual(["open"]);
    expect(watch.github.checkRuns[0]).toMatchObject({ text: given.text ?? text, conclusion: "success" });
    expect(`${lines.join("\n")}${summary}`).toMatch(why);
  });
});

describe("an index entry", () => {
  it("that nobody can read is closed, and said", async () => {
    const { ending, lines } = await lookWith({ payload: { version: 1, service: "../x" } });
    expect(ending).toEqual({ verdict: "skipped", exitCode: 0 });
    expect(indexOf(watch)).toEqual(["error"]);
    expect(lines.join("\n")).toMatch(
      /warning: The index entry \d+ of a watch of [0-9a-f]{7} is of no use: its "service"/,
    );
  });

  it("whose check run keeps another service's watch is closed, and that one is not touched", async () => {
    const text = edited((state) => (state["service"] = "srv-other0123456789other"));
    const { ending, lines } = await lookWith({ text });
    expect(ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(indexOf(watch)).toEqual(["error"]);
    expect(watch.github.checkRuns[0]).toMatchObject({ text, conclusion: "success" });
    expect(lines.join("\n")).toMatch(/error: shop-api: Could not tell: /);
  });

  it("whose check run is gone is closed as unknown, and told on the commit", async () => {
    const { ending, lines } = await lookWith({ payload: { ...(payload as object), name: "shop-old" } });
    expect(ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(indexOf(watch)).toEqual(["error"]);
    expect(lines.join("\n")).toMatch(/error: shop-old: Could not tell: .*its check run is gone/);
    expect(statusOf(watch)).toMatch(/^error: Could not tell/);
  });

  it("of a service that the key cannot see stays open, and is a mistake", async () => {
    const gone = watch.render.fault({
      route: /^GET \/services\/srv-[0-9a-z]+$/,
      kind: "status",
      status: 404,
    });
    const { ending, lines } = await lookWith({});
    gone.stop();
    expect(ending).toEqual({ verdict: "skipped", exitCode: 1 });
    expect(indexOf(watch)).toEqual(["open"]);
    expect(lines.join("\n")).toMatch(
      /error: The service "shop-api" \(srv-.*\), of which a watch is open, does not exist, or the Render API key cannot see it/,
    );
  });
});
