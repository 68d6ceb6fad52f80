import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { failures } from "../stand-ins/render/records.ts";
import type { GateResult } from "./scene.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8"),
) as Record<string, unknown>;
const isReport = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const ALERT = configOf().replaceAll("on_fail: undo", "on_fail: alert");
/** The check and the deploy fail for different reasons. */
const BAD = { "app.py": withLine(1, "broken") };

interface Told {
  readonly name: string;
  readonly config?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly run: (world: RevertWorld) => Promise<GateResult>;
  readonly verdict: string;
  readonly exitCode: 0 | 1;
  readonly conclusion: string;
  readonly status: string | undefined;
  readonly title: RegExp;
}

function quiet(world: RevertWorld, commit: string): void {
  const story = world.scene.render.story(world.serviceId, commit, {
    createdMs: 100,
    buildMs: 2_000,
    updateMs: 2_000,
  });
  world.scene.render.log(world.serviceId, {
    message: "INFO: up",
    instance: story.suffixes[0]!,
    at: story.liveAt! - 100,
  });
}
const pass = async (world: RevertWorld): Promise<GateResult> => {
  const commit = await world.push({ "ok.py": "1\n" });
  quiet(world, commit);
  return world.scene.gate({ commit });
};
const fail = async (world: RevertWorld): Promise<GateResult> => world.gateBad(await world.push(BAD));

/** The table of design 3, and the ends that are no verdict. */
const TOLD: readonly Told[] = [
  {
    name: "pass",
    run: pass,
    verdict: "pass",
    exitCode: 0,
    conclusion: "success",
    status: "success",
    title: /^Passed: 1 check measured and passed$/,
  },
  {
    name: "warn",
    config: `${ALERT}  page: { http: /, warn: status == 200 }\n`,
    run: pass,
    verdict: "warn",
    exitCode: 0,
    conclusion: "success",
    status: "success",
    title: /^Passed with warnings: "page"/,
  },
  {
    name: "fail",
    config: ALERT,
    run: fail,
    verdict: "fail",
    exitCode: 1,
    conclusion: "failure",
    status: "failure",
    title: /^Failed: "errors"/,
  },
  {
    name: "fail with a revert",
    run: fail,
    verdict: "fail",
    exitCode: 1,
    conclusion: "failure",
    status: "failure",
    title: /^Failed: "errors".*; revert #1 opened$/,
  },
  {
    name: "unknown",
    async run(world) {
      const commit = await world.push({ "ok.py": "1\n" });
      return world.scene.gate({ commit });
    },
    verdict: "unknown",
    exitCode: 1,
    conclusion: "action_required",
    status: "error",
    title: /^Could not tell: no deploy of [0-9a-f]{7} appeared/,
  },
  {
    name: "superseded",
    async run(world) {
      const first = await world.push({ "one.py": "1\n" });
      const last = await world.push({ "two.py": "1\n" });
      world.scene.render.overridden(world.serviceId, {
        older: first,
        newer: last,
        afterMs: 1_000,
        options: { buildMs: 60_000 },
      });
      return world.scene.gate({ commit: first });
    },
    verdict: "superseded",
    exitCode: 0,
    conclusion: "neutral",
    status: "pending",
    title: /^Superseded by [0-9a-f]{7}, whose gate covers this commit$/,
  },
  {
    name: "skipped",
    async run(world) {
      const commit = await world.push({ "docs.md": "1\n" });
      world.scene.render.ignored(world.serviceId, commit);
      return world.scene.gate({ commit });
    },
    verdict: "skipped",
    exitCode: 0,
    conclusion: "skipped",
    status: "success",
    title: /^Nothing to deploy: /,
  },
  {
    name: "observe",
    config: configOf({ mode: "observe" }),
    run: fail,
    verdict: "fail",
    exitCode: 0,
    conclusion: "neutral",
    status: undefined,
    title: /^Observing only: Failed: /,
  },
  {
    name: "a failed deploy",
    config: ALERT,
    async run(world) {
      const commit = await world.push(BAD);
      world.scene.render.story(world.serviceId, commit, {
        createdMs: 10,
        buildMs: 1_000,
        end: "build_failed",
        failure: failures.exit(2),
      });
      return world.scene.gate({ commit });
    },
    verdict: "fail",
    exitCode: 1,
    conclusion: "failure",
    status: "failure",
    title: /^Failed: deploy dep-\w+ ended as build_failed/,
  },
  {
    name: "a mistake in the config file",
    config: "version: 1\nservice: shop-api\nchecks: {}\nsevrice: x\n",
    run: pass,
    verdict: "unknown",
    exitCode: 1,
    conclusion: "action_required",
    status: "error",
    title: /^Configuration: /,
  },
];

