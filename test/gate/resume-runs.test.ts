import { describe, expect, it } from "vitest";
import { ACTIONS_PERMISSIONS } from "../stand-ins/github/tokens.ts";
import {
  DATABASE,
  HOUR,
  indexOf,
  leftWatch,
  lookAt,
  stagesOf,
  stateOf,
  statusOf,
  withDatabase,
} from "./resume-scene.ts";
import { checkOf, expectLawful, expectNoAct, startWatch } from "./watch-scene.ts";

const ERRORS = "errors: { logs: { forbid: [Traceback] }, on_fail: revert }";
const LONG = "{ for: 20s, every: 10s }, days: { for: 2d, every: 4h }";

describe("a failure that a look finds", () => {
  it.each([
    ["inside act_within is acted on", 21, { state: "done" }, 1],
    [
      "after it is advice only",
      30,
      {
        state: "held",
        reason: expect.stringMatching(/^live for longer than act_within \(1d\): advice only/),
      },
      0,
    ],
  ])("%s", async (_, hours, action, pulls) => {
    await using watch = await leftWatch(ERRORS, { boot: LONG });
    watch.say(5_000, "ready");
    watch.say(20 * HOUR, "Traceback");
    const { ending, report } = await lookAt(watch, hours * HOUR);
    expect(ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(report.actions).toMatchObject([{ kind: "revert_pr", ...action }]);
    expect(watch.github.pulls).toHaveLength(pulls);
    expect(statusOf(watch)).toMatch(/^failure: Failed/);
    expectLawful(watch);
  });
});

describe("one run", () => {
  it("looks at every open watch, of several services and commits, and one that is in trouble keeps none", async () => {
    await using watch = await leftWatch(
      `${ERRORS}\nqueue: { sql: select 1 as depth, pass: depth < 5, stage: [days] }`,
      {
        boot: LONG,
        more: DATABASE,
        run: withDatabase(() => ({ depth: 1 })),
        files: {
          "web.yml": `version: 1\nservice: shop-web\nstages: { boot: ${LONG} }\nchecks: { health: { http: /health } }\n`,
        },
      },
    );
    const { render, github } = watch;
    watch.say(5_000, "ready");
    const web = render.service({
      name: "shop-web",
      repo: "https://github.com/acme/shop",
      branch: "main",
      serviceDetails: { url: watch.web.url, healthCheckPath: "/health" },
    });
    render.serving(web.id, watch.good, { instances: ["eeeee"] });
    render.story(web.id, watch.bad, { buildMs: 2_000, updateMs: 1_000, instances: ["fffff"] });
    await watch.run({ inputs: { config: "web.yml" }, runNumber: 2 });
    expect(indexOf(watch)).toEqual(["open", "open"]);
    // The scheduled workflow has forgotten the secret.
    const { ending, lines, summary, files } = await lookAt(watch, HOUR);
    expect(ending).toEqual({ verdict: "pass", exitCode: 1 });
    expect(lines.join("\n")).toMatch(
      /error: \.github\/deploy-gate\.yml:4:\d+ "databases\.main\.url" uses \$DATABASE_URL, which is not set/,
    );
    expect(lines).toContain('shop-api: left open: "databases.main.url" uses $DATABASE_URL, which is not set');
    expect(summary).toContain("## 2 open watches");
    expect(summary).toMatch(/\| shop-api \| `[0-9a-f]{7}` \| left open: .*DATABASE/);
    expect(summary).toMatch(/\| shop-web \| `[0-9a-f]{7}` \| Passed so far \\?\(boot\\?\)/);
    expect(indexOf(watch)).toEqual(["open", "open"]);
    expect(stateOf(watch).watch?.looks).toBe(0);
    expect(Object.keys(files)).toEqual(["report.json", "report.html"]);
    const both = await lookAt(
      watch,
      5 * HOUR,
      withDatabase(() => ({ depth: 1 })),
    );
    expect(both.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(Object.keys(both.files).filter((name) => name.startsWith("report-"))).toHaveLength(2);
    const one = await lookAt(watch, 9 * HOUR, { inputs: { service: "shop-web" } });
    expect(one.lines.join("\n")).toContain("1 watch is open; 1 more are left to other steps");
    expect(github.checkRuns.map(({ name }) => name)).toEqual([
      "deploy-gate / shop-api",
      "deploy-gate / shop-web",
    ]);
    expectNoAct(watch);
  });
});

describe("what a job may not", () => {
  it.each([
    ["deployments", /Stage days will not be watched: .*deployments: write/],
    ["checks", /Stage days will not be watched: without a check run there is nowhere to keep/],
  ])("%s: said at the start, with what is lost", async (scope, why) => {
    await using watch = await startWatch(ERRORS, { boot: LONG });
    watch.say(5_000, "ready");
    const permissions = Object.fromEntries(
      Object.entries(ACTIONS_PERMISSIONS).filter(([name]) => name !== scope),
    );
    const token = watch.github.token("weak", { kind: "actions", permissions });
    const { ending, lines, report } = await watch.run({ inputs: { "github-token": token } });
    expect(ending).toEqual({ verdict: "pass", exitCode: 0 });
    const told = lines.findIndex((line) => why.test(line));
    expect(told).toBeGreaterThan(-1);
    expect(told).toBeLessThan(lines.findIndex((line) => line.includes("watching boot")));
    expect(report.reason).not.toMatch(/so far/);
    expect(watch.github.deployments).toEqual([]);
  });
});

describe("a watch that nobody can decide", () => {
  it("is closed as unknown when its lines could not be read for a day after a stage's end, and told", async () => {
    await using watch = await leftWatch(`${ERRORS}\nhealth: { http: /health }`);
    watch.say(5_000, "ready");
    watch.render.fault({ route: /^GET \/logs/, kind: "status", status: 500 });
    for (const hours of [1.1, 9, 17]) expect((await lookAt(watch, hours * HOUR)).ending.verdict).toBe("pass");
    const { ending, report } = await lookAt(watch, 26 * HOUR);

    expect(ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(report.reason).toMatch(
      /^stage hour, which ended .*, could not be judged: it waits for the rest of the window to be read for "errors"/,
    );
    expect(stagesOf({ report } as never)).toEqual(["boot pass"]);
    expect(indexOf(watch)).toEqual(["error"]);
    expect(statusOf(watch)).toMatch(/^error: Could not tell/);
    expect(watch.github.checkRuns[0]?.conclusion).toBe("action_required");
    expectNoAct(watch);
  });

  it("and one that no look comes for is closed by the gate of any later push", async () => {
    await using watch = await leftWatch(ERRORS);
    watch.say(5_000, "ready");
    await watch.clock.advance(72 * HOUR);
    const next = await watch.push({ "app.py": "print('three')\n" }, "Third");
    watch.render.story(watch.service.id, next, { buildMs: 2_000, updateMs: 1_000, instances: ["ccccc"] });
    await watch.gate({ commit: next, runNumber: 9 });
    expect(indexOf(watch)[0]).toBe("error");
    const checkRun = watch.github.checkRuns.find(({ sha }) => sha === watch.bad);
    expect(checkRun?.title).toMatch(
      /^Could not tell: the stages that were left are not watched any more: nobody has looked since/,
    );
    expectLawful(watch);
  });
});

it("a claim that cannot be given back hides no verdict", async () => {
  await using watch = await leftWatch(ERRORS, { boot: LONG });
  watch.say(HOUR, "Traceback");
  let writes = 0;
  const { ending, report } = await lookAt(watch, 5 * HOUR, {
    edges: (edges) => ({
      ...edges,
      forge: {
        ...edges.forge,
        setWatch: async (id, status) => {
          writes += 1;
          if (writes === 2)
            watch.github.fault({
              route: /^POST .*\/deployments\/\d+\/statuses/,
              kind: "status",
              status: 502,
            });
          return edges.forge.setWatch(id, status);
        },
      },
    }),
  });
  expect(ending).toEqual({ verdict: "fail", exitCode: 1 });
  expect(checkOf({ report } as never, "errors").verdict).toBe("fail");
  expect(writes).toBe(2);
});

describe("the job of the push, run again", () => {
  it("while its watch is open goes on with what looks have seen, and ends its own stage as it finds it now", async () => {
    let isSlow = false;
    await using watch = await leftWatch("health: { http: /health, warn: status == 203 }", {
      boot: "{ for: 20s, every: 10s }, hour: { for: 1h, every: 20m }, day: { for: 4h, every: 1h }",
    });
    watch.answer(() => ({ status: isSlow ? 203 : 200 }));
    for (const minutes of [20, 40, 62]) await lookAt(watch, minutes * 60_000);
    isSlow = true;
    await watch.run({ runNumber: 90 });
    expect(stateOf(watch).watch?.ended.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "boot warn",
      "hour pass",
    ]);
    isSlow = false;
    for (const hours of [2, 3, 4.1]) await lookAt(watch, hours * HOUR);
    expect(statusOf(watch)).toMatch(/^success: Passed with warnings/);
    expect(indexOf(watch).at(-1)).toBe("success");
    expectNoAct(watch);
  });

  it("after its watch has ended watches nothing twice", async () => {
    await using watch = await leftWatch("health: { http: /health }", {
      boot: "{ for: 20s, every: 10s }, hour: { for: 1h, every: 20m }",
    });
    for (const minutes of [20, 40, 62]) await lookAt(watch, minutes * 60_000);
    expect(statusOf(watch)).toMatch(/^success: Passed: /);
    await watch.clock.advance(9 * 24 * HOUR);
    const { ending, report } = await watch.run({ runNumber: 90 });
    expect(ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(report.notes.join("\n")).toContain("are not watched twice");
    expect(statusOf(watch)).toMatch(/^success: Passed: /);
    expect(indexOf(watch)).not.toContain("in_progress");
    expect(stateOf(watch).watch).toBeUndefined();
  });
});
