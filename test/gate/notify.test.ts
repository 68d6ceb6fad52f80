import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeState } from "../../src/core/gate-state-text.ts";
import { startWebhook, type ArrivedMessage, type Webhook } from "../stand-ins/webhook.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";
import type { GateOptions, GateResult } from "./scene.ts";

const BAD = { "app.py": withLine(1, "broken") };

let post: Webhook;
let seen = 0;

beforeAll(async () => {
  post = await startWebhook();
});
afterAll(() => post.close());
beforeEach(() => {
  seen = post.messages.length;
});

/** The messages of this test. */
const arrived = (): readonly ArrivedMessage[] => post.messages.slice(seen);
const keysOf = (message: ArrivedMessage | undefined): unknown => message?.body["keys"];

const env = (): Readonly<Record<string, string>> => ({ SLACK_URL: post.slackUrl, HOOK_URL: post.hookUrl });
const notified = (roles: string, more: Parameters<typeof configOf>[0] = {}): string =>
  configOf({ ...more, file: `notify: { ${roles} }` });
const DEV = "dev: { slack: $SLACK_URL }";
const OPS = "ops: { webhook: $HOOK_URL, when: [fail, unknown, action, stage, pass] }";

const bad = async (world: RevertWorld, options: Partial<GateOptions> = {}): Promise<GateResult> =>
  world.gateBad(await world.push(BAD), { env: env(), ...options });

/** What the check run keeps as told. */
function told(world: RevertWorld): readonly string[] | undefined {
  const decoded = decodeState(world.scene.github.checkRuns[0]?.text ?? "");
  return decoded.kind === "state" ? decoded.state.told?.transitions : undefined;
}

/** No secret of an address in anything that the run left anywhere. */
function expectSecret(world: RevertWorld, result: GateResult): void {
  const left = [
    ...world.scene.github.requests.map(({ body }) => JSON.stringify(body)),
    ...result.lines,
    result.summary,
    ...Object.values(result.files),
  ].join("\n");
  for (const key of ["s3cr3t-of-the-channel", "k3y-of-the-webhook"]) expect(left).not.toContain(key);
  expect(post.violations).toEqual([]);
}

it("a commit is commented on once, although nothing of it could be kept", async () => {
  const config = configOf({ file: 'notify: { dev: { mention: "@ada", when: [fail] } }' });
  await using world = await startRevertWorld({ config });
  world.scene.github.fault({ route: /^PATCH .*\/check-runs/, kind: "forbidden" });
  const commit = await world.push(BAD);
  await world.gateBad(commit);
  await world.scene.gate({ commit });
  expect(world.scene.github.comments).toHaveLength(1);
});

describe("a failure with a revert", () => {
  it("is told role by role: the verdict, then what was done; a re-run tells nothing twice", async () => {
    await using world = await startRevertWorld({ config: notified(`${DEV}, ${OPS}`) });
    const result = await bad(world);
    const slack = arrived().filter(({ to }) => to === "slack");
    const hook = arrived().filter(({ to }) => to === "webhook");
    expect(slack.map(({ text }) => text.split("\n")[0])).toEqual([
      expect.stringMatching(/^shop-api at [0-9a-f]{7}: Failed$/),
      expect.stringMatching(/^shop-api at [0-9a-f]{7}: Revert pull request done$/),
    ]);
    const action = `action revert_pr done ${world.scene.github.webUrl}/pull/1`;
    expect(hook.map(keysOf)).toEqual([["verdict fail", "stage boot fail"], [action]]);
    expect(hook[0]?.body).toMatchObject({
      event: "fail",
      verdict: "fail",
      mode: "enforce",
      url: `${world.scene.github.webUrl}/runs/${world.scene.github.checkRuns[0]?.id}`,
      failed: [{ check: "errors", reason: expect.stringContaining("matches") as string }],
    });
    expect(told(world)).toEqual(["verdict fail", "stage boot fail", action]);
    expectSecret(world, result);
    expectClean(world.scene);

    await world.scene.clock.advance(60_000);
    const before = arrived().length;
    const again = await world.scene.gate({ commit: result.report.commit ?? "", env: env() });
    expect(again.ending.verdict).toBe("fail");
    expect(arrived().slice(before)).toEqual([]);
    expectClean(world.scene);
  });
});

