import { describe, expect, it } from "vitest";
import type { StepResult } from "../stand-ins/runner.ts";
import { CONFIG, deploy, MAIN, openWorld, otherWrites, POST, type World } from "./world.ts";

const LONG = CONFIG.replace("for: 1s", "for: 10m");

interface Phase {
  readonly title: string;
  readonly config?: string;
  /** Sets the stage; gives when the signal comes, and what ends the obstacle for the next attempt. */
  readonly prepare: (world: World) => {
    readonly when: RegExp | (() => boolean);
    readonly resolve?: () => void;
  };
  readonly waitingFor: RegExp;
}

/** A request at either stand-in; hanging ones are counted by their fault. */
const PHASES: readonly Phase[] = [
  {
    title: "before the service is found",
    prepare: (world) => {
      const fault = world.render.fault({ route: /^GET \/services$/, kind: "hang" });
      return {
        when: () => fault.hits() > 0,
        resolve: () => {
          fault.stop();
          deploy(world);
        },
      };
    },
    waitingFor: /the service/,
  },
  {
    title: "while no deploy appears",
    prepare: (world) => ({ when: /::group::/, resolve: () => void deploy(world) }),
    waitingFor: /deploy|appear/,
  },
  {
    title: "while it builds",
    prepare: (world) => {
      const { deployId } = deploy(world, { buildMs: 600_000 });
      return {
        when: /waiting for the build/,
        resolve: () => {
          world.render.status(deployId, "update_in_progress");
          world.render.status(deployId, "live");
        },
      };
    },
    waitingFor: /the build/,
  },
  {
    title: "while watching",
    config: LONG,
    prepare: (world) => {
      deploy(world);
      return { when: /watching boot/ };
    },
    waitingFor: /the end of stage boot/,
  },
];

/** The runner's kill comes after 7.5 s; a machine under load gets a little more. */
const GENEROUS_MS = 9_000;

async function interrupted(
  world: World,
  signal: "SIGINT" | "SIGTERM" | "SIGKILL",
  when: RegExp | (() => boolean),
): Promise<{ readonly step: StepResult; readonly ms: number; readonly post: () => Promise<StepResult> }> {
  let seen = false;
  const job = await world.job({
    onLine: (line) => {
      seen ||= when instanceof RegExp && when.test(line);
    },
  });
  const started = job.start(MAIN);
  let sentAt = 0;
  const timer = setInterval(() => {
    if (sentAt > 0 || !(seen || (typeof when === "function" && when()))) return;
    sentAt = performance.now();
    started.kill(signal);
  }, 10);
  const step = await started.ended;
  clearInterval(timer);
  expect(sentAt, `never got there:\n${step.lines.join("\n")}`).toBeGreaterThan(0);
  return { step, ms: performance.now() - sentAt, post: () => job.run(POST) };
}

