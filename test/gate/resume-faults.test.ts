import { describe, expect, it } from "vitest";
import { killedAt, type Boundary } from "./killing.ts";
import { HOUR, indexOf, leftWatch, lookAt, MINUTE, stagesOf, stateOf, statusOf } from "./resume-scene.ts";
import { checkOf, expectLawful } from "./watch-scene.ts";

const CHECKS = [
  "errors: { logs: { forbid: [Traceback] }, fail: matches >= 2 }",
  "jobs: { logs: { count: job done, per: 10m }, fail: value < 1, stage: [hour, day] }",
  "memory: { metric: { name: memory, agg: max 5m }, fail: value > 400MB, stage: [hour, day] }",
  "crashes: { events: [server_failed] }",
].join("\n");

describe("what a look could not read is judged by a later one", () => {
  it("log lines and data points: nothing is lost, and nothing counted twice", async () => {
    await using watch = await leftWatch(CHECKS);
    const { render, liveAt, clock } = watch;
    const isHigh = (at: number): boolean => at > liveAt + 3 * HOUR && at < liveAt + 5 * HOUR;
    render.metric(watch.service.id, "memory", ({ at }) => (isHigh(at) ? 500e6 : 200e6));
    for (let at = 5_000; at < 26 * HOUR; at += 5 * MINUTE) watch.say(at, "job done");
    await lookAt(watch, HOUR + 3 * MINUTE);
    watch.say(2 * HOUR, "Traceback");
    const faults = [/^GET \/logs/, /^GET \/metrics/].map((route) =>
      render.fault({ route, kind: "status", status: 503 }),
    );
    for (const hours of [5.1, 13.1]) {
      const { ending, report } = await lookAt(watch, hours * HOUR);
      expect(ending).toEqual({ verdict: "pass", exitCode: 0 });
      if (hours > 6)
        expect(report.coverage.at(-1)?.gaps).toMatchObject([{ judgedAfterwards: false, unseen: [] }]);
      // Log lines may have to wait for their turn, nothing else.
      expect(clock.now() - liveAt - hours * HOUR).toBeLessThan(80_000);
    }
    const { judgedTo = {} } = stateOf(watch).watch ?? {};
    expect(judgedTo["errors"]).toBeLessThan(liveAt + 2 * HOUR);
    expect(judgedTo["memory"]).toBeLessThan(liveAt + 2 * HOUR);
    expect(judgedTo["crashes"]).toBeGreaterThan(liveAt + 13 * HOUR);
    for (const { stop } of faults) stop();
    const after = await lookAt(watch, 17.1 * HOUR);
    expect(after.report.coverage.at(-1)?.gaps).toMatchObject([{ judgedAfterwards: true, unseen: [] }]);
    expect(checkOf(after, "errors")).toMatchObject({
      verdict: "pass",
      reason: expect.stringContaining("(1)"),
    });
    expect(checkOf(after, "memory").reason).toMatch(/1 of \d+ samples failed/);
    expect(stagesOf(after)).toEqual(["boot pass", "hour pass"]);
    expectLawful(watch);
  });

  it("a check run that cannot be written: the next look says the same again", async () => {
    await using watch = await leftWatch("health: { http: /health }");
    const fault = watch.github.fault({
      route: /^PATCH \/repos\/.*\/check-runs/,
      kind: "status",
      status: 503,
    });
    const { ending, lines } = await lookAt(watch, HOUR + 3 * MINUTE);
    expect(ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(lines.join("\n")).toMatch(/warning: .*could not be written to the check run/);
    expect(stateOf(watch).watch?.looks).toBe(0);
    fault.stop();
    const again = await lookAt(watch, HOUR + 13 * MINUTE);
    expect(stagesOf(again)).toEqual(["boot pass"]);
    const last = await lookAt(watch, HOUR + 15 * MINUTE);
    expect(stagesOf(last)).toEqual(["boot pass", "hour pass"]);
    expectLawful(watch);
  });
});

it("a look that cannot read what is live warns, and leaves the watch open", async () => {
  await using watch = await leftWatch("health: { http: /health }");
  const fault = watch.render.fault({ route: /^GET \/services\/[^/]+\/deploys$/, kind: "forbidden" });
  const { lines } = await lookAt(watch, HOUR + 3 * MINUTE);
  expect(lines.join("\n")).toMatch(
    /warning: Render API answered 403 .*The watch stays open; the next run goes on/,
  );
  fault.stop();
  expect((await lookAt(watch, HOUR + 13 * MINUTE)).ending.verdict).toBe("pass");
  expectLawful(watch);
});

describe("a look that is killed", () => {
  const AT: readonly (readonly [method: Boundary, nth: number, when: "before" | "after"])[] = [
    ["setWatch", 1, "after"],
    ["setStatus", 1, "after"],
    ["updateCheckRun", 1, "after"],
    ["createBranch", 1, "after"],
    ["createPull", 1, "after"],
    ["updateCheckRun", 2, "before"],
    ["setWatch", 2, "before"],
  ];

  it.each(AT)(
    "at %s %i, %s it took effect: one pull request, and the same end",
    async (method, nth, when) => {
      await using watch = await leftWatch("errors: { logs: { forbid: [Traceback] }, on_fail: revert }", {
        boot: "{ for: 20s, every: 10s }, hour: { for: 1h, every: 10m }",
      });
      watch.say(5 * MINUTE, "Traceback");
      const killed = lookAt(watch, 20 * MINUTE, {
        edges: (edges) => killedAt(edges, { method, nth, when }),
      });
      await killed.catch(() => undefined);
      await lookAt(watch, 30 * MINUTE);
      await lookAt(watch, 40 * MINUTE);
      const { github } = watch;
      expect(github.pulls).toHaveLength(1);
      expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
      expect(github.checkRuns[0]?.title).toMatch(/^Failed: .*; revert #\d+ opened$/);
      expect(statusOf(watch)).toMatch(/^failure: Failed/);
      expect(stateOf(watch)).toMatchObject({
        verdict: "fail",
        remedy: { finished: true },
        watch: { over: expect.any(Number) },
      });
      expect(indexOf(watch)).toEqual(["in_progress"]);
      expectLawful(watch);
    },
  );
});
