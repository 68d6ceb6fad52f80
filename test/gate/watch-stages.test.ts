import { describe, expect, it } from "vitest";
import { checkOf, expectLawful, startWatch } from "./watch-scene.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A watch with the stages boot and hour. */
const startStages = (checks: string, more = "") =>
  startWatch(checks, { boot: "{ for: 1m, every: 10s }, hour: { for: 1h, every: 5m }", more });

describe("stages one after the other", () => {
  it("only the first is watched by the job unless it is told otherwise", async () => {
    await using watch = await startStages("health: { http: /health }");
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    expect(result.report.stages).toMatchObject([{ name: "boot", verdict: "pass" }]);
    expect(watch.github.deployments).toMatchObject([{ sha: watch.bad, environment: "deploy-gate" }]);
    expect(watch.github.checkRuns[0]?.title).toMatch(/^Passed so far \(boot\): /);
    expectLawful(watch);
  });

  it("those that fit the job are watched from the end of one to live + the next", async () => {
    await using watch = await startStages("health: { http: /health }");
    const result = await watch.run({ inlineMs: HOUR });
    expect(result.ending.verdict).toBe("pass");
    expect(result.report.stages.map(({ name }) => name)).toEqual(["boot", "hour"]);
    expect(watch.clock.now() - watch.liveAt).toBeGreaterThanOrEqual(HOUR);
    expect(watch.clock.now() - watch.liveAt).toBeLessThan(HOUR + 2 * MINUTE);
    // Seven beats of ten seconds, then one every five minutes.
    expect(checkOf(result, "health").samples).toBeGreaterThanOrEqual(7 + 11);
    expectLawful(watch);
  });

  it("a failure in a later stage ends the watch and acts", async () => {
    await using watch = await startStages("health: { http: /health, on_fail: revert }");
    watch.answer((_request, afterLive) => ({ status: afterLive < 20 * MINUTE ? 200 : 500 }));
    const result = await watch.run({ inlineMs: HOUR });
    expect(result.ending.verdict).toBe("fail");
    expect(result.report.reason).toContain("stage hour");
    expect(result.report.stages).toMatchObject([
      { name: "boot", verdict: "pass" },
      { name: "hour", verdict: "fail" },
    ]);
    expect(watch.github.pulls).toHaveLength(1);
    expectLawful(watch);
  });

  it("of checks that fail at once, the file's first decides what is done, whatever it looks at", async () => {
    await using watch = await startStages(
      [
        "slow: { derive: { n: depth.status }, fail: n > 400, fail_after: 1, stage: [hour], on_fail: revert }",
        "depth: { http: /depth, fail: status > 400, fail_after: 1, on_fail: told }",
        "health: { http: /health }",
      ].join("\n"),
      "remedies: { told: [{ issue: { title: Told } }] }",
    );
    watch.answer(({ path }, afterLive) => ({
      status: path === "/depth" && afterLive > 20 * MINUTE ? 500 : 200,
    }));
    const result = await watch.run({ inlineMs: HOUR });
    expect(result.report.checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "slow fail",
      "depth fail",
      "health pass",
    ]);
    expect(result.report.actions.map(({ kind }) => kind)).toEqual(["revert_pr"]);
  });

  it("a check of one stage is not asked in another", async () => {
    await using watch = await startStages(
      "health: { http: /health }\nslow: { http: /slow, stage: [hour], fail_after: 1 }",
    );
    const result = await watch.run({ inlineMs: HOUR });
    const asked = watch.web.requests.filter(({ path }) => path === "/slow");
    expect(asked.length).toBeGreaterThan(5);
    expect(
      Math.min(...asked.map(({ at }) => at).filter((at) => at >= watch.liveAt)) - watch.liveAt,
    ).toBeGreaterThanOrEqual(MINUTE);
    expect(checkOf(result, "slow").verdict).toBe("pass");
  });

  it("a newer deploy in a later stage keeps the verdict of the finished ones", async () => {
    await using watch = await startStages("health: { http: /health }");
    watch.after(10 * MINUTE, () => {
      void watch.push({ "app.py": "print('three')\n" }, "Third").then((sha) =>
        watch.render.story(watch.service.id, sha, {
          buildMs: 1_000,
          updateMs: 1_000,
          instances: ["ccccc"],
        }),
      );
    });
    const result = await watch.run({ inlineMs: HOUR });
    expect(result.ending.verdict).toBe("pass");
    expect(result.report.reason).toMatch(/in stage hour .*took over/);
    expect(result.report.stages).toMatchObject([{ name: "boot", verdict: "pass" }]);
  });
});

describe("trends over the watch", () => {
  const depth = `depth: { http: /depth, pass: "trend(body.depth, 20m) <= 0" }\nhealth: { http: /health }`;

  it("a window that has not filled stays out of the stage's verdict, and is said", async () => {
    await using watch = await startStages(depth);
    watch.answer(() => ({ body: '{"depth": 5}' }));
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    expect(checkOf(result, "depth")).toMatchObject({ verdict: "not-applied" });
    expect(checkOf(result, "depth").reason).toMatch(/window has not filled/);
  });

  it.each([
    ["it falls", -1, "pass"],
    ["it grows", 1, "fail"],
  ] as const)("it fills over the stages: %s", async (_rule, slope, verdict) => {
    await using watch = await startStages(depth);
    watch.answer((_request, afterLive) => ({
      body: JSON.stringify({ depth: 1_000 + Math.round((slope * afterLive) / MINUTE) }),
    }));
    const result = await watch.run({ inlineMs: HOUR });
    expect(checkOf(result, "depth").verdict).toBe(verdict);
    expect(checkOf(result, "depth").reason).toContain("trend(body.depth, 20m) <= 0");
    expect(result.ending.verdict).toBe(verdict);
  });
});