describe("every end is told", () => {
  it.each(TOLD)("$name", async ({ config, run, verdict, exitCode, conclusion, status, title }) => {
    await using world = await startRevertWorld(config === undefined ? {} : { config });
    const { github } = world.scene;
    const result = await run(world);
    expect(result.ending).toEqual({ verdict, exitCode });

    expect(github.checkRuns).toMatchObject([
      {
        name: "deploy-gate / shop-api",
        status: "completed",
        conclusion,
        title: expect.stringMatching(title) as string,
      },
    ]);
    expect(github.statuses.at(-1)?.state).toBe(status);
    for (const { context, description, targetUrl } of github.statuses) {
      expect(context).toBe("deploy-gate / shop-api");
      expect(description?.length).toBeLessThanOrEqual(140);
      expect(targetUrl).toBe(`${github.webUrl}/runs/${github.checkRuns[0]?.id}`);
    }
    expect(isReport(JSON.parse(result.files["report.json"] ?? "")), JSON.stringify(isReport.errors)).toBe(
      true,
    );
    expect(result.outputs).toMatchObject({
      verdict,
      commit: result.report.commit,
      report: "/tmp/report.json",
      "check-run-url": `${github.webUrl}/runs/${github.checkRuns[0]?.id}`,
    });
    expect(result.summary).toContain("shop-api");
    expect(result.lines.at(-1)).toMatch(
      exitCode === 1 ? /^error: / : verdict === "fail" || verdict === "warn" ? /^warning: / : /^notice: /,
    );
    expectClean(world.scene);
  });
});

describe("the outputs", () => {
  it("name deploy, stage and revert", async () => {
    await using world = await startRevertWorld();
    const result = await fail(world);
    expect(result.outputs).toMatchObject({
      stage: "boot",
      "service-id": world.serviceId,
      "deploy-id": result.report.deploy?.id,
      "deploy-status": "live",
      "revert-pr-number": "1",
      "revert-pr-url": `${world.scene.github.webUrl}/pull/1`,
    });
  });
});

