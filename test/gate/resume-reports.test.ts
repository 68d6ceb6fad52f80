import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWebhook, type Webhook } from "../stand-ins/webhook.ts";
import { dying, Killed, met } from "./killing.ts";
import { HOUR, MINUTE, startLeft, type Left } from "./look-scene.ts";
import type { GateOptions } from "./scene.ts";
import { expectLawful } from "./watch-scene.ts";

let post: Webhook;
let seen = 0;
beforeAll(async () => {
  post = await startWebhook();
});
afterAll(() => post.close());
beforeEach(() => {
  seen = post.messages.length;
});

const CHECKS = `health: { http: /health, pass: status == 200 }
errors: { logs: { forbid: [Traceback] } }`;
const LONG =
  "{ for: 20s, every: 10s }, hour: { for: 1h, every: 10m }, day: { for: 30h, every: 6h, across_deploys: false }";
const NOTIFY = `notify:
  dev: { slack: $SLACK_URL, when: [pass, fail, unknown, superseded, stage, action, report] }
  ops: { webhook: $HOOK_URL, when: [pass, fail, unknown, superseded, stage, action] }`;

const run = (): Partial<GateOptions> => ({ env: { SLACK_URL: post.slackUrl, HOOK_URL: post.hookUrl } });

/** What was told since the last call: titles on Slack, keys by webhook. */
function news(): readonly string[] {
  const arrived = post.messages.slice(seen);
  seen = post.messages.length;
  return arrived.map(({ to, text, body }) =>
    to === "slack"
      ? `slack: ${text.split("\n")[0]?.replace(/^.*? at [0-9a-f]{7}: /, "")}`
      : `hook: ${(body["keys"] as readonly string[]).join(", ")}`,
  );
}

/** Status updates, by where they stand: `2: Deployment: STABLE`. */
const updates = ({ github }: Left): readonly string[] =>
  github.comments
    .filter(({ body }) => body.startsWith("<!-- deploy-gate:update-"))
    .map(
      ({ number, body }) =>
        `${number} ${/update-([\w-]+)=/.exec(body)?.[1]} ${/STABLE|ISSUES/.exec(body)?.[0]}`,
    );

const bodyOf = ({ github }: Left): string => github.issues.find(({ number }) => number === 2)?.body ?? "";

