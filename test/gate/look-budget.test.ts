import { describe, expect, it } from "vitest";
import type { CheckRunRecord, DeploymentRecord } from "../stand-ins/github/site.ts";
import { whyStop } from "../../src/gate/look-queue.ts";
import { expectLawful, startWatch, type Watch } from "./watch-scene.ts";
import type { GateResult } from "./scene.ts";

const MINUTE = 60_000;
const CHECKS = `health: { http: /health, stage: [boot] }
errors: { logs: { forbid: [Traceback] } }
crashes: { events: [server_failed] }`;

/** What each kind of question was asked how often since the last time. */
function asked(watch: Watch): { readonly rest: number; readonly graphql: number; readonly render: number } {
  const github = (watch.github.requests as unknown[]).splice(0) as Watch["github"]["requests"];
  const render = (watch.render.requests as unknown[]).splice(0);
  const rest = github.filter(({ path }) => path !== "/graphql").length;
  return { rest, graphql: github.length - rest, render: render.length };
}

async function lookAt(watch: Watch, minutes: number): Promise<GateResult> {
  await watch.clock.advance(watch.liveAt + minutes * MINUTE - watch.clock.now());
  return watch.gate({
    commit: watch.bad,
    event: { name: "schedule", payload: {} },
    runNumber: minutes,
  });
}

/** The same watch once more, of another service. */
function doubled(watch: Watch, index: number): void {
  const { github, render, service, bad, story } = watch;
  const name = `shop-${index}`;
  const { id } = render.service({ ...service, id: `srv-${String(index).padStart(20, "0")}`, name });
  const deployId = `dep-${String(index).padStart(20, "0")}`;
  const [suffix = ""] = story.suffixes;
  render.serving(id, watch.good);
  render.serving(id, bad, { at: story.createdAt, deployId, instances: [suffix] });
  const renamed = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll("shop-api", name)
        .replaceAll(service.id, id)
        .replaceAll(story.deployId, deployId),
    ) as T;
  const [run] = github.checkRuns;
  const [entry] = github.deployments;
  if (run === undefined || entry === undefined) throw new Error("nothing is watched");
  const checkRun = { ...renamed(run), id: 50_000 + index };
  const payload = { ...(renamed(entry.payload) as object), checkRun: checkRun.id };
  (github.checkRuns as CheckRunRecord[]).push(checkRun);
  (github.deployments as DeploymentRecord[]).push({ ...renamed(entry), id: 60_000 + index, payload });
}

describe("requests of a repository at scale", () => {
  it("are few, for a gate, a look, and a look at ten watches", async () => {
    await using watch = await startWatch(CHECKS, {
      boot: "{ for: 1m, every: 20s }, day: { for: 24h, every: 1h }",
    });
    await watch.run();
    expect.soft(asked(watch).rest).toBeLessThanOrEqual(13);
    for (let index = 1; index < 10; index += 1) doubled(watch, index);

    expect((await lookAt(watch, 10)).ending).toMatchObject({ verdict: "pass", exitCode: 0 });
    // Each: its check run, once more before it is written, and the writing. Config file and pull request are the same.
    expect.soft(asked(watch)).toEqual({ rest: 2 + 10 * 3, graphql: 1, render: 10 * 5 });

    const early = await lookAt(watch, 40);
    expect(early.summary).toMatch(/left open: nothing is due before .* 11:0/);
    expect.soft(asked(watch)).toEqual({ rest: 1 + 10, graphql: 1, render: 2 * 10 });

    // After the check runs, the config file and four looks two of the twenty are left.
    watch.github.settings.rateLimit = 20;
    const short = await lookAt(watch, 70);
    expect(short.ending).toMatchObject({ verdict: "pass", exitCode: 0 });
    expect(short.lines.filter((line) => line.includes("early"))).toEqual([
      expect.stringMatching(
        /^warning: Looks end early: of the 20 GitHub requests an hour .* Of 10 open watches 6 stay for the next run/,
      ),
    ]);
    const rows = short.summary.split("\n").filter((row) => row.includes("not looked at: "));
    const left = rows.map((row) => row.split(" ")[1]);
    expect(left).toHaveLength(6);

    watch.github.settings.rateLimit = 1_000;
    const next = await lookAt(watch, 100);
    const order = next.lines.flatMap((line) => /^group: (\S+)/.exec(line)?.[1] ?? []);
    expect(order.slice(0, 6)).toEqual(left);
    expectLawful(watch);
  });
});

describe("a run takes no more looks", () => {
  it.each([
    { name: "at its start", hour: {}, after: 0, why: undefined },
    { name: "after nine minutes", hour: {}, after: 9 * MINUTE, why: undefined },
    { name: "after ten", hour: {}, after: 10 * MINUTE, why: /been at work for 10 minutes/ },
    {
      name: "with 101 left",
      hour: { limit: 1_000, remaining: 101, resetAt: MINUTE },
      after: 0,
      why: undefined,
    },
    {
      name: "with 100 left",
      hour: { limit: 1_000, remaining: 100, resetAt: MINUTE },
      after: 0,
      why: /only 100 are left/,
    },
    {
      name: "in a new hour",
      hour: { limit: 1_000, remaining: 0, resetAt: MINUTE },
      after: MINUTE,
      why: undefined,
    },
  ])("$name: $why", ({ hour, after, why }) => {
    const clock = { now: () => after, sleep: () => Promise.resolve() };
    const said = whyStop({ clock, githubHour: () => hour }, 0);
    if (why === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(why);
  });
});