describe("every way out is told", () => {
  it("a pass to those who want to know, with one writing more than without", async () => {
    await using world = await startRevertWorld({ config: notified(`${DEV}, ${OPS}`) });
    const { scene, serviceId } = world;
    const commit = await world.push({ "ok.py": "1\n" });
    const story = scene.render.story(serviceId, commit, { createdMs: 100, buildMs: 2_000, updateMs: 2_000 });
    scene.render.log(serviceId, { message: "up", instance: story.suffixes[0]!, at: story.liveAt! - 100 });
    const result = await scene.gate({ commit, env: env() });
    expect(result.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(arrived().map(keysOf)).toEqual([["verdict pass", "stage boot pass"]]);
    const writes = scene.github.requests.filter(
      ({ method, path }) => method === "PATCH" && path.includes("/check-runs/"),
    );
    expect(writes).toHaveLength(2);
    expect(told(world)).toEqual(["verdict pass", "stage boot pass"]);
    expectSecret(world, result);
    expectClean(scene);
  });

  it("our own crash", async () => {
    await using world = await startRevertWorld({ config: notified(`${DEV}, ${OPS}`) });
    const result = await bad(world, {
      edges: (edges) => ({
        ...edges,
        deploys: {
          ...edges.deploys,
          deploys: () => {
            throw new TypeError(`boom of ${post.slackUrl}`);
          },
        },
      }),
    });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(arrived().map(({ text }) => text)).toEqual([
      expect.stringMatching(/he gate itself failed: boom of \*\*\*/) as string,
      expect.stringMatching(/he gate itself failed: boom of \*\*\*/) as string,
    ]);
    expect(told(world)).toEqual(["verdict unknown"]);
    // The runner that records here redacts nothing.
    expectSecret(world, { ...result, lines: [], summary: "", files: {} });
  });

  it("a canceled job, and a service that does not exist", async () => {
    await using world = await startRevertWorld({ config: notified(DEV) });
    const job = new AbortController();
    world.scene.render.at(world.scene.clock.now() + 1_500, () => job.abort());
    const canceled = await bad(world, { signal: job.signal });
    expect(canceled.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(world.scene.github.checkRuns).toMatchObject([{ conclusion: "cancelled" }]);
    const commit = canceled.report.commit ?? "";
    const nowhere = await world.scene.gate({ commit, env: env(), inputs: { service: "no-such-service" } });
    expect(nowhere.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(arrived().map(({ text }) => text.split("\n").slice(0, 2).join(" "))).toEqual([
      expect.stringMatching(
        /^shop-api at \w+: Could not tell Canceled while waiting for .*nothing was decided\.$/,
      ),
      expect.stringMatching(/^no-such-service at \w+: Could not tell No service named "no-such-service"/),
    ]);
    expectClean(world.scene);
  });
});

describe("a message that does not arrive", () => {
  it("holds nothing up, is a note, and is sent by the next run alone to whom it did not reach", async () => {
    await using world = await startRevertWorld({ config: notified(`${DEV}, ${OPS}`, { mode: "observe" }) });
    const { scene } = world;
    const down = post.fault(/services/, { status: 503 });
    let decidedAt = 0;
    const result = await bad(world, {
      edges: (edges) => ({
        ...edges,
        forge: {
          ...edges.forge,
          async updateCheckRun(id, change) {
            await edges.forge.updateCheckRun(id, change);
            decidedAt ||= scene.clock.now();
          },
        },
      }),
    });
    expect(result.ending).toEqual({ verdict: "fail", exitCode: 0 });
    expect(scene.clock.now() - decidedAt).toBeLessThanOrEqual(10_000);
    const lost =
      'The role "dev" could not be told of verdict fail by Slack: it was still under way when the job ended. A later run of this commit tries again.';
    expect(result.report.notes).toContain(lost);
    expect(result.lines).toContain(`warning: ${lost}`);
    expect(arrived().map(({ to, body }) => [to, body["mode"]])).toEqual([["webhook", "observe"]]);
    expect(told(world)).toEqual(["ops webhook: verdict fail", "stage boot fail"]);
    expectSecret(world, result);

    down.stop();
    const again = await scene.gate({ commit: result.report.commit ?? "", env: env() });
    expect(again.report.notes.join()).not.toContain("could not be told");
    expect(arrived().map(({ text }) => text.split("\n")[0])).toEqual([
      expect.any(String),
      expect.stringMatching(/^Observing only: shop-api at \w{7}: Failed$/),
    ]);
    expect(told(world)).toEqual(["stage boot fail", "verdict fail"]);
    expectClean(scene);
  });
});

describe("a mention", () => {
  it("is a comment on the merged pull request, or on the commit where nothing may be written there", async () => {
    await using world = await startRevertWorld({
      config: notified('owner: { mention: "@acme/owners" }, boss: { mention: "@octocat", when: [fail] }'),
    });
    const { scene } = world;
    const { sha, number } = await world.land("squash", [BAD]);
    await world.gateBad(sha);
    const mentions = (): readonly string[] =>
      scene.github.comments.map(
        ({ number: on, body }) => `${on} ${body.split("\n")[1]?.replace(sha.slice(0, 7), "it")}`,
      );
    const verdicts = [
      `${number} @acme/owners **shop-api at \`it\`: Failed**`,
      `${number} @octocat **shop-api at \`it\`: Failed**`,
    ];
    expect(mentions().slice(0, 2).toSorted()).toEqual(verdicts);
    expect(mentions().slice(2)).toEqual([
      `${number} @acme/owners **shop-api at \`it\`: Revert pull request done**`,
    ]);
    expectClean(scene);

    scene.github.fault({ route: /POST .*\/issues\/\d+\/comments$/, kind: "forbidden" });
    const next = await world.land("squash", [{ "app.py": withLine(2, "broken again") }]);
    await world.gateBad(next.sha);
    const onCommit = scene.github.comments.slice(3);
    expect(onCommit.map((comment) => comment.sha)).toEqual([next.sha, next.sha, next.sha]);
    expectClean(scene);
  });
});