describe("a good watch", () => {
  it("ticks, tells and cleans up, each once, whenever and however often runs come", async () => {
    await using watch = await startLeft(CHECKS, {
      boot: LONG,
      isMerged: true,
      files: { "src/old.py": "1\n" },
      more: `report: { issue: true, comment: true, at: [boot end, hour end, daily] }
${NOTIFY}
after: { day pass: [cleanup_pr: { delete: [src/old.py] }] }`,
      run: run(),
    });
    const { github } = watch;
    const issue = github.issues[1]!;
    expect(issue).toMatchObject({ title: `Deploy ${watch.bad.slice(0, 7)} of shop-api`, state: "open" });
    expect(bodyOf(watch)).toMatch(
      /- \[x\] stage boot, .* ended with pass \(\[check run\]\(.*\)\)\n {2}- \[x\] health[^]*- \[ \] stage hour/,
    );
    expect(bodyOf(watch)).toContain('- [ ] after day pass: pull request "Clean up: delete src/old.py"');
    expect(updates(watch)).toEqual(["2 boot-end STABLE", "1 boot-end STABLE"]);
    expect(news()).toEqual([
      "slack: stage boot passed",
      "hook: stage boot pass",
      "slack: shop-api Deployment Status - Day 1",
    ]);

    await watch.look(55 * MINUTE);
    expect(news()).toEqual([]);
    // Another run comes while this one is about to claim the watch.
    const others: string[] = [];
    const other = async (): Promise<unknown> => others.push((await watch.look(65 * MINUTE)).summary);
    const late = await watch.look(65 * MINUTE, met("setWatch", other));
    expect(others).toEqual([expect.stringContaining("Passed so far (boot, hour)")]);
    expect(late.summary).toContain("left open: another run has written meanwhile");
    expect(news()).toEqual([
      "slack: stage hour passed",
      "hook: stage hour pass",
      "slack: shop-api Deployment Status - Day 1",
    ]);
    expect(updates(watch).slice(2)).toEqual(["2 hour-end STABLE", "1 hour-end STABLE"]);
    expect(bodyOf(watch)).toMatch(/- \[x\] stage hour, .* ended with pass/);
    expect(watch.status()).toBe(
      "success: Passed so far (boot, hour): stages boot, hour: 2 checks measured and passed; watched until 2026-11-24 16:00 UTC",
    );

    // Killed between sending and writing: comments are replaced, a message may come twice.
    await expect(watch.look(25 * HOUR, dying("updateCheckRun", 1, "before"))).rejects.toThrow(Killed);
    const daily = async (): Promise<unknown> => others.push((await watch.look(25.2 * HOUR)).summary);
    const left = await watch.look(25.2 * HOUR, met("setWatch", daily));
    expect([others.length, left.summary]).toEqual([
      2,
      expect.stringContaining("another run has written meanwhile"),
    ]);
    expect(updates(watch).slice(4)).toEqual(["2 day-2 STABLE", "1 day-2 STABLE"]);
    expect([...new Set(news())]).toEqual(["slack: shop-api Deployment Status - Day 2"]);
    await watch.look(29 * HOUR);
    expect(news()).toEqual([]);

    // Killed right after the last verdict was written: everything else is made good by the next run.
    const hold = github.openIssue({ title: "Release week", labels: ["gate:hold"] });
    await expect(watch.look(30.2 * HOUR, dying("updateCheckRun", 1))).rejects.toThrow(Killed);
    expect(watch.checkRun().title).toBe("Passed: stages boot, hour, day: 2 checks measured and passed");
    expect(news()).toEqual([]);
    await watch.look(30.5 * HOUR);
    expect(watch.status()).toBe("success: Passed: stages boot, hour, day: 2 checks measured and passed");
    expect(news().toSorted()).toEqual([
      "hook: verdict pass, stage day pass, action cleanup_pr held",
      "slack: Passed",
    ]);
    const again = await watch.look(31 * HOUR);
    expect(again.ending).toEqual({ verdict: "skipped", exitCode: 0 });
    expect(again.summary).toContain("it has ended; what was owed is made good");
    expect(news()).toEqual([]);
    expect(watch.checkRun().summary?.match(/Clean-up pull request/g)).toHaveLength(1);
    expect([issue.state, watch.index(), github.pulls.length]).toEqual(["open", "in_progress", 1]);

    hold.state = "closed";
    const busy = async (): Promise<unknown> => others.push((await watch.look(32 * HOUR)).summary);
    await watch.look(32 * HOUR, met("createPull", busy));
    expect(others[2]).toMatch(/left open: .*\/actions\/runs\/\d+ is at work on it/);
    expect(github.pulls.map(({ title }) => title)).toEqual(["Second", "Clean up: delete src/old.py"]);
    const url = `${github.webUrl}/pull/4`;
    expect(news()).toEqual(["slack: Clean-up pull request done", `hook: action cleanup_pr done ${url}`]);
    expect(bodyOf(watch)).toContain("- [x] Clean-up pull request: done");
    expect(bodyOf(watch)).not.toMatch(/held back|after day pass/);
    expect(watch.checkRun().summary).toMatch(/\*\*Clean-up pull request\*\*: done\./);
    expect([issue.state, watch.index()]).toEqual(["closed", "success"]);
    expect((await watch.look(33 * HOUR)).summary).toContain("No watch is open");
    expect(post.violations).toEqual([]);
    expectLawful(watch);
  });
});

describe("a watch that fails", () => {
  it("tells a crash of ours once, a failure to everybody whatever webhooks do, and leaves its issue open", async () => {
    await using watch = await startLeft(CHECKS.replace("] } }", "] }, on_fail: undo }"), {
      more: `report: { issue: true }\n${NOTIFY}\nremedies: { undo: [revert_pr: {}] }`,
      run: run(),
    });
    const { clock } = watch;
    news();
    const crash: Partial<GateOptions> = {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          deploys: () => {
            throw new TypeError("boom");
          },
        },
      }),
    };
    const broken = await watch.look(10 * MINUTE, crash);
    expect(broken.ending.exitCode).toBe(1);
    expect(broken.summary).toContain("the gate itself failed; the watch stays open");
    expect(news()).toEqual(["slack: Could not tell", "hook: verdict unknown"]);
    await watch.look(11 * MINUTE, crash);
    await watch.look(12 * MINUTE);
    expect(news()).toEqual([]);
    expect(watch.checkRun().title).toMatch(/^Passed so far \(boot\)/);
    expect(watch.index()).toBeUndefined();

    watch.say(20 * MINUTE, "Traceback (most recent call last): boom");
    const down = post.fault(/services/, { status: 503 });
    let toldAt = 0;
    const failed = await watch.look(30 * MINUTE, {
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async setStatus(...given) {
            await edges.forge.setStatus(...given);
            toldAt ||= clock.now();
          },
        },
      }),
    });
    expect(toldAt).toBeLessThan(watch.liveAt + 30 * MINUTE + 2_000);
    expect(clock.now() - toldAt).toBeLessThanOrEqual(11_000);
    expect(failed.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(failed.report.notes.join()).toContain('The role "dev" could not be told of verdict fail');
    expect(news()).toEqual([
      "hook: verdict fail, stage hour fail",
      `hook: action revert_pr done ${watch.github.webUrl}/pull/2`,
    ]);
    down.stop();
    const again = await watch.look(40 * MINUTE);
    expect(again.ending).toEqual({ verdict: "skipped", exitCode: 0 });
    expect(news()).toEqual(["slack: Failed"]);
    await watch.look(50 * MINUTE);
    expect(news()).toEqual([]);
    const [issue] = watch.github.issues;
    expect(issue?.state).toBe("open");
    expect(issue?.body).toMatch(
      /- \[ \] \*\*failed\*\* stage hour[^]*- \[ \] \*\*failed\*\* errors: .*matches/,
    );
    expect(watch.checkRun().text).toContain("Traceback (most recent call last): boom");
    expect(watch.index()).toBe("in_progress");
    expectLawful(watch);
  });
});