/** The next attempt of the same job ends as if nothing had been, and doubles nothing. */
async function expectGoodRerun(world: World, verdict: "pass" | "fail"): Promise<void> {
  const rerun = await (await world.job({ env: { GITHUB_RUN_ATTEMPT: "2" } })).run(MAIN);
  expect(rerun.outputs["verdict"], rerun.lines.join("\n")).toBe(verdict);
  expect(world.github.checkRuns).toMatchObject([
    { status: "completed", conclusion: verdict === "pass" ? "success" : "failure" },
  ]);
  expect(world.github.statuses.at(-1)?.state).toBe(verdict === "pass" ? "success" : "failure");
  expect(world.render.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(world.violations()).toEqual([]);
}

describe.concurrent("a canceled job", () => {
  const rows = PHASES.flatMap((phase) =>
    (["SIGINT", "SIGTERM"] as const).map((signal) => ({ ...phase, signal })),
  );

  it.each(rows)("$signal $title", async ({ config, prepare, waitingFor, signal }) => {
    await using world = await openWorld(config === undefined ? {} : { config });
    const { when, resolve } = prepare(world);
    const { step, ms, post } = await interrupted(world, signal, when);
    expect(step, step.lines.join("\n")).toMatchObject({ exitCode: 1, signal: null });
    expect(ms).toBeLessThan(GENEROUS_MS);
    expect(step.outputs["verdict"]).toBe("unknown");
    const [checkRun] = world.github.checkRuns;
    expect(checkRun).toMatchObject({ status: "completed", conclusion: "cancelled" });
    expect(checkRun?.title).toMatch(/canceled while waiting for .*; nothing was decided/);
    expect(checkRun?.title).toMatch(waitingFor);
    expect(world.github.statuses.at(-1)).toMatchObject({ state: "error" });
    expect(otherWrites(world.github)).toEqual([]);
    const before = world.github.requests.length;
    expect(await post()).toMatchObject({ exitCode: 0, lines: [] });
    expect(world.github.requests).toHaveLength(before);

    resolve?.();
    // The long stage would outlast the test.
    if (config === LONG) expect(world.violations()).toEqual([]);
    else await expectGoodRerun(world, "pass");
  });

  it("told nobody yet: leaves nothing behind", async () => {
    await using world = await openWorld();
    const fault = world.github.fault({ route: /\/contents\//, kind: "hang" });
    const { step, ms } = await interrupted(world, "SIGINT", () => fault.hits() > 0);
    expect(step).toMatchObject({ exitCode: 1, signal: null });
    expect(ms).toBeLessThan(GENEROUS_MS);
    expect(world.github.checkRuns).toEqual([]);
    expect(world.github.statuses).toEqual([]);
    fault.stop();
    deploy(world);
    await expectGoodRerun(world, "pass");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("%s during the revert: the verdict stands", async (signal) => {
    await using world = await openWorld();
    deploy(world);
    world.web.answerWith(() => ({ status: 503 }));
    const fault = world.github.fault({ route: /^POST .*\/git\/commits$/, kind: "hang" });
    const { step, ms, post } = await interrupted(world, signal, () => fault.hits() > 0);
    expect(step, step.lines.join("\n")).toMatchObject({ exitCode: 1, signal: null });
    expect(ms).toBeLessThan(GENEROUS_MS);
    expect(step.outputs["verdict"]).toBe("fail");
    expect(world.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(world.github.checkRuns[0]?.summary).toMatch(/job was canceled.*run the job again/i);
    expect(world.github.statuses.at(-1)?.state).toBe("failure");
    expect(world.github.pulls).toEqual([]);
    expect(await post()).toMatchObject({ exitCode: 0, lines: [] });

    fault.stop();
    await expectGoodRerun(world, "fail");
    expect(world.github.pulls).toHaveLength(1);
  });

  it("GitHub does not answer at that moment: leaves in time, and the post step closes", async () => {
    await using world = await openWorld({ config: LONG });
    deploy(world);
    let fault: ReturnType<World["github"]["fault"]> | undefined;
    const { step, ms, post } = await interrupted(world, "SIGINT", () => {
      const isWatching = world.web.requests.length > 0;
      if (isWatching) fault ??= world.github.fault({ route: /\/(?:check-runs|statuses)\b/, kind: "hang" });
      return isWatching;
    });
    expect(step).toMatchObject({ exitCode: 1, signal: null });
    expect(ms).toBeLessThan(GENEROUS_MS);
    fault?.stop();
    expect(await post()).toMatchObject({ exitCode: 0 });
    expect(world.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "cancelled" }]);
    expect(world.github.statuses.at(-1)?.state).toBe("error");
  });
});

describe.concurrent("a killed main step", () => {
  it("leaves check run and status to the post step, and a re-run goes on", async () => {
    await using world = await openWorld();
    const { step, post } = await interrupted(world, "SIGKILL", /::group::/);
    expect(step.signal).toBe("SIGKILL");
    expect(world.github.checkRuns).toMatchObject([{ status: "in_progress" }]);
    const closed = await post();
    expect(closed.exitCode).toBe(0);
    expect(closed.lines.join("\n")).toContain("ended without closing");
    expect(world.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "cancelled" }]);
    expect(world.github.checkRuns[0]?.title).toMatch(/stopped before its verdict/);
    expect(world.github.statuses.at(-1)).toMatchObject({ state: "error" });
    deploy(world);
    await expectGoodRerun(world, "pass");
  });

  it("keeps a verdict that was already told", async () => {
    await using world = await openWorld();
    deploy(world);
    world.web.answerWith(() => ({ status: 503 }));
    const fault = world.github.fault({ route: /^POST .*\/git\/commits$/, kind: "hang" });
    const { post } = await interrupted(world, "SIGKILL", () => fault.hits() > 0);
    const closed = await post();
    expect(closed.exitCode).toBe(0);
    expect(closed.lines.filter((line) => !line.startsWith("::add-mask::"))).toEqual([]);
    expect(world.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(world.github.statuses.at(-1)?.state).toBe("failure");
    fault.stop();
    await expectGoodRerun(world, "fail");
    expect(world.github.pulls).toHaveLength(1);
  });

  it("before anything was told leaves nothing to do", async () => {
    await using world = await openWorld();
    const fault = world.github.fault({ route: /\/contents\//, kind: "hang" });
    const { post } = await interrupted(world, "SIGKILL", () => fault.hits() > 0);
    const before = world.github.requests.length;
    expect(await post()).toMatchObject({ exitCode: 0, lines: [] });
    expect(world.github.requests).toHaveLength(before);
  });
});

it("an exception outside the story is told and closed as unknown, exit 1", async () => {
  await using world = await openWorld({ config: LONG });
  deploy(world);
  const boom = "setTimeout(()=>{throw%20new%20TypeError('boom')},900)";
  const job = await world.job({ env: { NODE_OPTIONS: `--import=data:text/javascript,${boom}` } });
  const step = await job.run(MAIN);
  expect(step).toMatchObject({ exitCode: 1, signal: null });
  expect(step.lines.join("\n")).toMatch(/::error::shop-api: Could not tell: the gate itself failed: boom/);
  expect(world.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "action_required" }]);
  expect(world.github.checkRuns[0]?.title).toContain("the gate itself failed: boom");
  expect(world.github.statuses.at(-1)?.state).toBe("error");
  expect(otherWrites(world.github)).toEqual([]);
});