describe("the check run", () => {
  it("is opened first, says what is waited for while it runs, and is closed with the verdict", async () => {
    await using world = await startRevertWorld({ config: ALERT });
    const { scene, serviceId } = world;
    const commit = await world.push({ "ok.py": "1\n" });
    const story = scene.render.story(serviceId, commit, { buildMs: 9 * 60_000, updateMs: 5_000 });
    scene.render.log(serviceId, {
      message: "INFO: up",
      instance: story.suffixes[0]!,
      at: story.liveAt! - 100,
    });
    const result = await scene.gate({ commit });
    const writes = scene.github.requests.filter(
      ({ method, path }) => method !== "GET" && path.includes("/check-runs"),
    );
    const bodies = writes.map(
      ({ body }) =>
        body as {
          readonly status: string;
          readonly output: { readonly title: string; readonly summary: string };
        },
    );
    const [opened, ...updates] = bodies.slice(0, -1);
    expect(opened).toMatchObject({ status: "in_progress", output: { title: "Starting" } });
    expect(bodies.at(-1)).toMatchObject({ status: "completed" });
    expect(updates.length).toBeGreaterThan(0);
    for (const { status, output } of updates) {
      expect(status).toBe("in_progress");
      expect(output.title).toMatch(/^following the deploy \(\d+m( \d+s)? so far\)$/);
      expect(output.summary).toContain("waiting for the build");
      expect(output.summary).toMatch(/\*\*Time\*\*: \d+m( \d+s)? so far/);
    }
    // The job log is never silent for long.
    const times = result.lines.flatMap(
      (line) => /^(\d\d):(\d\d):(\d\d) /.exec(line)?.slice(1).map(Number) ?? [],
    );
    const seconds = Array.from(
      { length: times.length / 3 },
      (_, at) => times[at * 3]! * 3600 + times[at * 3 + 1]! * 60 + times[at * 3 + 2]!,
    );
    const gaps = seconds.slice(1).map((time, at) => time - seconds[at]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(45);
    expect(result.lines.filter((line) => line.startsWith("group: "))).toEqual([
      expect.stringContaining("following the deploy"),
      expect.stringContaining("watching boot"),
    ]);
    expectClean(scene);
  });

  it("has a remark on the config file's line of each failing check, and none for the others", async () => {
    const config = `${ALERT}  page: { http: /, pass: status == 204 }\n  fine: { http: /health }\n`;
    await using world = await startRevertWorld({ config });
    await fail(world);
    const lineOf = (name: string): number =>
      config.split("\n").findIndex((line) => line.startsWith(`  ${name}:`)) + 1;
    expect(world.scene.github.checkRuns[0]?.annotations).toMatchObject([
      {
        path: ".github/deploy-gate.yml",
        start_line: lineOf("errors"),
        end_line: lineOf("errors"),
        annotation_level: "failure",
        title: 'Check "errors" failed',
      },
      {
        path: ".github/deploy-gate.yml",
        start_line: lineOf("page"),
        annotation_level: "failure",
        title: 'Check "page" failed',
      },
    ]);
    expectClean(world.scene);
  });

  it("has a remark on the source line that a stack trace names", async () => {
    await using world = await startRevertWorld({ config: ALERT });
    const { scene, serviceId } = world;
    const bad = await world.push(BAD);
    const story = scene.render.story(serviceId, bad, { createdMs: 100, buildMs: 2_000, updateMs: 2_000 });
    const trace = [
      "Traceback (most recent call last):",
      '  File "/opt/render/project/src/app.py", line 2, in main',
      "    broken",
      "ValueError: boom",
    ];
    for (const [index, message] of trace.entries())
      scene.render.log(serviceId, {
        message,
        instance: story.suffixes[0]!,
        at: story.liveAt! + 5_000 + index,
      });
    await scene.gate({ commit: bad });
    expect(scene.github.checkRuns[0]?.annotations).toContainEqual(
      expect.objectContaining({ path: "app.py", start_line: 2, annotation_level: "failure" }),
    );
    expectClean(scene);
  });

  it("is found again by a re-run, which doubles no remark", async () => {
    await using world = await startRevertWorld({
      config: `${ALERT}  page: { http: /, pass: status == 204 }\n`,
    });
    const { scene } = world;
    const bad = await world.push(BAD);
    await world.gateBad(bad);
    const before = scene.github.checkRuns[0]?.annotations.length;
    await scene.clock.advance(60_000);
    const again = await scene.gate({ commit: bad });
    expect(again.ending.verdict).toBe("fail");
    expect(scene.github.checkRuns).toHaveLength(1);
    expect(scene.github.checkRuns[0]).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(scene.github.checkRuns[0]?.annotations).toHaveLength(before ?? -1);
    expectClean(scene);
  });
});

describe("what the token may not write", () => {
  it.each([
    { route: /POST .*\/check-runs$/, note: "The check run could not be opened" },
    { route: /PATCH .*\/check-runs\//, note: "The verdict could not be written to the check run" },
    { route: /POST .*\/statuses\//, note: "The commit status could not be written" },
    { route: /GET .*\/check-runs$/, note: "The check run could not be opened" },
  ])("is said, and the verdict stands: $note ($route)", async ({ route, note }) => {
    await using world = await startRevertWorld();
    world.scene.github.fault({ route, kind: "forbidden" });
    const result = await fail(world);
    expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expect(result.summary).toContain(note);
    expect(isReport(JSON.parse(result.files["report.json"] ?? ""))).toBe(true);
    expectClean(world.scene);
  });
});