describe("a watch that a newer deploy ends", () => {
  it("keeps its verdict, is told once, and says at its start what issues it may not write", async () => {
    await using watch = await startLeft(CHECKS, {
      more: `report: { issue: true }\n${NOTIFY}`,
      run: run(),
      prepare: ({ github }) => void github.fault({ route: /POST .*\/issues$/, kind: "forbidden" }),
    });
    const { render, github } = watch;
    news();
    expect(watch.checkRun().summary).toContain(
      "The tracking issue could not be opened, so there is no checklist that ticks itself and no status update in it",
    );
    const next = await watch.push({ "app.py": "print('three')\n" }, "Third");
    render.story(watch.service.id, next, { createdMs: 1_000, buildMs: 8_000, updateMs: 3_000 });
    await watch.look(10 * MINUTE);
    expect(news()).toEqual(["slack: Passed", "hook: verdict pass"]);
    expect(watch.status()).toMatch(
      /^success: Passed: stage boot: 2 checks measured and passed; in stage hour dep-/,
    );
    expect(watch.index()).toBe("success");
    expect(github.issues).toEqual([]);
    expectLawful(watch);
  });
});

describe("a watch that nobody looks at", () => {
  it("is closed and told by the next gate, once", async () => {
    await using watch = await startLeft(CHECKS, { more: `report: { issue: true }\n${NOTIFY}`, run: run() });
    const { render, clock, github } = watch;
    news();
    await clock.advance(40 * HOUR);
    const [first] = github.deployments;
    const gate = async (text: string): Promise<void> => {
      const next = await watch.push({ "app.py": text }, text);
      render.story(watch.service.id, next, { createdMs: 1_000, buildMs: 8_000, updateMs: 3_000 });
      await watch.gate({ commit: next, ...run() });
    };
    await gate("three");
    const why = "Could not tell: the stages that were left are not watched any more: nobody has looked since";
    expect(watch.checkRun()).toMatchObject({
      conclusion: "action_required",
      title: expect.stringContaining(why) as string,
    });
    expect(watch.status()).toContain(`error: ${why}`);
    expect(first?.statuses.at(-1)?.state).toBe("error");
    const [comment, ...more] = github.comments.filter(({ body }) =>
      body.startsWith("<!-- deploy-gate:lost="),
    );
    expect(more).toEqual([]);
    expect(comment).toMatchObject({ number: 1, body: expect.stringContaining(`**${why}`) as string });
    expect(github.issues[0]?.state).toBe("open");
    expect(news().filter((line) => /tell|unknown/.test(line))).toEqual([
      "slack: Could not tell",
      "hook: verdict unknown",
    ]);
    await gate("four");
    expect(news().filter((line) => /tell|unknown/.test(line))).toEqual([]);
    expectLawful(watch);
  });

  it("is told where it is lost because somebody has damaged what it keeps", async () => {
    await using watch = await startLeft(CHECKS, { more: NOTIFY, run: run() });
    news();
    const checkRun = watch.checkRun();
    checkRun.text = checkRun.text?.replace('"looks": 0', '"looks": ') ?? null;
    const lost = await watch.look(10 * MINUTE);
    expect(lost.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(watch.status()).toMatch(
      /^error: Could not tell: the stages that were left are not watched any more: what it kept/,
    );
    expect(news()).toEqual(["slack: Could not tell", "hook: verdict unknown"]);
    expect((await watch.look(20 * MINUTE)).summary).toContain("No watch is open");
    expectLawful(watch);
  });
});
