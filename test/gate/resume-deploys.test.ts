import { describe, expect, it } from "vitest";
import { HOUR, indexOf, leftWatch, lookAt, MINUTE, stagesOf, stateOf, statusOf } from "./resume-scene.ts";
import { checkOf, expectNoAct, OLD, type Watch } from "./watch-scene.ts";

const ERRORS = "errors: { logs: { forbid: [Traceback] }, on_fail: revert }";
const HOUR_STAGE = "{ for: 20s, every: 10s }, hour: { for: 1h, every: 10m }";
const ACROSS = `${HOUR_STAGE}, day: { for: 24h, every: 1h, across_deploys: true }`;
const QUICK = { createdMs: 1_000, buildMs: 2_000, updateMs: 1_000 };

/** A deploy of a new commit that is live so long after the watched one's; without `commit`, of one made now. */
async function deployed(
  watch: Watch,
  afterLiveMs: number,
  { instance, commit }: { readonly instance: string; readonly commit?: string },
): Promise<string> {
  const sha = commit ?? (await watch.push({ "app.py": `print('${instance}')\n` }, `Then ${instance}`));
  const at = watch.liveAt + afterLiveMs - 4_000;
  watch.render.at(at, () => watch.render.story(watch.service.id, sha, { ...QUICK, instances: [instance] }));
  return sha;
}

/** A person's rollback in Render's dashboard. */
function rolledBack(watch: Watch, afterLiveMs: number): void {
  watch.render.at(watch.liveAt + afterLiveMs - 4_000, () =>
    watch.render.story(watch.service.id, watch.good, { ...QUICK, trigger: "rollback", instances: [OLD] }),
  );
}

