import { describe, expect, it } from "vitest";
import {
  DATABASE,
  HOUR,
  indexOf,
  leftWatch,
  lookAt,
  MINUTE,
  stagesOf,
  stateOf,
  statusOf,
  withDatabase,
} from "./resume-scene.ts";
import { checkOf, expectNoAct } from "./watch-scene.ts";

const HEALTH = "health: { http: /health, on_fail: revert }";
const ERRORS = "errors: { logs: { forbid: [Traceback] } }";

describe("a watch that is resumed", () => {
  it("passes stage by stage, as looks come, each for few requests and seconds", async () => {
    await using watch = await leftWatch(
      `${HEALTH}\n${ERRORS}\nmemory: { metric: memory, fail: value > 400MB }`,
    );
    const { render, github, clock } = watch;
    render.metric(watch.service.id, "memory", () => 200e6);
    watch.say(5_000, "ready");
    const titles: string[] = [];
    for (const minutes of [10, 50, 63, 8 * 60, 20 * 60, 24 * 60 + 3]) {
      const at = watch.liveAt + minutes * MINUTE;
      const before = { render: render.requests.length, github: github.requests.length };
      const { ending } = await lookAt(watch, minutes * MINUTE);
      expect(ending.exitCode).toBe(0);
      // Deploys, service, instances, log lines, and one of the metric for each beat.
      expect(render.requests.length - before.render).toBeLessThanOrEqual(9);
      const isNews = minutes === 63 || minutes === 24 * 60 + 3;
      expect(github.requests.length - before.github).toBeLessThanOrEqual(isNews ? 14 : 10);
      expect(clock.now() - at).toBeLessThan(20_000);
      const title = github.checkRuns[0]?.title?.replace(/:.*/, "") ?? "";
      if (title !== titles.at(-1)) titles.push(title);
    }
    expect(titles).toEqual(["Passed so far (boot)", "Passed so far (boot, hour)", "Passed"]);
    expect(github.checkRuns).toHaveLength(1);
    expect(indexOf(watch)).toEqual(["success"]);
    expectNoAct(watch);
  });

  it("looks twice at what nobody saw of a stage's end, and names what was not seen", async () => {
    const run = withDatabase(() => ({ depth: 1 }));
    await using watch = await leftWatch(
      `${HEALTH}\n${ERRORS}\nqueue: { sql: select depth from queue, pass: depth < 5 }`,
      { more: DATABASE, run },
    );
    watch.say(5_000, "ready");
    // Nobody has come for more than a day.
    const first = await lookAt(watch, 30 * HOUR, run);
    expect(stagesOf(first)).toEqual(["boot pass"]);
    expect(first.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(statusOf(watch)).toMatch(/^success: Passed so far \(boot\)/);
    const second = await lookAt(watch, 30 * HOUR + MINUTE, run);
    expect(stagesOf(second)).toEqual(["boot pass", "hour pass", "day pass"]);
    expect(checkOf(second, "queue")).toMatchObject({ verdict: "pass" });
    // 6 beats of each; nobody was there for any of the two checks that only a look can see.
    expect(second.report.coverage).toMatchObject([
      { stage: "hour", due: 18, seen: 6, gaps: [{ judgedAfterwards: true, unseen: ["http", "sql"] }] },
      { stage: "day", due: 18, seen: 6, gaps: [{ judgedAfterwards: true, unseen: ["http", "sql"] }] },
    ]);
    expect(indexOf(watch)).toEqual(["success"]);
    expectNoAct(watch);
  });

  it("lets a trend that nobody saw fill anew before its stage ends", async () => {
    let depth = 5;
    const run = withDatabase(() => ({ depth }));
    await using watch = await leftWatch(
      "queue: { sql: select depth from queue, fail: 'trend(depth, 6h) > 0', stage: [day], on_fail: revert }\nhealth: { http: /health }",
      { boot: "{ for: 40s, every: 20s }, day: { for: 24h, every: 1h }", more: DATABASE, run },
    );
    for (const hour of [2, 4, 6, 8, 10]) await lookAt(watch, hour * HOUR, run);
    depth = 9;
    await lookAt(watch, 23 * HOUR, run);
    await lookAt(watch, 24 * HOUR + MINUTE, run);
    expect(stateOf(watch).watch?.ended.map(({ name }) => name)).toEqual(["boot"]);
    await lookAt(watch, 25 * HOUR, run);
    const last = await lookAt(watch, 26 * HOUR + MINUTE, run);
    expect(stagesOf(last)).toEqual(["boot pass", "day pass"]);
    expect(last.report.coverage).toMatchObject([{ stage: "day", gaps: [{ unseen: ["sql", "http"] }] }]);
  });

  it("is looked at twice where nobody came for a day after a stage's end, and goes on", async () => {
    await using watch = await leftWatch("health: { http: /health }");
    await watch.run();
    for (const hours of [26, 26.2]) await lookAt(watch, hours * 60 * MINUTE);
    expect(watch.github.checkRuns[0]?.title).toMatch(/^Passed:/);
    expect(watch.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(["success"]);
    expectNoAct(watch);
  });
});
