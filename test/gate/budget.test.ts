import { describe, expect, it } from "vitest";
import { configOf, expectClean, startRevertWorld, withLine } from "./revert-world.ts";

/** Design 9: GitHub gives a repository a thousand requests an hour, and a gate is not alone. */
const QUIET = 12;
const REVERT = 12;

describe("requests to GitHub", () => {
  it.each([
    { name: "with the event's before", before: true },
    { name: "without", before: false },
  ])("a quiet ten-minute gate makes at most 12, $name", async ({ before }) => {
    await using world = await startRevertWorld({
      config: configOf().replace("for: 30s, every: 10s", "for: 5m, every: 15s"),
    });
    const { scene, good, serviceId } = world;
    const commit = await world.push({ "app.py": withLine(1, "fine") });
    const start = scene.clock.now();
    const story = scene.render.story(serviceId, commit, { buildMs: 270_000, updateMs: 20_000 });
    scene.render.log(serviceId, {
      message: "INFO: up",
      instance: story.suffixes[0]!,
      at: story.liveAt! - 1_000,
    });
    const result = await scene.gate({ commit, ...(before ? { before: good } : {}) });
    expect(result.report.verdict).toBe("pass");
    expect(scene.clock.now() - start).toBeGreaterThan(9.5 * 60_000);
    const asked = scene.github.requests.map(({ method, path }) => `${method} ${path}`);
    expect(asked.length, asked.join("\n")).toBeLessThanOrEqual(QUIET);
    expect(result.report.requests.github).toBe(asked.length);
    expectClean(scene);
  });

  it.each([
    { name: "one push", later: false, squash: false },
    { name: "one push below later commits", later: true, squash: false },
    { name: "a squash merge below later commits", later: true, squash: true },
  ])("a revert makes at most 12 more: $name", async ({ later, squash }) => {
    await using world = await startRevertWorld({ config: configOf() });
    const { scene, good } = world;
    const files = { "app.py": withLine(1, "broken") };
    const bad = squash ? (await world.land("squash", [files])).sha : await world.push(files);
    if (later) await world.push({ "later.py": "1\n" });
    const start = scene.github.requests.length;
    const result = await world.gateBad(bad, { before: good });
    expect(result.report.actions).toMatchObject([{ state: "done" }]);
    const asked = scene.github.requests.slice(start);
    // The status is written first, then the check run.
    const verdict = asked.findIndex(
      ({ path, body }) =>
        path.includes("/check-runs/") && (body as { readonly conclusion?: string }).conclusion === "failure",
    );
    const after = asked.slice(verdict + 1).map(({ method, path }) => `${method} ${path}`);
    // Looking for a pending status of the commit before is part of every gate.
    const more = after.filter((request) => !/^GET .*\/status$/.test(request));
    expect(verdict + 1 + after.length - more.length).toBeLessThanOrEqual(QUIET);
    expect(more.length, more.join("\n")).toBeLessThanOrEqual(REVERT);
    expectClean(scene);
  });
});