describe("a newer deploy of another commit", () => {
  it("ends the watch, which keeps the verdict of the stages it finished", async () => {
    await using watch = await leftWatch(ERRORS, { boot: ACROSS.replace(", across_deploys: true", "") });
    watch.say(5_000, "ready");
    await lookAt(watch, HOUR + 3 * MINUTE);
    const next = await deployed(watch, 3 * HOUR, { instance: "ccccc" });
    const last = await lookAt(watch, 4 * HOUR);
    expect(last.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(stagesOf(last)).toEqual(["boot pass", "hour pass"]);
    expect(last.report.reason).toMatch(
      new RegExp(`in stage day dep-.* \\(${next.slice(0, 7)}\\) took over before the watch was finished$`),
    );
    expect(indexOf(watch)).toEqual(["success"]);
    expectNoAct(watch);
  });

  it("that was taken back before anybody looked decides like one that is still there", async () => {
    await using watch = await leftWatch(ERRORS, { boot: HOUR_STAGE });
    watch.say(5_000, "ready");
    rolledBack(watch, 20 * MINUTE);
    await deployed(watch, 40 * MINUTE, { instance: "ccccc" });
    const last = await lookAt(watch, 50 * MINUTE);
    expect(last.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(last.report.reason).toMatch(/taken out of production by dep-.*, trigger rollback/);
    expect(statusOf(watch)).toMatch(/^failure: /);
    expect(watch.github.pulls).toEqual([]);
  });

  it("says what had failed before it, without a doing, and is no baseline", async () => {
    await using watch = await leftWatch(`${ERRORS}\nhealth: { http: /health }`, {
      boot: ACROSS.replace(", across_deploys: true", ""),
    });
    watch.say(5_000, "ready");
    await lookAt(watch, HOUR + 3 * MINUTE);
    expect(stateOf(watch).measured).toBeDefined();
    watch.say(2 * HOUR, "Traceback");
    await deployed(watch, 3 * HOUR, { instance: "ccccc" });
    const last = await lookAt(watch, 4 * HOUR);
    expect(last.report.reason).toMatch(/failed before that: .*errors/);
    expect(checkOf(last, "errors")).toMatchObject({ verdict: "fail" });
    expect(stateOf(watch).measured).toBeUndefined();
    expectNoAct(watch);
  });
});

describe("a stage over deploys", () => {
  /** The gate of that commit, as its push would start it. */
  const gated = (watch: Watch, commit: string) =>
    watch.gate({ commit, runNumber: 99, event: { name: "push", payload: { after: commit } } });

  it("waits for the next one's gate, follows it when that passed, and acts on nothing then", async () => {
    await using watch = await leftWatch(ERRORS, { boot: ACROSS });
    watch.say(5_000, "ready");
    await lookAt(watch, HOUR + 3 * MINUTE);
    const next = await deployed(watch, 3 * HOUR, { instance: "ccccc" });
    const waiting = await lookAt(watch, 3.1 * HOUR);
    expect(waiting.ending).toEqual({ verdict: "skipped", exitCode: 0 });
    expect(waiting.summary).toContain(
      "left open: the gate of the deploy that serves now has not decided yet",
    );
    watch.say(3 * HOUR + MINUTE, "ready", { instance: "ccccc" });
    await gated(watch, next);
    const follows = await lookAt(watch, 5.1 * HOUR);
    expect(follows.ending).toEqual({ verdict: "pass", exitCode: 0 });
    const { watch: kept } = stateOf(watch);
    expect(kept).toMatchObject({ follows: next, deploy: { sha: next }, liveAt: watch.liveAt + 3 * HOUR });
    watch.say(6 * HOUR, "Traceback", { instance: "ccccc" });
    const failed = await lookAt(watch, 7.1 * HOUR);
    expect(failed.lines.join("\n")).toMatch(/Failed: .*errors/);
    const own = failed.files[`report-${watch.service.id}-${watch.bad.slice(0, 7)}.json`] ?? "{}";
    expect(JSON.parse(own)).toMatchObject({
      verdict: "fail",
      actions: [
        {
          kind: "revert_pr",
          state: "held",
          reason: expect.stringMatching(`measured while ${next.slice(0, 7)} served, a later deploy`),
        },
      ],
    });
  });

  it("ends where the next one's gate failed, also when yet another one serves by the time of the look", async () => {
    await using watch = await leftWatch(ERRORS, { boot: ACROSS });
    watch.say(5_000, "ready");
    await lookAt(watch, HOUR + 3 * MINUTE);
    const worse = await deployed(watch, 3 * HOUR, { instance: "ccccc" });
    await watch.clock.advance(watch.liveAt + 3 * HOUR - watch.clock.now());
    watch.say(3 * HOUR + 5_000, "Traceback", { instance: "ccccc" });
    expect((await gated(watch, worse)).ending.verdict).toBe("fail");
    const better = await deployed(watch, 4 * HOUR, { instance: "ddddd" });
    await watch.clock.advance(watch.liveAt + 4 * HOUR - watch.clock.now());
    watch.say(4 * HOUR + 5_000, "ready", { instance: "ddddd" });
    expect((await gated(watch, better)).ending.verdict).toBe("pass");
    const last = await lookAt(watch, 5 * HOUR, { inputs: { service: "shop-api" } });
    const own = watch.github.deployments.findIndex(({ sha }) => sha === watch.bad);
    expect(indexOf(watch)[own]).toBe("success");
    expect(last.summary).toMatch(new RegExp(`in stage day dep-.* \\(${worse.slice(0, 7)}\\) took over`));
  });

  it("that goes on over a deploy nobody judged names it as not seen", async () => {
    await using watch = await leftWatch(ERRORS, { boot: ACROSS });
    watch.say(5_000, "ready");
    await lookAt(watch, HOUR + 3 * MINUTE);
    await deployed(watch, 3 * HOUR, { instance: "ccccc" });
    const next = await deployed(watch, 7 * HOUR, { instance: "ddddd" });
    await watch.clock.advance(watch.liveAt + 7 * HOUR - watch.clock.now());
    watch.say(7 * HOUR + 5_000, "ready", { instance: "ddddd" });
    await gated(watch, next);
    const follows = await lookAt(watch, 9 * HOUR, { inputs: { service: "shop-api" } });
    expect(stateOf(watch).watch?.follows).toBe(next);
    const own = follows.files[`report-${watch.service.id}-${watch.bad.slice(0, 7)}.json`] ?? "{}";
    expect(JSON.parse(own)).toMatchObject({
      coverage: [
        { stage: "hour" },
        { stage: "day", gaps: [{ judgedAfterwards: false, unseen: ["logs"] }, {}] },
      ],
    });
  });
});

describe("a redeploy of the commit", () => {
  it("is followed, grace anew and stage clocks kept; what nobody judged before it is named", async () => {
    await using watch = await leftWatch(
      `${ERRORS.replace("}, on", "}, grace: 5m, stage: [hour], on")}\nhealth: { http: /health, stage: [boot] }`,
      { boot: HOUR_STAGE },
    );
    watch.say(5_000, "ready");
    await lookAt(watch, 10 * MINUTE);
    await deployed(watch, 35 * MINUTE, { instance: "ccccc", commit: watch.bad });
    watch.say(35 * MINUTE + 5_000, "Traceback", { instance: "ccccc" });
    const graced = await lookAt(watch, 39 * MINUTE);
    expect(graced.ending.verdict).toBe("pass");
    expect(stateOf(watch).watch).toMatchObject({ anchor: watch.liveAt, liveAt: watch.liveAt + 35 * MINUTE });
    expect(graced.report.coverage).toMatchObject([
      { stage: "hour", gaps: [{ judgedAfterwards: false, unseen: ["logs"] }] },
    ]);
    const last = await lookAt(watch, HOUR + 3 * MINUTE);
    expect(last.ending.verdict).toBe("fail");
    expect(stagesOf(last)).toEqual(["boot pass", "hour fail"]);
  });
});

describe("a rollback by a person", () => {
  it("fails the watch: taken out of production, and nothing is done about it", async () => {
    await using watch = await leftWatch(ERRORS, { boot: HOUR_STAGE });
    watch.say(5_000, "ready");
    rolledBack(watch, 20 * MINUTE);
    const last = await lookAt(watch, 30 * MINUTE);
    expect(last.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(last.report.reason).toMatch(/taken out of production by dep-/);
    expect(watch.github.checkRuns[0]?.conclusion).toBe("failure");
    expectNoAct(watch);
  });
});
