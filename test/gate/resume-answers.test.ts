import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, startLeft } from "./look-scene.ts";
import { dying, Killed, met } from "./killing.ts";
import type { Left } from "./look-scene.ts";
import { expectLawful } from "./watch-scene.ts";

const CHECKS = `health: { http: /health, pass: status == 200 }
errors: { logs: { forbid: [Traceback] }, on_fail: undo }`;
const TRACKED = "report: { issue: true, at: [day end] }\nremedies: { undo: [revert_pr: {}] }";

describe("a watch that goes well", () => {
  it("is held, resumed, asked why, reverted by order, and held to its end", async () => {
    await using watch = await startLeft(CHECKS, { more: TRACKED });
    const { github, render, web } = watch;
    const writes = (): number =>
      github.requests.filter(({ method, path }) => method !== "GET" && path !== "/graphql").length;
    const probed = web.requests.length;
    const asked = render.requests.length;

    // What cannot be read is followed by nobody, and said.
    const hold = watch.comment("/gate hold the database is moved");
    const fault = github.fault({ route: /GET .*\/issues\/1\/comments/, kind: "forbidden" });
    const blind = await watch.look(5 * MINUTE);
    fault.stop();
    expect(watch.checkRun().title).toMatch(
      /^Passed so far \(boot\): .*; watched until 2026-11-23 16:00 UTC$/,
    );
    expect(blind.lines.at(-1)).toMatch(
      /^notice: shop-api: Passed so far .*; watched until 2026-11-23 16:00 UTC$/,
    );
    expect(blind.report.notes.join()).toMatch(
      /Comments could not be read, so no command of theirs is followed/,
    );
    expect(watch.checkRun().summary).toContain("Comments could not be read");
    expect(web.requests.length).toBe(probed + 1);

    await watch.look(10 * MINUTE);
    const text =
      "Passed so far (boot): held by @ada: the database is moved; nothing is judged until /gate resume; watched until 2026-11-23 16:00 UTC";
    expect(watch.checkRun()).toMatchObject({ conclusion: "success", title: text });
    expect(watch.status()).toBe(`success: ${text}`);
    expect(watch.replies()).toEqual([expect.stringMatching(/`\/gate hold.*`: Held from this look on/)]);
    expect(watch.state().watch?.hold).toMatchObject({ by: "ada", reason: "the database is moved" });
    expect(watch.state().told?.comment).toBe(hold);

    const before = writes();
    const still = await watch.look(20 * MINUTE);
    expect(still.summary).toContain("left open: held by @&#8203;ada: the database is moved");
    expect(still.ending).toEqual({ verdict: "skipped", exitCode: 0 });
    expect(writes()).toBe(before);

    await watch.heard("/gate resume", { user: "mallory" });
    await watch.heard("/gate run nonsense");
    expect(watch.replies().slice(1)).toEqual([
      expect.stringContaining("Not followed: only people who may write to this repository are followed."),
      expect.stringContaining("Not followed: @&#8203;ada holds the watch: /gate resume comes first."),
    ]);
    expect(web.requests.length).toBe(probed + 1);
    expect(render.requests.slice(asked).filter(({ path }) => path.includes("/logs"))).toHaveLength(1);

    watch.comment("/gate resume\n/gate run nonsense");
    await watch.look(30 * MINUTE);
    expect(watch.state().watch).not.toHaveProperty("hold");
    expect(watch.checkRun().summary).toMatch(
      /- hour: watched .* so far .*, one gap: 2026-11-23 10:05-10:30 UTC, judged afterwards except http/,
    );
    expect(watch.replies()[3]).toMatch(
      /The watch goes on with this look.*\n.*Not followed: there is no remedy "nonsense"/,
    );

    await watch.heard("/gate why");
    await watch.look(31 * MINUTE);
    expect(watch.replies()).toHaveLength(5);
    expect(watch.replies()[4]).toMatch(
      /Answered below\.\n\n\*\*Passed so far \(boot\): .*\*\*[^]*status == 200[^]*Watched until[^]*\[Check run\]/,
    );

    const ordered = await watch.heard("/gate run undo");
    expect(ordered.ending).toEqual({ verdict: "pass", exitCode: 0 });
    const [pull, ...others] = github.pulls;
    expect(others).toEqual([]);
    expect(pull?.body).toContain("asked for by @&#8203;ada with /gate run undo");
    expect(watch.checkRun().title).toMatch(
      /^Passed so far \(boot\): asked for by @ada .*; revert #2 opened; watched until/,
    );
    await watch.look(40 * MINUTE);
    expect(github.pulls).toHaveLength(1);
    expect(watch.checkRun().title).toMatch(/; revert #2 opened; watched until/);
    expect(watch.checkRun().summary).toContain("**Revert pull request**: done.");
    expect(watch.checkRun().text).toMatch(/@&#8203;ada said \/gate run undo: .*\n.*Remedy "undo" begins/);

    watch.comment("/gate hold");
    await watch.look(2 * HOUR);
    const last = await watch.look(6 * HOUR + MINUTE);
    expect(last.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(watch.status()).toMatch(
      /^success: Passed: held by @ada; it was held to its end, and hour, day not judged; revert #2 opened$/,
    );
    expect(watch.index()).toBe("success");
    expect(watch.state()).not.toHaveProperty("watch");
    expect((await watch.look(7 * HOUR)).summary).toContain("No watch is open");
    expect(watch.replies()).toHaveLength(7);
    expectLawful(watch);
  });
});

const revertsOf = ({ github }: Left): number =>
  github.pulls.filter(({ headRef }) => headRef.startsWith("deploy-gate/")).length;

describe("a remedy that a guard holds back", () => {
  it("is found backwards after a hold, and carried out once by approval, whoever is killed", async () => {
    await using watch = await startLeft(CHECKS, { more: TRACKED });
    const { github } = watch;
    github.openIssue({ title: "Release week", labels: ["gate:hold"] });
    watch.comment("/gate hold");
    watch.say(8 * MINUTE, "Traceback (most recent call last): boom");
    await watch.look(10 * MINUTE);
    expect(watch.checkRun().conclusion).toBe("success");

    watch.comment("/gate resume\n/gate why");
    const failed = await watch.look(50 * MINUTE);
    expect(failed.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(watch.status()).toMatch(/^failure: Failed: stage hour: "errors": fails on matches > 0, got 1;/);
    expect(failed.report.actions).toMatchObject([
      {
        kind: "revert_pr",
        state: "held",
        reason: expect.stringContaining('held by label "gate:hold"') as string,
      },
    ]);
    expect(watch.replies().at(-1)).toMatch(/\*\*Failed: [^]*held back[^]*Traceback|matches > 0/);
    expect(watch.index()).toBe("in_progress");
    expect(revertsOf(watch)).toBe(0);

    watch.comment("/gate approve");
    await expect(watch.look(51 * MINUTE, dying("setWatch", 1))).rejects.toThrow(Killed);
    const busy = await watch.look(52 * MINUTE);
    expect(busy.summary).toMatch(/left open: .*\/actions\/runs\/\d+ is at work on it/);
    expect(revertsOf(watch)).toBe(0);
    const done = await watch.look(55 * MINUTE);
    expect(done.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expect(watch.checkRun().title).toMatch(/^Failed: .*; revert #\d+ opened$/);
    expect(watch.checkRun().text).toContain("Traceback (most recent call last): boom");
    expect(watch.checkRun().text).toMatch(/@&#8203;ada said \/gate approve/);
    expect(watch.state().remedy).toMatchObject({ approvedBy: "ada", finished: true });
    await watch.look(60 * MINUTE);
    await watch.heard("/gate approve");
    expect(watch.replies().slice(-2)).toEqual([
      expect.stringContaining("The remedy undo is carried out in this look although a guard held it back"),
      expect.stringContaining("Not followed: nothing is held back"),
    ]);
    expect(revertsOf(watch)).toBe(1);

    await watch.look(80 * HOUR);
    expect(watch.index()).toBe("failure");
    expectLawful(watch);
  });

  it("is carried out once when two runs come at once", async () => {
    const more = `${TRACKED}\nguards: { act_within: 10m }`;
    await using watch = await startLeft(CHECKS, { more });
    watch.say(20 * MINUTE, "Traceback (most recent call last): boom");
    const failed = await watch.look(30 * MINUTE);
    expect(failed.report.actions).toMatchObject([
      { state: "held", reason: expect.stringMatching(/act_within/) as string },
    ]);
    const pages: string[] = [];
    const late = await watch.heard(
      "/gate approve",
      met("setWatch", async () => pages.push((await watch.look(31 * MINUTE)).summary)),
    );
    expect(pages).toEqual([expect.stringMatching(/; revert|Failed/)]);
    expect(late.summary).toContain("left open: another run has written meanwhile");
    expect(revertsOf(watch)).toBe(1);
    expect(watch.replies()).toHaveLength(1);
    expectLawful(watch);
  });
});

describe("a rollback by order", () => {
  it("is met by one run alone, is finished after a kill past its guard, and its freeze is lifted by order", async () => {
    const more = `report: { issue: true }
guards: { act_within: 1m }
remedies: { back: [render_rollback: { freeze_auto_deploy: true }, revert_pr: {}] }`;
    await using watch = await startLeft(CHECKS.replace("undo", "back"), { more });
    const { render, service } = watch;
    render.quirks.trigger = { createdMs: 1_000, buildMs: 2_000, updateMs: 3_000, boot: ["INFO: up"] };
    watch.say(20 * MINUTE, "Traceback (most recent call last): boom");
    await watch.look(30 * MINUTE);
    watch.comment("/gate approve");
    await expect(watch.look(31 * MINUTE, dying("rollback", 1))).rejects.toThrow(Killed);
    expect((await watch.look(32 * MINUTE)).summary).toContain("is at work on its remedy");
    await watch.look(40 * MINUTE);
    expect(watch.checkRun().title).toMatch(/^Failed: stage hour: .*; rolled back; revert #2 opened$/);
    expect(watch.checkRun().summary).toContain("auto-deploy is off until the revert has passed");
    expect(revertsOf(watch)).toBe(1);
    const orders = render.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`);
    expect(orders).toEqual([`PATCH /services/${service.id}`, `POST /services/${service.id}/rollback`]);

    const setting = (): string | undefined => render.serviceState(service.id).record.autoDeployTrigger;
    const fault = render.fault({ route: /PATCH/, kind: "status", status: 400 });
    await watch.heard("/gate unfreeze");
    fault.stop();
    expect(watch.replies().at(-1)).toContain(
      "Not followed: auto-deploy is still off and could not be switched on again",
    );
    expect(setting()).toBe("off");
    await watch.heard("/gate unfreeze");
    expect(watch.replies().at(-1)).toContain("The freeze is lifted, and auto-deploy set as it was before.");
    expect(setting()).toBe("commit");
    expect(watch.state().freeze?.lifted?.why).toBe("/gate unfreeze by @ada");
    await watch.heard("/gate unfreeze");
    expect(watch.replies().at(-1)).toContain("Not followed: no freeze stands.");
    expectLawful(watch);
  });
});

describe.each(["observe", "advise"])("in mode %s", (mode) => {
  it("a person holds and asks, and nobody orders a remedy", async () => {
    await using watch = await startLeft(CHECKS, { more: `${TRACKED}\nmode: ${mode}` });
    await watch.heard("/gate run undo\n/gate approve\n/gate hold");
    const [reply = "", ...others] = watch.replies();
    expect(others).toEqual([]);
    const refused = `Not followed: mode ${mode} never acts.`;
    expect(reply.split("\n- ").map((line) => line.replace(/^.*`: /, ""))).toEqual([
      expect.any(String),
      refused,
      refused,
      expect.stringMatching(/^Held from this look on/),
    ]);
    expect(watch.checkRun()).toMatchObject({
      conclusion: mode === "observe" ? "neutral" : "success",
      title: expect.stringMatching(/Passed so far \(boot\): held by @ada;/) as string,
    });
    expect(watch.github.statuses).toHaveLength(mode === "observe" ? 0 : 3);
    expect(watch.github.pulls).toEqual([]);
    expectLawful(watch);
  });
});
